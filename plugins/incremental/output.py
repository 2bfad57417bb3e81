"""The output folder: files are replaced whole, left alone if nothing changed, deleted if nobody wrote them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from plugins.incremental.store import File


def _file(found: os.stat_result, sha256: bytes) -> File:
    return File(found.st_size, found.st_mtime_ns, found.st_ino, sha256)


def _created(path: str) -> BinaryIO:
    """Create the file *path*; what a build that was killed, or somebody else, has left there goes."""
    try:
        return open(path, "xb")  # noqa: PTH123
    except FileExistsError:
        if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114
            shutil.rmtree(path)
        else:
            os.unlink(path)  # noqa: PTH108
        return open(path, "xb")  # noqa: PTH123


def _is_made(path: str) -> bool:
    """Make the folder *path*; return whether it is one now, and no link to one."""
    try:
        os.mkdir(path)  # noqa: PTH102
    except FileExistsError:
        return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114
    return True


class Output:
    """
    The files below *folder*, by their path in it, with slashes.

    *files* and *folders* are what the last build left; what is not as it was left is written again. Nobody
    looks whether it is if the folder *is_ours* alone since then.
    """

    def __init__(
        self,
        folder: str,
        files: dict[str, File],
        folders: dict[str, int],
        is_ours: bool = False,
    ) -> None:
        self.folder = folder
        self._known = files
        self._known_folders = folders
        #: What this build has written or left alone.
        self.files: dict[str, File] = {}
        #: The files that are not what the last build left.
        self.written: set[str] = set()
        self._is_ours = is_ours
        self._touched = (
            set()
            if is_ours
            else {name for name, time in folders.items() if self._time(name) != time}
        )
        self._made: set[str] = set()
        self._remove_links()

    def _remove_links(self) -> None:
        """Remove links where folders were: what they lead to is not ours to write to, or to clean."""
        for name in sorted(self._touched - {""}, key=len):
            if os.path.islink(self._path(name)):  # noqa: PTH114
                os.unlink(self._path(name))  # noqa: PTH108

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def _time(self, folder: str) -> int | None:
        try:
            return os.stat(self._path(folder), follow_symlinks=not folder).st_mtime_ns  # noqa: PTH116
        except OSError:
            return None

    @property
    def gone(self) -> set[str]:
        """The files that the last build left and this one has not."""
        return self._known.keys() - self.files.keys()

    def intact(self, name: str) -> File | None:
        """Return the file *name* if it is as the last build left it."""
        known = self._known.get(name)
        if known is None or self._is_ours:
            return known
        try:
            found = os.stat(self._path(name), follow_symlinks=False)  # noqa: PTH116
        except OSError:
            return None
        return known if known == _file(found, known.sha256) else None

    def all_of_ours(self, names: Iterable[str]) -> dict[str, File] | None:
        """Return the files *names* of a folder that is ours; None if the last build has not left all of them."""
        assert self._is_ours
        try:
            return {name: self._known[name] for name in names}
        except KeyError:
            return None

    def leave(self, name: str, file: File) -> None:
        """Count a file as part of the output."""
        self.files[name] = file
        if self._known.get(name) == file:
            self.written.discard(name)
        else:
            self.written.add(name)

    def write(self, name: str, data: bytes) -> File:
        """Write *data* to the file *name*, unless it is there already; at no moment is half of it there."""
        sha256 = hashlib.sha256(data).digest()
        known = self.intact(name)
        if known is None or known.sha256 != sha256:
            known = self._replace(name, data, sha256)
        self.leave(name, known)
        return known

    def _replace(self, name: str, data: bytes, sha256: bytes) -> File:
        self.make_folder(name.rpartition("/")[0])
        path = self._path(name)
        folder, _, last = path.rpartition("/")
        new = f"{folder}/.{last}.neu"
        with _created(new) as file:
            file.write(data)
            # Until then nobody says that the disk is full.
            file.flush()
            found = os.stat(file.fileno())  # noqa: PTH116
        if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114
            shutil.rmtree(path)
        os.replace(new, path)  # noqa: PTH105
        return _file(found, sha256)

    def make_folder(self, name: str) -> None:
        """Make the folder *name*; a file or a link in its place, or in that of one above, is removed."""
        if name in self._made:
            return
        path = self._path(name) if name else self.folder
        if not name:
            os.makedirs(path, exist_ok=True)  # noqa: PTH103
        else:
            self.make_folder(name.rpartition("/")[0])
            while not _is_made(path):
                # Another process that makes the same folder may have been faster.
                with suppress(FileNotFoundError, IsADirectoryError):
                    os.unlink(path)  # noqa: PTH108
        self._made.add(name)

    def copy(self, source: str, name: str) -> File:
        """Write what the file *source* contains to the file *name*."""
        return self.write(name, Path(source).read_bytes())

    def folders(self) -> set[str]:
        """Return the folders that this build's files are in, and those around them; "" is the output."""
        found = {""}
        for name in self.files:
            folder = name
            while folder:
                folder = folder.rpartition("/")[0]
                if folder in found:
                    break
                found.add(folder)
        return found

    def clean(self, kept: Iterable[str] = ()) -> dict[str, int]:
        """
        Delete what this build did not write, except the names *kept* in the folder itself.

        Returns the folders with their modification times.
        """
        for name in self.gone:
            # If somebody has put something else there, it goes with what is left over in its folder.
            with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                os.unlink(self._path(name))  # noqa: PTH108
            self._touched.add(name.rpartition("/")[0])
        folders = self.folders()
        written = {name.rpartition("/")[0] for name in self.written}
        is_new = not self._known_folders
        suspects = (
            folders if is_new else (self._touched | written | self._parents(written)) & folders
        )
        self._remove_gone(self._known_folders.keys() - folders)
        times = {name: time for name, time in self._known_folders.items() if name in folders}
        for folder in suspects:
            times[folder] = self._clean(folder, folders, set(kept) if not folder else set())
        return times

    @staticmethod
    def _parents(folders: set[str]) -> set[str]:
        found = set()
        for folder in folders:
            while folder:
                folder = folder.rpartition("/")[0]
                found.add(folder)
        return found

    def _remove_gone(self, gone: Iterable[str]) -> None:
        for folder in sorted(gone, key=len):
            shutil.rmtree(self._path(folder), ignore_errors=True)

    def _clean(self, folder: str, folders: set[str], kept: set[str]) -> int:
        """
        Delete what is in *folder* and nobody wrote: of another build, or left by one that was killed.

        Returns the folder's time when nothing was left to be deleted: what comes later is found by that.
        """
        for _ in range(2):
            time = self._time(folder) or 0
            if not self._delete_strays(folder, folders, kept):
                break
        return time

    def _delete_strays(self, folder: str, folders: set[str], kept: set[str]) -> bool:
        found = False
        with os.scandir(self._path(folder)) as entries:
            for entry in entries:
                name = f"{folder}/{entry.name}" if folder else entry.name
                if entry.name in kept or name in self.files or name in folders:
                    continue
                found = True
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)  # noqa: PTH108
        return found
