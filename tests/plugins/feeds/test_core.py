"""Links from the root become absolute; everything else stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.feeds.core import absolute_links
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(("html", "expected"), cases(CASES / "absolute_links.md"))
def test_absolute_links(html: str, expected: str) -> None:
    assert absolute_links(html, "https://a.example") == expected


def test_twice_is_as_good_as_once() -> None:
    once = absolute_links("<a href='/x/'>X</a><br>", "https://a.example")
    assert absolute_links(once, "https://a.example") == once
