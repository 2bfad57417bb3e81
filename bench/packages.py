"""The peers that come from PyPI, pinned in requirements.txt; nobody but a bench needs them."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from plugins.source.problem import AuthorError
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
