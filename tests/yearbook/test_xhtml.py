"""A tip's HTML becomes well-formed, and its addresses work away from the site."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yearbook.xhtml import xhtml

SITE = "https://mittwochspost.example/"
WORD = '<p>Die <span class="word">Rechtschreib<i></i>prüfung</span> hilft.</p>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Eins<br>zwei &nbsp;&amp; <em>drei</em></p>", "<p>Eins<br/>zwei \u00a0&amp; <em>drei</em></p>"),
        ("<p>offen<p>noch", "<p>offen</p><p>noch</p>"),
        ("nur Text", "nur Text"),
        ("", ""),
        ('<a href="/blog/x/">Beitrag</a>', '<a href="https://mittwochspost.example/blog/x/">Beitrag</a>'),
        ('<a href="https://a.example/?a=1&amp;b=2">fremd</a>', '<a href="https://a.example/?a=1&amp;b=2">fremd</a>'),
        ('<a href="{filename}/artikel/zwei.md">Post</a>', "Post"),
        ('<a href="javascript:alert(1)">Post</a>', "Post"),
        ('<a href="//fremd.example/x">Post</a>', "Post"),
        ("<a>ohne</a>", "ohne"),
        ("<Text<p>a", "a"),
        ("<p 1a=x>a</p>", "<p>a</p>"),
        ('<p><img src="/bilder/x.svg" alt="Ein &amp; Bild"></p>', "<p>[Ein &amp; Bild]</p>"),
        (
            '<picture><source srcset="/bilder/x.avif" type="image/avif">'
            '<img src="/bilder/x.jpg" alt="Ein Foto"></picture>',
            "[Ein Foto]",
        ),
        ('<sup id="fnref:1"><a href="#fn:1">1</a></sup>',
         '<sup id="2026-kw02-fnref-1"><a href="#2026-kw02-fn-1">1</a></sup>'),
        ("<p>a<script>alert('<p>')</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()" style="color:red" data-x="1" lang="en">a</p>', '<p lang="en">a</p>'),
        ("<table><tr><td>1</table>", "<table><tbody><tr><td>1</td></tr></tbody></table>"),
        (WORD, WORD),
    ],
)  # fmt: skip
def test_html_becomes_xhtml(html: str, expected: str) -> None:
    assert xhtml(html, "2026-kw02", SITE, has_soft_hyphens=False) == expected


def test_long_words_get_soft_hyphens_where_readers_need_them() -> None:
    assert xhtml(WORD, "x", SITE, has_soft_hyphens=True) == (
        "<p>Die Rechtschreib\u00adprüfung hilft.</p>"
    )
    assert xhtml("<p><i>kursiv</i></p>", "x", SITE, has_soft_hyphens=False) == (
        "<p><i>kursiv</i></p>"
    )


PIECES = st.sampled_from(
    ["<p>", "</p>", "<em>", "</em>", "<br>", "<hr/>", "<img alt='x'>", "&nbsp;", "&", "<", "Text", "<li>", "<a href='#x'>",
     "</a>", "<script>", "</script>", "<!-- x -->", "<svg><path/></svg>", "<b id='1:2' a\"b>", "<?x?>", "]]>", "<td>", "„"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.booleans())
def test_whatever_comes_in_is_well_formed(pieces: list[str], has_soft_hyphens: bool) -> None:
    found = xhtml("".join(pieces), "p", SITE, has_soft_hyphens)
    ElementTree.fromstring(f"<div>{found}</div>")
