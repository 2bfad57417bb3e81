"""The pages on which one may comment: those that the last build put into the site's list."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from plugins.comments.core import INDEX_PATH

logger = logging.getLogger(__name__)


class PagesUnavailableError(Exception):
    """There is no list of pages (yet): the site was not built, or lies elsewhere."""


@dataclass(frozen=True)
class Page:
    """A published article; *url* is its path on the site."""

    url: str
    title: str
    #: The author has not closed it; see `is_open`.
    takes_comments: bool
    #: When it was published, if the list says so.
    date: date | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it takes comments today: it is not closed, and not too old."""
        days = settings.COMMENTS_CLOSE_AFTER_DAYS
        if not days or self.date is None:
            return self.takes_comments
        return self.takes_comments and timezone.localdate() <= self.date + timedelta(days=days)


@dataclass(frozen=True)
class Published:
    """What the list says: the site's name, and its pages by their path."""

    site: str
    pages: dict[str, Page]
    #: What stands beside the name over the author's own comments.
    by_author: str = ""
    #: What the site's footer links to: title and address.
    footer: tuple[tuple[str, str], ...] = ()


# One entry, as there is one site; the stamp tells when to read again.
_cache: tuple[tuple[object, ...], Published] | None = None


def published() -> Published:
    """
    Return the list as it is now; an unreadable new one is reported, and the last good one stays.

    Raises:
        PagesUnavailableError: There was never a good one.
    """
    global _cache
    path = Path(settings.COMMENTS_SITE, INDEX_PATH)
    known = _cache
    try:
        stamp = _stamp(path)
        if known is None or known[0] != stamp:
            known = _cache = (stamp, _parse(path.read_bytes()))
    except (OSError, ValueError) as error:
        # Between two releases the file may be away for a moment.
        if known is None or known[0][0] != path:
            logger.error("%s: keine Liste der Seiten: %s", path, error)
            raise PagesUnavailableError(str(path)) from error
        logger.warning("%s: unlesbar, die vorige Liste gilt weiter: %s", path, error)
    return known[1]


def find(url: str) -> Page | None:
    """Return the published page with exactly that path."""
    return published().pages.get(url)


def footer(request: HttpRequest) -> dict[str, object]:
    """Give templates the links of the site's footer, so that the Impressum is one click away here too."""
    return {"footer": _footer}


def _footer() -> tuple[tuple[str, str], ...]:
    try:
        return published().footer
    except PagesUnavailableError:
        return ()


def _stamp(path: Path) -> tuple[object, ...]:
    # stat follows links: if the site's folder is a link that was turned to another release, the
    # file is another one, though perhaps of the same size and second.
    stat = path.stat()
    return path, stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size


def _parse(data: bytes) -> Published:
    value = json.loads(data)
    try:
        pages = [
            Page(
                str(post["url"]),
                str(post["title"]),
                post.get("comments") != "closed",
                date.fromisoformat(post["date"][:10]) if post.get("date") else None,
            )
            for post in value["posts"]
        ]
        return Published(
            str(value.get("site", "")),
            {page.url: page for page in pages},
            str(value.get("by_author", "")),
            tuple((str(title), str(address)) for title, address in value.get("footer", ())),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"unerwarteter Inhalt: {error!r}") from error
