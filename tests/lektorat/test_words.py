"""Where sentences end, and what is quoted."""

from __future__ import annotations

import pytest

from lektorat.words import Cover, quotations, sentences, words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Er kam. Sie ging.", 2),
        ("Das ist z. B. am 14. Januar um 9 Uhr.", 1),
        ("Dr. Voss kam. Prof. Keller ging.", 2),
        ("„Kommst du?“, fragte er. „Nein!“", 2),
        ("Er rief – zum dritten Mal! – im Verlag an.", 1),
        ("Hefte, Plakate usw. Das war es.", 2),
        ("Ohne Punkt", 1),
        ("Wer hätte das … Niemand. Wirklich?", 3),
        ("", 0),
    ],
)
def test_sentences_end_where_people_end_them(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_sentence_knows_its_place_and_words() -> None:
    second = sentences("Er kam. Sie ging 2026 nicht.")[1]
    assert (second.start, second.end, second.words) == (8, 28, ("Sie", "ging", "nicht"))


def test_words_are_letters_with_hyphens_and_apostrophes() -> None:
    assert words("Die E-Mail vom 3. Mai: geht’s?") == ["Die", "E-Mail", "vom", "Mai", "geht’s"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Er sagt: „Ja, ‚so‘ ist es.“ Gut.", ["„Ja, ‚so‘ ist es.“"]),
        ('Das »so« und «so» und "so".', ["»so«", "«so»", '"so"']),
        ("Ein „offenes Zitat", []),
        ("Das geht’s an, „so“.", ["„so“"]),
    ],
)
def test_quotations_are_the_outermost(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted


def test_a_span_is_within_only_if_one_span_covers_it() -> None:
    cover = Cover([(0, 4), (10, 20), (12, 14)])
    assert (11, 20) in cover
    assert (15, 16) in cover
    assert (3, 11) not in cover
    assert (0, 0) not in Cover([])
