"""
Parts of pages that take long to draw: kept by page, and drawn anew when something in them has changed.

They outlive the cache of builds, and ``--clean``: the comments of a large site take ten seconds.
"""

from __future__ import annotations

import marshal
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from markupsafe import Markup

from plugins.incremental import core
from plugins.incremental.functions import functions_key
from plugins.incremental.recording import RecordingEnvironment
from plugins.incremental.session import Session, fragments_path
from plugins.incremental.shelf import Shelf

#: The fastest level: most of a list is markup that repeats itself.
_LEVEL = 1


class Drawn(NamedTuple):
    """
    A fragment of a page: its HTML, compressed, and what others have found in it: by name, what that
    depends on beside the HTML, and a plain value.
    """

    packed: bytes
    found: dict[str, tuple[str, Any]]


class Fragments:
    """
    What templates draw with ``fragment("partials/list.html", items=…)``.

    The template gets these values and nothing else. What it gave for them is taken from the page's last
    build if our code, the template, the values and all that the functions in it know are the same. Where
    nobody can tell what these know, what all pages depend on counts, and the whole cache of builds.
    """

    def __init__(
        self, session: Session, prints: core.Fingerprints, environment: RecordingEnvironment
    ) -> None:
        self._session = session
        self._prints = prints
        # Without those classes whose objects look into the settings.
        self._exact_prints = core.Fingerprints()
        self._environment = environment
        self._shelf = Shelf(fragments_path(session.store.path))
        self._templates: Mapping[str, bytes] = {}
        self._rest: core.Print = None
        self._functions: dict[str, core.Print] = {}
        # Of the page that is being rendered: what is kept of it, and what it consists of now.
        self._kept: dict[bytes, Drawn] | None = None
        self._now: dict[bytes, Drawn] = {}
        self._texts: dict[bytes, str] = {}
        self._is_new = False
        self._page = ""

    def begin(self, templates: Mapping[str, bytes], rest: bytes) -> None:
        """Say what stands for all that each template includes, and for what else pages depend on."""
        self._templates = templates
        self._rest = (rest, self._session.store.meta("born") or os.urandom(16))
        self._functions = {}

    @contextmanager
    def of_page(self, name: str) -> Iterator[None]:
        """Draw what is drawn in the block for the page *name*; the rest is about it from then on."""
        self._page, self._kept, self._now, self._texts, self._is_new = name, None, {}, {}, False
        try:
            yield
        finally:
            self._page = ""

    def keep(self, page: str) -> None:
        """Keep what *page*, which has been rendered, consists of."""
        if not self._now:
            self.forget(page)
        elif self._is_new or self._now.keys() != (self._kept or {}).keys():
            kept = {key: tuple(drawn) for key, drawn in self._now.items()}
            self._shelf.put(self._place(page), marshal.dumps(kept))

    def forget(self, page: str) -> None:
        """Keep nothing of *page*."""
        self._shelf.forget(self._place(page))

    def forget_others(self, pages: Iterable[str]) -> None:
        """Keep nothing of other pages than *pages*."""
        self._shelf.forget_others(map(self._place, pages))

    def _place(self, page: str) -> bytes:
        return self._session.code + page.encode()

    def found(
        self, name: str, html: str, find: Callable[[str], Any], inputs: str = ""
    ) -> tuple[str, list[Any]]:
        """
        Return *html*, of the page, without fragments, and what *find* finds in each of these.

        What it finds is kept with the fragment under *name*: a plain value, a false one if that cannot be
        told without the page; then the fragment stays in it. *inputs* is what it depends on beside the
        page and our code.
        """
        values = []
        for key, text in self._texts.items():
            # What is no element by itself may be part of anything around it.
            if not (text.startswith("<") and text.endswith(">")) or html.count(text) != 1:
                continue
            kept = self._now[key].found
            if name not in kept or kept[name][0] != inputs:
                kept[name], self._is_new = (inputs, find(text)), True
            if value := kept[name][1]:
                values.append(value)
                html = html.replace(text, "")
        return html, values

    def fragment(self, template: str, /, **values: Any) -> Markup:
        """Return what *template* makes of *values*: for templates."""
        key = self._key(template, values) if self._page else None
        if key is None:
            return Markup(self._environment.get_template(template).render(values))
        if self._kept is None:
            self._kept = self._kept_of(self._page)
        drawn = self._kept.get(key)
        if drawn is None:
            # What it reads is in its key.
            with self._environment.unrecorded():
                text = self._environment.get_template(template).render(values)
            drawn, self._is_new = Drawn(zlib.compress(text.encode(), _LEVEL), {}), True
        else:
            text = zlib.decompress(drawn.packed).decode()
        self._now[key], self._texts[key] = drawn, text.strip()
        return Markup(text)

    def _kept_of(self, page: str) -> dict[bytes, Drawn]:
        data = self._shelf.found(self._place(page))
        return {key: Drawn(*one) for key, one in marshal.loads(data).items()} if data else {}

    def _key(self, template: str, values: Mapping[str, Any]) -> bytes | None:
        """Return what stands for a fragment; None if nothing does."""
        # Of these only the names would count.
        if template not in self._templates or self._environment.holds_followed(dict(values)):
            return None
        own = (template, self._templates[template])
        with suppress(core.UnsureError):
            functions = self._functions_key(template)
            return core.digest((own, functions, self._exact_prints.of(dict(values))))
        with suppress(core.UnsureError):
            return core.digest((own, self._rest, self._prints.of(dict(values))))
        return None

    def _functions_key(self, template: str) -> core.Print:
        """
        Return what stands for all that *template* can call, and for how it is read.

        Raises:
            UnsureError: Nothing does.
        """
        if template not in self._functions:
            options = self._session.settings["JINJA_ENVIRONMENT"]
            with suppress(core.UnsureError):
                self._functions[template] = (
                    self._exact_prints.of(options),
                    functions_key(self._environment, template, self._exact_prints),
                )
            self._functions.setdefault(template, None)
        if self._functions[template] is None:
            raise core.UnsureError(template)
        return self._functions[template]
