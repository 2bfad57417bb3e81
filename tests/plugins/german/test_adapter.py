"""Filters in templates, German ids of headings, and addresses that two things claim."""

from __future__ import annotations

import pytest

from tests.plugins.pelican_site import PelicanSite

EINS, ZWEI, DREI = "artikel/eins.md", "artikel/zwei.md", "artikel/tief/drei.md"


def test_templates_have_the_filters(pelican_site: PelicanSite) -> None:
    pelican_site.write(
        "../theme/templates/404.html",
        "{{ articles[0].date|date }}|{{ articles[0].date|iso }}|{{ articles[0].date|week }}|"
        '{{ 1800|number }}|{{ 2|plural("Teil", "Teile") }}|{{ ["A", "B"]|und }}|'
        '{{ "Über Äpfel"|slug }}|{{ "so ..."|typo }}',
    )
    first, second = pelican_site.build(), pelican_site.build()
    assert first.text("404.html").split("|") == [
        "11.\u00a0März 2026",
        "2026-03-11T00:00:00+01:00",
        "KW\u00a011",
        "1.800",
        "2\u00a0Teile",
        "A und B",
        "ueber-aepfel",
        "so\u00a0…",
    ]
    assert second.output == first.output


def test_the_authors_own_filters_win(pelican_site: PelicanSite) -> None:
    pelican_site.write("../theme/templates/404.html", "{{ 3|number }}")
    built = pelican_site.build(JINJA_FILTERS={"number": lambda value: f"<{value}>"})
    assert built.text("404.html") == "&lt;3&gt;"


def test_headings_have_german_ids(pelican_site: PelicanSite) -> None:
    pelican_site.write(
        EINS, "---\ntitle: Eins\ndate: 2026-01-01\n---\n\n## Über Äpfel\n\n## Über Äpfel\n"
    )
    content = pelican_site.build().article("eins").content
    assert 'id="ueber-aepfel"' in content
    assert 'id="ueber-aepfel_1"' in content


def test_reading_time_counts_words_of_the_text(pelican_site: PelicanSite) -> None:
    pelican_site.write(
        EINS, f"---\ntitle: Eins\ndate: 2026-01-01\n---\n\n{'Wort **fett** ' * 330}\n"
    )
    pelican_site.write(
        ZWEI, f"---\ntitle: Zwei\ndate: 2026-01-01\nstatus: draft\n---\n\n{'Wort ' * 440}\n"
    )
    built = pelican_site.build()
    assert built.article("eins").reading_minutes == 3
    assert built.article("der-dritte-beitrag").characters < built.article("eins").characters
    assert built.article("zwei").reading_minutes == 2
    assert built.article("der-dritte-beitrag").reading_minutes == 1


def test_one_address_for_several_posts_is_reported_for_each_but_the_first(
    pelican_site: PelicanSite,
) -> None:
    """Drafts count: the address would be taken on the day they come out."""
    pelican_site.replace(ZWEI, "title: Der zweite Beitrag", "title: X\nslug: der-erste-beitrag")
    pelican_site.replace(
        DREI, "Title: Der dritte", "Date: 2026-01-01\nStatus: draft\nTitle: Der erste"
    )
    pelican_site.replace(DREI, "Date: 2026-03-11\n", "")
    pelican_site.replace("tipps/2026.yaml", "der-zweite-beitrag, ", "")
    problems = [str(problem) for problem in pelican_site.build().problems]
    assert problems == [
        "content/artikel/tief/drei.md:3: slug: Die Adresse „der-erste-beitrag“ hat schon: "
        "content/artikel/eins.md (Beitrag). Geben Sie einer der beiden Dateien ein eigenes Feld „slug“.",
        "content/artikel/zwei.md:3: slug: Die Adresse „der-erste-beitrag“ hat schon: "
        "content/artikel/eins.md (Beitrag). Geben Sie einer der beiden Dateien ein eigenes Feld „slug“.",
    ]


def test_one_address_for_two_pages_is_reported(pelican_site: PelicanSite) -> None:
    pelican_site.write("seiten/zweimal.md", "---\ntitle: Ueber mich\nstatus: draft\n---\n")
    (problem,) = pelican_site.build().problems
    assert (problem.file, problem.line, problem.field) == ("content/seiten/zweimal.md", 2, "slug")
    assert "content/seiten/ueber-mich.md (Seite)" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "field", "line", "message"),
    [
        ("category: Garten", "category: garten", "category", 4, "Die Kategorie „garten“"),
        ("tags: [Beete]", "tags: [Zaun, aexte]", "tags", 5, "Das Schlagwort „aexte“"),
    ],
)
def test_two_spellings_of_a_name_are_reported(
    old: str, new: str, field: str, line: int, message: str, pelican_site: PelicanSite
) -> None:
    """Pelican would make one page of both, under the name that it meets first."""
    pelican_site.replace(ZWEI, old, new)
    (problem,) = pelican_site.build().problems
    assert (problem.file, problem.line, problem.field) == ("content/" + ZWEI, line, field)
    assert problem.message.startswith(message)
    assert problem.message.endswith("in content/artikel/eins.md.")


def test_a_category_and_a_tag_may_share_a_name(pelican_site: PelicanSite) -> None:
    pelican_site.replace(ZWEI, "tags: [Beete]", "tags: [garten]")
    assert pelican_site.build().problems == []
