"""Feeds stand alone, are German, and know nothing of the clock."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest

from tests.plugins.feeds.atom_rules import ATOM, faults
from tests.plugins.feeds.json_feed import JsonFeed
from tests.plugins.pelican_site import Built, PelicanSite

HOST = "https://mittwochspost.example"
ARTICLES, TIPS, SERIES = (
    "feeds/artikel.atom.xml",
    "feeds/tipps.atom.xml",
    "feeds/serie-garten.atom.xml",
)
ARTICLES_JSON, TIPS_JSON, CALENDAR = "feeds/artikel.json", "feeds/tipps.json", "feeds/tipps.ics"
TOPICS = ["feeds/tipps-rechtschreibung.atom.xml", "feeds/tipps-zeichensetzung.atom.xml"]


def _feed(built: Built, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(built.output[path])


def _json(built: Built, path: str) -> JsonFeed:
    return JsonFeed.model_validate_json(built.output[path])


def _events(built: Built) -> list[Any]:
    parsed = icalendar.Calendar.from_ical(built.output[CALENDAR])
    return list(parsed.walk("VEVENT"))


def _titles(feed: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_feeds_have_german_titles_and_name_their_language(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    titles = {
        path: _feed(built, path).findtext(f"{ATOM}title") for path in (ARTICLES, TIPS, SERIES)
    }
    assert titles == {
        ARTICLES: "Mittwochspost",
        TIPS: "Mittwochspost – Mittwochstipps",
        SERIES: "Mittwochspost – Serie Der Garten",
    }
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {_feed(built, path).get(lang) for path in titles} == {"de"}


def test_entries_are_newest_first(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    assert _titles(_feed(built, ARTICLES)) == [
        "Der dritte Beitrag",
        "Der zweite Beitrag",
        "Der erste Beitrag",
    ]
    assert _titles(_feed(built, TIPS)) == ["Ähre", "Apostroph", "Silvester"]
    assert _titles(_feed(built, SERIES)) == ["Der zweite Beitrag", "Der erste Beitrag"]


def test_pages_link_from_the_root_and_feeds_with_the_host(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    page = built.text("blog/der-erste-beitrag/index.html")
    assert 'href="/blog/der-zweite-beitrag/"' in page
    assert "https://mittwochspost.example" not in page
    for path in (ARTICLES, TIPS, SERIES):
        text = "".join(_feed(built, path).itertext())
        assert 'href="https://mittwochspost.example/' in text
        assert not re.search(r"""=["']/""", text), path


def test_one_build_is_right_on_every_host(pelican_site: PelicanSite) -> None:
    here, there = pelican_site.build(), pelican_site.build(SITEURL="https://b.example")
    pages = [path for path in here.output if path.endswith(".html")]
    assert {path: here.output[path] for path in pages} == {p: there.output[p] for p in pages}
    assert "https://b.example/blog/der-erste-beitrag/" in there.text(ARTICLES)


def test_an_empty_feed_is_a_feed_without_a_clock(pelican_site: PelicanSite) -> None:
    for path in [*pelican_site.content.glob("artikel/**/*.md")]:
        path.unlink()
    pelican_site.replace("tipps/2026.yaml", "der-zweite-beitrag, ", "")
    feed = _feed(pelican_site.build(), ARTICLES)
    assert feed.findtext(f"{ATOM}updated") == "2026-06-30T00:00:00+02:00"
    assert _titles(feed) == []


def test_the_page_for_people_lists_the_feeds_there_are(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    assert [
        (feed.title, [tuple(one) for one in feed.formats]) for feed in built.context["feeds"]
    ] == [
        ("Beiträge", [("Atom", ARTICLES), ("JSON Feed", ARTICLES_JSON)]),
        ("Mittwochstipps", [("Atom", TIPS), ("JSON Feed", TIPS_JSON)]),
        ("Mittwochstipps im Kalender", [("iCalendar", CALENDAR)]),
        (
            "Mittwochstipps nach Themen",
            [
                ("Rechtschreibung", "feeds/tipps-rechtschreibung.atom.xml"),
                ("Zeichensetzung", "feeds/tipps-zeichensetzung.atom.xml"),
            ],
        ),
        ("Serie „Der Garten“", [("Atom", SERIES)]),
    ]
    listed = set(built.text("feeds/index.html").split())
    assert listed == {path for path in built.output if path.startswith("feeds/")} - {
        "feeds/index.html"
    }


@pytest.mark.parametrize(
    ("switched_off", "left"),
    [
        (
            ["SERIES_FEED_ATOM", "ARTICLES_FEED_JSON", "TIPS_FEED_ATOM", "TIPS_CALENDAR"],
            {ARTICLES, TIPS_JSON, *TOPICS},
        ),
        (
            ["FEED_ALL_ATOM", "TIPS_FEED_JSON", "TIPS_TOPIC_FEED_ATOM"],
            {ARTICLES_JSON, TIPS, CALENDAR, SERIES},
        ),
    ],
)
def test_a_feed_that_is_switched_off_is_neither_written_nor_listed(
    switched_off: list[str], left: set[str], pelican_site: PelicanSite
) -> None:
    built = pelican_site.build(**dict.fromkeys(switched_off, ""))
    written = {path for path in built.output if path.startswith("feeds/")} - {"feeds/index.html"}
    assert written == left
    assert {one.url for feed in built.context["feeds"] for one in feed.formats} == left


# -- Corrections -----------------------------------------------------------------------------------------


def _dates(built: Built, number: int) -> dict[str, object]:
    """Return how the feeds date and name the tip *number*, counted from the newest."""
    entry = _feed(built, TIPS).findall(f"{ATOM}entry")[number]
    item = _json(built, TIPS_JSON).items[number]
    event = _events(built)[number]
    return {
        "names": (entry.findtext(f"{ATOM}id"), item.id, str(event["UID"])),
        "days": (entry.findtext(f"{ATOM}published"), item.date_published, event.start),
        "atom": entry.findtext(f"{ATOM}updated"),
        "json": item.date_modified and item.date_modified.isoformat(),
        "calendar": {event[name].dt.date() for name in ("DTSTAMP", "LAST-MODIFIED")},
    }


def test_who_has_subscribed_learns_of_a_correction(pelican_site: PelicanSite) -> None:
    """The entry keeps its name and day, and the others stay as they are."""
    before = pelican_site.build()
    first = _dates(before, 1)
    assert (first["atom"], first["json"]) == ("2026-01-07T07:00:00+01:00", None)
    assert first["calendar"] == {dt.date(2026, 1, 7)}
    checked = "checked: 2026-07-01\n  headword: Apostroph"
    pelican_site.replace("tipps/2026.yaml", "headword: Apostroph", checked)
    assert _dates(pelican_site.build(), 1) == first  # it is still June
    after = pelican_site.build(SITE_DATE="2026-07-01")
    moment = "2026-07-01T07:00:00+02:00"
    change = {"atom": moment, "json": moment, "calendar": {dt.date(2026, 7, 1)}}
    assert _dates(after, 1) == {**first, **change}
    assert [_dates(after, number) for number in (0, 2)] == [_dates(before, n) for n in (0, 2)]
    for path, updated in (
        (TIPS, moment),
        (TOPICS[1], moment),
        (TOPICS[0], "2026-02-04T07:00:00+01:00"),
    ):
        assert _feed(after, path).findtext(f"{ATOM}updated") == updated
        assert faults(after.output[path], f"{HOST}/{path}") == []
    assert pelican_site.build(SITE_DATE="2026-07-01", BUILD_CLEAN=True).output == after.output


# -- Atom ----------------------------------------------------------------------------------------------


def test_atom_feeds_pass_the_rules_of_a_validator(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    feeds = [path for path in built.output if path.endswith(".atom.xml")]
    assert len(feeds) == 5
    for path in feeds:
        assert faults(built.output[path], f"{HOST}/{path}") == [], path
    ids = [_feed(built, path).findtext(f"{ATOM}id") for path in feeds]
    assert len(set(ids)) == len(ids)


def test_the_rules_find_what_is_wrong(pelican_site: PelicanSite) -> None:
    more = "  more: '[Post](/blog/der-zweite-beitrag/)'\n- date: 2026-12-30"
    pelican_site.replace("tipps/2026.yaml", "- date: 2026-12-30", more)
    text = pelican_site.build().text(TIPS)
    assert faults(text.encode(), f"{HOST}/{TIPS}") == []
    for old, new in (
        ("<updated>2026-01-07T07:00:00+01:00", "<updated>2026-01-07"),
        ("<summary>", "<summary type='xhtml'>"),
        ("2026-02-04:/tipps/2026-kw06/", "2026-01-07:/tipps/2026-kw02/"),
        ("https://mittwochspost.example/blog/", "/blog/"),
        ('rel="self"', 'rel="alternate"'),
        ("<name>Henrike Voss</name>", "<name/>"),
        ("&lt;p&gt;", "&lt;script&gt;"),
    ):
        assert old in text
        assert faults(text.replace(old, new).encode(), f"{HOST}/{TIPS}"), new


def test_a_feed_of_a_topic_has_its_tips_only(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    titles = {path: _titles(_feed(built, path)) for path in TOPICS}
    assert titles == {TOPICS[0]: ["Ähre", "Silvester"], TOPICS[1]: ["Apostroph"]}
    assert _feed(built, TOPICS[0]).findtext(f"{ATOM}title") == (
        "Mittwochspost – Mittwochstipps: Rechtschreibung"
    )


def test_feeds_hold_the_newest(pelican_site: PelicanSite) -> None:
    built = pelican_site.build(FEED_MAX_ITEMS=1)
    assert _titles(_feed(built, TIPS)) == _titles(_feed(built, TOPICS[0])) == ["Ähre"]
    for path in (ARTICLES_JSON, TIPS_JSON):
        assert len(_json(built, path).items) == 1
    assert len(_events(built)) == 1


# -- JSON Feed -------------------------------------------------------------------------------------------


def test_json_feeds_are_what_the_specification_asks_for(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    articles, tips = _json(built, ARTICLES_JSON), _json(built, TIPS_JSON)
    assert str(tips.feed_url) == f"{HOST}/{TIPS_JSON}"
    assert [item.title for item in articles.items] == [
        "Der dritte Beitrag",
        "Der zweite Beitrag",
        "Der erste Beitrag",
    ]
    first = articles.items[-1]
    assert (first.summary, first.tags) == ("Worum es zuerst geht.", ["Garten", "Beete", "Äxte"])
    assert f'href="{HOST}/blog/der-zweite-beitrag/"' in (first.content_html or "")
    assert [item.title for item in tips.items] == ["Ähre", "Apostroph", "Silvester"]
    assert "Genitiv" in (tips.items[1].content_html or "")


def test_both_kinds_of_feed_call_an_entry_by_one_name(pelican_site: PelicanSite) -> None:
    """A reader that changes from one to the other sees nothing twice."""
    built = pelican_site.build()
    for atom, json in ((ARTICLES, ARTICLES_JSON), (TIPS, TIPS_JSON)):
        entries = _feed(built, atom).findall(f"{ATOM}entry")
        items = _json(built, json).items
        assert [entry.findtext(f"{ATOM}id") for entry in entries] == [item.id for item in items]
        assert [entry.findtext(f"{ATOM}published") for entry in entries] == [
            item.date_published and item.date_published.isoformat() for item in items
        ]


def test_a_feed_says_who_wrote_what_and_in_which_language(pelican_site: PelicanSite) -> None:
    pelican_site.replace(
        "artikel/zwei.md",
        "category:",
        "author: Ada Muster\nlang: en\nmodified: 2026-03-01\ncategory:",
    )
    items = _json(pelican_site.build(), ARTICLES_JSON).items
    guest = items[1]
    assert guest.authors
    assert (guest.authors[0].name, guest.language) == ("Ada Muster", "en")
    assert guest.date_modified
    assert guest.date_modified.isoformat() == "2026-03-01T00:00:00+01:00"
    assert (items[0].authors, items[0].language, items[0].date_modified) == (None, None, None)


# -- The calendar -----------------------------------------------------------------------------------------


def test_the_calendar_has_a_day_for_each_tip(pelican_site: PelicanSite) -> None:
    events = _events(pelican_site.build())
    assert [str(event["UID"]) for event in events] == [
        "tipp-2026-kw06@mittwochspost.example",
        "tipp-2026-kw02@mittwochspost.example",
        "tipp-2026-kw01@mittwochspost.example",
    ]
    assert all(event.start.weekday() == 2 for event in events)
    assert str(events[1]["SUMMARY"]) == "Mittwochstipp: Apostroph"
    assert "Nicht so: Peter's Buch\n" in str(events[1]["DESCRIPTION"])


def test_a_tip_keeps_its_name_in_the_calendar_when_its_text_changes(
    pelican_site: PelicanSite,
) -> None:
    before = _events(pelican_site.build())[1]
    pelican_site.replace("tipps/2026.yaml", "headword: Apostroph", "headword: Häkchen")
    pelican_site.replace("tipps/2026.yaml", "Der Genitiv kommt", "Der Wesfall kommt, meist,")
    after = _events(pelican_site.build())[1]
    assert (before["UID"], before.start) == (after["UID"], after.start)
    assert before["SUMMARY"] != after["SUMMARY"]
    assert before["DESCRIPTION"] != after["DESCRIPTION"]


def test_without_tips_there_is_no_calendar(pelican_site: PelicanSite) -> None:
    """One without an event is none, by RFC 5545."""
    for path in [*(pelican_site.content / "tipps").iterdir()]:
        path.unlink()
    pelican_site.replace("artikel/eins.md", "/// tipp | 2026-kw02\n///", "")
    built = pelican_site.build()
    assert CALENDAR not in built.output
    assert faults(built.output[TIPS], f"{HOST}/{TIPS}") == []
    assert _json(built, TIPS_JSON).items == []
