"""Articles know their outline and their related ones; the theme shows both, and how to share a post."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.plugins.pelican_site import PROJECT, Built, PelicanSite

LONG = "\n\n".join(f"## Teil {number}\n\n{'Ein Satz. ' * 60}" for number in range(1, 13))


def _write(site: PelicanSite, slug: str, tags: str, day: int, body: str = "Kurz.") -> None:
    site.write(
        f"artikel/{slug}.md",
        f"---\ntitle: Beitrag „{slug}“\nslug: {slug}\ndate: 2026-05-{day:02}\ncategory: Garten\n"
        f"tags: [{tags}]\n---\n\n{body}\n",
    )


def _slugs(built: Built, slug: str) -> list[str]:
    return [article.slug for article in built.article(slug).related]


def test_related_posts_are_others_with_the_same_tags(pelican_site: PelicanSite) -> None:
    """Neither neighbours nor parts of the same series; a second build says the same."""
    _write(pelican_site, "a", "Beete", 1)
    _write(pelican_site, "b", "Rost", 2)
    _write(pelican_site, "c", "Beete", 3)
    for _ in range(2):
        built = pelican_site.build()
        assert built.problems == []
        # „der-dritte-beitrag“ is the older neighbour of a.
        assert _slugs(built, "a") == ["der-zweite-beitrag", "der-erste-beitrag", "c"]
        assert _slugs(built, "b") == []
        assert "der-zweite-beitrag" not in _slugs(built, "der-erste-beitrag")


def test_a_draft_is_not_named(pelican_site: PelicanSite) -> None:
    _write(pelican_site, "a", "Rost", 1)
    _write(pelican_site, "x", "X", 2)
    pelican_site.write(
        "artikel/d.md", "---\ntitle: D\nslug: d\nstatus: draft\ntags: [Rost]\n---\n\nX\n"
    )
    assert _slugs(pelican_site.build(), "a") == []


def test_only_a_long_post_has_an_outline(pelican_site: PelicanSite) -> None:
    _write(pelican_site, "lang", "X", 1, LONG)
    built = pelican_site.build()
    assert built.article("lang").outline[0] == ("teil-1", "Teil 1")
    assert built.article("der-erste-beitrag").outline == []
    built = pelican_site.build(OUTLINE_CHARACTERS=None)
    assert built.article("lang").outline == []


@pytest.mark.parametrize("name", ["OUTLINE_CHARACTERS", "RELATED_POSTS", "SHARE_LINKS"])
def test_a_setting_with_a_mistake_is_one_german_problem(
    name: str, pelican_site: PelicanSite
) -> None:
    (problem,) = pelican_site.build(**{name: "viele"}).problems
    assert problem.file == "pelicanconf.py"
    assert problem.field == name
    assert problem.remedy


def test_the_theme_shows_them(pelican_site: PelicanSite) -> None:
    _write(pelican_site, "lang", "Beete", 1, LONG)
    _write(pelican_site, "b", "Rost", 2)
    links = (("E-Mail", "mailto:?subject={title}&body={url}"),)
    built = pelican_site.build(THEME=str(PROJECT / "theme"), SHARE_LINKS=links)
    page = LexborHTMLParser(built.text("blog/lang/index.html"))
    assert [a.attributes["href"] for a in page.css(".outline a")][:2] == ["#teil-1", "#teil-2"]
    assert all(page.css_first(a.attributes["href"] or "") for a in page.css(".outline a"))
    assert [a.attributes["href"] for a in page.css(".related a")] == [
        f"/blog/der-{name}-beitrag/" for name in ("zweite", "erste")
    ]
    (link,) = (a.attributes["href"] for a in page.css("a") if a.text() == "E-Mail")
    address = urlsplit(link)
    assert parse_qs(address.query) == {
        "subject": ["Beitrag „lang“"],
        "body": ["https://mittwochspost.example/blog/lang/"],
    }
    other = LexborHTMLParser(built.text("blog/b/index.html"))
    assert not other.css(".outline, .related")
