"""
What the author's commands call: Django is set up when it is first needed.

The functions of `comment_service.comments.moderation` and `.export`, for callers without Django.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and ":" not in name
    if name in _migrated and (not is_file or Path(name).exists()):
        return
    with _alone():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    _migrated.add(name)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other processes here, and on PostgreSQL on other machines, from doing it too."""
    from django.conf import settings
    from django.core.files import locks
    from django.db import connection

    with Path(settings.COMMENTS_DATA, ".migration").open("a") as file:
        locks.lock(file, locks.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


#: Any number, as long as nobody else in the database uses it.
_MIGRATION_LOCK = 7_401_926


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

    Each has id, page, author, website, text, by_author, state, suspicion (German, or empty),
    parent (an id or None) and created (ISO 8601, UTC).

    Raises:
        ModerationError: There is no such state.
    """
    from comment_service.comments import moderation

    return moderation.listed(state)


@_ready
def shown(comment_id: str) -> dict[str, Any]:
    """
    Return one comment, as `listed` has it.

    Raises:
        ModerationError: The id is unknown.
    """
    from comment_service.comments import moderation

    return moderation.shown(comment_id)


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
def spam(ids: Iterable[str]) -> list[str]:
    """
    Reject the comments, and teach the filter what spam is; return the ids of those changed.

    Raises:
        ModerationError: An id is unknown or erased; then nothing was changed.
    """
    from comment_service.comments import moderation

    return moderation.spam(ids)


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
def rename(comment_id: str, name: str) -> bool:
    """
    Put *name* over the comment; return whether it was another one.

    Raises:
        ModerationError: The id is unknown or erased, or the name cannot be used.
    """
    from comment_service.comments import moderation

    return moderation.rename(comment_id, name)


@_ready
def answer(comment_id: str, text: str, name: str = "") -> str:
    """
    Answer as the author, publicly at once, and approve what is answered; return the new id.

    *name*: default is COMMENTS_AUTHOR, or the name of the last answer.

    Raises:
        ModerationError: The id is unknown or erased, the text is empty, or there is no name.
    """
    from comment_service.comments import moderation

    return moderation.answer(comment_id, text, name)


@_ready
def changes(since: int = 0) -> dict[str, Any]:
    """Return what the public may know and what changed since that revision (all, since 0)."""
    from comment_service.comments import export

    return export.changes(since)


@_ready
def person(name_or_mail: str) -> dict[str, Any]:
    """
    Return all that is stored about a person (Art. 15 DSGVO), by name or by e-mail address.

    ``comments``: as in `listed`, each with ``subscription`` (None, or address, created,
    confirmed); ``mentions``: ids of comments of others in which the name occurs.
    """
    from comment_service.comments import person

    return person.found(name_or_mail)


@_ready
def erase_person(name_or_mail: str) -> list[str]:
    """Erase all comments and subscriptions that `person` names; return the comments' ids."""
    from comment_service.comments import person

    return person.erase(name_or_mail)


@_ready
def pages() -> list[str]:
    """
    Return the addresses of all posts of the built site.

    Raises:
        ModerationError: There is no site yet.
    """
    from comment_service.comments import pages

    try:
        return list(pages.published().pages)
    except pages.PagesUnavailableError as error:
        raise ModerationError(
            "Die Website ist noch nicht gebaut, deshalb ist nicht bekannt, welche Beiträge es gibt "
            "– rufen Sie zuerst „invoke build“ auf."
        ) from error


@_ready
def known(ids: Iterable[str]) -> set[str]:
    """Return those of *ids* that need not be imported: they are there, or were erased."""
    from comment_service.comments import importing

    return importing.known(ids)


@_ready
def insert(imports: Iterable[dict[str, Any]]) -> list[str]:
    """
    Put comments from elsewhere into the database; return the ids of those that were new.

    Each has id, page, author, website, text (Markdown), created (aware), is_approved, by_author.
    """
    from comment_service.comments import importing

    return importing.insert([importing.Import(**one) for one in imports])


@_ready
def link(parents: Iterable[tuple[str, str]]) -> int:
    """Make imported comments answer others, by pairs of ids (answer, answered); return how many."""
    from comment_service.comments import importing

    return importing.link(parents)


@_ready
def backup(target: Path | None = None) -> tuple[Path, int]:
    """
    Write all there is into one file, while the service runs; return it and how many comments.

    *target*: a file, or a folder for a file named by date; default: sicherungen/ in COMMENTS_DATA.

    Raises:
        ModerationError: It cannot be written.
    """
    from comment_service.comments import archive

    return archive.backup(target)


@_ready
def restore(source: Path) -> tuple[Path, int]:
    """
    Put the database into the state of a backup, without what was erased since.

    Return the backup of the state before, which is made first, and how many comments there are.

    Raises:
        ModerationError: It is no whole backup; then nothing was changed.
    """
    from comment_service.comments import archive

    return archive.restore(source)


@_ready
def set_password(name: str, password: str) -> bool:
    """
    Give the moderator *name* that password; say whether the account is new.

    Raises:
        ModerationError: Name or password is not good enough.
    """
    from comment_service.comments import accounts

    return accounts.set_password(name, password)


@_ready
def start_second_factor(name: str) -> str:
    """
    Return the address (otpauth://…) that an app needs to make codes for the moderator *name*.

    Raises:
        ModerationError: There is no such moderator.
    """
    from comment_service.comments import accounts

    return accounts.start_second_factor(name)


@_ready
def confirm_second_factor(name: str, code: str) -> bool:
    """
    Ask for a code at each login from now on, if *code* shows that the app makes the right ones.

    Raises:
        ModerationError: There is no such moderator.
    """
    from comment_service.comments import accounts

    return accounts.confirm_second_factor(name, code)


@_ready
def end_second_factor(name: str) -> bool:
    """
    Ask for the password only; return whether it was otherwise.

    Raises:
        ModerationError: There is no such moderator.
    """
    from comment_service.comments import accounts

    return accounts.end_second_factor(name)


@_ready
def is_readable(source: Path) -> bool:
    """Say whether the addresses in the backup were sealed with the key of this machine."""
    from comment_service.comments import archive

    return archive.is_same_key(source)


def close() -> None:
    """Close the database; whoever asks for something opens it again."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def database_file() -> str:
    """Return the file of the database, or the name of a database that has none."""
    from django.db import connection

    return str(connection.settings_dict["NAME"])
