"""German slugs, order, dates, numbers, and which names clash."""

from __future__ import annotations

import datetime as dt
import random
import re
import unicodedata
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.german import core
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"

# By letters first; what has the same letters stands in the order of its own characters.
DIN_5007_1 = """
24/7
3-D
à la carte
Aerosol
Affekt
Ähre
Allee
am Ende
Amboss
ÄÖÜ
Apfel
Äpfel
Apfelbaum
A–Z
Bär
Bar-Code
Bis Strich
Bis – Strich
bisschen
é
E-Mail
Email
Emil
Émile
Fuß
Fussel
Fußnote
geht's
geht’s
Goethe
Gold
Göthe
Łódź
Lodze
Maß
Massage
Masse
Maße
Mull
Müller
Muße
naiv
naïv
Neu Ulm
Neubau
Œuvre
Ofen
Öfen
offen
Ørsted
Pro und Contra
pro-aktiv
Strasse
Straße
Straßenbahn
Süd
Südost
weg
Weg
z. B.
Zahl
""".strip().split("\n")


@pytest.mark.parametrize(("text", "slug"), cases(CASES / "slug.md"))
def test_slug(text: str, slug: str) -> None:
    assert core.slug(text) == slug


@given(st.text())
def test_a_slug_can_stand_in_an_address(text: str) -> None:
    slug = core.slug(text)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert core.slug(slug) == slug


@given(st.text(st.sampled_from("aäöüÄÖÜßéïñÅ o-")))
def test_a_slug_does_not_depend_on_how_umlauts_are_encoded(text: str) -> None:
    assert core.slug(unicodedata.normalize("NFD", text)) == core.slug(text)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Über Äpfel & Birnen", "ueber_aepfel_und_birnen"),
        ("1. Zitieren", "abschnitt_1_zitieren"),
        ("?!", "abschnitt"),
    ],
)
def test_the_id_of_a_heading_begins_with_a_letter(text: str, id_: str) -> None:
    assert core.heading_slug(text, "_") == id_


def test_din_5007_1() -> None:
    assert len(DIN_5007_1) >= 30
    shuffled = random.Random(5007).sample(DIN_5007_1, len(DIN_5007_1))
    assert sorted(shuffled, key=core.sort_key) == DIN_5007_1


def test_signs_and_case_and_accents_do_not_count() -> None:
    letters = {core.sort_key(text)[0] for text in ("E-Mail", "email", "„É-MAIL!“", "e–mail")}
    assert letters == {"email"}


def test_decomposed_letters_stand_where_composed_ones_do() -> None:
    words = ["Ahorn", unicodedata.normalize("NFD", "Ähre"), "Allee"]
    assert sorted(["Allee", words[1], "Ahorn"], key=core.sort_key) == words


@given(st.lists(st.text(), max_size=8), st.randoms(use_true_random=False))
def test_the_order_is_total(texts: list[str], chance: random.Random) -> None:
    """However the texts come, they leave in one order; only equal texts are equal."""
    shuffled = list(texts)
    chance.shuffle(shuffled)
    assert sorted(shuffled, key=core.sort_key) == sorted(texts, key=core.sort_key)
    assert len(set(map(core.sort_key, texts))) == len(set(texts))


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Ähre", "A"),
        ("über", "U"),
        ("ßen", "S"),
        ("é", "E"),
        ("Œuvre", "O"),
        ("Łódź", "L"),
        ("„Gänsefüßchen“", "G"),
        ("’s", "S"),
        ("3-D", "0–9"),
        ("24/7", "0–9"),
        ("…", "0–9"),
        ("", "0–9"),
    ],
)
def test_register_letter(text: str, letter: str) -> None:
    assert core.register_letter(text) == letter


@given(st.text())
def test_every_text_has_a_place_in_the_register(text: str) -> None:
    assert core.register_letter(text) in [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0–9"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.date(2026, 11, 4), "4.\u00a0November 2026"),
        (dt.date(2026, 3, 1), "1.\u00a0März 2026"),
        (dt.datetime(2026, 1, 31, 23, 59), "31.\u00a0Januar 2026"),
        (
            dt.datetime(2026, 1, 31, 23, 59, tzinfo=ZoneInfo("Europe/Berlin")),
            "31.\u00a0Januar 2026",
        ),
    ],
)
def test_date(value: dt.date, text: str) -> None:
    assert core.date(value) == text


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (dt.date(2026, 11, 4), "KW\u00a045"),
        (dt.date(2025, 12, 31), "KW\u00a01"),
        (dt.date(2027, 1, 1), "KW\u00a053"),
        (dt.date(2027, 1, 4), "KW\u00a01"),
    ],
)
def test_week(day: dt.date, week: str) -> None:
    assert core.week(day) == week


def test_iso() -> None:
    assert core.iso(dt.date(2026, 3, 4)) == "2026-03-04"
    moment = dt.datetime(2026, 3, 4, 8, tzinfo=ZoneInfo("Europe/Berlin"))
    assert core.iso(moment) == "2026-03-04T08:00:00+01:00"


@pytest.mark.parametrize(
    ("value", "text"), [(1800, "1.800"), (3.5, "3,5"), (0, "0"), (1234567, "1.234.567")]
)
def test_number(value: float, text: str) -> None:
    assert core.number(value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0\u00a0Teile"), (1, "1\u00a0Teil"), (2, "2\u00a0Teile"), (1200, "1.200\u00a0Teile")],
)
def test_plural(count: int, text: str) -> None:
    assert core.plural(count, "Teil", "Teile") == text


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["A"], "A"), (["A", "B"], "A und B"), (["A", "B", "C"], "A, B und C")],
)
def test_listed(items: list[str], text: str) -> None:
    assert core.listed(iter(items)) == text


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (110, 1), (331, 2), (1100, 5), (2200, 10)])
def test_reading_minutes(words: int, minutes: int) -> None:
    assert core.reading_minutes(words) == minutes


def test_clashes_are_names_that_share_a_slug() -> None:
    names = ["Straße", "Beet", "Strasse", "Beet", "strasse", "Strasse"]
    assert core.clashes((core.slug(name), name) for name in names) == [
        ("strasse", "Straße", "Strasse"),
        ("strasse", "Straße", "strasse"),
    ]
    assert core.clashes([]) == []


def test_time_is_german_and_stays_together() -> None:
    assert core.time(dt.datetime(2026, 3, 4, 8, 5)) == "8:05\u00a0Uhr"
    assert core.time(dt.datetime(2026, 3, 4, 18, 30)) == "18:30\u00a0Uhr"
