"""Make valid skeletons: a post, the next part of a series, the tip of the next free Wednesday."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from plugins.german.core import slug
from plugins.source.adapter import read_text, shown_path
from plugins.source.core import Document, load_yaml, split
from plugins.source.problem import AuthorError, SourceError
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
    """
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
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front_matter}\n---\n\n", "utf-8")
    return path


def _check_series(content: Path, series: str) -> None:
    folder = content / "serien"
    if not (folder / f"{series}.md").is_file():
        names = ", ".join(sorted(path.stem for path in folder.glob("*.md"))) or "noch keine"
        raise SkeletonError(f"Die Serie „{series}“ gibt es nicht – vorhanden: {names}.")


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
            highest = max(highest, int(index) if index.isdigit() else 0)
    return highest + 1


def next_free_wednesday(tips: Path, today: dt.date) -> dt.date:
    """
    Return the first Wednesday from *today* on that has no tip.

    Raises:
        SourceError: A year file cannot be read.
    """
    taken = set()
    for path in tips.glob("*.yaml"):
        document = load_yaml(read_text(path), shown_path(path))
        taken |= {str(entry.get("date", "")) for entry in _entries(document)}
    day = today + dt.timedelta((WEDNESDAY - today.weekday()) % 7)
    while day.isoformat() in taken:
        day += dt.timedelta(7)
    return day


def _entries(document: Document) -> list[dict[str, Any]]:
    value = document.value if isinstance(document.value, list) else []
    return [entry for entry in value if isinstance(entry, dict)]


def new_tip(tips: Path, tip: Tip) -> Path:
    """
    Insert *tip* into its year file, between its neighbours, and return the file's path.

    Everything else in the file stays as it is, comments too.

    Raises:
        SkeletonError: The week has a tip already.
        SourceError: The year file cannot be read.
    """
    path = tips / f"{tip.date.year}.yaml"
    text = read_text(path) if path.exists() else f"# Die Mittwochstipps {tip.date.year}\n"
    document = load_yaml(text, shown_path(path))
    lines = text.rstrip("\n").split("\n")
    position = len(lines)
    for number, entry in enumerate(_entries(document)):
        date = str(entry.get("date", ""))
        if date == tip.date.isoformat():
            raise SkeletonError(f"{shown_path(path)}: Für den {date} gibt es schon einen Tipp.")
        if date > tip.date.isoformat():
            # The item starts with "- " on the line of its first key.
            position = (document.line((number,)) or 1) - 1
            break
    lines[position:position] = (
        [*_yaml_lines(tip), ""] if position < len(lines) else _yaml_lines(tip)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".neu")
    new.write_text("\n".join(lines) + "\n", "utf-8")
    new.replace(path)
    return path


def _yaml_lines(tip: Tip) -> list[str]:
    fields = {"headword": tip.headword, "topic": tip.topic, "tip": tip.tip}
    if tip.wrong and tip.right:
        fields |= {"wrong": tip.wrong, "right": tip.right}
    return [
        f"- date: {tip.date.isoformat()}  # {week_key(tip.date)}",
        *(f"  {name}: {_scalar(value)}" for name, value in fields.items()),
    ]
