"""Who said it, when it was read, and what is an address."""

from __future__ import annotations

import datetime as dt

import pytest

from plugins.embeds.core import Attribution, accessed_note, attribution, is_web_address


@pytest.mark.parametrize(
    ("line", "person", "work"),
    [
        ("Ida Beispiel", "Ida Beispiel", ""),
        ("Ida Beispiel, Das Buch", "Ida Beispiel", "Das Buch"),
        (" Ida ,  Das Buch, Band 2 ", "Ida", "Das Buch, Band 2"),
        ("Ida,", "Ida", ""),
        (", Das Buch", "", "Das Buch"),
        ("", "", ""),
    ],
)
def test_the_work_is_all_after_the_first_comma(line: str, person: str, work: str) -> None:
    assert attribution(line) == Attribution(person, work)


def test_the_note_has_a_german_date() -> None:
    assert accessed_note(dt.date(2026, 3, 1)) == "abgerufen am 1.\u00a0März 2026"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example", True),
        ("http://a.example/x?y=ü#z", True),
        ("HTTPS://a.example", False),
        ("https://a", False),
        ("https://", False),
        ("a.example", False),
        ("//a.example", False),
        ("/blog/", False),
        ("javascript:alert(1)//https://a.example", False),
        ("https://a.example/ b", False),
        ('https://a.example/"x', False),
        ("https://a.example\n", False),
        ("", False),
    ],
)
def test_an_address_is_absolute(url: str, expected: bool) -> None:
    assert is_web_address(url) is expected
