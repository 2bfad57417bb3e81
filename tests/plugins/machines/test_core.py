"""Linked data cannot leave its element; lists of pages are what the sitemap protocol asks for."""

from __future__ import annotations

import datetime as dt
import json
from xml.etree import ElementTree as etree
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from plugins.machines import core

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "text",
    [
        "</script><script>alert(1)</script>",
        "<!-- <script>",
        "Müller & Söhne „>“",
        "Zeile\u2028Absatz\u2029Ende\n",
        'Sie sagt: "Ja\\nein"',
    ],
)
def test_json_ld_stays_in_its_element(text: str) -> None:
    made = core.as_json_ld({"name": text})
    assert json.loads(made) == {"name": text}
    assert not set(made) & set("<>&\u2028\u2029\n")


def test_json_ld_has_nothing_empty() -> None:
    given = {"a": None, "b": "", "c": [], "d": {}, "e": 0, "f": [{"g": None, "h": Markup("&lt;")}]}
    assert json.loads(core.as_json_ld(given)) == {"e": 0, "f": [{"h": "&lt;"}]}


def test_breadcrumbs_end_with_the_page_itself() -> None:
    assert core.breadcrumb_list([("Blog", "archiv/")], "Hier", "https://x.example") == {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": 1,
                "name": "Blog",
                "item": "https://x.example/archiv/",
            },
            {"@type": "ListItem", "position": 2, "name": "Hier"},
        ],
    }


def test_sitemap_has_days_and_moments() -> None:
    pages = [
        ("/", dt.date(2026, 1, 7)),
        ("/a&b/", dt.datetime(2026, 2, 1, tzinfo=BERLIN)),
        ("/c/", dt.datetime(2026, 7, 1, 8, 30, tzinfo=BERLIN)),
        ("/d/", None),
    ]
    root = etree.fromstring(core.sitemap("https://x.example", pages))
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{name}urlset"
    assert [(url.findtext(f"{name}loc"), url.findtext(f"{name}lastmod")) for url in root] == [
        ("https://x.example/", "2026-01-07"),
        ("https://x.example/a&b/", "2026-02-01"),
        ("https://x.example/c/", "2026-07-01T08:30:00+02:00"),
        ("https://x.example/d/", None),
    ]


def test_robots() -> None:
    assert core.robots("https://x.example", ["/kommentare/"]) == (
        "User-agent: *\nDisallow: /kommentare/\n\nSitemap: https://x.example/sitemap.xml\n"
    )
    assert "\nDisallow:\n" in core.robots("https://x.example", [])
