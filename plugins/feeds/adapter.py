"""Pelican's side: links from the root in pages, absolute ones in feeds; the list of feeds."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from feedgenerator import SyndicationFeed
from pelican import signals
from pelican.generators import Generator

from plugins.feeds import core


class Feed(NamedTuple):
    """A feed as the page for people shows it."""

    title: str
    url: str
    description: str


def link_from_root(generator: Generator) -> None:
    """Make links in pages start with "/" whatever SITEURL is."""
    generator.context["localsiteurl"] = ""


def polish_feed(context: dict[str, Any], feed: SyndicationFeed) -> None:
    """Complete a feed before it is written."""
    feed.feed["title"] = feed.feed["title"].replace(" - ", " – ", 1)
    feed.feed["language"] = context["DEFAULT_LANG"]
    for item in feed.items:
        for part in ("content", "description"):
            if item.get(part):
                item[part] = core.absolute_links(item[part], context["SITEURL"])
    if not feed.items:
        # feedgenerator would write the time of the build: each build would differ.
        midnight = dt.datetime.combine(
            context["SITE_DATE"], dt.time(), ZoneInfo(context["TIMEZONE"])
        )
        feed.latest_post_date = lambda: midnight


def list_feeds(generators: list[Generator]) -> None:
    """Put the feeds of this site into the context."""
    context = generators[0].context
    feeds = [
        Feed("Artikel", context["FEED_ALL_ATOM"], "Alle neuen Beiträge, in voller Länge."),
        Feed(
            "Mittwochstipps", context.get("TIPS_FEED_ATOM"), "Jeden Mittwoch ein Tipp zur Sprache."
        ),
        Feed("Kommentare", context.get("COMMENTS_FEED"), "Was Leserinnen und Leser schreiben."),
    ]
    feeds += [
        Feed(f"Serie „{series.title}“", series.feed_url, "Nur die Teile dieser Serie.")
        for series in context.get("series_list", [])
        if series.published
    ]
    context["feeds"] = [feed for feed in feeds if feed.url]


def register() -> None:
    """Connect to Pelican."""
    signals.generator_init.connect(link_from_root)
    signals.all_generators_finalized.connect(list_feeds)
    signals.feed_generated.connect(polish_feed)
