"""Posts know their neighbours; the archive lists years, tags and categories on pages that stay."""

from __future__ import annotations

import datetime as dt
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from plugins.archive.adapter import newest_first
from tests.plugins.pelican_site import PROJECT, Built, PelicanSite


def _neighbours(built: Built) -> list[tuple[str, str | None, str | None]]:
    return [
        (
            article.slug,
            article.older.slug if article.older else None,
            article.newer.slug if article.newer else None,
        )
        for article in built.context["articles"]
    ]


def test_neighbours_are_published_posts_only(pelican_site: PelicanSite) -> None:
    pelican_site.write("artikel/x.md", "---\ntitle: X\ndate: 2026-02-20\nstatus: draft\n---\n")
    pelican_site.write("artikel/y.md", "---\ntitle: Y\ndate: 2026-02-21\nstatus: hidden\n---\n")
    built = pelican_site.build()
    assert _neighbours(built) == [
        ("der-dritte-beitrag", "der-zweite-beitrag", None),
        ("der-zweite-beitrag", "der-erste-beitrag", "der-dritte-beitrag"),
        ("der-erste-beitrag", None, "der-zweite-beitrag"),
    ]
    (draft,) = built.context["drafts"]
    (hidden,) = built.context["hidden_articles"]
    assert (draft.older, draft.newer, hidden.older, hidden.newer) == (None, None, None, None)


def test_posts_of_one_moment_have_one_order(pelican_site: PelicanSite) -> None:
    """File names and the order of directories do not count."""
    for name, slug in (("a", "zzz"), ("b", "mmm"), ("c", "aaa")):
        pelican_site.write(
            f"artikel/{name}.md", f"---\ntitle: T\nslug: {slug}\ndate: 2026-02-20\n---\n"
        )
    slugs = [article.slug for article in pelican_site.build().context["articles"]]
    assert slugs[1:4] == ["aaa", "mmm", "zzz"]


def test_the_authors_own_order_stays(pelican_site: PelicanSite) -> None:
    built = pelican_site.build(ARTICLE_ORDER_BY="slug")
    slugs = [article.slug for article in built.context["articles"]]
    assert slugs == sorted(slugs)
    assert pelican_site.build().context["ARTICLE_ORDER_BY"] is newest_first


def test_lists_are_in_german_order(pelican_site: PelicanSite) -> None:
    context = pelican_site.build().context
    assert [(tag.name, count) for tag, count in context["tags_by_name"]] == [
        ("Äxte", 1),
        ("Beete", 3),
        ("Zaun", 1),
    ]
    assert [(category.name, count) for category, count in context["categories_by_name"]] == [
        ("Ähren", 1),
        ("Garten", 2),
    ]


def test_years_are_newest_first_and_begin_anew(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/eins.md", "date: 2026-01-14", "date: 2025-12-31")
    pelican_site.replace("artikel/eins.md", "/// tipp | 2026-kw02\n///", "")
    for _ in range(2):
        years = pelican_site.build().context["years"]
        assert [(year, [a.slug for a in articles]) for year, articles in years] == [
            (2026, ["der-dritte-beitrag", "der-zweite-beitrag"]),
            (2025, ["der-erste-beitrag"]),
        ]


# --- Pages -----------------------------------------------------------------------------------------


def _write_posts(site: PelicanSite, first: int, last: int, category: str = "Sprache") -> None:
    """Write the posts *first* to *last*, one a day from 1 January 2023 on."""
    for number in range(first, last + 1):
        day = dt.date(2023, 1, 1) + dt.timedelta(days=number - 1)
        site.write(
            f"artikel/p{number}.md",
            f"---\ntitle: Beitrag {number}\nslug: p{number}\ndate: {day}\n"
            f"category: {category}\ntags: [Lernen]\n---\n\nKurz.\n",
        )


def _build_with_our_theme(site: PelicanSite, **settings: Any) -> Built:
    return site.build(
        THEME=str(PROJECT / "theme"),
        NAVIGATION=(("Blog", "/archiv/"),),
        COMMENTS_SNAPSHOT=str(site.folder / "kommentare.json"),
        PLUGINS=[
            *("plugins.source", "plugins.german", "plugins.hyphenation", "plugins.schedule"),
            *("plugins.tips", "plugins.embeds", "plugins.series", "plugins.archive"),
            *("plugins.comments", "plugins.navigation", "plugins.machines", "plugins.privacy"),
            *("plugins.feeds", "plugins.assets"),
        ],
        **settings,
    )


def _lists(built: Built) -> dict[str, list[str]]:
    """Return the addresses of articles on each page of a category, a tag or a year."""
    return {
        page.url: [article.slug for article in page.variables["articles"]]
        for page in built.context["archive_pages"]
    }


def _slugs(first: int, last: int) -> list[str]:
    return [f"p{number}" for number in range(first, last - 1, -1)]


def _page(built: Built, url: str) -> LexborHTMLParser:
    return LexborHTMLParser(built.text(f"{url}index.html"))


def _neighbour_links(page: LexborHTMLParser) -> list[tuple[str | None, str | None, str]]:
    return [
        (link.attributes["rel"], link.attributes["href"], " ".join(link.text().split()))
        for link in page.css("nav.pager a")
    ]


def _texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def test_a_long_list_has_older_pages_a_short_one_has_none(pelican_site: PelicanSite) -> None:
    _write_posts(pelican_site, 1, 52)
    built = pelican_site.build()
    lists = _lists(built)
    assert lists["themen/sprache/"] == lists["schlagwort/lernen/"] == _slugs(52, 41)
    assert lists["themen/sprache/seite-2/"] == lists["schlagwort/lernen/seite-2/"] == _slugs(40, 21)
    assert lists["themen/sprache/seite-1/"] == lists["schlagwort/lernen/seite-1/"] == _slugs(20, 1)
    assert lists["themen/garten/"] == ["der-zweite-beitrag", "der-erste-beitrag"]
    assert lists["archiv/2023/"] == _slugs(52, 1)
    assert {f"{url}index.html" for url in lists} == {
        path
        for path in built.output
        if path.startswith(("themen/", "schlagwort/", "archiv/2")) and path.endswith(".html")
    }


def test_pages_are_newest_first_whatever_the_authors_order(pelican_site: PelicanSite) -> None:
    _write_posts(pelican_site, 1, 31)
    lists = _lists(pelican_site.build(ARTICLE_ORDER_BY="title"))
    assert lists["themen/sprache/"] == _slugs(31, 21)
    assert lists["themen/sprache/seite-1/"] == _slugs(20, 1)
    assert [url for url in lists if url.startswith("archiv/")] == [
        "archiv/2026/",
        "archiv/2023/",
    ]


def test_the_address_of_older_pages_can_be_set(pelican_site: PelicanSite) -> None:
    _write_posts(pelican_site, 1, 30)
    built = pelican_site.build(ARCHIVE_OLDER_URL="{url}{number}/")
    assert "themen/sprache/1/index.html" in built.output
    assert "themen/sprache/seite-1/index.html" not in built.output


def test_a_new_post_changes_no_older_page(pelican_site: PelicanSite) -> None:
    """Not even their bytes, except for the newest of them when a page comes between it and the first."""
    _write_posts(pelican_site, 1, 69)
    before = _build_with_our_theme(pelican_site).output
    _write_posts(pelican_site, 70, 70)
    after = _build_with_our_theme(pelican_site).output
    changed = {path for path in before if before[path] != after[path]}
    older = {path for path in before if "/seite-" in path}
    assert len(older) == 4
    assert older & changed == {
        "themen/sprache/seite-2/index.html",
        "schlagwort/lernen/seite-2/index.html",
    }
    _write_posts(pelican_site, 71, 71)
    again = _build_with_our_theme(pelican_site).output
    changed = {path for path in after if after[path] != again[path]}
    assert {path for path in changed if "/seite-" in path} == set()
    assert "themen/sprache/index.html" in changed
    assert "archiv/2023/index.html" in changed
    assert "archiv/2026/index.html" not in changed


def test_readers_find_their_way_from_page_to_page(pelican_site: PelicanSite) -> None:
    _write_posts(pelican_site, 1, 52)
    built = _build_with_our_theme(pelican_site)
    first = _page(built, "themen/sprache/")
    assert _neighbour_links(first) == [
        ("prev", "/themen/sprache/seite-2/", "Seite 2 Ältere Beiträge")
    ]
    assert _texts(first, "h1, .page-header__facts") == [
        "Sprache",
        "52 Beiträge, die neuesten zuerst",
    ]
    two = _page(built, "themen/sprache/seite-2/")
    assert _neighbour_links(two) == [
        ("prev", "/themen/sprache/seite-1/", "Seite 1 Ältere Beiträge"),
        ("next", "/themen/sprache/", "Anfang Neueste Beiträge"),
    ]
    assert _texts(two, "h1, .page-header__facts") == [
        "Ältere Beiträge, Seite 2",
        "21. Januar 2023 bis 9. Februar 2023; Seite 1 ist die älteste",
    ]
    one = _page(built, "themen/sprache/seite-1/")
    assert _neighbour_links(one) == [
        ("next", "/themen/sprache/seite-2/", "Seite 2 Neuere Beiträge"),
    ]
    assert [link.attributes["href"] for link in one.css(".page-header .marginal__note a")] == [
        "/themen/sprache/"
    ]
    for page in (first, two, one):
        assert _texts(page, ".site-header nav [aria-current=true]") == ["Blog"]
    assert _neighbour_links(_page(built, "themen/garten/")) == []


def test_titles_and_descriptions_are_each_pages_own(pelican_site: PelicanSite) -> None:
    """A long name is shortened before the number that tells the pages apart."""
    name = "Vom langsamen Lesen und vom schnellen Streichen überlanger Überschriften"
    _write_posts(pelican_site, 1, 52, category=name)
    built = _build_with_our_theme(pelican_site)
    pages = [_page(built, page.url) for page in built.context["archive_pages"]]
    titles = [title for page in pages for title in _texts(page, "title")]
    assert len(set(titles)) == len(titles) == len(pages)
    assert max(map(len, titles)) <= 70
    assert "Lernen – ältere Beiträge, Seite 2 – Mittwochspost" in titles
    descriptions = [
        node.attributes["content"] for page in pages for node in page.css("meta[name=description]")
    ]
    assert len(set(descriptions)) == len(pages)
    canonical = [node.attributes["href"] for page in pages for node in page.css("[rel=canonical]")]
    urls = [f"https://mittwochspost.example/{page.url}" for page in built.context["archive_pages"]]
    assert canonical == urls


def test_posts_of_one_day_have_a_day_not_a_period(pelican_site: PelicanSite) -> None:
    _write_posts(pelican_site, 1, 30)
    for number in range(1, 21):
        day = dt.date(2023, 1, 1) + dt.timedelta(days=number - 1)
        pelican_site.replace(f"artikel/p{number}.md", f"date: {day}", "date: 2023-01-01")
    page = _page(_build_with_our_theme(pelican_site), "themen/sprache/seite-1/")
    assert _texts(page, ".page-header__facts") == ["1. Januar 2023; Seite 1 ist die älteste"]


def _archive_years(built: Built) -> tuple[list[str], list[str], list[str]]:
    """Return the archive's years with lists, those with a link at the top, and where it goes on."""
    page = _page(built, "archiv/")
    links = _texts(page, "[aria-labelledby=jahre] li")
    return _texts(page, "h2.year"), links, _texts(page, ".more")


def test_the_archive_lists_all_years_up_to_a_hundred_posts(pelican_site: PelicanSite) -> None:
    _write_posts(pelican_site, 1, 97)
    built = _build_with_our_theme(pelican_site)
    assert _archive_years(built) == (["2026 3 Beiträge", "2023 97 Beiträge"], [], [])
    assert len(_page(built, "archiv/").css(".article-list li")) == 100


def test_with_more_posts_older_years_are_links(pelican_site: PelicanSite) -> None:
    """The posts reach back from January 2023, one a day, to two days of 2022."""
    _write_posts(pelican_site, 1, 99)
    for number, day in ((100, "2022-12-31"), (101, "2020-05-01")):
        pelican_site.write(f"artikel/p{number}.md", f"---\ntitle: P{number}\ndate: {day}\n---\n")
    built = _build_with_our_theme(pelican_site)
    assert _archive_years(built) == (
        ["2026 3 Beiträge", "2023 99 Beiträge"],
        ["2026 3", "2023 99", "2022 1", "2020 1"],
        ["Weiter mit 2022"],
    )
    year = _page(built, "archiv/2022/")
    assert _neighbour_links(year) == [
        ("prev", "/archiv/2020/", "Älter 2020"),
        ("next", "/archiv/2023/", "Neuer 2023"),
    ]
    assert _texts(year, "h1, .page-header__facts") == ["2022", "1 Beitrag"]
    assert _texts(year, "title") == ["Archiv 2022 – Mittwochspost"]
    assert {f"/archiv/{number}/" for number in (2020, 2022, 2023, 2026)} <= built.context[
        "site_pages"
    ]


def test_a_site_without_posts_has_an_archive_and_no_lists(pelican_site: PelicanSite) -> None:
    for name in ("eins", "zwei", "tief/drei"):
        (pelican_site.content / f"artikel/{name}.md").unlink()
    pelican_site.replace(
        "tipps/2026.yaml", 'more: "Mehr im [Beitrag](/blog/der-zweite-beitrag/)."', ""
    )
    pelican_site.replace("tipps/2026.yaml", "2026-kw02, der-zweite-beitrag", "2026-kw02")
    built = _build_with_our_theme(pelican_site)
    assert (built.problems, built.context["archive_pages"]) == ([], [])
    assert "Noch ist hier kein Beitrag erschienen" in built.text("archiv/index.html")
