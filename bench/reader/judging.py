"""What a page costs its reader, and what programs say about it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser

from bench.reader import npm
from bench.reader.serving import Server
from publishing.browser.commands import WIDTHS_PX
from publishing.browser.looking import Visit, prepare
from publishing.browser.tools import browser_path, node_command
from tests.html_checker import html_errors

_ICON = re.compile(r"favicon|apple-touch-icon")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Verdict:
    """What was measured of one page; *shift* is CLS, *scores* are Lighthouse's of 100, by category."""

    requests: int
    bodies_bytes: int
    wire_bytes: int
    foreign: int
    barriers: int
    html_faults: int
    is_wide: bool
    shift: float
    scores: dict[str, float]


def judge(browser: Browser, server: Server, path: str, rounds: int) -> Verdict:
    """Look at the page *path* of *server*; Lighthouse runs *rounds* times, its medians count."""
    requests, bodies, wire, foreign = _loaded(browser, server, path)
    barriers, is_wide, shift = _seen(browser, server, path)
    page = server.folder / path.strip("/") / "index.html"
    return Verdict(
        *(requests, bodies, wire, foreign, barriers, len(html_errors([page])), is_wide, shift),
        _lighthouse(server.url + path, rounds),
    )


def _loaded(browser: Browser, server: Server, path: str) -> tuple[int, int, int, int]:
    """Return what a first visit takes: requests, bytes without and with headers, and foreign requests."""
    context = browser.new_context(locale="de-DE", viewport={"width": 390, "height": 800})
    page = context.new_page()
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    server.sent.clear()
    page.goto(server.url + path)
    page.wait_for_load_state("networkidle")
    context.close()
    # The icon is loaded once for a whole site, and not by every browser.
    loaded = {
        key: url for key, url in urls.items() if url.startswith("http") and not _ICON.search(url)
    }
    foreign = [url for url in loaded.values() if not url.startswith(f"{server.url}/")]
    bodies = sum(server.sent.get(unquote(urlsplit(url).path), 0) for url in loaded.values())
    return len(loaded), bodies, round(sum(sizes.get(key, 0) for key in loaded)), len(foreign)


def _seen(browser: Browser, server: Server, path: str) -> tuple[int, bool, float]:
    """Return the number of axe's rules that fail in any way of showing, sideways scrolling, and CLS."""
    context = prepare(browser.new_context(locale="de-DE"))
    visit = Visit(context.new_page(), server.url)
    rules: set[str] = set()
    is_wide, shift = False, 0.0
    for width in WIDTHS_PX:
        visit.page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            visit.page.emulate_media(color_scheme=scheme)
            visit.open(path)
            shift = max(shift, visit.page.evaluate("window.shifted"))
            rules |= {fault.what for fault in visit.barriers()}
        is_wide |= bool(visit.too_wide())
    context.close()
    return len(rules), is_wide, shift


def _lighthouse(url: str, rounds: int) -> dict[str, float]:
    program = npm.FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    command = [*node_command(), str(program), url, "--output=json", "--quiet"]
    command += [f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--chrome-flags=--headless=new --no-sandbox", "--no-enable-error-reporting"]
    environment = {**os.environ, "CHROME_PATH": browser_path() or ""}
    reports: list[dict[str, Any]] = []
    for _ in range(rounds):
        result = subprocess.run(
            command, capture_output=True, text=True, check=True, env=environment, timeout=300
        )
        reports.append(json.loads(result.stdout)["categories"])
    return {
        name: median((report[name]["score"] or 0) * 100 for report in reports)
        for name in CATEGORIES
    }
