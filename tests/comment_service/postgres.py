"""A PostgreSQL server of our own: in a scratch folder, on loopback, not as root, gone afterwards."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DEBIAN = Path("/usr/lib/postgresql")
USER, NAME = "kommentare", "kommentare"


def program(name: str) -> str | None:
    """Return the path of one of PostgreSQL's programs: Debian's newest, or the one in PATH."""
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name)


class Server:
    """A running server; `url` is what DATABASE_URL takes."""

    def __init__(self, folder: Path, *, is_durable: bool) -> None:
        self._folder = folder
        self._is_durable = is_durable
        self._password = secrets.token_urlsafe(16)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database."""
        return self.address_of(NAME)

    def address_of(self, database: str) -> str:
        """Return the address of another database of this server."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        """Make the cluster."""
        password = self._folder / "password"
        password.write_text(self._password, "ascii")
        _own(password)
        self._run(
            *("initdb", "-D", self._data, "-U", USER, "--pwfile", password),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"),
        )

    def start(self) -> None:
        """Run it until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        if not self._is_durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """End it; at once, as a power cut would, or in peace („fast“)."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", mode, "stop")

    def execute(self, statement: str) -> list[Any]:
        """Run one statement outside any transaction, in the database that is always there."""
        import psycopg

        with psycopg.connect(self.address_of("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, name: str, *arguments: object) -> None:
        path = program(name)
        if path is None:
            raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
        subprocess.run(
            [path, *map(str, arguments)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            **_unprivileged(),
        )


@contextmanager
def server(*, is_durable: bool = True) -> Iterator[Server]:
    """Run a new server with an empty database until the block ends; it may be a forgetful one."""
    # Not in a folder of pytest's: those are root's own, and nobody else may pass through.
    folder = Path(tempfile.mkdtemp(prefix="kommentare-postgres-"))
    try:
        _own(folder)
        running = Server(folder, is_durable=is_durable)
        running.create()
        running.start()
        try:
            running.execute(f"CREATE DATABASE {NAME}")
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> dict[str, Any]:
    """Return the options that run a program as somebody else if we are root, as it wants."""
    user = _user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _own(path: Path) -> None:
    if user := _user():
        os.chown(path, user.pw_uid, user.pw_gid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
