"""What the moderator can do with comments. Nothing else changes state and revision."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from comment_service.comments import letters, subscriptions, suspicion
from comment_service.comments.ledger import record
from comment_service.comments.models import Comment, Counter, State
from comment_service.moderation import ModerationError
from plugins.comments.core import clean_line, clean_text

NAME_MAX = 80


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
    return [as_data(comment) for comment in comments]


def shown(comment_id: str) -> dict[str, Any]:
    """See `comment_service.moderation.shown`."""
    return as_data(_found([comment_id])[0])


def as_data(comment: Comment) -> dict[str, Any]:
    """Return what the author may know of *comment*, as plain data."""
    return {
        "id": comment.id,
        "page": comment.page,
        "author": comment.author,
        "website": comment.website,
        "text": comment.text,
        "by_author": comment.by_author,
        "state": comment.state,
        "suspicion": comment.suspicion,
        "parent": comment.parent_id,
        "created": comment.created.astimezone(UTC).isoformat(),
    }


def approve(ids: Iterable[str]) -> list[str]:
    """See `comment_service.moderation.approve`."""
    return _change(ids, State.APPROVED)


def reject(ids: Iterable[str]) -> list[str]:
    """See `comment_service.moderation.reject`."""
    return _change(ids, State.REJECTED)


def spam(ids: Iterable[str]) -> list[str]:
    """See `comment_service.moderation.spam`."""
    return _change(ids, State.SPAM)


def erase(ids: Iterable[str]) -> list[str]:
    """See `comment_service.moderation.erase`."""
    return _change(ids, State.ERASED)


@transaction.atomic
def decide(comment_id: str, state: State, decisions: int) -> bool:
    """Change the state of that comment if exactly *decisions* were made on it; say whether."""
    comment = Comment.objects.select_for_update().filter(pk=comment_id).first()
    if comment is None or comment.decisions != decisions or comment.state == State.ERASED:
        return False
    return bool(_change([comment_id], state))


@transaction.atomic
def _change(ids: Iterable[str], state: State) -> list[str]:
    changing = [comment for comment in _found(ids) if comment.state != state]
    if state != State.ERASED:
        _refuse_erased(changing)
    visible = [c for c in changing if State.APPROVED in (c.state, state)]
    now = timezone.now()
    for comment in changing:
        comment.state = state
        comment.decisions += 1
        comment.decided = now
    suspicion.learn(changing)
    for comment in changing:
        if state == State.ERASED:
            _empty(comment)
        comment.save()
    if visible:
        number([*(c.id for c in visible), *answering(visible)])
    if state == State.APPROVED:
        letters.announce(changing)
    elif state in (State.SPAM, State.ERASED):
        subscriptions.end_for(changing)
    if state == State.ERASED:
        record([comment.id for comment in changing])
        transaction.on_commit(_forget)
    return [comment.id for comment in changing]


def _empty(comment: Comment) -> None:
    """Take from *comment* all that its writer gave."""
    comment.author = comment.website = comment.text = ""
    comment.suspicion = comment.fingerprint = ""


@transaction.atomic
def rename(comment_id: str, name: str) -> bool:
    """See `comment_service.moderation.rename`."""
    name = _good_name(name)
    comment = _found([comment_id])[0]
    _refuse_erased([comment])
    if comment.author == name:
        return False
    comment.author = name
    comment.save(update_fields=["author"])
    if comment.state == State.APPROVED:
        number([comment.id])
    return True


@transaction.atomic
def answer(comment_id: str, text: str, name: str = "") -> str:
    """See `comment_service.moderation.answer`."""
    text = clean_text(text).strip()
    if not text:
        raise ModerationError("Ihre Antwort ist leer – es wurde nichts geändert.")
    parent = _found([comment_id])[0]
    _refuse_erased([parent])
    comment = Comment.objects.create(
        page=parent.page,
        parent=parent,
        author=_good_name(name or own_name()),
        text=text,
        by_author=True,
        created=timezone.now(),
    )
    # Together: an answer to what nobody can see would puzzle readers.
    _change([parent.id], State.APPROVED)
    _change([comment.id], State.APPROVED)
    return comment.id


def own_name() -> str:
    """Return the name under the author's answers: as it is set, or as she wrote last."""
    last = Comment.objects.filter(by_author=True).exclude(author="").order_by("created").last()
    return settings.COMMENTS_AUTHOR or (last.author if last else "")


def _good_name(name: str) -> str:
    name = clean_line(name)
    if not name:
        raise ModerationError(
            "Es fehlt ein Name – geben Sie einen an; für Ihre eigenen Antworten gilt sonst "
            "COMMENTS_AUTHOR."
        )
    if len(name) > NAME_MAX:
        raise ModerationError(f"Der Name ist zu lang – möglich sind {NAME_MAX} Zeichen.")
    return name


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


def answering(comments: Iterable[Comment]) -> list[str]:
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


def number(ids: Iterable[str]) -> None:
    """Give the comments the next revision, so that the next export names them."""
    revision = Counter.advance()
    Comment.objects.filter(pk__in=set(ids)).update(revision=revision)


def _forget() -> None:
    """Clear SQLite's log too: it keeps what pages were before, until it is next rewound."""
    if connection.vendor == "sqlite":
        with suppress(DatabaseError), connection.cursor() as cursor:
            # A reader at work may hold it back; then the next checkpoint does it.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
