"""
Deployments to each target that are killed, under a reader.

    invoke bench kills            100 kills for each target; writes RESULTS.md
    invoke bench kills --quick    10 kills; only shown
    --cases folder,s3             only these targets; only shown

The site is small and invented; the counterparts are real and on this machine (`bench.targets`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.results import machine, write_section
from bench.targets import keys, servers, targets, versions
from publishing.console import say
from tests.publishing.deploy import faults, places
from tests.publishing.deploy.places import Place
from tests.publishing.deploy.servers import Bucket, Ssh

KILLS, QUICK_KILLS = 100, 10
_SEED = 20261122


def run(quick: bool = False, cases: str = "") -> None:
    """
    Kill, and look what readers see.

    Raises:
        AuthorError: *cases* names a target that there is not.
    """
    names = targets(cases)
    kills = QUICK_KILLS if quick else KILLS
    found = {}
    with tempfile.TemporaryDirectory(prefix="mittwochspost-") as temporary, keys():
        folder = Path(temporary)
        with servers(names, folder) as (ssh, endpoint):
            for name in names:
                say(f"{name}: {kills}-mal beendet")
                base = folder / f"klein-{name}"
                base.mkdir()
                place, reader = _watched(name, base, ssh, endpoint)
                found[name] = faults.kill_often(place, reader, base / "output", kills, _SEED)
        text = _section(found, kills)
    say(text)
    if not quick and names == list(places.NAMES):
        write_section("kills", text)


def _watched(
    name: str, base: Path, ssh: Ssh | None, endpoint: str
) -> tuple[Place, Callable[[], Place]]:
    """Return a small target, and how a reader makes it anew in another process."""
    if name == "folder":
        return places.folder_place(base), lambda: places.folder_place(base)
    if name == "rsync":
        assert ssh
        return places.rsync_place(base, ssh), lambda: places.rsync_place(base, ssh)
    if name == "git":
        return places.git_place(base), lambda: places.git_place(base, is_reader=True)
    bucket = Bucket(endpoint, "site", "klein")
    place = places.s3_place(base, bucket)
    place.options["grace_minutes"] = 60
    return place, lambda: places.s3_place(base, bucket)


def _section(found: dict[str, faults.Seen], kills: int) -> str:
    broken = sum(len(seen.broken) for seen in found.values())
    return "\n".join(
        (
            "## Deployments that are killed",
            "",
            f"Killed at {kills} random moments of a deployment, half of the time with all programs that it",
            "runs, while a reader crawls the site in another process; every fifth deployment is left",
            "alone and must end with exactly what was built, and no rubbish. A visit reads a page and",
            "all it points to; folder, rsync and git must show one release, S3 no page without what it",
            "needs. Visits during which readers were switched are not judged (column 3).",
            "",
            "| | visits | switched | broken |",
            "|---|---:|---:|---:|",
            *[
                f"| {name} | {seen.visits:,} | {seen.switched:,} | {len(seen.broken)} |"
                for name, seen in found.items()
            ],
            "",
            f"- no broken page: {'not met' if broken else 'met'} ({broken})",
            "",
            f"{machine()}, {versions()}.",
        )
    )
