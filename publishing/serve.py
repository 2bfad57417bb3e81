"""Run the preview server, and rebuild what it shows when the author saves a file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from plugins.source.problem import AuthorError

HOST = "127.0.0.1"


class ServeError(AuthorError):
    """The server cannot run; the message is German."""


def check_port(port: int) -> None:
    """
    Make sure that *port* is free.

    Raises:
        ServeError: It is not, or it is none.
    """
    if not 0 < port < 65536:
        raise ServeError(
            f"--port {port}: Das ist kein Port – wählen Sie eine Zahl von 1024 bis 65535."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise ServeError(
                f"Der Port {port} ist belegt – beenden Sie das andere Programm, "
                f"oder wählen Sie einen anderen: invoke serve --port {port + 1}"
            ) from None


@contextmanager
def server(site: Path, port: int, project: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server for the folder *site* until the block ends; nothing of it stays behind."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST),
        *("--port", str(port), "--blocking-threads", "1", "--no-ws", "--log-level", "warning"),
        *("--workers-kill-timeout", "2", "publishing.preview:application"),
    ]
    environment = {
        **os.environ,
        "COMMENTS_SITE": str(site),
        "COMMENTS_ORIGIN": f"http://localhost:{port}",
    }
    # A service manager, or `timeout`, ends us with SIGTERM; that must end the server, too.
    signal.signal(signal.SIGTERM, _interrupt)
    process = subprocess.Popen(command, cwd=project, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def wait_until_ready(process: subprocess.Popen[bytes], port: int, timeout_s: float = 20.0) -> None:
    """
    Return when the server answers.

    Raises:
        ServeError: It ended, or does not answer in time.
    """
    import time

    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServeError("Der Server ist nicht gestartet; die Gründe stehen oben.")
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise ServeError(f"Der Server antwortet nach {timeout_s:.0f} Sekunden nicht.")


def rebuild_on_change(folders: list[Path], rebuild: Callable[[], object]) -> None:
    """Call *rebuild* after each saved change in *folders*, until interrupted (Ctrl-C)."""
    from watchfiles import watch

    existing = [folder for folder in folders if folder.exists()]
    for _ in watch(*existing, raise_interrupt=False):
        rebuild()
