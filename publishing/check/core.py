"""Find what is wrong in the HTML of a site. Pure: pages and file names in, findings out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Literal
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
    """
    What the checks need of an HTML page; *path* is relative to the site, with slashes.

    *links* are (address, file, fragment) of what lies in this site. *fetched* are (element, address, file)
    of what the browser loads by itself; the file is None for what comes from elsewhere.
    """

    path: str
    ids: frozenset[str]
    links: tuple[tuple[str, str, str], ...]
    fetched: tuple[tuple[str, str, str | None], ...]
    without_alt: tuple[str, ...]
    duplicate_ids: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """A site's pages and the names of all its files."""

    pages: Mapping[str, Page]
    files: Collection[str]


# Addresses that no file answers: the comment service.
_ELSEWHERE = ("/kommentare/",)
_SELECTOR = ", ".join(
    (
        *("[id]", "a[name]", "a[href]", "area[href]", "img", "[srcset]", "[style]", "style", "h1"),
        "link[rel][href]",
        *(f"{tag}[{attribute}]" for tag, attribute in _FETCHED),
    )
)
_FETCHED_BY = {tag: [a for t, a in _FETCHED if t == tag] for tag, _ in _FETCHED}


def parse(path: str, html: str, url: str) -> Page:
    """Return what the checks need of *html*, a page of the site with the address *url*."""
    tree = LexborHTMLParser(html)
    ids: dict[str, int] = {}
    names: set[str] = set()
    links: dict[str, None] = {}
    fetched: dict[tuple[str, str], None] = {}
    without_alt: list[str] = []
    headings: list[str] = []
    styles: list[str] = []
    # One walk through the page: a query for each kind of element would take five times as long. It
    # gives an element once for each part of the selector that it matches.
    for node in {node.mem_id: node for node in tree.css(_SELECTOR)}.values():
        tag, attributes = node.tag or "", node.attributes
        if "id" in attributes:
            name = attributes["id"] or ""
            ids[name] = ids.get(name, 0) + 1
        if tag in ("a", "area"):
            if "href" in attributes:
                links[attributes["href"] or ""] = None
            if tag == "a" and "name" in attributes:
                names.add(attributes["name"] or "")
        elif tag == "img" and _no_alt(node):
            without_alt.append(attributes.get("src") or "")
        elif tag == "h1":
            headings.append(node.text(strip=True))
        elif tag == "style":
            styles.append(node.text())
        if "style" in attributes:
            styles.append(attributes["style"] or "")
        fetched.update(dict.fromkeys(_fetched(tag, attributes)))
    for match in _STYLE_URL.finditer("\n".join(styles)):
        fetched["style", match[1] or match[2] or match[3] or ""] = None
    # A page with many comments has hundreds of links to itself, which lead somewhere.
    others = (link for link in links if not _is_inside(link, ids))
    targets = ((link, _target(url, path, link)) for link in others)
    return Page(
        path=path,
        ids=frozenset(ids) | names,
        links=tuple((link, *target) for link, target in targets if target is not None),
        fetched=tuple((tag, link, _file(url, path, link)) for tag, link in fetched),
        without_alt=tuple(without_alt),
        duplicate_ids=tuple(name for name, count in ids.items() if count > 1),
        headings=tuple(headings[1:]),
        placeholders=_placeholders(tree) if "[[" in html else (),
    )


def joined(page: Page, parts: Sequence[Page]) -> Page | None:
    """Return what *page* and *parts*, taken out of it, are together; None if only the whole page can tell."""
    pieces = (page, *parts)
    ids = frozenset().union(*(piece.ids for piece in pieces))
    if len(ids) < sum(len(piece.ids) for piece in pieces):
        return None
    links = dict.fromkeys(link for piece in pieces for link in piece.links)

    def of_all(name: str) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(value for piece in pieces for value in getattr(piece, name)))

    return Page(
        path=page.path,
        ids=ids,
        links=tuple(link for link in links if not _is_inside(link[0], ids)),
        fetched=of_all("fetched"),
        without_alt=tuple(source for piece in pieces for source in piece.without_alt),
        duplicate_ids=of_all("duplicate_ids"),
        headings=tuple(text for piece in pieces for text in piece.headings),
        placeholders=of_all("placeholders"),
    )


def _is_inside(link: str, ids: Collection[str]) -> bool:
    """Return whether *link* leads to one of the page's own *ids*."""
    return link.startswith("#") and link[1:] in ids


def is_same(one: Page | None, other: Page | None) -> bool:
    """Return whether the two have the same in any order."""

    def sorted_fields(page: Page) -> list[Any]:
        values = [getattr(page, field.name) for field in fields(page) if field.name != "path"]
        return [sorted(value, key=repr) for value in values]

    return one is not None and other is not None and sorted_fields(one) == sorted_fields(other)


def _placeholders(tree: LexborHTMLParser) -> tuple[str, ...]:
    tree.strip_tags(_CODE)
    text = tree.body.text(separator="") if tree.body else ""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def _fetched(tag: str, attributes: Mapping[str, str | None]) -> Iterable[tuple[str, str]]:
    for name in _FETCHED_BY.get(tag, ()):
        if name in attributes:
            yield tag, attributes[name] or ""
    if "srcset" in attributes:
        for candidate in (attributes["srcset"] or "").split(","):
            if parts := candidate.split():
                yield "img", parts[0]
    if tag == "link" and _FETCHING_RELS & set((attributes.get("rel") or "").lower().split()):
        yield tag, attributes.get("href") or ""


def _file(url: str, path: str, link: str) -> str | None:
    """Return the file that a page fetches; "" stands for what the page brings itself."""
    if link.startswith("data:"):
        return ""
    target = _target(url, path, link)
    return None if target is None else target[0]


def _no_alt(node: LexborNode) -> bool:
    if node.attributes.get("role") in ("presentation", "none"):
        return False
    return not (node.attributes.get("alt") or "").strip()


def findings(site: Site, names: Iterable[str] | None = None) -> list[Finding]:
    """Return everything that is wrong in the pages *names* of *site*, by default in all of them."""
    found: list[Finding] = []
    for name in site.pages if names is None else names:
        page = site.pages[name]
        for link, file, fragment in page.links:
            if file not in site.files:
                found.append(Finding("link", page.path, link))
            elif fragment and fragment != "top" and fragment not in _ids(site, file, fragment):
                found.append(Finding("anchor", page.path, link))
        for tag, link, fetched in page.fetched:
            if fetched is None:
                found.append(Finding("foreign", page.path, link))
            elif fetched and fetched not in site.files:
                kind: Kind = "picture" if tag in ("img", "source") else "file"
                found.append(Finding(kind, page.path, link))
        found.extend(Finding("alt", page.path, source) for source in page.without_alt)
        found.extend(Finding("duplicate_id", page.path, name) for name in page.duplicate_ids)
        found.extend(Finding("heading", page.path, text) for text in page.headings)
        found.extend(Finding("placeholder", page.path, text) for text in page.placeholders)
    return found


def _ids(site: Site, file: str, fragment: str) -> Collection[str]:
    """Return the ids of *file*; what is no HTML has every one."""
    page = site.pages.get(file)
    return (fragment,) if page is None else page.ids


def _target(url: str, page: str, link: str) -> tuple[str, str] | None:
    """Return the file and fragment that *link* leads to, or None if that is not ours to check."""
    if link.startswith("/"):
        # The same from every page, and most are on every page; but not what they ask there.
        asked, _, question = link.partition("?")
        if question and "#" not in asked:
            link = "#".join((asked, *question.split("#", 1)[1:]))
        return _target_from_root(url, link)
    return _resolved(url, f"{url}/{page}", link)


@lru_cache(maxsize=20_000)
def _target_from_root(url: str, link: str) -> tuple[str, str] | None:
    return _resolved(url, f"{url}/", link)


def _resolved(url: str, base: str, link: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        own = urlsplit(url)
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
    if path.startswith(_ELSEWHERE):
        return None
    name = posixpath.normpath(path).lstrip("/")
    if name == ".":
        name = ""
    if path.endswith("/") or not name:
        name = posixpath.join(name, "index.html")
    # What follows „:~:“ is for the browser: a passage to mark.
    return name, unquote(parts.fragment).partition(":~:")[0]
