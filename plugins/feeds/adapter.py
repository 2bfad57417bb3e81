"""Pelican's side: links from the root in pages, absolute ones in feeds; our own feeds; the list of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedgenerator import SyndicationFeed
from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.feeds import core
from plugins.feeds.calendar import Calendar, Event, calendar
from plugins.incremental.writer import IncrementalWriter

DEFAULTS = {
    "ARTICLES_FEED_JSON": "feeds/artikel.json",
    "TIPS_FEED_ATOM": "feeds/tipps.atom.xml",
    "TIPS_FEED_JSON": "feeds/tipps.json",
    "TIPS_CALENDAR": "feeds/tipps.ics",
    "TIPS_TOPIC_FEED_ATOM": "feeds/tipps-{slug}.atom.xml",
}
#: Of the formats that are not Atom.
_MEDIA_TYPES = {"JSON Feed": "application/feed+json", "iCalendar": "text/calendar"}
TIPS_NAME = "Mittwochstipps"
TIPS_DESCRIPTION = "Jeden Mittwoch ein Tipp zur Sprache."


class Format(NamedTuple):
    """One form of a feed: what it is called, and where it is."""

    name: str
    url: str

    @property
    def media_type(self) -> str:
        """What programs know it by."""
        return _MEDIA_TYPES.get(self.name, "application/atom+xml")


class Feed(NamedTuple):
    """A feed as the page for people shows it."""

    title: str
    description: str
    formats: list[Format]


def use_defaults(pelican: Pelican) -> None:
    """Complete the settings, and give templates what feeds need."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    settings["JINJA_FILTERS"] = {
        "json": core.as_json,
        "absolute": partial(core.absolute_links, site_url=settings["SITEURL"]),
        "breakable": core.breakable,
        "feed_time": partial(core.feed_time, timezone=settings["TIMEZONE"]),
        "tag_uri": core.tag_uri,
        **settings["JINJA_FILTERS"],
    }


def link_from_root(generator: Generator) -> None:
    """Make links in pages start with "/" whatever SITEURL is."""
    generator.context["localsiteurl"] = ""


def polish_feed(context: dict[str, Any], feed: SyndicationFeed) -> None:
    """Complete a feed of Pelican's before it is written."""
    feed.feed["title"] = feed.feed["title"].replace(" - ", " – ", 1)
    feed.feed["language"] = context["DEFAULT_LANG"]
    # Pelican gives all feeds of a site the same id.
    feed.feed["id"] = feed.feed["feed_url"]
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
        _feed(
            "Beiträge",
            "Alle neuen Beiträge, in voller Länge.",
            {"Atom": context["FEED_ALL_ATOM"], "JSON Feed": context["ARTICLES_FEED_JSON"]},
        ),
        *_tip_feeds(context),
        _feed(
            "Kommentare",
            "Was Leserinnen und Leser schreiben.",
            {"Atom": context.get("COMMENTS_FEED")},
        ),
        *(
            _feed(
                f"Serie „{series.title}“",
                "Nur die Teile dieser Serie.",
                {"Atom": series.feed_url},
            )
            for series in context.get("series_list", [])
            if series.published
        ),
    ]
    context["feeds"] = [feed for feed in feeds if feed.formats]


def _tip_feeds(context: Mapping[str, Any]) -> Iterator[Feed]:
    tips = context.get("tip_pages")
    if tips is None:
        return
    yield _feed(
        TIPS_NAME,
        TIPS_DESCRIPTION,
        {"Atom": context["TIPS_FEED_ATOM"], "JSON Feed": context["TIPS_FEED_JSON"]},
    )
    if tips:
        yield _feed(
            "Mittwochstipps im Kalender",
            "Zu jedem Mittwoch ein ganztägiger Eintrag, der nichts blockiert.",
            {"iCalendar": context["TIPS_CALENDAR"]},
        )
        yield _feed(
            "Mittwochstipps nach Themen",
            "Nur die Tipps eines Themas.",
            {topic.name: topic_feed_url(context, topic.slug) for topic in _topics(context)},
        )


def _feed(title: str, description: str, urls: Mapping[str, str | None]) -> Feed:
    return Feed(title, description, [Format(name, url) for name, url in urls.items() if url])


def _topics(context: Mapping[str, Any]) -> list[Any]:
    """Return the topics that tips have, in the order of TIPS_TOPICS."""
    topics = {tip.topic.name: tip.topic for tip in context["tip_pages"]}
    return [topics[name] for name in context["TIPS_TOPICS"] if name in topics]


def topic_feed_url(settings: Mapping[str, Any], slug: str) -> str:
    """Return where the feed of a topic is, "" if there is none."""
    return str(settings["TIPS_TOPIC_FEED_ATOM"] or "").format(slug=slug)


class FeedsGenerator(Generator):  # type: ignore[misc]
    """Writes the feeds that are not Pelican's own."""

    reads_no_texts = True

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write what the settings ask for."""
        self._writer = writer
        articles = self._newest(self.context["articles"])
        self._feed("ARTICLES_FEED_JSON", "feeds/articles.json", articles=articles)
        tips = self.context.get("tip_pages")
        if tips is None:
            return
        newest_first = tips[::-1]
        about = {"title": TIPS_NAME, "home": self.settings["TIPS_URL"]}
        for setting in ("TIPS_FEED_ATOM", "TIPS_FEED_JSON"):
            template = f"feeds/tips.{'json' if setting.endswith('JSON') else 'atom.xml'}"
            self._feed(setting, template, tips=self._newest(newest_first), **about)
        if tips and self.settings["TIPS_CALENDAR"]:
            self._write_calendar(self._newest(newest_first))
        for topic in _topics(self.context):
            of_topic = [tip for tip in newest_first if tip.topic.name == topic.name]
            self._write(
                topic_feed_url(self.settings, topic.slug),
                "feeds/tips.atom.xml",
                tips=self._newest(of_topic),
                title=f"{TIPS_NAME}: {topic.name}",
                home=topic.url,
            )

    def _newest(self, newest_first: list[Any]) -> list[Any]:
        return newest_first[: self.settings["FEED_MAX_ITEMS"]]

    def _feed(self, setting: str, template: str, **variables: Any) -> None:
        self._write(self.settings[setting] or "", template, **variables)

    def _write(self, name: str, template: str, **variables: Any) -> None:
        if name:
            self._writer.write_file(
                name, self.env.get_template(template), self.context, feed_url=name, **variables
            )

    def _write_calendar(self, tips: list[Any]) -> None:
        settings, site_url = self.settings, self.settings["SITEURL"]
        name = settings["TIPS_CALENDAR"]
        about = Calendar(
            f"{settings['SITENAME']}: {TIPS_NAME}",
            TIPS_DESCRIPTION,
            f"{site_url}/{settings['TIPS_URL']}",
            f"{site_url}/{name}",
            settings["DEFAULT_LANG"],
        )
        host = urlsplit(site_url).hostname or "localhost"
        events = [_event(tip, site_url, host) for tip in tips]
        self._writer.write_bytes(name, calendar(about, events))


def _event(tip: Any, site_url: str, host: str) -> Event:
    url = f"{site_url}/{tip.url}"
    pair = f"Nicht so: {tip.wrong}\nSondern so: {tip.right}" if tip.wrong and tip.right else ""
    return Event(
        uid=f"tipp-{tip.week}@{host}",
        day=tip.date,
        modified=tip.modified,
        summary=f"Mittwochstipp: {tip.headword}",
        description="\n\n".join(part for part in (tip.tip, pair, url) if part),
        url=url,
        category=tip.topic.name,
    )


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return FeedsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.generator_init.connect(link_from_root)
    signals.all_generators_finalized.connect(list_feeds)
    signals.feed_generated.connect(polish_feed)
    signals.get_generators.connect(get_generators)
