"""Markdown gives the same with and without the patterns that cannot match."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from plugins.source.inline import _SIGNS, QuickInlineProcessor

PROJECT = Path(__file__).resolve().parents[3]
EXTENSIONS = ["extra", "sane_lists", "toc"]
PIECES = [
    *(
        "Wort ",
        "*",
        "**",
        "_",
        "__",
        "`",
        "``",
        "\\",
        "[",
        "](",
        "](/a/)",
        ")",
        "!",
        "![",
        "<",
        ">",
    ),
    *(
        "  \n",
        "\n",
        "\n\n",
        "&",
        "&amp;",
        "<b>",
        "</b>",
        "https://a.example",
        "a@b.example",
        "[^1]",
    ),
    *("\n\n[^1]: Note", "\n\n[x]: /x/", "[x]", "*[HTML]: Sprache", "HTML", "- ", "1. ", "# ", "> "),
]


def _pair() -> tuple[Markdown, Markdown]:
    quick = Markdown(extensions=EXTENSIONS)
    quick.treeprocessors.register(QuickInlineProcessor(quick), "inline", 20)
    return Markdown(extensions=EXTENSIONS), quick


PLAIN, QUICK = _pair()


def _converted(md: Markdown, text: str) -> str:
    md.reset()
    return str(md.convert(text))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_the_html_is_the_same(text: str) -> None:
    assert _converted(QUICK, text) == _converted(PLAIN, text)


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "content/artikel").rglob("*.md")), ids=lambda path: path.stem
)
def test_our_own_posts_are_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    assert _converted(QUICK, text) == _converted(PLAIN, text)


def test_markdown_still_has_the_patterns_by_these_names() -> None:
    assert [name for name in _SIGNS if name not in PLAIN.inlinePatterns] == []


def test_patterns_of_others_are_always_tried() -> None:
    _converted(QUICK, "Wort")
    tried = QUICK.treeprocessors["inline"].inlinePatterns
    ours = {id(QUICK.inlinePatterns[name]) for name in _SIGNS}
    assert [id(one) for one in tried] == [
        id(one) for one in QUICK.inlinePatterns if id(one) not in ours
    ]
