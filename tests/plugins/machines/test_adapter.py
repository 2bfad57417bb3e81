"""The real theme's pages, read as search engines, networks and readers of microformats read them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as etree

import pytest
from selectolax.lexbor import LexborHTMLParser

from pelicanconf import PLUGINS
from tests.plugins.pelican_site import PROJECT, Built, PelicanSite, own_signals

with warnings.catch_warnings():
    # They import what Python or lxml want to be imported otherwise.
    warnings.simplefilter("ignore")
    import mf2py
    from extruct.jsonld import JsonLdExtractor

SITE = "https://mittwochspost.example"
TITLE = "</script><b>Fett</b> & „Zitat“ <!-- hier"
POST = "/blog/boese/"
ME = ["https://social.example/@henrike", "https://code.example/henrike"]
#: Drawing and comments take longer than all the rest.
QUICK = [name for name in PLUGINS if name not in ("plugins.share_images", "plugins.comments")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """A small site with the project's theme, and a post with a hostile title."""
    folder = tmp_path_factory.mktemp("machines")
    with pytest.MonkeyPatch.context() as patch, own_signals():
        patch.chdir(folder)
        patch.delenv("SITE_DATE", raising=False)
        site = PelicanSite(folder)
        site.write(
            "artikel/boese.md",
            f"---\ntitle: '{TITLE}'\nslug: boese\ndate: 2026-04-01 08:30\nmodified: 2026-05-02\n"
            "category: Garten\ntags: [Beete]\nsummary: Ein *kurzer* Satz & mehr.\nlang: en\n"
            "series: garten\nseries_index: 2\n---\n\nOnly a text.\n",
        )
        site.write(
            "artikel/entwurf.md", "---\ntitle: X\ndate: 2026-04-02\nstatus: draft\n---\n\nX\n"
        )
        yield site.build(
            THEME=str(PROJECT / "theme"), PLUGINS=QUICK, REL_ME=ME, SHARE_IMAGE="bild.png"
        )


def _html(built: Built, path: str) -> str:
    return built.text(f"{path.strip('/')}/index.html".lstrip("/"))


def _things(built: Built, path: str) -> dict[str, dict[str, Any]]:
    """Return the linked data of a page by type."""
    (data,) = JsonLdExtractor().extract(_html(built, path))
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def _crumbs(things: dict[str, dict[str, Any]]) -> list[tuple[int, str, str | None]]:
    items = things["BreadcrumbList"]["itemListElement"]
    return [(item["position"], item["name"], item.get("item")) for item in items]


AUTHOR = {"@type": "Person", "name": "Henrike Voss", "url": f"{SITE}/ueber-mich/"}
SERIES = {"@type": "CreativeWorkSeries", "name": "Der Garten", "url": f"{SITE}/serien/garten/"}


def test_post_as_linked_data(built: Built) -> None:
    assert built.problems == []
    things = _things(built, POST)
    assert things["BlogPosting"] == {
        "@type": "BlogPosting",
        "headline": TITLE,
        "url": SITE + POST,
        "image": f"{SITE}/serien/garten/bild.png",
        "datePublished": "2026-04-01T08:30:00+02:00",
        "dateModified": "2026-05-02T00:00:00+02:00",
        "inLanguage": "en",
        "author": AUTHOR,
        "isPartOf": SERIES,
        "position": 2,
    }
    assert _crumbs(things) == [
        (1, "Blog", f"{SITE}/archiv/"),
        (2, "Garten", f"{SITE}/themen/garten/"),
        (3, TITLE, None),
    ]


def test_series_tip_home_and_author_as_linked_data(built: Built) -> None:
    series = _things(built, "/serien/garten/")["CreativeWorkSeries"]
    assert {**SERIES, "description": "Eine Serie.", "author": AUTHOR}.items() <= series.items()
    assert [(part["position"], part["url"]) for part in series["hasPart"]] == [
        (1, f"{SITE}/blog/der-erste-beitrag/"),
        (2, SITE + POST),
        (3, f"{SITE}/blog/der-zweite-beitrag/"),
    ]
    tip = _things(built, "/tipps/2026-kw02/")
    assert tip["DefinedTerm"] == {
        "@type": "DefinedTerm",
        "name": "Apostroph",
        "description": "Der Genitiv kommt ohne Apostroph aus.",
        "url": f"{SITE}/tipps/2026-kw02/",
        "image": f"{SITE}/tipps/2026-kw02/bild.png",
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": "Mittwochstipps",
            "url": f"{SITE}/tipps/",
        },
    }
    assert _crumbs(tip)[1] == (2, "Zeichensetzung", f"{SITE}/tipps/thema/zeichensetzung/")
    home = _things(built, "/")["WebSite"]
    assert home["url"] == f"{SITE}/"
    assert home["author"] == {**AUTHOR, "sameAs": ME}
    address = home["potentialAction"]["target"]["urlTemplate"]
    assert address == f"{SITE}/suche/?q={{search_term_string}}"
    assert _things(built, "/ueber-mich/") == {"Person": {**AUTHOR, "sameAs": ME}}


def _entry(built: Built, path: str) -> dict[str, Any]:
    parsed = mf2py.parse(doc=_html(built, path), url=SITE + path)
    (entry,) = (item for item in parsed["items"] if item["type"] == ["h-entry"])
    properties: dict[str, Any] = entry["properties"]
    assert parsed["rels"]["author"] == [f"{SITE}/ueber-mich/"]
    (card,) = (item for item in parsed["items"] if item["type"] == ["h-card"])
    assert card["properties"] == {"name": ["Henrike Voss"], "url": [f"{SITE}/ueber-mich/"]}
    return properties


def test_post_and_tip_as_microformats(built: Built) -> None:
    post = _entry(built, POST)
    assert post["name"] == [TITLE]
    assert post["url"] == [SITE + POST]
    assert post["published"] == ["2026-04-01T08:30:00+0200"]
    assert post["updated"] == ["2026-05-02T00:00:00+0200"]
    assert post["category"] == ["Garten", "Beete"]
    assert post["summary"] == ["Ein kurzer Satz & mehr."]
    assert post["content"][0]["value"] == "Only a text."
    tip = _entry(built, "/tipps/2026-kw02/")
    assert (tip["name"], tip["published"]) == (["Apostroph"], ["2026-01-07"])
    assert tip["category"] == ["Zeichensetzung"]


@pytest.mark.parametrize(
    ("path", "name", "newest"),
    [
        ("/", "Neu im Blog", TITLE),
        ("/archiv/", "Archiv", TITLE),
        ("/tipps/2026/", "2026", "Ähre"),
    ],
)
def test_lists_are_feeds_of_entries(built: Built, path: str, name: str, newest: str) -> None:
    parsed = mf2py.parse(doc=_html(built, path), url=SITE + path)
    feed = next(item for item in parsed["items"] if item["type"] == ["h-feed"])
    assert feed["properties"]["name"] == [name]
    entries = [item["properties"] for item in feed["children"] if item["type"] == ["h-entry"]]
    assert entries[0]["name"] == [newest]
    assert all(entry["url"][0].startswith(SITE) and entry["published"] for entry in entries)


def test_the_author_names_her_other_addresses_where_they_look_for_her(built: Built) -> None:
    pages = {path for path in built.output if path.endswith(".html")}
    named = {path for path in pages if 'rel="me"' in built.text(path)}
    assert named == {"index.html", "ueber-mich/index.html"}
    assert mf2py.parse(doc=_html(built, "/"))["rels"]["me"] == ME


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    return {
        node.attributes.get("property") or node.attributes.get("name") or "": str(
            node.attributes["content"]
        )
        for node in tree.css("meta[content]")
    }


def test_every_page_says_what_it_is(built: Built) -> None:
    """Canonical address, description and Open Graph agree; what nobody should find has none of it."""
    hidden = set()
    for path in (path for path in built.output if path.endswith(".html")):
        tree = LexborHTMLParser(built.text(path))
        metas = _metas(tree)
        assert metas["description"]
        if "noindex" in metas.get("robots", ""):
            hidden.add(path)
            assert "og:title" not in metas
            continue
        url = f"{SITE}/{path.removesuffix('index.html')}"
        canonical = tree.css_first('link[rel="canonical"]')
        assert canonical.attributes["href"] == metas["og:url"] == url
        assert metas["og:description"] == metas["description"]
        assert metas["og:title"] in str(tree.css_first("title").text())
        assert metas["og:image"].startswith(f"{SITE}/")
        assert metas["og:image:alt"]
        # The first one that holds counts.
        assert [node.attributes.get("media") for node in tree.css('meta[name="theme-color"]')] == [
            "(prefers-color-scheme:dark)",
            None,
        ]
    assert hidden == {"404.html", "suche/index.html"}


def test_post_tells_networks_when_it_came_out(built: Built) -> None:
    metas = _metas(LexborHTMLParser(_html(built, POST)))
    assert metas["og:title"] == TITLE
    assert metas["article:published_time"] == "2026-04-01T08:30:00+02:00"
    assert metas["article:modified_time"] == "2026-05-02T00:00:00+02:00"


def test_sitemap_lists_what_can_be_found(built: Built) -> None:
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = {
        urlsplit(url.findtext(f"{name}loc") or "").path: url.findtext(f"{name}lastmod")
        for url in etree.fromstring(built.text("sitemap.xml"))
    }
    hidden = {"404.html", "suche/index.html"}
    pages = {path for path in built.output if path.endswith(".html")} - hidden
    assert found.keys() == {f"/{path.removesuffix('index.html')}" for path in pages}
    assert found[POST] == "2026-05-02"
    assert found["/blog/der-zweite-beitrag/"] == "2026-02-11"
    assert found["/ueber-mich/"] is None
    assert found["/"] == found["/themen/garten/"] == found["/serien/garten/"]
    assert found["/"] == "2026-04-01T08:30:00+02:00"
    assert found["/tipps/"] == found["/tipps/2026/"] == "2026-02-04"
    assert found["/tipps/thema/zeichensetzung/"] == "2026-01-07"
    assert built.text("robots.txt").endswith(f"Sitemap: {SITE}/sitemap.xml\n")


@pytest.mark.parametrize("wrong", ["https://social.example/@name", ["@name"], [3]])
def test_other_addresses_that_are_none_are_a_problem(
    wrong: object, pelican_site: PelicanSite
) -> None:
    plugins = ["plugins.source", "plugins.german", "plugins.navigation", "plugins.machines"]
    (problem,) = pelican_site.build(REL_ME=wrong, PLUGINS=plugins).problems
    assert problem.field == "REL_ME"
    assert "https://" in problem.remedy
