"""Lines of a text, balanced, at the largest size at which everything fits. Pure: numbers in, numbers out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

SOFT_HYPHEN = "\u00ad"
#: A no-break space is none of these.
_SPACES = re.compile(r"[ \t\r\n]+")
# After a hyphen or slash inside a word, but not after „E-“ and „3-“: single letters stay.
_AFTER_HYPHEN = re.compile(r"(?<=\w\w[-/‐])(?=\w\w)")
#: Cost of dividing a word, beside the squares of what lines lack of their full width (full width: 1).
_DIVIDED = 0.12


@dataclass(frozen=True)
class Piece:
    """
    What stays together in a line, and its width.

    *is_start*: a space goes before it, unless it begins a line. *hyphen* is what a line that ends with it
    gets. Widths are in units of the font's size.
    """

    text: str
    width: float
    is_start: bool
    hyphen: str = ""


@dataclass(frozen=True)
class Measure:
    """How wide a font sets characters, in units of its size."""

    advance: Callable[[str], float]

    def width(self, text: str) -> float:
        """Return the width of *text*; what pairs of letters save is left out."""
        return sum(map(self.advance, text))

    @property
    def space(self) -> float:
        """The width of a space."""
        return self.advance(" ")

    @property
    def hyphen(self) -> float:
        """The width of a hyphen."""
        return self.advance("-")


def pieces(text: str, measure: Measure, widest: float) -> list[Piece]:
    """
    Return the pieces of *text*; soft hyphens in it say where words may be divided.

    A piece wider than *widest* is cut where that is reached: a web address, a word of a hundred letters.
    """
    found: list[Piece] = []
    for word in filter(None, _SPACES.split(text)):
        is_start = True
        for part in _AFTER_HYPHEN.split(word):
            fragments = [one for one in part.split(SOFT_HYPHEN) if one]
            for number, fragment in enumerate(fragments, 1):
                hyphen = "-" if number < len(fragments) else ""
                for cut in _cut(fragment, measure, widest - measure.hyphen):
                    found.append(Piece(cut, measure.width(cut), is_start))
                    is_start = False
                if hyphen:
                    last = found[-1]
                    found[-1] = Piece(last.text, last.width, last.is_start, hyphen)
    return found


def _cut(text: str, measure: Measure, widest: float) -> Iterator[str]:
    """Yield *text* in parts that are at most *widest* wide, or one character long."""
    start, width = 0, 0.0
    for place, char in enumerate(text):
        advance = measure.advance(char)
        if width + advance > widest and place > start:
            yield text[start:place]
            start, width = place, 0.0
        width += advance
    yield text[start:]


def lines(text: str, measure: Measure, widest: float) -> list[str]:
    """
    Return *text* in lines of about the same width, none wider than *widest*.

    The sum of the squares of what each line lacks is the least possible; so there are few lines, and
    words are divided only where that saves more than it costs.
    """
    parts = pieces(text, measure, widest)
    count = len(parts)
    # Of the pieces up to each place: the least cost, and where the last line begins.
    best = [0.0] + [inf] * count
    begins = [0] * (count + 1)
    for end in range(1, count + 1):
        last = parts[end - 1]
        is_divided = end < count and not parts[end].is_start
        tail = measure.hyphen if last.hyphen else 0.0
        width = tail
        for start in range(end - 1, -1, -1):
            width += parts[start].width
            if start + 1 < end and parts[start + 1].is_start:
                width += measure.space
            if width > widest and start + 1 < end:
                break
            cost = best[start] + ((widest - width) / widest) ** 2 + (_DIVIDED if is_divided else 0)
            if cost < best[end]:
                best[end], begins[end] = cost, start
    return _joined(parts, begins)


def _joined(parts: Sequence[Piece], begins: Sequence[int]) -> list[str]:
    found: list[str] = []
    end = len(parts)
    while end > 0:
        start = begins[end]
        found.append(_line(parts[start:end], is_last=end == len(parts)))
        end = start
    return found[::-1]


def _line(parts: Sequence[Piece], is_last: bool) -> str:
    text = parts[0].text
    for part in parts[1:]:
        text += f" {part.text}" if part.is_start else part.text
    return text if is_last else text + parts[-1].hyphen


def word_widths(text: str, measure: Measure) -> list[float]:
    """Return how wide the words of *text* are."""
    words = filter(None, _SPACES.split(text.replace(SOFT_HYPHEN, "")))
    return [measure.width(word) for word in words]


def line_count(words: Iterable[float], space: float, widest: float) -> int:
    """Return how many lines of at most *widest* the *words* take if none is divided that fits."""
    count, width = 0, 0.0
    for word in words:
        if not count or width + space + word > widest:
            # A word wider than a line goes on in the next.
            more = max(1, -int(-word // widest))
            count += more
            width = word - (more - 1) * widest
        else:
            width += space + word
    return count


def largest(sizes: Iterable[int], height: Callable[[int], float], room: float) -> int:
    """Return the largest of *sizes* at which the *height* is within the *room*, else the smallest."""
    ordered = sorted(sizes, reverse=True)
    return next((size for size in ordered if height(size) <= room), ordered[-1])
