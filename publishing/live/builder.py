"""The process that builds: kept warm, ended with the code that it has loaded."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from plugins.source.problem import Problem
from publishing.live.outcome import Outcome, from_data

PROJECT = Path(__file__).resolve().parent.parent.parent
#: An outcome is one line; it names up to all files of a site.
_LINE_BYTES = 256 * 1024 * 1024
_END_S = 2.0


class Builder:
    """Builds in a process of its own, which is started when it is needed."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process can be given work."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> tuple[list[Path], Outcome | None]:
        """Start the process; return the files and folders that it reads, or why there are none."""
        ours, its = socket.socketpair()
        self._reader, self._writer = await asyncio.open_connection(sock=ours, limit=_LINE_BYTES)
        with its:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "publishing.live.worker"),
                *(str(its.fileno()), json.dumps(self._options)),
                *(["--debug"] if "--debug" in sys.argv else []),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(its.fileno(),),
                # Ctrl-C in the terminal is ours alone; and what it starts can be ended with it.
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": _with_project(os.environ.get("PYTHONPATH"))},
            )
        answer = await self._answer()
        if "sources" in answer:
            return [Path(source) for source in answer["sources"]], None
        return [], from_data(answer)

    async def rebuild(self, changes: frozenset[Path]) -> Outcome:
        """Return what a rebuild after *changes* came to; the process must be running."""
        self._writer.write(f"{json.dumps([str(path) for path in changes])}\n".encode())
        return from_data(await self._answer())

    async def _answer(self) -> dict[str, Any]:
        """Return the next answer; after one that reports its failure, the process has ended."""
        line = b""
        with contextlib.suppress(ConnectionError):
            line = await self._reader.readline()
        answer: dict[str, Any] = json.loads(line) if line else {}
        if "sources" in answer or "changed" in answer:
            return answer
        status = await self.end(_END_S)
        return answer or {"problems": [asdict(_unexpected_end(status))]}

    async def end(self, patience_s: float = 0) -> int:
        """
        End the process and all that it has started; return its status.

        A build that is going on is cut off, if it takes longer than *patience_s*.
        """
        if self._process is None:
            return 0
        process, self._process = self._process, None
        self._writer.close()
        await _wait(process, patience_s)
        _signal_group(process, signal.SIGTERM)
        await _wait(process, _END_S)
        _signal_group(process, signal.SIGKILL)
        return await process.wait()


async def _wait(process: asyncio.subprocess.Process, most_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), most_s)


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Send a signal to the process and to what it has started, which may outlive it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _unexpected_end(status: int) -> Problem:
    return Problem(
        "Vorschau",
        f"Der Prozess, der baut, ist unerwartet zu Ende gegangen (Status {status}).",
        remedy="Beim nächsten Speichern beginnt ein neuer.",
    )


def _with_project(path: str | None) -> str:
    return os.pathsep.join([str(PROJECT), *([path] if path else [])])
