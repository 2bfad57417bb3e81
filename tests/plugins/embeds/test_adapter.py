"""Posts, pages and tips may quote tips; each build looks them up anew."""

from __future__ import annotations

from tests.plugins.pelican_site import PelicanSite

EINS = "artikel/eins.md"


def test_a_post_shows_the_tip_of_this_build(pelican_site: PelicanSite) -> None:
    first = pelican_site.build().article("der-erste-beitrag").content
    assert "Der Genitiv kommt ohne Apostroph aus." in first
    pelican_site.replace("tipps/2026.yaml", "ohne Apostroph aus.", "ohne ihn aus.")
    second = pelican_site.build().article("der-erste-beitrag").content
    assert "Der Genitiv kommt ohne ihn aus." in second


def test_the_wrong_example_stays_wrong(pelican_site: PelicanSite) -> None:
    """Typesetting would make of it what it warns against."""
    content = pelican_site.build().article("der-erste-beitrag").content
    assert "Peter's Buch" in content


def test_the_authors_own_extensions_stay(pelican_site: PelicanSite) -> None:
    pelican_site.write(EINS, "---\ntitle: E\ndate: 2026-01-01\n---\n\nE\n:   Def\n\n- [x] a\n")
    markdown = {"extension_configs": {"plugins.typography": {}, "markdown.extensions.def_list": {}}}
    built = pelican_site.build(MARKDOWN=markdown)
    assert built.problems == []
    assert "<dl>" in built.article("e").content


def test_a_tip_may_quote_a_tip(pelican_site: PelicanSite) -> None:
    more = "  more: |\n    Siehe:\n\n    /// tipp | 2026-kw02\n    ///\n"
    text = (pelican_site.content / "tipps/2026.yaml").read_text("utf-8")
    pelican_site.write(
        "tipps/2026.yaml", text.replace("- date: 2026-12-30", f"{more}- date: 2026-12-30")
    )
    built = pelican_site.build()
    assert built.problems == []
    assert "Peters Buch" in built.text("tipps/2026-kw06/index.html")


def test_a_page_may_not_quote_what_is_not_out(pelican_site: PelicanSite) -> None:
    pelican_site.write("seiten/a.md", "---\ntitle: A\n---\n\n/// tipp | 2026-kw53\n///\n")
    (problem,) = pelican_site.build().problems
    assert (problem.file, problem.line, problem.field) == ("content/seiten/a.md", 5, "tipp")


def test_a_draft_may_wait_for_its_tip(pelican_site: PelicanSite) -> None:
    pelican_site.write(
        "artikel/x.md", "---\ntitle: X\ndate: 2026-12-31\n---\n\n/// tipp | 2026-kw53\n///\n"
    )
    built = pelican_site.build()
    assert built.problems == []
    assert built.article("x").status == "draft"
