"""Pelican's side: comments to articles, the list of pages for comment_service, the feed."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator, Generator

from plugins.comments import core
from plugins.comments.pull import default_snapshot
from plugins.incremental.writer import IncrementalWriter
from plugins.source.adapter import report, shown_path
from plugins.source.problem import AuthorError, Problem

logger = logging.getLogger(__name__)

FEED_ITEMS = 50


class SettingsError(AuthorError):
    """A setting has a value that cannot be used; the message is German and complete."""


@dataclass(frozen=True)
class Settings:
    """The settings of this plugin, checked."""

    snapshot: Path
    feed: str
    form_url: str
    zone: ZoneInfo

    @property
    def reply_url(self) -> str:
        """Where the form for a reply is, beside the form's own address."""
        return urljoin(self.form_url, "../antworten/")


def read_settings(settings: Mapping[str, Any]) -> Settings:
    """
    Return the plugin's settings from Pelican's.

    Raises:
        SettingsError: One of them is not what it must be.
    """
    snapshot = settings.get("COMMENTS_SNAPSHOT") or default_snapshot()
    feed = settings.get("COMMENTS_FEED", "feeds/kommentare.atom.xml")
    form_url = settings.get("COMMENTS_FORM_URL", "/kommentare/vorschau/")
    if not isinstance(snapshot, str | os.PathLike):
        raise SettingsError(f"COMMENTS_SNAPSHOT: Das ist kein Dateiname: {snapshot!r}.")
    if not isinstance(feed, str) or feed.startswith("/") or not feed.endswith(".xml"):
        raise SettingsError(
            f"COMMENTS_FEED: Das ist kein Pfad im Ausgabeordner: {feed!r} – "
            "schreiben Sie ihn wie feeds/kommentare.atom.xml."
        )
    if not isinstance(form_url, str) or not form_url.endswith("/"):
        raise SettingsError(
            f"COMMENTS_FORM_URL: Diese Adresse muss mit / enden: {form_url!r} – "
            "schreiben Sie sie wie /kommentare/vorschau/."
        )
    return Settings(Path(snapshot), feed, form_url, ZoneInfo(settings.get("TIMEZONE", "UTC")))


def check_settings(pelican: Pelican) -> None:
    """Stop the run before it starts if a setting is wrong."""
    read_settings(pelican.settings)


def attach_comments(generator: ArticlesGenerator) -> None:
    """Give every article its ``comment_threads``, ``comment_count`` and ``comments_open``."""
    settings = read_settings(generator.settings)
    comments = _load(settings)
    published = {_page(article): article for article in _published(generator.context)}
    for article in _all_articles(generator):
        _attach(article, [], is_open=False)
    for page, article in published.items():
        _attach(article, comments.get(page, []), is_open=_is_open(article))
    generator.context["COMMENTS_FORM_URL"] = settings.form_url
    generator.context["COMMENTS_REPLY_URL"] = settings.reply_url
    generator.context["COMMENTS_FEED"] = settings.feed
    _report_orphans(comments.keys() - {_page(article) for article in _all_articles(generator)})


def _attach(article: Article, comments: list[core.Comment], *, is_open: bool) -> None:
    # Not `comments`: that name has the front matter's value already.
    article.comment_threads = core.threads(comments)
    article.comment_count = len(comments)
    article.comments_open = is_open


def _load(settings: Settings) -> dict[str, list[core.Comment]]:
    path = settings.snapshot
    try:
        snapshot = core.parse_snapshot(path.read_bytes(), shown_path(path))
    except FileNotFoundError:
        logger.warning(
            "Es gibt noch keinen Stand der Kommentare (%s); die Seiten erscheinen ohne Kommentare.",
            shown_path(path),
        )
        return {}
    except core.SnapshotError as error:
        remedy = (
            "Stellen Sie die Datei aus einer Sicherung wieder her, oder löschen Sie sie: Der "
            "nächste Build holt die Kommentare dann neu."
        )
        problem = Problem(shown_path(path), error.reason, field=error.field or None, remedy=remedy)
        report(problem)
        return {}
    except OSError as error:
        report(Problem(shown_path(path), f"Die Kommentare sind nicht lesbar: {error.strerror}."))
        return {}
    return core.by_page(comment.in_zone(settings.zone) for comment in snapshot.comments)


def _page(article: Article) -> str:
    return "/" + str(article.url).lstrip("/")


def _is_open(article: Article) -> bool:
    return getattr(article, "comments", "open") != "closed"


def _published(context: Mapping[str, Any]) -> Iterator[Article]:
    """Yield the articles that have a page and are listed, newest first, with their translations."""
    for article in context["articles"]:
        yield article
        yield from article.translations


def _all_articles(generator: ArticlesGenerator) -> Iterator[Article]:
    return chain(
        generator.articles,
        generator.translations,
        generator.hidden_articles,
        generator.hidden_translations,
        generator.drafts,
        generator.drafts_translations,
    )


def _report_orphans(pages: set[str]) -> None:
    if pages:
        logger.warning(
            "Zu diesen Seiten gibt es Kommentare, aber keinen Beitrag (mehr): %s",
            ", ".join(sorted(pages)),
        )


@dataclass(frozen=True)
class FeedEntry:
    """A comment in the form in which Pelican's writer takes an article."""

    title: str
    url: str
    author: str
    date: datetime
    html: str
    summary: None = None

    def get_content(self, site_url: str) -> str:
        """Return the comment's HTML; its links are absolute, whatever *site_url* is."""
        return self.html


def feed_entries(articles: list[Article]) -> list[FeedEntry]:
    """Return an entry for each of the newest comments on *articles*, newest first."""
    found = [
        (thread.comment, article)
        for article in articles
        for thread in core.walk(article.comment_threads)
    ]
    found.sort(key=lambda pair: (pair[0].created, pair[0].id), reverse=True)
    return [
        FeedEntry(
            # The writer takes titles for HTML; a name is text.
            title=str(Markup("{} zu „{}“").format(comment.author, _plain_title(article))),
            url=f"{article.url}#kommentar-{comment.id}",
            author=comment.author,
            date=comment.date,
            html=comment.html,
        )
        for comment, article in found[:FEED_ITEMS]
    ]


def _plain_title(article: Article) -> str:
    return Markup(article.title).striptags()


class CommentsGenerator(Generator):
    """Writes the feed of comments and the list of the pages that take comments."""

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write both files."""
        settings = read_settings(self.settings)
        articles = list(_published(self.context))
        writer.write_feed(
            feed_entries(articles), self.context, settings.feed, feed_title="Kommentare"
        )
        posts = (
            (_page(article), _plain_title(article), _is_open(article), article.date)
            for article in articles
        )
        index = core.index(self.settings["SITENAME"], posts)
        writer.write_bytes(core.INDEX_PATH, index.encode())


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return the generator of this plugin."""
    return CommentsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(check_settings)
    signals.article_generator_finalized.connect(attach_comments)
    signals.get_generators.connect(get_generators)
