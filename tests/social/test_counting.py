"""Each network's own count; X's agrees with the conformance suite of twitter-text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from social.counting import (
    NETWORKS,
    bluesky_length,
    linkedin_length,
    mastodon_length,
    threads_length,
    x_length,
)
from social.links import links

CASES: dict[str, list[Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases/twitter-text.yaml").read_text("utf-8")
)


# --- Conformance ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "length"), CASES["lengths"])
def test_x_counts_as_twitter_text_does(text: str, length: int) -> None:
    assert x_length(text) == length


def test_a_label_that_is_too_long_makes_no_link() -> None:
    """The suite's longest case, 12 kB, rebuilt."""
    too_long = f"https://{'somesuperlongurl' * 249}.com/foo "
    text = (
        f"Long url with invalid domain labels and a short url: {too_long * 3}https://validurl.com"
    )
    assert len(text) == 12076
    assert x_length(text) == 12079


@pytest.mark.parametrize(("text", "expected"), CASES["links"])
def test_links_are_those_of_twitter_text(text: str, expected: list[str]) -> None:
    assert [text[link.start : link.end] for link in links(text)] == expected


def test_the_cases_were_read() -> None:
    assert len(CASES["lengths"]) >= 28
    assert len(CASES["links"]) >= 50


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # What German prose can do: no space after the full stop, and top-level domains in it.
        ("Ende.Am Anfang", ["Ende.Am"]),
        ("Dr.med. Lindner", ["Dr.med"]),
        ("z.B. so, d.h. anders, u.a. usw.", []),
        ("Stand: 3.4.2026, 12.30 Uhr", []),
        ("Autor*innen.Der Rest", []),
        ("www.rechtschreibrat.com", ["www.rechtschreibrat.com"]),
        ("„https://example.com/tipps/“", ["https://example.com/tipps/"]),
        ("https://example.com/größe?ä", ["https://example.com/größe"]),
        # No top-level domain: text, as in our example site's own address.
        ("https://mittwochspost.example/tipps/2026-kw02/", []),
        ("test@example.com", []),
    ],
)
def test_links_in_german_texts(text: str, found: list[str]) -> None:
    assert [text[link.start : link.end] for link in links(text)] == found


def test_bare_domains_can_be_left_out() -> None:
    text = "example.com und https://example.com"
    assert len(links(text)) == 2
    assert [link.start for link in links(text, are_bare_known=False)] == [16]


# --- All networks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "x", "bluesky", "mastodon"),
    [
        ("", 0, 0, 0),
        ("abc", 3, 3, 3),
        ("„Ähre“ – so", 11, 11, 11),
        ("geht’s", 6, 6, 6),
        # Outside of the light ranges: 2 each.
        ("…", 2, 1, 1),
        ("€", 2, 1, 1),
        ("→", 2, 1, 1),
        ("‰", 2, 1, 1),
        ("′″", 2, 2, 2),
        ("a\u202fb", 4, 3, 3),
        ("a\u00a0b", 3, 3, 3),
        ("\u10ff", 1, 1, 1),
        ("\u1100", 2, 1, 1),
        ("日本語", 6, 3, 3),
        ("한국", 4, 2, 2),
        # Composed first; what cannot be composed counts each part on X.
        ("A\u0308hre", 4, 4, 4),
        ("q\u0308", 2, 1, 1),
        # Each emoji is 2, whatever it is made of.
        ("😀", 2, 1, 1),
        ("👍🏽", 2, 1, 1),
        ("👨‍👩‍👧‍👦", 2, 1, 1),
        ("🏳️‍🌈", 2, 1, 1),
        ("🇩🇪🇨🇭", 4, 2, 2),
        ("1️⃣", 2, 1, 1),
        ("❤️", 2, 1, 1),
        ("☃", 2, 1, 1),
        ("a😀b", 4, 3, 3),
        # Signs, not emoji, unless a variation selector follows.
        ("© ®", 3, 3, 3),
        ("©\ufe0f", 2, 1, 1),
        ("™", 2, 1, 1),
        # Links are 23, however long they are; what ends the sentence is not theirs.
        ("https://example.com", 23, 19, 23),
        (f"https://example.com/{'x' * 300}", 23, 320, 23),
        ("Siehe https://example.com/x?y=1#z!", 30, 34, 30),
        ("(https://example.com).", 26, 22, 26),
        ("„https://example.com“", 25, 21, 25),
        ("http://example.com https://example.org", 47, 38, 47),
        ("example.com", 23, 11, 11),
        ("https://", 8, 8, 8),
        # On Mastodon, a name counts without its server.
        ("@henrike@social.example: ja", 27, 27, 12),
        ("a@b.example", 11, 11, 11),
    ],
)
def test_networks_count_in_their_own_ways(text: str, x: int, bluesky: int, mastodon: int) -> None:
    assert x_length(text) == x
    assert bluesky_length(text) == bluesky
    assert mastodon_length(text) == mastodon


@pytest.mark.parametrize(
    ("text", "threads", "linkedin"),
    [
        ("„Ähre“ – so …", 13, 13),
        ("https://example.com", 19, 19),
        ("a😀b", 6, 4),
        ("👨‍👩‍👧‍👦", 25, 11),
        ("©", 1, 1),
    ],
)
def test_threads_counts_bytes_of_emoji_and_linkedin_utf_16(
    text: str, threads: int, linkedin: int
) -> None:
    assert threads_length(text) == threads
    assert linkedin_length(text) == linkedin


@pytest.mark.parametrize("light", "\u0000\u10ff\u2000\u2010\u201f\u2032\u2037")
def test_light_characters_weigh_one_on_x(light: str) -> None:
    """The first and last characters of the ranges of twitter-text v3."""
    assert x_length(light) == 1


@pytest.mark.parametrize("heavy", "\u1100\u1fff\u200e\u200f\u2020\u2031\u2038\uffff")
def test_all_others_weigh_two_on_x(heavy: str) -> None:
    assert x_length(heavy) == 2


@given(st.text().filter(lambda text: "." not in text))
def test_no_character_weighs_more_than_two_on_x(text: str) -> None:
    # NFC makes three characters of a few that are one, for instance U+1D160.
    assert x_length(text) <= 6 * len(text)


@given(st.text(st.sampled_from("aÄ.:/?#@()_-,! \n😀️⃣1‍…dehtps")))
def test_links_are_in_order_and_every_count_is_a_number(text: str) -> None:
    found = links(text)
    position = 0
    for link in found:
        assert position <= link.start < link.end <= len(text)
        position = link.end
    assert all(network.length(text) >= 0 for network in NETWORKS)


@pytest.mark.parametrize(
    "text", ["ü.", "a.b.", "https://example.com/(", "a.com/", "👩‍", "1️⃣", ".", "(", "-"]
)
def test_long_lines_are_counted_all_the_same(text: str) -> None:
    """Without the limits in the patterns, these would take hours."""
    assert x_length(text * 3000) > 0
