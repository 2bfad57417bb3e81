"""Words and beginnings that come twice."""

from __future__ import annotations

import pytest

from lektorat.prose import passages
from lektorat.repetition import doubled_words, quoted_share, same_beginnings
from tests.lektorat.desks import passage


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("Das ist der der Fehler.", "der der"),
        ("Am Ende und\nund am Anfang.", "und\nund"),
        ("Auch **wir** wir.", "wir wir"),
        ("Die die Regel ist falsch.", "Die die"),
        ("Es geht um den den Text.", "den den"),
        ("Wir wir lesen.", "Wir wir"),
    ],
)
def test_a_doubled_word_is_found(text: str, doubled: str) -> None:
    found = passage(text)
    assert [found.text[hit.start : hit.end] for hit in doubled_words(found)] == [doubled]


@pytest.mark.parametrize(
    "text",
    [
        "Die Leute, die die Regeln kennen.",
        "Das Haus, in dem dem Gast nichts fehlt.",
        "Ich weiß, dass das das Haus ist.",
        "Fragen Sie, ob Sie sie kennen.",
        "Wenn sie sie sieht.",
        "Das *die die* ist richtig, „und und“ auch.",
        "So weit, so gut, gut.",
        "Na na, das wird schon.",
        "Wir kamen `a` und `b` und gingen.",
        "Er ging ging-end.",
    ],
)
def test_what_may_stand_twice_is_let_be(text: str) -> None:
    assert list(doubled_words(passage(text))) == []


def test_the_third_sentence_that_begins_alike_is_told() -> None:
    found = list(same_beginnings(passages("Wir lesen. Wir gehen.\n\nWir bleiben. Wir essen.")))
    assert [(part.text, hit.start) for part, hit in found] == [("Wir bleiben. Wir essen.", 0)]
    assert list(same_beginnings(passages("Wir lesen. Sie geht. Wir essen. Wir gehen."))) == []
    assert list(same_beginnings(passages("- Wir lesen.\n- Wir gehen.\n- Wir essen."))) == []


def test_the_share_of_quotes_counts_marks_and_blocks() -> None:
    assert quoted_share(passages("„abcdefgh“\n\n1234567890")) == pytest.approx(0.5)
    assert quoted_share(passages("> 1234567890\n\n1234567890")) == pytest.approx(0.5)
    assert quoted_share([]) == 0
