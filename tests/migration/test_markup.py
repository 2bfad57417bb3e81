"""HTML of comments becomes Markdown that shows the same, and nothing more."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from migration.markup import escaped, to_markdown
from plugins.comments.core import render_text
from tests.e2e.xss import shapes

CASES = [
    ("<p>Eins</p><p>Zwei</p>", "Eins\n\nZwei"),
    ("Eins<br>Zwei<br/>Drei", "Eins\nZwei\nDrei"),
    ("ein <em>guter</em>, <strong>fetter</strong> Text", "ein *guter*, **fetter** Text"),
    ("<i> kursiv </i>mitten", "*kursiv* mitten"),
    ("<em>eins <em>zwei</em></em>", "*eins zwei*"),
    ("<b>fett <i>beides</i></b>", "**fett *beides***"),
    ('<a href="https://a.example/x(1)">Text</a>', "[Text](<https://a.example/x(1)>)"),
    ('<a href="https://a.example/">https://a.exam…</a>', "<https://a.example/>"),
    ('<a href="javascript:alert(1)">klick</a>', "klick"),
    ("siehe https://a.example/b_c, oder?", "siehe <https://a.example/b_c>, oder?"),
    ("<code>a * b</code>", "`a * b`"),
    ("<code>a ` b</code>", "`` a ` b ``"),
    ("<pre><code>x = 1\n  y</code></pre>", "```\nx = 1\n  y\n```"),
    ("<blockquote><p>Ein</p><p>Wort</p></blockquote>Ja", "> Ein\n\n> Wort\n\nJa"),
    ("<ul><li>Eins</li><li>Zwei</li></ul>", "- Eins\n\n- Zwei"),
    ("<ol><li>Eins<li>Zwei</ol>", "1. Eins\n\n2. Zwei"),
    ("<script>x</script><style>y</style>Text", "Text"),
    ("<img src=x alt='Ein Smiley'> da", "Ein Smiley da"),
    ("5 * 3 = 15, snake_case, _so_", r"5 \* 3 = 15, snake_case, \_so\_"),
    ("1. Januar", r"1\. Januar"),
    ("- Minus", r"\- Minus"),
    ("&gt; Pfeil", r"\> Pfeil"),
    ("[Klammer](https://a.example)", r"\[Klammer](<https://a.example>)"),
    (
        "<p>offen <b>und <a href='https://a.example'>nie zu",
        "offen **und [nie zu](<https://a.example>)**",
    ),
    ("</b></p></div>übrig", "übrig"),
    ("", ""),
    ("<p> </p>", ""),
]


@pytest.mark.parametrize(("html", "markdown"), CASES, ids=range(len(CASES)))
def test_html_becomes_markdown(html, markdown):
    assert to_markdown(html, has_lines=False) == markdown


def test_lines_count_where_the_system_shows_them():
    text = "Eins\nzwei\n\ndrei"
    assert to_markdown(text, has_lines=True) == text
    assert to_markdown(text, has_lines=False) == "Eins zwei drei"
    assert to_markdown("a\r\n\r\nb", has_lines=True) == "a\n\nb"


def test_a_mountain_of_elements_is_no_trouble():
    deep = "<blockquote>" * 5000 + "tief" + "</blockquote>" * 5000
    assert to_markdown(deep, has_lines=False).endswith("tief")
    assert "Wort" in to_markdown("<b><i>" * 5000 + "Wort", has_lines=False)


def test_no_shape_of_script_becomes_html():
    for shape in shapes():
        html = render_text(to_markdown(shape, has_lines=True))
        soup = BeautifulSoup(html, "html.parser")
        assert not soup.select("script, img, iframe, svg, [style], [onerror], [onload]")
        assert all(a["href"].startswith(("http:", "https:")) for a in soup.select("a[href]"))


@given(st.text(alphabet="ab *_`[]()<>\\-+1.#~!&\n", max_size=40))
def test_plain_text_is_shown_as_it_is(text):
    """Markdown's signs in it are signs; only white space may differ."""
    shown = BeautifulSoup(render_text("\n".join(map(_line, text.split("\n")))), "html.parser")
    assert not shown.select("em, strong, a, code, ul, ol, blockquote")


def _line(line):
    from migration.markup import _guarded

    return _guarded(escaped(line).strip())
