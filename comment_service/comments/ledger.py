"""
What must not come back: the ids of erased comments and ended subscriptions.

In the database, and in a file beside it that survives the database: whoever restores a backup into
an empty one needs to know what was erased since. The ids were made at random and name nobody.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comment_service.comments.models import Erasure

FILE = "geloescht.txt"
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")

logger = logging.getLogger(__name__)


def record(ids: Iterable[str]) -> None:
    """Remember *ids* in this transaction, and in the file when it has come to an end."""
    now = timezone.now()
    rows = [Erasure(id=erased, at=now) for erased in ids]
    Erasure.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(lambda: _append([row.id for row in rows]))


def recorded() -> set[str]:
    """Return all ids in the database and in the file."""
    return set(Erasure.objects.values_list("id", flat=True)) | _in_file()


def _path() -> Path:
    return Path(settings.COMMENTS_DATA, FILE)


def _append(ids: list[str]) -> None:
    try:
        descriptor = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("".join(f"{erased}\n" for erased in ids))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        # The database has them; the file is for the day when that is lost.
        logger.error("%s: %s", _path(), error.strerror)


def _in_file() -> set[str]:
    try:
        lines = _path().read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return set()
    # A line cut off by a crash is the start of an id, and no other id is that short.
    return {line for line in lines if _ID.fullmatch(line)}
