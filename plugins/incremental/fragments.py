"""Parts of pages that take long to draw: kept with the page, and drawn anew when something in them has changed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup

from plugins.incremental import core
from plugins.incremental.recording import RecordingEnvironment
from plugins.incremental.session import Session
from plugins.incremental.store import DamagedError

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
        self._kept: dict[bytes, bytes] | None = None
        self._now: dict[bytes, bytes] = {}
        self._page = ""

    def begin(self, templates: Mapping[str, bytes], rest: bytes) -> None:
        """Say what stands for all that each template includes, and for what else pages depend on."""
        self._templates, self._rest = templates, rest

    @contextmanager
    def of_page(self, name: str) -> Iterator[None]:
        """Draw what is drawn in the block for the page *name*; `changed` is about it from then on."""
        self._page, self._kept, self._now = name, None, {}
        try:
            yield
        finally:
            self._page = ""

    @property
    def changed(self) -> dict[bytes, bytes] | None:
        """What is to be kept of the page from now on; None if that is what is kept already."""
        return None if self._now and self._now.keys() == (self._kept or {}).keys() else self._now

    def fragment(self, template: str, /, **values: Any) -> Markup:
        """Return what *template* makes of *values*: for templates."""
        key = self._key(template, values) if self._page else None
        if key is None:
            return Markup(self._environment.get_template(template).render(values))
        if self._kept is None:
            self._kept = self._session.store.fragments(self._page) or {}
        packed = self._kept.get(key)
        if packed is not None:
            self._now[key] = packed
            return Markup(_unpacked(packed))
        # What it reads is in its key.
        with self._environment.unrecorded():
            text = self._environment.get_template(template).render(values)
        self._now[key] = zlib.compress(text.encode(), _LEVEL)
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
