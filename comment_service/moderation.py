"""
What the author's commands call: Django is set up when it is first needed.

The functions of `comment_service.comments.moderation` and `.export`, for callers without Django.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from plugins.source.problem import AuthorError

P = ParamSpec("P")
R = TypeVar("R")


class ModerationError(AuthorError):
    """Something cannot be done; the message is German, and complete."""


def setup() -> None:
    """
    Make Django, the data folder and the database ready, quietly; again is free.

    Raises:
        ModerationError: A setting is wrong, or the database cannot be opened.
    """
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comment_service.settings")
    try:
        if not apps.ready:
            django.setup()
        _migrate()
    except (ImproperlyConfigured, DatabaseError, OSError, ValueError) as error:
        raise ModerationError(f"Die Kommentare sind nicht erreichbar: {error}") from error


_migrated: set[str] = set()


def _migrate() -> None:
    """Bring the database up to date; of several processes that start at once, one does it."""
    from django.conf import settings
    from django.core.files import locks
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    name = str(connection.settings_dict["NAME"])
    if name in _migrated and (Path(name).exists() or ":" in name):
        return
    with Path(settings.COMMENTS_DATA, ".migration").open("a") as file:
        locks.lock(file, locks.LOCK_EX)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    _migrated.add(name)


def _ready(function: Callable[P, R]) -> Callable[P, R]:
    """Set Django up before *function*, and give its database errors a German name."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        setup()
        from django.db import DatabaseError

        try:
            return function(*args, **kwargs)
        except DatabaseError as error:
            raise ModerationError(f"Die Datenbank der Kommentare streikt: {error}") from error

    return run


@_ready
def listed(state: str | None = None) -> list[dict[str, Any]]:
    """
    Return the comments in *state*, or all but the erased ones, oldest first.

    Each has id, page, author, text, state, parent (an id or None) and created (ISO 8601, UTC).

    Raises:
        ModerationError: There is no such state.
    """
    from comment_service.comments import moderation

    return moderation.listed(state)


@_ready
def approve(ids: Iterable[str]) -> list[str]:
    """
    Make the comments public with the next build; return the ids of those that were not.

    Raises:
        ModerationError: An id is unknown or erased; then nothing was changed.
    """
    from comment_service.comments import moderation

    return moderation.approve(ids)


@_ready
def reject(ids: Iterable[str]) -> list[str]:
    """
    Keep the comments from the public, but in the database; return the ids of those changed.

    Raises:
        ModerationError: An id is unknown or erased; then nothing was changed.
    """
    from comment_service.comments import moderation

    return moderation.reject(ids)


@_ready
def erase(ids: Iterable[str]) -> list[str]:
    """
    Delete text and personal data of the comments for ever; return the ids of those changed.

    Raises:
        ModerationError: An id is unknown; then nothing was changed.
    """
    from comment_service.comments import moderation

    return moderation.erase(ids)


@_ready
def changes(since: int = 0) -> dict[str, Any]:
    """Return what the public may know and what changed since that revision (all, since 0)."""
    from comment_service.comments import export

    return export.changes(since)


@_ready
def set_password(name: str, password: str) -> bool:
    """
    Give the moderator *name* that password; say whether the account is new.

    Raises:
        ModerationError: Name or password is not good enough.
    """
    from comment_service.comments import moderation

    return moderation.set_password(name, password)
