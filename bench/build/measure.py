"""Run a command and say what it took: seconds of CPU and of the clock, and memory, of all its processes."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.source.problem import AuthorError

_SAMPLING_S = 0.2
_MIB = 1024


@dataclass(frozen=True)
class Sample:
    """What one run took; *peak_mib* is the memory of its processes together, shared pages once."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Sample:
    """
    Run *command* in *folder* and measure it and all its children.

    Raises:
        AuthorError: It failed; the message has the end of what it said.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        with _Watch(process.pid) as watch:
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                # We are interrupted; nothing of it goes on alone.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
            wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise AuthorError(f"{' '.join(command)}\n{output.read()[-4000:]}")
    cpu_s = usage.ru_utime + usage.ru_stime
    # Linux counts in KiB. A run too short for a sample has at least its largest process.
    return Sample(wall_s, cpu_s, max(watch.peak_kib, usage.ru_maxrss) / _MIB)


class _Watch:
    """Looks at the memory of a process and its children now and then, until the block ends."""

    def __init__(self, pid: int) -> None:
        self.peak_kib = 0
        self._pid = pid
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_SAMPLING_S):
            self.peak_kib = max(self.peak_kib, sum(map(_memory_kib, _family(self._pid))))


def _family(pid: int) -> Iterator[int]:
    """Yield *pid* and all below it."""
    yield pid
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = file.read_text("ascii").split()
        except OSError:
            continue  # it has just ended
        for child in children:
            yield from _family(int(child))


def _memory_kib(pid: int) -> int:
    """Return the proportional set size: pages that several processes share count once in the sum."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
