"""What the moderator can do with comments. Nothing else changes state and revision."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from comment_service.comments.models import Comment, Counter, State
from comment_service.moderation import ModerationError


def listed(state: str | None = None) -> list[dict[str, Any]]:
    """See `comment_service.moderation.listed`."""
    comments = Comment.objects.order_by("created", "id")
    if state is None:
        comments = comments.exclude(state=State.ERASED)
    elif state in State.values:
        comments = comments.filter(state=state)
    else:
        raise ModerationError(
            f"Diesen Zustand gibt es nicht: {state!r}. Möglich sind {', '.join(State.values)}."
        )
    return [
        {
            "id": comment.id,
            "page": comment.page,
            "author": comment.author,
            "text": comment.text,
            "state": comment.state,
            "parent": comment.parent_id,
            "created": comment.created.astimezone(UTC).isoformat(),
        }
        for comment in comments
    ]


def approve(ids: Iterable[str]) -> list[str]:
    """See `comment_service.moderation.approve`."""
    return _change(ids, State.APPROVED)


def reject(ids: Iterable[str]) -> list[str]:
    """See `comment_service.moderation.reject`."""
    return _change(ids, State.REJECTED)


def erase(ids: Iterable[str]) -> list[str]:
    """See `comment_service.moderation.erase`."""
    return _change(ids, State.ERASED)


@transaction.atomic
def _change(ids: Iterable[str], state: State) -> list[str]:
    changing = [comment for comment in _found(ids) if comment.state != state]
    if state != State.ERASED:
        _refuse_erased(changing)
    visible = [c for c in changing if State.APPROVED in (c.state, state)]
    for comment in changing:
        comment.state = state
        if state == State.ERASED:
            comment.author = comment.email = comment.website = comment.text = ""
        comment.save(update_fields=["state", "author", "email", "website", "text"])
    if visible:
        _number([*(c.id for c in visible), *_answering(visible)])
    if state == State.ERASED:
        transaction.on_commit(_forget)
    return [comment.id for comment in changing]


def _found(ids: Iterable[str]) -> list[Comment]:
    """Return the comments in the order of *ids*, each once, locked until the transaction ends."""
    wanted = list(dict.fromkeys(ids))
    found = {c.id: c for c in Comment.objects.select_for_update().filter(pk__in=wanted)}
    unknown = [comment_id for comment_id in wanted if comment_id not in found]
    if unknown:
        raise ModerationError(
            f"Unbekannte Kennung: {', '.join(unknown)}. Es wurde nichts geändert; "
            "die Kennungen zeigt „invoke comments.list“."
        )
    return [found[comment_id] for comment_id in wanted]


def _refuse_erased(comments: Iterable[Comment]) -> None:
    erased = [comment.id for comment in comments if comment.state == State.ERASED]
    if erased:
        what = "Gelöscht ist gelöscht, das lässt sich nicht zurücknehmen"
        raise ModerationError(f"{what}: {', '.join(erased)}. Es wurde nichts geändert.")


def _answering(comments: Iterable[Comment]) -> list[str]:
    """
    Return the ids of the public comments whose parent in the export depends on *comments*.

    It is the nearest public ancestor, so it changes if one in between appears or goes.
    """
    found: list[str] = []
    level = [comment.id for comment in comments]
    while level:
        replies = list(Comment.objects.filter(parent__in=level).values_list("id", "state"))
        found += [reply for reply, state in replies if state == State.APPROVED]
        level = [reply for reply, state in replies if state != State.APPROVED]
    return found


def _number(ids: Iterable[str]) -> None:
    """Give the comments the next revision, so that the next export names them."""
    revision = Counter.advance()
    Comment.objects.filter(pk__in=set(ids)).update(revision=revision)


def _forget() -> None:
    """Clear SQLite's log too: it keeps what pages were before, until it is next rewound."""
    if connection.vendor == "sqlite":
        with suppress(DatabaseError), connection.cursor() as cursor:
            # A reader at work may hold it back; then the next checkpoint does it.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def set_password(name: str, password: str) -> bool:
    """See `comment_service.moderation.set_password`."""
    users = get_user_model()
    user = users.objects.filter(username=name).first()
    is_new = user is None
    user = user or users(username=name)
    user.is_staff = user.is_superuser = user.is_active = True
    try:
        validate_password(password, user)
        user.set_password(password)
        user.full_clean()
    except ValidationError as error:
        raise ModerationError(" ".join(error.messages)) from error
    user.save()
    return is_new
