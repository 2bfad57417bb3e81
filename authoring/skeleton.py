"""Make valid skeletons: a post, the next part of a series, the tip of the next free Wednesday."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from authoring.tip_schema import SCHEMA_LINE
from plugins.german.core import slug
from plugins.source.adapter import read_text
from plugins.source.core import Document, Post, load_yaml, split, validate
from plugins.source.problem import AuthorError, SourceError, shown_path
from plugins.tips.core import WEDNESDAY, Tip, week_key


class SkeletonError(AuthorError):
    """The skeleton was not made; the message is German."""


def _scalar(value: str) -> str:
    """Return *value* as YAML in one line, quoted where it must be."""
    return yaml.safe_dump(value, allow_unicode=True, width=10_000).removesuffix("...\n").strip()


def new_post(content: Path, title: str, today: dt.date, series: str | None = None) -> Path:
    """
    Write the skeleton of a post, a draft, and return its path.

    Raises:
        SkeletonError: There is such a post already, or no such series, or the title makes no slug.
        SourceError: The title cannot be one.
    """
    title = " ".join(title.split())
    name = slug(title)
    if not name:
        raise SkeletonError(
            f"Aus „{title}“ lässt sich keine Adresse bilden – nehmen Sie Buchstaben in den Titel."
        )
    posts = content / "artikel"
    taken = [path for path in posts.rglob("*.md") if path.stem == name]
    if taken:
        raise SkeletonError(
            f"Diesen Beitrag gibt es schon: {shown_path(taken[0])} – wählen Sie einen anderen Titel."
        )
    lines = [f"title: {_scalar(title)}", f"date: {today.isoformat()}"]
    folder = posts
    if series is None:
        lines += ["category: Sprache"]
    else:
        _check_series(content, series)
        folder = posts / series
        lines += [
            f"category: {_scalar(_series_title(content, series))}",
            f"series: {series}",
            f"series_index: {_next_index(posts, series)}",
        ]
    front_matter = "\n".join([*lines, "tags: []", "summary:", "status: draft"])
    text = f"---\n{front_matter}\n---\n\n"
    path = folder / f"{name}.md"
    validate(Post, split(text, shown_path(path)).front_matter, shown_path(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _check_series(content: Path, series: str) -> None:
    names = sorted(path.stem for path in (content / "serien").glob("*.md"))
    if series not in names:
        known = ", ".join(names) or "noch keine"
        raise SkeletonError(f"Die Serie „{series}“ gibt es nicht – vorhanden: {known}.")


def _series_title(content: Path, series: str) -> str:
    path = content / "serien" / f"{series}.md"
    return str(split(read_text(path), shown_path(path)).front_matter.value.get("title", series))


def _next_index(posts: Path, series: str) -> int:
    """Return the number after the highest one in the series; drafts and future parts count."""
    highest = 0
    for path in posts.rglob("*.md"):
        try:
            fields = split(read_text(path), shown_path(path)).front_matter.value
        except SourceError:
            continue  # the build will tell
        if fields.get("series") == series:
            index = str(fields.get("series_index", ""))
            highest = max(highest, int(index) if index.isdecimal() else 0)
    return highest + 1


def next_free_wednesday(tips: Path, today: dt.date) -> dt.date:
    """
    Return the first Wednesday from *today* on that has no tip.

    Raises:
        SourceError: A year file cannot be read.
    """
    taken = taken_days(tips)
    day = today + dt.timedelta((WEDNESDAY - today.weekday()) % 7)
    while day in taken:
        day += dt.timedelta(7)
    return day


def taken_days(tips: Path) -> set[dt.date | None]:
    """
    Return the days that have a tip.

    Raises:
        SourceError: A year file cannot be read.
    """
    taken: set[dt.date | None] = set()
    for path in (*tips.glob("*.yaml"), *tips.glob("*.yml")):
        taken |= set(_days(load_yaml(read_text(path), shown_path(path))))
    return taken


def _days(document: Document) -> list[dt.date | None]:
    """Return the day of each tip, None where there is none; the build will tell."""
    entries = document.value if isinstance(document.value, list) else []
    return [_day(entry) for entry in entries]


def _day(entry: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(entry["date"].strip())
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def new_tip(tips: Path, tip: Tip) -> Path:
    """
    Insert *tip* into its year file, between its neighbours, and return the file's path.

    Everything else in the file stays as it is, comments too.

    Raises:
        SkeletonError: The week has a tip already, or the file is written in another way.
        SourceError: The year file cannot be read.
    """
    path = tips / f"{tip.date.year}.yaml"
    text = read_text(path) if path.exists() else _new_year(tip.date.year)
    document = load_yaml(text, shown_path(path))
    days = _days(document)
    if tip.date in days:
        raise SkeletonError(f"{shown_path(path)}: Für den {tip.date} gibt es schon einen Tipp.")
    lines = text.rstrip("\n").split("\n")
    starts = [_item_start(lines, document.line((number,)) or 1) for number in range(len(days))]
    indent = lines[starts[0]].partition("-")[0] if starts else ""
    new_lines = [f"{indent}{line}" for line in _yaml_lines(tip)]
    later = [start for start, day in zip(starts, days, strict=True) if day and day > tip.date]
    if later:
        lines[later[0] : later[0]] = [*new_lines, ""]
    else:
        lines += new_lines
    new_text = "\n".join(lines) + "\n"
    if not _holds(new_text, [*days, tip.date]):
        raise SkeletonError(
            f"{shown_path(path)}: Die Datei ist anders geschrieben, als „new.tip“ es versteht – "
            "tragen Sie ihn von Hand ein:\n" + "\n".join(_yaml_lines(tip))
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".neu")
    new.write_text(new_text, "utf-8")
    new.replace(path)
    return path


def _new_year(year: int) -> str:
    return f"{SCHEMA_LINE}\n# Die Mittwochstipps {year}\n"


def _item_start(lines: list[str], line: int) -> int:
    """Return where the item begins whose first key is on *line*: its dash may stand above."""
    position = line - 1
    while position > 0 and not lines[position].lstrip().startswith("-"):
        position -= 1
    return position


def _holds(text: str, days: list[dt.date | None]) -> bool:
    """Return whether *text* is a list of tips with these *days*, in any order."""
    try:
        return Counter(_days(load_yaml(text, ""))) == Counter(days)
    except SourceError:
        return False


def _yaml_lines(tip: Tip) -> list[str]:
    fields = {"headword": tip.headword, "topic": tip.topic, "tip": tip.tip}
    if tip.wrong and tip.right:
        fields |= {"wrong": tip.wrong, "right": tip.right}
    return [
        f"- date: {tip.date.isoformat()}  # {week_key(tip.date)}",
        *(f"  {name}: {_scalar(value)}" for name, value in fields.items()),
    ]
