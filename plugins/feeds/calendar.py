"""A calendar of days, as RFC 5545 (iCalendar) and RFC 7986 have it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LINE_BYTES = 75
_ESCAPES = str.maketrans(
    # Programs for calendars know no narrow spaces; line breaks are „\n“, other controls forbidden.
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\u202f": " ", "\u00a0": " "}
    | {chr(code): None for code in (*range(9), *range(11, 32), 127)}
)


@dataclass(frozen=True)
class Event:
    """Something on one *day*; *uid* stays the same whatever else changes, last on the day *modified*."""

    uid: str
    day: dt.date
    modified: dt.date
    summary: str
    description: str
    url: str
    category: str


@dataclass(frozen=True)
class Calendar:
    """What a calendar says of itself; *source* is its own address."""

    name: str
    description: str
    url: str
    source: str
    language: str


def calendar(about: Calendar, events: Iterable[Event]) -> bytes:
    """Return the calendar file; *events* must not be empty."""
    lines = [*_head(about), *(line for event in events for line in _event(event)), "END:VCALENDAR"]
    return b"".join(map(folded, lines))


def folded(line: str) -> bytes:
    """Return a content line in pieces of at most 75 bytes; no character is cut in two."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        data = char.encode()
        if len(piece) + len(data) > _LINE_BYTES:
            pieces.append(piece)
            # Each further line begins with a space, which counts.
            piece = b" "
        piece += data
    return b"\r\n".join([*pieces, piece]) + b"\r\n"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _head(about: Calendar) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{_escaped(about.name)}//Mittwochspost//{about.language.upper()}"
    yield "CALSCALE:GREGORIAN"
    # RFC 7986, and the older name that most programs look for.
    for name in ("NAME", "X-WR-CALNAME"):
        yield f"{name}:{_escaped(about.name)}"
    for name in ("DESCRIPTION", "X-WR-CALDESC"):
        yield f"{name}:{_escaped(about.description)}"
    yield f"URL:{about.url}"
    yield f"SOURCE;VALUE=URI:{about.source}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:P1D"
    yield "X-PUBLISHED-TTL:P1D"


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    # When it was last put right. Without a METHOD both say the same (RFC 5545, 3.8.7.2), but programs look
    # for the one or the other. No more than a day: a build depends on no clock.
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        yield f"{name}:{event.modified:%Y%m%d}T000000Z"
    # Without an end, it is the whole day.
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    yield f"DESCRIPTION:{_escaped(event.description)}"
    yield f"URL:{event.url}"
    yield f"CATEGORIES:{_escaped(event.category)}"
    # It keeps nobody from anything.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
