"""Posts and pages as they were read: kept without Pelican's objects, and made objects again."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote, urlparse
from zoneinfo import ZoneInfo

from pelican.contents import Content
from pelican.urlwrappers import Author, Category, Tag, URLWrapper
from pelican.utils import SafeDatetime

# What lists, archives, feeds and neighbours need of every post, in every build. All else is loaded only
# for the few that are rendered.
CARD = (
    *(
        "relative_source_path",
        "slug",
        "url",
        "save_as",
        "status",
        "date",
        "modified",
        "title",
        "template",
        "lang",
    ),
    *("category", "tags", "author", "authors", "override_save_as", "override_url"),
    *("series", "series_index", "comments", "mastodon", "quoted_tips", "aliases"),
    *("reads", "said", "links", "static_links"),
)
_ON_CARD = frozenset(CARD)
_NOT_KEPT = ("settings", "_context", "_content", "translations", "_status")
_WRAPPERS: dict[str, type[URLWrapper]] = {"Category": Category, "Tag": Tag, "Author": Author}


class _Wrapped(NamedTuple):
    """A category, tag or author; *slug* is None if it comes from the name."""

    kind: str
    name: str
    slug: str | None


class _Moment(NamedTuple):
    """A date in a time zone that has a name."""

    local: str
    fold: int
    zone: str


class Kept(NamedTuple):
    """What is kept of a post or page: two pickles, and the HTML with Pelican's placeholders for links."""

    card: bytes
    state: bytes
    body: str


def _frozen(value: Any) -> Any:
    if isinstance(value, URLWrapper):
        slug = None if value._slug_from_name else value.slug
        return _Wrapped(type(value).__name__, value.name, slug)
    if isinstance(value, SafeDatetime) and isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key:
        return _Moment(value.replace(tzinfo=None, fold=0).isoformat(), value.fold, value.tzinfo.key)
    if isinstance(value, list):
        return [_frozen(item) for item in value]
    return value


def keep(content: Content) -> Kept:
    """Return what is needed to make *content*, just read, again."""
    attributes = {
        name: _frozen(value) for name, value in vars(content).items() if name not in _NOT_KEPT
    }
    attributes["metadata"] = {n: _frozen(value) for n, value in content.metadata.items()}
    attributes |= {"url": content.url, "save_as": content.save_as, "status": content.status}
    if "summary" in content.metadata:
        attributes["summary"] = content.metadata["summary"]
    attributes["links"] = _links(content)
    attributes["static_links"] = tuple(sorted(content.get_static_links()))
    card = {name: attributes.pop(name) for name in CARD if name in attributes}
    return Kept(pickle.dumps(card), pickle.dumps(attributes), content._content)


def _links(content: Content) -> tuple[tuple[str, ...], ...]:
    """Return, for each link to another source file, the paths at which Pelican would look for it."""
    found = []
    for match in content._get_intrasite_link_regex().finditer(content._content):
        if match["what"] not in ("filename", "static", "attach"):
            continue
        path = urlparse(match["value"]).path
        both = dict.fromkeys((path, unquote(path)))
        found.append((match["what"], *(_resolved(content, one) for one in both)))
    return tuple(found)


def _resolved(content: Content, path: str) -> str:
    if path.startswith("/"):
        return path[1:]
    return str(content.get_relative_source_path(f"{content.relative_dir}/{path}"))


class Thaw:
    """Makes Pelican's objects of what was kept; equal categories, tags and authors become one object."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._wrappers: dict[_Wrapped, URLWrapper] = {}
        self._zones: dict[str, ZoneInfo] = {}

    def attributes(self, data: bytes) -> dict[str, Any]:
        """Return the attributes in a pickle of `keep`'s."""
        values: dict[str, Any] = pickle.loads(data)
        for name, value in values.items():
            kind = type(value)
            if kind in (_Wrapped, _Moment, list):
                values[name] = self._thawed(value)
            elif name == "metadata":
                for key, one in value.items():
                    value[key] = self._thawed(one)
        return values

    def _thawed(self, value: Any) -> Any:
        kind = type(value)
        if kind is _Wrapped:
            return self._wrapper(value)
        if kind is _Moment:
            moment = SafeDatetime.fromisoformat(value.local)
            return moment.replace(tzinfo=self._zone(value.zone), fold=value.fold)
        if kind is list:
            return [self._thawed(item) for item in value]
        return value

    def _wrapper(self, kept: _Wrapped) -> URLWrapper:
        wrapper = self._wrappers.get(kept)
        if wrapper is None:
            wrapper = _WRAPPERS[kept.kind](kept.name, self._settings)
            if kept.slug is not None:
                wrapper.slug = kept.slug
            self._wrappers[kept] = wrapper
        return wrapper

    def _zone(self, name: str) -> ZoneInfo:
        if name not in self._zones:
            self._zones[name] = ZoneInfo(name)
        return self._zones[name]


class _Loaded:
    """An attribute of a property's name that is in the instance once its text has been loaded."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, content: Any, _owner: type) -> Any:
        if content is None:
            return self
        content.load()
        if self._name in content.__dict__:
            return content.__dict__[self._name]
        return content.compute(self._name)


# What is in an object and is no attribute that a template could mean.
_OWN = {
    *("settings", "_context", "_content", "content", "summary", "_set", "_rest", "_load"),
    *("source_path", "fact_key", "reads", "said", "links", "static_links"),
}


class Cached:
    """
    A post or page made of what was kept; it loads most of its attributes when one of them is asked for.

    Pelican computes some attributes at each access, or keeps them for ever with the object; here they are
    computed once, when the text was read, or at first use.
    """

    #: The name by which pages remember what they read of it.
    fact_key = ""
    # Pelican has properties of these names. These are none, so the instance's own values count.
    url = save_as = status = ""
    summary = _Loaded("summary")
    content = _Loaded("content")
    _content = _Loaded("_content")

    def __init__(
        self,
        path: str,
        card: dict[str, Any],
        load: Callable[[str], tuple[dict[str, Any], str]],
        **more: Any,
    ) -> None:
        values = self.__dict__
        values.update(card)
        values.update(more)
        values["source_path"] = path
        values["translations"] = []
        values["fact_key"] = f"@{card['relative_source_path']}"
        values["_set"] = set()
        values["_rest"] = {}
        values["_load"] = load

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute, and remember that it was set since the text was read."""
        self._set.add(name)
        super().__setattr__(name, value)

    def load(self) -> None:
        """Load the rest of the attributes; what a plugin has set since stays."""
        values = self.__dict__
        load = values.pop("_load", None)
        if load is None:
            return
        rest, values["_content"] = load(values["source_path"])
        values["_rest"] = rest
        for name, value in rest.items():
            values.setdefault(name, value)

    @property
    def is_loaded(self) -> bool:
        """Whether somebody has asked for an attribute that is not on the card."""
        return "_load" not in self.__dict__

    def unload(self, load: Callable[[str], tuple[dict[str, Any], str]]) -> None:
        """Forget the text and all that was read with it; *load* will load it when it is asked for."""
        self.release(load)
        self.__dict__.pop("summary", None)

    def release(self, load: Callable[[str], tuple[dict[str, Any], str]]) -> None:
        """Do the same, for the memory's sake: a summary stays, for many lists ask for it."""
        values = self.__dict__
        for name, value in values["_rest"].items():
            if name != "summary" and values.get(name) is value:
                del values[name]
        values.pop("_content", None)
        values.pop("content", None)
        values["_rest"] = {}
        values["_load"] = load

    def set_since(self) -> dict[str, Any]:
        """Return the attributes that plugins have set since the text was read."""
        values = self.__dict__
        return {name: values[name] for name in self._set if name in values and name not in _OWN}

    def __getattr__(self, name: str) -> Any:
        """Return an attribute that is not on the card."""
        if name not in _ON_CARD and "_load" in self.__dict__ and not name.startswith("__"):
            self.load()
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"{type(self).__name__} has no {name!r}")

    def compute(self, name: str) -> Any:
        """Return ``content``, or a summary that nobody wrote; once computed, it stays."""
        if name == "content":
            value = self._update_content(self._content, self.get_siteurl())
        else:
            value = Content.__dict__["get_summary"].func(self, self.get_siteurl())
        self.__dict__[name] = value
        return value

    def get_content(self, siteurl: str) -> str:
        """Return the HTML with links that begin with *siteurl*."""
        if siteurl == self.get_siteurl():
            return self.content
        return self._update_content(self._content, siteurl)


@cache
def cached_class(content_class: Any) -> Any:
    """Return *content_class* as a class of cached objects; its name stays: settings are named after it."""
    return type(content_class.__name__, (Cached, content_class), {})
