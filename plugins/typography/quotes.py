"""Quotation marks, apostrophes and primes: which of them a straight mark is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .passage import BREAKABLE, LINE_BREAK, OBJECT, Passage, ends_word
from .style import Style
from .words import ARTICLES, ELISIONS, POSSIBLE_ELISIONS, SENTENCE_STARTS, SHORTENED

APOSTROPHE = "’"
PRIME = "′"
DOUBLE_PRIME = "″"
#: The rule that sets one of these where no quotation begins or ends.
_RULES = {APOSTROPHE: "apostrophe", PRIME: "prime", DOUBLE_PRIME: "prime"}

_MARK = re.compile("[\"'´„“”‚‘‹›«»]")
_DOUBLES = '"„“”«»'
_WORD = re.compile(r"[^\W\d_]+")
_DECADE = re.compile(r"\d\d(?:er[ns]?|s)?(?!\w)")
_THREE_DIGITS = re.compile(r"\d{3}(?!\d)")
_LAST_WORD = re.compile(r"[^\W\d_]+$")

#: A mark after one of these opens. (Rat für deutsche Rechtschreibung, §§ 89–95.)
_BEFORE_OPENING = frozenset(BREAKABLE + "\u00a0\u202f([{/–—¿¡‗" + LINE_BREAK)
_SPACES = frozenset(BREAKABLE + "\u00a0\u202f" + LINE_BREAK)
_CLOSING_PUNCTUATION = frozenset(".,;:!?)]}…")
_CLOSING = {"„": "“", "‚": "‘", "«": "»", "»": "«", "‹": "›", "›": "‹", "“": "”", "‘": "’"}
#: Genitives that take an apostrophe end in these (Rat § 96).
_SIBILANTS = ("s", "ß", "x", "z", "ce", "S", "X", "Z")


#: How many marks ahead a closing mark is looked for: more would make long texts slow.
_FARTHEST = 50


@dataclass(slots=True)
class _Mark:
    """A mark in the text and what its surroundings suggest, before any pairing."""

    position: int
    sign: str
    before: str
    after: str
    looks_opening: bool
    #: For a straight double mark after a digit: a later mark closes the quotation.
    is_closed_later: bool = False


@dataclass(slots=True)
class _Open:
    """An open quotation: which sign opened it, and what closes it."""

    is_double: bool
    closing: str


@dataclass(slots=True)
class _Walk:
    """The state of one walk over the marks of a passage."""

    passage: Passage
    marks: list[_Mark]
    stack: list[_Open] = field(default_factory=list)
    #: How many single and how many double quotations are on the stack.
    counts: list[int] = field(default_factory=lambda: [0, 0])
    #: Indexes of single marks that close, found when their opening was.
    closers: set[int] = field(default_factory=set)

    def has_open(self, is_double: bool) -> bool:
        return self.counts[is_double] > 0

    def open(self, is_double: bool, closing: str) -> None:
        self.stack.append(_Open(is_double, closing))
        self.counts[is_double] += 1

    def close(self, is_double: bool) -> str:
        """
        Close the innermost quotation of this kind; return its closing mark, "" if none is open.

        What was opened inside it closes with it.
        """
        while self.counts[is_double]:
            entry = self.stack.pop()
            self.counts[entry.is_double] -= 1
            if entry.is_double == is_double:
                return entry.closing
        return ""

    def awaited(self, is_double: bool) -> str:
        """Return what would close the innermost quotation of this kind, "" if none is open."""
        if not self.counts[is_double]:
            return ""
        return next(e.closing for e in reversed(self.stack) if e.is_double == is_double)

    def cut(self, depth: int) -> None:
        """Forget the quotations above *depth*."""
        while len(self.stack) > depth:
            self.counts[self.stack.pop().is_double] -= 1


def set_quotes(passage: Passage) -> None:
    """Set the straight marks of *passage*, each in the style of its own place."""
    text = passage.text
    if not any(sign in text for sign in "\"'´"):
        return
    walk = _Walk(passage, _marks(passage))
    _look_ahead(walk.marks)
    turns = iter(passage.turns)
    turn = next(turns, None)
    floors: list[int] = []
    for index, mark in enumerate(walk.marks):
        while turn and turn[0] <= mark.position:
            # The quotations around an element in another language survive it.
            if turn[1]:
                floors.append(len(walk.stack))
            elif floors:
                walk.cut(floors.pop())
            turn = next(turns, None)
        style = passage.style_at(mark.position)
        passage.at_work = style
        depth = len(walk.stack)
        if mark.sign == '"':
            new = _double(walk, mark, style)
        elif mark.sign == "'":
            new = _single(walk, index, style)
        elif mark.sign == "´":
            new = APOSTROPHE if mark.before.isalpha() and mark.after.isalpha() else ""
        else:
            _note(walk, mark)
            continue
        if new:
            passage.rule = "quote" if len(walk.stack) != depth else _RULES.get(new, "quote")
            passage.replace(mark.position, mark.position + 1, new)


def _marks(passage: Passage) -> list[_Mark]:
    text = passage.text
    marks: list[_Mark] = []
    for found in _MARK.finditer(text):
        position = found.start()
        if passage.is_literal(position):
            continue
        before = text[position - 1] if position else ""
        after = text[position + 1 : position + 2]
        if marks and marks[-1].position == position - 1:
            is_free = marks[-1].looks_opening
        else:
            is_free = not before or before in _BEFORE_OPENING
            if before in ("-", ":") and after.isalpha():
                is_free = True
            elif before == ":":
                is_free = bool(after) and (after.isalnum() or after in "([")
            elif before == "-":  # a dash, if it is free itself
                earlier = text[position - 2 : position - 1]
                is_free = not earlier or earlier == "-" or earlier in _BEFORE_OPENING
        looks_opening = is_free and bool(after) and after not in _SPACES
        marks.append(_Mark(position, found[0], before, after, looks_opening))
    return marks


def _look_ahead(marks: list[_Mark]) -> None:
    """Tell each double mark after a digit whether the next mark that can tell closes."""
    closes = False
    for mark in reversed(marks):
        if mark.sign not in _DOUBLES:
            continue
        mark.is_closed_later = closes
        if mark.looks_opening:
            closes = False
        elif not _is_digit(mark.before):
            closes = True


def _is_digit(sign: str) -> bool:
    return sign in "0123456789½¼¾" if sign else False


def _note(walk: _Walk, mark: _Mark) -> None:
    """Let a mark that is typographic already open or close."""
    is_double = mark.sign in _DOUBLES
    if mark.sign in "„‚":
        walk.open(is_double, _CLOSING[mark.sign])
    elif mark.sign == walk.awaited(is_double) or mark.sign == "”" or not mark.looks_opening:
        walk.close(is_double)
    elif is_double:
        walk.open(True, _CLOSING[mark.sign])


def _double(walk: _Walk, mark: _Mark, style: Style) -> str:
    """Return what a straight double mark is; "" leaves it straight."""
    if not style.is_known:
        return ""
    before, after = mark.before, mark.after
    is_open = walk.has_open(True)
    is_measure = _is_digit(before) and not ends_word(walk.passage.text, mark.position)
    if is_measure and (not is_open or mark.is_closed_later):
        return DOUBLE_PRIME
    if _opens(walk, mark, is_open):
        walk.open(True, style.double[1])
        return style.double[0]
    if is_open:
        return walk.close(True)
    is_alone = (not before or before in _SPACES) and (not after or after in _SPACES)
    if is_alone or (before.isalnum() and after.isalnum()):
        return ""
    return style.double[1]


def _opens(walk: _Walk, mark: _Mark, is_open: bool) -> bool:
    text = walk.passage.text
    if mark.looks_opening:
        if mark.after not in _CLOSING_PUNCTUATION:
            return True
        is_ellipsis = mark.after == "…" or text.startswith("...", mark.position + 1)
        is_quoted_sign = text[mark.position + 2 : mark.position + 3] == '"'
        return is_ellipsis or is_quoted_sign or not is_open
    # "sagte,"Ja"": a space is missing, but nothing else makes sense.
    return (
        not is_open
        and (mark.after.isalnum() or (bool(mark.after) and mark.after in "([{„‚'" + OBJECT))
        and bool(mark.before)
        and not (mark.before.isalnum() or mark.before in ".!?" + OBJECT)
    )


def _single(walk: _Walk, index: int, style: Style) -> str:
    """Return what a straight single mark is; "" leaves it straight."""
    mark = walk.marks[index]
    text = walk.passage.text
    position, before, after = mark.position, mark.before, mark.after
    if not style.is_known:
        return APOSTROPHE if before.isalpha() and after.isalpha() else ""
    if (before.isalpha() or before == OBJECT) and after.isalpha():
        return APOSTROPHE
    if _is_digit(before) and after.isalnum():
        is_group = _THREE_DIGITS.match(text, position + 1)
        return APOSTROPHE if is_group or after.isalpha() else PRIME
    if mark.looks_opening:
        return _opening_single(walk, index, style)
    if index in walk.closers:
        return walk.close(False) or style.single[1]
    if after.isalpha() and before and before not in _SPACES:
        return _opening_single(walk, index, style) if before in ",;=&+|" else APOSTROPHE
    if _is_digit(before) and not ends_word(text, position):
        return walk.close(False) or PRIME
    if (not before or before in _SPACES) and (not after or after in _SPACES):
        return ""
    if after == "(" and before.isalpha():
        return ""  # f'(x)
    if before in ".!?…," and not walk.has_open(False):
        return style.single[1]
    return APOSTROPHE


def _opening_single(walk: _Walk, index: int, style: Style) -> str:
    """Return what a mark before a word is: an apostrophe or an opening mark."""
    mark = walk.marks[index]
    text = walk.passage.text
    start = mark.position + 1
    word = _WORD.match(text, start)
    low = word[0].lower() if word else ""
    decade = _DECADE.match(text, start)
    end = word.end() if word else decade.end() if decade else start
    is_enclosed = (
        text.startswith("'", end) and end > start and not text[end + 1 : end + 2].isalpha()
    )
    if low == "n" and is_enclosed and _joins_words(text, mark.position, end + 1):
        return APOSTROPHE
    if not is_enclosed and (decade or low in ELISIONS[style.is_german]):
        return APOSTROPHE
    closer = _closer(walk, index)
    if closer is None:
        if word and word[0] in SENTENCE_STARTS:
            walk.open(False, style.single[1])
            return style.single[0]
        return APOSTROPHE
    may_be_short = low in POSSIBLE_ELISIONS[style.is_german] and not is_enclosed
    if may_be_short and _doubt(text, walk.marks[closer]) > _SURE:
        return APOSTROPHE
    walk.closers.add(closer)
    walk.open(False, style.single[1])
    return style.single[0]


def _joins_words(text: str, position: int, end: int) -> bool:
    """Tell whether 'n' at *position* stands for "and" between two words (Rock 'n' Roll)."""
    if text[end : end + 1] == "-" and text[position - 1 : position] == "-":
        return True
    left = _LAST_WORD.search(text[max(0, position - 40) : position].rstrip())
    right = text[end : end + 8].lstrip()
    return left is not None and left[0].lower() not in ARTICLES and right[:1].isalpha()


def _closer(walk: _Walk, index: int) -> int | None:
    """
    Return the index of the mark that closes the single quotation opened at *index*.

    Looks no further than the next opening mark or the end of the quotation around it. A mark
    that may be an apostrophe (Klaus' Bilder, ich hab' Zeit) gives way to one that is less so.
    """
    text = walk.passage.text
    depth = 0
    best: int | None = None
    least = _SURELY_NOT
    for later in range(index + 1, min(index + _FARTHEST, len(walk.marks))):
        mark = walk.marks[later]
        if mark.sign in _DOUBLES:
            if mark.looks_opening:
                depth += 1
            elif _is_digit(mark.before) and mark.sign == '"' and (depth or mark.is_closed_later):
                continue
            elif depth:
                depth -= 1
            else:
                break
        elif depth or mark.sign != "'":
            continue
        elif mark.looks_opening:
            if not _may_be_elision(text, mark.position):
                break
        else:
            doubt = _doubt(text, mark)
            if doubt < least:
                best, least = later, doubt
    return best


def _may_be_elision(text: str, position: int) -> bool:
    word = _WORD.match(text, position + 1)
    if not word:
        return bool(_DECADE.match(text, position + 1))
    return word[0].lower() in ELISIONS[True] and not text.startswith("'", word.end())


#: Grades of `_doubt`.
_CERTAIN, _SURE, _AT_A_STOP, _BEFORE_WORD, _BEFORE_NOUN, _SURELY_NOT = range(6)


def _doubt(text: str, mark: _Mark) -> int:
    """Return how far from closing a single mark is: it may be the apostrophe of a word."""
    if mark.after.isalnum() or not mark.before or mark.before in _SPACES:
        return _SURELY_NOT
    if not mark.before.isalnum():
        return _CERTAIN
    word = _LAST_WORD.search(text[max(0, mark.position - 40) : mark.position])
    may_be_short = word is None or word[0].endswith(_SIBILANTS) or word[0].lower() in SHORTENED
    if not may_be_short:
        return _SURE
    following = text[mark.position + 1 : mark.position + 4].lstrip()[:1]
    if mark.after not in _SPACES or not following.isalpha():
        return _AT_A_STOP
    return _BEFORE_NOUN if following.isupper() else _BEFORE_WORD
