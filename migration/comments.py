"""From an export into the comment service's database: once, however often it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from comment_service import moderation
from migration.addresses import Addresses
from migration.foreign import KEPT, Comment, Fate

_AT_ONCE = 500

T = TypeVar("T")


@dataclass
class Summary:
    """What an import came to: numbers of comments."""

    read: int = 0
    new: Counter[Fate] = field(default_factory=Counter)
    #: Were there already, or have been erased here.
    known: int = 0
    left_out: Counter[Fate] = field(default_factory=Counter)
    #: By old address: fits no post of ours.
    homeless: Counter[str] = field(default_factory=Counter)
    #: From addresses that the author wants nothing of.
    unwanted: int = 0


class _Seen(NamedTuple):
    """What must be known of every comment of an export until its end."""

    id: str
    order: tuple[datetime, str]
    parent: str
    is_kept: bool


def import_comments(
    comments: Iterable[Comment],
    source: str,
    addresses: Addresses,
    *,
    author: str = "",
    is_trial: bool = False,
) -> Summary:
    """
    Put *comments* of the system *source* into the database, and return what became of them.

    *author*: the name under which the blog's author wrote; her comments are marked. *is_trial*: nothing
    is changed. Answers find what they answer at the end: exports name it in any order.
    """
    summary = Summary()
    seen: dict[str, _Seen] = {}
    for batch in _batches(_kept(comments, source, addresses, seen, summary, author)):
        ids = [one["id"] for one in batch]
        new = set(ids) - moderation.known(ids) if is_trial else set(moderation.insert(batch))
        summary.known += len(batch) - len(new)
        summary.new.update(_fate(one) for one in batch if one["id"] in new)
    if not is_trial:
        for pairs in _batches(_answers(seen)):
            moderation.link(pairs)
    return summary


def _fate(one: dict[str, Any]) -> Fate:
    return Fate.APPROVED if one["is_approved"] else Fate.PENDING


def _kept(
    comments: Iterable[Comment],
    source: str,
    addresses: Addresses,
    seen: dict[str, _Seen],
    summary: Summary,
    author: str,
) -> Iterator[dict[str, Any]]:
    """Yield what goes into the database; note in *seen* and *summary* what was read."""
    for comment in comments:
        summary.read += 1
        page = addresses.page(comment.place) if comment.fate in KEPT else None
        identifier = _id(source, comment)
        is_first = comment.key not in seen
        is_kept = bool(page) and is_first
        if is_first:
            order = (comment.created, comment.key.rjust(20))
            seen[comment.key] = _Seen(identifier, order, comment.parent, is_kept)
        if comment.fate not in KEPT:
            summary.left_out[comment.fate] += 1
        elif page is None:
            summary.homeless[comment.place.address] += 1
        elif not page:
            summary.unwanted += 1
        elif not is_first:
            summary.known += 1
        else:
            yield {
                "id": identifier,
                "page": page,
                "author": comment.author,
                "website": comment.website,
                "text": comment.text,
                "created": comment.created,
                "is_approved": comment.fate is Fate.APPROVED,
                # Where the export tells who was logged in, a stranger's use of the name is none of hers.
                "by_author": bool(author)
                and comment.author.strip() == author
                and comment.is_member is not False,
            }


def _id(source: str, comment: Comment) -> str:
    """Return an id that the comment has in every export: two blogs may both have a comment 1."""
    whole = "\0".join((source, comment.key, comment.created.isoformat()))
    return "i" + blake2b(whole.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _answers(seen: dict[str, _Seen]) -> Iterator[tuple[str, str]]:
    """Yield (answer, answered): the nearest comment above that was kept, and that is older."""
    for one in seen.values():
        if not one.is_kept:
            continue
        above, passed = one.parent, {""}
        while above not in passed and above in seen and not seen[above].is_kept:
            passed.add(above)
            above = seen[above].parent
        # Older in one fixed order, so that no damaged export can make comments go round in circles.
        if above in seen and seen[above].is_kept and seen[above].order < one.order:
            yield one.id, seen[above].id


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _AT_ONCE)):
        yield batch
