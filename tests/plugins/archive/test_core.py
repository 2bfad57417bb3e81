"""The archive's groups keep their order; names stand in German order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plugins.archive.core import by_name, by_year


@dataclass(frozen=True)
class _Post:
    date: dt.date


@dataclass(frozen=True)
class _Tag:
    name: str


def test_years_keep_the_order_of_their_posts() -> None:
    days = ((2026, 12, 31), (2026, 1, 1), (2025, 12, 31), (2023, 6, 1))
    posts = [_Post(dt.date(*day)) for day in days]
    assert by_year(iter(posts)) == [(2026, posts[:2]), (2025, posts[2:3]), (2023, posts[3:])]
    assert by_year([]) == []


def test_names_stand_in_the_order_of_dictionaries() -> None:
    names = ["Zaun", "Äxte", "Beete", "Axt", "öffnen", "Obst", "Straße", "Strasse"]
    ordered = by_name((_Tag(name), number) for number, name in enumerate(names))
    assert [tag.name for tag, _ in ordered] == [
        *("Axt", "Äxte", "Beete", "Obst", "öffnen", "Strasse", "Straße", "Zaun")
    ]
    assert dict(ordered)[_Tag("Zaun")] == 0
