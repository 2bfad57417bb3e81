"""
The target „folder“: a link that points to the tree of a complete release.

    public -> .public-releases/20260304-070000-1f2e3d4c5b6a/

Readers see one release or the other, never a mixture: the link is replaced in one step (rename(2)).
Other releases are kept as a `Shelf`. What several of them have is stored once (hard links); nothing is
shared with the folder that is built into, because that one may be edited.
Options: ``path`` ("public"), ``keep`` (5 releases).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from publishing.checksums import Checksums
from publishing.deploy.built import Built
from publishing.deploy.exchange import exchange
from publishing.deploy.lock import held
from publishing.deploy.options import Options
from publishing.deploy.result import DeployError
from publishing.deploy.shelf import Shelf, sync
from publishing.deploy.target import Progress, Target, superfluous
from publishing.release import (
    Manifest,
    Release,
    Size,
    find_releases,
    is_release,
    manifest,
    measure,
)

#: What is in no built site.
_SOURCES = {".md", ".py", ".yaml"}
_FOUND = "vorgefunden"
_PARTIAL = ".teil"


@dataclass(frozen=True, kw_only=True)
class FolderOptions(Options):
    """*path*: the link that the web server serves; *compress*: text is there compressed, too."""

    path: str = "public"
    compress: bool = False


class Folder(Target):
    """A link on this machine."""

    name: ClassVar[str] = "folder"
    options_class: ClassVar[type[Options]] = FolderOptions
    options: FolderOptions

    def __init__(self, given: Mapping[str, Any], base: Path) -> None:
        super().__init__(given, base)
        path = Path(os.path.abspath(base / self.options.path))  # noqa: PTH100
        self._link = self.folder = path.parent.resolve() / path.name
        self.place = str(self._link)
        self.is_packed = self.options.compress
        self._releases = self._link.with_name(f".{self._link.name}-releases")
        if not _may_replace(self._link, base.resolve()):
            raise self._refusal()
        self._checksums = Checksums(self.cache / f"ausgabe-{_short(self.place)}.json")
        self._shelf = Shelf(self._releases, self._checksums)
        #: A tree that the next release is built of.
        self._material = self._releases / ".ersatz"
        #: What `add` brought, until it is recorded.
        self._new: Manifest | None = None

    def _refusal(self) -> DeployError:
        return DeployError(
            f"DEPLOY: path ist {self.options.path!r}, und dort liegt etwas anderes als eine "
            "Website – nennen Sie einen neuen Ordner, zum Beispiel public."
        )

    def check(self, output: Path) -> None:
        """Refuse to put the link into the built site, or in its place."""
        output = output.resolve()
        if self._link == output or self._link in output.parents or output in self._link.parents:
            raise self._refusal()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder of releases."""
        with held(self._releases, self.place):
            self._clear()
            yield
            self._checksums.save()

    def _clear(self) -> None:
        """Delete what interrupted deployments left; what was found here before us stays."""
        new = self._new_link
        if new.is_symlink() or new.is_file():
            new.unlink()
        elif new.is_dir():
            self._set_aside(new)
        for path in self._releases.glob(".*"):
            if path == self._material:
                continue
            if path.is_dir() and path.name.endswith(_PARTIAL) and not self._material.exists():
                path.rename(self._material)
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    @property
    def _new_link(self) -> Path:
        return self._link.with_name(f".{self._link.name}.neu")

    def releases(self) -> list[Release]:
        """Return the releases that have a record, and older ones that are trees only."""
        return find_releases([*self._shelf.ids(), *self._trees()], self._live())

    def _trees(self) -> list[str]:
        """Return the releases that are trees at the moment, newest first."""
        if not self._releases.is_dir():
            return []
        names = [path.name for path in self._releases.iterdir() if is_release(path.name)]
        return sorted((name for name in names if (self._releases / name).is_dir()), reverse=True)

    def _live(self) -> str | None:
        """Return the release that the link points to."""
        if not self._link.is_symlink():
            return None
        target = self._link.resolve()
        is_ours = target.parent == self._releases.resolve() and target.is_dir()
        return target.name if is_ours else None

    def sizes(self) -> Mapping[str, Size]:
        """Return what the records say, and measure what has none."""
        recorded = set(self._shelf.ids())
        return {
            release.id: self._shelf.size(release.id)
            if release.id in recorded
            else measure(self._releases / release.id)
            for release in self.releases()
        }

    def manifest(self, release: str) -> Manifest:
        """Return the record of a release, or hash the tree that has none."""
        if release in self._shelf.ids():
            return self._shelf.manifest(release)
        return manifest(self._releases / release, checksums=self._checksums)

    def read(self, release: str, path: str) -> bytes:
        """Read a file of a release."""
        if release in self._shelf.ids():
            return self._shelf.content(self._shelf.manifest(release).files[path]).read_bytes()
        return (self._releases / release / path).read_bytes()

    def add(self, release: str, built: Built, site: Manifest, progress: Progress) -> None:
        """Copy the contents that no release has, and build the tree of the new one."""
        try:
            self._shelf.take_in(built, site)
            self._build(release, site, built)
        except BaseException:
            # A disk that is full should not stay full.
            with suppress(OSError):
                self._shelf.sweep()
            raise
        self._new = site

    def _build(self, release: str, site: Manifest, built: Built | None = None) -> None:
        """Build the tree of a release, of a tree that is not live if there is one."""
        partial = self._partial(release)
        if self._material.exists():
            self._material.rename(partial)
        elif spare := next((name for name in self._trees() if name != self._live()), None):
            if spare not in self._shelf.ids():
                self._shelf.keep_tree(spare, self._releases / spare)
            (self._releases / spare).rename(partial)
        self._shelf.build(partial, site, built)

    def _partial(self, release: str) -> Path:
        return self._releases / f".{release}{_PARTIAL}"

    def switch(self, release: str, progress: Progress) -> str:
        """Replace the link in one step."""
        tree = self._releases / release
        if not tree.is_dir():
            if not self._partial(release).is_dir():
                self._build(release, self._shelf.manifest(release))
            self._partial(release).rename(tree)
        elif release != self._live() and release in self._shelf.ids():
            # It was live once, and somebody may have edited it.
            self._shelf.build(tree, self._shelf.manifest(release))
        self._point(tree)
        return ""

    def _point(self, tree: Path) -> None:
        """Replace the link, or let it change places with the folder that is in its place."""
        new = self._new_link
        goal = os.path.relpath(tree, self._link.parent)
        new.symlink_to(goal, target_is_directory=True)
        if self._link.is_dir() and not self._link.is_symlink():
            if exchange(new, self._link):
                self._set_aside(new)
                sync(self._link.parent)
                return
            # There is no site between these two steps on file systems that cannot exchange names.
            self._set_aside(self._link)
        new.replace(self._link)
        sync(self._link.parent)

    def _set_aside(self, folder: Path) -> None:
        """Put a folder that we have not made among the releases, for good, unless it is empty."""
        if not any(folder.iterdir()):
            folder.rmdir()
            return
        now = dt.datetime.now(dt.UTC)
        folder.rename(self._releases / f"{now:%Y%m%d-%H%M%S}-{_FOUND}")

    def prune(self) -> None:
        """Record the live release, delete old ones; leave a tree to build the next one of."""
        live = self._live()
        if live and live not in self._shelf.ids():
            if self._new:
                self._shelf.record(live, self._new)
            else:
                self._shelf.keep_tree(live, self._releases / live)
        for release in superfluous(self.releases(), self.options.keep):
            self._shelf.forget(release.id)
            tree = self._releases / release.id
            if tree.is_dir():
                # Without a record and a release's name, what is half deleted is no release.
                tree.rename(self._partial(release.id))
                self._clear()
        if live and len(self._trees()) == 1:
            # Nothing of what was deleted stays in the material either.
            partial = self._partial("ersatz")
            if self._material.exists():
                self._material.rename(partial)
            self._shelf.build(partial, self._shelf.manifest(live))
            partial.rename(self._material)
        self._shelf.sweep()


def _may_replace(link: Path, base: Path) -> bool:
    """Return whether *link* carries off neither the project nor the author's sources."""
    if link == base or link in base.parents or not link.name:
        return False
    if link.is_symlink() or not link.exists():
        return True
    return link.is_dir() and not any(path.suffix in _SOURCES for path in link.rglob("*"))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
