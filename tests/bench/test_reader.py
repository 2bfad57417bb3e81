"""What readers get is compared on the same text, and told in full."""

from __future__ import annotations

import pytest
from markdown import Markdown

from bench.reader import _row, kinds, run
from bench.reader.judging import CATEGORIES, Verdict
from bench.reader.searching import Query, _mistyped, report
from bench.reader.sites import POST, check_equal, posts
from plugins.source.problem import AuthorError


def test_posts_have_nothing_that_only_we_read() -> None:
    found = {post.slug: post for post in posts()}
    assert POST in found
    assert 550 <= len(found[POST].text.split()) <= 650
    assert not any("///" in post.text or "{filename}" in post.text for post in found.values())


def test_a_page_that_leaves_something_out_is_not_compared() -> None:
    (post,) = (post for post in posts() if post.slug == POST)
    page = Markdown(extensions=["extra"]).convert(post.text)
    check_equal("Peer", f"<html><nav>Menü</nav>{page}</html>")
    without = page.replace(max(page.split("\n"), key=len), "")
    with pytest.raises(AuthorError, match="Peer: Auf der Seite fehlt"):
        check_equal("Peer", without)


def test_a_row_has_every_figure() -> None:
    scores = dict(zip(CATEGORIES, (99.0, 100.0, 96.0, 90.0), strict=True))
    verdict = Verdict(2, 6404, 7781, 1, 3, 4, True, 0.0342, scores)
    assert _row("Peer", verdict) == (
        "| Peer | 2 | 1 | 6,404 | 7,781 | 3 | 4 | yes | 0.034 | 99 / 100 / 96 / 90 |"
    )


def test_a_search_that_loads_too_much_is_told() -> None:
    queries = [Query("Komma", 4, 30_000, 45_000), Query("Kommma", 6, 61_000, 76_000)]
    text = report(queries)
    assert "2 words" in text
    assert "45,500 B of the index in 5 files (median), at most 61,000 B; 76,000 B" in text
    assert text.endswith("missed.")
    assert report(queries[:1]).endswith("met.")


@pytest.mark.parametrize(
    ("word", "mistyped"), [("Komma", "Kmma"), ("Abende", "Abnde"), ("Projekte", "Pojekte")]
)
def test_a_slip_makes_no_umlaut(word: str, mistyped: str) -> None:
    assert _mistyped(word) == mistyped


def _finding(type: str, width: int) -> kinds.Finding:
    url = "http://localhost:1234/tipps/index.html"
    return kinds.Finding(url, width, type, "WCAG2AA.1_1_1", "Kein alt.", "<img>")


def test_errors_on_any_kind_of_page_are_counted_and_told() -> None:
    findings = [_finding("error", 390), _finding("notice", 390), _finding("warning", 1280)]
    text = kinds.report(kinds.Judged(30, 118, findings, ["404.html:3: Stray end tag"]))
    assert "30 of the blog's 118 pages" in text
    assert "| pa11y, 390 px | 1 | 0 | 1 |\n| pa11y, 1,280 px | 0 | 1 | 0 |\n| vnu | 1 |" in text
    assert "no error: missed" in text
    assert "- /tipps/index.html, 390 px: WCAG2AA.1_1_1: Kein alt. `<img>`" in text
    assert "- 404.html:3: Stray end tag" in text
    assert "no error: met." in kinds.report(kinds.Judged(30, 118, findings[1:], []))


def test_a_case_that_there_is_not_is_told() -> None:
    with pytest.raises(AuthorError, match="„seiten“ gibt es nicht zu messen"):
        run(cases="post,seiten")
