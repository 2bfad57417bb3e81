"""Comments as readers see them: text, threads, and the list of pages that have some."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

#: Replies below this level are shown beside their parent, with a link to it: phones are narrow.
MAX_DEPTH = 4

#: Where the build writes, and comment_service reads, the list of pages (relative to the site).
INDEX_PATH = "blog/index.json"


class SnapshotError(ValueError):
    """
    A snapshot or an export cannot be used. The message is German and complete.

    Attributes:
        reason: What is wrong.
        field: The field it is in, as ``comments.3.created``; empty if the whole is unreadable.
    """

    def __init__(self, name: str, reason: str, field: str = "") -> None:
        self.reason = reason
        self.field = field
        super().__init__(": ".join(part for part in (name, field, reason) if part))


# -- Text -----------------------------------------------------------------------------------------

# Marks that turn the direction of text around them (U+202E hides what a link really says).
_DIRECTION_MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# Controls, lone surrogates, which no file can hold, and noncharacters like U+FFFF, which XML refuses.
# Format characters stay (soft hyphen, joiners of emoji), except marks of direction.
_NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_HARMFUL = re.compile(
    rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_DIRECTION_MARKS}{_NONCHARACTERS}]"
)


def clean_text(text: str) -> str:
    """Return *text* as NFC, lines ended by LF, without control characters and direction marks."""
    if text.replace("\n", "").isprintable():
        # Nothing that is to be replaced is; to see that takes a tenth of the time.
        return unicodedata.normalize("NFC", text)
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text))
    return _HARMFUL.sub("", text)


def clean_line(text: str) -> str:
    """Return *text* cleaned as a single line, without white space at its ends or doubled."""
    return " ".join(clean_text(text).split())


def is_web_address(url: str) -> bool:
    """Say whether *url* is a full http(s) address, without white space, user or password."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and not re.search(r"[\s<>\"\\]", url)
        )
    except ValueError:
        return False


def render_text(text: str) -> str:
    """Return the HTML of a reader's *text*, set in German; whatever it contains, it is harmless."""
    # Imported when a comment is shown that has not been before; most builds need no Markdown for it.
    from plugins.comments.text import render

    return render(clean_text(text))


# -- Comments and their threads -------------------------------------------------------------------


@dataclass(frozen=True)
class Comment:
    """An approved comment, as `snapshot.Approved` accepts it."""

    id: str
    page: str
    author: str
    text: str
    created: datetime
    parent: str | None = None
    website: str = ""
    #: Written by the blog's author in the moderation.
    by_author: bool = False

    @property
    def date(self) -> datetime:
        """When it was written, in the time zone that `in_zone` gave it (UTC before)."""
        return self.created

    @cached_property
    def html(self) -> str:
        """The text, rendered; only pages that show the comment pay for it."""
        return render_text(self.text)

    @cached_property
    def divisible_html(self) -> str:
        """The same with its long words marked, if `with_html` has brought it."""
        return self.html

    def with_html(self, html: str, divisible_html: str) -> Comment:
        """Take what was rendered before, and return the comment."""
        self.__dict__.update(html=html, divisible_html=divisible_html)
        return self

    def in_zone(self, zone: tzinfo) -> Comment:
        """Return the same comment with its date in *zone*."""
        return replace(self, created=self.created.astimezone(zone))


def _by_date(comment: Comment) -> tuple[datetime, str]:
    return comment.created, comment.id


@dataclass
class Thread:
    """A comment and the replies shown below it, oldest first."""

    comment: Comment
    replies: list[Thread] = field(default_factory=list)
    #: The comment it answers, where its place does not show that (see `MAX_DEPTH`).
    reply_to: Comment | None = None


def threads(comments: Iterable[Comment], max_depth: int = MAX_DEPTH) -> list[Thread]:
    """
    Return the threads of one page's *comments*, oldest first, at most *max_depth* levels deep.

    A reply whose parent is not among *comments* starts a thread of its own (the export names the
    nearest approved ancestor as parent, so this is rare), and so does the oldest of a circle.
    """
    ordered = sorted(comments, key=_by_date)
    known = {comment.id for comment in ordered}
    replies: defaultdict[str, list[Comment]] = defaultdict(list)
    tops = []
    for comment in ordered:
        if comment.parent in known:
            replies[comment.parent or ""].append(comment)
        else:
            tops.append(comment)

    result: list[Thread] = []
    placed: set[str] = set()
    # The second list adds nothing unless parents form a circle.
    for top in (*tops, *ordered):
        if top.id not in placed:
            _grow(Thread(top), result, replies, placed, max_depth)
    return sorted(result, key=_thread_date)


def _grow(
    root: Thread,
    home: list[Thread],
    replies: Mapping[str, Sequence[Comment]],
    placed: set[str],
    max_depth: int,
) -> None:
    """Add *root* to *home*, and below it all that answers it."""
    home.append(root)
    placed.add(root.comment.id)
    # Not recursive: an imported discussion may be 1,000 replies deep. Each item is a thread, the
    # list it stands in, and its level.
    waiting = deque([(root, home, 1)])
    crowded: dict[int, list[Thread]] = {}
    while waiting:
        thread, beside, level = waiting.popleft()
        is_flat = level >= max_depth
        place = beside if is_flat else thread.replies
        for reply in replies.get(thread.comment.id, ()):
            if reply.id in placed:
                continue
            placed.add(reply.id)
            child = Thread(reply, reply_to=thread.comment if is_flat else None)
            place.append(child)
            waiting.append((child, place, min(level + 1, max_depth)))
        if is_flat:
            crowded[id(place)] = place
    for place in crowded.values():
        place.sort(key=_thread_date)


def _thread_date(thread: Thread) -> tuple[datetime, str]:
    return _by_date(thread.comment)


def walk(roots: Iterable[Thread]) -> Iterator[Thread]:
    """Yield each thread and all below it, in the order in which they are shown."""
    waiting = [*roots][::-1]
    while waiting:
        thread = waiting.pop()
        yield thread
        waiting += thread.replies[::-1]


# -- What the service needs to know of the site ----------------------------------------------------


def index(
    site: str,
    by_author: str,
    footer: Iterable[tuple[str, str]],
    posts: Iterable[tuple[str, str, bool, date]],
) -> str:
    """
    Return the JSON of the pages one may comment on: (url, plain title, is open, published).

    *by_author*: what stands beside the name over the author's own comments. *footer*: titles and addresses.
    """
    entries: list[dict[str, Any]] = [
        {
            "url": url,
            "title": title,
            "comments": "open" if is_open else "closed",
            "date": published.isoformat()[:10],
        }
        for url, title, is_open, published in posts
    ]
    # No indentation: with it, Python writes JSON twenty times as slowly.
    value = {"site": site, "by_author": by_author, "footer": list(footer), "posts": entries}
    return json.dumps(value, ensure_ascii=False) + "\n"
