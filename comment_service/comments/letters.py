"""Mails that are to go out: put down together with what they are about, sent by `postman`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from comment_service.comments.models import Comment, Letter, Subscription

Kind = Letter.Kind


def tell_author(comment: Comment) -> None:
    """Let the author know of *comment*, if she wants to; what looks like spam waits for her."""
    if settings.EMAIL_HOST and settings.COMMENTS_MAIL_TO and not comment.suspicion:
        _put(Kind.MODERATE, comment)


def request_confirmation(subscription: Subscription) -> None:
    """Ask the owner of the address whether it was her."""
    if settings.EMAIL_HOST:
        _put(Kind.CONFIRM, subscription.comment, subscription)


def announce(approved: Iterable[Comment]) -> None:
    """
    Tell those who were answered by one of *approved*, once.

    And ask those whose own comment was held back as suspicious whether they want such mails.
    """
    if not settings.EMAIL_HOST:
        return
    # What was public before has been announced before.
    new = {comment.pk: comment for comment in approved if not comment.revision}
    parents = {comment.parent_id for comment in new.values()}
    concerned = {
        subscription.comment_id: subscription
        for subscription in Subscription.objects.filter(comment__in=[*new, *parents])
    }
    for comment in new.values():
        own, answered = concerned.get(comment.pk), concerned.get(comment.parent_id or "")
        if own is not None and comment.suspicion and not own.confirmed:
            request_confirmation(own)
        if answered is not None and answered.confirmed:
            _put(Kind.REPLY, comment, answered)


def _put(kind: Any, comment: Comment, subscription: Subscription | None = None) -> None:
    now = timezone.now()
    Letter.objects.create(
        kind=kind, comment=comment, subscription=subscription, created=now, due=now
    )
