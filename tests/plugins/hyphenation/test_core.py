"""Where words are divided: a table of words, exceptions, and what holds for any letters."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.hyphenation import breaks, german, seams
from plugins.hyphenation.compounds import Parts, prefix_seam
from plugins.hyphenation.core import (
    Hyphenator,
    content_lines,
    read_exceptions,
    read_parts,
    site_exceptions,
)
from plugins.hyphenation.patterns import Patterns
from plugins.source.core import load_yaml
from plugins.source.problem import SourceError

WORDS = content_lines((Path(__file__).parent / "cases" / "words.txt").read_text("utf-8"))
ANY_WORD = st.one_of(
    st.text(max_size=30),
    st.text("abcdefghijklmnopqrstuvwxyzäöüßABCÄẞİŉ|-\u00ad", max_size=120),
    st.lists(
        st.sampled_from("Recht schreib prüfung Stau becken Ur instinkt ungs sch".split()),
        max_size=40,
    ).map("".join),
)


def read(line):
    """Return word, seams, all allowed places and forbidden places of a line of the table."""
    marked, *forbidden = line.split()
    word, found, allowed = "", set(), set()
    for character in marked:
        if character in "|·":
            allowed.add(len(word))
            if character == "|":
                found.add(len(word))
        else:
            word += character
    return word, found, allowed, {division.index("-") - 1 for division in forbidden}


def test_table_is_large():
    assert len(WORDS) >= 200


@pytest.mark.parametrize("line", WORDS)
def test_word(line):
    word, expected, allowed, forbidden = read(line)
    assert set(seams(word)) == expected
    assert set(breaks(word)) <= allowed
    assert expected <= set(breaks(word))
    assert not forbidden & {*breaks(word), *seams(word), *(german().divisions(word) or ())}


def test_breaks_count_letters():
    assert breaks("Blumentopf") == [3, 6]


def test_inflected_forms_follow_their_exception():
    assert seams("Druckerzeugnisse") == breaks("Druckerzeugnissen") == [5]
    assert seams("Urlaubsende") == [7]


def test_exception_for_a_noun_leaves_the_verb_alone():
    assert german().exception("Erdrücken") == (3,)
    assert german().exception("erdrücken") is None


def test_exception_in_lower_case_holds_for_both():
    exceptions = read_exceptions(["be|inhalten"])
    hyphenator = german().with_exceptions(exceptions)
    assert hyphenator.breaks("beinhalten") == hyphenator.breaks("Beinhalten") == [2]


def test_word_without_seam_is_never_divided():
    hyphenator = german().with_exceptions(read_exceptions(["Rechtschreibprüfung"]))
    assert hyphenator.breaks("Rechtschreibprüfungen") == []
    assert hyphenator.divisions("Rechtschreibprüfung") == []
    assert seams("Rechtschreibprüfung") == [5, 12]


def test_exceptions_of_the_site_go_before_ours():
    hyphenator = german().with_exceptions(read_exceptions(["Druckerzeugnis"]))
    assert hyphenator.seams("Druckerzeugnis") == []


def test_seams_that_two_readings_dispute_are_left_out():
    parts = read_parts(["wach-", "wachs-", "stube", "tube", "ei-", "tisch"])
    assert parts.seams("wachstube", [4, 5]) == []
    assert parts.seams("wachstubeneitisch", [4, 5, 9, 11]) == []


def test_seams_need_pattern_and_parts():
    parts = read_parts(["stau-", "becken", "-fähig"])
    assert parts.seams("staubecken", [4]) == [4]
    assert parts.seams("staubecken", [5]) == []
    assert parts.seams("staufähige", [4]) == [4]
    assert Parts({}).seams("staubecken", [4]) == []


def test_noun_with_linking_s_is_a_seam_even_before_the_unknown():
    assert Parts({}).seams("wohnungsxylofon", [3, 8, 12]) == [8]


@pytest.mark.parametrize(
    ("part", "places", "expected"),
    [("erklärung", [2, 5], 2), ("becken", [2], 0), ("abitur", [2], 0), ("unterricht", [2, 5], 5)],
)
def test_prefix(part, places, expected):
    assert prefix_seam(part, places) == expected


def test_long_piece_is_divided_again_and_short_one_is_not():
    assert german().divisions("Öffentlichkeitsarbeit") == [6, 15]
    assert german().divisions("Rechtsgrundlage") == [6, 11]
    assert german().divisions("Entschuldigung") is None


def test_pieces_without_vowel_are_no_syllables():
    assert breaks("Rindfleischetikett") == [4, 11, 14]  # not 8: flei-sch-eti
    assert Patterns(["1b1"]).breaks("aabaa") == [2, 3]
    plain = Hyphenator(Patterns(["1b1"]), Parts({}), {})
    assert plain.breaks("aabaa") == []


def test_levels_compete():
    patterns = Patterns(["a1b", "a2bc", ".x3a", "3c."])
    assert patterns.breaks("aabaa") == [2]
    assert patterns.breaks("aabca") == []


@given(ANY_WORD)
def test_any_letters(word):
    """Never an exception; places are inside, ascending; seams are breaks; the answer is stable."""
    found = breaks(word)
    assert found == sorted(set(found))
    assert all(2 <= place <= len(word) - 2 for place in found)
    assert set(seams(word)) <= set(found)
    divisions = german().divisions(word)
    assert divisions is None or set(divisions) <= set(found)
    assert breaks(word) == found


def test_what_is_longer_than_words_costs_nothing():
    assert breaks("donaudampf" * 100_000) == []


def test_site_exceptions_are_read():
    document = load_yaml("# Kommentar\n- Druck|erzeugnis\n- Wachstube\n", "trennung.yaml")
    assert site_exceptions(document, "trennung.yaml") == {
        "druckerzeugnis": ((5,), True),
        "wachstube": ((), True),
    }
    assert site_exceptions(load_yaml("# leer\n", "t.yaml"), "t.yaml") == {}


@pytest.mark.parametrize("entry", ["Ein Wort", "Wort||teil", "'|Wort'", "Wort-teil", "a: b", "''"])
def test_mistake_names_file_and_line(entry):
    document = load_yaml(f"- Gut\n- {entry}\n", "content/trennung.yaml")
    with pytest.raises(SourceError, match=r"^content/trennung.yaml:2: Das ist kein Wort"):
        site_exceptions(document, "content/trennung.yaml")


def test_file_that_is_no_list_is_a_mistake():
    with pytest.raises(SourceError, match="keine Liste von Wörtern"):
        site_exceptions(load_yaml("Druck: erzeugnis\n", "t.yaml"), "t.yaml")


def test_data_name_their_origin():
    folder = Path(__file__).parents[3] / "plugins" / "hyphenation"
    assert "MIT" in (folder / "patterns.txt").read_text("utf-8")[:800]
    assert "igerman98" in (folder / "parts.txt").read_text("utf-8")[:400]
    assert "igerman98" in (folder / "NOTICE").read_text("utf-8")
