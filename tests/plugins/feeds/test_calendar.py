"""The calendar is one that every program reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.feeds.calendar import Calendar, Event, calendar, folded

ABOUT = Calendar("Post: Tipps", "Ein Tipp.", "https://a.example/", "https://a.example/t.ics", "de")
EVENT = Event(
    uid="tipp-2026-kw02@a.example",
    day=dt.date(2026, 1, 7),
    modified=dt.date(2026, 3, 2),
    summary="Mittwochstipp: Apostroph",
    description="Der Genitiv kommt ohne Apostroph aus.",
    url="https://a.example/tipps/2026-kw02/",
    category="Zeichensetzung",
)


def _parsed(*events: Event) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendar(ABOUT, events))


def test_an_event_is_a_whole_day_that_keeps_nobody_from_anything() -> None:
    parsed = _parsed(EVENT)
    assert parsed.errors == []
    assert (parsed["VERSION"], str(parsed["NAME"])) == ("2.0", "Post: Tipps")
    (event,) = parsed.walk("VEVENT")
    assert event.errors == []
    assert (event.start, event.duration) == (dt.date(2026, 1, 7), dt.timedelta(days=1))
    assert (str(event["UID"]), str(event["TRANSP"])) == ("tipp-2026-kw02@a.example", "TRANSPARENT")
    assert str(event["URL"]) == "https://a.example/tipps/2026-kw02/"
    assert event.categories == ["Zeichensetzung"]


def test_an_event_says_when_it_was_put_right() -> None:
    (event,) = _parsed(EVENT).walk("VEVENT")
    moment = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (moment, moment)
    assert event.start == dt.date(2026, 1, 7)


def test_everything_that_rfc_5545_asks_for_is_there_once() -> None:
    lines = calendar(ABOUT, [EVENT, replace(EVENT, uid="2")]).decode().split("\r\n")
    for name in ("BEGIN:VCALENDAR", "VERSION:", "PRODID:", "END:VCALENDAR"):
        assert sum(line.startswith(name) for line in lines) == 1, name
    for name in ("UID:", "DTSTAMP:", "LAST-MODIFIED:", "DTSTART;"):
        assert sum(line.startswith(name) for line in lines) == 2, name
    assert lines[-1] == ""


@pytest.mark.parametrize(
    "text",
    [
        "a; b, c",
        "C:\\neu\\Text",
        "Zeile\nZeile",
        "BEGIN:VEVENT\r\nEND:VCALENDAR",
        "ü" * 200,
        "ä€😀" * 60,
        'Er sagte: „Ja“, "ja" und: nein',
    ],
)
def test_any_text_comes_back(text: str) -> None:
    (event,) = _parsed(replace(EVENT, description=text)).walk("VEVENT")
    assert str(event["DESCRIPTION"]) == text.replace("\r", "")


def test_narrow_spaces_become_ordinary_ones() -> None:
    (event,) = _parsed(replace(EVENT, summary="z.\u202fB. 5\u00a0km")).walk("VEVENT")
    assert str(event["SUMMARY"]) == "z. B. 5 km"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=400))
def test_no_line_has_more_than_75_bytes_and_no_character_is_cut(line: str) -> None:
    data = folded(line)
    pieces = data.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    for piece in pieces:
        piece.decode()
    assert pieces[0] + b"".join(piece[1:] for piece in pieces[1:]) == line.encode()
