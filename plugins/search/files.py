"""
The index as files: words, ends of words, and pages.

- ``woerter/7.json``: {term: postings}. A posting is four characters: three for a page, one for what the term
  says about it. Which file a term is in depends on how it begins, so that similar words are together.
- ``enden/7.json``: all longer terms, by how they end; for words that are mistyped at the beginning.
- ``seiten/7.json``: {last character of a page's id: what results show of it}; the others are the file's number.
- ``neueste.json``: words and pages of the newest posts and tips, at most 15, which are in no other file.

A post has some three hundred terms: among the files of words, it would change hundreds. So it changes ``neueste.json``
alone, and every sixteenth lets all that are there move to the other files. Where a page is there depends on
its address only, so one page more or less changes few ids. If the number of pages doubles, all files change.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

from plugins.search.core import Shown

#: What stands for a number from 0 to 63; ``js/search.js`` has the same.
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
WORDS, ENDS, PAGES = "woerter", "enden", "seiten"
LATEST = "neueste.json"
#: How the ids of the newest pages begin; no others do.
LATEST_ID = "++"
# Everybody who searches loads the newest; a site with fewer pages than this has an index that is small anyway.
_MOST_LATEST, _FEWEST_PAGES = 16, 64
_POSTING = 4
# Pages of the site for one file, on average; chosen so that one search loads little, in few requests.
_PAGES_PER_WORDS, _PAGES_PER_PAGES, _WORDS_PER_ENDS = 8, 12, 8
# A file of ends has terms of which one letter may be wrong.
_FEWEST_LETTERS = 5
_SHORTEST_CELL, _LONGEST_CELL = 2, 4

#: Returns what a file of the index has, by its name.
Load = Callable[[str], Any]


@dataclass(frozen=True)
class Size:
    """How many files there are of each kind: powers of two."""

    words: int
    ends: int
    pages: int

    def names(self) -> Iterator[str]:
        """Yield the names of all files."""
        for kind, count in ((WORDS, self.words), (ENDS, self.ends), (PAGES, self.pages)):
            for number in range(count):
                yield _name(kind, number)


def _name(kind: str, number: int) -> str:
    return f"{kind}/{number}.json"


def _power_of_two(least: float) -> int:
    return 1 << max(0, int(-(-least // 1)) - 1).bit_length()


def latest(published: Mapping[str, str]) -> dict[str, str]:
    """Return the ids of the newest pages by address; *published* says when each came out ("": never to be new)."""
    dated = sorted((time, url) for url, time in published.items() if time)
    count = len(dated) % _MOST_LATEST if len(dated) >= _FEWEST_PAGES else 0
    newest = dated[len(dated) - count :]
    return {url: f"{LATEST_ID}{DIGITS[place]}" for place, (_, url) in enumerate(newest)}


def latest_file(pages: Mapping[str, tuple[Shown, Mapping[str, int]]]) -> bytes:
    """Return the file of the newest pages: of each, by its id, what is shown and what its terms say about it."""
    words: defaultdict[str, str] = defaultdict(str)
    for number, (_, impacts) in sorted(pages.items()):
        for term, impact in impacts.items():
            words[term] += number + DIGITS[impact]
    shown = {number[-1]: _entry(one) for number, (one, _) in pages.items()}
    return _json({WORDS: words, PAGES: shown})


def ids(urls: Iterable[str]) -> tuple[Size, dict[str, str]]:
    """Return the size of an index of the pages *urls*, and the id of each."""
    digests = sorted((crc32(url.encode()), url) for url in urls)
    words = _power_of_two(len(digests) / _PAGES_PER_WORDS)
    pages = _power_of_two(len(digests) / _PAGES_PER_PAGES)
    while True:
        blocks: defaultdict[int, list[str]] = defaultdict(list)
        for digest, url in digests:
            blocks[digest % pages].append(url)
        if max(map(len, blocks.values()), default=0) <= len(DIGITS):
            break
        pages *= 2
    found = {
        url: DIGITS[number // 64] + DIGITS[number % 64] + DIGITS[place]
        for number, block in blocks.items()
        for place, url in enumerate(block)
    }
    return Size(words, _power_of_two(words / _WORDS_PER_ENDS), pages), found


def cell_letters(term: str) -> int:
    """
    Return by how many letters of its beginning, and of its end, *term* is found.

    One wrong letter, or two that changed places, leave one of them as it is.
    """
    return min(_LONGEST_CELL, max(_SHORTEST_CELL, (len(term) - 1) // 2))


@lru_cache(100_000)
def file_number(cell: str, files: int) -> int:
    """Return in which of so many *files* terms with this beginning, or this end, are."""
    number = 0
    for letter in cell:
        number = (number * 31 + ord(letter)) & 0xFFFFFFFF
    return (number ^ number >> 7) % files


class Index:
    """
    The files of an index of that *size*, to which pages are added, and from which they are removed.

    *load* returns what is in a file now; without it, the index is new.
    """

    def __init__(self, size: Size, load: Load | None = None) -> None:
        self.size = size
        self._load = load or (lambda name: ())
        # The files that were opened, by their numbers; of a new index, all.
        self._words: dict[int, dict[str, str]] = {}
        self._ends: dict[int, set[str]] = {}
        self._pages: dict[int, dict[str, list[str]]] = {}
        # Of terms: the postings that are left after removals, and those that were added.
        self._left: dict[str, str] = {}
        self._added: defaultdict[str, list[str]] = defaultdict(list)
        if load is None:
            self._words = {number: {} for number in range(size.words)}
            self._ends = {number: set() for number in range(size.ends)}
            self._pages = {number: {} for number in range(size.pages)}

    def add(self, number: str, shown: Shown, impacts: Mapping[str, int]) -> None:
        """Add a page by its id."""
        self._page(number)[number[2]] = _entry(shown)
        by_impact = [number + digit for digit in DIGITS]
        for term, impact in impacts.items():
            self._added[term].append(by_impact[impact])

    def remove(self, number: str, terms: Iterable[str]) -> None:
        """Remove a page that has these *terms*; before any is added, for ids can go from one page to another."""
        assert not self._added
        self._page(number).pop(number[2], None)
        for term in terms:
            self._left[term] = _without(number, self._postings(term))

    def _postings(self, term: str) -> str:
        """Return the postings of *term* without those that were added."""
        left = self._left.get(term)
        return self._words_beside(term).get(term, "") if left is None else left

    def _words_beside(self, term: str) -> dict[str, str]:
        number = file_number(term[: cell_letters(term)], self.size.words)
        if number not in self._words:
            self._words[number] = dict(self._load(_name(WORDS, number)))
        return self._words[number]

    def _ends_beside(self, term: str) -> set[str]:
        number = file_number(term[-cell_letters(term) :], self.size.ends)
        if number not in self._ends:
            self._ends[number] = set(self._load(_name(ENDS, number)))
        return self._ends[number]

    def _page(self, number: str) -> dict[str, list[str]]:
        file = DIGITS.index(number[0]) * 64 + DIGITS.index(number[1])
        if file not in self._pages:
            self._pages[file] = dict(self._load(_name(PAGES, file)))
        return self._pages[file]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the names and bytes of the files that may have changed, of a new index of all."""
        for term, added in self._added.items():
            self._left[term] = _with(added, self._postings(term))
        self._added.clear()
        for term, postings in self._left.items():
            self._put(term, postings)
        for number, words in self._words.items():
            yield _name(WORDS, number), _json(words)
        for number, ends in self._ends.items():
            yield _name(ENDS, number), _json(sorted(ends))
        for number, pages in self._pages.items():
            yield _name(PAGES, number), _json(pages)

    def _put(self, term: str, postings: str) -> None:
        """Put *postings* where *term* is, and it where its end is, if that is new or gone."""
        words = self._words_beside(term)
        was_there = term in words
        if postings:
            words[term] = postings
        elif was_there:
            del words[term]
        if _has_end(term) and was_there != bool(postings):
            ends = self._ends_beside(term)
            (ends.add if postings else ends.discard)(term)


def _place(number: str, postings: str) -> int:
    """Return where in *postings*, which are in order, that of the page *number* is, or would be."""
    places = range(len(postings) // _POSTING)
    return _POSTING * bisect_left(
        places, number, key=lambda place: postings[_POSTING * place : _POSTING * place + 3]
    )


def _with(added: Iterable[str], postings: str) -> str:
    """Return *postings* with those that were *added*, in order."""
    if not postings:
        return "".join(sorted(added))
    # Most of them stay as they are: to sort all would take ten times as long.
    for posting in added:
        at = _place(posting[:3], postings)
        postings = postings[:at] + posting + postings[at:]
    return postings


def _without(number: str, postings: str) -> str:
    """Return *postings*, which are in order, without that of the page *number*, if it is there."""
    at = _place(number, postings)
    is_there = postings.startswith(number, at)
    return postings[:at] + postings[at + _POSTING :] if is_there else postings


def _entry(shown: Shown) -> list[str]:
    entry = [shown.url, shown.note, shown.title, shown.text]
    return [*entry, shown.lang] if shown.lang else entry


def _has_end(term: str) -> bool:
    return len(term) >= _FEWEST_LETTERS and not term.isdecimal()


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()
