"""
Deployment: bring a built site to where readers are, and back to an earlier release.

The setting ``DEPLOY`` names a target and its options. `Target` is the interface, `TARGETS` lists
the modules that have one.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publishing.checksums import Checksums
from publishing.deploy.built import Built, Extras
from publishing.deploy.leaks import Cleared, refuse_secrets
from publishing.deploy.result import Deployed, DeployError
from publishing.deploy.target import Progress, Target
from publishing.release import (
    Difference,
    Manifest,
    Release,
    Size,
    choose,
    difference,
    manifest,
    release_id,
)

__all__ = ["TARGETS", "DeployError", "Deployed", "Plan", "deploy", "plan", "releases", "target"]

#: The class of each target; it is imported when it is needed.
TARGETS = {
    "folder": "publishing.deploy.folder.Folder",
    "rsync": "publishing.deploy.rsync.Rsync",
    "s3": "publishing.deploy.s3.S3",
    "git": "publishing.deploy.git.Git",
}
#: What a target needs beside what a build does.
_REQUIREMENTS = {"s3": "requirements-s3.txt"}
_UNFINISHED = ".mittwochspost-unfertig"


@dataclass(frozen=True)
class Plan:
    """What a deployment would do: *old* is the live release, if there is one."""

    place: str
    old: Release | None
    difference: Difference
    #: Reads a file of the live release.
    read: Callable[[str], bytes]


def target(options: Mapping[str, Any], base: Path) -> Target:
    """
    Return the target that *options* name; relative paths in them start at *base*.

    Raises:
        DeployError: There is no such target, or an option is wrong.
    """
    if not isinstance(options, Mapping):
        raise DeployError(
            "DEPLOY: Das sind keine Angaben zu einem Ziel – schreiben Sie "
            'DEPLOY = {"target": "folder", "path": "public"}.'
        )
    name = str(options.get("target", ""))
    if name not in TARGETS:
        near = difflib.get_close_matches(name, TARGETS, n=1)
        hint = f"meinten Sie „{near[0]}“?" if near else f"möglich sind {', '.join(TARGETS)}."
        raise DeployError(f"DEPLOY: Das Ziel „{name}“ gibt es nicht – {hint}")
    module, _, kind = TARGETS[name].rpartition(".")
    made: Target = getattr(importlib.import_module(module), kind)(options, base)
    return made


def requirements(options: Mapping[str, Any]) -> str:
    """Return the file of all libraries that a build and a deployment to this target need."""
    return _REQUIREMENTS.get(str(options.get("target", "")), "requirements.txt")


def deploy(
    output: Path,
    options: Mapping[str, Any],
    base: Path,
    known: Mapping[str, str] | None = None,
    progress: Progress = lambda stage: None,
    more: Mapping[str, bytes] | None = None,
) -> Deployed:
    """
    Deploy *output*, and *more* files beside it, to the target that *options* name.

    *known* has SHA-256 digests by path that a build has calculated already.

    Raises:
        DeployError: The target is unknown or refuses. What readers see is as before.
        ReleaseError: *output* cannot be deployed.
    """
    place = target(options, base)
    with _explained(place):
        progress("Vorbereiten")
        built, site = _built(output, place, known, more, progress)
        with place.locked():
            here = place.releases()
            live = _live(here)
            if live and live.digest == site.digest and not place.is_mixed:
                note = _tidy(place)
                return Deployed(live.id, place.place, False, place.folder, note, site)
            release = release_id(_now(), site.digest, [release.id for release in here])
            place.add(release, built, site, progress)
            note = place.switch(release, progress)
            note = note or _tidy(place)
    return Deployed(release, place.place, True, place.folder, note, site)


def plan(
    output: Path,
    options: Mapping[str, Any],
    base: Path,
    more: Mapping[str, bytes] | None = None,
) -> Plan:
    """
    Return what `deploy` would change.

    Raises:
        DeployError: `deploy` would refuse.
        ReleaseError: *output* cannot be deployed.
    """
    place = target(options, base)
    with _explained(place):
        _, site = _built(output, place, None, more)
        live = _live(place.releases())
        old = place.manifest(live.id) if live else Manifest({})
    return Plan(
        place.place,
        live,
        difference(old, site),
        lambda path: place.read(live.id, path) if live else b"",
    )


def releases(options: Mapping[str, Any], base: Path) -> list[tuple[Release, Size]]:
    """
    Return the releases on the target, newest first.

    Raises:
        DeployError: The target is unknown, or not there.
    """
    place = target(options, base)
    with _explained(place):
        here = place.releases()
        sizes = place.sizes() if here else {}
    return [(release, sizes[release.id]) for release in here]


def live(options: Mapping[str, Any], base: Path) -> tuple[str, Manifest]:
    """
    Return the release that readers see, and what it is made of.

    Raises:
        DeployError: The target is unknown, not there, or empty.
    """
    place = target(options, base)
    with _explained(place):
        release = _live(place.releases())
        if release is None:
            raise DeployError(
                f"{place.place}: Veröffentlicht ist noch nichts – das macht invoke build."
            )
        return release.id, place.manifest(release.id)


def rollback(
    options: Mapping[str, Any],
    base: Path,
    wanted: str = "",
    progress: Progress = lambda stage: None,
) -> Deployed:
    """
    Let readers see the release *wanted* (its id or a part of it), or the one before the live one.

    Raises:
        DeployError: The target refuses. What readers see is as before.
        ReleaseError: There is no such release.
    """
    place = target(options, base)
    with _explained(place), place.locked():
        here = place.releases()
        live = _live(here)
        # Half of a switch is best undone.
        release = live if live and place.is_mixed and not wanted else choose(here, wanted)
        is_change = place.is_mixed or not release.is_live
        note = place.switch(release.id, progress) if is_change else ""
    return Deployed(release.id, place.place, is_change, place.folder, note)


def _tidy(place: Target) -> str:
    """Delete what is not needed any more; the site is deployed, whether that works or not."""
    try:
        place.prune()
    except (DeployError, OSError) as error:
        return f"Das Aufräumen nach dem Veröffentlichen ging nicht ({error})."
    return ""


def _built(
    output: Path,
    place: Target,
    known: Mapping[str, str] | None,
    more: Mapping[str, bytes] | None,
    progress: Progress = lambda stage: None,
) -> tuple[Built, Manifest]:
    """Return a built site that may be deployed, with all that the target wants."""
    if not (output / "index.html").is_file() or (output / _UNFINISHED).exists():
        raise DeployError(
            f"{output.name}/: Darin liegt keine fertige Website – rufen Sie invoke build auf; "
            "die bisherige Website ist unverändert."
        )
    place.check(output)
    name = hashlib.sha256(str(output.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    checksums = Checksums(place.cache / f"dateien-{name[:16]}.json")
    cleared = Cleared(place.cache / f"geprueft-{name[:16]}.json")
    site = manifest(output, known, checksums)
    refuse_secrets(output, site, place.options.allow, cleared)
    if known is None:
        checksums.save()
    cleared.save(site, place.options.allow)
    extras = Extras(place.cache / f"beilagen-{name[:16]}", progress)
    return extras.add_to(output, site, more or {}, place.is_packed)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _live(here: list[Release]) -> Release | None:
    return next((release for release in here if release.is_live), None)


@contextmanager
def _explained(place: Target) -> Iterator[None]:
    """Turn what the file system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        raise DeployError(
            f"{place.place}: Das Veröffentlichen ging nicht ({error.strerror or error}) – prüfen "
            "Sie Schreibrechte und freien Platz; die bisherige Website ist unverändert."
        ) from error
