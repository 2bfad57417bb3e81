"""Commands are measured with all their children; a preview is watched until the words are there."""

from __future__ import annotations

import functools
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench import run as run_bench
from bench.build.measure import run
from bench.build.serving import free_port, seconds_until, serving
from plugins.source.problem import AuthorError

_CHILD = """
import subprocess, sys
subprocess.run([sys.executable, "-c", {program!r}], check=True)
"""


def test_children_count() -> None:
    program = "import time\nkept = bytearray(b'x') * (80 << 20)\nend = time.process_time() + 0.5\n"
    program += "while time.process_time() < end: pass"
    sample = run([sys.executable, "-c", _CHILD.format(program=program)], Path.cwd(), os.environ)
    assert sample.cpu_s >= 0.5
    assert sample.peak_mib >= 80
    assert sample.wall_s > 0


def test_a_command_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(AuthorError, match="so nicht"):
        run([sys.executable, "-c", "raise SystemExit('so nicht')"], Path.cwd(), os.environ)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(tmp_path))
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_awaited_until_it_has_the_word(tmp_path: Path, port: int) -> None:
    (tmp_path / "a.html").write_text("alt")
    (tmp_path / "b.html").write_text("neu")
    saved = time.perf_counter()
    writer = threading.Timer(0.1, (tmp_path / "a.html").write_text, ["neu"])
    writer.start()
    assert seconds_until(port, ["/b.html", "/a.html"], "neu", saved) >= 0.1
    writer.join()


def test_a_page_that_is_not_there_yet_is_awaited_too(tmp_path: Path, port: int) -> None:
    writer = threading.Timer(0.05, (tmp_path / "c.html").write_text, ["neu"])
    writer.start()
    assert seconds_until(port, ["/c.html"], "neu", time.perf_counter()) > 0
    writer.join()


def test_a_preview_that_ends_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('Port belegt')"]
    with (
        pytest.raises(AuthorError, match="Port belegt"),
        serving(command, tmp_path, os.environ, free_port(), "/"),
    ):
        pass


def test_a_preview_runs_until_the_block_ends(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "a.html").write_text("da")
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with serving(command, tmp_path, os.environ, port, "/a.html"):
        assert seconds_until(port, ["/a.html"], "da", time.perf_counter()) >= 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()


def test_an_unknown_bench_part_or_option_is_told() -> None:
    with pytest.raises(AuthorError, match="Möglich ist: build"):
        run_bench("tippen")
    with pytest.raises(AuthorError, match="„typography“ kennt --quick nicht"):
        run_bench("typography", quick=True, cases="")
    with pytest.raises(AuthorError, match=r"Unbekannt: kalt\..* cold, changes, serve"):
        run_bench("build", cases="kalt")
