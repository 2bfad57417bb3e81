"""Old addresses: those that the build knows of, those that are gone for good, and a former WordPress's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from plugins.aliases import core


class Pattern(NamedTuple):
    """
    Addresses of one form and where they lead; an empty *goal* means that they are gone.

    *path* is a regular expression that Go and PCRE read alike; $1 in *goal* is its first group.
    """

    path: str
    goal: str


#: How WordPress named things, by its usual settings. The last group of a path is what counts.
WORDPRESS = (
    Pattern(
        r"^/(?:[0-9]{4}/){1}[0-9]{2}/(?:[0-9]{2}/)?([a-z0-9-]*[a-z][a-z0-9-]*)/?$", "/blog/$1/"
    ),
    Pattern(r"^/([0-9]{4})/(?:[0-9]{2}/){0,2}$", "/archiv/$1/"),
    Pattern(r"^/category/(?:[a-z0-9-]+/)*([a-z0-9-]+)/(?:page/[0-9]+/)?$", "/themen/$1/"),
    Pattern(r"^/tag/([a-z0-9-]+)/(?:page/[0-9]+/)?$", "/schlagwort/$1/"),
    Pattern(r"^/comments/feed/?$", "/feeds/kommentare.atom.xml"),
    Pattern(r"^/(?:.+/)?feed/(?:atom/|rss2?/)?$", "/feeds/artikel.atom.xml"),
    Pattern(r"^/page/[0-9]+/$", "/archiv/"),
    Pattern(
        r"^/wp-content/uploads/[0-9]{4}/[0-9]{2}/([\w.-]+\.(?:png|jpe?g|gif|webp|svg))$",
        "/bilder/$1",
    ),
    Pattern(r"^/(?:wp-admin|wp-includes|wp-json)/", ""),
    Pattern(r"^/(?:wp-login|wp-cron|xmlrpc)\.php$", ""),
)


def moved(output: Path) -> dict[str, str]:
    """Return the old addresses of the site in *output*, and where each leads."""
    file = output / core.RULES
    return core.parse_rules(file.read_text("utf-8")) if file.is_file() else {}


def gone(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the addresses that are gone for good, by the author's word."""
    # Here: the reader of YAML is slow to import, and a build that has nothing to do needs none.
    from plugins.aliases.files import read_moves

    moves = read_moves(Path(settings["PATH"]) / core.FILE)
    return tuple(sorted(move.old for move in moves if move.goal is None))
