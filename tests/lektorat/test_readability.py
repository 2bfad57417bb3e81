"""Syllables, formulas and style against values reckoned by hand."""

from __future__ import annotations

import pytest

from lektorat import readability
from lektorat.prose import passages
from lektorat.readability import Limits, amstad, count, syllables, wiener_sachtextformel
from lektorat.words import sentences
from tests.lektorat.desks import passage

SYLLABLES = {
    1: "Haus Staat Typ Boot dient Geist Knie Wien beim Bein Tier Dienst Quatsch schrien",
    2: "Duell Steuer Quelle Layout Niveau Seen Beispiel beide neue Eiche reell Yoga Äpfel geimpft erschien online",
    3: "Theater Nation Ferien Industrie Theorie Patient aktuell Museum beenden geändert Homeoffice Medien Serie",
    4: "Familie beurteilen Bauarbeiter Italien Hygiene Karriere Kategorie beinhalten variieren Galerien",
    5: "kooperieren orientieren beunruhigen Ministerium Immobilien Kategorien",
    6: "Zeitungsleserinnen Materialien Barrierefreiheit",
}


@pytest.mark.parametrize(
    ("word", "number"), [(word, n) for n, words in SYLLABLES.items() for word in words.split()]
)
def test_syllables_are_those_of_the_dictionary(word: str, number: int) -> None:
    assert syllables(word) == number


def test_formulas_of_a_short_text() -> None:
    """10 words, 2 sentences, 12 syllables; 2 words over six letters, 8 of one syllable, none of three."""
    counts = count(sentences("Das Haus ist alt. Die Wohnung liegt im dritten Stock."))
    assert (counts.words, counts.sentences, counts.syllables) == (10, 2, 12)
    assert amstad(counts) == pytest.approx(180 - 5 - 58.5 * 1.2)
    assert wiener_sachtextformel(counts) == pytest.approx(
        0.1935 * 0 + 0.1672 * 5 + 0.1297 * 20 - 0.0327 * 80 - 0.875
    )


def test_formulas_of_a_harder_sentence() -> None:
    """7 words with 13 syllables; 2 of three or more, 3 over six letters, 3 of one syllable."""
    counts = count(sentences("Die Rechtschreibung im Deutschen folgt amtlichen Regeln."))
    assert amstad(counts) == pytest.approx(64.357143)
    assert wiener_sachtextformel(counts) == pytest.approx(9.981114)


def test_an_empty_text_has_no_values() -> None:
    assert amstad(count([])) == 0
    assert wiener_sachtextformel(count([])) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Der Text wird geprüft.",
        "Die Termine wurden verschoben.",
        "Es ist beschlossen worden.",
        "Das Heft wird gedruckt.",
        "Der Antrag wurde bewilligt.",
    ],
)
def test_passive_is_werden_with_a_participle(text: str) -> None:
    assert readability.is_passive(text)


@pytest.mark.parametrize(
    "text",
    [
        "Es wird gehen.",
        "Er wird alt.",
        "Wir werden sehen.",
        "Sie hat geprüft.",
    ],
)
def test_future_and_change_are_no_passive(text: str) -> None:
    assert not readability.is_passive(text)


def _messages(text: str, **limits: int) -> list[str]:
    return [hit.message for hit in readability.findings(passage(text), Limits(**limits))]


def test_hints_come_above_the_limits_only() -> None:
    assert _messages("Eins zwei drei vier fünf sechs.", long_sentence=6) == []
    assert _messages("Eins zwei drei vier fünf sechs.", long_sentence=5) == [
        "Der Satz hat 6 Wörter. Lässt er sich teilen?"
    ]
    assert _messages("Das ist ja eigentlich gut.", fillers=3) == []
    assert "3 Füllwörter" in _messages("Das ist ja doch eigentlich gut.", fillers=3)[0]
    nouns = "Die Durchführung der Prüfung der Genehmigung"
    assert _messages(f"{nouns} dauert.", nominal=4) == []
    assert "Nominalstil" in _messages(f"{nouns} und der Verlängerung dauert.", nominal=4)[0]
    assert "Streckverb" in _messages("Wir werden das zur Anwendung bringen.")[0]
    row = "Es wird geprüft. Es wird gedruckt. "
    assert _messages(row) == []
    assert "Passiv" in _messages(row + "Es wird verschickt.")[0]
    assert _messages(row + "Wir gehen. Es wird verschickt.") == []


def test_quoted_sentences_and_headings_get_no_advice() -> None:
    assert _messages("„Eins zwei drei vier fünf sechs.“", long_sentence=5) == []
    assert _messages("## Eins zwei drei vier fünf sechs", long_sentence=5) == []


def test_the_summary_counts_running_text_only() -> None:
    found = passages(
        "## Ein Titel\n\nEin Satz wird geprüft. Ein Satz.\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    summary = readability.summary(found, 0.25)
    assert (summary.counts.words, summary.counts.sentences) == (6, 2)
    assert (summary.passive, summary.quoted, summary.over_long) == (50, 25, 0)
