"""Published addresses are valid for ever: one that would be missing stops the build."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.source.problem import SourceError
from publishing import addresses
from tests.publishing.builds import build, told
from tests.site import Site

_DAY = dt.date(2026, 6, 30)
_FILES = [
    *("index.html", "404.html", "blog/eins/index.html", "theme/main.css", "bilder/x.svg"),
    *("feeds/artikel.atom.xml", "schlagwort/stil/seite-2/index.html", "alt.html"),
]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "adressen.txt"


# --- The ledger ------------------------------------------------------------------------------------


def test_pages_and_feeds_are_published_for_ever() -> None:
    found = addresses.published(_FILES)
    assert found == {"/", "/blog/eins/", "/feeds/artikel.atom.xml", "/alt.html"}


def test_a_deployment_adds_and_takes_nothing_away(ledger: Path) -> None:
    assert addresses.record(ledger, _FILES, _DAY) == addresses.published(_FILES)
    first = ledger.read_text("utf-8")
    later = _DAY + dt.timedelta(days=1)
    assert addresses.record(ledger, ["index.html"], later) == set()
    assert ledger.read_text("utf-8") == first
    assert addresses.record(ledger, ["blog/zwei/index.html"], later) == {"/blog/zwei/"}
    assert ledger.read_text("utf-8").splitlines()[2:] == [
        "2026-06-30 /",
        "2026-06-30 /alt.html",
        "2026-06-30 /blog/eins/",
        "2026-07-01 /blog/zwei/",
        "2026-06-30 /feeds/artikel.atom.xml",
    ]


@pytest.mark.parametrize(("gone", "told_alone", "rest"), [(10, 10, 0), (11, 3, 8)])
def test_of_many_missing_addresses_a_few_are_told(
    ledger: Path, gone: int, told_alone: int, rest: int
) -> None:
    """As when the author's texts take the place of the examples; then the way out is said once."""
    addresses.record(ledger, [f"blog/{number}/index.html" for number in range(gone)], _DAY)
    context = {"SITE_DATE": _DAY, "articles": [], "pages": []}
    problems = [str(one) for one in addresses.missing(ledger, [], context)]
    assert sum("Die Adresse /blog/" in one for one in problems) == told_alone
    assert len(problems) == told_alone + bool(rest)
    if rest:
        assert (
            f"Noch {rest} Adressen sind veröffentlicht, und diesem Build fehlen sie."
            in problems[-1]
        )
        assert "löschen Sie" in problems[-1]


def test_a_conflict_is_told_with_its_line(ledger: Path) -> None:
    ledger.write_text("# x\n2026-06-30 /\n<<<<<<< HEAD\n", "utf-8")
    with pytest.raises(
        SourceError, match=r"adressen\.txt:3: Das Verzeichnis der Adressen ist nicht"
    ):
        addresses.read(ledger)
    before = ledger.read_bytes()
    with pytest.raises(SourceError):
        addresses.record(ledger, _FILES, _DAY)
    assert ledger.read_bytes() == before


# --- Builds ----------------------------------------------------------------------------------------


@pytest.fixture
def published(small_site: Site) -> Site:
    """A site that was deployed."""
    report = build(small_site)
    addresses.record(small_site.content / addresses.FILE, report.digests, _DAY)
    return small_site


def _told(site: Site) -> str:
    return told(site, ADDRESSES_LEDGER=site.content / addresses.FILE)


def _rename(site: Site) -> None:
    site.replace("artikel/drei.md", "Title: Der dritte Beitrag", "Title: Der dritte Versuch")


def test_a_renamed_post_stops_the_build_and_the_line_that_helps_is_named(published: Site) -> None:
    _rename(published)
    message = _told(published)
    assert "Die Adresse /blog/der-dritte-beitrag/ ist veröffentlicht, und diesem Build" in message
    assert "Heißt sie jetzt /blog/der-dritte-versuch/?" in message
    assert "drei.md: aliases: [/blog/der-dritte-beitrag/]." in message
    # And that line does help.
    published.replace(
        "artikel/drei.md", "Category:", "Aliases: /blog/der-dritte-beitrag/\nCategory:"
    )
    build(published, ADDRESSES_LEDGER=published.content / addresses.FILE)


def test_a_draft_says_that_it_is_one(published: Site) -> None:
    published.replace("artikel/drei.md", "Category: Haus", "Category: Haus\nStatus: draft")
    message = _told(published)
    assert "Der Text ist jetzt ein Entwurf oder später datiert: " in message
    assert "drei.md" in message
    # A category and a tag are gone with it.
    assert "/themen/haus/ ist veröffentlicht" in message
    published.write(
        "weiterleitungen.yaml",
        "/blog/der-dritte-beitrag/: entfernt\n/themen/haus/: /archiv/\n",
    )
    build(published, ADDRESSES_LEDGER=published.content / addresses.FILE)


def test_a_preview_may_miss_what_it_likes(published: Site) -> None:
    _rename(published)
    build(published)


def test_what_came_out_later_is_not_missed_by_an_earlier_day(published: Site) -> None:
    ledger = published.content / addresses.FILE
    build(published, ADDRESSES_LEDGER=ledger, SITE_DATE="2026-03-01")
    with pytest.raises(AssertionError, match="no mistake"):
        told(published, ADDRESSES_LEDGER=ledger, SITE_DATE="2026-06-29")


def test_only_a_deployment_that_went_well_writes_the_ledger(small_site: Site) -> None:
    ledger = small_site.content / addresses.FILE
    assert small_site.build("--no-deploy").status == 0
    assert not ledger.exists()
    (small_site.folder / ".public-releases").write_text("eine Datei", "utf-8")
    assert small_site.build().status == 1
    assert not ledger.exists()
    (small_site.folder / ".public-releases").unlink()
    assert small_site.build().status == 0
    assert "2026-06-30 /blog/der-erste-beitrag/\n" in ledger.read_text("utf-8")
    # What was written there is no reason to build again.
    again = small_site.build()
    assert "Nichts hat sich geändert: " in again.out
    assert "Nichts hat sich geändert; in " in again.out
