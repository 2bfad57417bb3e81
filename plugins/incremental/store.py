"""The cache of one output folder: a SQLite file, read when asked, written at the end of a build and while new texts are read."""

from __future__ import annotations

import logging
import marshal
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from plugins.incremental.scan import Stamp

logger = logging.getLogger(__name__)

_TABLES = ("meta", "sources", "texts", "objects", "pages", "facts", "kept")
_SCHEMA = "".join(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, value BLOB);" for table in _TABLES)
_SCHEMA += "CREATE TABLE memo (key BLOB PRIMARY KEY, value BLOB, build INTEGER);"
#: Where `publishing.unchanged` keeps what a whole build depended on, beside the files of that build. With a number, to be
#: raised when that gets another form.
STANDING = "standing-3"
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
    #: Plain values of plugins, true of the output that this build leaves.
    kept: dict[str, Any] = field(default_factory=dict)
    memo: dict[bytes, bytes] = field(default_factory=dict)
    used_memo: set[bytes] = field(default_factory=set)


def _seal(table: str, key: str | bytes, data: bytes) -> bytes:
    place = table.encode() + (key.encode() if isinstance(key, str) else key)
    return zlib.crc32(data, zlib.crc32(place)).to_bytes(4, "little")


def _sealed(table: str, key: str | bytes, value: Any) -> bytes:
    data = marshal.dumps(value)
    return _seal(table, key, data) + data


def _opened(table: str, key: str | bytes, data: Any) -> Any:
    """Return the value that was sealed: SQLite notices no wrong byte in it, and none in its index."""
    if not isinstance(data, bytes) or _seal(table, key, data[4:]) != data[:4]:
        raise DamagedError
    return marshal.loads(data[4:])


# What comes of wrong bytes: a message of SQLite's that is no text is a ValueError, for instance.
_FAULTS = (sqlite3.Error, OSError, OverflowError, ValueError, MemoryError)
# What SQLite says if the file can be read at best: no permission, no room, somebody else is writing.
_UNWRITABLE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


def _is_unwritable(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ):
        return False
    # The lower byte is the error, the rest says more exactly which.
    return isinstance(error, OSError) or (code & 0xFF) in _UNWRITABLE


class Store:
    """
    The cache *path*, valid for *key* only: what was kept under another key is forgotten.

    Reading raises `DamagedError` if the file is not what was written; then `forget` and start again.
    If no file can be written, it lives in memory: the build is right, and the next one as slow.
    """

    _place: str | Path
    _has_complained = False
    # Whether the last transaction was: of some that cannot be, the build only says so.
    _is_written = True

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = self._place = path
        self.key = key
        self._connection: sqlite3.Connection | None = None
        self._other_process: sqlite3.Connection | None = None
        try:
            is_ours = self.meta("key") == key
        except DamagedError:
            is_ours = False
        if not is_ours:
            self.forget()

    @classmethod
    def peek(cls, path: Path, names: tuple[str, ...]) -> list[Any] | None:
        """
        Return the plain values kept under *names* in the cache *path*, whatever its key; None if not all.

        Raises:
            DamagedError: The cache is not what was written.
        """
        if not path.is_file():
            return None
        store = cls.__new__(cls)
        store.path = store._place = path
        store._connection = None
        try:
            values = [store.meta(name) for name in names]
        finally:
            store.close()
        return None if None in values else values

    def _run(self, query: str, *values: Any) -> list[Any]:
        try:
            if self._connection is None:
                self._connection = self._connected()
            return self._connection.execute(query, values).fetchall()
        except _FAULTS as error:
            raise DamagedError from error

    def _run_for_all(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        assert self._connection is not None
        try:
            self._connection.executemany(query, rows)
        except _FAULTS as error:
            raise DamagedError from error

    def _connected(self) -> sqlite3.Connection:
        if isinstance(self._place, Path):
            self._place.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(self._place, isolation_level=None)

    def forget(self) -> None:
        """Start with an empty cache."""
        self.close()
        try:
            for more in ("", "-journal", "-wal", "-shm"):
                self.path.with_name(f"{self.path.name}{more}").unlink(missing_ok=True)
            self._place = self.path
            self._fill()
        except (OSError, DamagedError) as error:
            self._complain(error)
            self.close()
            self._place = ":memory:"
            self._fill()

    def _fill(self) -> None:
        for statement in ("BEGIN", *_SCHEMA.split(";")[:-1]):
            self._run(statement)
        # What holds for this cache only, and for none that comes after it, counts *born*.
        self._put("meta", {"key": self.key, "born": os.urandom(16)})
        self._run("COMMIT")

    def _complain(self, error: BaseException) -> None:
        if self._has_complained:
            return
        self._has_complained = True
        reason = error.__cause__ or error
        logger.warning(
            "Der Zwischenspeicher %s lässt sich nicht schreiben (%s); deshalb dauert der nächste "
            "Build so lange wie der erste. Prüfen Sie, ob dort Platz ist und Sie schreiben dürfen.",
            self.path,
            getattr(reason, "strerror", None) or reason,
        )

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def after_fork(self) -> None:
        """Open the file anew in a child process: two processes must not share a connection."""
        if isinstance(self._place, Path):
            # Kept, because closing it would release locks of the parent's.
            self._other_process, self._connection = self._connection, None

    # -- Reading ---------------------------------------------------------------------------------

    def _get(self, table: str, key: str | bytes) -> Any:
        rows = self._run(f"SELECT value FROM {table} WHERE key = ?", key)
        return _opened(table, key, rows[0][0]) if rows else None

    def _all(self, table: str) -> Iterator[tuple[str, Any]]:
        for key, value in self._run(f"SELECT key, value FROM {table}"):
            if not isinstance(key, str):
                raise DamagedError
            yield key, _opened(table, key, value)

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

    def kept(self, name: str) -> Any:
        """Return the plain value that a plugin kept under *name* of the last good build; None if there is none."""
        return self._get("kept", name)

    def memorised(self, key: bytes) -> bytes | None:
        """Return what was memorised under *key*."""
        value: bytes | None = self._get("memo", key)
        return value

    # -- Writing ---------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything in the block, or nothing; if that cannot be, say so and go on."""
        self._is_written = False
        self._run("BEGIN")
        try:
            yield
            self._run("COMMIT")
            self._is_written = True
        except BaseException as error:
            # Some errors have ended the transaction already.
            with suppress(DamagedError):
                self._run("ROLLBACK")
            if not isinstance(error, DamagedError) or not _is_unwritable(error.__cause__):
                raise
            self._complain(error)

    def _put(self, table: str, values: Mapping[str, Any]) -> None:
        gone = [(key,) for key, value in values.items() if value is None]
        kept = [
            (key, _sealed(table, key, value)) for key, value in values.items() if value is not None
        ]
        self._run_for_all(f"DELETE FROM {table} WHERE key = ?", gone)
        self._run_for_all(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", kept)

    def put_meta(self, **values: Any) -> None:
        """Keep plain values under their names."""
        self._put("meta", values)

    def put_texts(
        self, sources: Mapping[str, Source | None], texts: Mapping[str, tuple[bytes, str] | None]
    ) -> bool:
        """Keep what was read, in the middle of a build; return whether that was possible."""
        with self.transaction():
            self._put_read(sources, texts)
        return self._is_written

    def put_read(self, changes: Changes) -> None:
        """Keep what was read and computed; it is true whether the build succeeds or not."""
        self._put_read(changes.sources, changes.texts)
        self._put_memo(changes)

    def _put_read(
        self, sources: Mapping[str, Source | None], texts: Mapping[str, tuple[bytes, str] | None]
    ) -> None:
        self._put("sources", {path: s and tuple(s) for path, s in sources.items()})
        self._put("texts", texts)

    def _put_memo(self, changes: Changes) -> None:
        build = (self.meta("build") or 0) + 1
        self.put_meta(build=build)
        self._run_for_all(
            "INSERT OR REPLACE INTO memo VALUES (?, ?, ?)",
            [(key, _sealed("memo", key, value), build) for key, value in changes.memo.items()],
        )
        if build % MEMORY == 0:
            self._run_for_all(
                "UPDATE memo SET build = ? WHERE key = ?",
                [(build, key) for key in changes.used_memo],
            )
            self._run("DELETE FROM memo WHERE build <= ?", build - MEMORY)

    def put_rendered(self, changes: Changes) -> None:
        """Keep what was rendered; only of a build that succeeded."""
        self._put("objects", changes.objects)
        self._put("pages", {name: page and tuple(page) for name, page in changes.pages.items()})
        self._put("facts", changes.facts)
        self._put("kept", changes.kept)

    def put_files(self, files: Mapping[str, File], folders: Mapping[str, int]) -> None:
        """Keep what the output consists of: its files, and its folders with their modification times."""
        self.put_meta(
            files={name: tuple(file) for name, file in files.items()},
            folders=dict(folders),
            # What is kept beside other files says nothing about these.
            **{STANDING: None},
        )
