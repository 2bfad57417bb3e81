"""The snapshot of approved comments and its deltas: read, checked, applied, written."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

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

from plugins.comments.core import Comment, SnapshotError, clean_line, clean_text, is_web_address


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


class Approved(BaseModel):
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


class Snapshot(BaseModel):
    """The approved comments at a revision; an export since an earlier one has the same form."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    revision: Annotated[int, Field(ge=0)]
    comments: tuple[Approved, ...]
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


def load(path: Path) -> tuple[Snapshot | None, str]:
    """Return the snapshot in the file *path*; or None, and why if there is one."""
    try:
        return parse_snapshot(path.read_bytes(), str(path)), ""
    except FileNotFoundError:
        return None, ""
    except SnapshotError as error:
        return None, str(error)
    except OSError as error:
        return None, f"{path}: nicht lesbar ({error.strerror})."


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
    return [Comment(**dict(Approved.model_validate(one))) for one in raw]


def _by_date(comment: Approved) -> tuple[datetime, str]:
    return comment.created, comment.id


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
