"""The SHA-256 of files, remembered, so that a deployment reads only what has changed."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

# A file that was written just now may be written again without getting another time.
_SETTLED_NS = 2_000_000_000


class Checksums:
    """
    Digests by what the file system says of a file: device, inode, size and time in nanoseconds.

    Without *file* nothing is remembered. A memory that is missing or damaged is an empty one.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known = _load(file) if file else {}
        self._used: dict[str, str] = {}
        self._started_ns = time.time_ns()

    def of(self, path: str, status: os.stat_result) -> str:
        """Return the SHA-256 of the file at *path*, whose status is given."""
        digest = self._known.get(_key(status))
        if digest is None:
            with open(path, "rb") as file:  # noqa: PTH123 - thousands of paths, each used once
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.remember(status, digest)
        return digest

    def remember(self, status: os.stat_result, digest: str) -> None:
        """Keep the digest of a file, unless it is too fresh to be sure of it."""
        if status.st_mtime_ns < self._started_ns - _SETTLED_NS:
            self._used[_key(status)] = digest

    def save(self) -> None:
        """Write what was asked for since this object was made; forget the rest."""
        if self._file is None or self._used == self._known:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(".neu")
        new.write_text(json.dumps(self._used), "utf-8")
        new.replace(self._file)


def _key(status: os.stat_result) -> str:
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"


def _load(file: Path) -> dict[str, str]:
    try:
        known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
