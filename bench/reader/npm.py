"""What comes from npm: the peers and judges of package.json, in a folder of their own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.browser.tools import npm_command, pinned
from publishing.build import CACHE
from publishing.console import say

HERE = Path(__file__).resolve().parent
FOLDER = CACHE / "bench" / "reader"


def ensure() -> None:
    """
    Install what package.json names, if it is not there.

    Raises:
        AuthorError: npm fails.
    """
    wanted = (HERE / "package.json").read_text("utf-8")
    installed = FOLDER / "node_modules" / ".installed"
    if installed.exists() and installed.read_text("utf-8") == wanted:
        return
    say("Die Vergleichsprogramme werden mit npm geladen.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "package.json", FOLDER)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
    result = subprocess.run(
        [*npm_command(), "install", *options],
        cwd=FOLDER,
        check=False,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise AuthorError(f"npm konnte sie nicht installieren:\n{result.stderr[-2000:]}")
    installed.write_text(wanted, "utf-8")


def version(package: str) -> str:
    """Return the pinned version of *package*."""
    return pinned(HERE, package)
