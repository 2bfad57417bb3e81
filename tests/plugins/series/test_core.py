"""Parts stand by index, then by date; announced parts stand where they will be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.series.core import Clash, Part, Planned, SeriesFile, clashes, entries, reading_order
from plugins.source.core import load_yaml, validate
from plugins.source.problem import SourceError


def _part(file: str, day: int = 1, index: int | None = None) -> Part:
    return Part(file, dt.datetime(2026, 1, day, tzinfo=dt.UTC), index)


def _lines(parts: list[Part], *planned: Planned) -> list[str]:
    """Return the landing page's lines as „2 file“ or „… title“."""
    return [
        f"{entry.number} {entry.part.file}" if entry.part else f"… {entry.planned.title}"  # type: ignore[union-attr]
        for entry in entries(reading_order(parts), planned)
    ]


def test_parts_stand_by_index_then_by_date() -> None:
    parts = [
        _part("als Letztes", 20),
        _part("zwei", 1, 2),
        _part("vorher", 10),
        _part("zehn", 30, 10),
        _part("eins", 25, 1),
    ]
    assert [part.file for part in reading_order(parts)] == [
        "eins",
        "zwei",
        "zehn",
        "vorher",
        "als Letztes",
    ]


def test_parts_of_one_day_stand_by_file() -> None:
    assert [part.file for part in reading_order([_part("b"), _part("a"), _part("c")])] == [*"abc"]


PARTS = st.lists(
    st.builds(
        _part,
        st.text("abc", min_size=1, max_size=3),
        st.integers(1, 28),
        st.none() | st.integers(1, 9),
    ),
    unique_by=(lambda part: part.file, lambda part: part.index or part.file),
    max_size=8,
)


@given(PARTS, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_parts_are_found(parts: list[Part], chance: Any) -> None:
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert reading_order(shuffled) == reading_order(parts)


PLANNED = st.lists(
    st.builds(Planned, title=st.just("Geplant"), index=st.none() | st.integers(1, 12)), max_size=6
)


@given(PARTS, PLANNED)
def test_the_landing_page_numbers_all_parts_in_order(
    parts: list[Part], planned: list[Planned]
) -> None:
    listed = entries(reading_order(parts), planned)
    published = [(entry.number, entry.part) for entry in listed if entry.part]
    assert published == list(enumerate(reading_order(parts), 1))
    indexes = [
        (entry.part or entry.planned).index  # type: ignore[union-attr]
        for entry in listed
        if entry.planned is None or entry.planned.index is not None
    ]
    known = [index for index in indexes if index is not None]
    assert known == sorted(known)
    assert sum(entry.planned is not None for entry in listed) <= len(planned)


def test_a_planned_part_stands_between_its_neighbours() -> None:
    parts = [_part("eins", 1, 1), _part("drei", 2, 3)]
    planned = (Planned(title="Vier", index=4), Planned(title="Zwei", index=2))
    assert _lines(parts, *planned) == ["1 eins", "… Zwei", "2 drei", "… Vier"]


def test_parts_without_an_index_take_the_place_of_their_number() -> None:
    parts = [_part("eins", 1), _part("zwei", 2)]
    planned = (Planned(title="Zwei", index=2), Planned(title="Drei", index=3))
    assert _lines(parts, *planned) == ["1 eins", "2 zwei", "… Drei"]


def test_a_part_without_an_index_follows_those_that_have_one() -> None:
    parts = [_part("fünf", 9, 5), _part("danach", 1)]
    planned = (Planned(title="Sechs", index=6), Planned(title="Sieben", index=7))
    assert _lines(parts, *planned) == ["1 fünf", "2 danach", "… Sieben"]


def test_a_planned_part_that_came_out_is_not_announced() -> None:
    assert _lines([_part("eins", 1, 1)], Planned(title="Eins", index=1)) == ["1 eins"]


def test_planned_parts_without_an_index_come_last_as_written() -> None:
    planned = (Planned(title="B"), Planned(title="A"), Planned(title="Neun", index=9))
    assert _lines([_part("eins", 1)], *planned) == ["1 eins", "… Neun", "… B", "… A"]


def test_a_series_may_be_only_announced_or_empty() -> None:
    assert _lines([], Planned(title="Zwei", index=2), Planned(title="Eins", index=1)) == [
        "… Eins",
        "… Zwei",
    ]
    assert _lines([]) == []


def test_indexes_may_be_as_long_as_anyone_likes() -> None:
    huge = 10**400
    assert _lines([_part("riesig", 1, huge)], Planned(title="Mehr", index=huge + 1)) == [
        "1 riesig",
        "… Mehr",
    ]


def test_two_equal_indexes_are_reported_with_both_files() -> None:
    a, b, c, d = _part("a", 9, 1), _part("b", 1, 1), _part("c", 1), _part("d", 5, 1)
    assert clashes([d, c, b, a]) == [Clash(a, b), Clash(a, d)]
    assert clashes([a, c, _part("e")]) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "summary: x",
            "f:1: title: Das Feld fehlt. Ergänzen Sie „title: …“; eine Serie braucht es.",
        ),
        (
            "title: T\nplanned: Der Winter",
            "f:2: planned: „Der Winter“ ist keine Liste. Schreiben Sie [eins, zwei].",
        ),
        (
            "title: T\nplanned:\n  - Der Winter",
            "f:3: planned: „Der Winter“ hat keine Felder. Schreiben Sie „feld: wert“.",
        ),
        (
            "title: T\nplanned:\n  - index: 0\n    title: X",
            "f:3: planned.index: „0“ ist zu klein. Die Zählung beginnt bei 1.",
        ),
        (
            "title: T\nplanned:\n  - title: X\n    wann: bald",
            "f:4: planned.wann: Das Feld ist unbekannt. Möglich sind: index, title, when.",
        ),
        (
            "title: T\nplanned:\n  - index: 2\n    titel: X",
            "f:4: planned.titel: Das Feld ist unbekannt. Meinten Sie „title“?",
        ),
    ],
)
def test_a_mistake_in_a_series_file_is_one_message(text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        validate(SeriesFile, load_yaml(text, "f"), "f")
    assert str(caught.value) == message
