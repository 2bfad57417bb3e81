"""Comments that were written elsewhere, put into the database without letters, limits and previews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comment_service.comments.models import Comment, Counter, Erasure, State
from comment_service.comments.moderation import NAME_MAX, answering, number
from comment_service.comments.suspicion import text_fingerprint
from plugins.comments.core import clean_line, clean_text, is_web_address

WEBSITE_MAX = 200
NAMELESS = "Anonym"


@dataclass(frozen=True)
class Import:
    """A comment to be taken over. *id* is the same whenever it is read, so it comes only once."""

    id: str
    page: str
    author: str
    website: str
    text: str
    created: datetime
    is_approved: bool
    by_author: bool


def known(ids: Iterable[str]) -> set[str]:
    """Return those of *ids* that are here or were erased here: they are not taken over again."""
    wanted = list(ids)
    here = Comment.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    erased = Erasure.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    return {*here, *erased}


@transaction.atomic
def insert(imports: Sequence[Import]) -> list[str]:
    """Put those that are not known into the database, answering nothing yet; return their ids."""
    # First, so that another import waits here until this one can be seen.
    revision = Counter.advance()
    there = known(one.id for one in imports)
    rows = {one.id: _row(one, revision) for one in imports if one.id not in there}
    Comment.objects.bulk_create(rows.values())
    return list(rows)


def _row(one: Import, revision: int) -> Comment:
    text = clean_text(one.text).strip()
    return Comment(
        id=one.id,
        page=one.page,
        author=clean_line(one.author)[:NAME_MAX].strip() or NAMELESS,
        website=_website(one.website),
        text=text,
        by_author=one.by_author,
        state=State.APPROVED if one.is_approved else State.PENDING,
        fingerprint=text_fingerprint(text),
        created=one.created,
        revision=revision if one.is_approved else 0,
    )


def _website(address: str) -> str:
    address = clean_line(address)
    is_good = len(address) <= WEBSITE_MAX and "." in address and is_web_address(address)
    return address if is_good else ""


@transaction.atomic
def link(parents: Iterable[tuple[str, str]]) -> int:
    """
    Make the first of each pair answer the second, if it answers nothing yet; return how many.

    The caller sees to it that no circle comes of it.
    """
    wanted = dict(parents)
    children = list(Comment.objects.select_for_update().filter(pk__in=wanted, parent=None))
    answered = Comment.objects.filter(pk__in=wanted.values())
    pages = dict(answered.values_list("pk", "page"))
    linked = [child for child in children if pages.get(wanted[child.pk]) == child.page]
    for child in linked:
        child.parent_id = wanted[child.pk]
    Comment.objects.bulk_update(linked, ["parent"])
    public = [child.pk for child in linked if child.state == State.APPROVED]
    if moved := [*public, *answering(linked)]:
        number(moved)
    return len(linked)
