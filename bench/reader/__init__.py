"""
The page that a reader gets, beside the same post in other blogs: weight, barriers, faults, scores.

    invoke bench reader

builds the blog's posts with each contender, serves them all in the same way, looks at the same post of
each, searches in a site of a thousand posts, judges every kind of page of ours, and writes its sections
of RESULTS.md.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench import chosen
from bench.reader import npm
from bench.results import machine, write_section
from publishing.console import say

if TYPE_CHECKING:
    from bench.reader.judging import Verdict
    from bench.reader.searching import Query

#: Bytes of the post, and Lighthouse's scores, that we promise.
GOAL_BYTES, GOAL_SERIF_BYTES = 6_500, 31_000


def run(quick: bool = False, cases: str = "", rounds: int = 0) -> None:
    """
    Measure, print and write.

    Args:
        quick: Lighthouse runs once.
        cases: Some of „post,pages“; all if empty.
        rounds: How often Lighthouse runs on each page (5).

    Raises:
        AuthorError: There is no such case, or something that this needs.

    """
    from publishing.browser import tools
    from tests import html_checker

    programs = {"post": lambda: _compare(rounds or (1 if quick else 5)), "pages": _judge_all}
    names = chosen(cases, programs, "gibt es nicht zu messen")
    tools.ensure_tools()
    html_checker.ensure()
    npm.ensure()
    for name in names:
        programs[name]()


def _judge_all() -> None:
    from bench.reader.kinds import judge, report

    with tempfile.TemporaryDirectory() as temporary:
        text = report(judge(Path(temporary).resolve()))
    write_section("reader: pages", text)
    say(text)


def _compare(times: int) -> None:
    """Look at the same post of all; Lighthouse runs so many *times*."""
    from playwright.sync_api import sync_playwright

    from bench.reader.judging import judge
    from bench.reader.searching import first_queries
    from bench.reader.serving import serving
    from bench.reader.sites import POST, check_equal, contenders
    from publishing.browser import tools
    from publishing.front import headers, survey

    path = f"/blog/{POST}/"
    verdicts: dict[str, Verdict] = {}
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = tools.launch(playwright)
        queries = first_queries(browser, Path(temporary) / "suche")
        for number, contender in enumerate(contenders()):
            folder = Path(temporary) / str(number)
            folder.mkdir()
            with serving() as server:
                server.folder = contender.build(folder, server.url)
                check_equal(
                    contender.name,
                    (server.folder / path.strip("/") / "index.html").read_text("utf-8"),
                )
                if contender.name.startswith("Mittwochspost"):
                    server.policy = headers.policy(survey.used(server.folder))
                verdicts[contender.name] = judge(browser, server, path, times)
            say(f"{contender.name}: {verdicts[contender.name]}")
        browser.close()
    text = _report(verdicts, queries, times)
    write_section("reader", text)
    say(text)


def _report(verdicts: dict[str, Verdict], queries: list[Query], rounds: int) -> str:
    from bench.reader import searching
    from bench.reader.sites import POST, posts
    from tests import html_checker

    rows = [_row(name, verdict) for name, verdict in verdicts.items()]
    (words,) = (len(post.text.split()) for post in posts() if post.slug == POST)
    return f"""## What a reader gets

One post of {words} words („{POST}“), 390 px wide, served by the same program with Brotli 11; the whole
text is on each page. The others are built of the {len(posts())} posts of this blog that every program reads
alike, ours is the whole blog, with comments, related posts and a form on the page.

Bodies: what the page and all it loads weigh; sent: the same with headers. Barriers: rules of axe (WCAG 2.2
AA and best practice) that fail at 390 or 320 px, light or dark. HTML: errors that the W3C's checker finds,
but that it does not know `@view-transition` yet. Not counted: the icon.
Wide: scrolls sideways at 320 px. Lighthouse {npm.version("lighthouse")}: performance, accessibility, best
practices, SEO, medians of {rounds}.

| | requests | foreign | bodies, B | sent, B | barriers | HTML | wide | CLS | Lighthouse |
|---|---:|---:|---:|---:|---:|---:|---|---:|---|
{chr(10).join(rows)}

Goals: one request and {GOAL_BYTES:,} B with system fonts, {GOAL_SERIF_BYTES:,} B with the serif, nothing
foreign, no barrier, no fault, CLS 0, Lighthouse 100 / 100 / 100 / 100.

{searching.report(queries)}

{machine()}, vnu {html_checker.version()}."""


def _row(name: str, verdict: Verdict) -> str:
    from bench.reader.judging import CATEGORIES

    scores = " / ".join(f"{verdict.scores[category]:.0f}" for category in CATEGORIES)
    cells = (
        *(name, verdict.requests, verdict.foreign, f"{verdict.bodies_bytes:,}"),
        *(
            f"{verdict.wire_bytes:,}",
            verdict.barriers,
            verdict.html_faults,
            "yes" if verdict.is_wide else "no",
        ),
        *(f"{verdict.shift:.3f}", scores),
    )
    return f"| {' | '.join(map(str, cells))} |"
