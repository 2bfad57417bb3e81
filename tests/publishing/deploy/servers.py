"""Real counterparts on this machine: a server with ssh and rsync, an S3 store, a forge for git."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publishing.deploy import store
from tests.http_server import http_server


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, below those that systems give to clients."""
    found: list[socket.socket] = []
    try:
        for port in range(20_000 + 10 * (os.getpid() % 1_000), 32_000):
            candidate = socket.socket()
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                candidate.close()
                continue
            found.append(candidate)
            if len(found) == count:
                break
        return [candidate.getsockname()[1] for candidate in found]
    finally:
        for candidate in found:
            candidate.close()


def wait_for(port: int, process: subprocess.Popen[bytes], timeout_s: float = 30) -> None:
    """Wait until somebody listens on *port*."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        time.sleep(0.02)
    raise AssertionError(f"{process.args!r} does not listen on {port}")


@contextmanager
def running(command: list[str], log: Path, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server as long as the block lasts."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, **more
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


# --- A bad line ------------------------------------------------------------------------------------


class Line:
    """A proxy in front of a server that counts bytes, and is cut after *limit* of them."""

    def __init__(self, port: int, limit: int | None = None) -> None:
        self._goal = port
        self.limit = limit
        self.sent = self.received = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Line:
        self._threads[0].start()
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    @property
    def total(self) -> int:
        """All bytes in both directions."""
        return self.sent + self.received

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._goal))
            for end in (client, server):
                # What is under way when the line is cut is lost; on a real line that is not much.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
            for arguments in ((client, server, "sent"), (server, client, "received")):
                thread = threading.Thread(target=self._forward, args=arguments)
                thread.start()
                self._threads.append(thread)

    def _forward(self, source: socket.socket, goal: socket.socket, counter: str) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                setattr(self, counter, getattr(self, counter) + len(data))
                if self.limit is not None and self.total > self.limit:
                    break
                goal.sendall(data)
        for end in (source, goal):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            if self.limit is not None or counter == "received":
                end.close()


# --- ssh -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ssh:
    """A server whose home folder is *home*, whoever logs in."""

    home: Path
    port: int
    identity: Path
    known_hosts: Path

    def by(self, line: Line) -> dict[str, Any]:
        """Return DEPLOY for it by way of a line."""
        known_hosts = self.known_hosts.with_name(f"known_hosts-{line.port}")
        known = self.known_hosts.read_text("utf-8").replace(f"{self.port}", f"{line.port}")
        known_hosts.write_text(known, "utf-8")
        return self.options(port=line.port, known_hosts=str(known_hosts))

    def options(self, **more: Any) -> dict[str, Any]:
        """Return DEPLOY for it."""
        return {
            "target": "rsync",
            "host": "127.0.0.1",
            "port": self.port,
            "path": "www/site",
            "identity": str(self.identity),
            "known_hosts": str(self.known_hosts),
            **more,
        }


def sshd_path() -> str:
    """Return sshd, which must be called by its full path."""
    path = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert path, "sshd is missing: apt-get install openssh-server rsync"
    return path


@contextmanager
def ssh_server(folder: Path, first: str = "true") -> Iterator[Ssh]:
    """Run sshd for one key; *first* is a shell command that comes before every other."""
    home = folder / "home"
    home.mkdir(parents=True)
    for name in ("host", "key"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)],
            check=True,
        )
    (folder / "authorized").write_text((folder / "key.pub").read_text("utf-8"), "utf-8")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    (port,) = free_ports(1)
    host_key = (folder / "host.pub").read_text("utf-8")
    known_hosts = folder / "known_hosts"
    known_hosts.write_text(f"[127.0.0.1]:{port} {host_key}", "utf-8")
    config = folder / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder / 'host'}\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {folder / 'authorized'}\nStrictModes no\nPasswordAuthentication no\n"
        "PermitRootLogin prohibit-password\nKbdInteractiveAuthentication no\nMaxStartups 100\n"
        # bash then leaves out ~/.bashrc, and what it costs on a developer's machine.
        "SetEnv SHLVL=2\nKexAlgorithms curve25519-sha256\n"
        # No test touches the real home folder of whoever runs it.
        f'ForceCommand cd {home} && HOME={home} && {first} && eval "$SSH_ORIGINAL_COMMAND"\n',
        "utf-8",
    )
    command = [sshd_path(), "-D", "-e", "-f", str(config)]
    with running(command, folder / "sshd.log") as process:
        wait_for(port, process)
        yield Ssh(home, port, folder / "key", known_hosts)


# --- S3 --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bucket:
    """A part of a bucket of a store on this machine."""

    endpoint: str
    name: str
    prefix: str = ""

    def options(self, **more: Any) -> dict[str, Any]:
        """Return DEPLOY for it."""
        return {
            "target": "s3",
            "endpoint": self.endpoint,
            "bucket": self.name,
            "prefix": self.prefix,
            "grace_minutes": 0,
            **more,
        }


#: Keys of the store below.
KEYS = {"AWS_ACCESS_KEY_ID": "TESTKEY", "AWS_SECRET_ACCESS_KEY": "test-secret-of-no-use"}


#: Clients by all that makes a difference. To make one takes longer than a small deployment.
_clients: dict[tuple[object, ...], Any] = {}


def shared_client(endpoint: str, region: str, make: Callable[[str, str], Any]) -> Any:
    """Return what *make* makes, or has made for the same keys."""
    keys = tuple(os.environ.get(name) for name in KEYS)
    known = (endpoint, region, store.ATTEMPTS, *keys)
    if known not in _clients:
        _clients[known] = make(endpoint, region)
    return _clients[known]


def hang_up() -> None:
    """Close the connections of shared clients, before another process inherits them."""
    for client in _clients.values():
        client.close()


@functools.cache
def s3_client(endpoint: str) -> Any:
    """Return boto3's client for the store below."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """Run SeaweedFS as an S3 store and return its address."""
    folder.mkdir(parents=True)
    config = folder / "s3.json"
    identity = {
        "name": "test",
        "credentials": [
            {
                "accessKey": KEYS["AWS_ACCESS_KEY_ID"],
                "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"],
            }
        ],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    everybody = {"name": "anonymous", "actions": ["Read"]}
    config.write_text(json.dumps({"identities": [identity, everybody]}), "utf-8")
    names = ("master", "volume", "filer", "s3")
    ports = dict(zip((*names, *(f"{name}.grpc" for name in names)), free_ports(8), strict=True))
    command = [
        *(str(Path(sys.executable).with_name("weed")), "server", f"-dir={folder}"),
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", f"-s3.config={config}"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-volume.max=100"),
        *(
            f"-{name.replace('.grpc', '.port.grpc')}={port}"
            for name, port in ports.items()
            if "." in name
        ),
        *(f"-{name}.port={ports[name]}" for name in names),
    ]
    with running(command, folder / "weed.log") as process:
        wait_for(ports["s3"], process)
        endpoint = f"http://127.0.0.1:{ports['s3']}"
        _wait_until_writable(endpoint)
        yield endpoint
    for port in ports.values():
        for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            left.unlink()


def _wait_until_writable(endpoint: str) -> None:
    """Wait until the parts of the store have found one another."""
    from botocore.exceptions import ClientError

    client = s3_client(endpoint)
    end = time.monotonic() + 30
    while True:
        try:
            client.create_bucket(Bucket="ready")
            client.put_object(Bucket="ready", Key="ready", Body=b"1")
            return
        except ClientError:
            assert time.monotonic() < end
            time.sleep(0.1)


# --- A forge ---------------------------------------------------------------------------------------


class _Forge(http.server.BaseHTTPRequestHandler):
    """Git over HTTP for those who know the token."""

    folder: Path
    token: str

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, data: bytes) -> None:
        login = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {login}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="forge"')
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers["Content-Type"] or "",
            "CONTENT_LENGTH": f"{len(data)}",
            "HTTP_CONTENT_ENCODING": self.headers["Content-Encoding"] or "",
            "GIT_PROTOCOL": self.headers["Git-Protocol"] or "",
            "REMOTE_USER": "author",
        }
        answer = subprocess.run(
            ["git", "http-backend"], input=data, env=environment, capture_output=True
        ).stdout
        head, _, body = answer.partition(b"\r\n\r\n")
        self.send_response(200)
        for line in head.decode().splitlines():
            name, _, value = line.partition(": ")
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def forge(folder: Path, token: str) -> Iterator[str]:
    """Serve the bare repositories in *folder* and return the address."""
    handler = type("Handler", (_Forge,), {"folder": folder, "token": token})
    with http_server(handler) as host:
        yield f"http://{host}"
