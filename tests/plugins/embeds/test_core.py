"""Who said it, when it was read, and what is an address."""

from __future__ import annotations

import datetime as dt

import pytest

from plugins.embeds.core import (
    Attribution,
    ListError,
    ListWish,
    accessed_note,
    attribution,
    is_web_address,
    list_wish,
)


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


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("", ListWish(None, 5)),
        ("thema=Stil", ListWish("Stil", 5)),
        ("anzahl=50", ListWish(None, 50)),
        (" anzahl = 1 , thema = Neue Wörter ,", ListWish("Neue Wörter", 1)),
    ],
)
def test_a_list_is_asked_for_by_topic_and_number(line: str, wish: ListWish) -> None:
    assert list_wish(line, ("Stil", "Neue Wörter")) == wish


@pytest.mark.parametrize(
    "line",
    ["stil", "thema", "thema=", "=Stil", "thema=stil", "thema=Stil=Stil", "anzahl=", "anzahl=fünf"]
    + [f"anzahl={number}" for number in ("0", "51", "05", "-1", "1.5", "1e1", "٣", "999999999999")],
)
def test_what_a_list_cannot_be_is_told_with_a_remedy(line: str) -> None:
    with pytest.raises(ListError) as caught:
        list_wish(line, ("Stil",))
    assert caught.value.message
    assert caught.value.remedy
