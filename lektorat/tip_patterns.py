"""
The author's own tips as a checker: what „wrong“ of a tip shows is looked for in the texts.

A pattern is made of the words in which wrong and right differ, with as many words around them as
make it sure: none if the wrong word is in no dictionary, else two before and one behind, or what
there is up to the ends of the example. Examples that are rewritten as a whole give no pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

from lektorat.hints import TIP, Finding
from lektorat.prose import Passage
from lektorat.words import Cover, quotations


@dataclass(frozen=True)
class Example:
    """A tip's pair."""

    week: str
    headword: str
    wrong: str
    right: str


@dataclass(frozen=True)
class TipPattern:
    """What to look for, and the tip that says why; *right* stands instead of *wrong* in its example."""

    week: str
    headword: str
    pattern: regex.Pattern[str]
    example: str
    wrong: str = ""
    right: str = ""


_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[-’'][\p{L}\p{M}\p{N}]+)*-?|[^\s\p{L}\p{N}]")
_MAX_DIFFERENCE = 4
_BEFORE = 2
_MIN_WORDS = 3
# Read by the letter they may be right in another sentence: „ihre“ and „Ihre“.
_ADDRESS = frozenset("sie ihr ihre ihrer ihren ihrem ihres ihnen".split())
_DAYS = "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag"
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


def _tokens(text: str) -> list[_Token]:
    return [_Token(match[0], *match.span()) for match in _TOKEN.finditer(text)]


def patterns_of(example: Example, is_known: Callable[[str], bool]) -> list[TipPattern]:
    """Return the patterns of *example*, none where none is sure; *is_known* asks the dictionary."""
    wrong, right = _tokens(example.wrong), _tokens(example.right)
    changes = [
        change
        for change in SequenceMatcher(
            None, [token.text for token in wrong], [token.text for token in right], autojunk=False
        ).get_opcodes()
        if change[0] != "equal"
    ]
    if not changes:
        return _spacing_patterns(example, wrong, right)
    misspelt = [_misspelt(example, wrong, right, change, is_known) for change in changes]
    if all(misspelt):
        return [pattern for pattern in misspelt if pattern]
    first, last = changes[0][1], changes[-1][2]
    right_first, right_last = changes[0][3], changes[-1][4]
    if last - first > _MAX_DIFFERENCE or right_last - right_first > _MAX_DIFFERENCE + 1:
        return []
    return _with_context(example, wrong, right, (first, last), (right_first, right_last))


def _misspelt(
    example: Example,
    wrong: Sequence[_Token],
    right: Sequence[_Token],
    change: tuple[str, int, int, int, int],
    is_known: Callable[[str], bool],
) -> TipPattern | None:
    """Return the pattern of one word that is wrong wherever it stands."""
    _, first, last, right_first, right_last = change
    if last - first != 1 or not right_last - right_first or not wrong[first].is_word:
        return None
    if is_known(wrong[first].text) or wrong[first].text.isupper():
        return None
    shown = example.right[right[right_first].start : right[right_last - 1].end]
    pattern = _compiled(wrong[first:last], example.wrong)
    return _made(example, pattern, wrong[first:last], shown)


def _with_context(
    example: Example,
    wrong: Sequence[_Token],
    right: Sequence[_Token],
    difference: tuple[int, int],
    right_difference: tuple[int, int],
) -> list[TipPattern]:
    first, last = difference
    differing = sum(token.is_word for token in wrong[first:last])
    before, behind = _BEFORE, 0 if differing > 1 else 1
    changed = right[slice(*right_difference)]
    is_case_only = [t.text.lower() for t in wrong[first:last]] == [t.text.lower() for t in changed]
    if is_case_only and any(token.text.lower() in _ADDRESS for token in changed):
        before = behind = 3
    elif not differing and right_difference[0] == right_difference[1]:
        # A comma too many: whether it is one shows only what follows („länger, als ich dachte“).
        behind = 3
    start = _words_back(wrong, first, before)
    before = sum(token.is_word for token in wrong[start:first])
    end = _words_on(wrong, last, max(behind, _MIN_WORDS - before - differing))
    tokens = wrong[start:end]
    if sum(token.is_word for token in tokens) < _MIN_WORDS:
        return []
    right_start = right_difference[0] - (first - start)
    right_end = min(right_difference[1] + (end - last), len(right))
    shown = example.right[right[right_start].start : right[right_end - 1].end]
    pattern = _compiled(tokens, example.wrong, is_closed=end >= len(wrong) - 1)
    return [_made(example, pattern, tokens, shown)]


def _made(
    example: Example, pattern: regex.Pattern[str], tokens: Sequence[_Token], right: str
) -> TipPattern:
    wrong = example.wrong[tokens[0].start : tokens[-1].end]
    return TipPattern(example.week, example.headword, pattern, example.right, wrong, right)


def _words_back(tokens: Sequence[_Token], position: int, count: int) -> int:
    while position > 0 and count:
        position -= 1
        count -= tokens[position].is_word
    return position


def _words_on(tokens: Sequence[_Token], position: int, count: int) -> int:
    while position < len(tokens) and count:
        count -= tokens[position].is_word
        position += 1
    while position > 0 and not tokens[position - 1].is_word:
        position -= 1
    return position


def _spacing_patterns(
    example: Example, wrong: Sequence[_Token], right: Sequence[_Token]
) -> list[TipPattern]:
    """Return the pattern where only spaces differ: the tokens around the first that does."""
    for n in range(1, len(wrong)):
        is_glued = wrong[n].start == wrong[n - 1].end
        if is_glued != (right[n].start == right[n - 1].end):
            tokens = wrong[max(n - 2, 0) : n + 1]
            shown = example.right[right[max(n - 2, 0)].start : right[n].end]
            pattern = _compiled(tokens, example.wrong, is_closed=n + 1 == len(wrong))
            return [_made(example, pattern, tokens, shown)]
    return []


def _compiled(tokens: Sequence[_Token], text: str, is_closed: bool = False) -> regex.Pattern[str]:
    """Return a pattern for *tokens* with the gaps they have in *text*; it must end a sentence if *is_closed*."""
    parts = []
    for number, token in enumerate(tokens):
        if number:
            parts.append(r"\s+" if token.start > tokens[number - 1].end else "")
        parts.append(_token_pattern(token, is_first=token.start == 0))
    body = "".join(parts)
    before = r"(?<![\p{L}\p{N}\-’'])" if tokens[0].is_word else ""
    after = r"(?![\p{L}\p{N}\-’'])" if tokens[-1].is_word else ""
    closed = r"(?=\s*[.!?…:;“]|\s*$)" if is_closed and len(tokens) > 1 else ""
    return regex.compile(before + body + after + closed)


def _token_pattern(token: _Token, is_first: bool) -> str:
    """Return what matches *token* and its like: any number, weekday, month; either case at the start."""
    if token.text.isdigit():
        if len(token.text) == 4 and token.text[:2] in ("19", "20"):
            return r"(?:19|20)\d\d"
        return r"\d+"
    if regex.fullmatch(_DAYS, token.text):
        return f"(?:{_DAYS})"
    if regex.fullmatch(_MONTHS, token.text):
        return f"(?:{_MONTHS})"
    escaped = regex.sub(r"\d+", r"\\d+", regex.escape(token.text))
    first = token.text[0]
    if is_first and first.isalpha() and first.upper() != first.lower():
        return f"[{first.upper()}{first.lower()}]" + escaped[1:]
    return escaped


_PIECE = regex.compile(r"\*|#|[^\s*#]+|\s+")


def written_pattern(text: str) -> regex.Pattern[str]:
    """Return the pattern that the author wrote: words, „#“ for a number, „*“ for the rest of a word or a word."""
    parts: list[str] = []
    for piece in _PIECE.findall(text.strip()):
        if piece == "*":
            parts.append(r"[\p{L}\p{M}-]*" if parts and parts[-1] != r"\s+" else r"[\p{L}\p{M}-]+")
        elif piece == "#":
            parts.append(r"\d+")
        else:
            parts.append(r"\s+" if piece.isspace() else regex.escape(piece))
    return regex.compile(rf"(?<![\p{{L}}\p{{N}}]){''.join(parts)}(?![\p{{L}}\p{{N}}])")


def patterns(
    examples: Iterable[Example],
    is_known: Callable[[str], bool],
    written: Mapping[str, Sequence[str]],
) -> list[TipPattern]:
    """
    Return the patterns of all tips.

    *written* are the author's own by week; they replace what would be made of the example, and
    an empty list takes a tip out.
    """
    found = []
    for example in examples:
        if example.week in written:
            found += [
                TipPattern(example.week, example.headword, written_pattern(text), example.right)
                for text in written[example.week]
            ]
        else:
            found += patterns_of(example, is_known)
    return found


def findings(passage: Passage, tips: Iterable[TipPattern]) -> Iterator[Finding]:
    """Return where *passage* does what a tip warns of; quotations and italics show it on purpose."""
    if passage.role == "quote":
        return
    foreign = Cover([*passage.emphasis, *quotations(passage.text)])
    for tip in tips:
        for match in tip.pattern.finditer(passage.text):
            if match.span() in foreign:
                continue
            # With another day or number the example's own words would be no suggestion.
            is_literal = tip.right and match[0].lower() == tip.wrong.lower()
            message = f"Siehe Tipp {tip.week} ({tip.headword}): „{_inner_quotes(tip.example)}“"
            yield Finding(*match.span(), TIP, message, (tip.right,) if is_literal else ())


_INNER = str.maketrans("„“", "‚‘")


def _inner_quotes(text: str) -> str:
    return text.translate(_INNER)
