"""Find what is wrong in the HTML of a site. Pure: pages and file names in, findings out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

Kind = Literal[
    "link", "anchor", "picture", "alt", "file", "foreign", "duplicate_id", "heading", "placeholder"
]

_PLACEHOLDER = re.compile(r"\[\[[^\[\]\n]{1,200}\]\]")
_OTHER_SCHEMES = ("mailto", "tel", "data", "javascript", "webcal", "geo", "xmpp")
# Elements whose URL the browser fetches by itself.
_FETCHED = (
    ("img", "src"),
    ("source", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("script", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("track", "src"),
    ("input", "src"),
    ("image", "href"),
    ("use", "href"),
)
_FETCHING_RELS = {
    *("stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"),
    *("preconnect", "dns-prefetch", "prefetch"),
}
_STYLE_URL = re.compile(
    r"""(?:url\(\s*|@import\s+(?=["']))(?:"([^"]*)"|'([^']*)'|([^\s"')]+))""", re.I
)
_CODE = ["pre", "code", "script", "style"]


@dataclass(frozen=True)
class Finding:
    """Something wrong on one page; *value* is the address, id or text as the page has it."""

    kind: Kind
    page: str
    value: str


@dataclass(frozen=True)
class Page:
    """What the checks need of an HTML page; *path* is relative to the site, with slashes."""

    path: str
    ids: frozenset[str]
    links: tuple[str, ...]
    fetched: tuple[tuple[str, str], ...]
    without_alt: tuple[str, ...]
    duplicate_ids: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """A site's pages and the names of all its files."""

    pages: Mapping[str, Page]
    files: Collection[str]
    url: str
    # Addresses that no file answers: the comment service.
    elsewhere: tuple[str, ...] = field(default=("/kommentare/",))


def parse(path: str, html: str) -> Page:
    """Return what the checks need of *html*."""
    tree = LexborHTMLParser(html)
    ids: dict[str, int] = {}
    for node in tree.css("[id]"):
        name = node.attributes["id"] or ""
        ids[name] = ids.get(name, 0) + 1
    names = {node.attributes["name"] or "" for node in tree.css("a[name]")}
    links = [node.attributes["href"] or "" for node in tree.css("a[href], area[href]")]
    without_alt = [node.attributes.get("src") or "" for node in tree.css("img") if _no_alt(node)]
    fetched = tuple(dict.fromkeys(_fetched(tree)))
    tree.strip_tags(_CODE)
    text = tree.body.text(separator="") if tree.body else ""
    return Page(
        path=path,
        ids=frozenset(ids) | frozenset(names),
        links=tuple(dict.fromkeys(links)),
        fetched=fetched,
        without_alt=tuple(without_alt),
        duplicate_ids=tuple(name for name, count in ids.items() if count > 1),
        headings=tuple(node.text(strip=True) for node in tree.css("h1")[1:]),
        placeholders=tuple(dict.fromkeys(_PLACEHOLDER.findall(text))),
    )


def _fetched(tree: LexborHTMLParser) -> Iterable[tuple[str, str]]:
    for tag, attribute in _FETCHED:
        for node in tree.css(f"{tag}[{attribute}]"):
            yield tag, node.attributes[attribute] or ""
    for node in tree.css("[srcset]"):
        for candidate in (node.attributes["srcset"] or "").split(","):
            if parts := candidate.split():
                yield "img", parts[0]
    for node in tree.css("link[rel][href]"):
        if _FETCHING_RELS & set((node.attributes["rel"] or "").lower().split()):
            yield "link", node.attributes["href"] or ""
    styles = [node.attributes["style"] or "" for node in tree.css("[style]")]
    styles += [node.text() for node in tree.css("style")]
    for match in _STYLE_URL.finditer("\n".join(styles)):
        yield "style", match[1] or match[2] or match[3] or ""


def _no_alt(node: LexborNode) -> bool:
    if node.attributes.get("role") in ("presentation", "none"):
        return False
    return not (node.attributes.get("alt") or "").strip()


def findings(site: Site) -> list[Finding]:
    """Return everything that is wrong in *site*, page by page."""
    found: list[Finding] = []
    for page in site.pages.values():
        for link in page.links:
            if kind := _link_fault(site, page, link):
                found.append(Finding(kind, page.path, link))
        for tag, url in page.fetched:
            if kind := _fetch_fault(site, page, tag, url):
                found.append(Finding(kind, page.path, url))
        found.extend(Finding("alt", page.path, source) for source in page.without_alt)
        found.extend(Finding("duplicate_id", page.path, name) for name in page.duplicate_ids)
        found.extend(Finding("heading", page.path, text) for text in page.headings)
        found.extend(Finding("placeholder", page.path, text) for text in page.placeholders)
    return found


def _link_fault(site: Site, page: Page, link: str) -> Kind | None:
    target = _target(site, page, link)
    if target is None:
        return None
    file, fragment = target
    if file not in site.files:
        return "link"
    known = site.pages.get(file)
    if fragment and known is not None and fragment not in known.ids and fragment != "top":
        return "anchor"
    return None


def _fetch_fault(site: Site, page: Page, tag: str, url: str) -> Kind | None:
    if url.startswith("data:"):
        return None
    target = _target(site, page, url)
    if target is None:
        return "foreign"
    if target[0] in site.files:
        return None
    return "picture" if tag in ("img", "source") else "file"


def _target(site: Site, page: Page, link: str) -> tuple[str, str] | None:
    """Return the file and fragment that *link* leads to, or None if that is not ours to check."""
    base = f"{site.url}/{page.path}"
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        own = urlsplit(site.url)
    except ValueError:
        return link, ""
    if parts.scheme in _OTHER_SCHEMES:
        return None
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return None
    path = unquote(parts.path) or "/"
    folder = own.path.rstrip("/")
    if path != folder and not path.startswith(f"{folder}/"):
        return None
    path = path.removeprefix(folder)
    if path.startswith(site.elsewhere):
        return None
    name = posixpath.normpath(path).lstrip("/")
    if name == ".":
        name = ""
    if path.endswith("/") or not name:
        name = posixpath.join(name, "index.html")
    # What follows „:~:“ is for the browser: a passage to mark.
    return name, unquote(parts.fragment).partition(":~:")[0]
