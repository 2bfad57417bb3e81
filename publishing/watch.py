"""`invoke comments.watch`: build and deploy soon after a comment was approved."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from plugins.comments import pull
from plugins.comments.pull import PullError
from publishing import build as builder
from publishing.build import PROJECT
from publishing.console import complain, say

#: Seconds between two looks; an approved comment is on the site soon after.
_PAUSE_S = 2.0
#: Seconds until a build that failed is tried again; each time twice as long.
_FIRST_RETRY_S, _LAST_RETRY_S = 10.0, 300.0


class Shown:
    """
    The state of the comments that the site shows, kept in *file*.

    After a restart nothing is built for a state that was built already: who went back to an earlier
    release would find it replaced.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> str:
        """Return the state, "" if nobody knows."""
        try:
            return self._file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def write(self, state: str) -> None:
        """Keep *state*; if that cannot be, the next start builds once more than it must."""
        with suppress(OSError):
            pull.write(self._file, state)


class Watch:
    """
    Builds when the comments are not those that the site shows.

    *look* returns what stands for the approved comments; *build* builds and deploys, and says whether it could.
    """

    def __init__(self, look: Callable[[], str], build: Callable[[], bool], shown: Shown) -> None:
        self._look, self._build, self._shown = look, build, shown
        self._complaint = ""

    def step(self) -> bool:
        """Look once, and build if there is something new; return False if that failed."""
        try:
            seen = self._look()
        except PullError as error:
            self._complain(f"Hinweis: {error}")
            return True
        self._complaint = ""
        if seen == self._shown.read():
            return True
        if not self._build():
            return False
        self._shown.write(seen)
        return True

    def _complain(self, complaint: str) -> None:
        # Said once, not every two seconds.
        if complaint != self._complaint:
            complain(complaint, "yellow")
        self._complaint = complaint


def watch(settings: str) -> NoReturn:
    """Watch until the process is ended."""
    file = Path(settings).resolve()
    loaded = builder.load_settings(file)
    look = partial(pull.state, loaded.get("COMMENTS_SOURCE", pull.LOCAL))
    snapshot = Path(loaded.get("COMMENTS_SNAPSHOT") or pull.default_snapshot())
    watching = Watch(look, partial(_build, file), Shown(_shown_file(snapshot, file)))
    say("Freigegebene Kommentare kommen jetzt von selbst auf die Website – Strg+C beendet das.")
    retry_s = _FIRST_RETRY_S
    while True:
        if watching.step():
            retry_s = _FIRST_RETRY_S
            time.sleep(_PAUSE_S)
        else:
            time.sleep(retry_s)
            retry_s = min(2 * retry_s, _LAST_RETRY_S)


def _shown_file(snapshot: Path, settings: Path) -> Path:
    """Return the file beside the *snapshot* for the site with these *settings*."""
    name = hashlib.sha256(str(settings).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return snapshot.with_name(f".{snapshot.name}.online-{name}")


def _build(settings: Path) -> bool:
    # In a process of its own, which begins with the code and the settings of that moment.
    command = [sys.executable, "-m", "invoke", "build", "--settings", str(settings)]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode == 0
