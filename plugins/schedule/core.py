"""What is out on a day."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from plugins.source.problem import Problem, SourceError


def site_date(wanted: str | dt.date | None, now: dt.datetime, timezone: str) -> dt.date:
    """
    Return the day the site shows: *wanted*, or the day of *now* (aware) in *timezone*.

    Raises:
        SourceError: *wanted* is not a date.
    """
    if not wanted:
        return now.astimezone(ZoneInfo(timezone)).date()
    if isinstance(wanted, dt.datetime):
        return wanted.date()
    if isinstance(wanted, dt.date):
        return wanted
    try:
        return dt.date.fromisoformat(wanted)
    except (TypeError, ValueError):
        raise SourceError(
            [
                Problem(
                    "SITE_DATE",
                    f"„{wanted}“ ist kein Datum.",
                    remedy="Schreiben Sie Jahr-Monat-Tag, zum Beispiel SITE_DATE=2026-03-04.",
                )
            ]
        ) from None


def is_out(moment: dt.date | None, today: dt.date, timezone: str) -> bool:
    """Return whether *moment* (a date, or a naive or aware date and time) is not after *today*."""
    if moment is None:
        return True
    if isinstance(moment, dt.datetime):
        if moment.tzinfo is not None:
            moment = moment.astimezone(ZoneInfo(timezone))
        moment = moment.date()
    return moment <= today
