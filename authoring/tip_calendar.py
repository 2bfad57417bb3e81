"""What the author wants to know of her tips: the queue, gaps, holidays, what grows old, the topics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dateutil.easter import easter  # type: ignore[import-untyped]

from plugins.tips.core import WEDNESDAY, Tip

WEEK = dt.timedelta(weeks=1)
_RECENT = dt.timedelta(weeks=26)
#: Days from Easter Sunday.
_MOVABLE = {
    "Karfreitag": -2,
    "Ostermontag": 1,
    "Christi Himmelfahrt": 39,
    "Pfingstmontag": 50,
}
_FIXED = {
    "Neujahr": (1, 1),
    "Tag der Arbeit": (5, 1),
    "Tag der Deutschen Einheit": (10, 3),
    "1. Weihnachtstag": (12, 25),
    "2. Weihnachtstag": (12, 26),
}


def holidays(year: int) -> dict[dt.date, str]:
    """Return the holidays of all German states (Ascension and 1 May may fall on one day)."""
    found = [(dt.date(year, month, day), name) for name, (month, day) in _FIXED.items()]
    found += [(easter(year) + dt.timedelta(days), name) for name, days in _MOVABLE.items()]
    named: dict[dt.date, str] = {}
    for day, name in sorted(found):
        named[day] = f"{named[day]}, {name}" if day in named else name
    return named


def holidays_of_week(wednesday: dt.date) -> dict[dt.date, str]:
    """Return the holidays from Monday to Sunday around *wednesday*."""
    monday = wednesday - dt.timedelta(WEDNESDAY)
    days = [monday + dt.timedelta(n) for n in range(7)]
    known = {day: name for year in {d.year for d in days} for day, name in holidays(year).items()}
    return {day: known[day] for day in days if day in known}


@dataclass(frozen=True)
class Topic:
    """How a topic fares: all tips, those of the last half year, those to come, the latest day."""

    name: str
    count: int
    recent: int
    queued: int
    latest: dt.date | None


@dataclass(frozen=True)
class Calendar:
    """The tips as of *today*."""

    tips: Mapping[dt.date, Tip]
    today: dt.date

    @property
    def next_wednesday(self) -> dt.date:
        """Today, or the Wednesday after."""
        return self.today + dt.timedelta((WEDNESDAY - self.today.weekday()) % 7)

    def coming(self, weeks: int) -> list[dt.date]:
        """Return the next Wednesdays."""
        return [self.next_wednesday + n * WEEK for n in range(weeks)]

    @property
    def queue(self) -> list[Tip]:
        """The tips that are not out yet, in order."""
        return [self.tips[day] for day in sorted(self.tips) if day > self.today]

    @property
    def next_free(self) -> dt.date:
        """The next Wednesday without a tip."""
        day = self.next_wednesday
        while day in self.tips:
            day += WEEK
        return day

    @property
    def gaps(self) -> list[dt.date]:
        """Wednesdays without a tip between the first tip and the last."""
        if not self.tips:
            return []
        first, last = min(self.tips), max(self.tips)
        days = (first + n * WEEK for n in range((last - first) // WEEK))
        return [day for day in days if day not in self.tips]

    @property
    def stale(self) -> list[Tip]:
        """Tips that nobody has checked for two years, the longest unchecked first."""
        limit = _two_years_before(self.today)
        old = [tip for tip in self.tips.values() if _seen(tip) <= limit]
        return sorted(old, key=lambda tip: (_seen(tip), tip.date))

    def topics(self, names: Sequence[str]) -> list[Topic]:
        """Return how the topics fare, in the order of *names*."""
        return [self._topic(name) for name in names]

    def _topic(self, name: str) -> Topic:
        days = [day for day, tip in self.tips.items() if tip.topic == name]
        out = [day for day in days if day <= self.today]
        return Topic(
            name,
            len(days),
            sum(day > self.today - _RECENT for day in out),
            len(days) - len(out),
            max(out, default=None),
        )


def calendar(tips: Iterable[Tip], today: dt.date) -> Calendar:
    """Return the calendar of *tips*."""
    return Calendar({tip.date: tip for tip in tips}, today)


def _seen(tip: Tip) -> dt.date:
    """Return when the tip was last looked at: checked, or written."""
    return tip.checked or tip.date


def _two_years_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 2)
    except ValueError:
        return day.replace(year=day.year - 2, day=28)
