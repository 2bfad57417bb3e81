"""A real browser, a small site that takes comments, and the real site."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from publishing.browser import tools
from publishing.browser.looking import RULES, Visit, axe_script
from tests.environment import E2E
from tests.http_server import http_server
from tests.site import PROJECT, Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests here, so that ``-m 'not browser'`` leaves them out."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


# Not for the whole session: while Playwright runs, other tests of the process can run no event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a missing one is a failure, with the way to get one."""
    # A busy machine may take its time; what is there at once is not waited for.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        try:
            instance = tools.launch(playwright)
        except tools.ToolsError as error:
            pytest.fail(
                f"No browser: run `invoke test`, which installs one ({error})", pytrace=False
            )
        yield instance
        instance.close()


@dataclass(frozen=True)
class Live:
    """A site and the address at which `invoke build serve` serves it."""

    site: Site
    url: str


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    site: Site,
    *arguments: str,
    options: tuple[str, ...] = (),
    port: int | None = None,
    project: Path = PROJECT,
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run ``invoke … serve …`` on a port; end it as Ctrl-C does, and see that nothing stays."""
    port = port or free_port()
    log = site.folder / "serve.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "invoke", *arguments, "serve", "--port", str(port), *options],
            cwd=project,
            env={**os.environ, "COMMENTS_DATA": str(site.data), "DATABASE_URL": ""},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        try:
            _wait(f"http://localhost:{port}/", process, log)
            yield process, f"http://localhost:{port}"
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server outlived its command"


@contextmanager
def served(site: Site) -> Iterator[Live]:
    """Run `invoke build serve` for *site*."""
    options = ("--content", str(site.content), "--settings", str(site.settings))
    with running(site, "build", *options, "--output", str(site.output)) as (_, url):
        yield Live(site, url)


class Files(SimpleHTTPRequestHandler):
    """Serves the files of its folder, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def files_served(site: Site, handler: type[SimpleHTTPRequestHandler] = Files) -> Iterator[Live]:
    """Serve what was built of *site* as it is, for tests that need no comment service."""
    with http_server(partial(handler, directory=str(site.output))) as host:
        yield Live(site, f"http://{host}")


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return  # an answer, if only „not found“
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the server does not answer:\n{log.read_text('utf-8')}", pytrace=False)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A small site, served, with a comment service and no comments."""
    with served(Site(tmp_path_factory.mktemp("live"))) as live:
        yield live


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The blog's own content as it is today, served."""
    site = Site(tmp_path_factory.mktemp("real"))
    site.content = PROJECT / "content"
    site.settings.write_text(
        f"import sys\nsys.path.append({str(PROJECT)!r})\nfrom publishconf import *\n"
        # What is deployed here is not published.
        "ADDRESSES_FILE = ''\n"
        f"THEME = {str(PROJECT / 'theme')!r}\n"
        f"COMMENTS_SNAPSHOT = {str(site.data / 'kommentare.json')!r}\n",
        "utf-8",
    )
    with served(site) as live:
        yield live


def axe_faults(page: Page, rules: tuple[str, ...] = RULES) -> list[str]:
    """Return what axe finds on the page as it is now."""
    page.evaluate(axe_script())
    return [
        f"{fault.what}: {fault.where} {fault.remedy}" for fault in Visit(page, "").barriers(rules)
    ]


def invalid_html(pages: list[Path], folder: Path) -> list[str]:
    """Return what html-validate finds in *pages*; its report is written to *folder*."""
    out = folder / "report.json"
    command = [
        *tools.node_command(),
        str(E2E / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"),
        *("--config", str(E2E / "htmlvalidate.json"), "--formatter", f"json={out}"),
        *map(str, pages),
    ]
    result = subprocess.run(command, capture_output=True, text=True, cwd=E2E, timeout=180)
    assert out.exists(), result.stderr
    return [
        f"{report['filePath']}:{message['line']}: {message['ruleId']}: {message['message']}"
        for report in json.loads(out.read_text("utf-8"))
        for message in report["messages"]
    ][:40]
