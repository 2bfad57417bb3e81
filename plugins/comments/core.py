"""Comments as readers see them: text, threads, the snapshot of approved ones and its deltas."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

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


def _checked_website(url: str) -> str:
    if url and not is_web_address(url):
        raise ValueError("keine Webadresse")
    return url


@lru_cache(10_000)
def _checked_page(page: str) -> str:
    if not page.startswith("/") or page.startswith("//") or re.search(r"[\s<>\"\\?#]", page):
        raise ValueError("kein Pfad einer Seite")
    return page


def _empty_if_none(value: object) -> object:
    return "" if value is None else value


#: A comment in a snapshot's JSON.
RawComment = dict[str, Any]
Described = TypeVar("Described")
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Comment(BaseModel):
    """An approved comment, as the export and the snapshot have it; unknown fields are dropped."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: Id
    page: Annotated[str, AfterValidator(_checked_page)]
    parent: Id | None = None
    author: Annotated[str, AfterValidator(clean_line), Field(min_length=1)]
    website: Annotated[
        str,
        BeforeValidator(_empty_if_none),
        AfterValidator(_checked_website),
        Field(default=""),
    ]
    text: Annotated[str, AfterValidator(clean_text)]
    created: AwareDatetime
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
        return self.model_copy(update={"created": self.created.astimezone(zone)})


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


# -- Snapshot -------------------------------------------------------------------------------------


class Snapshot(BaseModel):
    """The approved comments at a revision; an export since an earlier one has the same form."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    revision: Annotated[int, Field(ge=0)]
    comments: tuple[Comment, ...]
    #: Ids of comments that were public once and are no more.
    erased: tuple[Id, ...]
    #: Which database it comes from; revisions of two databases cannot be compared.
    store: str = ""

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Snapshot:
        ids = [comment.id for comment in self.comments]
        if len(ids) != len(set(ids)):
            raise ValueError("eine Kennung kommt doppelt vor")
        return self


def parse_snapshot(data: str | bytes, name: str) -> Snapshot:
    """
    Return the snapshot that the JSON *data* describes; *name* says in messages where it is from.

    Raises:
        SnapshotError: It is not JSON, or not a snapshot.
    """
    return _snapshot(_value(data, name), name)


def _value(data: str | bytes, name: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        place = f" (ab Zeile {line})" if line else ""
        raise SnapshotError(name, f"Das ist kein lesbares JSON{place}.") from error


def _snapshot(value: Any, name: str) -> Snapshot:
    try:
        return Snapshot.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SnapshotError(name, _reason(first), where) from error


def _reason(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "Dieses Feld fehlt."
    if not error["loc"] and isinstance(error["input"], dict):
        return f"Das ist kein Stand der Kommentare: {error['ctx']['error']}."
    shown = json.dumps(error["input"], ensure_ascii=False, default=str)
    return f"Das kann hier nicht stehen: {shown if len(shown) <= 60 else shown[:59] + '…'}."


def raw_pages(
    data: bytes, name: str, describe: Callable[[list[RawComment]], Described]
) -> dict[str, tuple[list[RawComment], Described]]:
    """
    Return the comments of each page as the snapshot *data* has them, and what *describe* makes of them.

    *describe* raises a ValidationError if `comments_of` does not accept those of a page; who remembers that
    it did need not make 100,000 objects because one is new.

    Raises:
        SnapshotError: As `parse_snapshot` does.
    """
    value = _value(data, name)
    pages = _grouped(value)
    if pages is not None:
        with suppress(ValidationError):
            return {page: (raw, describe(raw)) for page, raw in pages.items()}
    # All of them in order, to say which is wrong.
    found: defaultdict[str, list[RawComment]] = defaultdict(list)
    for comment in _snapshot(value, name).comments:
        found[comment.page].append(comment.model_dump(mode="json"))
    return {page: (raw, describe(raw)) for page, raw in found.items()}


def _grouped(value: Any) -> dict[str, list[RawComment]] | None:
    """Return the comments by page; None if something beside their fields is not as it must be."""
    pages: defaultdict[str, list[RawComment]] = defaultdict(list)
    try:
        Snapshot.model_validate({**value, "comments": ()})
        comments = value["comments"]
        for comment in comments:
            pages[comment["page"]].append(comment)
        is_list = type(comments) is list and {*map(type, comments)} <= {dict}
        is_unique = len({comment["id"] for comment in comments}) == len(comments)
    except (TypeError, KeyError, ValidationError):
        return None
    return dict(pages) if is_list and is_unique else None


def comments_of(raw: Iterable[RawComment]) -> list[Comment]:
    """
    Return the comments that a page has in a snapshot.

    Raises:
        ValidationError: One of them is none.
    """
    return [Comment.model_validate(one) for one in raw]


def dump_snapshot(snapshot: Snapshot) -> str:
    """Return *snapshot* as JSON, one comment a line: equal snapshots give equal bytes."""
    value = snapshot.model_dump(mode="json")
    lines = [json.dumps(comment, ensure_ascii=False) for comment in value.pop("comments")]
    head = json.dumps(value, ensure_ascii=False)[:-1]
    return head + ', "comments": [' + ",".join("\n" + line for line in lines) + "\n]}\n"


def is_newer(snapshot: Snapshot, delta: Snapshot) -> bool:
    """Say whether *delta*, asked for since *snapshot*'s revision, can be applied to it."""
    return delta.store == snapshot.store and delta.revision >= snapshot.revision


def apply_delta(snapshot: Snapshot, delta: Snapshot) -> Snapshot:
    """
    Return *snapshot* with the changes that *delta* brings; comments oldest first.

    Raises:
        ValueError: *delta* is older, or from another database: only a full export helps.
    """
    if not is_newer(snapshot, delta):
        raise ValueError("a delta must be newer than the snapshot, and from the same database")
    comments = {comment.id: comment for comment in snapshot.comments}
    comments.update((comment.id, comment) for comment in delta.comments)
    for erased in delta.erased:
        comments.pop(erased, None)
    gone = {*snapshot.erased, *delta.erased} - comments.keys()
    return Snapshot(
        revision=delta.revision,
        comments=tuple(sorted(comments.values(), key=_by_date)),
        erased=tuple(sorted(gone)),
        store=delta.store,
    )


def lost(old: Snapshot, new: Snapshot) -> int:
    """Return how many comments of *old* are missing in *new* without being named as erased."""
    explained = {comment.id for comment in new.comments} | set(new.erased)
    return sum(comment.id not in explained for comment in old.comments)


# -- What the service needs to know of the site ----------------------------------------------------


def index(site: str, by_author: str, posts: Iterable[tuple[str, str, bool, date]]) -> str:
    """
    Return the JSON of the pages one may comment on: (url, plain title, is open, published).

    *by_author*: what stands beside the name over the author's own comments.
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
    value = {"site": site, "by_author": by_author, "posts": entries}
    return json.dumps(value, ensure_ascii=False) + "\n"
