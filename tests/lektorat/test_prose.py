"""Which characters of a Markdown text are prose, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lektorat.documents import read
from lektorat.prose import OPAQUE, passages
from tests.lektorat.desks import passage


def _texts(markdown: str) -> list[tuple[str, str]]:
    return [(found.role, found.text.strip()) for found in passages(markdown)]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Ein **fett**es *Wort*.", "Ein fettes Wort."),
        ("Ein `Quelltext` hier", f"Ein {OPAQUE} hier"),
        ("Ein ``a ` b`` hier", f"Ein {OPAQUE} hier"),
        ("Ein [Verweis](https://example.org/falsch) hier", "Ein Verweis hier"),
        ("Zum [Beitrag]({filename}binde-und.md) hier", "Zum Beitrag hier"),
        ("Ein [Verweis][dort] hier", "Ein Verweis hier"),
        ("Mit Fußnote[^1] hier", "Mit Fußnote hier"),
        ("Eine Auslassung […] hier", "Eine Auslassung […] hier"),
        ("Die Taste <kbd>Strg</kbd> hier", f"Die Taste {OPAQUE} hier"),
        ('Ein <span class="x">Wort</span> hier', "Ein Wort hier"),
        ('Ein <span lang="en">word <i>or</i> two</span> hier', f"Ein {OPAQUE} hier"),
        ('Ein <em lang="de">Wort</em> hier', "Ein Wort hier"),
        ("Eins<br>zwei", "Eins zwei"),
        ("A &amp; B", "A & B"),
        (r"\*kein\* Kursiv", "*kein* Kursiv"),
        ("Kund*innen und Kolleg*innen", "Kund*innen und Kolleg*innen"),
        ("snake_case_wort", "snake_case_wort"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("Ein *Wrt*{: .no-lektorat } hier", f"Ein {OPAQUE * 3} hier"),
        ("Ein *Wort*{: .klasse } hier", "Ein Wort hier"),
        ("Ein <!-- Kommentar --> hier", "Ein  hier"),
        ("Ein [offener Text", "Ein [offener Text"),
        ("Ein `offener Text", "Ein `offener Text"),
    ],
)
def test_markup_goes_and_words_stay(markdown: str, text: str) -> None:
    assert passage(markdown).text == text


@pytest.mark.parametrize(
    "address", ["https://a.example/b", "www.a.example", "ich@a.example", "a.md", "{tipp}2026-kw02"]
)
def test_addresses_are_no_prose(address: str) -> None:
    text = passage(f"Siehe {address} dort").text
    assert text == f"Siehe {OPAQUE * len(address)} dort"


def test_blocks_have_their_roles() -> None:
    markdown = """## Titel {#id}

Absatz
weiter.

- eins
- zwei

    noch zu zwei

> Zitat

| A | B |
|---|---|
| c `|` d | e |

Unterstrichen
---

Begriff
:   Erklärung

[^1]: Fußnote

![Alt](a.svg "Unterschrift")
"""
    assert _texts(markdown) == [
        ("heading", "Titel"),
        ("paragraph", "Absatz\nweiter."),
        ("item", "eins"),
        ("item", "zwei"),
        ("paragraph", "noch zu zwei"),
        ("quote", "Zitat"),
        ("cell", "A"),
        ("cell", "B"),
        ("cell", f"c {OPAQUE} d"),
        ("cell", "e"),
        ("heading", "Unterstrichen"),
        ("paragraph", "Begriff"),
        ("item", "Erklärung"),
        ("item", "Fußnote"),
        ("caption", "Alt"),
        ("caption", "Unterschrift"),
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        "```text\nfalsch\n\nfalsch\n```",
        "~~~\nfalsch\n```\n~~~",
        "    falsch\n\n    falsch",
        "/// tipp | 2026-kw12\n///",
        "[id]: https://example.org/falsch 'falsch'",
        "<!-- falsch\n\nfalsch -->",
        "<pre>\nfalsch\n\nfalsch\n</pre>",
        '<div lang="en" markdown="1">\n\nwrong\n\n</div>',
        "> falsch\n{: .no-lektorat }",
        "## falsch {: .no-lektorat }",
        "<!-- lektorat: aus -->\nfalsch\n\nfalsch\n<!-- lektorat: an -->",
        "---\n\n* * *",
    ],
)
def test_what_is_not_to_be_read_is_left_out_and_the_rest_is_read(markdown: str) -> None:
    assert _texts(f"{markdown}\n\nDanach.") == [("paragraph", "Danach.")]


def test_a_quotation_block_is_a_quote_without_its_head() -> None:
    markdown = "/// zitat | Falsch, Wer\n    url: https://example.org\n\nLesen heißt borgen.\n///\n\nDanach."
    assert _texts(markdown) == [("quote", "Lesen heißt borgen."), ("paragraph", "Danach.")]


def test_places_are_lines_and_columns_of_the_file() -> None:
    text = (
        '---\ntitle: "Ein \\"Titel\\""\nsummary: |\n  Erste\n  Zeile\n---\n\nDer *zweite* Absatz.\n'
    )
    document = read(text, "a.md")
    title, summary, paragraph = document.passages
    assert (title.text, summary.role, paragraph.role) == ('Ein "Titel"', "summary", "paragraph")
    assert document.position(title.origin(5)) == (2, 15)
    assert document.position(summary.origin(summary.text.index("Zeile"))) == (5, 3)
    assert document.position(paragraph.origin(paragraph.text.index("Absatz"))) == (8, 14)


def test_tips_are_read_without_their_wrong_examples() -> None:
    text = "- date: 2026-01-07\n  headword: Datum\n  tip: So.\n  wrong: Falsch.\n  right: Richtig.\n  more: |\n    Ein *Wort*.\n"
    document = read(text, "2026.yaml")
    assert [found.text.strip() for found in document.passages] == [
        "Datum",
        "So.",
        "Richtig.",
        "Ein Wort.",
    ]
    assert document.position(document.passages[-1].origin(4)) == (7, 10)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab *_`[]()<>!\\\n#>|-{}:^&;/\"'=„“ä", max_size=60))
def test_no_text_is_too_strange_and_letters_keep_their_places(markdown: str) -> None:
    for found in passages(markdown):
        assert len(found.text) == len(found.origins)
        for position, character in enumerate(found.text):
            if character.isalpha():
                assert markdown[found.origin(position)] == character
