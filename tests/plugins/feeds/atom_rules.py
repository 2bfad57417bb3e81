"""What RFC 4287 and the W3C's Feed Validator ask of an Atom feed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from selectolax.lexbor import LexborHTMLParser

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: How often each element may stand in its parent: (at least, at most), RFC 4287, 4.1.
_FEED = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("subtitle", "generator", "icon", "logo", "rights"), (0, 1)),
    **dict.fromkeys(("link", "author", "category", "contributor", "entry"), (0, None)),
}
_ENTRY = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("published", "summary", "content", "rights", "source"), (0, 1)),
    **dict.fromkeys(("link", "author", "category", "contributor"), (0, None)),
}
_URLS = ("href", "src", "cite", "poster")


def faults(data: bytes, address: str) -> list[str]:
    """Return what is wrong with the feed *data*, which readers get from *address*."""
    feed = ElementTree.fromstring(data)
    if feed.tag != f"{ATOM}feed":
        return [f"the root is {feed.tag}"]
    entries = feed.findall(f"{ATOM}entry")
    return [
        *_counts(feed, _FEED),
        *_common(feed),
        *_links(feed),
        *_feed_links(feed, address),
        *(fault for entry in entries for fault in _entry(entry, feed)),
        *(
            f"the id {name} is given {times} times"
            for name, times in Counter(entry.findtext(f"{ATOM}id") for entry in entries).items()
            if times > 1
        ),
    ]


def _counts(parent: Element, rules: dict[str, tuple[int, int | None]]) -> Iterator[str]:
    found = Counter(child.tag for child in parent)
    for tag in found:
        if tag.removeprefix(ATOM) not in rules:
            yield f"{parent.tag}: unknown element {tag}"
    for name, (least, most) in rules.items():
        count = found[f"{ATOM}{name}"]
        if count < least or (most is not None and count > most):
            yield f"{parent.tag}: {count} times {name}"


def _common(parent: Element) -> Iterator[str]:
    identity = parent.findtext(f"{ATOM}id") or ""
    parts = urlsplit(identity)
    if not parts.scheme or not (parts.netloc or parts.path):
        yield f"{identity!r} is no absolute IRI"
    for name in ("updated", "published"):
        moment = parent.findtext(f"{ATOM}{name}")
        if moment is not None and not _TIME.fullmatch(moment):
            yield f"{identity}: {name} {moment!r} is no time of RFC 3339"
    for author in parent.findall(f"{ATOM}author"):
        if not (author.findtext(f"{ATOM}name") or "").strip():
            yield f"{identity}: an author without a name"
    for category in parent.findall(f"{ATOM}category"):
        if not category.get("term"):
            yield f"{identity}: a category without a term"
    for name in ("title", "subtitle", "summary", "content", "rights"):
        for text in parent.findall(f"{ATOM}{name}"):
            yield from _text(text, f"{identity}: {name}")


def _text(text: Element, place: str) -> Iterator[str]:
    kind = text.get("type", "text")
    if kind not in ("text", "html"):
        yield f"{place} has the type {kind}"
    if len(text):
        yield f"{place} has elements in it"
    if kind != "html":
        return
    tree = LexborHTMLParser(text.text or "", is_fragment=True)
    for node in tree.css("script, style, iframe, form, [onclick], [style]"):
        yield f"{place}: {node.tag} is not for feeds"
    for name in _URLS:
        for node in tree.css(f"[{name}]"):
            url = node.attributes[name] or ""
            if not urlsplit(url).scheme and not url.startswith("#"):
                yield f"{place}: the address {url!r} leads nowhere from a feed"


def _links(parent: Element) -> Iterator[str]:
    links = parent.findall(f"{ATOM}link")
    for link in links:
        if urlsplit(link.get("href", "")).scheme not in ("http", "https"):
            yield f"a link to {link.get('href')!r}"
    alternates = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in links
        if link.get("rel", "alternate") == "alternate"
    )
    for kind, times in alternates.items():
        if times > 1:
            yield f"{times} alternate links of one kind {kind}"


def _feed_links(feed: Element, address: str) -> Iterator[str]:
    own = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [address]:
        yield f"its own address is said to be {own}"
    if not feed.get(LANG):
        yield "no language"


def _entry(entry: Element, feed: Element) -> Iterator[str]:
    yield from _counts(entry, _ENTRY)
    yield from _common(entry)
    yield from _links(entry)
    identity = entry.findtext(f"{ATOM}id")
    if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
        yield f"{identity}: nobody wrote it"
    if entry.find(f"{ATOM}content") is None and entry.find(f"{ATOM}link") is None:
        yield f"{identity}: neither content nor link"
    published, updated = (entry.findtext(f"{ATOM}{name}") for name in ("published", "updated"))
    if published and updated and updated[:10] < published[:10]:
        yield f"{identity}: updated before it was published"
