"""In a real build: the filters in templates, and nothing of it elsewhere."""

import pytest

from plugins.source.problem import SourceError
from tests.plugins.pelican_site import FILES

PLUGINS = [
    "plugins.source",
    "plugins.german",
    "plugins.schedule",
    "plugins.tips",
    "plugins.embeds",
    "plugins.series",
    "plugins.archive",
    "plugins.feeds",
    "plugins.hyphenation",
]

POST = """---
title: Die Rechtschreibprüfung
date: 2026-04-01
category: Garten
summary: Über Rechtschreibprüfungen.
---

Eine Rechtschreibprüfung und ein Sonderfallwort.
"""
TEMPLATE = (
    "<!doctype html><title>{{ article.title }}</title>"
    "<h1>{{ article.title|hyphenate(article.lang) }}</h1>"
    "<p>{{ article.summary|safe|hyphenate }}</p>"
    "{{ article.content|hyphenate_html(article.lang) }}"
)
WORD = '<span class="word">Recht<i></i>schreib<i></i>prüfung</span>'


def build(pelican_site, exceptions=None):
    (pelican_site.content / "artikel" / "vier.md").write_text(POST, "utf-8")
    if exceptions is not None:
        (pelican_site.content / "trennung.yaml").write_text(exceptions, "utf-8")
    (pelican_site.theme / "templates" / "article.html").write_text(TEMPLATE, "utf-8")
    return pelican_site.build(PLUGINS=PLUGINS)


def page(built):
    return built.text("blog/die-rechtschreibpruefung/index.html")


def test_filters_mark_headings_and_text(pelican_site):
    html = page(build(pelican_site))
    assert f"<h1>Die {WORD}</h1>" in html
    assert f"<p>Eine {WORD} und" in html
    assert '<p>Über <span class="word">Recht<i></i>schreib<i></i>prüfungen</span>.</p>' in html


def test_title_address_and_feed_are_clean(pelican_site):
    built = build(pelican_site)
    assert "<title>Die Rechtschreibprüfung</title>" in page(built)
    feed = built.text("feeds/artikel.atom.xml")
    assert "Eine Rechtschreibprüfung und" in feed
    assert "class=&quot;word" not in feed
    assert "\u00ad" not in feed


def test_authors_file_is_used_and_read_again(pelican_site):
    first = build(pelican_site, "- Sonderfallwort\n")
    assert '<span class="word">Sonderfallwort</span>' in page(first)
    second = build(pelican_site, "# nichts\n")
    assert '<span class="word">Sonder<i></i>fall<i></i>wort</span>' in page(second)


def test_mistake_in_the_authors_file_stops_the_build(pelican_site):
    with pytest.raises(
        SourceError, match=r"trennung.yaml:1: Das ist kein Wort mit Trennstellen: zwei Wörter"
    ):
        build(pelican_site, "- zwei Wörter\n")


def test_site_without_file_builds(pelican_site):
    assert "trennung.yaml" not in FILES
    assert not build(pelican_site).problems
