"""The check's side of files and Pelican: read a site, know which source is behind a page."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from plugins.source.adapter import read_text
from plugins.source.problem import shown_path
from publishing.check.core import Page, Site, is_same, joined, parse
from publishing.check.report import Origin

if TYPE_CHECKING:
    from plugins.incremental.adapter import Build


class Pages(Mapping[str, Page]):
    """The HTML pages among *files* of the site in *folder*; *known* has what the build found in one."""

    def __init__(
        self, folder: Path, files: Collection[str], url: str, known: Callable[[str], Page | None]
    ) -> None:
        self._folder, self._files, self._url, self._known = folder, files, url, known
        self._pages: dict[str, Page] = {}

    def __getitem__(self, name: str) -> Page:
        if not name.endswith(".html") or name not in self._files:
            raise KeyError(name)
        page = self._pages.get(name) or self._known(name)
        if page is None:
            page = parse(name, (self._folder / name).read_text("utf-8"), self._url)
        self._pages[name] = page
        return page

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(name for name in self._files if name.endswith(".html")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read_site(
    folder: Path,
    files: Collection[str],
    url: str,
    known: Callable[[str], Page | None] = lambda name: None,
) -> Site:
    """Return the site in *folder*, which consists of *files*."""
    return Site(Pages(folder, files, url.rstrip("/"), known), files)


Split = Callable[[str, Callable[[str], bytes]], tuple[str, list[bytes]]]


def page_facts(
    name: str, html: str, url: str, split: Split = lambda html, find: (html, [])
) -> bytes:
    """
    Return what the check needs of a page, as a build keeps it with the page.

    *split* takes out of *html* what was looked at in an earlier build.
    """
    address = url.rstrip("/")

    def find(part: str) -> bytes:
        """Return the facts of a part; nothing if, with those of the rest, they are not the page's."""
        facts = parse(name, part, address)
        rest = parse(name, html.replace(part, "", 1), address)
        is_apart = "<h1" not in part.lower() and is_same(
            joined(rest, [facts]), parse(name, html, address)
        )
        return pickle.dumps(facts) if is_apart else b""

    rest, parts = split(html, find)
    page = joined(parse(name, rest, address), list(map(pickle.loads, parts)))
    return pickle.dumps(page or parse(name, html, address))


class Checked:
    """What a build has to check, and what it knows of pages: those of this build and of the last good one."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._output = build.writer.output
        self._all: dict[str, Page] | None = None

    def page(self, name: str) -> Page | None:
        """Return what is known of the page *name* as it is now."""
        new = self._build.session.changes.facts.get(name)
        if new is not None:
            return cast(Page, pickle.loads(new))
        return self.before(name)

    def before(self, name: str) -> Page | None:
        """Return what the page *name* was in the last good build."""
        if self._all is not None:
            return self._all.get(name)
        for _, facts in self._build.session.store.facts([name]):
            return cast(Page, pickle.loads(facts))
        return None

    def names(self) -> list[str] | None:
        """
        Return the pages to be checked, None for all of them.

        Those that were written, and those that gave a warning. All, if a file is gone or a page has lost an
        id: a link anywhere may lead there.
        """
        store = self._build.session.store
        written = [name for name in self._output.written if name.endswith(".html")]
        warned = store.meta("checked")
        if warned is None or self._output.gone or any(map(self._lost_ids, written)):
            self._all = {name: pickle.loads(facts) for name, facts in store.facts()}
            return None
        return sorted({*written, *warned} & self._output.files.keys())

    def _lost_ids(self, name: str) -> bool:
        before, now = self.before(name), self.page(name)
        return before is not None and now is not None and not before.ids <= now.ids


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
