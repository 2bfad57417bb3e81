"""
Isso, the peer: in an environment of its own, on the same server, with as many comments in its table.

It comes as source only, and so does misaka, which it needs: building that takes a C compiler and
Python's headers.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bench import comment_load as load
from bench.comment_rows import PAGES, TEXT
from plugins.source.problem import AuthorError
from publishing.console import say

NAME = "Isso 0.14.0"
REQUIREMENTS = Path(__file__).with_name("requirements-isso.txt")
_HOME = load.PROJECT / ".cache" / "bench" / "isso"

#: Moderated, behind a proxy, with its brakes on but none too tight, as ours is measured.
_SETTINGS = """
[general]
dbpath = {folder}/isso.sqlite3
host = http://127.0.0.1:{port}/
notify =
[moderation]
enabled = true
[server]
listen = http://127.0.0.1:{port}
trusted-proxies = 127.0.0.1
[guard]
ratelimit = 1000000000
direct-reply = 1000000000
"""


def python() -> Path:
    """
    Return the Python of the peer's environment, made on first use.

    Raises:
        AuthorError: It cannot be made.
    """
    program, marker = _HOME / "bin" / "python", _HOME / "requirements.txt"
    wanted = REQUIREMENTS.read_text("utf-8")
    if marker.is_file() and marker.read_text("utf-8") == wanted:
        return program
    say(f"Für den Vergleich wird {NAME} eingerichtet.")
    uv = (sys.executable, "-m", "uv")
    for command in (
        [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(_HOME)],
        [
            *(*uv, "pip", "install", "--quiet", "--python", str(program)),
            *("--require-hashes", "-r", str(REQUIREMENTS)),
        ],
    ):
        if subprocess.run(command, check=False).returncode:
            raise AuthorError(
                f"{NAME} ließ sich nicht einrichten – dafür braucht es einen C-Compiler und die "
                "Header von Python (Debian: apt-get install gcc python3-dev)."
            )
    marker.write_text(wanted, "utf-8")
    return program


@contextmanager
def service(stored: int) -> Iterator[int]:
    """
    Run Isso with so many comments until the block ends; yield its port.

    Raises:
        LoadError: It does not start.
    """
    program = python()
    with tempfile.TemporaryDirectory(prefix="isso-") as name:
        folder, port = Path(name), load.free_port()
        settings = folder / "isso.cfg"
        settings.write_text(_SETTINGS.format(folder=folder, port=port), "utf-8")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *(str(program), "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
                    *("--port", str(port), "--workers", "1", "--blocking-threads", "1"),
                    *("--no-ws", "--log-level", "warning", "isso.run:application"),
                ],
                cwd=folder,
                env={**os.environ, "ISSO_SETTINGS": str(settings)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            load.wait_for(process, port, folder / "log")
            # Once it has answered, its tables are there.
            asyncio.run(load.Connection(port).get("/latest"))
            _fill(folder / "isso.sqlite3", stored)
            yield port
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _fill(database: Path, stored: int) -> None:
    """Put into the new *database* what `comment_rows` puts into ours."""
    with closing(sqlite3.connect(database, timeout=20)) as connection, connection:
        connection.executemany(
            "INSERT INTO threads (id, uri, title) VALUES (?, ?, ?)",
            (
                (number + 1, f"/blog/beitrag-{number}/" if number else load.PAGE, "Beitrag")
                for number in range(PAGES)
            ),
        )
        connection.executemany(
            "INSERT INTO comments (tid, created, mode, remote_addr, text, author, voters)"
            " VALUES (?, ?, 1, ?, ?, ?, ?)",
            (*(_row(number) for number in range(stored)),),
        )


def _row(number: int) -> tuple[object, ...]:
    address = f"10.1.{number // 250 % 250}.0"
    return (
        *(number % PAGES + 1, 1577836800.0 + 60 * number, address),
        *(f"{TEXT}{number}", f"Name {number}", bytes(256)),
    )


async def send(connection: load.Connection, text: str) -> str:
    """
    Send a comment as Isso's own script does; return its id.

    Raises:
        LoadError: It is not taken.
    """
    body = json.dumps({"author": "Name", "email": None, "website": None, "text": text}).encode()
    status, _, answer = await connection.post_body(
        f"/new?uri={load.PAGE}", body, "application/json"
    )
    # 202: it waits for approval.
    if status != 202:
        raise load.LoadError(f"{NAME}: {status}")
    return str(json.loads(answer)["id"])
