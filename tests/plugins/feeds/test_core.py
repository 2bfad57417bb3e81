"""Links from the root become absolute, times complete, names stay; JSON is JSON."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from plugins.feeds.core import absolute_links, as_json, breakable, feed_time, tag_uri
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(("html", "expected"), cases(CASES / "absolute_links.md"))
def test_absolute_links(html: str, expected: str) -> None:
    assert absolute_links(html, "https://a.example") == expected


def test_twice_is_as_good_as_once() -> None:
    once = absolute_links("<a href='/x/'>X</a><br>", "https://a.example")
    assert absolute_links(once, "https://a.example") == once


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.date(2026, 1, 7), "2026-01-07T07:00:00+01:00"),
        (dt.date(2026, 7, 1), "2026-07-01T07:00:00+02:00"),
        (dt.datetime(2026, 7, 1, 18, 30), "2026-07-01T18:30:00+02:00"),
        (dt.datetime(2026, 7, 1, tzinfo=ZoneInfo("UTC")), "2026-07-01T00:00:00+00:00"),
    ],
)
def test_feed_time(moment: dt.date, expected: str) -> None:
    assert feed_time(moment, "Europe/Berlin") == expected


def test_a_tag_uri_names_host_day_and_path() -> None:
    assert (
        tag_uri("https://a.example:8000/tipps/2026-kw02/", dt.date(2026, 1, 7))
        == "tag:a.example,2026-01-07:/tipps/2026-kw02/"
    )


@pytest.mark.parametrize(
    ("url", "lines"),
    [
        (
            "https://a.example/feeds/tipps.atom.xml",
            "https://<wbr>a.<wbr>example/<wbr>feeds/<wbr>tipps.<wbr>atom.<wbr>xml",
        ),
        ("https://a.example/", "https://<wbr>a.<wbr>example/"),
        ("a-b/x", 'a<span class="unbroken">-b</span>/<wbr>x'),
        ("a/?b=1&c=<", "a/<wbr>?b=1&amp;c=&lt;"),
    ],
)
def test_an_address_ends_its_lines_after_strokes_and_points_only(url: str, lines: str) -> None:
    assert breakable(url) == lines
    # Who copies it gets the address.
    assert LexborHTMLParser(lines, is_fragment=True).text() == url


def test_json_keeps_umlauts_and_leaves_out_what_is_missing() -> None:
    text = as_json({"a": "„ä“ </script>\n", "b": None, "c": [None, 1], "d": False})
    assert "„ä“" in text
    assert json.loads(text) == {"a": "„ä“ </script>\n", "c": [None, 1], "d": False}
