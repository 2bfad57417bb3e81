"""
Comments that live elsewhere: Isso, giscus, utterances, Remark42, Comentario, Cusdis, Disqus, Mastodon.

A page has a card for each: a note on who gets which data, a button, a plain link. What the button
loads is data (`Card.load`) that ``theme/static/js/comment-embed.js`` carries out. The embed codes are
those of each system's documentation.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from plugins.german.core import listed


class SystemsError(ValueError):
    """A setting of a comment system cannot be used; the message is German and complete."""


@dataclass(frozen=True)
class Topic:
    """What is commented on: a post's path, full address and plain title."""

    path: str
    url: str
    title: str


@dataclass(frozen=True)
class Card:
    """What a page shows of a system before anything is loaded; all texts are German."""

    system: str
    title: str
    note: str
    button: str
    link: str
    link_text: str
    #: JSON for the script: what to put on the page after the click.
    load: str


# -- What the settings may say ---------------------------------------------------------------------


def _server(value: str) -> str:
    """Return an https address without a slash at its end."""
    try:
        parts = urlsplit(value)
        is_good = parts.scheme == "https" and re.fullmatch(r"[\w.-]+(:\d+)?", parts.netloc, re.A)
    except ValueError:
        is_good = None
    if not is_good or parts.query or parts.fragment or re.search(r"[\s\"'<>;,\\]", value):
        raise ValueError("Das ist keine Adresse – schreiben Sie sie wie https://kommentare.example")
    return value.rstrip("/")


def _repository(value: str) -> str:
    if not re.fullmatch(r"[\w-]+/[\w.-]+", value, re.A):
        raise ValueError("Das ist kein Repository – schreiben Sie es wie name/blog")
    return value


def _word(value: str) -> str:
    if not re.fullmatch(r"[\w.-]+", value, re.A):
        raise ValueError("Hier stehen nur Buchstaben ohne Umlaute, Ziffern, Punkt und Strich")
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", value):
        raise ValueError("Das ist kein Server – schreiben Sie ihn wie social.example")
    return value


def _line(value: str) -> str:
    if not value.strip() or re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError("Hier steht eine Zeile Text")
    return value


Server = Annotated[str, AfterValidator(_server)]
Repository = Annotated[str, AfterValidator(_repository)]
Word = Annotated[str, AfterValidator(_word)]
Host = Annotated[str, AfterValidator(_host)]
Line = Annotated[str, AfterValidator(_line)]

#: Sources for directives of a Content-Security-Policy.
Sources = Mapping[str, tuple[str, ...]]

_GITHUB = ("github.com", "api.github.com", "avatars.githubusercontent.com")
_GITHUB_ACCOUNT = "Zum Schreiben brauchen Sie ein Konto bei GitHub."


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class System(BaseModel):
    """A system as it is set up for this site."""

    # Built when first used: most sites have none of these, and every build imports them.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    #: Its name in settings and front matter, and the one it calls itself.
    key: ClassVar[str]
    name: ClassVar[str]
    #: What a reader should know beside the servers.
    extra: ClassVar[str] = ""
    link_text: ClassVar[str]
    #: Whether it knows each page by its address, so that no post needs to name anything.
    is_for_pages: ClassVar[bool] = False
    #: Whether readers log in in a window of its own, which tells the page when that is done.
    has_login_window: ClassVar[bool] = False

    @property
    def place(self) -> str:
        """Where the comments are, after „Die Kommentare zu diesem Beitrag liegen …“."""
        raise NotImplementedError

    @property
    def sources(self) -> Sources:
        """What the page itself must be allowed to load, for each directive."""
        raise NotImplementedError

    @property
    def hosts(self) -> tuple[str, ...]:
        """All servers that a reader's browser will talk to, those of frames included."""
        found = (urlsplit(source).netloc for one in self.sources.values() for source in one)
        return tuple(dict.fromkeys(found))


class PageSystem(System):
    """A system that knows each page by its address."""

    is_for_pages = True

    def link(self, topic: Topic) -> str:
        """Return the address that shows something without our script."""
        raise NotImplementedError

    def load(self, topic: Topic) -> dict[str, Any]:
        """Return what the script is to do."""
        raise NotImplementedError

    def card(self, topic: Topic) -> Card:
        """Return what the page of *topic* shows before the click."""
        place = f"Die Kommentare zu diesem Beitrag liegen {self.place}."
        return Card(
            system=self.key,
            title=f"Kommentare bei {self.name}",
            note=_note(place, _consequence("die Kommentare", self.hosts), self.extra),
            button=f"Kommentare von {self.name} laden",
            link=self.link(topic),
            link_text=self.link_text,
            load=_plan(self.load(topic)),
        )


def _consequence(what: str, hosts: tuple[str, ...]) -> str:
    servers, learn = ("diesem Server", "Er erfährt")
    if len(hosts) > 1:
        servers, learn = ("diesen Servern", "Sie erfahren")
    return (
        f"Erst wenn Sie {what} laden, verbindet sich Ihr Browser mit {servers}: {listed(hosts)}. "
        f"{learn} dabei Ihre IP-Adresse, welchen Browser Sie benutzen und welche Seite Sie lesen."
    )


def _note(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _plan(load: Mapping[str, Any]) -> str:
    # Sorted, so that equal cards are equal bytes.
    return json.dumps(load, ensure_ascii=False, sort_keys=True)


class ServerSystem(PageSystem):
    """A system on one server, mostly the author's own."""

    #: Directives of a policy under which the page loads from it.
    directives: ClassVar[tuple[str, ...]]
    server: Server

    @property
    def place(self) -> str:
        """See `System.place`."""
        return f"auf dem Server {urlsplit(self.server).netloc}"

    @property
    def sources(self) -> Sources:
        """See `System.sources`."""
        return dict.fromkeys(self.directives, (_origin(self.server),))


class Isso(ServerSystem):
    """A server of one's own: Python and SQLite."""

    key, name = "isso", "Isso"
    extra = "Wer kommentiert, bekommt ein Cookie, um den Kommentar noch ändern zu können."
    link_text = "Kommentare als Daten ansehen"
    directives = ("script-src", "style-src", "connect-src", "img-src")

    def link(self, topic: Topic) -> str:
        """Return the address of the comments as JSON: Isso has no page of its own."""
        return f"{self.server}/?{urlencode({'uri': topic.path})}"

    def load(self, topic: Topic) -> dict[str, Any]:
        """See `System.load`."""
        return {
            "target": [
                "section",
                {"id": "isso-thread", "data-isso-id": topic.path, "data-title": topic.title},
            ],
            "script": f"{self.server}/js/embed.min.js",
            "attributes": {"data-isso": f"{self.server}/", "data-isso-lang": "de"},
        }


class Giscus(PageSystem):
    """Discussions of a repository at GitHub, shown by giscus.app."""

    key, name = "giscus", "giscus"
    extra = _GITHUB_ACCOUNT
    link_text = "Diskussionen bei GitHub öffnen"
    repo: Repository
    repo_id: Word
    category: Line
    category_id: Word

    @property
    def place(self) -> str:
        """See `System.place`."""
        return "bei GitHub (Microsoft, USA) und werden von giscus angezeigt"

    @property
    def sources(self) -> Sources:
        """See `System.sources`."""
        origin = ("https://giscus.app",)
        return dict.fromkeys(("script-src", "style-src", "frame-src"), origin)

    @property
    def hosts(self) -> tuple[str, ...]:
        """See `System.hosts`."""
        return ("giscus.app", *_GITHUB)

    def link(self, topic: Topic) -> str:
        """See `System.link`."""
        words = topic.path.strip("/")
        return f"https://github.com/{self.repo}/discussions?{urlencode({'discussions_q': words})}"

    def load(self, topic: Topic) -> dict[str, Any]:
        """See `System.load`."""
        values = {
            "repo": self.repo,
            "repo-id": self.repo_id,
            "category": self.category,
            "category-id": self.category_id,
            "mapping": "pathname",
            # The page's address must match exactly: „zitat“ is not „zitate“.
            "strict": "1",
            "reactions-enabled": "1",
            "emit-metadata": "0",
            "input-position": "bottom",
            "theme": "preferred_color_scheme",
            "lang": "de",
        }
        return {
            "target": ["div", {"class": "giscus"}],
            "script": "https://giscus.app/client.js",
            "attributes": {f"data-{name}": value for name, value in values.items()},
        }


class Utterances(PageSystem):
    """Issues of a repository at GitHub, shown by utteranc.es."""

    key, name = "utterances", "utterances"
    extra = _GITHUB_ACCOUNT
    link_text = "Kommentare bei GitHub öffnen"
    repo: Repository

    @property
    def place(self) -> str:
        """See `System.place`."""
        return "bei GitHub (Microsoft, USA) und werden von utterances angezeigt"

    @property
    def sources(self) -> Sources:
        """See `System.sources`."""
        return {"script-src": ("https://utteranc.es",), "frame-src": ("https://utteranc.es",)}

    @property
    def hosts(self) -> tuple[str, ...]:
        """See `System.hosts`."""
        return ("utteranc.es", "api.utteranc.es", *_GITHUB)

    def link(self, topic: Topic) -> str:
        """See `System.link`."""
        words = f'"{topic.path.strip("/")}" in:title'
        return f"https://github.com/{self.repo}/issues?{urlencode({'q': words})}"

    def load(self, topic: Topic) -> dict[str, Any]:
        """See `System.load`."""
        return {
            "script": "https://utteranc.es/client.js",
            "attributes": {
                "repo": self.repo,
                "issue-term": "pathname",
                "theme": "preferred-color-scheme",
                "crossorigin": "anonymous",
            },
        }


class Remark42(ServerSystem):
    """A server of one's own: Go."""

    key, name = "remark42", "Remark42"
    link_text = "Kommentare als Feed lesen"
    has_login_window = True
    directives = ("script-src", "style-src", "frame-src", "connect-src")
    site: Word = "remark"

    def link(self, topic: Topic) -> str:
        """See `System.link`."""
        return f"{self.server}/api/v1/rss/post?{urlencode({'site': self.site, 'url': topic.url})}"

    def load(self, topic: Topic) -> dict[str, Any]:
        """See `System.load`."""
        config = {
            "host": self.server,
            "site_id": self.site,
            "url": topic.url,
            "components": ["embed"],
            "locale": "de",
            "theme": "{scheme}",
            "no_footer": True,
        }
        return {
            "target": ["div", {"id": "remark42"}],
            "globals": {"remark_config": config},
            "script": f"{self.server}/web/embed.mjs",
            "attributes": {"type": "module"},
        }


class Comentario(ServerSystem):
    """A server of one's own: Go and PostgreSQL or SQLite."""

    key, name = "comentario", "Comentario"
    link_text = "Website des Kommentardienstes öffnen"
    has_login_window = True
    directives = ("script-src", "style-src", "connect-src", "img-src")

    def link(self, topic: Topic) -> str:
        """See `System.link`."""
        return f"{self.server}/"

    def load(self, topic: Topic) -> dict[str, Any]:
        """See `System.load`."""
        attributes = {
            "page-id": topic.path,
            "lang": "de",
            "theme": "{scheme}",
            "no-fonts": "true",
            # Else it keeps a socket open as long as the page is.
            "live-update": "false",
        }
        return {
            "target": ["comentario-comments", attributes],
            "script": f"{self.server}/comentario.js",
        }


class Cusdis(ServerSystem):
    """cusdis.com or a server of one's own."""

    key, name = "cusdis", "Cusdis"
    link_text = "Website des Kommentardienstes öffnen"
    # No frame-src: the frame is one of ours, see the script.
    directives = ("script-src", "style-src", "connect-src")
    app_id: Word
    server: Server = "https://cusdis.com"

    @property
    def place(self) -> str:
        """See `System.place`."""
        return f"bei Cusdis auf dem Server {urlsplit(self.server).netloc}"

    def link(self, topic: Topic) -> str:
        """See `System.link`."""
        return f"{self.server}/"

    def load(self, topic: Topic) -> dict[str, Any]:
        """See `System.load`; the attributes that others write into the page, by the names of its own script."""
        return {
            "kind": "cusdis",
            "script": f"{self.server}/js/iframe.umd.js",
            "style": f"{self.server}/js/style.css",
            "data": {
                "host": self.server,
                "appId": self.app_id,
                "pageId": topic.path,
                "pageUrl": topic.url,
                "pageTitle": topic.title,
                "theme": "{scheme}",
            },
            "words": {
                "powered_by": "Kommentare von Cusdis",
                "post_comment": "Absenden",
                "loading": "Wird geladen\u00a0…",
                "email": "E-Mail (freiwillig)",
                "nickname": "Name",
                "reply_placeholder": "Ihr Kommentar",
                "reply_btn": "Antworten",
                "sending": "Wird gesendet\u00a0…",
                "mod_badge": "Redaktion",
                "content_is_required": "Bitte schreiben Sie einen Kommentar.",
                "nickname_is_required": "Bitte geben Sie einen Namen an.",
                "comment_has_been_sent": "Ihr Kommentar ist gesendet und wartet auf Freigabe.",
            },
        }


class Disqus(PageSystem):
    """disqus.com."""

    key, name = "disqus", "Disqus"
    extra = "Disqus setzt Cookies und gibt Daten auch an Werbepartner weiter."
    link_text = "Kommentare bei Disqus öffnen"
    has_login_window = True
    shortname: Annotated[str, AfterValidator(_word), Field(pattern=r"^[a-z0-9-]+$")]

    @property
    def place(self) -> str:
        """See `System.place`."""
        return "bei Disqus (USA)"

    @property
    def sources(self) -> Sources:
        """See `System.sources`."""
        own = (f"https://{self.shortname}.disqus.com", "https://disqus.com")
        files = ("https://c.disquscdn.com",)
        return {
            "script-src": own + files,
            "style-src": files,
            "img-src": (*own, *files, "https://referrer.disqus.com"),
            "connect-src": (*own, "https://links.services.disqus.com"),
            "frame-src": ("https://disqus.com",),
        }

    def link(self, topic: Topic) -> str:
        """See `System.link`."""
        return f"https://{self.shortname}.disqus.com/?{urlencode({'url': topic.url})}"

    def load(self, topic: Topic) -> dict[str, Any]:
        """See `System.load`."""
        return {
            "kind": "disqus",
            "target": ["div", {"id": "disqus_thread"}],
            "script": f"https://{self.shortname}.disqus.com/embed.js",
            "page": {"url": topic.url, "identifier": topic.path, "title": topic.title},
        }


class Mastodon(System):
    """Threads at servers of the Fediverse; each post names its own."""

    key, name = "mastodon", "Mastodon"
    extra = (
        "Zum Antworten brauchen Sie ein Konto bei Mastodon oder einem anderen Dienst des Fediverse."
    )
    link_text = "Gespräch bei Mastodon öffnen"
    servers: Annotated[tuple[Host, ...], Field(min_length=1, strict=False)]
    #: Whether replies that the author has approved become part of the page.
    bake: bool = False

    @property
    def place(self) -> str:
        """See `System.place`."""
        return f"bei Mastodon auf dem Server {' oder '.join(self.servers)}"

    @property
    def sources(self) -> Sources:
        """See `System.sources`."""
        return {"connect-src": tuple(f"https://{host}" for host in self.servers)}

    def thread_card(self, address: str) -> Card:
        """
        Return the card of the thread at *address*.

        Raises:
            SystemsError: It is no post at one of the servers.
        """
        host, number = self.thread(address)
        place = f"Über diesen Beitrag wird bei Mastodon gesprochen, auf dem Server {host}."
        path = quote(urlsplit(address).path, safe="/@")
        return Card(
            system=self.key,
            title="Gespräch bei Mastodon",
            note=_note(place, _consequence("die Antworten", (host,)), self.extra),
            button="Antworten von Mastodon laden",
            link=f"https://{host}{path}",
            link_text=self.link_text,
            load=_plan(
                {"kind": "mastodon", "api": f"https://{host}/api/v1/statuses/{number}/context"}
            ),
        )

    def thread(self, address: str) -> tuple[str, str]:
        """
        Return server and number of the post at *address*, https://server/@name/number.

        Raises:
            SystemsError: It is none, or at none of the servers.
        """
        found = re.fullmatch(r"https://([a-z0-9.:-]+)/@[\w.@-]+/(\d+)", address, re.A)
        if not found:
            raise SystemsError(
                f"„{address}“ ist keine Adresse eines Beitrags bei Mastodon.|Schreiben Sie sie wie "
                f"https://{self.servers[0]}/@name/112233445566."
            )
        if found[1] not in self.servers:
            raise SystemsError(
                f"Der Server {found[1]} ist nicht eingerichtet.|Ergänzen Sie ihn in den "
                "Einstellungen unter COMMENTS_SYSTEMS bei „mastodon“ in „servers“."
            )
        return found[1], found[2]


_SYSTEMS: dict[str, type[System]] = {
    system.key: system
    for system in (
        *(Isso, Giscus, Utterances, Remark42, Comentario, Cusdis, Disqus),
        Mastodon,
    )
}
#: What ``comments:`` of a post may say beside open and closed. Threads at Mastodon have a key of their own.
NAMES = tuple(key for key, system in _SYSTEMS.items() if issubclass(system, PageSystem))


def read(settings: object) -> dict[str, System]:
    """
    Return the systems that the setting ``COMMENTS_SYSTEMS`` sets up: name → system.

    Raises:
        SystemsError: One is unknown, or one of its values is missing or wrong.
    """
    if not isinstance(settings, Mapping):
        raise SystemsError(
            "COMMENTS_SYSTEMS: Das ist kein Verzeichnis von Diensten – Beispiele stehen im "
            "HANDBUCH.md unter „Andere Kommentardienste“."
        )
    return {str(key): _read(str(key), value) for key, value in settings.items()}


def _read(key: str, values: object) -> System:
    system = _SYSTEMS.get(key)
    if system is None:
        raise SystemsError(
            f"COMMENTS_SYSTEMS: „{key}“ gibt es nicht – möglich sind {listed(sorted(_SYSTEMS))}."
        )
    try:
        return system.model_validate(values)
    except ValidationError as error:
        raise SystemsError(_complaint(system, error.errors()[0])) from None


def _complaint(system: type[System], error: ErrorDetails) -> str:
    option = ".".join(str(part) for part in error["loc"])
    begin = f"COMMENTS_SYSTEMS: Bei „{system.key}“"
    known = listed(system.model_fields)
    match error["type"]:
        case "missing":
            return f"{begin} fehlt „{option}“ – dieser Dienst braucht es."
        case "extra_forbidden":
            return f"{begin} ist „{option}“ unbekannt – möglich sind {known}."
        case "value_error":
            return f"{begin} stimmt „{option}“ nicht: {error['ctx']['error']}."
        case _ if not option:
            return f"{begin} fehlen die Angaben – möglich sind {known}."
        case _:
            return f"{begin} kann „{option}“ nicht {error['input']!r} sein – sehen Sie im HANDBUCH.md nach."


# -- For the front server and the privacy page -----------------------------------------------------


def policy(systems: Iterable[System]) -> dict[str, tuple[str, ...]]:
    """
    Return the sources that a Content-Security-Policy must allow for *systems*, beside ``'self'``.

    Directive → origins, both in a fixed order; the scripts are loaded by one of our own files, so
    nothing inline and no ``'unsafe-…'`` is needed.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for system in systems:
        for directive, origins in system.sources.items():
            found[directive].update(origins)
    return {directive: tuple(sorted(found[directive])) for directive in sorted(found)}


@dataclass(frozen=True)
class Recipient:
    """Who gets data of readers that load comments: for the privacy page, in German."""

    name: str
    place: str
    hosts: str
    extra: str


def recipients(systems: Iterable[System]) -> list[Recipient]:
    """Return who gets data when comments of *systems* are loaded, by name."""
    return [
        Recipient(system.name, system.place, listed(system.hosts), system.extra)
        for system in sorted(systems, key=lambda system: system.name.casefold())
    ]
