"""
Backups: everything in one file, the same for SQLite and PostgreSQL.

A gzip file of JSON lines: a head, one row of a table a line, and an end that counts them, so that a
file cut short is known for what it is. Throttling, sessions and letters are not in it. Addresses
are sealed as in the database: the key is a file of its own, `schluessel`, to be kept elsewhere.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from comment_service.comments import ledger, moderation
from comment_service.comments.models import (
    Allowance,
    Comment,
    Counter,
    Erasure,
    Knowledge,
    Letter,
    Salt,
    State,
    Subscription,
    new_id,
)
from comment_service.moderation import ModerationError

FORMAT = "mittwochspost-kommentare"
VERSION = 1
FOLDER = "sicherungen"
_CHUNK = 500


def _kept() -> tuple[type[models.Model], ...]:
    """Return the tables of a backup, each after those it refers to."""
    return (
        Counter,
        get_user_model(),
        TOTPDevice,
        Comment,
        Subscription,
        Erasure,
        Knowledge,
    )


# -- Backup ---------------------------------------------------------------------------------------


def backup(target: Path | None = None) -> tuple[Path, int]:
    """See `comment_service.moderation.backup`."""
    path = _file(target)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made by mkstemp, so with mode 0600 from the start.
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                count = _write(file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ModerationError(
            f"{path}: Die Sicherung lässt sich nicht schreiben ({error.strerror})."
        ) from error
    return path, count


def _file(target: Path | None) -> Path:
    folder = Path(settings.COMMENTS_DATA, FOLDER) if target is None else target
    if target is not None and not target.is_dir():
        return target
    return folder / f"kommentare-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.jsonl.gz"


def _write(file: Any) -> int:
    """Write head, rows and end; return the number of comments."""
    comments = 0
    with gzip.open(file, "wt", encoding="utf-8", newline="\n") as lines, _snapshot():
        lines.write(json.dumps(_head()) + "\n")
        total = 0
        for model in _kept():
            for line in _rows(model):
                lines.write(line)
                total += 1
                comments += model is Comment
        lines.write(json.dumps({"rows": total}) + "\n")
    return comments


def _head() -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "key": _key_mark(),
    }


def _key_mark() -> str:
    """Return what tells the secret key from others, and does not betray it."""
    return sha256(f"backup\0{settings.SECRET_KEY}".encode()).hexdigest()[:16]


def _rows(model: type[models.Model]) -> Iterator[str]:
    rows = model._default_manager.order_by("pk").iterator(chunk_size=_CHUNK)
    while batch := list(islice(rows, _CHUNK)):
        text: str = serializers.serialize("jsonl", batch, cls=_Encoder)
        yield from text.splitlines(keepends=True)


class _Encoder(DjangoJSONEncoder):
    """Times to the microsecond; Django's own encoder drops the last three digits."""

    def default(self, o: object) -> object:
        """Return what JSON knows for *o*."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@contextmanager
def _snapshot() -> Iterator[None]:
    """Show one state of the database, whatever others write meanwhile; nobody waits for us."""
    begin = {
        # Django would begin with IMMEDIATE and keep all writers waiting. A transaction that only
        # reads sees the database as it was at its first statement.
        "sqlite": "BEGIN DEFERRED",
        "postgresql": "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    }
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(begin[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


# -- Restore --------------------------------------------------------------------------------------


def restore(source: Path) -> tuple[Path, int]:
    """See `comment_service.moderation.restore`."""
    # Whole and readable to its end, before anything is touched.
    _check(source)
    erased = ledger.recorded()
    try:
        with transaction.atomic():
            _keep_others_waiting()
            before, _ = backup()
            number = Counter.current().number
            _empty()
            for batch in _batches(source):
                _insert(batch)
            _reset_sequences()
            _restart(number)
            _erase_again(erased)
    except (DatabaseError, DeserializationError) as error:
        raise ModerationError(
            f"{source}: Die Sicherung passt nicht zu diesem Programm: {error}. Es wurde nichts "
            "geändert."
        ) from error
    return before, Comment.objects.exclude(state=State.ERASED).count()


def _keep_others_waiting() -> None:
    """Let nobody write until the end; on SQLite that is so in every transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Comment._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def is_same_key(source: Path) -> bool:
    """Say whether the addresses in the backup can be read with the key of this machine."""
    return bool(_check(source)["key"] == _key_mark())


def _check(source: Path) -> dict[str, Any]:
    """
    Return the head of the backup.

    Raises:
        ModerationError: It is none, or not whole.
    """
    try:
        head: dict[str, Any] = {}
        end: Any = None
        rows = -2
        for rows, line in enumerate(_lines(source), -1):
            if rows == -1:
                head = json.loads(line)
                _refuse_foreign(source, head)
            end = line
        if rows < 0 or json.loads(end) != {"rows": rows}:
            raise EOFError
        return head
    except FileNotFoundError:
        raise ModerationError(f"{source}: Diese Sicherung gibt es nicht.") from None
    except (EOFError, gzip.BadGzipFile, ValueError, OSError) as error:
        raise ModerationError(
            f"{source}: Das ist keine vollständige Sicherung ({error or 'das Ende fehlt'}). Es "
            "wurde nichts geändert."
        ) from error


def _refuse_foreign(source: Path, head: Any) -> None:
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ModerationError(f"{source}: Das ist keine Sicherung der Kommentare.")
    if head.get("version", 0) > VERSION:
        raise ModerationError(
            f"{source}: Diese Sicherung ist von einer neueren Fassung des Programms – bringen Sie "
            "zuerst das Programm auf deren Stand."
        )


def _lines(source: Path) -> Iterator[str]:
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        yield from lines


def _batches(source: Path) -> Iterator[list[models.Model]]:
    """Yield the rows of the backup, each list from one table."""
    known = set(_kept())
    batch: list[models.Model] = []
    for row in _objects(source):
        if type(row) not in known:
            raise DeserializationError(f"unbekannte Tabelle {row._meta.label}")
        if batch and (type(batch[0]) is not type(row) or len(batch) == _CHUNK):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _objects(source: Path) -> Iterator[models.Model]:
    lines = _lines(source)
    next(lines)
    for line in lines:
        if line.startswith('{"rows":'):
            return
        # A column that is gone is passed over, and so is a whole table: that would be a loss.
        found = list(serializers.deserialize("jsonl", [line], ignorenonexistent=True))
        if not found:
            raise DeserializationError(f"unbekannte Tabelle in der Zeile {line[:40]!r}")
        yield found[0].object


def _empty() -> None:
    tables = [model._meta.db_table for model in (Letter, *reversed(_kept()), Allowance, Salt)]
    with connection.cursor() as cursor:
        # Groups and permissions of users, and what they did in the admin, refer to them.
        for table in ("django_admin_log", "auth_user_groups", "auth_user_user_permissions"):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _insert(rows: list[models.Model]) -> None:
    type(rows[0])._default_manager.bulk_create(rows)


def _reset_sequences() -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), list(_kept()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _restart(number: int) -> None:
    """Tell builds that revisions from before count no more: they fetch everything, once."""
    counter = Counter.objects.select_for_update().get_or_create(pk=1)[0]
    counter.number = max(number, counter.number) + 1
    counter.store = f"{counter.store.partition('.')[0]}.{new_id()}"
    counter.save()


def _erase_again(erased: Iterable[str]) -> None:
    """Erase what has been erased since the backup was made."""
    ids = list(erased)
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        Subscription.objects.filter(pk__in=some).delete()
        comments = Comment.objects.filter(pk__in=some).exclude(state=State.ERASED)
        moderation.erase(list(comments.values_list("pk", flat=True)))
        rest = Erasure.objects.filter(pk__in=some).values_list("pk", flat=True)
        ledger.record(set(some) - set(rest))
