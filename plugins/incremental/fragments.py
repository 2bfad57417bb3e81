"""Parts of pages that take long to draw: kept with the page, and drawn anew when something in them has changed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup

from plugins.incremental import core
from plugins.incremental.recording import RecordingEnvironment
from plugins.incremental.session import Session
from plugins.incremental.store import DamagedError, Drawn

#: The fastest level: most of a list is markup that repeats itself.
_LEVEL = 1


class Fragments:
    """
    What templates draw with ``fragment("partials/list.html", items=…)``.

    The template gets these values and nothing else. What it gave for them is taken from the page's last
    build if the template, the values and what all pages depend on are the same.
    """

    def __init__(
        self, session: Session, prints: core.Fingerprints, environment: RecordingEnvironment
    ) -> None:
        self._session = session
        self._prints = prints
        self._environment = environment
        self._templates: Mapping[str, bytes] = {}
        self._rest = b""
        # Of the page that is being rendered: what is kept of it, and what it consists of now.
        self._kept: dict[bytes, Drawn] | None = None
        self._now: dict[bytes, Drawn] = {}
        self._texts: dict[bytes, str] = {}
        self._is_new = False
        self._page = ""

    def begin(self, templates: Mapping[str, bytes], rest: bytes) -> None:
        """Say what stands for all that each template includes, and for what else pages depend on."""
        self._templates, self._rest = templates, rest

    @contextmanager
    def of_page(self, name: str) -> Iterator[None]:
        """Draw what is drawn in the block for the page *name*; the rest is about it from then on."""
        self._page, self._kept, self._now, self._texts, self._is_new = name, None, {}, {}, False
        try:
            yield
        finally:
            self._page = ""

    @property
    def changed(self) -> dict[bytes, Drawn] | None:
        """What is to be kept of the page from now on; None if that is what is kept already."""
        is_kept = self._now and not self._is_new and self._now.keys() == (self._kept or {}).keys()
        return None if is_kept else self._now

    def found(self, name: str, html: str, find: Callable[[str], Any]) -> tuple[str, list[Any]]:
        """
        Return *html*, of the page, without fragments, and what *find* finds in each of these.

        What it finds is kept with the fragment under *name*: a plain value, a false one if that cannot be
        told without the page; then the fragment stays in it.
        """
        values = []
        for key, text in self._texts.items():
            # What is no element by itself may be part of anything around it.
            if not (text.startswith("<") and text.endswith(">")) or html.count(text) != 1:
                continue
            kept = self._now[key].found
            if name not in kept:
                kept[name], self._is_new = find(text), True
            if kept[name]:
                values.append(kept[name])
                html = html.replace(text, "")
        return html, values

    def fragment(self, template: str, /, **values: Any) -> Markup:
        """Return what *template* makes of *values*: for templates."""
        key = self._key(template, values) if self._page else None
        if key is None:
            return Markup(self._environment.get_template(template).render(values))
        if self._kept is None:
            self._kept = self._session.store.fragments(self._page) or {}
        drawn = self._kept.get(key)
        if drawn is None:
            # What it reads is in its key.
            with self._environment.unrecorded():
                text = self._environment.get_template(template).render(values)
            drawn, self._is_new = Drawn(zlib.compress(text.encode(), _LEVEL), {}), True
        else:
            text = _unpacked(drawn.packed)
        self._now[key], self._texts[key] = drawn, text.strip()
        return Markup(text)

    def _key(self, template: str, values: Mapping[str, Any]) -> bytes | None:
        """Return what stands for a fragment; None if nothing does."""
        # Of these only the names would count.
        if template not in self._templates or self._environment.holds_followed(dict(values)):
            return None
        try:
            return core.digest(
                (template, self._templates[template], self._rest, self._prints.of(dict(values)))
            )
        except core.UnsureError:
            return None


def _unpacked(data: bytes) -> str:
    try:
        return zlib.decompress(data).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise DamagedError from error
