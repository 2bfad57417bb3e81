"""Deployments that are killed, and readers who look on."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from publishing import deploy
from publishing.deploy.s3 import S3
from publishing.release import is_release
from tests.publishing.deploy import fake_site
from tests.publishing.deploy.fake_site import Files, Reader
from tests.publishing.deploy.places import Place
from tests.publishing.deploy.servers import hang_up

#: Processes that share nothing with us but what is here already: quick, and good to kill.
_FORK = multiprocessing.get_context("fork")
#: So many deployments are killed one after the other before one is left alone.
_ROUND = 5


@dataclass
class Seen:
    """What readers saw."""

    visits: int = 0
    switched: int = 0
    broken: list[str] = field(default_factory=list)


@contextmanager
def watched(make: Callable[[], Place], releases: list[Files], seen: Seen) -> Iterator[None]:
    """
    Let a reader crawl the site as long as the block lasts, in a process of its own.

    *make* makes the place anew there, with connections of its own. *seen* is filled at the end.
    """
    stop = _FORK.Event()
    results, sending = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_crawl, args=(make, releases, stop, sending), daemon=True)
    process.start()
    try:
        yield
    finally:
        stop.set()
        found: Seen = results.recv()
        process.join()
        process.close()
        results.close()
        sending.close()
        seen.visits += found.visits
        seen.switched += found.switched
        seen.broken += found.broken


def _crawl(make: Callable[[], Place], releases: list[Files], stop: Event, results: Any) -> None:
    place, seen = make(), Seen()
    reader = Reader(place.read, releases, place.is_atomic, place.now)
    entries = ["index.html", "archiv/index.html"]
    random_ = random.Random(1)
    while not stop.is_set():
        # Nobody guesses the address of a page that nothing points to yet.
        path = random_.choice(
            reader.onward if random_.random() < 0.5 and reader.onward else entries
        )
        if problem := reader.visit(path):
            seen.broken.append(problem)
    seen.visits, seen.switched = reader.visits, reader.switched
    results.send(seen)


def attempt(place: Place, output: Path, kill_after_s: float, everybody: bool) -> bool:
    """
    Deploy in a process of its own that is killed after some time; return whether it was.

    If it ends before, it must have worked.
    *everybody* includes the programs that it runs, as when the power fails; otherwise they go on.
    """
    hang_up()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            place.deploy(output)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _own_group(child)
    time.sleep(kill_after_s)
    kill = os.killpg if everybody else os.kill
    with suppress(ProcessLookupError):
        kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, "a deployment that nobody killed has failed"
    return os.WIFSIGNALED(status)


def _own_group(child: int) -> None:
    """Make sure that the child leads a group before it is killed with it."""
    with suppress(OSError):
        os.setpgid(child, child)


def usual_duration_s(place: Place, output: Path, version: int) -> float:
    """Return how long it takes to deploy another version."""
    fake_site.write(fake_site.pages(version), output)
    started = time.perf_counter()
    place.deploy(output)
    return time.perf_counter() - started


def kill_often(
    place: Place, reader: Callable[[], Place], output: Path, kills: int, seed: int
) -> Seen:
    """
    Kill *kills* deployments at random moments while somebody reads, and return what was read.

    Every fifth deployment is left alone. It must end with exactly what was built, and leave nothing
    else behind.
    """
    random_, seen = random.Random(seed), Seen()
    duration_s = usual_duration_s(place, output, 0)
    for first in range(1, kills + 1, _ROUND):
        count = min(_ROUND, kills + 1 - first)
        releases = [fake_site.pages(first + number) for number in range(-1, count)]
        with watched(reader, releases, seen):
            for files in releases[1:]:
                fake_site.write(files, output)
                while not attempt(
                    place, output, random_.uniform(0, duration_s), random_.random() < 0.5
                ):
                    # It was quicker than usual: once more, from the first release of this round.
                    fake_site.write(releases[0], output)
                    place.deploy(output)
                    fake_site.write(files, output)
            place.deploy(output)
        settle(place, output)
        assert place.seen() == releases[-1]
        assert rubbish(place) == []
    return seen


def settle(place: Place, output: Path) -> None:
    """Deploy the same once more, when nobody who reads may need what is gone."""
    if place.name == "s3":
        place.deploy(output, grace_minutes=0)


def rubbish(place: Place) -> list[str]:
    """Return what is behind the site and belongs to no release."""
    made = deploy.target(place.options, place.base)
    if isinstance(made, S3):
        ids = [release.id for release in made.releases()]
        wanted = {".mittwochspost/ausgaben.json"}
        for name in ids:
            for record in filter(None, (name, made.base_of(name))):
                wanted.add(f".mittwochspost/ausgaben/{record}.json.gz")
            for body in made.bodies(name).values():
                wanted.add(f".mittwochspost/inhalte/{body.name}")
        return sorted(wanted.symmetric_difference(place.behind()))
    if place.name == "git":
        mine = place.base / ".cache" / "deploy"
        return [path.name for path in mine.glob("git-*/**/*.lock")]
    if place.name == "folder":
        found = place.options.get("path", "public")
        shelf = place.base / f".{found}-releases"
        records = [json.loads(file.read_text("utf-8"))["files"] for file in shelf.glob("*.json")]
        needed = {digest for files in records for digest in files.values()}
        contents = {path.name for path in shelf.glob("inhalte/*")}
        names = {name.removesuffix(".json") for name in place.behind()} - {"inhalte", ".ersatz"}
        return sorted({name for name in names if not is_release(name)} | (contents ^ needed))
    return [name for name in place.behind() if not is_release(name)]
