"""The peers from PyPI, pinned in requirements.txt, and from npm; nobody but a bench needs them."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.browser.tools import npm_command
from publishing.console import say

HERE = Path(__file__).resolve().parent


def ensure(*names: str) -> None:
    """
    Install the pinned peers if one of these is missing.

    Raises:
        AuthorError: That fails.
    """
    missing = [name for name in names if not importlib.util.find_spec(name)]
    if not missing:
        return
    say(f"Für den Vergleich fehlt {', '.join(missing)}; es wird jetzt installiert.")
    command = [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable),
        *("--require-hashes", "-r", str(HERE / "requirements.txt")),
    ]
    if subprocess.run(command, check=False).returncode:
        raise AuthorError(
            "Die Vergleichsprogramme ließen sich nicht installieren – rufen Sie von Hand auf: "
            "pip install --require-hashes -r bench/requirements.txt"
        )
    importlib.invalidate_caches()


def ensure_npm(source: Path, folder: Path) -> None:
    """
    Install into *folder* what the package.json in *source* names, if it is not there.

    Raises:
        AuthorError: npm fails.
    """
    wanted = (source / "package.json").read_text("utf-8")
    installed = folder / "node_modules" / ".installed"
    if installed.exists() and installed.read_text("utf-8") == wanted:
        return
    say("Die Vergleichsprogramme werden mit npm geladen.")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "package.json", folder)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
    result = subprocess.run(
        [*npm_command(), "install", *options],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise AuthorError(f"npm konnte sie nicht installieren:\n{result.stderr[-2000:]}")
    installed.write_text(wanted, "utf-8")
