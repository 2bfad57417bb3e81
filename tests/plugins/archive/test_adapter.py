"""Posts know their neighbours; the archive lists years, tags and categories in German order."""

from __future__ import annotations

from plugins.archive.adapter import newest_first
from tests.plugins.pelican_site import Built, PelicanSite


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
    assert [category.name for category, _ in context["categories"]] == ["Ähren", "Garten"]


def test_years_are_newest_first_and_begin_anew(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/eins.md", "date: 2026-01-14", "date: 2025-12-31")
    pelican_site.replace("artikel/eins.md", "/// tipp | 2026-kw02\n///", "")
    for _ in range(2):
        years = pelican_site.build().context["years"]
        assert [(year, [a.slug for a in articles]) for year, articles in years] == [
            (2026, ["der-dritte-beitrag", "der-zweite-beitrag"]),
            (2025, ["der-erste-beitrag"]),
        ]
