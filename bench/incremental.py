"""
Incremental builds against clean ones: thousands of random changes, and a hundred builds that are killed.

    python -m bench.incremental

- Walks of 5,000 random steps (edits of everything, mistakes, damage to cache and output, kills), a fifth of them in
  a process that stays; after each, the output is compared byte for byte with that of a clean build, and so are
  messages and counts. As many walks at a time as there are cores.
- 100 real `invoke build` of a site of some 70 posts, ended by kill -9 at random moments; the next build must give
  the right tree, with status 0.

Anything that differs ends the program with the seed and the steps that led to it.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.results import machine, write_section
from plugins.source.problem import AuthorError
from publishing.console import say, stages
from tests.plugins.incremental.kills import KilledSite
from tests.plugins.incremental.walk import Walk, WrongError
from tests.plugins.incremental.warm import WarmWalk

SEED = 4
Stage = Callable[[str], None]
#: The steps taken so far by all processes that walk.
_taken: Any = None


@dataclass(frozen=True)
class Size:
    """How much of everything; the walk begins anew after *walk* steps, before its blog grows large."""

    steps: int = 5000
    walk: int = 500
    kills: int = 100
    posts: int = 70


QUICK = Size(steps=200, walk=100, kills=5)


@dataclass
class Walked:
    """What walks came to."""

    steps: int = 0
    warm: int = 0
    good: int = 0
    failed: int = 0
    early: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Walked) -> Walked:
        mine, its = vars(self), vars(other)
        return Walked(**{name: mine[name] + its[name] for name in mine})


def walk(size: Size, seed: int, folder: Path, stage: Stage) -> Walked:
    """
    Take all steps, in several walks, as many at a time as there are cores.

    Raises:
        WrongError: A build was wrong.
    """
    lengths = [min(size.walk, size.steps - begun) for begun in range(0, size.steps, size.walk)]
    context = multiprocessing.get_context("spawn")
    taken = context.Value("i", 0)
    with ProcessPoolExecutor(mp_context=context, initializer=_begin, initargs=(taken,)) as pool:
        waiting = {
            pool.submit(_walk, folder / f"walk-{number}", seed + number, steps)
            for number, steps in enumerate(lengths)
        }
        walked = Walked()
        while waiting:
            stage(f"{taken.value} von {size.steps} Schritten")
            done, waiting = wait(waiting, 1, FIRST_COMPLETED)
            try:
                walked = sum((future.result() for future in done), walked)
            except WrongError:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return walked


def _begin(taken: Any) -> None:
    """Note, in a process that walks, where all count their steps."""
    global _taken
    _taken = taken


def _walk(folder: Path, seed: int, steps: int) -> Walked:
    """Take so many steps; one walk of five is of a process that stays, as `invoke serve` does."""
    os.environ["COMMENTS_DATA"] = str(folder / "data")
    is_warm = seed % 5 == 0
    one = (WarmWalk if is_warm else Walk)(_made(folder), seed)

    def count(_number: int) -> None:
        with _taken.get_lock():
            _taken.value += 1

    with chdir(one.folder):
        one.run(steps, count)
    return Walked(
        len(one.steps),
        len(one.steps) * is_warm,
        one.good_builds,
        one.failed_builds,
        one.early_exits,
        Counter(step.split()[1] for step in one.steps),
    )


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def kill(size: Size, seed: int, folder: Path, stage: Stage) -> int:
    """
    Return how many builds were begun until as many as wanted were killed while they were at work.

    Raises:
        WrongError: A build after that was wrong.
    """
    site = KilledSite(_made(folder / "killed"), seed, size.posts)
    moments = []
    while site.killed < size.kills:
        stage(f"{site.killed} von {size.kills} Abbrüchen")
        moments.append(site.kill_a_build())
        try:
            site.rebuild()
        except WrongError as error:
            raise WrongError(f"seed {seed}, after {'; '.join(moments)}: {error}") from error
    return len(moments)


def section(walked: Walked, begun: int, size: Size, seed: int, seconds: float) -> str:
    """Return the section of RESULTS.md."""
    return "\n".join(
        [
            "## Incremental builds are right",
            "",
            "| | |",
            "|---|---:|",
            f"| random steps, of {len(walked.kinds)} kinds | {walked.steps:,} |",
            f"| of these in a process that stays | {walked.warm:,} |",
            f"| builds compared byte for byte with a clean build | {walked.good:,} |",
            f"| builds that failed as the clean build did, with the same messages | {walked.failed:,} |",
            f"| times no build was thought necessary, and none was | {walked.early:,} |",
            f"| builds ended by kill -9 at random moments, of {begun} begun | {size.kills} |",
            "| differences found | 0 |",
            "",
            f"Seed {seed}; {seconds / 60:.0f} minutes. The builds that were killed are `invoke build` of a site",
            f"of {size.posts + 3} posts, which renders on all cores; each was followed by one that had to give",
            "the right tree and status 0.",
            "",
            f"{machine()}.",
        ]
    )


def run(quick: bool = False) -> None:
    """
    Walk, kill, and write the section; *quick* takes fewer steps and writes nothing.

    Raises:
        AuthorError: A build was wrong; the message has the seed and the steps.
    """
    size = QUICK if quick else Size()
    before = {name: os.environ.pop(name, None) for name in ("SITE_DATE", "DATABASE_URL")}
    started = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="bauten-") as name, stages() as stage:
            os.environ["COMMENTS_DATA"] = f"{name}/data"
            walked = walk(size, SEED, Path(name), stage)
            os.environ.pop("SITE_DATE", None)
            begun = kill(size, SEED, Path(name), stage)
    except WrongError as error:
        raise AuthorError(f"Ein Build war nicht, wie er sein muss.\n{error}") from error
    finally:
        os.environ.update({name: value for name, value in before.items() if value is not None})
    say(
        f"{walked.steps} Schritte ({len(walked.kinds)} Arten), {size.kills} abgebrochene Builds: kein Unterschied "
        "zu einem Build von Grund auf.",
        "green",
    )
    if not quick:
        text = section(walked, begun, size, SEED, time.perf_counter() - started)
        write_section("incremental", text)
        say("Die Zahlen stehen in bench/RESULTS.md.", "green")


if __name__ == "__main__":
    run()
