"""What a reader's first search loads, on a site of a thousand posts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

from playwright.sync_api import Browser

from bench.build.corpus import write_site
from bench.build.model import Site
from bench.build.workshop import Workshop
from bench.reader.serving import Server, serving
from plugins.source.problem import AuthorError
from publishing.front import headers, survey

POSTS, TIPS = 1_000, 104
QUERIES = 32
#: Bytes of the index that a first query may load.
GOAL_BYTES = 60_000
_WORD = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{5,}")
_UMLAUT = re.compile("[aou]e", re.I)


@dataclass(frozen=True)
class Query:
    """A first search: files of the index and their bytes, and the bytes of all that it loaded."""

    text: str
    files: int
    index_bytes: int
    all_bytes: int


def first_queries(browser: Browser, folder: Path) -> list[Query]:
    """
    Return what first queries for words of titles load, each by a reader who has nothing of the site yet.

    Every second word has a letter too few: then the ends of words are looked at as well.

    Raises:
        AuthorError: The site was not built, or a query finds nothing.
    """
    shop = Workshop(folder)
    site = write_site(shop.folder, POSTS, TIPS)
    shop.write_settings()
    shop.build()
    with serving() as server:
        server.folder = shop.output
        server.policy = headers.policy(survey.used(shop.output))
        return [_asked(browser, server, text) for text in _texts(site)]


def _texts(site: Site) -> list[str]:
    """Return what is searched for."""
    step = len(site.posts) // QUERIES
    texts = []
    for number, post in enumerate(site.posts[::step][:QUERIES]):
        word = max(_WORD.findall(post.title), key=len)
        texts.append(_mistyped(word) if number % 2 else word)
    return texts


def _mistyped(word: str) -> str:
    """Return *word* without its second letter, or without a later one where that would make „oe“, read as „ö“."""
    places = (
        at for at in range(1, len(word)) if not _UMLAUT.fullmatch(word[at - 1] + word[at + 1 :][:1])
    )
    at = next(places)
    return word[:at] + word[at + 1 :]


def _asked(browser: Browser, server: Server, text: str) -> Query:
    context = browser.new_context(locale="de-DE", viewport={"width": 390, "height": 800})
    page = context.new_page()
    server.sent.clear()
    page.goto(f"{server.url}/suche/?q={quote(text)}")
    page.wait_for_load_state("networkidle")
    results = page.locator(".search h2 a").count()
    context.close()
    if not results:
        raise AuthorError(f"Die Suche nach „{text}“ findet nichts.")
    sizes = {path: size for path, size in server.sent.items() if "icon" not in path}
    index = [size for path, size in sizes.items() if path.endswith(".json")]
    return Query(text, len(index), sum(index), sum(sizes.values()))


def report(queries: list[Query]) -> str:
    """Return what to say of *queries*, in Markdown."""
    index = sorted(query.index_bytes for query in queries)
    everything = max(query.all_bytes for query in queries)
    verdict = "met" if index[-1] <= GOAL_BYTES else "missed"
    files = median(query.files for query in queries)
    return (
        f"A first search on a site of {POSTS:,} posts and {TIPS} tips, {len(queries)} words, half of them\n"
        f"mistyped: {median(index):,.0f} B of the index in {files:.0f} files (median), at most {index[-1]:,} B; "
        f"{everything:,} B with page and\nscript. Goal: at most {GOAL_BYTES:,} B of the index: {verdict}."
    )
