"""
The target „folder“: a link that points to the newest of a few complete releases.

    public -> .public-releases/20260304-070000-1f2e3d4c5b6a/

Readers see one release or the other, never a mixture: the link is replaced in one step (rename(2)).
Options: ``path`` ("public"), ``keep`` (5 releases).
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from publishing.deploy.result import Deployed, DeployError
from publishing.release import copy_release, manifest, release_name

# What is in no built site.
_SOURCES = {".md", ".py", ".yaml"}
_FOUND = "vorgefunden"


def deploy(output: Path, options: Mapping[str, Any], base: Path) -> Deployed:
    """
    Copy *output* to a new release and point the folder to it.

    Raises:
        DeployError: An option is wrong, or the file system refuses.
    """
    unknown = set(options) - {"target", "path", "keep"}
    if unknown:
        raise DeployError(
            f"DEPLOY: „{min(unknown)}“ kennt das Ziel „folder“ nicht – möglich sind path und keep."
        )
    keep = options.get("keep", 5)
    if not isinstance(keep, int) or keep < 1:
        raise DeployError(f"DEPLOY: keep ist {keep!r} – schreiben Sie eine Zahl ab 1.")
    link = Path(os.path.abspath(base / str(options.get("path", "public"))))  # noqa: PTH100
    if not _may_replace(link, output.resolve()):
        raise DeployError(
            f"DEPLOY: path ist {options.get('path', 'public')!r}, und dort liegt etwas anderes als "
            "eine Website – nennen Sie einen neuen Ordner, zum Beispiel public."
        )
    try:
        return _deploy(output, link, keep)
    except OSError as error:
        raise DeployError(
            f"{link}: Das Veröffentlichen ging nicht ({error.strerror or error}) – prüfen Sie "
            "Schreibrechte und freien Platz; die bisherige Website ist unverändert."
        ) from error


def _may_replace(link: Path, output: Path) -> bool:
    """Return whether *link* carries off neither the project nor the author's sources nor *output*."""
    if link == output or link in output.parents or output in link.parents:
        return False
    if link.is_symlink() or not link.exists():
        return True
    return link.is_dir() and not any(path.suffix in _SOURCES for path in link.rglob("*"))


def _deploy(output: Path, link: Path, keep: int) -> Deployed:
    releases = link.with_name(f".{link.name}-releases")
    digest = manifest(output).digest
    current = _current(link, releases)
    if current is not None and current.name.endswith(f"-{digest}"):
        return Deployed(current.name, str(link), changed=False)
    releases.mkdir(parents=True, exist_ok=True)
    release = releases / release_name(dt.datetime.now(dt.UTC), digest)
    if not release.exists():
        copy_release(output, release)
    _set_aside(link, releases)
    _point(link, release)
    _prune(releases, release, keep)
    return Deployed(release.name, str(link), changed=True)


def _current(link: Path, releases: Path) -> Path | None:
    """Return the release that *link* points to."""
    if not link.is_symlink():
        return None
    target = link.resolve()
    return target if target.parent == releases.resolve() and target.is_dir() else None


def _set_aside(link: Path, releases: Path) -> None:
    """Put a real folder of that name among the releases, for good; a link cannot replace it."""
    if link.is_symlink() or not link.exists():
        return
    if link.is_dir() and not any(link.iterdir()):
        link.rmdir()
        return
    link.rename(releases / f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{_FOUND}")


def _point(link: Path, release: Path) -> None:
    new = link.with_name(f".{link.name}.neu")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(release, link.parent), target_is_directory=True)
    new.replace(link)


def _prune(releases: Path, current: Path, keep: int) -> None:
    """Delete the oldest releases and what interrupted deployments left, never what was found."""
    folders = sorted(path for path in releases.iterdir() if path.is_dir())
    folders = [path for path in folders if not path.name.endswith(_FOUND)]
    complete = [path for path in folders if not path.name.startswith(".")]
    old = [path for path in complete[:-keep] if path != current]
    for path in [*old, *(path for path in folders if path.name.startswith("."))]:
        shutil.rmtree(path, ignore_errors=True)
