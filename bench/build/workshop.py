"""
Our own program, in a copy of the project: its caches and locks are the copy's, and nobody edits it
while it is measured.
"""

from __future__ import annotations

import compileall
import os
import shutil
import sys
from pathlib import Path

from bench.build.corpus import PROJECT, write_settings
from bench.build.measure import Sample, run
from bench.build.model import TODAY

#: Not copied: what is made, what is the author's, and what does not build.
_LEFT_OUT = {
    *(".git", ".venv", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
    *("output", "public", ".public-releases", "data", "content", "bench", "docs", "tests"),
}


class Workshop:
    """A copy of the project's programs in *folder*, with room for content, data and output."""

    def __init__(self, folder: Path, content: Path | None = None, data: Path | None = None) -> None:
        self.folder = folder
        self.content = content or folder / "content"
        self.data = data or folder / "data"
        self.output = folder / "output"
        shutil.copytree(PROJECT, folder, ignore=_left_out, dirs_exist_ok=True)
        self.settings = self.write_settings()
        compileall.compile_dir(folder, quiet=2)

    @classmethod
    def of_this_blog(cls, folder: Path) -> Workshop:
        """Return a copy with the blog's own texts."""
        shop = cls(folder)
        shutil.copytree(PROJECT / "content", shop.content)
        return shop

    def write_settings(self) -> Path:
        """Write and return the settings of this copy."""
        return write_settings(self.folder, data=self.data, project=self.folder)

    def environment(self) -> dict[str, str]:
        """Return the environment of our commands: the corpus's day and comments, nobody else's."""
        foreign = ("SITE_DATE", "COMMENTS_", "DATABASE_URL", "PYTHONPATH")
        own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {**own, "SITE_DATE": TODAY.isoformat(), "COMMENTS_DATA": str(self.data)}

    def build(self, *options: str) -> Sample:
        """Run ``invoke build`` without deploying, with *options*, and measure it."""
        return self.invoke(
            *("build", "--no-deploy", *options, "--content", str(self.content)),
            *("--settings", str(self.settings), "--output", str(self.output)),
        )

    def invoke(self, *arguments: str) -> Sample:
        """Run one of the author's commands, and measure it."""
        return run(self.command(*arguments), self.folder, self.environment())

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of ``invoke``."""
        return [sys.executable, "-m", "invoke", *arguments]

    def forget(self) -> None:
        """Remove output and caches: the next build is cold."""
        shutil.rmtree(self.output, ignore_errors=True)
        shutil.rmtree(self.folder / ".cache", ignore_errors=True)


def _left_out(folder: str, names: list[str]) -> set[str]:
    made = {"__pycache__", "node_modules"}
    return made & set(names) | (_LEFT_OUT & set(names) if Path(folder) == PROJECT else set())
