"""Which files there are, and whether they are still those of the last build."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator

#: Size, modification and change time (ns), inode.
Stamp = tuple[int, int, int, int]

# A file written within this time of being looked at may be written again without a new time: the clock
# of file systems ticks every few milliseconds (Git calls such a file „racily clean“).
RACE_NS = 50_000_000

_IGNORED = ("__pycache__",)


def stamp(path: str) -> Stamp | None:
    """Return the stamp of the file *path*, or None if there is no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116 (thousands of files: a Path each would take longer)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return _stamp(found)


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def is_racy(stamp: Stamp, seen_ns: int) -> bool:
    """Return whether a file with *stamp*, looked at when the clock said *seen_ns*, may have changed since."""
    return max(stamp[1], stamp[2]) >= seen_ns - RACE_NS


def files(roots: Iterable[str]) -> dict[str, Stamp]:
    """Return all files in the folders *roots* (or the files that *roots* are), hidden ones left out."""
    found: dict[str, Stamp] = {}
    for root in roots:
        if os.path.isdir(root):  # noqa: PTH112
            found.update(_walk(root))
        elif (one := stamp(root)) is not None:
            found[root] = one
    return found


def _walk(folder: str) -> Iterator[tuple[str, Stamp]]:
    waiting = [folder]
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except OSError:
            continue
        with entries:
            for entry in entries:
                name = entry.name
                if name.startswith(".") or name in _IGNORED:
                    continue
                if entry.is_dir():
                    waiting.append(entry.path)
                elif entry.is_file():
                    yield entry.path, _stamp(entry.stat())


def digest(data: bytes) -> bytes:
    """Return 16 bytes that stand for *data*."""
    return hashlib.blake2b(data, digest_size=16).digest()


def contents_key(paths: Iterable[str]) -> bytes:
    """Return what stands for the names and contents of the files *paths*."""
    hasher = hashlib.blake2b(digest_size=16)
    for path in sorted(paths):
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
        hasher.update(f"{path}\0{len(data)}\0".encode())
        hasher.update(data)
    return hasher.digest()
