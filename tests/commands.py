"""
Runs invoke's commands for tests: each in a process of its own, without the second it takes to import everything.

`run` does what ``python -m invoke …`` does. A process that has imported, and done nothing else, forks one for
each command; so none sees what another one or a test has done.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
#: Longer than any command takes.
WITHIN_S = 120
_REQUEST_BYTES = 1 << 20


class Result(NamedTuple):
    """What a command came to: its exit status, and what it printed."""

    status: int
    out: str
    err: str


def run(arguments: tuple[str, ...], environment: Mapping[str, str]) -> Result:
    """
    Run an invoke command of the project.

    Raises:
        TimeoutError: It takes longer than `WITHIN_S`.
    """
    server = _server()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        request = json.dumps([arguments, dict(environment)]).encode()
        socket.send_fds(server, [request], [out.fileno(), err.fileno()])
        status = int(server.recv(64))
        if status == -signal.SIGALRM:
            raise TimeoutError(f"invoke {' '.join(arguments)}")
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    return Result(status, *texts)


@cache
def _server() -> socket.socket:
    """Return the way to the process that forks; it ends when this one does."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (here, there):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _REQUEST_BYTES)
    with there:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands", str(there.fileno())],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            pass_fds=[there.fileno()],
        )

    @atexit.register
    def end() -> None:
        here.close()
        process.wait()

    return here


def _serve(here: socket.socket) -> None:
    """Answer each request with a status; return in a child, with what it is to do in ``sys.argv``."""
    while True:
        request, files, _, _ = socket.recv_fds(here, _REQUEST_BYTES, 2)
        if not request:
            sys.exit()
        child = os.fork()
        if not child:
            break
        for file in files:
            os.close(file)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        here.send(str(status).encode())
    here.close()
    arguments, environment = json.loads(request)
    for file, number in zip(files, (1, 2), strict=True):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    signal.alarm(WITHIN_S)
    sys.argv = ["invoke", *arguments]


def _import_everything() -> None:
    """Import what most commands need, none of which does anything when it is imported."""
    import pelicanconf

    for name in ("publishing.commands", "publishing.deploy", "publishing.afterwards", "pelican"):
        import_module(name)
    for plugin in pelicanconf.PLUGINS:
        import_module(plugin)
        if find_spec(f"{plugin}.adapter"):
            import_module(f"{plugin}.adapter")
    # It asks the environment.
    del sys.modules["pelicanconf"]
    assert "django" not in sys.modules


if __name__ == "__main__":
    from invoke.main import program

    _import_everything()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    program.run()
