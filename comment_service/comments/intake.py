"""From a signed draft to a comment that waits for approval."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from comment_service.comments import letters, subscriptions, throttle
from comment_service.comments.models import Comment, State
from comment_service.comments.suspicion import suspicion, text_fingerprint
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


def take_in(draft: Draft, network: str | None = None) -> Comment:
    """
    Return the comment made of *draft*, which may have been made before (a double click).

    *network*: whence it comes, see `network`; None: nobody knows.

    Raises:
        ParentGoneError: It answers one that is not public any more; nothing was kept.
        TooManyError: From there, or on that page, there were too many; nothing was kept.
    """
    doubt = suspicion(draft)
    # Counted before, and kept even if the rest is undone: a mail is not.
    wants_mail = (
        bool(draft.email)
        and subscriptions.are_possible()
        and not Comment.objects.filter(pk=draft.id).exists()
        and subscriptions.may_ask(draft.email)
    )
    try:
        return _take_in(draft, doubt, network, wants_mail)
    except (IntegrityError, ParentGoneError, throttle.TooManyError):
        # Most of all, it may be there already, be it for an hour or since a moment ago.
        known = Comment.objects.filter(pk=draft.id).first()
        if known is None:
            raise
        return known


@transaction.atomic
def _take_in(draft: Draft, doubt: str, network: str | None, wants_mail: bool) -> Comment:
    parent = approved_parent(draft.page, draft.parent) if draft.parent else None
    if draft.parent and parent is None:
        raise ParentGoneError(draft)
    _count(draft.page, network)
    comment = Comment.objects.create(
        id=draft.id,
        page=draft.page,
        parent=parent,
        author=draft.name,
        website=draft.website,
        text=draft.text,
        suspicion=doubt,
        fingerprint=text_fingerprint(draft.text),
        created=timezone.now(),
    )
    letters.tell_author(comment)
    if wants_mail:
        subscriptions.ask(comment, draft.email)
    return comment


def _count(page: str, network: str | None) -> None:
    if network is not None:
        throttle.take("network", network, throttle.Limit(settings.COMMENTS_PER_NETWORK))
    throttle.take("page", page, throttle.Limit(settings.COMMENTS_PER_PAGE))
