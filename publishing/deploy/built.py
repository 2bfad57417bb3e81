"""A built site, and what a target wants beside it: compressed forms of text, files for certain hosts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plugins.german.core import number as in_german
from publishing.deploy import packed
from publishing.release import Manifest, Size

#: Digest of the file that something was made of ("" in the second place: it was not worth it), its
#: own digest, size, and time in nanoseconds.
_Entry = tuple[str, str, int, int]
#: From this number on, files are compressed on all cores.
_MANY = 64


@dataclass(frozen=True)
class Built:
    """The files of a site: those in the folder *output*, and those in *extra*, under other names."""

    output: Path
    extra: Path | None = None
    extras: frozenset[str] = frozenset()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that together hold all files."""
        return (self.output, self.extra) if self.extra and self.extras else (self.output,)

    def file(self, path: str) -> Path:
        """Return where a file of the site is."""
        return self.extra / path if self.extra and path in self.extras else self.output / path


class Extras:
    """
    The folder of what does not come from the build, as the last deployment left it.

    A compressed form is made again only if its file has changed. What is missing, damaged or was
    touched by somebody is made again, too.
    """

    def __init__(self, folder: Path, progress: Callable[[str], None] = lambda stage: None) -> None:
        self._folder = folder
        self._progress = progress
        self._index = folder.with_suffix(".json")
        self._known = _load(self._index)
        if not self._known:
            # What a deployment that was killed has left would be deployed, too.
            shutil.rmtree(folder, ignore_errors=True)
        self._now: dict[str, _Entry] = {}

    def add_to(
        self, output: Path, site: Manifest, more: Mapping[str, bytes], is_packed: bool
    ) -> tuple[Built, Manifest]:
        """Return the site with *more* files and, if *is_packed*, a compressed form of every text."""
        if not is_packed and not more:
            return Built(output), site
        digests = self._pack(output, site) if is_packed else {}
        for path, data in more.items():
            digests[path] = self._write(path, data, hashlib.sha256(data).hexdigest())
        digests = {path: digest for path, digest in digests.items() if path not in site.files}
        self._clean()
        size = site.size and Size(
            site.size.pages,
            site.size.files + len(digests),
            site.size.bytes + sum(self._now[path][2] for path in digests),
        )
        whole = Manifest(dict(sorted({**site.files, **digests}.items())), size)
        return Built(output, self._folder, frozenset(digests)), whole

    def _pack(self, output: Path, site: Manifest) -> dict[str, str]:
        """Compress what has changed, and return the digests of all compressed forms."""
        wanted = [(path, digest) for path, digest in site.files.items() if packed.is_text(path)]
        stale = [pair for pair in wanted if not self._is_current(*pair)]

        def pack(pair: tuple[str, str]) -> dict[str, bytes]:
            path, _ = pair
            return packed.forms((output / path).read_bytes())

        # Here: it is slow to import, and most deployments do not need it.
        from plugins.incremental import parallel

        made = parallel.each(pack, stale, at_least=_MANY)
        for done, ((path, digest), forms) in enumerate(made, 1):
            self._progress(f"Komprimieren: {in_german(done)} von {in_german(len(stale))}")
            for end in packed.ENDS:
                if end in forms:
                    self._write(f"{path}{end}", forms[end], digest)
                else:
                    self._now[f"{path}{end}"] = (digest, "", 0, 0)
        return {
            name: self._now[name][1]
            for path, _ in wanted
            for end in packed.ENDS
            if self._now[name := f"{path}{end}"][1]
        }

    def _is_current(self, path: str, digest: str) -> bool:
        """Return whether both forms of a file are as they were left; if so, keep them."""
        for end in packed.ENDS:
            known = self._known.get(name := f"{path}{end}")
            if known is None or known[0] != digest or not self._is_intact(name, known):
                return False
            self._now[name] = known
        return True

    def _is_intact(self, name: str, known: _Entry) -> bool:
        if not known[1]:
            return True
        try:
            found = os.stat(f"{self._folder}/{name}")  # noqa: PTH116 - thousands of files
        except OSError:
            return False
        return [found.st_size, found.st_mtime_ns] == [*known[2:]]

    def _write(self, name: str, data: bytes, source: str) -> str:
        """Write a file, made of what has the digest *source*, and return its own digest."""
        digest = hashlib.sha256(data).hexdigest()
        known = self._known.get(name)
        if known and known[1] == digest and self._is_intact(name, known):
            self._now[name] = (source, *known[1:])
            return digest
        # If we are killed now, the next deployment begins anew.
        self._index.unlink(missing_ok=True)
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        found = path.stat()
        self._now[name] = (source, digest, found.st_size, found.st_mtime_ns)
        return digest

    def _clean(self) -> None:
        """Delete what is not needed any more, and remember the rest."""
        for name in self._known.keys() - self._now.keys():
            path = self._folder / name
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
        if self._now != self._known or not self._index.exists():
            self._index.parent.mkdir(parents=True, exist_ok=True)
            new = self._index.with_suffix(".neu")
            new.write_text(json.dumps([packed.VERSION, self._now]), "utf-8")
            new.replace(self._index)


def _load(file: Path) -> dict[str, _Entry]:
    try:
        version, known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return {}
    if version != packed.VERSION or not isinstance(known, dict):
        return {}
    return {name: tuple(entry) for name, entry in known.items()}
