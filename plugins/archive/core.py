"""Order, groups and pages of the archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from plugins.german.core import sort_key

OLDER_PAGE_SIZE = 20
# With at least ten on it, the first page looks alive; with up to 29 it is still read in one go.
FIRST_PAGE_MIN = 10
ENOUGH_IN_ARCHIVE = 100


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


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list, newest first; *number* counts from the oldest, the first page has none."""

    number: int | None
    items: Sequence[T]


def pages(newest_first: Sequence[T]) -> list[Page[T]]:
    """
    Return the pages of a list: the first one, then the older ones, down to number 1.

    Older pages are full and counted from the end, so that a new item changes only the first page. When
    that has 30 items, its older 20 become a page of their own.
    """
    older = max(0, (len(newest_first) - FIRST_PAGE_MIN) // OLDER_PAGE_SIZE)
    start = len(newest_first) - older * OLDER_PAGE_SIZE
    found: list[Page[T]] = [Page(None, newest_first[:start])]
    for number in range(older, 0, -1):
        found.append(Page(number, newest_first[start : start + OLDER_PAGE_SIZE]))
        start += OLDER_PAGE_SIZE
    return found


def by_year(newest_first: Iterable[D]) -> list[tuple[int, list[D]]]:
    """Return *newest_first* in groups of one year each, in the order given."""
    years: dict[int, list[D]] = {}
    for item in newest_first:
        years.setdefault(item.date.year, []).append(item)
    return list(years.items())


def first_years(years: Iterable[tuple[int, list[T]]]) -> list[tuple[int, list[T]]]:
    """Return the first of *years*, whole ones, until they have 100 items together; or all."""
    shown: list[tuple[int, list[T]]] = []
    count = 0
    for year, items in years:
        if count >= ENOUGH_IN_ARCHIVE:
            break
        shown.append((year, items))
        count += len(items)
    return shown


def by_name(pairs: Iterable[tuple[N, T]]) -> list[tuple[N, T]]:
    """Return *pairs* of a name and anything in the order of DIN 5007-1."""
    return sorted(pairs, key=lambda pair: sort_key(pair[0].name))
