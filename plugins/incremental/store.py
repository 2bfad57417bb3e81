"""The cache of one output folder: a SQLite file, read when asked, written once at the end of a build."""

from __future__ import annotations

import marshal
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from plugins.incremental.scan import Stamp

_TABLES = ("meta", "sources", "texts", "objects", "pages", "facts")
_SCHEMA = "".join(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, value BLOB);" for table in _TABLES)
_SCHEMA += "CREATE TABLE memo (key BLOB PRIMARY KEY, value BLOB, build INTEGER);"
#: Builds after which something memorised that nobody asked for is forgotten.
MEMORY = 20


class DamagedError(Exception):
    """The cache is not what was written."""


class Source(NamedTuple):
    """
    What is known of one of the author's files: its stamp and when that was taken, a digest of its bytes, a
    digest of all that was read from it, and of that the card (see `contents.CARD`).
    """

    stamp: Stamp
    seen_ns: int
    digest: bytes
    kept: bytes
    card: bytes


class Page(NamedTuple):
    """
    What is known of one page: its template, the names of its own variables that were read and what they
    were, and the facts read (see `core.fact`), 8 bytes each. *reads* is None for what is always built again.
    """

    template: str
    names: tuple[str, ...]
    inputs: bytes
    reads: bytes | None


class File(NamedTuple):
    """A file of the output as it was written: size, modification time (ns), inode, SHA-256."""

    size: int
    mtime_ns: int
    inode: int
    sha256: bytes


@dataclass
class Changes:
    """What a build found out, to be written at its end; None is what is gone."""

    sources: dict[str, Source | None] = field(default_factory=dict)
    texts: dict[str, tuple[bytes, str] | None] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, Page | None] = field(default_factory=dict)
    facts: dict[str, bytes | None] = field(default_factory=dict)
    memo: dict[bytes, bytes] = field(default_factory=dict)
    used_memo: set[bytes] = field(default_factory=set)


def _sealed(value: Any) -> bytes:
    data = marshal.dumps(value)
    return zlib.crc32(data).to_bytes(4, "little") + data


def _opened(data: Any) -> Any:
    """Return the value that was sealed: SQLite itself does not notice a wrong byte in it."""
    if not isinstance(data, bytes) or zlib.crc32(data[4:]).to_bytes(4, "little") != data[:4]:
        raise DamagedError
    return marshal.loads(data[4:])


class Store:
    """
    The cache *path*, valid for *key* only: what was kept under another key is forgotten.

    Reading raises `DamagedError` if the file is not what was written; then `forget` and start again.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.key = key
        self._connection: sqlite3.Connection | None = None
        self._other_process: sqlite3.Connection | None = None
        try:
            is_ours = self.meta("key") == key
        except DamagedError:
            is_ours = False
        if not is_ours:
            self.forget()

    def _run(self, query: str, *values: Any) -> list[Any]:
        try:
            if self._connection is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._connection = sqlite3.connect(self.path, isolation_level=None)
            return self._connection.execute(query, values).fetchall()
        except (sqlite3.DatabaseError, OverflowError) as error:
            raise DamagedError from error

    def forget(self) -> None:
        """Start with an empty cache."""
        self.close()
        for name in (self.path.name, f"{self.path.name}-journal"):
            self.path.with_name(name).unlink(missing_ok=True)
        for statement in _SCHEMA.split(";")[:-1]:
            self._run(statement)
        self._put("meta", {"key": self.key})

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def after_fork(self) -> None:
        """Open the file anew in a child process: two processes must not share a connection."""
        # Kept, because closing it would release locks of the parent's.
        self._other_process, self._connection = self._connection, None

    # -- Reading ---------------------------------------------------------------------------------

    def _get(self, table: str, key: str | bytes) -> Any:
        rows = self._run(f"SELECT value FROM {table} WHERE key = ?", key)
        return _opened(rows[0][0]) if rows else None

    def _all(self, table: str) -> Iterator[tuple[str, Any]]:
        for key, value in self._run(f"SELECT key, value FROM {table}"):
            yield key, _opened(value)

    def meta(self, name: str) -> Any:
        """Return the plain value kept under *name*, None if there is none."""
        return self._get("meta", name)

    def sources(self) -> dict[str, Source]:
        """Return what is known of the author's files, by path."""
        return {path: Source(*value) for path, value in self._all("sources")}

    def text(self, path: str) -> tuple[bytes, str] | None:
        """Return the pickled attributes and the HTML of the content read from *path*."""
        value = self._get("texts", path)
        return value and (value[0], value[1])

    def objects(self) -> dict[str, Any]:
        """Return what the objects were that pages can read, by key."""
        return dict(self._all("objects"))

    def pages(self) -> dict[str, Page]:
        """Return what is known of the pages, by name."""
        return {name: Page(*value) for name, value in self._all("pages")}

    def facts(self, names: Iterable[str] | None = None) -> Iterator[tuple[str, bytes]]:
        """Yield what the check keeps of pages, by name; of all pages if *names* is None."""
        if names is None:
            yield from self._all("facts")
            return
        for name in names:
            if (value := self._get("facts", name)) is not None:
                yield name, value

    def files(self) -> dict[str, File]:
        """Return the files of the output as the last build left them."""
        return {name: File(*value) for name, value in (self.meta("files") or {}).items()}

    def memorised(self, key: bytes) -> bytes | None:
        """Return what was memorised under *key*."""
        value: bytes | None = self._get("memo", key)
        return value

    # -- Writing ---------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything in the block, or nothing."""
        self._run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._run("ROLLBACK")
            raise
        self._run("COMMIT")

    def _put(self, table: str, values: Mapping[str, Any]) -> None:
        assert self._connection is not None
        gone = [(key,) for key, value in values.items() if value is None]
        kept = [(key, _sealed(value)) for key, value in values.items() if value is not None]
        if gone:
            self._connection.executemany(f"DELETE FROM {table} WHERE key = ?", gone)
        self._connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", kept)

    def put_meta(self, **values: Any) -> None:
        """Keep plain values under their names."""
        self._put("meta", values)

    def put_read(self, changes: Changes) -> None:
        """Keep what was read and computed; it is true whether the build succeeds or not."""
        self._put("sources", {path: s and tuple(s) for path, s in changes.sources.items()})
        self._put("texts", changes.texts)
        self._put_memo(changes)

    def _put_memo(self, changes: Changes) -> None:
        assert self._connection is not None
        build = (self.meta("build") or 0) + 1
        self.put_meta(build=build)
        self._connection.executemany(
            "INSERT OR REPLACE INTO memo VALUES (?, ?, ?)",
            [(key, _sealed(value), build) for key, value in changes.memo.items()],
        )
        if build % MEMORY == 0:
            self._connection.executemany(
                "UPDATE memo SET build = ? WHERE key = ?",
                [(build, key) for key in changes.used_memo],
            )
            self._run("DELETE FROM memo WHERE build <= ?", build - MEMORY)

    def put_rendered(self, changes: Changes) -> None:
        """Keep what was rendered; only of a build that succeeded."""
        self._put("objects", changes.objects)
        self._put("pages", {name: page and tuple(page) for name, page in changes.pages.items()})
        self._put("facts", changes.facts)

    def put_files(self, files: Mapping[str, File], folders: Mapping[str, int]) -> None:
        """Keep what the output consists of: its files, and its folders with their modification times."""
        self.put_meta(
            files={name: tuple(file) for name, file in files.items()}, folders=dict(folders)
        )
