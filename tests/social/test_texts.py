"""A post says what fits; what does not is left out whole, in a fixed order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.source.problem import AuthorError
from social.counting import BLUESKY, LINKEDIN, MASTODON, NETWORKS, THREADS, Network, X
from social.texts import Parts, alt_text, compose

PARTS = Parts(
    tip="Der Genitiv kommt ohne Apostroph aus.",
    url="https://mittwochspost.example/tipps/2026-kw02/",
    headword="Apostroph",
    wrong="Peter's Buch",
    right="Peters Buch",
    hashtags=("Mittwochstipp", "Deutsch"),
)
WHOLE = """Apostroph

Der Genitiv kommt ohne Apostroph aus.

Nicht so: Peter's Buch
Sondern so: Peters Buch

https://mittwochspost.example/tipps/2026-kw02/

#Mittwochstipp #Deutsch"""


@pytest.mark.parametrize("network", [X, MASTODON, BLUESKY, LINKEDIN])
def test_all_of_it_where_it_fits(network: Network) -> None:
    text = compose(PARTS, network)
    assert text.text == WHOLE
    assert text.length == network.length(WHOLE)
    assert text.left_out == ()


def test_threads_has_one_hashtag() -> None:
    assert compose(PARTS, THREADS).text == WHOLE.removesuffix(" #Deutsch")


@pytest.mark.parametrize(
    ("limit", "left_out", "end"),
    [
        (169, (), "#Mittwochstipp #Deutsch"),
        (168, ("Beispiel",), "#Mittwochstipp #Deutsch"),
        (120, ("Beispiel", "#Deutsch"), "#Mittwochstipp"),
        (111, ("Beispiel", "#Deutsch", "#Mittwochstipp"), "/2026-kw02/"),
        (95, ("Beispiel", "#Deutsch", "#Mittwochstipp", "Stichwort"), "/2026-kw02/"),
        (84, ("Beispiel", "#Deutsch", "#Mittwochstipp", "Stichwort", "Link"), "Apostroph aus."),
        (37, ("Beispiel", "#Deutsch", "#Mittwochstipp", "Stichwort", "Link"), "Apostroph aus."),
    ],
)
def test_the_order_of_leaving_out(limit: int, left_out: tuple[str, ...], end: str) -> None:
    text = compose(PARTS, BLUESKY.with_limit(limit))
    assert text.left_out == left_out
    assert text.text.endswith(end)
    assert PARTS.tip in text.text
    assert text.length <= limit


def test_the_tip_is_never_cut() -> None:
    with pytest.raises(AuthorError, match="Bluesky: Der Tipp ist allein schon zu lang: 37 von 36"):
        compose(PARTS, BLUESKY.with_limit(36))


def test_what_a_tip_does_not_have_leaves_no_gap() -> None:
    parts = replace(PARTS, wrong="", right="", hashtags=())
    assert compose(parts, X).text == (
        "Apostroph\n\nDer Genitiv kommt ohne Apostroph aus.\n\n"
        "https://mittwochspost.example/tipps/2026-kw02/"
    )


WORDS = st.text(st.sampled_from("abc äöü „“–…😀"), min_size=1, max_size=150)


@given(
    st.builds(
        Parts,
        tip=WORDS,
        url=st.just("https://example.com/tipps/2026-kw02/"),
        headword=WORDS,
        wrong=WORDS,
        right=WORDS,
        hashtags=st.lists(st.sampled_from(["Tipp", "Deutsch", "Größe"])).map(tuple),
    )
)
def test_every_part_is_there_whole_or_not_at_all(parts: Parts) -> None:
    for network in NETWORKS:
        if network.length(parts.tip) > network.limit:
            continue
        text = compose(parts, network)
        assert network.length(text.text) == text.length <= network.limit
        rest = text.text
        for paragraph in parts.paragraphs()[:-1]:
            rest = rest.replace(paragraph, "", 1)
        allowed = {f"#{tag}" for tag in parts.hashtags}
        assert set(rest.split()) <= allowed | {parts.url}


def test_the_alternative_text_says_what_the_image_shows() -> None:
    assert alt_text(PARTS) == (
        "Mittwochstipp „Apostroph“: Der Genitiv kommt ohne Apostroph aus. "
        "Nicht so: Peter's Buch Sondern so: Peters Buch"
    )
    assert alt_text(replace(PARTS, wrong="")).endswith("ohne Apostroph aus.")
