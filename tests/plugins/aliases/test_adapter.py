"""Old addresses become pages and a list; mistakes are told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.aliases.files import read_moves
from plugins.source.problem import SourceError
from tests.publishing.builds import build, told
from tests.site import Site, tree

MOVES = "weiterleitungen.yaml"


@pytest.fixture
def site(small_site: Site) -> Site:
    small_site.replace(
        "artikel/zwei.md",
        "series: garten\n",
        "aliases: [/2019/05/alt.html, /alt/]\nseries: garten\n",
    )
    small_site.replace("seiten/ueber-mich.md", "slug:", "aliases: /ueber/\nslug:")
    small_site.write(MOVES, "/uralt/: /alt/\n/weg/: entfernt\n/rss.xml: /feeds/artikel.atom.xml\n")
    return small_site


def test_old_addresses_are_pages_that_lead_on(site: Site) -> None:
    build(site)
    page = (site.output / "alt/index.html").read_text("utf-8")
    assert '<meta http-equiv="refresh" content="0; url=/blog/der-zweite-beitrag/">' in page
    assert '<meta name="robots" content="noindex">' in page
    canonical = 'href="https://mittwochspost.example/blog/der-zweite-beitrag/"'
    assert f'<link rel="canonical" {canonical}>' in page
    assert (site.output / "2019/05/alt.html").read_text("utf-8") == page
    assert (site.output / "_redirects").read_text("utf-8").splitlines() == [
        "/2019/05/alt.html /blog/der-zweite-beitrag/ 301",
        "/alt/ /blog/der-zweite-beitrag/ 301",
        "/rss.xml /feeds/artikel.atom.xml 301",
        "/ueber/ /ueber-mich/ 301",
        "/uralt/ /blog/der-zweite-beitrag/ 301",
    ]
    assert not (site.output / "weg").exists()
    assert not (site.output / "rss.xml").exists()


def test_a_site_without_old_addresses_has_no_list(small_site: Site) -> None:
    build(small_site)
    assert not (small_site.output / "_redirects").exists()


def test_a_change_gives_what_a_clean_build_gives(site: Site) -> None:
    build(site)
    site.write(MOVES, "/uralt/: /ueber-mich/\n")
    site.replace("artikel/zwei.md", "aliases: [/2019/05/alt.html, /alt/]\n", "")
    build(site)
    changed = tree(site.output)
    assert "alt/index.html" not in changed
    assert b"url=/ueber-mich/" in changed["uralt/index.html"]
    build(site, BUILD_CLEAN=True)
    assert tree(site.output) == changed


def test_mistakes_are_told_together(site: Site) -> None:
    site.write(
        MOVES,
        "/uralt/: /fehlt/\n/blog/der-erste-beitrag/: /\n/x/: /y/\n/y/: /x/\n"
        "/ueber/: /archiv/\n/bilder/spaten.svg: /\n",
    )
    messages = told(site)
    for words in (
        f"{MOVES}:1: /uralt/: Die alte Adresse /uralt/ führt zu /fehlt/, und dort ist nichts.",
        f"{MOVES}:2: /blog/der-erste-beitrag/: Unter /blog/der-erste-beitrag/ steht eine Seite",
        f"{MOVES}:3: /x/: Die alte Adresse /x/ führt im Kreis.",
        f"{MOVES}:6: /bilder/spaten.svg: Unter /bilder/spaten.svg steht eine Seite",
        "ueber-mich.md:3: aliases: Die alte Adresse /ueber/ soll an zwei Ziele führen",
    ):
        assert words in messages


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/a b/: /\n", "1: /a b/: „/a b/“ ist keine Adresse dieser Website."),
        ("/a/: nirgends\n", "1: /a/: „nirgends“ ist kein Ziel."),
        ("/a/: [/b/]\n", "1: /a/: „['/b/']“ ist kein Ziel."),
        ("- /a/\n", "1: Das sind keine Paare von Adressen."),
        ("/a/: /\n/a/: /b/\n", "2: /a/: Das Feld steht schon in Zeile 1."),
    ],
)
def test_a_list_that_is_wrong_is_one_message(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / MOVES
    file.write_text(text, "utf-8")
    with pytest.raises(SourceError) as caught:
        read_moves(file)
    assert f"{MOVES}:{words}" in str(caught.value)


def test_an_alias_that_is_no_address_is_told_with_its_line(small_site: Site) -> None:
    small_site.replace("artikel/zwei.md", "series: garten\n", "aliases: [alt]\nseries: garten\n")
    assert "zwei.md:7: aliases: „alt“ ist keine Adresse dieser Website." in told(small_site)
