"""What the desk says, set for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from lektorat.desk import Review
from lektorat.hints import KINDS, Hint
from lektorat.readability import LONG, VERY_LONG, Summary, ease
from plugins.german.core import NBSP, listed, plural

_MAX_TEXT = 60


def as_json(reviews: Iterable[Review]) -> str:
    """Return all hints as a list of objects: file, line, column, kind, text, message, suggestions."""
    hints = [asdict(hint) for review in reviews for hint in review.hints]
    return json.dumps(hints, ensure_ascii=False, indent=2)


def lines(reviews: Sequence[Review], is_brief: bool) -> Iterator[str]:
    """Return the lines for people, grouped by file; files without hints have none if *is_brief*."""
    for review in reviews:
        if review.hints or not is_brief:
            yield review.file
            yield from _hint_lines(review.hints)
            if review.summary and review.summary.counts.words:
                yield f"  {_summary_line(review.summary)}"
            yield ""
    yield closing(reviews)


def _hint_lines(hints: Sequence[Hint]) -> Iterator[str]:
    places = [f"{hint.line}:{hint.column}" for hint in hints]
    width = max(map(len, places), default=0)
    kind_width = max((len(KINDS[hint.kind]) for hint in hints), default=0)
    for place, hint in zip(places, hints, strict=True):
        yield f"  {place:<{width}}  {KINDS[hint.kind]:<{kind_width}}  {_said(hint)}"


def _said(hint: Hint) -> str:
    text = hint.text
    if len(text) > _MAX_TEXT:
        text = f"{text[:_MAX_TEXT].rsplit(' ', 1)[0].rstrip(' ,;:–')}{NBSP}…"
    shown = f"„{text.replace('„', '‚').replace('“', '‘')}“: " if text else ""
    more = [f"„{form}“" for form in hint.suggestions if f"„{form}“" not in hint.message]
    # Words are listed only where there are several to choose from.
    also = f" Oder: {', '.join(more[:3])}." if more and len(hint.suggestions) > 1 else ""
    if more and len(hint.suggestions) == 1 and more[0] not in hint.message:
        also = f" Vorschlag: {more[0]}."
    return f"{shown}{hint.message}{also}"


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _summary_line(summary: Summary) -> str:
    counts = summary.counts
    parts = [
        f"{plural(counts.words, 'Wort', 'Wörter')} in {plural(counts.sentences, 'Satz', 'Sätzen')}",
        f"im Mittel {_decimal(counts.sentence_length)} Wörter je Satz, "
        f"{summary.over_long} über {LONG}, {summary.over_very_long} über {VERY_LONG}",
        f"Amstad {summary.amstad:.0f} ({ease(summary.amstad)})",
        f"Wiener Sachtextformel {_decimal(summary.wiener)}",
        f"Passiv {summary.passive:.0f}{NBSP}% der Sätze",
        f"Nominalstil {_decimal(summary.nominal)}{NBSP}%",
        f"Füllwörter {_decimal(summary.fillers)}{NBSP}%",
        f"Zitate {summary.quoted:.0f}{NBSP}%",
    ]
    return "Lesbarkeit: " + "; ".join(parts) + "."


def closing(reviews: Sequence[Review]) -> str:
    """Return the last line: how much was read, and how many hints of which kind there are."""
    words = plural(sum(review.words for review in reviews), "Wort", "Wörter")
    read = f"{plural(len(reviews), 'Datei', 'Dateien')}, {words} gelesen"
    counted = Counter(hint.kind for review in reviews for hint in review.hints)
    if not counted:
        return f"{read}: keine Hinweise."
    kinds = listed(
        f"{counted[kind]}{NBSP}× {name}" for kind, name in KINDS.items() if counted[kind]
    )
    return f"{read}, {plural(counted.total(), 'Hinweis', 'Hinweise')}: {kinds}."
