"""Links in feeds."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

_ATTRIBUTES = ("href", "src", "cite", "poster")
# The candidates of a srcset that start at the root.
_FROM_ROOT = re.compile(r"(^\s*|,\s*)/(?!/)")


def absolute_links(html: str, site_url: str) -> str:
    """Return *html* with links that start at the root starting with *site_url* instead."""
    tree = LexborHTMLParser(html, is_fragment=True)
    for name in _ATTRIBUTES:
        for node in tree.css(f'[{name}^="/"]'):
            value = node.attributes[name] or ""
            if not value.startswith("//"):
                node.attrs[name] = site_url + value
    for node in tree.css("[srcset]"):
        value = node.attributes["srcset"] or ""
        node.attrs["srcset"] = _FROM_ROOT.sub(lambda match: f"{match[1]}{site_url}/", value)
    return tree.html or ""
