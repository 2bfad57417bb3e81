"""What has changed since the last build, among the things that pages can read."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from typing import Any

from pelican.urlwrappers import URLWrapper

from plugins.incremental import core
from plugins.incremental.contents import Cached
from plugins.incremental.core import ANYTHING, EXISTS
from plugins.incremental.reading import Reading
from plugins.incremental.session import Session

#: Owners of facts that are no objects.
NAME, TEMPLATE, EVERYTHING = "name", "template", "everything"
#: A fact of objects that have an attribute without a fingerprint.
UNSURE = "?"


def _wrapper(value: URLWrapper) -> core.Print:
    return type(value).__name__, value.name, value.slug


class Comparison:
    """
    The facts of this build beside those of the last one.

    An object is kept as its digest (of what was read from its file) and the fingerprints of what plugins
    have set on it: its neighbours, its comments. Other values of the context count as a whole.
    """

    def __init__(self, session: Session, reading: Reading) -> None:
        self._session = session
        self._reading = reading
        self.prints = core.Fingerprints({URLWrapper: _wrapper})
        self._known_names: dict[str, Any] | None = session.store.meta("names")
        self._names: dict[str, Any] = {}
        #: All objects whose attributes are followed one by one.
        self.keys: set[str] = set()
        #: What is not as it was.
        self.changed: set[int] = set()
        # What counts as changed in each build, having no fingerprint.
        self._unsure: set[int] = set()
        self._objects: dict[str, Any] = {}
        self._context: Mapping[str, Any] = {}
        #: Whether a feed carries the day of the build, having nothing else to be dated by.
        self.is_dated = False

    # -- Comparing ---------------------------------------------------------------------------------

    def compare(
        self, context: Mapping[str, Any], templates: Mapping[str, bytes], rest: bytes
    ) -> None:
        """
        Find out what has changed, when everything that pages can read is in *context*.

        *templates* stands for their sources, *rest* for what else all pages depend on.
        """
        self._context = context
        self._compare_objects(context)
        self.changed |= self._unsure
        for name, known in (self._known_names or {}).items():
            if self._name(name) != known:
                self.changed.add(core.fact(NAME, name))
        known_templates = self._session.store.meta("templates") or {}
        for name in known_templates.keys() | templates.keys():
            if known_templates.get(name) != templates.get(name):
                self.changed.add(core.fact(TEMPLATE, name))
        if self._known_names is None or self._session.store.meta("rest") != rest:
            self.changed.add(core.fact(EVERYTHING, ""))
        self._templates, self._rest = dict(templates), rest

    def _compare_objects(self, context: Mapping[str, Any]) -> None:
        known = self._session.store.objects()
        objects = self._objects
        for key, (path, content) in self._reading.contents.items():
            objects[key] = self._content(key, path, content, context)
        for value in _followed(context):
            if value.fact_key not in objects:
                objects[value.fact_key] = (b"", self._attributes(value.fact_key, vars(value)))
        self.keys = set(objects)
        changes = self._session.changes.objects
        for key, value in objects.items():
            before = known.pop(key, None)
            if before != value:
                changes[key] = value
                self._add(key, self._difference(key, before, value))
        for key in known:
            changes[key] = None
            self._add(key, {EXISTS, ANYTHING})

    def begin_again(self) -> None:
        """Begin a build in which all is as it is now, but for what `renew` says."""
        self.changed = set(self._unsure)

    def renew(self, key: str, kept: bytes, names: Iterable[str]) -> None:
        """Count *names*, attributes of a text for which *kept* stands now, as changed."""
        _, attributes = self._objects[key]
        self._objects[key] = self._session.changes.objects[key] = (kept, attributes)
        self._add(key, names)

    def _add(self, key: str, attributes: Iterable[str]) -> None:
        self.changed.update(core.fact(key, attribute) for attribute in attributes)

    def _content(
        self, key: str, path: str, content: Cached, context: Mapping[str, Any]
    ) -> tuple[bytes, core.Print]:
        attributes = content.set_since()
        # It is set for all, and empty for most.
        if not attributes.get("translations"):
            attributes.pop("translations", None)
        if links := content.__dict__.get("links"):
            attributes["content"] = _targets(links, context)
        return self._reading.source(path).kept, self._attributes(key, attributes)

    def _attributes(self, key: str, attributes: Mapping[str, Any]) -> core.Print:
        """Return (name, fingerprint) of each of *attributes*; one that has none counts as changed."""
        of = self.prints.of
        found = []
        for name, value in attributes.items():
            try:
                found.append((name, of(value)))
            except core.UnsureError:
                self._unsure.update(core.fact(key, one) for one in (name, ANYTHING, UNSURE))
        found.sort()
        return tuple(found)

    def _difference(self, key: str, before: Any, now: Any) -> set[str]:
        if before is None:
            return {EXISTS, ANYTHING}
        names = core.changed_attributes(dict(before[1]), dict(now[1]))
        if before[0] != now[0]:
            names |= self._difference_of_texts(key, before[0])
        return names

    def _difference_of_texts(self, key: str, before: bytes) -> set[str]:
        """Return the attributes that differ between the text of the last build and this one's."""
        path = self._reading.contents[key][0]
        old = self._reading.replaced.get(path)
        text = self._session.store.text(path)
        if old is None or text is None or old.kept != before:
            # A build that failed has read the file since: nobody knows the old text any more.
            return {EXISTS, ANYTHING}
        state, body = self._reading.text(path)
        names = core.changed_attributes(
            pickle.loads(old.card) | pickle.loads(text[0]),
            pickle.loads(self._reading.source(path).card) | pickle.loads(state),
        )
        if text[1] != body:
            names |= {"content", ANYTHING}
        return names

    def _name(self, name: str) -> Any:
        """Return the fingerprint of a value of the context; None for what can only be built again."""
        if name not in self._names:
            try:
                # A missing name is no value: a plain None would be one.
                value = (
                    ("value", self.prints.of(self._context[name])) if name in self._context else ()
                )
                self._names[name] = core.digest(value)
            except core.UnsureError:
                self._names[name] = None
        return self._names[name]

    def whole(self, value: Any) -> core.Print:
        """
        Return the fingerprint of *value* with everything that can be read of it.

        Raises:
            UnsureError: It has none.
        """
        if not hasattr(type(value), "fact_key"):
            return self.prints.of(value)
        key = value.fact_key
        if key not in self._objects or core.fact(key, UNSURE) in self.changed:
            raise core.UnsureError(key)
        return key, *self._objects[key]

    # -- What a page read --------------------------------------------------------------------------

    def is_sure(self, name: str) -> bool:
        """Return whether changes of a value of the context will be noticed; it counts from now on."""
        return self._name(name) is not None

    def depends_on_day(self) -> bool:
        """Return whether a page would differ on another day although nothing becomes due."""
        return "SITE_DATE" in self._names or self.is_dated

    def keep(self) -> None:
        """Put what the next build will compare with into the store."""
        known = {name: value for name, value in self._names.items() if value is not None}
        self._session.store.put_meta(names=known, templates=self._templates, rest=self._rest)


def _followed(context: Mapping[str, Any]) -> Iterable[Any]:
    """Yield the objects in lists of the context that are followed attribute by attribute."""
    for value in context.values():
        if isinstance(value, list | tuple) and value and hasattr(type(value[0]), "fact_key"):
            yield from value


def _targets(
    links: Iterable[tuple[str, ...]], context: Mapping[str, Any]
) -> tuple[str | None, ...]:
    """Return the addresses to which the placeholders in a text will lead."""
    pages, files = context["generated_content"], context["static_content"]
    found = []
    for what, *paths in links:
        places = (pages, files) if what == "filename" else (files,)
        target = next(
            (place[path] for place in places for path in paths if place.get(path) is not None), None
        )
        found.append(None if target is None else target.url)
    return tuple(found)
