"""Lines are balanced, none is too wide, nothing is lost; the size is the largest that fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.share_images.core import (
    SOFT_HYPHEN,
    Measure,
    largest,
    line_count,
    lines,
    word_widths,
)

#: Each character is one wide.
ONE = Measure(lambda char: 1.0)
TEXTS = st.text(st.sampled_from(f"abcdeäß -–/{SOFT_HYPHEN}\u00a0"), max_size=120)


def _lines(text: str, widest: float) -> list[str]:
    return lines(text, ONE, widest)


@pytest.mark.parametrize(
    ("text", "widest", "expected"),
    [
        ("", 10, []),
        ("Komma", 10, ["Komma"]),
        # Not „eins zwei drei“ and „vier“.
        ("eins zwei drei vier", 15, ["eins zwei", "drei vier"]),
        ("5\u00a0km und 6\u00a0km", 9, ["5\u00a0km und", "6\u00a0km"]),
        # A hyphen that is there needs no second one.
        ("Sankt-Martins-Umzug", 14, ["Sankt-", "Martins-Umzug"]),
        ("eine E-Mail", 8, ["eine", "E-Mail"]),
        ("und/oder", 5, ["und/", "oder"]),
        ("Aufgaben\u00adübertragungs\u00adgesetz", 22, ["Aufgaben-", "übertragungsgesetz"]),
        # A division saves nothing here.
        ("Der Tipp der Wo\u00adche", 12, ["Der Tipp", "der Woche"]),
        ("abcdefghij", 5, ["abcd", "efgh", "ij"]),
    ],
)
def test_lines(text: str, widest: float, expected: list[str]) -> None:
    assert _lines(text, widest) == expected


@given(TEXTS, st.integers(6, 40))
def test_nothing_is_lost_and_nothing_too_wide(text: str, widest: int) -> None:
    found = _lines(text, widest)
    assert all(ONE.width(line) <= widest for line in found)
    assert not any(line.startswith(" ") or line.endswith(" ") for line in found)
    # What is added is a hyphen at the end of a line.
    letters = text.replace(SOFT_HYPHEN, "").replace(" ", "").replace("-", "")
    assert "".join(found).replace(" ", "").replace("-", "") == letters


@given(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=30))
def test_whole_words_take_as_few_lines_as_one_after_the_other(words: list[str]) -> None:
    text = " ".join(words)
    assert len(lines(text, ONE, 12)) == line_count(word_widths(text, ONE), 1, 12)


def test_a_word_wider_than_a_line_goes_on_in_the_next() -> None:
    assert line_count([25.0, 4.0, 3.0], 1, 10) == 4


def test_the_largest_size_that_fits() -> None:
    assert largest(range(10, 50, 10), lambda size: 3.0 * size, 100) == 30
    assert largest(range(10, 50, 10), lambda size: 300.0, 100) == 10
