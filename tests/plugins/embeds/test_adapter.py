"""Posts, pages and tips may quote tips; each build looks them up anew."""

from __future__ import annotations

import re

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


def test_a_mention_has_the_headword_of_this_build(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/zwei.md", "Kurz.", "Wie im Tipp „{tipp}2026-kw02“.")
    link = '„<a href="/tipps/2026-kw02/">%s</a>“'
    assert link % "Apostroph" in pelican_site.build().article("der-zweite-beitrag").content
    pelican_site.replace("tipps/2026.yaml", "headword: Apostroph", "headword: Auslassung")
    assert link % "Auslassung" in pelican_site.build().article("der-zweite-beitrag").content


def test_a_mention_may_stand_in_a_summary_and_in_a_tip(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/eins.md", "*zuerst* geht.", "geht es um {tipp}2026-kw02.")
    pelican_site.replace(
        "tipps/2026.yaml",
        "see: [2026-kw02,",
        "more: 'Wie bei {tipp}2026-kw02.'\n  see: [2026-kw02,",
    )
    for headword in ("Apostroph", "Auslassung"):
        built = pelican_site.build()
        assert f">{headword}</a>" in built.article("der-erste-beitrag").summary
        assert f">{headword}</a>" in built.context["tip_pages"][-1].more_html
        if headword == "Apostroph":
            pelican_site.replace("tipps/2026.yaml", "headword: Apostroph", "headword: Auslassung")


def test_a_list_grows_with_the_tips_of_its_topic(pelican_site: PelicanSite) -> None:
    block = "/// tipps | thema=Rechtschreibung, anzahl=2\n///"
    pelican_site.replace("artikel/zwei.md", "Kurz.", block)

    def listed() -> list[str]:
        html = pelican_site.build().article("der-zweite-beitrag").content
        return re.findall(r'href="/tipps/([^/]+)/"', html)

    assert listed() == ["2026-kw06", "2026-kw01"]
    text = (pelican_site.content / "tipps/2026.yaml").read_text("utf-8")
    more = "- date: 2026-03-04\n  headword: Neu\n  topic: {}\n  tip: Kurz.\n"
    pelican_site.write("tipps/2026.yaml", text + more.format("Stil"))
    assert listed() == ["2026-kw06", "2026-kw01"]
    pelican_site.write("tipps/2026.yaml", text + more.format("Rechtschreibung"))
    assert listed() == ["2026-kw10", "2026-kw06"]


def test_a_mention_of_no_tip_has_its_file_and_line(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/zwei.md", "Kurz.", "Kurz.\n\nMehr bei {tipp}2026-kw40.")
    (problem,) = pelican_site.build().problems
    assert str(problem) == (
        "content/artikel/zwei.md:11: tipp: Für die Woche 2026-kw40 gibt es keinen Tipp. "
        "Prüfen Sie die Woche, oder schreiben Sie den Tipp in content/tipps/."
    )
