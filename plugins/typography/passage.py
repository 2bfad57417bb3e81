"""A passage: the text of one block across its inline elements, and the changes made to it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter

from .style import NO_BREAK_SPACE, Style

#: Stands in the text for something unreadable: inline code, a picture, an element left alone.
OBJECT = "\ufffc"
#: Stands for `<br>`: what follows begins a line.
LINE_BREAK = "\u2028"
#: Stands for a straight mark written as an entity: "leave this straight".
STRAIGHT = "\ufdd1"

#: White space an author types. No-break spaces are typographic already and stay.
BREAKABLE = " \t\n\r\f"

_DIGITS = "0123456789½¼¾"


@dataclass(slots=True)
class Piece:
    """A part of the passage that can be written back: text[start:end] belongs to *slot*."""

    start: int
    end: int
    slot: int


@dataclass(slots=True)
class Passage:
    """
    Collects changes to *text* by position; whoever comes first has the place.

    All rules read the text as the author typed it, so their order matters only where two of
    them want the same place.
    """

    text: str
    pieces: list[Piece]
    #: (position, style): from here on. The first entry is at 0.
    styles: list[tuple[int, Style]]
    #: (position, entered?): where an element with its own language begins and ends.
    turns: list[tuple[int, bool]]
    #: One byte a character: 1 where the text is literal (an address, a file name …).
    literal: bytearray = field(default_factory=bytearray)
    #: start → (end, replacement)
    changes: dict[int, tuple[int, str]] = field(default_factory=dict)
    #: The style whose rules are at work: they touch only its own parts of the text.
    at_work: Style | None = None
    #: The rule at work, and which rule made the change at a position.
    rule: str = ""
    rules: dict[int, str] = field(default_factory=dict)
    #: The changes that `write_to` made: (start, end, replacement), in order.
    written: list[tuple[int, int, str]] = field(default_factory=list)

    def style_at(self, position: int) -> Style:
        """Return the style that reigns at *position*."""
        if len(self.styles) == 1:
            return self.styles[0][1]
        index = bisect_right(self.styles, position, key=itemgetter(0))
        return self.styles[max(index - 1, 0)][1]

    def is_literal(self, position: int) -> bool:
        """Tell whether no rule may touch the character at *position*."""
        return bool(self.literal) and self.literal[position] == 1

    def mark_literal(self, start: int, end: int) -> None:
        """Close text[start:end] to all rules."""
        if not self.literal:
            self.literal = bytearray(len(self.text))
        self.literal[start:end] = b"\x01" * (end - start)

    def _is_closed(self, start: int, end: int) -> bool:
        if self.literal and 1 in self.literal[start : max(end, start + 1)]:
            return True
        return len(self.styles) > 1 and self.style_at(start) is not self.at_work

    def replace(self, start: int, end: int, new: str) -> None:
        """Set text[start:end] as *new*; start == end inserts before the character there."""
        if start not in self.changes and not self._is_closed(start, end):
            self.changes[start] = (end, new)
            self.rules[start] = self.rule

    def bind(self, position: int, space: str = NO_BREAK_SPACE) -> None:
        """Turn the typed space around *position* into *space*, unless it begins a line."""
        text = self.text
        start = end = position
        while start and text[start - 1] in BREAKABLE:
            start -= 1
        while end < len(text) and text[end] in BREAKABLE:
            end += 1
        if start == 0 or text[start - 1] == LINE_BREAK or start == end or end == len(text):
            return
        # Next to a space that is fixed already nothing is missing.
        if text[start - 1] not in "\u00a0\u202f" and text[end] not in "\u00a0\u202f":
            self.replace(start, end, space)

    def write_to(self, slots: list[str]) -> None:
        """
        Write the changed pieces back.

        A change that would cross a tag is dropped, unless it is white space: then its first part
        takes the new space and the others go.
        """
        if not self.changes:
            return
        changes = sorted((start, end, new) for start, (end, new) in self.changes.items())
        index = 0
        count = len(changes)
        carried = 0  # end of a space that reaches into the next piece
        for piece in self.pieces:
            while index < count and changes[index][0] < piece.start:
                index += 1  # its place lies between pieces: written as an entity
            if carried <= piece.start and (index == count or changes[index][0] >= piece.end):
                continue
            parts = []
            position = piece.start
            if carried > position:
                position = min(carried, piece.end)
            while index < count and changes[index][0] < piece.end:
                start, end, new = changes[index]
                index += 1
                if start < position:
                    continue
                if end > piece.end:
                    if not self._is_one_space(start, end):
                        continue
                    carried = end
                parts.append(self.text[position:start])
                parts.append(new)
                self.written.append(changes[index - 1])
                position = min(end, piece.end)
            parts.append(self.text[position : piece.end])
            slots[piece.slot] = "".join(parts)

    def _is_one_space(self, start: int, end: int) -> bool:
        return not self.text[start:end].strip(BREAKABLE)


def ends_word(text: str, position: int) -> bool:
    """Tell whether the digits that end before *position* belong to a word: A4, MP3, not 9x13."""
    while position and (
        text[position - 1] in _DIGITS
        or (text[position - 1] in ".,:" and text[position - 2 : position - 1].isdigit())
    ):
        position -= 1
    if position > 1 and text[position - 1] == "x" and text[position - 2].isdigit():
        return False
    return position > 0 and (text[position - 1].isalpha() or text[position - 1] == "_")
