"""The archive's groups keep their order; names stand in German order; older pages stay as they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.archive.core import by_name, by_year, first_years, pages


@dataclass(frozen=True)
class _Post:
    date: dt.date


@dataclass(frozen=True)
class _Tag:
    name: str


def _newest_first(count: int) -> list[int]:
    """Return the list of *count* items that are numbered in the order in which they came out."""
    return list(range(count, 0, -1))


# --- Pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, {None: 0}),
        (1, {None: 1}),
        (10, {None: 10}),
        (29, {None: 29}),
        (30, {None: 10, 1: 20}),
        (31, {None: 11, 1: 20}),
        (49, {None: 29, 1: 20}),
        (50, {None: 10, 2: 20, 1: 20}),
        (69, {None: 29, 2: 20, 1: 20}),
        (70, {None: 10, 3: 20, 2: 20, 1: 20}),
    ],
)
def test_only_the_first_page_is_longer_or_shorter(count: int, sizes: dict[int | None, int]) -> None:
    found = pages(_newest_first(count))
    assert [(page.number, len(page.items)) for page in found] == list(sizes.items())


def test_page_one_has_the_oldest() -> None:
    first, two, one = pages(_newest_first(52))
    assert list(first.items) == list(range(52, 40, -1))
    assert list(two.items) == list(range(40, 20, -1))
    assert list(one.items) == list(range(20, 0, -1))


@given(st.integers(0, 5000))
def test_every_item_is_on_one_page_in_order(count: int) -> None:
    items = _newest_first(count)
    assert [item for page in pages(items) for item in page.items] == items


@given(st.integers(0, 2000), st.integers(1, 100))
def test_new_items_leave_older_pages_as_they_are(count: int, new: int) -> None:
    before = pages(_newest_first(count))[1:]
    after = pages(_newest_first(count + new))[1:]
    assert after[len(after) - len(before) :] == before


# --- Years -----------------------------------------------------------------------------------------


def test_years_keep_the_order_of_their_posts() -> None:
    days = ((2026, 12, 31), (2026, 1, 1), (2025, 12, 31), (2023, 6, 1))
    posts = [_Post(dt.date(*day)) for day in days]
    assert by_year(iter(posts)) == [(2026, posts[:2]), (2025, posts[2:3]), (2023, posts[3:])]
    assert by_year([]) == []


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({}, []),
        ({2026: 100}, [2026]),
        ({2026: 3, 2025: 40, 2024: 57}, [2026, 2025, 2024]),
        ({2026: 50, 2025: 51}, [2026, 2025]),
        ({2026: 100, 2025: 1}, [2026]),
        ({2026: 99, 2025: 300, 2024: 1}, [2026, 2025]),
        ({2026: 500, 2025: 500}, [2026]),
        ({2026: 40, 2020: 40, 2019: 40, 2018: 40}, [2026, 2020, 2019]),
    ],
)
def test_the_archive_lists_whole_years_until_it_has_a_hundred(
    sizes: dict[int, int], shown: list[int]
) -> None:
    years = [(year, _newest_first(count)) for year, count in sizes.items()]
    assert first_years(iter(years)) == [(year, items) for year, items in years if year in shown]


# --- Names -----------------------------------------------------------------------------------------


def test_names_stand_in_the_order_of_dictionaries() -> None:
    names = ["Zaun", "Äxte", "Beete", "Axt", "öffnen", "Obst", "Straße", "Strasse"]
    ordered = by_name((_Tag(name), number) for number, name in enumerate(names))
    assert [tag.name for tag, _ in ordered] == [
        *("Axt", "Äxte", "Beete", "Obst", "öffnen", "Strasse", "Straße", "Zaun")
    ]
    assert dict(ordered)[_Tag("Zaun")] == 0
