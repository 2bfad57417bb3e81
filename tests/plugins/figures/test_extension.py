"""Captioned pictures become figures, tables can be scrolled by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown

from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"
EXTENSIONS = ["extra", "sane_lists", "plugins.figures.extension"]


@pytest.mark.parametrize(("text", "html"), cases(CASES / "figures.md"))
def test_figures(text: str, html: str) -> None:
    assert Markdown(extensions=EXTENSIONS, output_format="html").convert(text) == html


def test_tables_in_other_blocks_are_wrapped_once() -> None:
    html = Markdown(extensions=EXTENSIONS).convert("> a | b\n> --|--\n> 1 | 2\n")
    assert html.count("<section") == html.count("<table>") == 1


def test_a_second_text_counts_its_tables_anew() -> None:
    md = Markdown(extensions=EXTENSIONS)
    first = md.convert("a | b\n--|--\n1 | 2\n")
    md.reset()
    assert md.convert("a | b\n--|--\n1 | 2\n") == first
