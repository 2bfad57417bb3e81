"""Real builds, killed at random moments; the next one must put everything right."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from publishing.build import build, load_settings
from tests.plugins.incremental.walk import Tree, WrongError, tree
from tests.site import PROJECT, Site


class KilledSite:
    """A site with *posts* more posts and a theme of its own, built by `invoke build` in other processes."""

    def __init__(self, folder: Path, seed: int, posts: int = 0) -> None:
        self.site = Site(folder)
        self.random = Random(seed)
        self.killed = 0
        self._posts = ["eins", "zwei", *(f"viele/{number:03}" for number in range(posts))]
        for number, name in enumerate(self._posts[2:]):
            text = f"Title: Beitrag {number}\nDate: 2026-05-01\nCategory: Garten\nTags: Beete\n\nText.\n"
            self.site.write(f"artikel/{name}.md", text)
        shutil.copytree(PROJECT / "theme", folder / "theme")
        self.site.write_settings(f"THEME = {str(folder / 'theme')!r}\n")
        self._seconds = 0.0
        self.rebuild()

    def edit(self) -> str:
        """Change a few posts or the template of all pages, or forget what the last build knew."""
        kind = self.random.choice(("posts", "template", "setting"))
        number = self.random.randrange(10_000)
        if kind == "posts":
            for name in self.random.sample(self._posts, 2):
                path = self.site.content / f"artikel/{name}.md"
                path.write_text(f"{path.read_text('utf-8')}\nFassung {number}.\n", "utf-8")
        elif kind == "template":
            base = self.site.folder / "theme/templates/base.html"
            text = base.read_text("utf-8").partition("<!-- ")[0].rstrip()
            base.write_text(f"{text}\n<!-- {number} -->\n", "utf-8")
        else:
            self.site.write_settings(
                f"THEME = {str(self.site.folder / 'theme')!r}\nSITENAME = 'Blog {number}'\n"
            )
        return kind

    def kill_a_build(self) -> str:
        """Start a build after an edit, kill it at any moment, and say when and whether it was at work."""
        kind = self.edit()
        process = subprocess.Popen(
            [sys.executable, "-m", "invoke", *self.site.build_arguments("--no-deploy")],
            cwd=PROJECT,
            env=self.site.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        share = self.random.random()
        try:
            process.wait(share * self._seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            self.killed += 1
        process.wait()
        return f"{kind}, at {share:.0%}"

    def rebuild(self) -> None:
        """
        Build, and compare with a clean build.

        Raises:
            WrongError: The build failed, or something is not as it must be.
        """
        started = time.perf_counter()
        result = self.site.build("--no-deploy")
        self._seconds = time.perf_counter() - started
        if result.status:
            raise WrongError(result.err)
        mine, clean = tree(self.site.output), self._clean_tree()
        if different := {n for n in mine.keys() | clean.keys() if mine.get(n) != clean.get(n)}:
            raise WrongError(f"not as in a clean build: {', '.join(sorted(different))}")

    def _clean_tree(self) -> Tree:
        folder = self.site.folder / "clean"
        shutil.rmtree(folder, ignore_errors=True)
        loaded = load_settings(self.site.settings, self.site.content, folder / "output")
        loaded["CACHE_PATH"] = str(folder / "cache")
        build(loaded, self.site.settings, lambda stage: None)
        return tree(folder / "output")
