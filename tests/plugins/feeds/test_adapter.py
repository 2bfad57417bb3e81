"""Feeds stand alone, are German, and know nothing of the clock."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.plugins.pelican_site import Built, PelicanSite

ATOM = "{http://www.w3.org/2005/Atom}"
ARTICLES, TIPS, SERIES = (
    "feeds/artikel.atom.xml",
    "feeds/tipps.atom.xml",
    "feeds/serie-garten.atom.xml",
)


def _feed(built: Built, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(built.output[path])


def _titles(feed: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_feeds_have_german_titles_and_name_their_language(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    titles = {
        path: _feed(built, path).findtext(f"{ATOM}title") for path in (ARTICLES, TIPS, SERIES)
    }
    assert titles == {
        ARTICLES: "Mittwochspost",
        TIPS: "Mittwochspost – Mittwochstipps",
        SERIES: "Mittwochspost – Serie Der Garten",
    }
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {_feed(built, path).get(lang) for path in titles} == {"de"}


def test_entries_are_newest_first(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    assert _titles(_feed(built, ARTICLES)) == [
        "Der dritte Beitrag",
        "Der zweite Beitrag",
        "Der erste Beitrag",
    ]
    assert _titles(_feed(built, TIPS)) == ["Ähre", "Apostroph", "Silvester"]
    assert _titles(_feed(built, SERIES)) == ["Der zweite Beitrag", "Der erste Beitrag"]


def test_pages_link_from_the_root_and_feeds_with_the_host(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    page = built.text("blog/der-erste-beitrag/index.html")
    assert 'href="/blog/der-zweite-beitrag/"' in page
    assert "https://mittwochspost.example" not in page
    for path in (ARTICLES, TIPS, SERIES):
        text = "".join(_feed(built, path).itertext())
        assert 'href="https://mittwochspost.example/' in text
        assert not re.search(r"""=["']/""", text), path


def test_one_build_is_right_on_every_host(pelican_site: PelicanSite) -> None:
    here, there = pelican_site.build(), pelican_site.build(SITEURL="https://b.example")
    pages = [path for path in here.output if path.endswith(".html")]
    assert {path: here.output[path] for path in pages} == {p: there.output[p] for p in pages}
    assert "https://b.example/blog/der-erste-beitrag/" in there.text(ARTICLES)


def test_an_empty_feed_is_a_feed_without_a_clock(pelican_site: PelicanSite) -> None:
    for path in [*pelican_site.content.glob("artikel/**/*.md")]:
        path.unlink()
    pelican_site.replace("tipps/2026.yaml", "der-zweite-beitrag, ", "")
    feed = _feed(pelican_site.build(), ARTICLES)
    assert feed.findtext(f"{ATOM}updated") == "2026-06-30T00:00:00+02:00"
    assert _titles(feed) == []


def test_the_page_for_people_lists_the_feeds_there_are(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    assert [(feed.title, feed.url) for feed in built.context["feeds"]] == [
        ("Artikel", ARTICLES),
        ("Mittwochstipps", TIPS),
        ("Serie „Der Garten“", SERIES),
    ]
    assert set(built.text("feeds/index.html").split()) <= set(built.output)


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({"SERIES_FEED_ATOM": ""}, [ARTICLES, TIPS]),
        ({"TIPS_FEED_ATOM": None}, [ARTICLES, SERIES]),
        ({"FEED_ALL_ATOM": None}, [TIPS, SERIES]),
    ],
)
def test_a_feed_that_is_switched_off_is_not_listed(
    settings: dict[str, str | None], left: list[str], pelican_site: PelicanSite
) -> None:
    built = pelican_site.build(**settings)
    assert [feed.url for feed in built.context["feeds"]] == left
    assert [path for path in built.output if path.endswith(".xml")] == sorted(left)
