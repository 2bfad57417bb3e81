"""A random walk: after each step the incremental build must be, byte for byte, what a clean build is."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from plugins.source.problem import Problem
from publishing import unchanged
from publishing.build import BuildError, Report, build, load_settings
from tests.plugins.incremental.blog import put, start
from tests.plugins.incremental.steps import STEPS

#: What a file or folder of the output is: its bytes, None for a folder, the target for a link.
Tree = dict[str, bytes | str | None]


@dataclass(frozen=True)
class Outcome:
    """What a build came to; *tree* is None if it failed."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    counts: str
    tree: Tree | None

    def differences(self, clean: Outcome) -> list[str]:
        """Return in which respects this is not what a *clean* build came to."""
        found = [
            f"{name}: {mine} instead of {theirs}"
            for name, mine, theirs in (
                ("problems", self.problems, clean.problems),
                ("warnings", self.warnings, clean.warnings),
                ("counts", self.counts, clean.counts),
            )
            if mine != theirs
        ]
        mine, theirs = self.tree or {}, clean.tree or {}
        found += [f"missing: {name}" for name in sorted(theirs.keys() - mine.keys())]
        found += [f"left over: {name}" for name in sorted(mine.keys() - theirs.keys())]
        found += [f"differs: {n}" for n in sorted(mine.keys() & theirs) if mine[n] != theirs[n]]
        return found


class WrongError(AssertionError):
    """An incremental build was wrong, or did what no build may."""


def tree(folder: Path) -> Tree:
    """Return all that is in *folder*."""
    return {path.relative_to(folder).as_posix(): _entry(path) for path in sorted(folder.rglob("*"))}


def _entry(path: Path) -> bytes | str | None:
    if path.is_symlink():
        return str(path.readlink())
    return None if path.is_dir() else path.read_bytes()


class Walk:
    """
    Steps drawn from *seed*, in *folder*.

    Each step has its own source of randomness, so some of the steps can be taken without the others.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed = seed
        self.folder = folder
        self.conf, self.content = folder / "conf.py", folder / "content"
        self.output = folder / "output"
        self.cache = folder / "cache"
        self.blog = start()
        self.steps: list[str] = []
        #: Builds that were compared: that went well, that failed, and that need not even begin.
        self.good_builds = self.failed_builds = self.early_exits = 0
        self._files: dict[str, bytes] = {}
        self._seconds = 0.1
        self._sync()

    def _sync(self) -> None:
        self.blog.heal()
        files = self.blog.files()
        put(files, self.folder, self._files)
        self._files = files

    # -- Building --------------------------------------------------------------------------------------

    def build(self, **more: Any) -> Outcome:
        """Build into the walk's own folder, with its cache."""
        self._sync()
        started = time.perf_counter()
        outcome = self._outcome(self.output, self.cache, **more)
        self._seconds = time.perf_counter() - started
        return outcome

    def clean_build(self) -> Outcome:
        """Build the same into a new folder, with a new cache."""
        folder = self.folder / "clean"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "cache").mkdir(parents=True)
        # What Jinja makes of a template and what is drawn depend on nothing else, and take most of the time.
        for name in ("templates", "bilder"):
            (self.folder / name).mkdir(exist_ok=True)
            (folder / "cache" / name).symlink_to(self.folder / name)
        return self._outcome(folder / "output", folder / "cache")

    def _outcome(
        self,
        output: Path,
        cache: Path,
        progress: Callable[[str], None] = lambda stage: None,
        **settings: Any,
    ) -> Outcome:
        try:
            report = self._report(output, cache, progress, **settings)
        except BuildError as error:
            return Outcome(_texts(error.problems), _texts(error.warnings), "", None)
        except Exception as error:
            if not self.blog.faults:
                raise
            return Outcome((f"{type(error).__name__}: {error}",), (), "", None)
        return Outcome((), _texts(report.warnings), report.counts(), tree(output))

    def _report(
        self, output: Path, cache: Path, progress: Callable[[str], None], **settings: Any
    ) -> Report:
        os.environ["SITE_DATE"] = self.blog.today.isoformat()
        loaded = load_settings(self.conf, self.content, output, **settings)
        loaded["CACHE_PATH"] = str(cache)
        return build(loaded, self.conf, progress, self.content)

    def early_exit(self) -> Outcome | None:
        """Return what there is if a build need not even begin; None if it must."""
        self._sync()
        os.environ["SITE_DATE"] = self.blog.today.isoformat()
        shown = unchanged.shown(self.conf, self.content, self.output, self.cache)
        if shown is None:
            return None
        self.early_exits += 1
        return Outcome((), tuple(shown["warnings"]), shown["counts"], tree(self.output))

    def kill_a_build(self, share: float) -> None:
        """Start a build in another process, and kill it after about this *share* of its time."""
        self._sync()
        child = os.fork()
        if not child:
            try:
                self._outcome(self.output, self.cache)
            finally:
                os._exit(0)
        time.sleep(share * self._seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def edit_in_a_build(self, stage: str, edit: Callable[[], object]) -> None:
        """Build, and *edit* when the build has come to *stage*."""
        left = [stage]

        def change(now: str, *_counts: int) -> None:
            if now in left:
                left.remove(now)
                edit()
                self._sync()

        self.build(progress=change, BUILD_PROGRESS=change)

    # -- Walking ---------------------------------------------------------------------------------------

    def plan(self, steps: int) -> Iterator[tuple[int, str]]:
        """Yield numbers and names of steps: all kinds once, in any order, then again."""
        random = Random(self.seed)
        deck: list[str] = []
        for number in range(steps):
            if not deck:
                deck = random.sample(sorted(STEPS), len(STEPS))
            yield number, deck.pop()

    def take(self, number: int, name: str) -> bool:
        """Take a step; return whether it was possible."""
        random = Random(f"{self.seed} {number}")
        if self.blog.faults and random.randrange(2):
            self.take(number + 1_000_000, "mend")
        done = STEPS[name](self, random)
        if done is not None:
            self.steps.append(f"{number} {name}: {done}")
        return done is not None

    def check(self) -> Outcome:
        """
        Return what both builds came to.

        Raises:
            WrongError: They differ; or no build was thought necessary, and that was wrong.
        """
        early, mine, clean = self.early_exit(), self.build(), self.clean_build()
        differences = mine.differences(clean)
        if early is not None:
            differences += [f"without a build: {text}" for text in early.differences(clean)]
        if differences:
            raise WrongError("\n  ".join(differences))
        if mine.tree is None:
            self.failed_builds += 1
        else:
            self.good_builds += 1
        return mine

    def run(self, steps: int, progress: Callable[[int], None] = lambda taken: None) -> None:
        """
        Take *steps* steps, and compare after each.

        Raises:
            WrongError: With the seed and the steps taken.
        """
        try:
            self.check()
            for number, name in self.plan(steps):
                if self.take(number, name):
                    self.check()
                # Each build freezes what it leaves, which a process of its own takes along.
                gc.unfreeze()
                gc.collect()
                progress(number + 1)
        except Exception as error:
            taken = "\n  ".join(self.steps)
            raise WrongError(f"seed {self.seed}, after\n  {taken}\n  {error!r}") from error


def _texts(problems: list[Problem]) -> tuple[str, ...]:
    return tuple(map(str, problems))
