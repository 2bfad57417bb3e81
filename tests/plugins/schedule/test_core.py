"""The day the site shows, and what is out on it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.schedule.core import is_out, site_date
from plugins.source.problem import SourceError

BERLIN = "Europe/Berlin"
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    "wanted",
    [
        "2026-03-04",
        dt.date(2026, 3, 4),
        dt.datetime(2026, 3, 4, 23, 59),
        dt.datetime(2026, 3, 4, 23, 59, tzinfo=ZoneInfo(BERLIN)),
    ],
)
def test_a_wanted_day_wins_over_the_clock(wanted: Any) -> None:
    day = site_date(wanted, NOON, BERLIN)
    assert day == dt.date(2026, 3, 4)
    assert type(day) is dt.date


@pytest.mark.parametrize("wanted", [None, ""])
@pytest.mark.parametrize(
    ("now", "timezone", "day"),
    [
        (dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC), BERLIN, dt.date(2026, 11, 22)),
        (dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC), BERLIN, dt.date(2026, 11, 23)),
        (dt.datetime(2026, 7, 22, 22, 0, tzinfo=dt.UTC), BERLIN, dt.date(2026, 7, 23)),
        (dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC), "America/Lima", dt.date(2026, 11, 21)),
    ],
)
def test_otherwise_it_is_today_where_the_author_lives(
    wanted: str | None, now: dt.datetime, timezone: str, day: dt.date
) -> None:
    assert site_date(wanted, now, timezone) == day


@pytest.mark.parametrize(
    "wanted", ["gestern", "2026-02-30", "4.3.2026", " ", "2026-03-04 08:00", 2026, 20260304]
)
def test_what_is_no_day_is_one_german_message(wanted: Any) -> None:
    with pytest.raises(SourceError) as caught:
        site_date(wanted, NOON, BERLIN)
    assert str(caught.value) == (
        f"SITE_DATE: „{wanted}“ ist kein Datum. "
        "Schreiben Sie Jahr-Monat-Tag, zum Beispiel SITE_DATE=2026-03-04."
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (None, True),
        (dt.date(2026, 11, 22), True),
        (dt.date(2026, 11, 23), False),
        (dt.datetime(2026, 11, 22, 23, 59), True),
        (dt.datetime(2026, 11, 23, 0, 0), False),
        # 23:30 in UTC is half past midnight in Berlin.
        (dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 11, 22, 22, 30, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 11, 23, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo")), True),
    ],
)
def test_a_day_is_out_from_its_first_minute_on(moment: dt.date | None, expected: bool) -> None:
    assert is_out(moment, TODAY, BERLIN) is expected
