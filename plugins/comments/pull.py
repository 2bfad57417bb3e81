"""Refresh the snapshot of approved comments, from the database here or from a server."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from plugins.incremental import scan
from plugins.source.problem import AuthorError

LOCAL = "local"
PROJECT = Path(__file__).resolve().parents[2]

#: A revision that none has: who asks for what came after it gets the state, and no comments.
_NO_REVISION = 10**18 - 1


class PullError(AuthorError):
    """There is no snapshot to build with, and none to be had. The message is German, complete."""


class SourceError(Exception):
    """The source gave no usable answer; the message is German and says why."""


@dataclass(frozen=True)
class PullResult:
    """What a pull came to; *message* is a German sentence for the author."""

    snapshot: Path
    revision: int
    count: int
    #: The file has other comments than before.
    is_changed: bool
    #: False: the source could not be used, and the last good snapshot was kept.
    is_fresh: bool
    message: str


def default_snapshot() -> Path:
    """Return the snapshot's usual place: in the folder with the service's data."""
    return Path(os.environ.get("COMMENTS_DATA") or PROJECT / "data") / "kommentare.json"


def pull(
    source: str = LOCAL,
    snapshot: str | os.PathLike[str] | None = None,
    *,
    token: str | None = None,
) -> PullResult:
    """
    Bring the file *snapshot* up to date from *source*: "local" or the address of an export.

    An address is that of the service (https://…) or of its export (…/kommentare/export/); plain
    http is accepted from this machine only. *token* defaults to the environment's COMMENTS_TOKEN.

    Raises:
        PullError: The source cannot be used, and there is no usable snapshot to go on with; or
            the snapshot cannot be written.
    """
    path = Path(snapshot) if snapshot is not None else default_snapshot()
    seen_ns = time.time_ns()
    if source == LOCAL and (known := _known_if_unchanged(path)) is not None:
        revision, count = known
        message = f"Kommentare unverändert: {_counted(count)}."
        return PullResult(path, revision, count, False, True, message)
    # Imported here and below: a build in which nobody has commented needs none of it.
    from plugins.comments import sources
    from plugins.comments.snapshot import dump_snapshot, load

    old, complaint = load(path)
    try:
        new = sources.fetch(source, old, path, token)
    except SourceError as error:
        if old is None:
            raise PullError(" ".join(filter(None, (complaint, str(error))))) from error
        count = len(old.comments)
        kept = f"{error} Es bleibt beim letzten guten Stand: {_counted(count)}."
        return PullResult(path, old.revision, count, False, False, kept)

    is_changed = old is None or old.comments != new.comments
    if old != new:
        try:
            write(path, dump_snapshot(new))
        except OSError as error:
            raise PullError(
                f"{path}: Die Kommentare lassen sich nicht speichern ({error.strerror})."
            ) from error
    count = len(new.comments)
    if source == LOCAL:
        _note(path, new.revision, count, seen_ns)
    what = "Kommentare geholt" if is_changed else "Kommentare unverändert"
    message = f"{what}: {_counted(count)}."
    return PullResult(path, new.revision, count, is_changed, True, message)


def _database_file() -> Path:
    return default_snapshot().with_name("kommentare.sqlite3")


def _stamps(path: Path) -> list[scan.Stamp | None]:
    """Return the stamps of the snapshot and of the database with the file that SQLite keeps beside it."""
    database = _database_file()
    files = (path, database, database.with_name(f"{database.name}-wal"))
    return [scan.stamp(str(file)) for file in files]


def _note_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.stand")


def _note(path: Path, revision: int, count: int, seen_ns: int) -> None:
    """Note which database the snapshot *path* was made of, for `_known_if_unchanged`."""
    from comment_service import moderation

    if moderation.database_file() != str(_database_file()):
        return
    note = {"stamps": _stamps(path), "revision": revision, "count": count, "seen_ns": seen_ns}
    with contextlib.suppress(OSError):
        write(_note_path(path), json.dumps(note))


def _known_if_unchanged(path: Path) -> tuple[int, int] | None:
    """
    Return revision and number of comments if database and snapshot are still those of the last pull, else None.

    So a build in which nobody has commented need not load Django.
    """
    if os.environ.get("DATABASE_URL"):
        return None
    try:
        note = json.loads(_note_path(path).read_bytes())
        stamps = _stamps(path)
        known = [stamp and tuple(stamp) for stamp in note["stamps"]]
        is_same = known == stamps and None not in stamps[:2]
        is_racy = any(stamp and scan.is_racy(stamp, note["seen_ns"]) for stamp in stamps[1:])
        return (int(note["revision"]), int(note["count"])) if is_same and not is_racy else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _counted(count: int) -> str:
    return "1 Kommentar" if count == 1 else f"{count} Kommentare"


def state(source: str = LOCAL, *, token: str | None = None) -> str:
    """
    Return what stands for all comments that are approved now: one more or less, and it is another.

    *source* and *token* are those of `pull`.

    Raises:
        PullError: The source cannot be used.
    """
    from plugins.comments import sources

    try:
        found = sources.export(source, token)(_NO_REVISION)
    except SourceError as error:
        raise PullError(str(error)) from error
    return f"{found.store}-{found.revision}"


def write(path: Path, text: str) -> None:
    """Replace the file at once: who reads it meanwhile has the old one or the new one, whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
