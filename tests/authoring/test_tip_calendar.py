"""The author's calendar: holidays, queue, gaps, what grows old, topics."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from authoring.tip_calendar import Calendar, Topic, calendar, holidays, holidays_of_week
from authoring.tip_tables import show_calendar
from plugins.tips.core import Tip
from tests.site import Site

TODAY = dt.date(2026, 11, 22)  # a Sunday


def _tip(day: str, topic: str = "Stil", checked: str = "") -> Tip:
    value = {"date": day, "headword": f"W{day}", "topic": topic, "tip": "K", "checked": checked}
    return Tip.model_validate(value)


def _calendar(*days: str, today: dt.date = TODAY) -> Calendar:
    return calendar(map(_tip, days), today)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # The nationwide holidays as the official calendars of the states give them.
        (2026, "1.1. 3.4. 6.4. 1.5. 14.5. 25.5. 3.10. 25.12. 26.12."),
        (2027, "1.1. 26.3. 29.3. 1.5. 6.5. 17.5. 3.10. 25.12. 26.12."),
        (2024, "1.1. 29.3. 1.4. 1.5. 9.5. 20.5. 3.10. 25.12. 26.12."),
        (2038, "1.1. 23.4. 26.4. 1.5. 3.6. 14.6. 3.10. 25.12. 26.12."),
    ],
)
def test_holidays_are_those_of_all_states(year: int, days: str) -> None:
    assert " ".join(f"{day.day}.{day.month}." for day in holidays(year)) == days


def test_two_holidays_on_one_day_are_both_named() -> None:
    assert holidays(2008)[dt.date(2008, 5, 1)] == "Christi Himmelfahrt, Tag der Arbeit"


def test_a_week_has_the_holidays_of_both_its_years() -> None:
    assert holidays_of_week(dt.date(2026, 12, 30)) == {dt.date(2027, 1, 1): "Neujahr"}
    assert list(holidays_of_week(dt.date(2026, 12, 23)).values()) == [
        "1. Weihnachtstag",
        "2. Weihnachtstag",
    ]
    assert holidays_of_week(dt.date(2026, 7, 1)) == {}


def test_the_queue_is_what_is_not_out_yet() -> None:
    found = _calendar("2026-11-18", "2026-12-09", "2026-11-25")
    assert [tip.week for tip in found.queue] == ["2026-kw48", "2026-kw50"]
    assert found.next_free == dt.date(2026, 12, 2)
    assert found.coming(2) == [dt.date(2026, 11, 25), dt.date(2026, 12, 2)]


def test_today_may_be_a_free_wednesday() -> None:
    wednesday = dt.date(2026, 11, 25)
    assert _calendar(today=wednesday).next_free == wednesday
    assert _calendar("2026-11-25", today=wednesday).queue == []


def test_gaps_lie_between_the_first_tip_and_the_last() -> None:
    found = _calendar("2026-10-28", "2026-11-18", "2026-12-02")
    assert found.gaps == [
        dt.date(2026, 11, 4),
        dt.date(2026, 11, 11),
        dt.date(2026, 11, 25),
    ]
    assert _calendar("2026-11-18").gaps == []
    assert _calendar().gaps == []


def test_what_was_not_checked_for_two_years_is_old() -> None:
    tips = [
        _tip("2024-11-20"),
        _tip("2024-11-27"),
        _tip("2023-01-04", checked="2025-01-01"),
        _tip("2022-01-05", checked="2024-11-22"),
        _tip("2022-01-12", checked="2024-11-23"),
    ]
    assert [tip.week for tip in calendar(tips, TODAY).stale] == ["2024-kw47", "2022-kw01"]
    assert len(calendar(tips, dt.date(2028, 2, 29)).stale) == 5


def test_topics_are_counted_by_time() -> None:
    tips = [
        _tip("2026-01-07", "Grammatik"),
        _tip("2026-11-11", "Stil"),
        _tip("2026-11-18", "Grammatik"),
        _tip("2026-11-25", "Grammatik"),
    ]
    assert calendar(tips, TODAY).topics(("Stil", "Grammatik", "Wortwahl")) == [
        Topic("Stil", 1, 1, 0, dt.date(2026, 11, 11)),
        Topic("Grammatik", 3, 1, 1, dt.date(2026, 11, 18)),
        Topic("Wortwahl", 0, 0, 0, None),
    ]


@pytest.fixture
def shown(
    small_site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Show the calendar of the small site on a day."""

    def show(day: str, weeks: int = 10) -> str:
        monkeypatch.setenv("SITE_DATE", day)
        monkeypatch.setenv("COLUMNS", "100")
        show_calendar(str(small_site.content), weeks)
        return capsys.readouterr().out

    return show


def test_it_is_all_shown(small_site: Site, shown: Callable[..., str]) -> None:
    small_site.replace("tipps/2026.yaml", "headword: Ähre", "headword: '[b]Ähre[/b]'")
    out = shown("2026-02-01", 3)
    lines = [" ".join(re.split(r"[\s\u00a0]+", line)).strip() for line in out.splitlines()]
    assert lines[0] == "KW Mittwoch Tipp Thema Feiertage"
    assert lines[2:5] == [
        "6 4.2.2026 [b]Ähre[/b] Rechtschreibung",
        "7 11.2.2026 frei",
        "8 18.2.2026 frei",
    ]
    text = "\n".join(lines)
    assert (
        "Vorrat: 2 Tipps. Der nächste freie Mittwoch ist der 11. Februar 2026 (KW 7).\n"
        "Lücken: KW 4 (21. Januar 2026), KW 5 (28. Januar 2026), KW 7 (11. Februar 2026), "
        "KW 8 (18. Februar 2026), KW 9 (25. Februar 2026), KW 10 (4. März 2026).\n"
        "Alle Tipps sind in den letzten zwei Jahren geprüft.\n"
    ) in text
    assert "Stil 1 1 0 vor 2 Wochen" in lines
    assert "Wortwahl 0 0 0 noch nie" in lines


def test_old_tips_are_named(shown: Callable[..., str]) -> None:
    assert (
        "Seit zwei Jahren nicht geprüft: 2026-kw02 Apostroph, 2026-kw03 Füllwörter, "
        "2026-kw06 Ähre, 2026-kw11 Gedankenstrich.\n"
    ) in shown("2029-01-01")


def test_many_gaps_are_told_in_short(small_site: Site, shown: Callable[..., str]) -> None:
    small_site.write("tipps/2027.yaml", "- {date: 2027-01-06, headword: A, topic: Stil, tip: K}\n")
    out = " ".join(shown("2026-02-01").split())
    assert "KW 15 (8. April 2026) und 38 weitere." in out


def test_an_empty_collection_has_a_calendar(small_site: Site, shown: Callable[..., str]) -> None:
    small_site.write("tipps/2026.yaml", "")
    assert "Vorrat: 0\u00a0Tipps." in shown("2026-02-01")


def test_the_command_itself(small_site: Site) -> None:
    content = str(small_site.content)
    result = small_site.invoke("tips.calendar", "--weeks", "3", "--content", content)
    assert result.status == 0, result.err
    assert "Vorrat:" in result.out
