"""Linked data for a page, the list of all pages, and what robots may read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from markupsafe import Markup

#: In a script element, „</script>“ and „<!--“ would end or change what the parser takes for data.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def as_json_ld(value: object) -> Markup:
    """Return *value* as JSON for a script element; what is None, "" or empty is left out of mappings."""
    text = json.dumps(_filled(value), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))


def _filled(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _filled(one) for name, one in value.items() if one or one == 0}
    if isinstance(value, list | tuple):
        return [_filled(one) for one in value]
    # Markup counts as text, without its class.
    return str(value) if isinstance(value, str) else value


def breadcrumb_list(way: Sequence[tuple[str, str]], name: str, site_url: str) -> dict[str, object]:
    """
    Return the way to the page *name* as schema.org's BreadcrumbList.

    *way* are the pages above it from the top, as (name, path without a slash in front).
    """
    items: list[dict[str, object]] = [
        {"@type": "ListItem", "position": place, "name": label, "item": f"{site_url}/{path}"}
        for place, (label, path) in enumerate(way, 1)
    ]
    here = {"@type": "ListItem", "position": len(way) + 1, "name": name}
    return {"@type": "BreadcrumbList", "itemListElement": [*items, here]}


def sitemap(site_url: str, pages: Iterable[tuple[str, dt.date | None]]) -> str:
    """
    Return the list of *pages* (sitemaps.org, 0.9): path, and when what it shows last changed, if that is known.

    A moment is written with its time zone, midnight as a day.
    """
    lines = [_line(f"{site_url}{path}", changed) for path, changed in pages]
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>\n",
        )
    )


def _line(url: str, changed: dt.date | None) -> str:
    since = f"<lastmod>{_time(changed)}</lastmod>" if changed else ""
    return f"<url><loc>{escape(url)}</loc>{since}</url>"


def _time(moment: dt.date) -> str:
    if isinstance(moment, dt.datetime) and moment.time() == dt.time():
        moment = moment.date()
    return moment.isoformat()


def robots(site_url: str, closed: Iterable[str]) -> str:
    """Return ``robots.txt``: all may read everything but what is below the paths *closed*."""
    rules = [f"Disallow: {path}" for path in closed] or ["Disallow:"]
    return "\n".join(("User-agent: *", *rules, "", f"Sitemap: {site_url}/sitemap.xml", ""))
