"""What is made of a tip's wrong example."""

from __future__ import annotations

import pytest

from lektorat.tip_patterns import Example, TipPattern, findings, patterns, written_pattern
from tests.lektorat.desks import passage

UNKNOWN = {"Sylvester", "mußte", "Fluß", "100prozentig", "abend"}


def _patterns(wrong: str, right: str, own: list[str] | None = None) -> list[TipPattern]:
    example = Example("2026-kw01", "Stichwort", wrong, right)
    written = {} if own is None else {"2026-kw01": own}
    return patterns([example], lambda word: word not in UNKNOWN, written)


def _found(text: str, made: list[TipPattern]) -> list[str]:
    found = passage(text)
    return [found.text[hit.start : hit.end] for hit in findings(found, made)]


@pytest.mark.parametrize(
    ("wrong", "right", "text", "found"),
    [
        ("Bis Sylvester ist zu.", "Bis Silvester ist zu.", "Nach Sylvester.", ["Sylvester"]),
        ("Er mußte zum Fluß.", "Er musste zum Fluss.", "Am Fluß mußte er.", ["mußte", "Fluß"]),
        (
            "Wir sind 100prozentig da.",
            "Wir sind 100-prozentig da.",
            "Das ist 50prozentig.",
            ["50prozentig"],
        ),
        (
            "Am Mittwoch dem 14. Mai.",
            "Am Mittwoch, dem 14. Mai.",
            "Am Freitag dem 3. Juni.",
            ["Am Freitag dem"],
        ),
        (
            "Gemäß Ihres Wunsches geht es.",
            "Gemäß Ihrem Wunsch geht es.",
            "Wir tun es gemäß Ihres Wunsches.",
            ["gemäß Ihres Wunsches"],
        ),
        (
            "Es ist von 9–12 Uhr zu.",
            "Es ist von 9 bis 12 Uhr zu.",
            "Das ist von 14–16 Uhr so.",
            ["von 14–16"],
        ),
        (
            "Der Text ist länger, als der alte.",
            "Der Text ist länger als der alte.",
            "Er ist länger, als ich dachte.",
            [],
        ),
        (
            "Danke für ihre Post, Frau Keller.",
            "Danke für Ihre Post, Frau Keller.",
            "Die Firma dankt für ihre Post.",
            [],
        ),
        (
            "Wenn es so weitergeht…",
            "Wenn es so weitergeht …",
            "Wenn das so weitergeht…",
            ["so weitergeht…"],
        ),
        (
            "Die Prüfung erfolgt durch uns hier sehr bald.",
            "Wir prüfen.",
            "Die Prüfung erfolgt durch uns.",
            [],
        ),
    ],
)
def test_an_example_finds_its_like_and_no_more(
    wrong: str, right: str, text: str, found: list[str]
) -> None:
    made = _patterns(wrong, right)
    assert _found(text, made) == found
    assert _found(right, made) == []


@pytest.mark.parametrize(
    "text", ["> Bis Sylvester.", "„Bis Sylvester.“", "Man schreibt nicht *Sylvester*."]
)
def test_quotations_and_italics_show_it_on_purpose(text: str) -> None:
    assert _found(text, _patterns("Bis Sylvester ist zu.", "Bis Silvester ist zu.")) == []


def test_a_hint_names_the_tip_and_suggests_only_what_fits() -> None:
    made = _patterns("Am Mittwoch dem 14. Mai.", "Am Mittwoch, dem 14. Mai.")
    (same,) = findings(passage("Am Mittwoch dem 3. Juni."), made)
    (other,) = findings(passage("Am Freitag dem 3. Juni."), made)
    assert same.message == "Siehe Tipp 2026-kw01 (Stichwort): „Am Mittwoch, dem 14. Mai.“"
    assert other.message == same.message
    assert other.suggestions == ()


def test_the_authors_patterns_replace_the_made_ones() -> None:
    wrong, right = "Es endet im Dezember diesen Jahres.", "Es endet im Dezember dieses Jahres."
    assert _found("Anfang diesen Jahres", _patterns(wrong, right)) == []
    assert _found("Anfang diesen Jahres", _patterns(wrong, right, own=["diesen Jahres"])) == [
        "diesen Jahres"
    ]
    assert _found(wrong, _patterns(wrong, right, own=[])) == []


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        ("in #", "in 2026", True),
        ("in #", "in zwei", False),
        ("Sankt *-Umzug", "Sankt Martins-Umzug", True),
        ("*ziffer", "die Geheimziffer", True),
        ("a.b", "axb", False),
    ],
)
def test_written_patterns_know_numbers_and_words(pattern: str, text: str, is_found: bool) -> None:
    assert bool(written_pattern(pattern).search(text)) == is_found
