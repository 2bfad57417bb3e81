"""What a quotation's heading line and a tip's card say."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from plugins.german.core import date as german_date


@dataclass(frozen=True)
class Attribution:
    """Who said it, and in which work (may be empty)."""

    person: str
    work: str


def attribution(line: str) -> Attribution:
    """Return „Name, Werk“ in its parts; the work is all after the first comma."""
    person, _, work = line.partition(",")
    return Attribution(person.strip(), work.strip())


def accessed_note(day: dt.date) -> str:
    """Return „abgerufen am 1. März 2026“."""
    return f"abgerufen am {german_date(day)}"


def is_web_address(url: str) -> bool:
    """Return whether *url* is an absolute http(s) URL without spaces."""
    return re.fullmatch(r"https?://[^\s\"<>]+\.[^\s\"<>]+", url) is not None
