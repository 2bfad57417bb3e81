"""What the desk finds where mistakes were planted, and what it says of the site's own texts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lektorat.desk import Review
from lektorat.hints import STYLE, Hint
from tests.lektorat.desks import SITE, reviews_of

PROJECT = Path(__file__).parents[2]
CONTENT = PROJECT / "content"
MAX_FALSE_ALARMS = 2 / 1000

# Misspelt on purpose, to be spoken of: each is a false alarm, for nobody marked it.
MEANT = {"Korrektrat", "beschloßen", "Lektoriat", "Strasse", "daß", "Kuß", "Geschoß", "Schiffahrt"}


@pytest.fixture(scope="module")
def planted() -> dict[str, Review]:
    return {Path(review.file).stem: review for review in reviews_of(SITE)}


@pytest.fixture(scope="module")
def own() -> list[Review]:
    return reviews_of(CONTENT)


def test_forty_of_forty_planted_mistakes_are_found(planted: dict[str, Review]) -> None:
    """All forty, in their order, and not one hint more."""
    expected = yaml.safe_load((SITE / "erwartet.yaml").read_text("utf-8"))
    assert len(expected) == 40
    found = planted["fehler"].hints
    assert [
        (hint.kind, hint.text[: len(mistake["text"])])
        for hint, mistake in zip(found, expected, strict=True)
    ] == [(mistake["kind"], mistake["text"]) for mistake in expected]


def test_each_planted_mistake_is_where_the_hint_says(planted: dict[str, Review]) -> None:
    lines = (SITE / "artikel" / "fehler.md").read_text("utf-8").splitlines()
    for hint in planted["fehler"].hints:
        first = hint.text.split()[0]
        assert lines[hint.line - 1][hint.column - 1 :].startswith(first), hint


def test_what_is_right_or_marked_or_quoted_gives_no_hint(planted: dict[str, Review]) -> None:
    assert planted["sauber"].hints == ()
    assert planted["2026"].hints == ()


def _alarms(reviews: list[Review]) -> list[Hint]:
    """Return all hints but advice on style, which is not wrong where a sentence is long."""
    return [hint for review in reviews for hint in review.hints if hint.kind != STYLE]


def test_at_most_two_false_alarms_in_a_thousand_words_of_the_site(own: list[Review]) -> None:
    """Every alarm on texts that were proofread counts as false, also on examples that are meant."""
    words = sum(review.words for review in own)
    alarms = _alarms(own)
    shown = "\n".join(f"{hint.file}:{hint.line}:{hint.column} {hint.text}" for hint in alarms)
    assert words > 15_000
    assert len(alarms) / words <= MAX_FALSE_ALARMS, shown


def test_the_example_texts_have_no_mistake_but_those_that_are_meant(own: list[Review]) -> None:
    assert {hint.text for hint in _alarms(own)} <= MEANT


def test_advice_on_style_is_rare_in_the_site(own: list[Review]) -> None:
    advice = [hint for review in own for hint in review.hints if hint.kind == STYLE]
    assert len(advice) <= 5, advice
