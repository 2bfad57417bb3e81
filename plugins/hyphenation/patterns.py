"""Liang's algorithm: patterns of letters and levels say where a word may be divided."""

from __future__ import annotations

from collections.abc import Iterable

#: A division leaves at least so many letters before and after it.
MIN_LEFT = MIN_RIGHT = 2


class Patterns:
    """Patterns as TeX writes them: in ``.ur2inf`` a point is the edge of a word, 2 a level."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._levels: dict[str, tuple[tuple[int, int], ...]] = {}
        for pattern in patterns:
            letters: list[str] = []
            levels: list[tuple[int, int]] = []
            for character in pattern:
                if character.isdecimal():
                    levels.append((len(letters), int(character)))
                else:
                    letters.append(character)
            self._levels["".join(letters)] = tuple(levels)
        self._lengths = sorted({len(letters) for letters in self._levels})

    def breaks(self, word: str) -> list[int]:
        """Return where *word*, in lower case, may be divided, in ascending order."""
        text = f".{word}."
        size = len(text)
        highest = [0] * (size + 1)
        find = self._levels.get
        for start in range(size):
            for length in self._lengths:
                if start + length > size:
                    break
                for offset, level in find(text[start : start + length], ()):
                    if level > highest[start + offset]:
                        highest[start + offset] = level
        last = len(word) - MIN_RIGHT
        # Odd levels allow a break; the point before the word shifts all places by one.
        return [place for place in range(MIN_LEFT, last + 1) if highest[place + 1] % 2]
