"""Articles know their place in a series; landing pages, index and feeds are written."""

from __future__ import annotations

from typing import Any

from tests.plugins.pelican_site import Built, PelicanSite

EINS, ZWEI, DREI = "artikel/eins.md", "artikel/zwei.md", "artikel/tief/drei.md"
GARTEN = "serien/garten.md"


def _place(article: Any) -> tuple[str | None, int | None, str | None, str | None]:
    return (
        article.series and article.series.title,
        article.series_number,
        article.previous_part and article.previous_part.slug,
        article.next_part and article.next_part.slug,
    )


def _messages(built: Built) -> list[str]:
    return [str(problem) for problem in built.problems]


def test_parts_know_number_and_neighbours(pelican_site: PelicanSite) -> None:
    for _ in range(2):
        built = pelican_site.build()
        assert built.problems == []
        assert _place(built.article("der-erste-beitrag")) == (
            *("Der Garten", 1),
            *(None, "der-zweite-beitrag"),
        )
        assert _place(built.article("der-zweite-beitrag")) == (
            *("Der Garten", 2),
            *("der-erste-beitrag", None),
        )
        assert _place(built.article("der-dritte-beitrag")) == (None, None, None, None)


def test_the_landing_page_lists_parts_and_what_is_planned(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    lines = built.text("serien/garten/index.html").split("\n")
    assert [line for line in lines if line] == [
        "1 Der erste Beitrag",
        "2 Der zweite Beitrag",
        "None Der Winter",
    ]
    assert built.text("serien/index.html").strip() == "Der Garten"


def test_a_draft_is_no_part_but_knows_its_series(pelican_site: PelicanSite) -> None:
    """Its number is taken, so that the author learns of a clash before it comes out."""
    pelican_site.replace(ZWEI, "series: garten", "series: garten\nstatus: draft")
    pelican_site.replace(EINS, "[Link]({filename}zwei.md)", "Link")
    built = pelican_site.build()
    assert _place(built.article("der-zweite-beitrag")) == ("Der Garten", None, None, None)
    assert _place(built.article("der-erste-beitrag")) == ("Der Garten", 1, None, None)
    assert "zweite" not in built.text("serien/garten/index.html")
    assert "zweite" not in built.text("feeds/serie-garten.atom.xml")

    pelican_site.replace(ZWEI, "series: garten", "series: garten\nseries_index: 1")
    assert _messages(pelican_site.build()) == [
        "content/artikel/zwei.md:7: series_index: Die Nummer 1 der Serie „Der Garten“ hat schon "
        "content/artikel/eins.md. Wählen Sie eine andere; frei ist zum Beispiel 2."
    ]


def test_a_series_that_is_not_there_is_reported(pelican_site: PelicanSite) -> None:
    pelican_site.replace(ZWEI, "series: garten", "series: gartn")
    pelican_site.write("serien/haus.md", "---\ntitle: Haus\n---\n")
    assert _messages(pelican_site.build()) == [
        "content/artikel/zwei.md:6: series: Die Serie „gartn“ gibt es nicht. "
        "Vorhanden: garten, haus. Eine neue Serie ist eine Datei serien/gartn.md."
    ]


def test_pelicans_form_has_lines_too(pelican_site: PelicanSite) -> None:
    pelican_site.replace(DREI, "Category:", "Series: nirgends\nCategory:")
    (problem,) = pelican_site.build().problems
    assert (problem.file, problem.line) == ("content/" + DREI, 3)


def test_a_broken_series_file_is_one_problem(pelican_site: PelicanSite) -> None:
    """Its parts are not at fault."""
    pelican_site.replace(GARTEN, "title: Der Garten", "titel: Der Garten")
    assert _messages(pelican_site.build()) == [
        "content/serien/garten.md:2: titel: Das Feld ist unbekannt. Meinten Sie „title“?"
    ]


def test_two_series_of_one_address_are_reported(pelican_site: PelicanSite) -> None:
    pelican_site.write("serien/haus.md", "---\ntitle: Haus\nslug: garten\n---\n")
    pelican_site.write("serien/alt/garten.md", "---\ntitle: Alt\n---\n")
    assert _messages(pelican_site.build()) == [
        "content/serien/garten.md:2: slug: Die Adresse „garten“ hat schon: "
        "content/serien/alt/garten.md (Serie). Geben Sie einer der beiden Dateien ein eigenes Feld „slug“.",
        "content/serien/haus.md:3: slug: Die Adresse „garten“ hat schon: "
        "content/serien/alt/garten.md (Serie). Geben Sie einer der beiden Dateien ein eigenes Feld „slug“.",
    ]


def test_the_address_is_the_file_name_or_what_the_author_says(pelican_site: PelicanSite) -> None:
    pelican_site.write("serien/Größe.md", "---\ntitle: A\n---\n")
    pelican_site.write("serien/b.md", "---\ntitle: B\nslug: bitte-so\n---\n")
    output = pelican_site.build().output
    assert {"serien/groesse/index.html", "serien/bitte-so/index.html"} <= set(output)


def test_series_with_the_newest_post_stand_first(pelican_site: PelicanSite) -> None:
    pelican_site.write("serien/haus.md", "---\ntitle: Haus\n---\n")
    pelican_site.write("serien/aaa.md", "---\ntitle: Leer\n---\n")
    pelican_site.replace(DREI, "Category:", "Series: haus\nCategory:")
    built = pelican_site.build()
    assert built.text("serien/index.html").split("\n")[:3] == ["Haus", "Der Garten", "Leer"]


def test_a_series_may_wait_for_its_first_post(pelican_site: PelicanSite) -> None:
    pelican_site.write("serien/leer.md", "---\ntitle: Leer\n---\n")
    built = pelican_site.build()
    assert built.problems == []
    assert "serien/leer/index.html" in built.output
    assert "Serie „Leer“" not in [feed.title for feed in built.context["feeds"]]


def test_settings_decide_where_everything_goes(pelican_site: PelicanSite) -> None:
    (pelican_site.content / "reihen").mkdir()
    (pelican_site.content / GARTEN).rename(pelican_site.content / "reihen/garten.md")
    output = pelican_site.build(
        SERIES_PATHS=["reihen"],
        SERIES_URL="reihe/{slug}/",
        SERIES_SAVE_AS="reihe/{slug}/index.html",
        SERIES_INDEX_URL="reihen/",
        SERIES_INDEX_SAVE_AS="reihen/index.html",
        SERIES_FEED_ATOM="",
    ).output
    assert {"reihe/garten/index.html", "reihen/index.html"} <= set(output)
    assert not [path for path in output if "serie" in path]


def test_without_series_nothing_is_written(pelican_site: PelicanSite) -> None:
    (pelican_site.content / GARTEN).unlink()
    pelican_site.replace(EINS, "series: garten\nseries_index: 1\n", "")
    pelican_site.replace(ZWEI, "series: garten\n", "")
    built = pelican_site.build()
    assert built.problems == []
    assert not [path for path in built.output if "serie" in path]


def test_links_in_a_series_file_lead_to_posts(pelican_site: PelicanSite) -> None:
    pelican_site.write(GARTEN, "---\ntitle: G\n---\n\n[Eins]({filename}/artikel/eins.md)\n")
    built = pelican_site.build()
    (series,) = built.context["series_list"]
    assert 'href="/blog/der-erste-beitrag/"' in series.content
    assert built.warnings == []
