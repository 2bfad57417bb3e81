"""What is dated after SITE_DATE leaves no trace in the output."""

from __future__ import annotations

import datetime as dt

import pytest

from plugins.source.problem import SourceError
from tests.plugins.pelican_site import Built, PelicanSite

ZWEI, DREI = "artikel/zwei.md", "artikel/tief/drei.md"


def _slugs(built: Built, key: str = "articles") -> set[str]:
    return {article.slug for article in built.context[key]}


def test_later_posts_and_pages_are_drafts(pelican_site: PelicanSite) -> None:
    pelican_site.write("seiten/spaeter.md", "---\ntitle: Geheimnis\ndate: 2026-03-12\n---\n")
    pelican_site.replace("artikel/eins.md", "[Link]({filename}zwei.md)", "Link")
    built = pelican_site.build(SITE_DATE="2026-02-10")
    assert built.problems == []
    assert _slugs(built) == {"der-erste-beitrag"}
    assert _slugs(built, "drafts") == {"der-zweite-beitrag", "der-dritte-beitrag"}
    assert [page.slug for page in built.context["pages"]] == ["ueber-mich"]
    for path, data in built.output.items():
        for trace in ("zweite", "dritte", "geheimnis", "Geheimnis", "aehren", "Zaun"):
            # The first tip's explanation links to the second post; that is the check's business.
            if "2026-kw02" in path or path.startswith("feeds/tipps"):
                continue
            assert trace not in path
            assert trace.encode() not in data, path


def test_the_day_itself_is_out(pelican_site: PelicanSite) -> None:
    assert "der-zweite-beitrag" in _slugs(pelican_site.build(SITE_DATE=dt.date(2026, 2, 11)))


def test_what_the_author_calls_a_draft_stays_one(pelican_site: PelicanSite) -> None:
    pelican_site.replace(DREI, "Title:", "Status: draft\nTitle:")
    assert _slugs(pelican_site.build(), "drafts") == {"der-dritte-beitrag"}


def test_two_days_in_one_process_do_not_mix(pelican_site: PelicanSite) -> None:
    early = pelican_site.build(SITE_DATE="2026-02-11")
    late = pelican_site.build()
    again = pelican_site.build(SITE_DATE="2026-02-11")
    assert _slugs(late) - _slugs(early) == {"der-dritte-beitrag"}
    assert again.output == early.output


def test_the_environment_wins_over_the_settings(
    pelican_site: PelicanSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_DATE", "2026-01-14")
    built = pelican_site.build(SITE_DATE="2026-06-30")
    assert built.context["SITE_DATE"] == dt.date(2026, 1, 14)
    assert _slugs(built) == {"der-erste-beitrag"}


def test_a_preview_shows_drafts_where_the_settings_say(pelican_site: PelicanSite) -> None:
    built = pelican_site.build(SITE_DATE="2026-02-11", DRAFT_SAVE_AS="entwurf/{slug}/index.html")
    assert "entwurf/der-dritte-beitrag/index.html" in built.output


def test_a_wrong_day_stops_the_build(pelican_site: PelicanSite) -> None:
    with pytest.raises(SourceError, match="SITE_DATE: „bald“ ist kein Datum"):
        pelican_site.build(SITE_DATE="bald")


def test_the_hour_counts_where_the_author_lives(pelican_site: PelicanSite) -> None:
    pelican_site.replace(ZWEI, "date: 2026-02-11", "date: 2026-06-30 23:30-02:00")
    assert "der-zweite-beitrag" in _slugs(pelican_site.build(), "drafts")
