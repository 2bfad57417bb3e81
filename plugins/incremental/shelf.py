"""What is costly to make, kept in files that are named after what it was made of; outlives the cache of builds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from plugins.incremental import scan

#: Bytes of the digest before what is kept.
_SEAL = 16


class Shelf:
    """Bytes by key, in *folder*; where nothing can be written, everything is made each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return what *make* returns, now or earlier; *key* stands for everything that it depends on."""
        data = self.found(key)
        if data is None:
            data = make()
            self.put(key, data)
        return data

    def found(self, key: bytes) -> bytes | None:
        """Return what is kept; None if nothing is, or it is damaged."""
        with suppress(OSError):
            sealed = self._path(key).read_bytes()
            if scan.digest(sealed[_SEAL:]) == sealed[:_SEAL]:
                return sealed[_SEAL:]
        return None

    def _path(self, key: bytes) -> Path:
        return self._folder / scan.digest(key).hex()

    def put(self, key: bytes, data: bytes) -> None:
        """Keep *data* instead of what is kept."""
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Other processes may write the same file.
            new = path.with_suffix(f".{os.getpid()}")
            new.write_bytes(scan.digest(data) + data)
            new.replace(path)

    def forget(self, key: bytes) -> None:
        """Keep nothing."""
        with suppress(OSError):
            self._path(key).unlink()

    def forget_others(self, keys: Iterable[bytes]) -> None:
        """Keep what is kept under *keys*, and nothing else."""
        wanted = {self._path(key).name for key in keys}
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in wanted:
                    path.unlink()

    def forget_oldest(self, count: int) -> None:
        """Keep the newest *count*."""
        with suppress(OSError):
            with os.scandir(self._folder) as entries:
                oldest_first = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
            for _, path in oldest_first[:-count]:
                Path(path).unlink()
