"""The check's side of files and Pelican: read a site, know which source is behind a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from plugins.source.adapter import read_text
from plugins.source.problem import shown_path
from publishing.check.core import Site, parse
from publishing.check.report import Origin


def read_site(folder: Path, url: str) -> Site:
    """Return the site in *folder*, its HTML parsed."""
    files = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    pages = {
        name: parse(name, path.read_text("utf-8"))
        for name, path in sorted(files.items())
        if name.endswith(".html")
    }
    return Site(pages, files.keys(), url.rstrip("/"))


def origins(context: dict[str, Any]) -> Callable[[str], Origin | None]:
    """Return a function from a page's path to the author's file behind it."""
    contents = {
        content.save_as: content.source_path
        for content in context["generated_content"].values()
        if content is not None
    }
    collection = context.get("TIPS_COLLECTION")
    base = context.get("TIPS_URL", "")

    def origin(page: str) -> Origin | None:
        if page in contents:
            return Origin(shown_path(contents[page]), read_text(contents[page]))
        week = page.removeprefix(base).removesuffix("/index.html")
        if collection is not None and page.startswith(base) and week in collection.entries:
            return _tip_origin(collection.entries[week])
        return None

    return origin


def _tip_origin(entry: Any) -> Origin:
    """Return the lines of the year file that belong to one tip."""
    lines = read_text(Path(entry.file)).split("\n")
    first = entry.document.line((entry.number,)) or entry.line
    last = entry.document.lines.get((entry.number + 1,), len(lines) + 1)
    return Origin(entry.file, "\n".join(lines[first - 1 : last - 1]), first)


def unpublished(context: dict[str, Any]) -> dict[str, str]:
    """Return the addresses that links to drafts and future posts have, with their files' names."""
    return {
        f"/{content.url}": Path(content.source_path).name
        for content in context["generated_content"].values()
        if content is not None and getattr(content, "status", "published") == "draft"
    }
