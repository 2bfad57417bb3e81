"""All that is stored about one person: to tell her (Art. 15 DSGVO), or to erase it (Art. 17)."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import Q

from comment_service.comments import moderation, subscriptions
from comment_service.comments.models import Comment, State, Subscription
from comment_service.comments.seal import SealError, digest, unseal
from comment_service.moderation import ModerationError
from plugins.comments.core import clean_line


def found(name_or_mail: str) -> dict[str, Any]:
    """See `comment_service.moderation.person`."""
    wanted = _checked(name_or_mail)
    comments = [
        moderation.as_data(comment) | {"subscription": _subscription(comment)}
        for comment in _comments(wanted)
    ]
    return {"wanted": wanted, "comments": comments, "mentions": _mentions(wanted, comments)}


@transaction.atomic
def erase(name_or_mail: str) -> list[str]:
    """See `comment_service.moderation.erase_person`."""
    wanted = _checked(name_or_mail)
    ids = [comment.pk for comment in _comments(wanted)]
    subscriptions.end(Subscription.objects.filter(Q(comment__in=ids) | _by_mail(wanted)))
    return moderation.erase(ids)


def _checked(name_or_mail: str) -> str:
    wanted = clean_line(name_or_mail)
    if not wanted:
        raise ModerationError("Wer? Nennen Sie einen Namen oder eine E-Mail-Adresse.")
    return wanted


def _comments(wanted: str) -> list[Comment]:
    """Return that person's comments, oldest first; capitals make no difference."""
    folded = wanted.casefold()
    # By hand: SQLite knows capitals of ASCII only, and there are names like Özlem.
    by_name = [
        pk
        for pk, author in Comment.objects.exclude(author="").values_list("pk", "author")
        if author.casefold() == folded
    ]
    by_mail = Subscription.objects.filter(_by_mail(wanted)).values_list("comment_id", flat=True)
    ids = {*by_name, *by_mail}
    comments = Comment.objects.in_bulk(ids)
    return sorted(comments.values(), key=lambda comment: (comment.created, comment.pk))


def _by_mail(wanted: str) -> Q:
    return Q(digest=digest(wanted))


def _subscription(comment: Comment) -> dict[str, Any] | None:
    subscription = Subscription.objects.filter(comment=comment).first()
    if subscription is None:
        return None
    try:
        address = unseal(subscription.address)
    except SealError:
        address = "(mit diesem Schlüssel nicht lesbar)"
    confirmed = subscription.confirmed
    return {
        "address": address,
        "created": subscription.created.astimezone(UTC).isoformat(),
        "confirmed": confirmed.astimezone(UTC).isoformat() if confirmed else None,
    }


def _mentions(wanted: str, comments: list[dict[str, Any]]) -> list[str]:
    """Return the ids of other comments with that name or address in them."""
    own = {comment["id"] for comment in comments}
    others = Comment.objects.exclude(state=State.ERASED).order_by("created", "id")
    folded = wanted.casefold()
    return [
        pk
        for pk, text in others.values_list("pk", "text")
        if pk not in own and folded in text.casefold()
    ]
