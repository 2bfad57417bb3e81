"""
Where German words may be divided, and where a long compound is divided best.

`Hyphenator.breaks` gives all places that TeX's patterns know; `Hyphenator.seams` those between the
parts of a word, where pattern and list of parts agree. Two readings that disagree (Wach|stube,
Wachs|tube) have no seam. What the author wrote in trennung.yaml goes before both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from plugins.hyphenation.compounds import ADJECTIVE, LINK, NOUN, Parts, prefix_seam
from plugins.hyphenation.patterns import Patterns
from plugins.source.core import Document
from plugins.source.problem import Problem, SourceError

SEAM = "|"
#: What stands before and after a part in parts.txt, by role.
PARTS_MARKS = {NOUN: ("", ""), LINK: ("", "-"), ADJECTIVE: ("-", "")}
#: Longer words are none: a chemist's formula, a child at the keyboard.
_LONGEST_WORD = 80
#: A piece with more letters is divided again, so that it fits into a narrow heading.
_LONGEST_PIECE = 12
_FEWEST_LETTERS = 3
_VOWELS = frozenset("aeiouyäöüáàâåæéèêëíìîïóòôøœúùûý")
_ENDINGS = ("", "s", "es", "e", "n", "en", "er", "ern", "se", "sen", "ses", "in", "innen")

#: A word in lower case, with its seams and whether it is only meant with a capital letter.
Exceptions = Mapping[str, tuple[tuple[int, ...], bool]]


def content_lines(text: str) -> list[str]:
    """Return the lines of one of our data files without comments and blank ones."""
    return [line for line in text.splitlines() if line and line[0] not in "#%"]


def read_parts(lines: Iterable[str]) -> Parts:
    """Return the parts in *lines*: „arbeit“, „rechtschreib-“, „-fähig“."""
    roles: dict[str, str] = {}
    for line in lines:
        role = LINK if line.endswith("-") else ADJECTIVE if line.startswith("-") else NOUN
        part = line.strip("-")
        roles[part] = roles.get(part, "") + role
    return Parts(roles)


def read_exceptions(words: Iterable[str]) -> Exceptions:
    """Return *words* like „Druck|erzeugnis“ as exceptions; one without seams is never divided."""
    exceptions = {}
    for word in words:
        pieces = word.split(SEAM)
        places = tuple(sum(map(len, pieces[:number])) for number in range(1, len(pieces)))
        exceptions["".join(pieces).lower()] = (places, word[:1].isupper())
    return exceptions


def site_exceptions(document: Document, file: str) -> Exceptions:
    """
    Return the exceptions of the author's file, a YAML list of words.

    Raises:
        SourceError: With one problem for each entry that is no word.
    """
    entries = document.value or []
    if not isinstance(entries, list):
        raise SourceError(
            [
                Problem(
                    file,
                    "Die Datei ist keine Liste von Wörtern.",
                    1,
                    remedy="Beginnen Sie jede Zeile mit „- “, zum Beispiel: - Druck|erzeugnis",
                )
            ]
        )
    problems = [
        Problem(
            file,
            f"Das ist kein Wort mit Trennstellen: {entry}.",
            document.line((number,)),
            remedy="Schreiben Sie ein Wort ohne Leerzeichen, mit | an jeder Stelle, an der es "
            "getrennt werden darf: Druck|erzeugnis. Ohne | wird es nie getrennt.",
        )
        for number, entry in enumerate(entries)
        if not (isinstance(entry, str) and all(map(str.isalpha, entry.split(SEAM))))
    ]
    if problems:
        raise SourceError(problems)
    return read_exceptions(entries)


class Hyphenator:
    """Divides German words; every answer is remembered."""

    def __init__(self, patterns: Patterns, parts: Parts, exceptions: Exceptions) -> None:
        self._patterns = patterns
        self._parts = parts
        self._exceptions = exceptions
        # Per instance, so that the words of one site do not outlive it.
        self._breaks = lru_cache(20_000)(self._find_breaks)
        self._divisions = lru_cache(20_000)(self._find_divisions)
        self.exception = lru_cache(20_000)(self._find_exception)
        #: Letters of the shortest exception.
        self.shortest_exception = min(map(len, exceptions), default=_LONGEST_WORD)

    def with_exceptions(self, exceptions: Exceptions) -> Hyphenator:
        """Return a hyphenator that knows *exceptions*, too; they go before its own."""
        return Hyphenator(self._patterns, self._parts, {**self._exceptions, **exceptions})

    def breaks(self, word: str) -> list[int]:
        """Return all places at which *word* may be divided: 4 is after the fourth letter."""
        exception = self.exception(word)
        return list(self._breaks(_plain(word)) if exception is None else exception)

    def seams(self, word: str) -> list[int]:
        """Return the places at which *word* is best divided: between parts and after prefixes."""
        exception = self.exception(word)
        if exception is not None:
            return list(exception)
        plain = _plain(word)
        seams = set(self._compound_seams(plain))
        for start, end in _pieces(sorted(seams), len(plain)):
            if place := self._prefix_seam(plain, start, end):
                seams.add(place)
        return sorted(seams)

    def divisions(self, word: str) -> list[int] | None:
        """
        Return where a page is to let *word* be divided, or None to leave that to the browser.

        These are the seams of a compound, and one place more in each piece that is still long.
        """
        exception = self.exception(word)
        found = self._divisions(_plain(word)) if exception is None else exception
        return None if found is None else list(found)

    def parts(self, word: str) -> list[str]:
        """Return the parts of the compound *word*; of any other word, itself."""
        exception = self.exception(word)
        seams = self._parts.split(_plain(word)) if exception is None else exception
        return [word[start:end] for start, end in _pieces(seams, len(word))]

    def _find_exception(self, word: str) -> tuple[int, ...] | None:
        """Return the seams of *word* if it, or what it is a form of, is an exception."""
        plain = _plain(word)
        for ending in _ENDINGS:
            if plain.endswith(ending):
                found = self._exceptions.get(plain.removesuffix(ending))
                if found and (word[:1].isupper() or not found[1]):
                    return found[0]
        return None

    def _find_breaks(self, plain: str) -> tuple[int, ...]:
        if len(plain) > _LONGEST_WORD:
            return ()
        breaks = self._patterns.breaks(plain)
        # Where unknown letters meet, patterns may leave a piece without a vowel: flei-sch-eti.
        wrong = {
            place
            for start, end in _pieces(breaks, len(plain))
            if not _VOWELS & set(plain[start:end])
            for place in (start, end)
        }
        return tuple(p for p in breaks if p not in wrong or p in self._parts.seams(plain, breaks))

    def _compound_seams(self, plain: str) -> list[int]:
        return self._parts.seams(plain, self._breaks(plain))

    def _find_divisions(self, plain: str) -> tuple[int, ...] | None:
        size = len(plain)
        seams = self._compound_seams(plain)
        places = [p for p in seams if _FEWEST_LETTERS <= p <= size - _FEWEST_LETTERS]
        if not places:
            return None
        for start, end in _pieces(places, size):
            if end - start > _LONGEST_PIECE:
                place = self._prefix_seam(plain, start, end)
                if place < start + _FEWEST_LETTERS:
                    place = self._middle(plain, start, end)
                places += [place] if place else []
        return tuple(sorted(places))

    def _prefix_seam(self, plain: str, start: int, end: int) -> int:
        inner = [place - start for place in self._breaks(plain) if start < place < end]
        place = prefix_seam(plain[start:end], inner)
        return start + place if place else 0

    def _middle(self, plain: str, start: int, end: int) -> int:
        """Return the break next to the middle of a piece, or 0 if it has none."""
        inner = [place for place in self._breaks(plain) if start + 3 < place < end - 3]
        return min(inner, key=lambda place: abs(2 * place - start - end), default=0)


def _plain(word: str) -> str:
    """Return *word* in lower case, letter for letter: some capitals would become two letters."""
    lower = word.lower()
    return lower if len(lower) == len(word) else word


def _pieces(places: Sequence[int], size: int) -> list[tuple[int, int]]:
    return list(zip([0, *places], [*places, size], strict=True))
