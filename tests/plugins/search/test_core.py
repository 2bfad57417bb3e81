"""Which words are one, what compounds are found by, and what counts for how much."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.search.core import (
    EXAMPLE,
    HIGHEST_IMPACT,
    KEYWORD,
    SUMMARY,
    TEXT,
    TITLE,
    Document,
    Shown,
    Terms,
    fold,
    term,
)
from tests.plugins.case_tables import cases

SHOWN = Shown("blog/a/", "Beitrag", "A", "Kurz.")
SEAMS = {
    "Rechtschreibprüfung": ("Rechtschreib", "prüfung"),
    "Textverarbeitungsprogramm": ("Text", "verarbeitungs", "programm"),
    "Überprüfung": ("Über", "prüfung"),
}


def _divide(word: str) -> Sequence[str]:
    return SEAMS.get(word, (word,))


def _impacts(*texts: tuple[float, str], worth: float = 1.0) -> dict[str, int]:
    return Terms(_divide).impacts(Document(SHOWN, texts, worth))


@pytest.mark.parametrize(("words", "expected"), cases(Path(__file__).parent / "cases" / "one.md"))
def test_words_that_are_one(words: str, expected: str) -> None:
    assert {word: term(word) for word in words.split()} == dict.fromkeys(words.split(), expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Masse", "Maske"), ("Interesse", "Internet"), ("Netz", "Netzwerk"), ("Fluss", "Flug")],
)
def test_words_that_are_two(one: str, other: str) -> None:
    assert term(one) != term(other)


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=30))
def test_a_term_is_never_empty_and_the_same_however_it_is_typed(word: str) -> None:
    assert term(word)
    assert term(word) == term(word.lower())
    assert fold(word).startswith(term(word))


def test_a_compound_is_found_by_its_parts_for_less() -> None:
    found = dict(Terms(_divide).of("Rechtschreibprüfung"))
    assert found == {"rechtschreibprufung": 1.0, "rechtschreib": 0.5, "prufung": 0.5}


def test_of_three_parts_all_that_begins_or_ends_the_word_is_one() -> None:
    found = dict(Terms(_divide).of("Textverarbeitungsprogramm"))
    assert found.keys() == {
        *("textverarbeitungsprogramm", "text", "verarbeitung", "programm"),
        *("textverarbeitung", "verarbeitungsprogramm"),
    }


def test_a_hyphen_joins_and_divides() -> None:
    assert dict(Terms(_divide).of("E-Mail-Rechtschreibprüfung")).keys() == {
        *("emailrechtschreibprufung", "email", "mail", "rechtschreib", "prufung"),
        *("mailrechtschreibprufung", "emailrechtschreib", "rechtschreibprufung"),
    }


def test_a_common_word_is_no_part() -> None:
    assert dict(Terms(_divide).of("Überprüfung")).keys() == {"uberprufung", "prufung"}


def test_an_address_in_words_has_no_parts() -> None:
    assert len(Terms(_divide).of("a-b-c-d-e-f-g-h-i")) == 1


def test_common_words_count_in_titles_only() -> None:
    found = _impacts((TITLE, "Dass oder das?"), (TEXT, "Es ist das, was wir wollen."))
    assert found.keys() == {"daß", "oder", "das", "woll"}


def test_a_word_says_more_in_a_title_than_in_a_heading_a_summary_a_text_an_example() -> None:
    fields = (TITLE, KEYWORD, SUMMARY, TEXT, EXAMPLE)
    found = [_impacts((worth, "Komma"), (TEXT, "Punkt " * 100))["komma"] for worth in fields]
    assert found == sorted(set(found), reverse=True)


def test_a_word_says_more_the_more_often_it_stands_and_the_shorter_the_text() -> None:
    once = _impacts((TEXT, "Komma " + "Punkt " * 600))["komma"]
    often = _impacts((TEXT, "Komma " * 5 + "Punkt " * 600))["komma"]
    short = _impacts((TEXT, "Komma " + "Punkt " * 30))["komma"]
    assert once < often
    assert once < short


def test_what_is_to_be_found_first_says_more() -> None:
    assert _impacts((TEXT, "Komma"), worth=1.5)["komma"] > _impacts((TEXT, "Komma"))["komma"]


def test_a_word_more_changes_nothing_else() -> None:
    """Else each edit would change all files of the index."""
    text = " ".join(f"Wort{number}" for number in range(600))
    before, after = _impacts((TEXT, text)), _impacts((TEXT, f"{text} Komma"))
    assert {one: before[one] for one in before} == {one: after[one] for one in before}


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([TITLE, TEXT]), st.text(max_size=60)), max_size=3))
def test_any_text_has_impacts_that_fit_into_one_character(texts: list[tuple[float, str]]) -> None:
    assert all(0 < impact <= HIGHEST_IMPACT for impact in _impacts(*texts).values())


def test_soft_hyphens_are_not_there() -> None:
    assert _impacts((TEXT, "Recht\u00adschreib\u00adprüfung")).keys() == {
        *("rechtschreibprufung", "rechtschreib", "prufung")
    }
