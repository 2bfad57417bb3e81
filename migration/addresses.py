"""Which of our posts an old address belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from migration.foreign import Place
from plugins.german.core import slug
from plugins.source.problem import AuthorError, shown_path

_ENDINGS = (".html", ".htm", ".php", ".md")
_INDEXES = ("index", "amp", "feed")


class MappingError(AuthorError):
    """The author's file of addresses has a mistake; the message is German and complete."""


def read_mapping(path: Path, pages: Iterable[str]) -> dict[str, str]:
    """
    Return what the author's file says: old path → one of our *pages*, "" for nothing.

    One pair a line, separated by spaces: ``https://alt.example/2019/03/zitate/  /blog/zitate/``; a „-“
    instead of the new address means that nothing is to be taken. What follows ``#`` is a note.

    Raises:
        MappingError: A line is none, or names a page that does not exist.
    """
    known = set(pages)
    found: dict[str, str] = {}
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(
            f"{shown_path(path)}: Die Zuordnung ist nicht lesbar: {error}."
        ) from error
    for number, line in enumerate(lines, 1):
        words = line.partition(" #")[0].split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2:
            raise MappingError(
                f"{shown_path(path)}:{number}: Hier stehen nicht zwei Adressen. Schreiben Sie die "
                "alte, ein Leerzeichen und die neue, zum Beispiel /2019/03/zitate/ /blog/zitate/."
            )
        old, new = words
        target = "" if new == "-" else urlsplit(new).path
        if target and target not in known:
            raise MappingError(
                f"{shown_path(path)}:{number}: Den Beitrag {new} gibt es nicht auf der Website."
            )
        found[_path(old)] = target
    return found


class Addresses:
    """Finds the page for an old place, by the author's *mapping*, by the same path, or by its last word."""

    def __init__(self, pages: Iterable[str], mapping: Mapping[str, str] | None = None) -> None:
        self._pages = set(pages)
        self._mapping = mapping or {}
        names = Counter(map(_last, self._pages))
        # A name that two pages share leads nowhere: better asked than wrong.
        self._by_name = {_last(page): page for page in self._pages if names[_last(page)] == 1}

    def page(self, place: Place) -> str | None:
        """Return the page, "" if the author wants nothing from there, None if nobody knows."""
        path = _path(place.address)
        if path in self._mapping:
            return self._mapping[path]
        if path in self._pages:
            return path
        for name in (place.slug, _last(path)):
            # „%c3%bcber“ and „über-uns“ alike become „ueber-uns“.
            if name and (page := self._by_name.get(slug(unquote(name)))):
                return page
        return None


def _path(address: str) -> str:
    """Return path and query of *address*, with a slash at both ends of the path."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    path = f"/{unquote(parts.path).strip('/')}/".replace("//", "/")
    return f"{path}?{parts.query}" if parts.query else path


def _last(path: str) -> str:
    words = [word for word in path.partition("?")[0].split("/") if word not in ("", *_INDEXES)]
    last = words[-1] if words else ""
    for ending in _ENDINGS:
        last = last.removesuffix(ending)
    if last in _INDEXES and len(words) > 1:
        return words[-2]
    return last
