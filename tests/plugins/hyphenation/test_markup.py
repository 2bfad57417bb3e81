"""The marks in HTML: a table of cases, and what holds for any input."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.hyphenation import german
from plugins.hyphenation.core import read_exceptions
from plugins.hyphenation.markup import hyphenate_html, hyphenate_text, without_marks
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases" / "markup.md"
PIECES = st.sampled_from(
    """
    Rechtschreibprüfung Datenschutzerklärung Druckerzeugnis Wachstube Staubecken a-b/c E-Mail S-Bahn- &nbsp; &auml;
    & &shy < > " ' <p> </p> <p_lang="en"> <span> </span> <b_lang=de> </b> <code> </code> <pre> </pre>
    <div_class="no-typo"> </div> <script> </script> <!-- --> <br> <svg/> <i></i> www. @ _ / \u200b ß
    """.split()
)
ANY_HTML = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).replace("_", " ")),
    st.lists(PIECES, max_size=30).map(lambda pieces: " ".join(pieces).replace("_", " ")),
).filter(lambda html: "\u00ad" not in html)


@pytest.mark.parametrize(("given_html", "expected"), cases(CASES))
def test_case(given_html, expected):
    expected = re.sub(
        "«([^»]+)»",
        lambda word: f'<span class="word">{word[1].replace("⇥", "<i></i>")}</span>',
        expected,
    )
    expected = re.sub("‹([^›]+)›", r'<span class="unbroken">\1</span>', expected)
    assert hyphenate_html(given_html, german()) == expected


@given(ANY_HTML)
def test_only_marks_are_added(html):
    """Without its marks the result is the input, byte for byte; a second pass changes nothing."""
    result = hyphenate_html(html, german())
    assert without_marks(result) == without_marks(html)
    assert hyphenate_html(result, german()) == result


@given(st.text(max_size=60).filter(lambda text: "\u00ad" not in text))
def test_plain_text_is_escaped(text):
    assert without_marks(hyphenate_text(text, german())) == hyphenate_text(text, german(), 10, "en")


def test_titles_keep_words_together_that_fit():
    marked = '<span class="word">Recht<i></i>schreib<i></i>prüfung</span>'
    assert hyphenate_text("Rechtschreibprüfung & mehr", german()) == f"{marked} &amp; mehr"
    assert hyphenate_text("Müller’s Rechtschreibprüfung'", german()).startswith("Müller’s <span")
    assert (
        hyphenate_text("Korrekturlesen am Bildschirm", german()) == "Korrekturlesen am Bildschirm"
    )
    assert hyphenate_text("Rechtschreibprüfung", german(), lang="en") == "Rechtschreibprüfung"


def test_swiss_german_is_german():
    assert "<i></i>" in hyphenate_html("Datenschutzerklärung", german(), lang="de-CH")


def test_word_never_divided_is_marked_without_seams():
    hyphenator = german().with_exceptions(read_exceptions(["Wachstube"]))
    assert hyphenate_html("Wachstuben", hyphenator) == '<span class="word">Wachstuben</span>'


@pytest.mark.parametrize(
    "unit",
    [
        "<p>Die Rechtschreibprüfung von Texten.</p> ",
        "Rechtschreibprüfung",
        "<",
        "&",
        "&shy;",
        "/a",
        "a.b_",
        "<b lang=en>",
        '<span class="word">',
        "a\u00ad",
    ],
)
def test_time_is_linear(unit):
    """Ten times the text takes ten times as long on a busy machine, too; quadratic would be 100."""

    def seconds(times):
        html = unit * times
        start = time.process_time()
        hyphenate_html(html, german())
        return time.process_time() - start

    seconds(10)
    times = max(100, 40_000 // len(unit))
    short = min(seconds(times) for _ in range(3))
    assert min(seconds(10 * times) for _ in range(2)) <= 30 * short + 0.02
