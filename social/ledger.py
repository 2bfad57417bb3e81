"""
What was sent where: the memory that keeps a tip from being posted twice, even after a crash.

Before anything is sent, its entry is on disk as „pending“; afterwards it is „done“ and has the
post's address. The author commits the file.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from plugins.source.problem import AuthorError, Problem, SourceError, shown_path


class Entry(BaseModel):
    """A post: *key* makes sending it twice the same as sending it once, where the network helps."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    state: Literal["pending", "done"]
    since: dt.datetime
    key: str
    url: str | None = None


class _Entries(RootModel[dict[str, dict[str, Entry]]]):
    """By week, then by network."""


class Ledger:
    """The file; each change is on disk when the method returns."""

    def __init__(self, path: Path) -> None:
        """
        Read the file; it need not be there yet.

        Raises:
            SourceError: It is not readable; then nothing must be sent.
        """
        self.path = path
        self._entries = _read(path)

    def entry(self, week: str, network: str) -> Entry | None:
        """Return what is known of the post about *week* on *network*."""
        return self._entries.get(week, {}).get(network)

    def put(self, week: str, network: str, entry: Entry) -> None:
        """Write *entry*."""
        self._entries.setdefault(week, {})[network] = entry
        self._write()

    def forget(self, week: str, network: str) -> None:
        """Take an entry back: the network has refused the post."""
        self._entries.get(week, {}).pop(network, None)
        self._entries = {week: posts for week, posts in self._entries.items() if posts}
        self._write()

    def _write(self) -> None:
        value = _Entries(self._entries).model_dump(mode="json", exclude_none=True)
        text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
        write_whole(self.path, f"{text}\n".encode())


def _read(path: Path) -> dict[str, dict[str, Entry]]:
    if not path.exists():
        return {}
    try:
        return _Entries.model_validate_json(path.read_bytes()).root
    except ValidationError:
        raise SourceError(
            [
                Problem(
                    shown_path(path),
                    "Das Verzeichnis der gesendeten Beiträge ist nicht lesbar.",
                    remedy="Holen Sie den letzten guten Stand aus git; bis dahin wird nichts gesendet.",
                )
            ]
        ) from None


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file by *data*; after a crash it is the old or the new one, and on disk."""
    new = path.with_name(f"{path.name}.neu")
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        new.chmod(mode)
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def only_sender(folder: Path) -> Iterator[None]:
    """
    Hold the right to send; it ends with the process, whatever ends that.

    Raises:
        AuthorError: Another command is sending.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise AuthorError(
            "Ein anderer Befehl sendet gerade – warten Sie, bis er fertig ist."
        ) from None
    finally:
        os.close(handle)
