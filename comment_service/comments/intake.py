"""From a signed draft to a comment that waits for approval."""

from __future__ import annotations

from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from comment_service.comments.models import Comment, State
from comment_service.comments.tokens import Draft


class ParentGoneError(Exception):
    """The comment to be answered is not public (any more)."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"{draft.id} answers {draft.parent}")
        #: The same comment, answering none.
        self.draft = replace(draft, parent="")


def approved_parent(page: str, comment_id: str) -> Comment | None:
    """Return the comment that may be answered: public, and on that page."""
    return Comment.objects.filter(pk=comment_id, page=page, state=State.APPROVED).first()


def take_in(draft: Draft) -> Comment:
    """
    Return the comment made of *draft*, which may have been made before (a double click).

    Raises:
        ParentGoneError: It answers one that is not public any more; nothing was kept.
    """
    try:
        return _take_in(draft)
    except IntegrityError:
        # Two at the same moment, on a database that lets both begin.
        return Comment.objects.get(pk=draft.id)


@transaction.atomic
def _take_in(draft: Draft) -> Comment:
    known = Comment.objects.filter(pk=draft.id).first()
    if known is not None:
        return known
    parent = approved_parent(draft.page, draft.parent) if draft.parent else None
    if draft.parent and parent is None:
        raise ParentGoneError(draft)
    return Comment.objects.create(
        id=draft.id,
        page=draft.page,
        parent=parent,
        author=draft.name,
        email=draft.email,
        website=draft.website,
        text=draft.text,
        created=timezone.now(),
    )
