"""Which words are misspelt."""

from __future__ import annotations

import pytest

from lektorat.adapter import Hunspell, dictionary_folder
from lektorat.spelling import Speller, read_words
from lektorat.traps import TRAPS, trap
from tests.lektorat.desks import WordList, passage

KNOWN = WordList(
    *"das der Text Leserin Leserinnen Kollegin Kolleginnen jeder Vorname Nachname Mail Adresse".split(),
    *"und geht Straße groß Satzzeichen Masse Eichen Haus hab habe Abs.".split(),
)


def _speller(*words: str) -> Speller:
    return Speller(KNOWN, frozenset(words), lambda word: word == "packet")


def _misspelt(text: str, *words: str, lang: str = "de") -> list[str]:
    found = passage(text, lang)
    return [found.text[hit.start : hit.end] for hit in _speller(*words).findings(found)]


@pytest.mark.parametrize(
    "text",
    [
        "Der Text",
        "DER TEXT, HTML und IBAN",
        "Leser:innen, Leser*innen, Leser_innen, Leser/-innen, Leser(innen), LeserInnen, jede:r",
        "Text- und Nachname",
        "E-Mail-Adresse",
        "Kollegin/Leserin",
        "geht’s, hab’, hab's",
        "Text 100%ig, 3D, 2fach, 20er, U2",
        "Abs. und ss und ie",
        "Text…",
        "Te\u00adxt",
        "STRAẞE",
    ],
)
def test_known_words_in_all_their_forms_are_right(text: str) -> None:
    assert _misspelt(text) == []


@pytest.mark.parametrize(
    ("text", "misspelt"),
    [
        ("Der Txet", ["Txet"]),
        ("Leser:inen", ["Leser", "inen"]),
        ("Kollegin/Leserni", ["Leserni"]),
        ("Text-Hasu", ["Text-Hasu"]),
        ("STRAßE", ["STRAßE"]),
        ("Ein 100prozentig", ["Ein", "100prozentig"]),
        ("straße", ["straße"]),
    ],
)
def test_unknown_words_are_found(text: str, misspelt: list[str]) -> None:
    assert _misspelt(text) == misspelt


def test_the_authors_words_count_at_the_start_in_capitals_and_in_the_genitive() -> None:
    assert _misspelt("Voss VOSS Vossens", "Voss") == ["Vossens"]
    assert _misspelt("Netzwerken netzwerken", "netzwerken") == []
    assert _misspelt("korrektorat", "Korrektorat") == ["korrektorat"]
    assert _misspelt("Make-up-Text", "Make-up") == []


def test_a_compound_that_lost_a_letter_is_found_by_the_authors_list() -> None:
    """The dictionary takes it for a word made of two."""
    speller = Speller(WordList("der", "Gedankenstreich"), frozenset({"Gedankenstrich"}))
    (hit,) = speller.findings(passage("Der Gedankenstreich"))
    assert hit.suggestions == ("Gedankenstrich",)
    speller = Speller(WordList("Werkstat"), frozenset({"Werkstatt"}))
    (hit,) = speller.findings(passage("Werkstat"))
    assert hit.suggestions == ("Werkstatt",)


def test_swiss_texts_have_no_eszett() -> None:
    assert _misspelt("Strasse", lang="de-CH") == []
    assert _misspelt("Straße und gross", lang="de-CH") == ["Straße"]
    assert _misspelt("«Straße»", lang="de-CH") == []
    assert _misspelt("Strasse") == ["Strasse"]


def test_traps_count_even_if_the_dictionary_knows_them() -> None:
    speller = Speller(WordList("Packet", "Standart", "Satzeichen"), frozenset())
    hits = list(speller.findings(passage("Packet Standart Satzeichen")))
    assert [hit.suggestions for hit in hits] == [("Paket",), ("Standard",), ("Satzzeichen",)]


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("Sprachstandart", "Sprachstandard"),
        ("Wiederspruchsfrist", "Widerspruchsfrist"),
        ("Gartenparties", "Gartenpartys"),
        ("Satzeichenfehler", "Satzzeichenfehler"),
        ("Bekenntniss", "Bekenntnis"),
        ("Wiederspiegeln", "Widerspiegeln"),
        ("Postpackete", "Postpakete"),
    ],
)
def test_a_trap_is_known_inside_a_word(word: str, right: str) -> None:
    found = trap(word)
    assert found is not None
    assert found.right == right


@pytest.mark.parametrize(
    "word", "Standarte Wiederkehr Gewiss Vorbiss Wiederholung Paket Riss".split()
)
def test_right_words_are_no_traps(word: str) -> None:
    assert trap(word) is None


def test_what_the_traps_suggest_is_right() -> None:
    dictionary = Hunspell("de_DE", dictionary_folder())
    wrong = [
        right
        for right, _ in TRAPS.values()
        for word in right.replace("z. B.", "").replace("d. h.", "").split()
        if not dictionary.is_known(word)
    ]
    assert wrong == []


def test_a_word_of_endless_length_does_not_stop_the_desk() -> None:
    speller = Speller(Hunspell("de_DE", dictionary_folder()), frozenset())
    assert [hit.suggestions for hit in speller.findings(passage("wort" * 10_000))] == [()]


def test_letters_the_dictionary_cannot_write_are_unknown() -> None:
    dictionary = Hunspell("de_DE", dictionary_folder())
    assert not dictionary.is_known("Слово")
    assert dictionary.suggest("Слово") == []


def test_the_word_list_has_notes_and_inflections() -> None:
    plain, inflected = read_words("# Kopf\n\nVoss   # Name\nliken/jobben\n")
    assert plain == ["Voss", "liken"]
    assert inflected == [("liken", "jobben")]
