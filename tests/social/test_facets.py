"""Facets count bytes of UTF-8, whatever stands before them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.facets import facets

DID = "did:plc:7ye4vxok6ffbxtk33kf6daqi"
PEOPLE = {"henrike.example.com": DID}


def _found(text: str) -> list[tuple[str, Any]]:
    """Return (the text of the facet by its bytes, its value) for each facet."""
    data = text.encode()
    return [
        (
            data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(),
            next(value for name, value in facet["features"][0].items() if name != "$type"),
        )
        for facet in facets(text, PEOPLE.get)
    ]


def test_a_facet_is_written_as_the_lexicon_says() -> None:
    assert facets("Größe 😀 #Öl", PEOPLE.get) == [
        {
            # G r ö(2) ß(2) e, space, 😀(4), space: 13 bytes; #, Ö(2), l: 4 bytes.
            "index": {"byteStart": 13, "byteEnd": 17},
            "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Öl"}],
        }
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("„Ähre“ – https://mittwochspost.example/tipps/2026-kw02/",
         [("https://mittwochspost.example/tipps/2026-kw02/",) * 2]),
        ("👨‍👩‍👧‍👦🇩🇪 https://a.example/größe?x=ä", [("https://a.example/größe?x=ä",) * 2]),
        ("(siehe https://a.example/x).", [("https://a.example/x",) * 2]),
        ("„https://a.example“", [("https://a.example",) * 2]),
        ("https://a.example/Primer_(film)", [("https://a.example/Primer_(film)",) * 2]),
        ("https://a.example https://b.example/ü",
         [("https://a.example",) * 2, ("https://b.example/ü",) * 2]),
        ("Ende.Am Anfang, example.com", []),
        ("#Mittwochstipp #Straße!", [("#Mittwochstipp", "Mittwochstipp"), ("#Straße", "Straße")]),
        ("Tipp #1 und C#dur, a#b", []),
        ("#2026er", [("#2026er", "2026er")]),
        ("https://a.example/#anker", [("https://a.example/#anker",) * 2]),
        (f"#{'x' * 65}", []),
        ("äöü @henrike.example.com: ja", [("@henrike.example.com", DID)]),
        ("@niemand.example.com", []),
        ("post@henrike.example.com", []),
        ("https://a.example/@henrike.example.com", [("https://a.example/@henrike.example.com",) * 2]),
        ("", []),
    ],
)  # fmt: skip
def test_facets_cover_exactly_their_words(text: str, found: list[tuple[str, Any]]) -> None:
    assert _found(text) == found


@given(
    st.lists(
        st.sampled_from(
            [
                "ä",
                "😀",
                "👩‍🚀",
                " ",
                "\n",
                "#Öl",
                "https://a.example/ü",
                ".",
                "„",
                "@henrike.example.com",
            ]
        )
    )
)
def test_facets_are_in_order_and_on_whole_characters(parts: list[str]) -> None:
    text = "".join(parts)
    position = 0
    for facet in facets(text, PEOPLE.get):
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        assert position <= start < end <= len(text.encode())
        text.encode()[start:end].decode()
        position = end
