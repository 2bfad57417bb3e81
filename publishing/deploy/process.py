"""Run the programs that targets need."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publishing.deploy.result import DeployError


@dataclass(frozen=True)
class Finished:
    """What a program answered."""

    status: int
    out: bytes
    err: str


def run(
    command: Sequence[str],
    data: bytes = b"",
    environment: Mapping[str, str] | None = None,
    inherited: int | None = None,
) -> Finished:
    """
    Run a program with *data* on its standard input, speaking English, and return its answer.

    *inherited* is a descriptor that it keeps open, even if we are killed.

    Raises:
        DeployError: It is not installed.
    """
    # What a git hook that called us has set is about another repository.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_DIR")}
    for name in ("GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"):
        own.pop(name, None)
    try:
        result = subprocess.run(
            command,
            input=data,
            capture_output=True,
            env={**own, "LC_ALL": "C.UTF-8", "LANGUAGE": "C", **(environment or {})},
            pass_fds=() if inherited is None else (inherited,),
            check=False,
        )
    except FileNotFoundError:
        raise DeployError(
            f"Auf diesem Rechner fehlt das Programm {command[0]} – installieren Sie es, zum "
            f"Beispiel mit: sudo apt-get install {_PACKAGES.get(command[0], command[0])}"
        ) from None
    return Finished(result.returncode, result.stdout, result.stderr.decode("utf-8", "replace"))


_PACKAGES = {"ssh": "openssh-client"}


def last_line(text: str) -> str:
    """Return the last line of *text* that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "ohne Begründung"
