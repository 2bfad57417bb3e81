"""A release: a complete copy of a built site, named by its time and by what is in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Manifest:
    """The files of a site (paths with slashes) and the SHA-256 of each."""

    files: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The hash of all names and contents, 12 hexadecimal digits."""
        text = json.dumps(sorted(self.files.items()), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def manifest(folder: Path) -> Manifest:
    """Return the manifest of all files in *folder*."""
    return Manifest(
        {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    )


def release_name(now: dt.datetime, digest: str) -> str:
    """Return „20260304-070000-1f2e3d4c5b6a“: sorts by time (UTC), tells contents apart."""
    return f"{now.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{digest}"


def copy_release(output: Path, target: Path) -> None:
    """Copy *output* to the new folder *target*; a copy that is interrupted leaves no *target*."""
    partial = target.with_name(f".{target.name}.teil")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(output, partial)
    partial.rename(target)
