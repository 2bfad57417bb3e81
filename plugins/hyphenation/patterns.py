"""Liang's algorithm: patterns of letters and levels say where a word may be divided."""

from __future__ import annotations

from collections.abc import Iterable

#: A division leaves at least so many letters before and after it.
MIN_LEFT = MIN_RIGHT = 2


#: (number of letters before it, level), in ascending order.
Levels = tuple[tuple[int, int], ...]
_NO_DIGITS = str.maketrans("", "", "0123456789")


def _levels(pattern: str) -> Levels:
    letters = 0
    levels = []
    for character in pattern:
        if character.isdecimal():
            levels.append((letters, int(character)))
        else:
            letters += 1
    return tuple(levels)


class Patterns:
    """Patterns as TeX writes them: in ``.ur2inf`` a point is the edge of a word, 2 a level."""

    def __init__(self, patterns: Iterable[str]) -> None:
        # A post needs a few hundred of the 36,000: levels are found out when a pattern is first met.
        self._patterns = {pattern.translate(_NO_DIGITS): pattern for pattern in patterns}
        self._levels: dict[str, Levels] = {}
        # Which lengths there are after two letters, or after one if there is nothing longer: few.
        self._lengths: dict[str, list[int]] = {}
        for letters in sorted(self._patterns, key=len):
            lengths = self._lengths.get(letters[:2])
            if lengths is None:
                lengths = self._lengths[letters[:2]] = self._lengths.get(letters[0], [])[:1]
            if lengths[-1:] != [len(letters)]:
                lengths.append(len(letters))

    def _find(self, letters: str) -> Levels:
        """Return the levels of the pattern with *letters*."""
        levels = self._levels.get(letters)
        if levels is None:
            levels = self._levels[letters] = _levels(self._patterns[letters])
        return levels

    def breaks(self, word: str) -> list[int]:
        """Return where *word*, in lower case, may be divided, in ascending order."""
        text = f".{word}."
        size = len(text)
        highest = [0] * (size + 1)
        find, patterns, lengths = self._find, self._patterns, self._lengths
        for start in range(size):
            two = text[start : start + 2]
            for length in lengths.get(two) or lengths.get(two[0]) or ():
                letters = text[start : start + length]
                if letters in patterns and start + length <= size:
                    for offset, level in find(letters):
                        if level > highest[start + offset]:
                            highest[start + offset] = level
        last = len(word) - MIN_RIGHT
        # Odd levels allow a break; the point before the word shifts all places by one.
        return [place for place in range(MIN_LEFT, last + 1) if highest[place + 1] % 2]
