"""
Releases on a disk: every content once, and for each release a record of what is where.

    inhalte/5feceb66ffc8…                     a content, named by its SHA-256
    20260304-070000-1f2e3d4c5b6a.json         a record: paths and their contents

To make folders is the slowest thing that a file system does, and a site has one for each page. So
releases are not kept as trees of folders. One tree is live, another is the material for the next.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from pathlib import Path

from publishing.checksums import Checksums
from publishing.deploy.built import Built
from publishing.deploy.result import DeployError
from publishing.release import Manifest, Size, difference, is_release, manifest

_RECORD = ".json"
_PARTIAL = ".teil"
#: More files than that are brought to the disk all at once.
_MANY = 64


class Shelf:
    """The folder of contents and records."""

    def __init__(self, folder: Path, checksums: Checksums) -> None:
        self.folder = folder
        self._contents = folder / "inhalte"
        self._checksums = checksums

    def ids(self) -> list[str]:
        """Return the releases that have a record."""
        names = (path.name for path in self.folder.glob(f"*{_RECORD}"))
        return [name for file in names if is_release(name := file.removesuffix(_RECORD))]

    def record(self, release: str, site: Manifest) -> None:
        """Write down what a release is made of; all its contents must be here."""
        data = {"size": astuple(site.size or Size(0, 0, 0)), "files": dict(site.files)}
        new = self.folder / f".{release}{_PARTIAL}{_RECORD}"
        new.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        sync(new)
        new.replace(self._record_file(release))

    def _record_file(self, release: str) -> Path:
        return self.folder / f"{release}{_RECORD}"

    def manifest(self, release: str) -> Manifest:
        """Return what a release is made of."""
        return Manifest(json.loads(self._record_file(release).read_text("utf-8"))["files"])

    def size(self, release: str) -> Size:
        """Return how much a release holds."""
        return Size(*json.loads(self._record_file(release).read_text("utf-8"))["size"])

    def forget(self, release: str) -> None:
        """Delete the record of a release; `sweep` deletes what nobody needs then."""
        self._record_file(release).unlink(missing_ok=True)

    def content(self, digest: str) -> Path:
        """Return the file that has that content, or will have it."""
        return self._contents / digest

    def take_in(self, built: Built, site: Manifest) -> None:
        """
        Copy the contents of *site*, as they were *built*, that are not here.

        Raises:
            DeployError: A file has changed since it was hashed.
        """
        self._contents.mkdir(exist_ok=True)
        here = {entry.name for entry in os.scandir(self._contents)}
        files = {digest: path for path, digest in site.files.items()}
        self._copy({digest: built.file(files[digest]) for digest in files.keys() - here})

    def _copy(self, sources: Mapping[str, Path]) -> None:
        """Copy files, given by their digest, with their times; the disk has them all, or none."""
        for digest, source in sources.items():
            partial = self._partial(digest)
            shutil.copyfile(source, partial)
            shutil.copystat(source, partial)
            with partial.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise DeployError(
                        f"{source}: Die Datei hat sich während des Veröffentlichens geändert; die "
                        "bisherige Website ist unverändert – rufen Sie den Befehl noch einmal auf."
                    )
            self._checksums.remember(partial.stat(), digest)
        if len(sources) > _MANY:
            os.sync()
        else:
            for digest in sources:
                sync(self._partial(digest))
        for digest in sources:
            self._partial(digest).replace(self.content(digest))
        sync(self._contents)

    def _partial(self, digest: str) -> Path:
        return self.content(f".{digest}{_PARTIAL}")

    def keep_tree(self, release: str, tree: Path) -> None:
        """Take in the contents of a tree that is a release, and record it."""
        site = manifest(tree, checksums=self._checksums)
        self._contents.mkdir(exist_ok=True)
        for path, digest in site.files.items():
            if not self.content(digest).exists():
                _link(f"{tree}/{path}", str(self.content(digest)))
        self.record(release, site)

    def build(self, tree: Path, site: Manifest, built: Built | None = None) -> None:
        """
        Make the folder *tree*, which may hold anything, a tree of *site*.

        A content that somebody has edited, by way of a tree that is linked to it, is copied again
        from where it was *built*.

        Raises:
            DeployError: That is not given.
        """
        tree.mkdir(exist_ok=True)
        have = manifest(tree, checksums=self._checksums)
        change = difference(have, site)
        for path in (*change.gone, *change.changed):
            os.unlink(f"{tree}/{path}")  # noqa: PTH108
        _remove_empty_folders(tree, {path.rpartition("/")[0] for path in change.gone})
        # A folder of which only changed files are left was empty for a moment.
        folders = {path.rpartition("/")[0] for path in (*change.new, *change.changed)}
        for folder in sorted(folders):
            os.makedirs(f"{tree}/{folder}", exist_ok=True)  # noqa: PTH103
        for path in (*change.new, *change.changed):
            self._place(site.files[path], f"{tree}/{path}", built.file(path) if built else None)
        for folder in folders:
            sync(f"{tree}/{folder}")

    def _place(self, digest: str, target: str, source: Path | None) -> None:
        content = self.content(digest)
        if content.is_file() and self._checksums.of(str(content), content.stat()) == digest:
            pass
        elif source:
            self._copy({digest: source})
        else:
            raise DeployError(
                f"{self.folder}: Dieser Ausgabe fehlt etwas, oder jemand hat darin etwas geändert; "
                "die bisherige Website ist unverändert – gehen Sie zu einer anderen, oder bauen "
                "Sie neu."
            )
        _link(f"{self._contents}/{digest}", target)

    def sweep(self) -> None:
        """Delete contents that no record names."""
        needed = {
            digest for release in self.ids() for digest in self.manifest(release).files.values()
        }
        for entry in list(os.scandir(self._contents)):
            if entry.name not in needed:
                os.unlink(entry.path)  # noqa: PTH108


def _remove_empty_folders(tree: Path, folders: Iterable[str]) -> None:
    """Remove *folders* of *tree*, and those around them, as far as they are empty."""
    for folder in sorted(folders, reverse=True):
        while folder:
            try:
                os.rmdir(f"{tree}/{folder}")  # noqa: PTH106
            except OSError as error:
                if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
                    break
                raise
            folder = folder.rpartition("/")[0]


def _link(old: str, new: str) -> None:
    """Make *new* another name of *old*, or a copy where the file system knows no such thing."""
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS):
            raise
        shutil.copy2(old, new)


def sync(path: str | Path) -> None:
    """Bring a file, or the names in a folder, to the disk: a power cut loses nothing."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # not every file system can do it
            raise
    finally:
        os.close(descriptor)
