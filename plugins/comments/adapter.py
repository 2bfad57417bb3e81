"""Pelican's side: comments to articles, the list of pages for comment_service, the feed."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from heapq import nlargest
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator, Generator

from plugins.comments import baked, core
from plugins.comments.pull import default_snapshot
from plugins.incremental.writer import IncrementalWriter
from plugins.source.adapter import report, shown_path
from plugins.source.problem import AuthorError, Problem

if TYPE_CHECKING:
    from plugins.comments.systems import Recipient, System

logger = logging.getLogger(__name__)

FEED_ITEMS = 50
#: What ``comments:`` says of our own comments; anything else names another system.
_OURS = ("open", "closed")


class SettingsError(AuthorError):
    """A setting has a value that cannot be used; the message is German and complete."""


@dataclass(frozen=True)
class Settings:
    """The settings of this plugin, checked."""

    snapshot: Path
    feed: str
    form_url: str
    zone: ZoneInfo
    #: Beside the name over the author's own comments.
    by_author: str
    #: Other systems that are set up, by name.
    systems: Mapping[str, System]
    #: What holds for a post that says nothing: open, closed, or one of the systems.
    default: str

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
    by_author = settings.get("COMMENTS_BY_AUTHOR", "von der Redaktion")
    default = settings.get("COMMENTS_DEFAULT", "open")
    systems = _systems(settings.get("COMMENTS_SYSTEMS", {}))
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
    if not isinstance(by_author, str) or not by_author.strip():
        raise SettingsError(
            f"COMMENTS_BY_AUTHOR: Das ist kein Text: {by_author!r} – schreiben Sie zum Beispiel "
            "von der Autorin."
        )
    usable = [*_OURS, *(key for key, system in systems.items() if system.is_for_pages)]
    if default not in usable:
        raise SettingsError(
            f"COMMENTS_DEFAULT: {default!r} ist nicht möglich – nehmen Sie {' oder '.join(usable)}; "
            "andere Dienste richten Sie zuerst in COMMENTS_SYSTEMS ein."
        )
    zone = ZoneInfo(settings.get("TIMEZONE", "UTC"))
    return Settings(Path(snapshot), feed, form_url, zone, by_author, systems, default)


def _systems(setting: object) -> Mapping[str, System]:
    if setting == {}:
        return {}
    # Imported here: most sites have none, and should not wait for it.
    from plugins.comments.systems import SystemsError, read

    try:
        return read(setting)
    except SystemsError as error:
        raise SettingsError(str(error)) from None


def check_settings(pelican: Pelican) -> None:
    """Stop the run before it starts if a setting is wrong."""
    read_settings(pelican.settings)


def attach_comments(generator: ArticlesGenerator) -> None:
    """Give every article its ``comment_threads``, ``comment_count`` and ``comments_open``."""
    settings = read_settings(generator.settings)
    state = _load(settings, generator.settings)
    published = {_page(article): article for article in _published(generator.context)}
    for article in _all_articles(generator):
        if published.get(_page(article)) is not article:
            _attach(article, (baked.NONE, 0), is_open=False)
    for page, article in published.items():
        comments = state.of(page) if state else (baked.NONE, 0)
        _attach(article, comments, is_open=_is_open(article, settings))
    # The privacy page names exactly these.
    recipients = _attach_others(published, generator.settings, settings)
    generator.context["COMMENT_RECIPIENTS"] = recipients
    generator.context["COMMENTS_FORM_URL"] = settings.form_url
    generator.context["COMMENTS_REPLY_URL"] = settings.reply_url
    generator.context["COMMENTS_FEED"] = settings.feed
    generator.context["COMMENTS_BY_AUTHOR"] = settings.by_author
    if state:
        _report_orphans(state.pages - {_page(article) for article in _all_articles(generator)})


def _attach(article: Article, comments: tuple[baked.PageComments, int], *, is_open: bool) -> None:
    # Not `comments`: that name has the front matter's value already.
    article.comment_threads, article.comment_count = comments
    article.comments_open = is_open


def _load(settings: Settings, all_settings: Mapping[str, Any]) -> baked.State | None:
    path = settings.snapshot
    try:
        return baked.State(path.read_bytes(), shown_path(path), all_settings, settings.zone)
    except FileNotFoundError:
        logger.warning(
            "Es gibt noch keinen Stand der Kommentare (%s); die Seiten erscheinen ohne Kommentare.",
            shown_path(path),
        )
    except core.SnapshotError as error:
        remedy = (
            "Stellen Sie die Datei aus einer Sicherung wieder her, oder löschen Sie sie: Der "
            "nächste Build holt die Kommentare dann neu."
        )
        problem = Problem(shown_path(path), error.reason, field=error.field or None, remedy=remedy)
        report(problem)
    except OSError as error:
        report(Problem(shown_path(path), f"Die Kommentare sind nicht lesbar: {error.strerror}."))
    return None


def _page(article: Article) -> str:
    return "/" + str(article.url).lstrip("/")


def _choice(article: Article, settings: Settings) -> str:
    """Return where the comments on *article* are: open (with us), closed, or a system's name."""
    return getattr(article, "comments", None) or settings.default


def _is_open(article: Article, settings: Settings) -> bool:
    return _choice(article, settings) == "open"


def _attach_others(
    published: Mapping[str, Article], all_settings: Mapping[str, Any], settings: Settings
) -> list[Recipient]:
    """Give articles with comments elsewhere what their pages need; return who gets readers' data."""
    elsewhere = [
        article
        for article in published.values()
        if _choice(article, settings) not in _OURS or getattr(article, "mastodon", None)
    ]
    if not elsewhere:
        return []
    # Imported here: most sites have none, and should not wait for it.
    from plugins.comments.elsewhere import attach

    places = {article: _choice(article, settings) for article in elsewhere}
    return attach(places, settings.systems, all_settings, settings.zone)


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


def feed_entries(articles: list[Article], by_author: str) -> list[FeedEntry]:
    """
    Return an entry for each of the newest comments on *articles*, newest first.

    *by_author* marks those that the blog's author wrote.
    """
    discussed = [article for article in articles if article.comment_threads]
    # The newest comments are on the pages that were commented on last.
    last = nlargest(FEED_ITEMS, discussed, key=lambda article: article.comment_threads.newest)
    found = [(comment, article) for article in last for comment in article.comment_threads.plain()]
    found.sort(key=lambda pair: (pair[0].created, pair[0].id), reverse=True)
    return [
        FeedEntry(
            # The writer takes titles for HTML; a name is text.
            title=str(
                Markup("{} zu „{}“").format(_byline(comment, by_author), _plain_title(article))
            ),
            url=f"{article.url}#kommentar-{comment.id}",
            author=comment.author,
            date=comment.date,
            html=comment.html,
        )
        for comment, article in found[:FEED_ITEMS]
    ]


def _byline(comment: core.Comment, by_author: str) -> str:
    return f"{comment.author} ({by_author})" if comment.by_author else comment.author


def _plain_title(article: Article) -> str:
    return _without_tags(article.title)


@lru_cache(50_000)
def _without_tags(title: str) -> str:
    return Markup(title).striptags()


class CommentsGenerator(Generator):
    """Writes the feed of comments and the list of the pages that take comments."""

    reads_no_texts = True

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write both files."""
        settings = read_settings(self.settings)
        articles = list(_published(self.context))
        writer.write_feed(
            feed_entries(articles, settings.by_author),
            self.context,
            settings.feed,
            feed_title="Kommentare",
        )
        posts = (
            (_page(article), _plain_title(article), _is_open(article, settings), article.date)
            for article in articles
        )
        footer = self.context.get("FOOTER_NAVIGATION", ())
        index = core.index(self.settings["SITENAME"], settings.by_author, footer, posts)
        writer.write_bytes(core.INDEX_PATH, index.encode())


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return the generator of this plugin."""
    return CommentsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(check_settings)
    signals.article_generator_finalized.connect(attach_comments)
    signals.get_generators.connect(get_generators)
