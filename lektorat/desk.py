"""All checks of one document, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lektorat import phrases, readability, repetition, tip_patterns
from lektorat.documents import Document
from lektorat.hints import KINDS, REPETITION, SPELLING, STYLE, TIP, Finding, Hint, hint
from lektorat.house_style import HouseRules
from lektorat.prose import Passage
from lektorat.readability import Limits, Summary
from lektorat.spelling import Speller
from lektorat.tip_patterns import TipPattern
from lektorat.words import words

# From this share of quotations on, the author gets a hint.
MAX_QUOTED = 0.4
_MIN_WORDS = 200


@dataclass(frozen=True)
class Desk:
    """What the checks need: made once, used for all documents."""

    speller: Speller
    house_rules: HouseRules
    limits: Limits
    tips: Sequence[TipPattern]


@dataclass(frozen=True)
class Review:
    """What the desk says of a document; texts in English have no summary."""

    file: str
    hints: tuple[Hint, ...]
    summary: Summary | None
    words: int


def review(document: Document, desk: Desk) -> Review:
    """Return the hints on *document* in the order of their places, and its summary."""
    german = [passage for passage in document.passages if passage.lang.startswith("de")]
    found = [
        hint(document, passage, finding)
        for passage in german
        for finding in _merged(_findings(passage, desk, document.is_tips))
    ]
    found += [hint(document, *pair) for pair in repetition.same_beginnings(german)]
    quoted = repetition.quoted_share(german)
    summary = readability.summary(german, quoted) if german else None
    if summary and summary.counts.words >= _MIN_WORDS and quoted > MAX_QUOTED:
        message = f"{quoted:.0%} des Textes sind Zitate.".replace("%", "\u00a0%")
        found.append(Hint(document.file, 1, 1, STYLE, "", message))
    order = list(KINDS)
    found.sort(key=lambda hint: (hint.line, hint.column, order.index(hint.kind)))
    total = sum(len(words(passage.text)) for passage in document.passages)
    return Review(document.file, tuple(found), summary, total)


def _findings(passage: Passage, desk: Desk, is_tips: bool) -> Iterator[Finding]:
    yield from desk.speller.findings(passage)
    yield from phrases.findings(passage)
    yield from desk.house_rules.findings(passage)
    yield from repetition.doubled_words(passage)
    if not is_tips:
        yield from tip_patterns.findings(passage, desk.tips)
    yield from readability.findings(passage, desk.limits)


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """
    Return one finding where several say the same of a place.

    A tip that meets another finding becomes a part of it: the mistake keeps its kind.
    """
    found: list[Finding] = []
    tips: list[Finding] = []
    for finding in findings:
        (tips if finding.kind == TIP else found).append(finding)
    kept: list[Finding] = []
    for finding in found:
        is_double = finding.kind == SPELLING and any(
            other.kind == SPELLING and _overlap(other, finding) for other in kept
        )
        if not is_double:
            kept.append(finding)
    for tip in tips:
        for number, finding in enumerate(kept):
            if finding.kind not in (STYLE, REPETITION) and _overlap(finding, tip):
                source = tip.message.split("): ", 1)[0] + ")."
                kept[number] = replace(finding, message=f"{finding.message} {source}")
                break
        else:
            kept.append(tip)
    return kept


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end
