"""Which week the author means: „2026-kw02“, „KW 2“, „2026-01-07“ or nothing for this one."""

from __future__ import annotations

import datetime as dt

import regex

from plugins.source.problem import AuthorError
from plugins.tips.core import week_day, week_key

_WITH_YEAR = regex.compile(r"(\d{4})[\s-]*KW\s*(\d{1,2})", regex.IGNORECASE)
_LABEL = regex.compile(r"(?:KW)?\s*(\d{1,2})(?:\s*/\s*(\d{4}))?", regex.IGNORECASE)


def named_week(text: str, today: dt.date) -> str:
    """
    Return the key of the week that *text* names; without a year, it is in the year of *today*'s week.

    Raises:
        AuthorError: There is no such week.
    """
    text = text.strip()
    if not text:
        return week_key(today)
    if match := _WITH_YEAR.fullmatch(text):
        year, week = match[1], match[2]
    elif match := _LABEL.fullmatch(text):
        year, week = match[2] or str(today.isocalendar().year), match[1]
    else:
        return week_key(_day(text))
    key = f"{year}-kw{int(week):02d}"
    if week_day(key) is None:
        raise AuthorError(f"Die Woche „{text}“ gibt es nicht – {year} hat weniger Wochen.")
    return key


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise AuthorError(
            f"„{text}“ ist keine Woche – schreiben Sie 2026-kw02, KW2 oder das Datum, 2026-01-07."
        ) from None
