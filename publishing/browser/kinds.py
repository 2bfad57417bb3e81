"""Which pages to look at: the fewest on which everything stands that any page has. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Attributes that make the same element another thing to look at.
_TELLING = ("aria-current", "data-state", "dir", "hidden", "lang", "open", "role", "type")
_NUMBER = re.compile(r"\d+")


def pages_of_each_kind(pages: Mapping[str, str]) -> list[str]:
    """
    Return the names of as few of *pages* (HTML by file name) as show every kind of thing, in order.

    A thing is an element with a class or a telling attribute, in a part of the page, in a part of the site:
    a new block, template or section is found here without being named anywhere.
    """
    shown = {name: _things(name, html) for name, html in sorted(pages.items())}
    left = set().union(*shown.values())
    chosen = []
    while left:
        best = max(shown, key=lambda name: len(shown[name] & left))
        chosen.append(best)
        left -= shown[best]
    return sorted(chosen)


def _things(name: str, html: str) -> set[tuple[str, ...]]:
    section = _section(name)
    return {
        (section, around, thing)
        for node in LexborHTMLParser(html).css("body, body *")
        for around in (_first_class(node.parent),)
        for thing in _looks(node)
    }


def _section(name: str) -> str:
    """Return where in the site a page is: the same for all posts, another for each page of the first level."""
    folder = posixpath.dirname(posixpath.dirname(name))
    return _NUMBER.sub("0", folder) or name


def _first_class(node: LexborNode | None) -> str:
    return ((node.attributes.get("class") if node else "") or "").partition(" ")[0]


def _looks(node: LexborNode) -> list[str]:
    tag, attributes = node.tag or "", node.attributes
    looks = [f"{tag}.{name}" for name in (attributes.get("class") or "").split()]
    looks += [f"{tag}[{name}={attributes[name]}]" for name in _TELLING if name in attributes]
    return looks or [tag]
