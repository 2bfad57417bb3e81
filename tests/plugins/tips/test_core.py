"""Tips, their weeks and lengths, and what is wrong with a collection."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.source.core import load_yaml
from plugins.source.problem import SourceError
from plugins.tips import core
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"
TOPICS = ("Stil", "Grammatik")


def _tip(date: str, headword: str = "A", topic: str = "Stil", tip: str = "Kurz.") -> core.Tip:
    return core.Tip.model_validate({"date": date, "headword": headword, "topic": topic, "tip": tip})


def _entries(text: str, file: str = "2026.yaml", year: int | None = 2026) -> list[core.Entry]:
    document = load_yaml(text, file)
    return [
        core.Entry(tip, file, line, document, number)
        for number, (tip, line) in enumerate(core.read_year(document, file, year))
    ]


@pytest.mark.parametrize(("text", "messages"), cases(CASES / "faults.md"))
def test_a_mistake_is_one_message(text: str, messages: str) -> None:
    try:
        entries = _entries(text)
        found = core.date_clashes(entries) + core.problems(entries, TOPICS, str)
    except SourceError as error:
        found = list(error.problems)
    assert "\n".join(map(str, found)) == messages
    assert all(problem.remedy for problem in found)


# --- Weeks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (dt.date(2025, 12, 31), "2026-kw01"),
        (dt.date(2026, 1, 7), "2026-kw02"),
        (dt.date(2026, 12, 30), "2026-kw53"),
        (dt.date(2027, 1, 1), "2026-kw53"),
        (dt.date(2027, 1, 6), "2027-kw01"),
        (dt.date(2021, 1, 3), "2020-kw53"),
        (dt.date(2024, 12, 30), "2025-kw01"),
    ],
)
def test_weeks_are_those_of_iso_8601(day: dt.date, week: str) -> None:
    assert core.week_key(day) == week


def test_a_tip_has_the_year_of_its_week() -> None:
    tip = _tip("2025-12-31")
    assert (tip.week, tip.year, tip.label) == ("2026-kw01", 2026, "KW\u00a01/2026")


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_the_day_of_a_week_is_its_wednesday(day: dt.date) -> None:
    wednesday = core.week_day(core.week_key(day))
    assert wednesday is not None
    assert wednesday.weekday() == core.WEDNESDAY
    assert core.week_key(wednesday) == core.week_key(day)
    assert abs(wednesday - day) <= dt.timedelta(4)


@pytest.mark.parametrize(
    "key",
    ["", "2026", "2026-kw00", "2026-kw54", "2025-kw53", "2026-kw2", "2026-KW02", "2026-kw02 ",
     "0000-kw01", "26-kw02", "2026-kw02\n"],
)  # fmt: skip
def test_what_is_no_week_has_no_day(key: str) -> None:
    assert core.week_day(key) is None


# --- Lengths -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("ü" * 280, []),
        (
            "ü" * 281,
            ["Der Tipp ist zu lang für X: 281 von 280 Zeichen. Kürzen Sie ihn um 1 Zeichen."],
        ),
        ("€" * 140, []),
        (
            "€" * 141,
            ["Der Tipp ist zu lang für X: 282 von 280 Zeichen. Kürzen Sie ihn um 2 Zeichen."],
        ),
        (
            "a" * 501,
            [
                "Der Tipp ist zu lang für X: 501 von 280 Zeichen. Kürzen Sie ihn um 221 Zeichen.",
                "Der Tipp ist zu lang für Bluesky: 501 von 300 Zeichen. "
                "Kürzen Sie ihn um 201 Zeichen.",
                "Der Tipp ist zu lang für Mastodon: 501 von 500 Zeichen. "
                "Kürzen Sie ihn um 1 Zeichen.",
            ],
        ),
    ],
)
def test_a_tip_fits_every_network(text: str, messages: list[str]) -> None:
    entries = _entries(f"- date: 2026-01-07\n  headword: A\n  topic: Stil\n  tip: {text}\n")
    found = core.problems(entries, TOPICS, str)
    assert [str(problem) for problem in found] == [f"2026.yaml:4: tip: {text}" for text in messages]


def test_what_is_shared_is_what_counts() -> None:
    entries = _entries("- {date: 2026-01-07, headword: A, topic: Stil, tip: Kurz.}")
    (problem, *_) = core.problems(entries, TOPICS, lambda text: text * 100)
    assert "500 von 280" in problem.message


# --- The collection --------------------------------------------------------------------------------


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    with pytest.raises(SourceError) as caught:
        _entries("- date: x\n- date: 2026-01-08\n  headword: A\n  topic: Stil\n  tip: T\n  y: 1\n")
    assert [problem.line for problem in caught.value.problems] == [1, 1, 1, 1, 2, 6]


def test_a_file_that_is_no_year_takes_any_date() -> None:
    assert len(_entries("- {date: 2031-01-01, headword: A, topic: Stil, tip: T}", year=None)) == 1


def test_see_names_tips_and_posts() -> None:
    entries = _entries(
        "- date: 2026-01-07\n  headword: A\n  topic: Stil\n  tip: T\n  see:\n"
        "    - 2026-kw02\n    - 2026-kw40\n    - ein-beitrag\n    - kein-beitrag\n"
    )
    found = core.see_problems(entries, {"ein-beitrag"}.__contains__, ["2026-kw02"])
    assert [(problem.line, problem.field, problem.message) for problem in found] == [
        (7, "see", "„2026-kw40“ ist weder ein Tipp noch ein Beitrag."),
        (9, "see", "„kein-beitrag“ ist weder ein Tipp noch ein Beitrag."),
    ]


DATES = ("2026-01-07", "2025-12-31", "2025-12-24", "2026-12-30", "2027-01-06")


def test_years_are_those_of_the_weeks_newest_first() -> None:
    years = core.by_year(map(_tip, DATES))
    assert {year: [tip.week for tip in tips] for year, tips in years.items()} == {
        2027: ["2027-kw01"],
        2026: ["2026-kw53", "2026-kw02", "2026-kw01"],
        2025: ["2025-kw52"],
    }
    assert list(years) == [2027, 2026, 2025]


def test_topics_keep_the_order_of_the_setting_and_empty_ones_are_left_out() -> None:
    tips = [_tip(DATES[0], topic="Grammatik"), _tip(DATES[1]), _tip(DATES[3])]
    topics = core.by_topic(tips, ("Wortwahl", "Stil", "Grammatik"))
    assert list(topics) == ["Stil", "Grammatik"]
    assert [tip.week for tip in topics["Stil"]] == ["2026-kw53", "2026-kw01"]


def test_the_register_is_in_german_order() -> None:
    words = ["Zahl", "Äpfel", "Apfel", "3-D", "öffnen", "Offenheit", "Œuvre", "éclair"]
    tips = [
        _tip((dt.date(2026, 1, 7) + dt.timedelta(weeks=n)).isoformat(), word)
        for n, word in enumerate(words)
    ]
    letters = core.register(tips)
    assert [(letter, [tip.headword for tip in group]) for letter, group in letters.items()] == [
        ("0–9", ["3-D"]),
        ("A", ["Apfel", "Äpfel"]),
        ("E", ["éclair"]),
        ("O", ["Œuvre", "Offenheit", "öffnen"]),
        ("Z", ["Zahl"]),
    ]


@pytest.mark.parametrize(
    ("checked", "changed"),
    [
        (None, "2026-01-07"),
        ("2026-01-05", "2026-01-07"),
        ("2026-01-07", "2026-01-07"),
        ("2026-01-08", "2026-01-08"),
        ("2026-06-30", "2026-06-30"),
        ("2026-07-01", "2026-01-07"),
        ("2027-01-01", "2026-01-07"),
    ],
)
def test_a_check_is_a_change_once_the_tip_is_out_and_the_day_has_come(
    checked: str | None, changed: str
) -> None:
    day = checked and dt.date.fromisoformat(checked)
    tip = _tip("2026-01-07").model_copy(update={"checked": day})
    assert core.last_change(tip, dt.date(2026, 6, 30)).isoformat() == changed


def test_a_year_before_is_52_weeks() -> None:
    weeks = [core.week_a_year_before(_tip(date)) for date in ("2026-12-30", "2027-01-06")]
    assert weeks == ["2026-kw01", "2026-kw02"]


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.text(max_size=10) | st.sampled_from(["2026-01-07", "https://a.example", "Stil"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)
MAPPINGS = st.dictionaries(st.sampled_from([*core.Tip.model_fields, "quelle"]), VALUES, max_size=9)


@given(st.lists(MAPPINGS | VALUES, max_size=3) | VALUES)
def test_any_yaml_is_tips_or_a_source_error(value: Any) -> None:
    document = core.Document(value, {(): 1})
    try:
        tips = core.read_year(document, "f", 2026)
    except SourceError as error:
        assert all(problem.file == "f" and problem.remedy for problem in error.problems)  # noqa: PT017
    else:
        assert len(tips) == (len(value) if isinstance(value, list) else 0)
