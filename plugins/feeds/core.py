"""Links, times and names in feeds, and JSON in templates."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from selectolax.lexbor import LexborHTMLParser

_ATTRIBUTES = ("href", "src", "cite", "poster")
# The candidates of a srcset that start at the root.
_FROM_ROOT = re.compile(r"(^\s*|,\s*)/(?!/)")
_AFTER_A_PART = re.compile(r"(?:/+|\.)(?=.)")
_HYPHEN = re.compile(r"-\w")
#: When a tip comes out, for formats that want a time.
_MORNING = dt.time(7)
#: Entries of the feeds of a site: a process that stays reads only new ones.
_MANY = 512


@functools.lru_cache(_MANY)
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


def breakable(url: str) -> Markup:
    """
    Return an address as HTML that ends its lines after „/“ and „.“ only.

    Not after a hyphen: nobody could tell whether it belongs to the address.
    """
    html = _AFTER_A_PART.sub(r"\g<0><wbr>", str(escape(url)))
    return Markup(_HYPHEN.sub(r'<span class="unbroken">\g<0></span>', html))


def tag_uri(url: str, day: dt.date) -> str:
    """Return a name for ever (RFC 4151) of what has the address *url* and came out on *day*."""
    parts = urlsplit(url)
    return f"tag:{parts.hostname},{day:%Y-%m-%d}:{parts.path}"


def feed_time(moment: dt.date, timezone: str) -> str:
    """Return a moment as RFC 3339 has it; a mere day begins at seven in *timezone*."""
    zone = ZoneInfo(timezone)
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, _MORNING)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.isoformat()


def as_json(value: object) -> Markup:
    """Return *value* as JSON for a template; entries of mappings that are None are left out."""
    return Markup(json.dumps(_filled(value), ensure_ascii=False))


def _filled(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _filled(one) for name, one in value.items() if one is not None}
    return value
