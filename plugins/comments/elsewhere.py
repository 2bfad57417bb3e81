"""Pelican's side of comments that live elsewhere: cards to articles, approved replies from Mastodon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pelican.contents import Article

from plugins.comments import mastodon
from plugins.comments.replies import Reply, approved
from plugins.comments.systems import (
    Card,
    Mastodon,
    PageSystem,
    Recipient,
    System,
    SystemsError,
    Topic,
    recipients,
)
from plugins.source.adapter import read_text, report, shown_path
from plugins.source.core import line_of
from plugins.source.problem import Problem, SourceError


def attach(
    places: Mapping[Article, str],
    systems: Mapping[str, System],
    settings: Mapping[str, Any],
    zone: ZoneInfo,
) -> list[Recipient]:
    """
    Give articles their ``comment_cards`` and ``mastodon_replies``; return who gets readers' data.

    *places*: where the comments on each are: open or closed (ours), or a system's name. What an article
    names and is not set up is reported with its line.
    """
    baked = _baked(systems.get(Mastodon.key), settings, zone)
    used = set()
    for article, place in places.items():
        cards = [] if place in ("open", "closed") else _card(article, systems.get(place), settings)
        if address := getattr(article, "mastodon", None):
            cards += _thread_card(article, address, systems.get(Mastodon.key))
            if replies := baked.get(address):
                article.mastodon_replies = replies
        if cards:
            article.comment_cards = tuple(cards)
            used |= {card.system for card in cards}
    return recipients(system for key, system in systems.items() if key in used)


def _card(article: Article, system: System | None, settings: Mapping[str, Any]) -> list[Card]:
    if not isinstance(system, PageSystem):
        _report_missing(article, "comments", article.comments)
        return []
    path = "/" + str(article.url).lstrip("/")
    title = Markup(article.title).striptags()
    return [system.card(Topic(path, settings["SITEURL"].rstrip("/") + path, title))]


def _thread_card(article: Article, address: str, system: System | None) -> list[Card]:
    if not isinstance(system, Mastodon):
        _report_missing(article, "mastodon", Mastodon.key)
        return []
    try:
        return [system.thread_card(address)]
    except SystemsError as error:
        message, _, remedy = str(error).partition("|")
        _report(article, "mastodon", message, remedy)
        return []


def _report_missing(article: Article, field: str, system: str) -> None:
    _report(
        article,
        field,
        f"Der Kommentardienst „{system}“ ist nicht eingerichtet.",
        "Richten Sie ihn in den Einstellungen unter COMMENTS_SYSTEMS ein, oder löschen Sie die Zeile.",
    )


def _report(article: Article, field: str, message: str, remedy: str) -> None:
    line = line_of(read_text(article.source_path).lower(), f"{field}:")
    report(Problem(shown_path(article.source_path), message, line, field, remedy))


def _baked(
    system: System | None, settings: Mapping[str, Any], zone: ZoneInfo
) -> dict[str, tuple[Reply, ...]]:
    """Return the approved replies of each thread that was fetched."""
    if not isinstance(system, Mastodon) or not system.bake:
        return {}
    try:
        approvals = mastodon.load_approvals(settings)
        threads = mastodon.load_threads(mastodon.snapshot_path(settings))
    except SourceError as error:
        for problem in error.problems:
            report(problem)
        return {}
    return {
        address: tuple(reply.in_zone(zone) for reply in approved(thread, approvals))
        for address, thread in threads.items()
    }
