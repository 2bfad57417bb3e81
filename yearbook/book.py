"""What a year book is made of, in its order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_date

from plugins.german.core import NBSP, date, plural, register_letter, slug, sort_key


@dataclass(frozen=True)
class Source:
    """Where a tip's claim can be looked up; *accessed* is „3. Januar 2026“ or ""."""

    title: str
    url: str
    accessed: str


@dataclass(frozen=True)
class Item:
    """A tip as the book shows it: plain texts are typeset, *more* is XHTML."""

    week: str
    day: dt.date
    headword: str
    topic: str
    tip: str
    wrong: str = ""
    right: str = ""
    more: str = ""
    source: Source | None = None
    valid_since: str = ""

    @property
    def label(self) -> str:
        """„KW 2“."""
        return f"KW{NBSP}{int(self.week[-2:])}"

    @property
    def date(self) -> str:
        """„7. Januar 2026“."""
        return date(self.day)


@dataclass(frozen=True)
class Chapter:
    """A month; *name* is part of a file's name: „2026-01-januar“."""

    name: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Letter:
    """A letter of the register."""

    title: str
    entries: tuple[tuple[Item, Chapter], ...]

    @property
    def name(self) -> str:
        """Its id: „buchstabe-a“, „buchstabe-0-9“."""
        return f"buchstabe-{slug(self.title)}"


@dataclass(frozen=True)
class Book:
    """A year's tips."""

    year: int
    author: str
    site: str
    url: str
    chapters: tuple[Chapter, ...]

    @property
    def title(self) -> str:
        """„Mittwochstipps 2026“."""
        return f"Mittwochstipps {self.year}"

    @property
    def items(self) -> list[Item]:
        """All tips in order."""
        return [item for chapter in self.chapters for item in chapter.items]

    @property
    def extent(self) -> str:
        """„52 Tipps, 7. Januar 2026 bis 30. Dezember 2026“."""
        first, last = self.items[0], self.items[-1]
        days = first.date if first is last else f"{first.date} bis {last.date}"
        return f"{plural(len(self.items), 'Tipp', 'Tipps')}, {days}"

    @property
    def register(self) -> tuple[Letter, ...]:
        """The headwords by letter, in the order of DIN 5007-1."""
        entries = [(item, chapter) for chapter in self.chapters for item in chapter.items]
        letters: dict[str, list[tuple[Item, Chapter]]] = {}
        for entry in sorted(entries, key=lambda entry: sort_key(entry[0].headword)):
            letters.setdefault(register_letter(entry[0].headword), []).append(entry)
        return tuple(Letter(title, tuple(found)) for title, found in letters.items())


def chapters(items: Iterable[Item]) -> tuple[Chapter, ...]:
    """Return the tips by month, oldest first."""
    months: dict[tuple[int, int], list[Item]] = {}
    for item in sorted(items, key=lambda item: item.day):
        months.setdefault((item.day.year, item.day.month), []).append(item)
    return tuple(_chapter(found) for found in months.values())


def _chapter(items: list[Item]) -> Chapter:
    day = items[0].day
    month = format_date(day, "LLLL", locale="de")
    return Chapter(f"{day:%Y-%m}-{slug(month)}", f"{month} {day.year}", tuple(items))
