"""The author's site for tests: files over real HTTP, or nothing but a status, or no answer at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.http_server import http_server


@dataclass
class Online:
    """The site at *url*, whose files are in *folder*."""

    folder: Path
    url: str = ""
    #: What addresses that contain a text answer instead of a file.
    statuses: dict[str, int] = field(default_factory=dict)
    is_mute: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)

    def write(self, path: str, data: bytes) -> None:
        """Put a file online."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def show(self, week: str, headword: str, tip: str, wrong: str = "", right: str = "") -> None:
        """Put the page of a tip online, as far as posts repeat it."""
        pair = f"<dl class=pair><dd>{escape(wrong)}<dd>{escape(right)}</dl>" if wrong else ""
        page = (
            f"<!doctype html><title>Tipp</title><h1 class=p-name>{escape(headword)}</h1>"
            f"<div class=e-content><p class=p-summary>{escape(tip)}</p>{pair}</div>"
        )
        self.write(f"tipps/{week}/index.html", page.encode())


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, online: Online, *arguments: Any) -> None:
        self._online = online
        super().__init__(*arguments, directory=str(online.folder))

    def do_GET(self) -> None:
        if self._online.is_mute:
            self._online.let_go.wait(60)
            return
        for part, status in self._online.statuses.items():
            if part in self.path:
                self.send_error(status)
                return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def online_site(folder: Path) -> Iterator[Online]:
    """Serve *folder*."""
    online = Online(folder)
    with http_server(partial(_Handler, online)) as host:
        online.url = f"http://{host}"
        try:
            yield online
        finally:
            online.let_go.set()
