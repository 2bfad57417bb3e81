"""Words, sentences and quotations of a German text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import regex

Span = tuple[int, int]

_GENDER = r"[*:_·](?=(?:in(?:nen)?|[rnms])\b)"
# One written word: hyphens, apostrophes, slashes and gender signs inside, one hyphen at the end.
WORD = regex.compile(
    rf"[\p{{L}}\p{{N}}\p{{M}}]+"
    rf"(?:(?:[-‑'’\u00ad/]|/-|{_GENDER}|\((?=(?:in(?:nen)?|[rn])\))|(?<=\((?:in|innen|r|n))\)(?=\p{{L}}))"
    rf"[\p{{L}}\p{{N}}\p{{M}}]+|(?<=\((?:in|innen|r|n))\))*"
    rf"[-‑]?"
)
_PLAIN_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:[-‑’'\u00ad]\p{L}[\p{L}\p{M}]*)*")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage: its words without signs, and where it stands there."""

    start: int
    end: int
    words: tuple[str, ...]


def words(text: str) -> list[str]:
    """Return the words of *text*; figures are no words."""
    return _PLAIN_WORD.findall(text)


_ABBREVIATIONS = frozenset(
    "a Abb Abs Abschn allg Anm Art Aufl Ausg B b Bd bes Best bspw bzgl bzw ca ch d D Dr ebd e "
    "ehem eigtl einschl engl erg evtl exkl f ff Fa Fr frz gem ggf griech H h Hbf Hr Hrn Hrsg i "
    "Ing inkl insb jährl Jg jmd Kap kath lat lfd Lit lt M m max min Min Mio mtl Mrd Nr n o p "
    "Pf Pkt Prof r R s S sen jun sog St Std Str svw tägl Tel u U v V vgl vs z Z zit zz zzgl "
    "Jan Feb Apr Aug Sept Okt Nov Dez Mo Di Mi Do So".split()
)
_END = regex.compile(r"[.!?…]+[“‘”’«»‹›\"')\]]*(?=\s|$)")
_MAX_ABBREVIATION = 30
_LAST_WORD = regex.compile(r"[\p{L}\p{N}]+(?=[.!?…]+[“‘”’«»‹›\"')\]]*$)")


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of *text*: „z. B.“, „Dr. Voss“, „14. Januar“ end none."""
    found = []
    start = 0
    for end in _END.finditer(text):
        if _ends_sentence(text, start, end):
            found.append((start, end.end()))
            start = end.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return [_sentence(text, *span) for span in found if text[slice(*span)].strip()]


def _ends_sentence(text: str, start: int, end: regex.Match[str]) -> bool:
    rest = text[end.end() : end.end() + 4].lstrip(" \n\t\u00a0\u202f–—")
    # After „!“ and „…“ inside a sentence it goes on with a small letter; so it does after „usw.“.
    if rest and (rest[0].islower() or rest[0] in ",;"):
        return False
    if not end[0].startswith(".") or end[0].startswith(".."):
        return True
    last = _LAST_WORD.search(text, max(start, end.end() - _MAX_ABBREVIATION), end.end())
    if last is None:
        return True
    word = last[0]
    if not rest:
        return True
    return word not in _ABBREVIATIONS and not (word.isdigit() and len(word) <= 2)


def _sentence(text: str, start: int, end: int) -> Sentence:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    return Sentence(start, end, tuple(words(part)))


_CLOSERS = {"„": "“”", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "›": "‹", "“": "”", '"': '"'}
_QUOTE_SIGN = regex.compile(r"[„“”‚‘«»‹›\"]|’(?!\p{L})")


def quotations(text: str) -> list[Span]:
    """Return the outermost quotations of *text*, from their first to behind their last sign."""
    found: list[Span] = []
    stack: list[tuple[int, str]] = []
    for match in _QUOTE_SIGN.finditer(text):
        sign, place = match[0], match.start()
        if stack and sign in stack[-1][1]:
            start, _ = stack.pop()
            if not stack:
                found.append((start, place + 1))
        elif stack and len(stack) > 1 and sign in stack[-2][1]:
            # An inner sign was never closed: it was an apostrophe, or a slip.
            stack.pop()
            start, _ = stack.pop()
            if not stack:
                found.append((start, place + 1))
        elif sign in _CLOSERS:
            stack.append((place, _CLOSERS[sign]))
    return found


class Cover:
    """Knows whether a span lies within one of those it was made of: `span in Cover(spans)`."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        # The furthest end of all that begin up to here: one of them reaches as far.
        self._ends = list(accumulate((end for _, end in ordered), max))

    def __contains__(self, span: Span) -> bool:
        number = bisect_right(self._starts, span[0])
        return number > 0 and self._ends[number - 1] >= span[1]
