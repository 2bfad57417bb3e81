"""The same server for all: files as they are, texts with Brotli 11, and a note of what was sent."""

from __future__ import annotations

import functools
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli  # type: ignore[import-untyped]

from tests.http_server import http_server


@dataclass
class Server:
    """A server on a port of its own; *folder* may be set later, *policy* is a header of pages."""

    port: int
    folder: Path = Path()
    policy: str = ""
    sent: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @functools.cache  # noqa: B019 - it lives as long as the measurement
    def body(self, path: str) -> tuple[bytes, str, bool] | None:
        """Return the bytes to send for *path*, their type, and whether they are compressed."""
        file = self.folder / path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return None
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        data = file.read_bytes()
        if not (kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))):
            return data, kind, False
        return brotli.compress(data, quality=11), f"{kind}; charset=utf-8", True

    def __hash__(self) -> int:
        return self.port


@contextmanager
def serving() -> Iterator[Server]:
    """Give a server on a free port of this machine."""
    holder: list[Server] = []

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server = holder[0]
            path = unquote(urlsplit(self.path).path)
            found = server.body(path)
            data, kind, is_packed = found or (b"", "text/plain", False)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "max-age=3600")
            if is_packed:
                self.send_header("Content-Encoding", "br")
            if server.policy and kind.startswith("text/html"):
                self.send_header("Content-Security-Policy", server.policy)
            self.end_headers()
            self.wfile.write(data)
            server.sent[path] = len(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http_server(Answer) as address:
        holder.append(Server(int(address.rpartition(":")[2])))
        yield holder[0]
