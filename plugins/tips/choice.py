"""What is picked out of the tips: one for a day, neighbours in a topic, a list, the questions of the quiz."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plugins.tips.core import Tip

#: As many as a year has weeks.
QUIZ_LENGTH = 52
NEIGHBOURS = 3


@dataclass(frozen=True)
class Question:
    """Which of a tip's two examples is right? They are shown in an order that stays."""

    tip: Tip
    is_right_first: bool


def of_the_day(tips: Sequence[Tip], day: dt.date) -> Tip | None:
    """
    Return the tip that the lot falls on that *day*; not the newest, if there are others.

    *tips* are oldest first. A new tip changes the draw only if the lot falls on it: each has a number for
    each day, and the lowest wins.
    """
    candidates = tips[:-1] or tips
    return min(candidates, key=lambda tip: _lot(f"{day.isoformat()} {tip.week}"), default=None)


def _lot(text: str) -> int:
    """Return a number that looks like chance, and is the same on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def neighbours_in_topic(tips: Iterable[Tip]) -> dict[str, list[Tip]]:
    """
    Return, by week, the nearest other tips of the same topic, newest first.

    One that is newer and two that are older, so that a new tip changes only the pages of the last ones.
    """
    topics: dict[str, list[Tip]] = {}
    for tip in sorted(tips, key=lambda tip: tip.date, reverse=True):
        topics.setdefault(tip.topic, []).append(tip)
    found = {}
    for group in topics.values():
        last_start = max(0, len(group) - NEIGHBOURS - 1)
        for place, tip in enumerate(group):
            start = min(max(0, place - 1), last_start)
            window = group[start : start + NEIGHBOURS + 1]
            found[tip.week] = [other for other in window if other is not tip]
    return found


def newest(tips: Iterable[Tip], topic: str | None, count: int) -> list[Tip]:
    """Return the newest *count* tips of *topic* (of all, if it is None), newest first."""
    of_topic = [tip for tip in tips if topic in (None, tip.topic)]
    return sorted(of_topic, key=lambda tip: tip.date, reverse=True)[:count]


def questions(tips: Iterable[Tip]) -> list[Question]:
    """Return a question for each of the newest tips that have a pair of examples, newest first."""
    pairs = [tip for tip in tips if tip.wrong and tip.right]
    return [Question(tip, _lot(tip.week) % 2 == 0) for tip in newest(pairs, None, QUIZ_LENGTH)]
