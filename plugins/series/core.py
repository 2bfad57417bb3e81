"""The order of a series' parts, and what its landing page lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from plugins.source.core import Model, OptionalText, Slug, Text


class Planned(Model):
    """A part that is announced but not out; *when* is free text such as „im Frühjahr 2027“."""

    title: Text
    index: int | None = Field(default=None, ge=1)
    when: OptionalText = None


class SeriesFile(Model):
    """The front matter of a series."""

    kind: ClassVar[str] = "eine Serie"
    slug_source: ClassVar[Literal["title", "file"]] = "file"
    title: Text
    slug: Slug | None = None
    summary: OptionalText = None
    planned: list[Planned] = Field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A post of a series; *file* tells parts apart and makes the order complete."""

    file: str
    date: dt.datetime
    index: int | None = None


@dataclass(frozen=True)
class Clash:
    """Two parts that claim one place."""

    first: Part
    second: Part


def clashes(parts: Iterable[Part]) -> list[Clash]:
    """Return each part whose index an earlier file of the series has already."""
    taken: dict[int, Part] = {}
    found = []
    for part in sorted(parts, key=lambda part: part.file):
        if part.index is None:
            continue
        first = taken.setdefault(part.index, part)
        if first is not part:
            found.append(Clash(first, part))
    return found


def reading_order(parts: Iterable[Part]) -> list[Part]:
    """Return *parts* by index, then those without one by date, oldest first."""
    return sorted(
        parts,
        key=lambda part: (
            (0, part.index, "") if part.index is not None else (1, part.date.timestamp(), part.file)
        ),
    )


@dataclass(frozen=True)
class Entry:
    """A line of the landing page: a published *part* with its *number*, or a *planned* one."""

    part: Part | None
    number: int | None
    planned: Planned | None


def entries(ordered: Sequence[Part], planned: Iterable[Planned]) -> list[Entry]:
    """
    Return published parts, numbered from 1, and planned ones between them by index.

    A published part without an index takes the place of its number. A planned part is left out
    as soon as a published one has its place; one without an index comes last.
    """
    lines: list[tuple[tuple[int, int], Entry]] = []
    place = 0
    for number, part in enumerate(ordered, 1):
        place = part.index if part.index is not None else max(number, place + 1)
        lines.append(((0, place), Entry(part, number, None)))
    taken = {place for (_, place), _ in lines}
    for number, plan in enumerate(planned):
        if plan.index is None:
            lines.append(((1, number), Entry(None, None, plan)))
        elif plan.index not in taken:
            lines.append(((0, plan.index), Entry(None, None, plan)))
    return [entry for _, entry in sorted(lines, key=lambda line: line[0])]
