"""`invoke comments.watch`: build and deploy soon after a comment was approved."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from plugins.comments.pull import PullError, pull
from publishing import build as builder
from publishing.build import PROJECT
from publishing.console import complain, say

#: Seconds between two looks; an approved comment is on the site soon after.
_PAUSE_S = 10.0
#: Seconds until a build that failed is tried again.
_RETRY_S = 300.0


class Watch:
    """
    What has been seen of the comments, and whether the site has yet to show it.

    *look* returns the approved comments' state; *build* builds and deploys, and says whether it could.
    """

    def __init__(self, look: Callable[[], object], build: Callable[[], bool]) -> None:
        self._look, self._build = look, build
        #: The state that the site shows; at first, nobody knows.
        self._shown: object = None

    def step(self) -> bool:
        """Look once, and build if there is something new; return False if that failed."""
        try:
            seen = self._look()
        except PullError as error:
            complain(f"Hinweis: {error}", "yellow")
            return True
        if seen == self._shown:
            return True
        if not self._build():
            return False
        self._shown = seen
        return True


def watch(settings: str) -> NoReturn:
    """Watch until the process is ended."""
    file = Path(settings).resolve()
    loaded = builder.load_settings(file)
    source, snapshot = loaded.get("COMMENTS_SOURCE", "local"), loaded.get("COMMENTS_SNAPSHOT")

    def look() -> object:
        result = pull(source, snapshot)
        return result.snapshot.read_bytes()

    def build() -> bool:
        # In a process of its own, which begins with the code and the settings of that moment.
        command = [sys.executable, "-m", "invoke", "build", "--settings", str(file)]
        return subprocess.run(command, cwd=PROJECT, check=False).returncode == 0

    watching = Watch(look, build)
    say("Freigegebene Kommentare kommen jetzt von selbst auf die Website – Strg+C beendet das.")
    while True:
        time.sleep(_PAUSE_S if watching.step() else _RETRY_S)
