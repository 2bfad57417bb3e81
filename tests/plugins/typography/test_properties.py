"""Properties that hold for any text, not only for the cases."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.typography import Settings, render, typeset_html, typeset_text
from plugins.typography.tokens import TEXT, tokens

#: What the rules look at, so that generated texts come near their edges.
FRAGMENTS = [
    *" \n\u00a0\u202f\"'´-–.,;:!?()[]/%‰€°§x×…=+*#@_&<>\\|~^$",
    *"aAsSzZnNmMäÄßéİ0123456789½²",
    *"„“”‚‘’»«›‹′″−\u00ad\u200b\ufffc\u2028\ufdd1",
    "...", "....", "--", "---", " - ", " -- ", " ... ", "z. B.", "z.B.", "d. h.", "i. d. R.", "v. Chr.",
    "Dr. ", "Prof. ", "h. c. ", "Nr. ", "S. ", "ca. ", "§ 5", "§§12-14", "80%", "80 %", "5 km", "5°C",
    "-8 °C", "15€", "1 250 000", "1. 1. 2024", "9 x 13 cm", "1200x630", "3. März", "19. Jahrhundert",
    "7 Uhr", "3 Mio.", "+49 221 555-18", "0221 55518", "E. T. A. Hoffmann", "9-11", "3--5", "2024-03-07",
    "Mo-Fr", "Juli-September", "24\"", "6'2\"", "'s", "'ne ", "'68er", "'n'", "Klaus' ", "Max' ",
    "\"Zitat\"", "'so'", "geht's", "https://x.example/a--b?c='d'", "a@b.example", "#tag", "@name", "x='y'",
    "--verbose", "C:\\x", "/usr/a--b", "bild-1-2.jpg", "7 - 4 = 3", "5-3=2", ":'(", "Wort", "und", "Haus",
]  # fmt: skip
ENTITIES = [
    "&amp;",
    "&quot;",
    "&#39;",
    "&nbsp;",
    "&shy;",
    "&hellip;",
    "&ndash;",
    "&lt;",
    "&bdquo;",
    "&x",
]
TAGS = [
    "<em>", "</em>", "<b>", "</b>", "<a href=\"a--b\" title='c \"d\"'>", "</a>", "<p>", "</p>", "<br />", "<hr>",
    "<code>", "</code>", "<pre>", "</pre>", "<span lang=\"en\">", "<span lang=de-CH>", "</span>", "<i lang='fr'>",
    "</i>", "<div class=\"x no-typo\">", "<div>", "</div>", "<sup>", "</sup>", "<sup id=\"fnref:1\">", "<sub>",
    "</sub>", "<img alt=\"'a' -- b\">", "<!-- \"a\" -- b -->", "<script>", "</script>", "<li>", "</li>", "<svg/>",
    "<", "</", "<!", "<!--", "<?", "?>", "<a b=\"", "<a 'x", ">", "<textarea>", "</textarea>", "<p lang=en>",
]  # fmt: skip

texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=25).map("".join)
documents = st.lists(
    st.sampled_from(FRAGMENTS)
    | st.sampled_from(ENTITIES)
    | st.sampled_from(TAGS)
    | st.text(max_size=3),
    max_size=40,
).map("".join)
all_settings = st.builds(
    Settings,
    lang=st.sampled_from(["de", "de-CH", "en", "de-AT", "fr", ""]),
    quotes=st.sampled_from(["", "guillemets"]),
    spaces=st.sampled_from(["", "nbsp"]),
    widow=st.booleans(),
)

#: Everything that may appear or disappear.
TYPOGRAPHIC = set(" \t\n\r\f\u00a0\u202f\"'´-–.…„“”‚‘’»«›‹′″−×x")


def letters(text: str) -> str:
    """Return what must stay: letters and digits, but not the × made from an x."""
    return "".join(sign for sign in text if sign.isalnum() and sign not in "x×")


def rest(text: str) -> str:
    return "".join(sign for sign in text if sign not in TYPOGRAPHIC)


@given(texts, all_settings)
def test_plain_text_set_twice_is_the_same(text, chosen):
    once = typeset_text(text, chosen)
    assert typeset_text(once, chosen) == once


@given(documents, all_settings)
def test_html_set_twice_is_the_same(html, chosen):
    once = typeset_html(html, chosen)
    assert typeset_html(once, chosen) == once


@given(documents, all_settings)
def test_tags_comments_and_entities_stay(html, chosen):
    def markup(source):
        entity = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")
        return [
            entity.findall(token[1]) if token[0] == TEXT else token[1] for token in tokens(source)
        ]

    assert markup(typeset_html(html, chosen)) == markup(html)


@given(documents, all_settings)
def test_letters_and_digits_stay_in_their_order(html, chosen):
    assert letters(typeset_html(html, chosen)) == letters(html)


@given(documents, all_settings)
def test_only_typographic_characters_change(html, chosen):
    assert rest(typeset_html(html, chosen)) == rest(html)


@given(st.text())
def test_any_text_is_accepted(text):
    assert rest(typeset_text(text)) == rest(text)
    assert "".join(source for _, source, _ in tokens(text)) == text


@settings(max_examples=50, deadline=None)
@given(texts)
def test_a_rendered_post_set_again_is_the_same(text):
    html = render(text)
    assert typeset_html(html) == html


@given(texts)
def test_plain_text_and_paragraph_are_set_alike(text):
    from html import escape

    html = typeset_html(escape(text, quote=False))
    assert unescape(html) == unescape(escape(typeset_text(text), quote=False)) or "&" in text


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("5x0221 81", {}),  # no telephone number after ×
        ("0003--5 8", {"lang": "de-CH"}),
        ("1. 1.3...", {}),
        (".../...", {}),
        ("/...+§2", {}),
        ("z.B.S. Nr", {}),
        (" - z.B.4=", {}),
        ("+z.B.4 -", {}),
        ("5-8’=…'", {"quotes": "guillemets"}),
        ("'=§1'", {"lang": "de-CH"}),
        ("2024x6'2\"", {}),
        ("1 250 0003--5", {}),
    ],
)
def test_what_random_texts_once_broke_is_stable(text, chosen):
    once = typeset_text(text, Settings(**chosen))
    assert typeset_text(once, Settings(**chosen)) == once
