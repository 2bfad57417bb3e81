"""A lock between the processes of one machine, which ends with them, whatever ends them."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publishing.deploy.result import DeployError

#: As long as another deployment may take.
_PATIENCE_S = 30.0
_PAUSE_S = 0.05


@contextmanager
def held(folder: Path, place: str) -> Iterator[int]:
    """
    Hold *folder*, which is made if it is not there, by flock(2) and give the descriptor.

    A program that inherits the descriptor holds the lock as well, until it ends.

    Raises:
        DeployError: Somebody else holds it, and does not let go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        end = time.monotonic() + _PATIENCE_S
        while not _is_ours(descriptor):
            if time.monotonic() > end:
                raise DeployError(
                    f"{place}: Eine andere Veröffentlichung läuft gerade – warten Sie, bis sie "
                    "fertig ist."
                )
            time.sleep(_PAUSE_S)
        yield descriptor
    finally:
        os.close(descriptor)


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
