"""Order and groups of the archive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from plugins.german.core import sort_key


class Dated(Protocol):
    """Anything with a date: an article."""

    @property
    def date(self) -> _Year:
        """When it came out."""


class _Year(Protocol):
    @property
    def year(self) -> int: ...


class Named(Protocol):
    """Anything with a name: a tag."""

    @property
    def name(self) -> str:
        """What people read."""


D = TypeVar("D", bound=Dated)
N = TypeVar("N", bound=Named)
T = TypeVar("T")


def by_year(newest_first: Iterable[D]) -> list[tuple[int, list[D]]]:
    """Return *newest_first* in groups of one year each, in the order given."""
    years: dict[int, list[D]] = {}
    for item in newest_first:
        years.setdefault(item.date.year, []).append(item)
    return list(years.items())


def by_name(pairs: Iterable[tuple[N, T]]) -> list[tuple[N, T]]:
    """Return *pairs* of a name and anything in the order of DIN 5007-1."""
    return sorted(pairs, key=lambda pair: sort_key(pair[0].name))
