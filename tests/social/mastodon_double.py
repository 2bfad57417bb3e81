"""
A Mastodon server for tests: what its API does with statuses, media and mistakes, over real HTTP.

Modelled on https://docs.joinmastodon.org/: bearer tokens, Idempotency-Key, limits, paging by max_id,
images that are worked on for a while. `faults` makes the next requests to post a status go wrong.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "streng-geheim"
URL = re.compile(r"https?://\S+")


@dataclass
class Fault:
    """What happens to one request to post; *is_stored*: the post is made before things go wrong."""

    is_stored: bool
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    #: No answer until the server is told to let go.
    is_mute: bool = False
    body: bytes = b'{"error": "Das ging schief"}'


@dataclass
class Mastodon:
    """The server's state, and what was asked of it."""

    url: str = ""
    max_characters: int = 500
    statuses: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    stored: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, text: str, language: str | None = None, media: list[str] | None = None,
            created: dt.datetime | None = None) -> dict[str, Any]:  # fmt: skip
        """Make a post; its HTML shortens links for the eye, as Mastodon's does."""
        number = 1000 + len(self.statuses)
        html = URL.sub(
            lambda url: (
                f'<a href="{url[0]}" rel="nofollow"><span class="invisible">https://</span>'
                f'<span class="ellipsis">{url[0][8:30]}</span></a>'
            ),
            text.replace("&", "&amp;"),
        )
        moment = created or dt.datetime.now(dt.UTC)
        status = {
            "id": str(number),
            "created_at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "url": f"{self.url}/@henrike/{number}",
            "content": f"<p>{html}</p>",
            "language": language,
            "text": text,
            "media": media or [],
        }
        self.statuses.append(status)
        return status


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        mastodon = self.server.mastodon
        mastodon.requests.append(f"GET {self.path}")
        parts = urlsplit(self.path)
        if parts.path == "/api/v2/instance":
            limits = {"max_characters": mastodon.max_characters, "characters_reserved_per_url": 23}
            self._answer(200, {"configuration": {"statuses": limits}})
        elif not self._is_known():
            self._answer(401, {"error": "The access token is invalid"})
        elif parts.path == "/api/v1/accounts/verify_credentials":
            self._answer(200, {"id": "42", "acct": "henrike"})
        elif parts.path == "/api/v1/accounts/42/statuses":
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            older = [
                status
                for status in reversed(mastodon.statuses)
                if int(status["id"]) < int(query.get("max_id", 10**9))
            ]
            self._answer(200, older[: int(query["limit"])])
        elif match := re.fullmatch(r"/api/v1/media/(\d+)", parts.path):
            medium = mastodon.media[match[1]]
            medium["looks"] += 1
            self._answer(200 if medium["looks"] > 1 else 206, {"id": match[1]})
        else:
            self._answer(404, {"error": "Record not found"})

    def do_POST(self) -> None:
        mastodon = self.server.mastodon
        mastodon.requests.append(f"POST {self.path}")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_known():
            self._answer(401, {"error": "The access token is invalid"})
        elif self.path == "/api/v2/media":
            self._upload(body)
        elif self.path == "/api/v1/statuses":
            self._post(json.loads(body))
        else:
            self._answer(404, {"error": "Record not found"})

    def _upload(self, body: bytes) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + body)
        parts = {
            part.get_param("name", header="content-disposition"): part for part in form.iter_parts()
        }
        number = str(500 + len(self.server.mastodon.media))
        self.server.mastodon.media[number] = {
            "looks": 0,
            "data": parts["file"].get_payload(decode=True),
            "type": parts["file"].get_content_type(),
            "description": parts["description"].get_payload(decode=True).decode(),
        }
        self._answer(202, {"id": number})

    def _post(self, value: dict[str, Any]) -> None:
        mastodon = self.server.mastodon
        with mastodon.lock:
            fault = mastodon.faults.pop(0) if mastodon.faults else None
            status = None
            if fault is None or fault.is_stored:
                key = self.headers["Idempotency-Key"]
                status = mastodon.keys.get(key)
                if status is None:
                    status = mastodon.add(value["status"], value["language"], value["media_ids"])
                    mastodon.keys[key] = status
                mastodon.stored.set()
        if fault is None:
            self._answer(200, status)
        elif fault.is_mute:
            mastodon.stored.set()
            mastodon.let_go.wait(30)
            self.close_connection = True
        else:
            self._write(fault.status, fault.body, fault.headers)

    def _is_known(self) -> bool:
        return self.headers["Authorization"] == f"Bearer {TOKEN}"

    def _answer(self, status: int, value: Any) -> None:
        self._write(status, json.dumps(value).encode(), {})

    def _write(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        # The client was killed: that is the test.
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    mastodon: Mastodon


@contextmanager
def running() -> Iterator[Mastodon]:
    """Give a server on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    mastodon = Mastodon(f"http://127.0.0.1:{server.server_port}")
    server.mastodon = mastodon
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield mastodon
    finally:
        mastodon.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
