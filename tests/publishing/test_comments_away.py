"""A comment server that is away, slow or out of its mind: `invoke build` goes on, and the site is as it was."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site

_EXPORT = {
    "revision": 1,
    "store": "s",
    "erased": [],
    "comments": [
        {
            "id": "ada1",
            "page": "/blog/der-zweite-beitrag/",
            "parent": None,
            "author": "Ada Lern",
            "website": "",
            "text": "Gern gelesen.",
            "created": "2026-03-04T08:00:00+00:00",
        }
    ],
}
_HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#: So that no test waits a minute; lower-case names are no settings.
_SOON = "from plugins.comments import sources\nsources.SILENCE_S = sources.WITHIN_S = 1.0\n"


class _Export(socketserver.ThreadingTCPServer):
    """An export of comments; *mood* is how it answers."""

    daemon_threads = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.mood = "good"
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(socketserver.BaseRequestHandler):
    server: _Export

    def handle(self) -> None:
        if self.server.mood == "gone":
            return
        self.request.recv(65536)
        with contextlib.suppress(OSError):
            if self.server.mood == "good":
                self.request.sendall(_HEAD + json.dumps(_EXPORT).encode())
            elif self.server.mood == "garbled":
                self.request.sendall(_HEAD + b'{"revision": 2, "comments": [{"id": "\xff')
            else:
                self.request.sendall(_HEAD)
                while not self.server.is_over.wait(0.1):
                    self.request.sendall(b" ")


@pytest.fixture
def export() -> Iterator[_Export]:
    with _Export() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.is_over.set()
        server.shutdown()
        thread.join()


def test_a_build_goes_on_without_the_comment_server(tmp_path: Path, export: _Export) -> None:
    site = Site(tmp_path)
    site.write_settings(f"COMMENTS_SOURCE = {export.url!r}\n{_SOON}")

    def build() -> str:
        result = site.build(COMMENTS_TOKEN="geheim")
        assert result.status == 0, result.err
        return result.err

    assert "Hinweis: Der Kommentarserver" not in build()
    before = site.deployed()
    assert "Ada Lern" in before["blog/der-zweite-beitrag/index.html"].decode()
    for mood, said in {
        "gone": "nicht erreichbar",
        "dripping": "die Antwort dauert zu lange",
        "garbled": "antwortet unverständlich",
    }.items():
        export.mood = mood
        told = build()
        assert said in told, mood
        assert "Es bleibt beim letzten guten Stand: 1 Kommentar." in told, mood
        assert site.deployed() == before, mood
