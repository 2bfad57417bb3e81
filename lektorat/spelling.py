"""Spelling: the dictionary, the author's own words, and the traps that dictionaries fall into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import regex

from lektorat.hints import SPELLING, Finding
from lektorat.prose import OPAQUE, Passage
from lektorat.traps import trap
from lektorat.words import WORD, Cover, quotations


class Dictionary(Protocol):
    """What a dictionary can say."""

    def is_known(self, word: str) -> bool:
        """Tell whether *word* is in the dictionary, or follows from it."""

    def suggest(self, word: str) -> list[str]:
        """Return words that may be meant, the likeliest first."""


_HYPHENS = regex.compile(r"[-‑]")
_SPLIT = regex.compile(r"(?<=\p{L})/(?=\p{L})")
_GENDER_SIGN = regex.compile(r"/-(?=innen\b|in\b)|[*:_·](?=in(?:nen)?\b|[rnms]\b)|[()]")
_INNER_I = regex.compile(r"(?<=\p{Ll})I(?=n(?:nen)?$)")
_APOSTROPHES = regex.compile(r"[’']")
_CLITICS = frozenset("s n m r ne nen nem ner t d".split())
_SUFFIXES = frozenset(
    "fach fache facher faches fachen fachem mal malig malige maligen er ern te ten tes tel tels "
    "jährig jährige jährigen jähriger jähriges jährigem seitig seitige seitigen seitiger seitiges "
    "stellig stellige stelligen stelliger stelliges tägig tägige tägigen tägiger tägiges stündig "
    "stündige stündigen stündiger prozentig prozentige prozentigen zeilig zeilige zeiligen köpfig "
    "köpfige köpfigen teilig teilige teiligen spaltig spaltige spaltigen wöchig wöchige wöchigen "
    "monatig monatige monatigen minütig minütige minütigen".split()
)
# Letters and groups of letters that texts on language speak of.
_LETTERS = frozenset("ss ie ae oe ue ch sch ck tz st sp ph th rh rn qu ng ei eu äu au ai".split())
_FIGURE = regex.compile(r"\p{N}")
_LEADING_FIGURES = regex.compile(r"^\p{N}+")
_MIN_TERM = 8
# Hunspell takes minutes over a word of a thousand letters; the longest in use have eighty.
_MAX_LENGTH = 90


@dataclass
class Speller:
    """
    Judges words; it remembers its answers, so use one for all files.

    *words* are the author's own, *english* knows what is spoken of in italics or quotation marks.
    """

    dictionary: Dictionary
    words: frozenset[str] = frozenset()
    english: Callable[[str], bool] = lambda word: False
    # Looking for suggestions takes a tenth of a second a word; beyond this many there are none.
    suggestion_limit: int = 30
    _known: dict[tuple[str, bool], bool] = field(default_factory=dict)
    _suggestions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def findings(self, passage: Passage) -> Iterator[Finding]:
        """Return the words of *passage* that are not spelled as they should be."""
        is_swiss = passage.lang == "de-CH"
        cited = Cover([*passage.emphasis, *quotations(passage.text)])
        for match in WORD.finditer(passage.text):
            span = match.span()
            word = match[0].rstrip("-‑")
            if is_swiss and "ß" in word and span not in cited:
                yield _finding(span, "In Schweizer Texten steht ss.", word.replace("ß", "ss"))
                continue
            yield from self._word(match, passage, is_swiss, span in cited)

    def _word(
        self, match: regex.Match[str], passage: Passage, is_swiss: bool, is_cited: bool
    ) -> Iterator[Finding]:
        if _is_wrong_capital(match[0]):
            right = match[0].replace("ß", "ẞ")
            message = "Zwischen Großbuchstaben steht ẞ oder SS."
            yield _finding(match.span(), message, right, match[0].replace("ß", "SS"))
            return
        at = match.start()
        for part in _SPLIT.split(match[0]):
            span = (at, at + len(part))
            at += len(part) + 1
            if self._is_own(part) or _is_fragment(part, passage.text, span, is_cited):
                continue
            if found := trap(part):
                if not (is_cited and self.english(part)):
                    message = f"Richtig ist „{found.right}“. {found.reason}".rstrip()
                    yield _finding(span, message, found.right)
            elif not self.is_known(part, is_swiss):
                if passage.text.startswith(".", span[1]) and self.is_known(part + ".", is_swiss):
                    continue
                if not (is_cited and self._is_shown(part, is_swiss)):
                    yield self._unknown(part, span)
            elif term := self._near_term(part):
                yield _finding(span, f"Ist „{term}“ gemeint? So steht es in Ihrer Wortliste.", term)

    @cached_property
    def _small_words(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self.words)

    def _is_own(self, word: str) -> bool:
        """Tell whether *word* is in the author's list: as it stands, at a sentence's start, in capitals."""
        if word in self.words or word[:1].lower() + word[1:] in self.words:
            return True
        return word.isupper() and word.lower() in self._small_words

    def is_known(self, word: str, is_swiss: bool = False) -> bool:
        """Tell whether *word*, possibly with hyphens, apostrophes or gender signs, is spelled right."""
        if len(word) > _MAX_LENGTH:
            return False
        key = (word, is_swiss)
        if key not in self._known:
            self._known[key] = self._is_known(word, is_swiss)
        return self._known[key]

    def _is_shown(self, word: str, is_swiss: bool) -> bool:
        """Tell whether *word*, spoken of, is English or a word with its breaks („Stras-se“)."""
        joined = _HYPHENS.sub("", word)
        return self.english(word) or (joined != word and self.is_known(joined, is_swiss))

    def _is_known(self, word: str, is_swiss: bool) -> bool:
        word = word.replace("\u00ad", "").replace("’", "'").replace("‑", "-")
        if self._passes(word, is_swiss):
            return True
        joined = _INNER_I.sub("i", _GENDER_SIGN.sub("", word))
        if joined != word:
            return self._is_known(joined, is_swiss)
        parts = _HYPHENS.split(word)
        if len(parts) > 1:
            return self._are_parts([part for part in parts if part], is_swiss)
        stem, *rest = _APOSTROPHES.split(word)
        if rest and len(rest) == 1 and (not rest[0] or rest[0].lower() in _CLITICS):
            return not stem or self._passes(stem, is_swiss) or self._passes(stem + "e", is_swiss)
        return False

    def _are_parts(self, parts: list[str], is_swiss: bool) -> bool:
        """Tell whether *parts* are words; „Make-up“ in „Make-up-Koffer“ is one in the author's list."""
        if not parts:
            return True
        for length in range(len(parts), 1, -1):
            if self._is_own("-".join(parts[:length])):
                return self._are_parts(parts[length:], is_swiss)
        return self._is_part(parts[0], is_swiss) and self._are_parts(parts[1:], is_swiss)

    def _is_part(self, part: str, is_swiss: bool) -> bool:
        return any(
            self._is_known(form, is_swiss)
            for form in (part, part[:1].upper() + part[1:], part.lower())
        ) or (part.endswith("s") and self._passes(part[:-1], is_swiss))

    def _passes(self, word: str, is_swiss: bool) -> bool:
        """Tell whether *word* as it stands needs no hint."""
        if len(word) < 2 or word.isdigit():
            return True
        if not word.isalpha() and _FIGURE.search(word):
            return _is_with_figures(word)
        if word.isupper() and len(word) <= 6:
            return True
        if word in _LETTERS or self._is_own(word) or self.dictionary.is_known(word):
            return True
        if word[0].isupper() and word.endswith("s") and self._is_own(word[:-1]):
            return True
        if word.isupper() and self.dictionary.is_known(word.replace("ẞ", "ß").capitalize()):
            return True
        return is_swiss and any(map(self.dictionary.is_known, _with_eszett(word)))

    def _unknown(self, word: str, span: tuple[int, int]) -> Finding:
        suggestions = self._suggested(word)
        if suggestions:
            return _finding(
                span, f"Unbekanntes Wort. Ist „{suggestions[0]}“ gemeint?", *suggestions
            )
        return _finding(span, "Unbekanntes Wort.")

    def _suggested(self, word: str) -> tuple[str, ...]:
        if word not in self._suggestions:
            if len(self._suggestions) >= self.suggestion_limit or not 2 < len(word) < 40:
                return ()
            found = [near] if (near := self._near_term(word)) else []
            found += [form for form in self.dictionary.suggest(word) if form not in found]
            self._suggestions[word] = tuple(found[:5])
        return self._suggestions[word]

    # --- Compounds that only look like one -------------------------------------------------------

    @cached_property
    def _shortened_terms(self) -> dict[str, str]:
        """The author's longer words without one of their letters, to find them where one is missing."""
        return {
            word.lower()[:n] + word.lower()[n:][1:]: word
            for word in sorted(self.words)
            if len(word) >= _MIN_TERM and word.isalpha()
            for n in (*range(1, len(word) - 2), *([-2] if word[-1] == word[-2] else []))
        }

    @cached_property
    def _terms(self) -> dict[str, str]:
        return {word.lower(): word for word in sorted(self.words) if len(word) >= _MIN_TERM}

    def _near_term(self, word: str) -> str | None:
        """Return the word of the list that *word* is, but for one letter lost, doubled or swapped."""
        low = word.lower()
        if not _MIN_TERM - 1 <= len(low) <= _MAX_LENGTH or not low.isalpha() or low in self._terms:
            return None
        if near := self._shortened_terms.get(low):
            return _in_case_of(word, near)
        for n in range(1, len(low) - 2):
            swapped = low[:n] + low[n + 1] + low[n] + low[n + 2 :]
            if near := self._terms.get(low[:n] + low[n + 1 :]) or (
                self._terms.get(swapped) if swapped != low else None
            ):
                return _in_case_of(word, near)
        return None


def _is_fragment(part: str, text: str, span: tuple[int, int], is_cited: bool) -> bool:
    """Tell whether *part* is only a piece of a word: „`x`-mal“, „-fassung“, „100%ig“, „Verd…“, „ss“."""
    before, after = text[max(span[0] - 1, 0) : span[0]], text[span[1] : span[1] + 1]
    return (
        (part.islower() and before in ("-", "‑", OPAQUE, "%"))
        or after in ("…", OPAQUE)
        or (is_cited and len(part) <= 2)
    )


def _finding(span: tuple[int, int], message: str, *suggestions: str) -> Finding:
    return Finding(*span, SPELLING, message, suggestions)


def _in_case_of(word: str, term: str) -> str:
    return term[:1].upper() + term[1:] if word[0].isupper() else term


def _is_wrong_capital(word: str) -> bool:
    return "ß" in word and len(word) > 2 and word.replace("ß", "").isupper()


def _is_with_figures(word: str) -> bool:
    """Accept „100%ig“, „3D“, „20er“, „U2“, „2fach“; not figures glued to „prozentig“ and the like."""
    letters = _LEADING_FIGURES.sub("", word)
    return letters == word or letters not in _SUFFIXES or letters in _GLUED


_GLUED = frozenset("fach fache facher faches fachen fachem er ern te ten tes tel tels".split())


def _with_eszett(word: str) -> Iterable[str]:
    """Return *word* with ß in place of each ss, for words in Swiss spelling."""
    places = [match.start() for match in regex.finditer("ss", word)]
    for place in places:
        yield word[:place] + "ß" + word[place + 2 :]
    if len(places) > 1:
        yield word.replace("ss", "ß")


def read_words(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """
    Return the author's words from woerter.txt, and the pairs of words to be inflected like another.

    One word a line; „# …“ is a comment; „liken/jobben“ inflects the first like the second.
    """
    plain: list[str] = []
    inflected: list[tuple[str, str]] = []
    for line in text.splitlines():
        word = line.split("#", 1)[0].strip()
        first, slash, second = (part.strip() for part in word.partition("/"))
        if slash and first and second:
            inflected.append((first, second))
        if first:
            plain.append(first)
    return plain, inflected
