"""A program that serves a preview, and how long a saved file takes to the reader."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from plugins.source.problem import AuthorError

HOST = "127.0.0.1"
#: A whole build of a big site comes before the first page.
_START_S = 900.0
_SAVED_S = 120.0
_POLLING_S = 0.005


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], port: int, page: str
) -> Iterator[None]:
    """
    Run *command* until the block ends; it begins when *page* is there.

    Raises:
        AuthorError: The program ended, or *page* did not come.
    """
    log = folder / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_for_start(process, port, page, log)
            yield
        finally:
            _stop(process)


def _wait_for_start(process: subprocess.Popen[bytes], port: int, page: str, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if _get(http.client.HTTPConnection(HOST, port, timeout=5), page) is not None:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise AuthorError(f"Die Vorschau kommt nicht:\n{log.read_text('utf-8')[-4000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _get(connection: http.client.HTTPConnection, page: str) -> bytes | None:
    """Return what is at the address *page*, or None if nothing is."""
    connection.request("GET", page)
    response = connection.getresponse()
    body = response.read()
    return body if response.status == 200 else None


def seconds_until(port: int, pages: Sequence[str], word: str, saved: float) -> float:
    """
    Return the seconds from the moment *saved* (of the performance counter) until all *pages* have *word*.

    Raises:
        AuthorError: They have not got it in two minutes.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    for page in pages:
        while word.encode() not in (_get_again(connection, page) or b""):
            if time.perf_counter() - saved > _SAVED_S:
                raise AuthorError(
                    f"{HOST}:{port}{page} hat „{word}“ nach {_SAVED_S:.0f} Sekunden nicht."
                )
            time.sleep(_POLLING_S)
    seconds = time.perf_counter() - saved
    connection.close()
    return seconds


def _get_again(connection: http.client.HTTPConnection, page: str) -> bytes | None:
    """Return *page*, on a new connection if the server closed the last one."""
    try:
        return _get(connection, page)
    except (OSError, http.client.HTTPException):
        connection.close()
        return None
