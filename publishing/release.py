"""A release: a complete copy of a built site, named by its time and by what is in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.checksums import Checksums

_ID = re.compile(r"(\d{8}-\d{6})-([0-9a-f]{12})")


class ReleaseError(AuthorError):
    """The built site, or one of its releases, cannot be used; the message is German."""


@dataclass(frozen=True)
class Size:
    """How much a release holds."""

    pages: int
    files: int
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """The files of a site (paths with slashes) and the SHA-256 of each."""

    files: Mapping[str, str]
    #: Known only where the files themselves were looked at.
    size: Size | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        """The hash of all names and contents, 12 hexadecimal digits."""
        text = json.dumps(sorted(self.files.items()), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Release:
    """A complete release on a target, „20260304-070000-1f2e3d4c5b6a“."""

    id: str
    is_live: bool = False

    @property
    def when(self) -> dt.datetime:
        """When it was made, in UTC."""
        moment = dt.datetime.strptime(self.id[:15], "%Y%m%d-%H%M%S")
        return moment.replace(tzinfo=dt.UTC)

    @property
    def digest(self) -> str:
        """The digest of its manifest."""
        return self.id[16:]


@dataclass(frozen=True)
class Difference:
    """The paths by which one site differs from another, each list sorted."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def manifest(
    folder: Path,
    known: Mapping[str, str] | None = None,
    checksums: Checksums | None = None,
) -> Manifest:
    """
    Return the manifest of all files in *folder*.

    *known* has SHA-256 digests by path that need not be calculated again; what it lacks is looked
    up in *checksums*, or read.

    Raises:
        ReleaseError: Something is neither file nor folder, or has a name that cannot be deployed.
    """
    known = known or {}
    checksums = checksums or Checksums()
    found, sizes = {}, []
    for name, path, status in files(folder):
        found[name] = known.get(name) or checksums.of(path, status)
        sizes.append((name, status.st_size))
    return Manifest(dict(sorted(found.items())), size_of(sizes))


def files(folder: Path) -> Iterator[tuple[str, str, os.stat_result]]:
    """
    Yield path in *folder* (with slashes), full path and status of every file.

    Raises:
        ReleaseError: Something is neither file nor folder, or has a name that cannot be deployed.
    """
    folders = [("", str(folder))]
    while folders:
        prefix, path = folders.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                name = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.append((f"{name}/", entry.path))
                elif entry.is_file():
                    yield _plain(name), entry.path, entry.stat()
                else:
                    raise ReleaseError(
                        f"{entry.path}: Das ist weder Datei noch Ordner, sondern zum Beispiel ein "
                        "Verweis ins Leere – nehmen Sie es aus dem Ordner."
                    )


def _plain(name: str) -> str:
    """Return *name* if every target can store it."""
    if name.isprintable() and "\\" not in name:
        return name
    raise ReleaseError(
        f"{name!r}: Der Dateiname enthält ein Zeichen, das nicht jeder Server versteht – "
        "benennen Sie die Datei um."
    )


def measure(folder: Path) -> Size:
    """Return how much *folder* holds."""
    return size_of((name, status.st_size) for name, _, status in files(folder))


def size_of(sizes: Iterable[tuple[str, int]]) -> Size:
    """Return the sum of files, given as path and bytes."""
    pages = count = total = 0
    for name, size in sizes:
        pages += is_page(name)
        count += 1
        total += size
    return Size(pages, count, total)


def is_page(path: str) -> bool:
    """Return whether people read that file as a page."""
    return path.endswith(".html")


def address(path: str) -> str:
    """Return where readers find the file: „/blog/stundensatz/“ for its index.html."""
    return f"/{path}".removesuffix("index.html")


def difference(old: Manifest, new: Manifest) -> Difference:
    """Return what has to be done to make *new* of *old*."""
    return Difference(
        new=tuple(sorted(new.files.keys() - old.files.keys())),
        changed=tuple(
            sorted(
                path for path, digest in new.files.items() if old.files.get(path, digest) != digest
            )
        ),
        gone=tuple(sorted(old.files.keys() - new.files.keys())),
    )


def is_release(name: str) -> bool:
    """Return whether *name* is a release's."""
    return _ID.fullmatch(name) is not None


def find_releases(names: Iterable[str], live: str | None) -> list[Release]:
    """Return the releases among *names*, newest first; *live* is the one readers see."""
    ids = sorted({name for name in names if is_release(name)}, reverse=True)
    return [Release(name, name == live) for name in ids]


def release_id(now: dt.datetime, digest: str, taken: Iterable[str] = ()) -> str:
    """
    Return „20260304-070000-1f2e3d4c5b6a“: sorts by time (UTC), tells contents apart.

    It is later than all that are *taken*, even if the clock that named those was fast.
    """
    moment = now.astimezone(dt.UTC)
    if newest := max(filter(is_release, taken), default=""):
        moment = max(moment, Release(newest).when + dt.timedelta(seconds=1))
    return f"{moment:%Y%m%d-%H%M%S}-{digest}"


def choose(releases: list[Release], wanted: str) -> Release:
    """
    Return the release that *wanted* names, whole or in part, or, if it is empty, the one before.

    Raises:
        ReleaseError: There is none, or more than one.
    """
    live = next((release for release in releases if release.is_live), None)
    if not wanted:
        earlier = [release for release in releases if live is None or release.id < live.id]
        if not earlier:
            raise ReleaseError("Es gibt keine frühere Ausgabe; die Website ist unverändert.")
        return earlier[0]
    found = [release for release in releases if wanted in release.id]
    exact = [release for release in found if release.id == wanted]
    if len(exact or found) != 1:
        number = "mehrere Ausgaben" if found else "keine Ausgabe"
        raise ReleaseError(
            f"Zu „{wanted}“ gibt es {number} – invoke releases zeigt alle; die Website ist "
            "unverändert."
        )
    return (exact or found)[0]
