"""
The site with its own serif: it is used, nothing moves when it comes, and only what is needed is loaded; and what
holds for either font.
"""

from __future__ import annotations

import functools
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.site import PROJECT

POST = "/blog/stundensatz/"
#: Sums up how far things moved without the reader's doing.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blog's own content, set in the serif."""
    folder = tmp_path_factory.mktemp("serif")
    command = [sys.executable, "-m", "pelican", "content", "-s", "publishconf.py"]
    command += ["-o", str(folder / "output"), "-e", 'THEME_FONT="serif"']
    command += [f'CACHE_PATH="{folder / "cache"}"']
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder / "output"


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """Its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _context(browser: Browser, width: int) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="de-DE")
    context.add_init_script(SHIFTS)
    return context


def _fonts(page: Page, selector: str) -> set[str]:
    """Return the families that the browser used for the text of the first *selector*."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"] for font in fonts if font["isCustomFont"]}


def _loaded(page: Page, url: str) -> list[str]:
    """Open *url* and return the fonts that were asked for, without what changes in their names."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    names = (address.rpartition("/")[2] for address in asked if address.endswith(".woff2"))
    return sorted(name.partition(".")[0] for name in names)


def test_a_post_is_set_in_the_serif(site: str, browser: Browser) -> None:
    """Text, headings and what is stressed; one request for each face, none for rare characters."""
    context = _context(browser, 1280)
    page = context.new_page()
    assert _loaded(page, site + POST) == ["mittwoch-italic", "mittwoch-roman"]
    page.reload()
    for selector in (".prose p", ".prose h2", ".prose em", "td", ".section-label"):
        assert _fonts(page, selector) == {"Mittwoch"}, selector
    context.close()


def test_a_page_without_stress_loads_one_face(site: str, browser: Browser) -> None:
    context = _context(browser, 390)
    assert _loaded(context.new_page(), f"{site}/blog/netzwerken-vor-ort/") == ["mittwoch-roman"]
    context.close()


def test_rare_characters_are_loaded_where_they_stand(
    site: str, folder: Path, browser: Browser
) -> None:
    tip = next(
        path.parent.name
        for path in sorted(folder.glob("tipps/*/index.html"))
        if "ẞ" in path.read_text("utf-8").partition("<body")[2]
    )
    context = _context(browser, 390)
    loaded = _loaded(context.new_page(), f"{site}/tipps/{tip}/")
    assert [name for name in loaded if name.endswith("-more")]
    context.close()


def test_a_quotation_in_english_loads_no_rare_characters(site: str, browser: Browser) -> None:
    context = _context(browser, 390)
    assert "mittwoch-roman-more" not in _loaded(context.new_page(), f"{site}/blog/anglizismen/")
    context.close()


def test_every_character_of_a_font_is_named_in_its_range() -> None:
    """Else browsers take another font for it, as they did for the minus sign."""
    made = runpy.run_path(str(PROJECT / "theme/fonts/characters.py"))
    css = " ".join((PROJECT / "theme/fonts/serif.css").read_text("utf-8").split())
    assert css.count(f"unicode-range: {made['ranges']()};") == 2


@pytest.mark.parametrize("delay_s", [0, 0.3, 1.5])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_the_font_comes(
    site: str, browser: Browser, width: int, delay_s: float
) -> None:
    """Neither when it is there at once nor when it is late."""
    context = _context(browser, width)

    def late(route: Route) -> None:
        time.sleep(delay_s)
        route.continue_()

    page = context.new_page()
    page.route("**/*.woff2", late)
    page.goto(site + POST)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifted") == 0
    context.close()


def test_what_stands_in_for_the_font_is_as_wide(site: str, browser: Browser) -> None:
    """A paragraph is about as long in either: the figures in serif.css are right."""
    context = _context(browser, 1280)
    page = context.new_page()
    page.goto(site + POST)
    page.wait_for_load_state("networkidle")
    page.reload()
    measure = """family => {
      const text = document.createElement("span");
      text.textContent = document.querySelector(".prose > p").textContent;
      text.style.cssText = `font: 100px ${family}; white-space: nowrap; position: absolute`;
      document.body.append(text);
      return text.getBoundingClientRect().width;
    }"""
    ours, other = (page.evaluate(measure, name) for name in ("Mittwoch", "'Mittwoch Times'"))
    assert other == pytest.approx(ours, rel=0.02)
    context.close()


@pytest.mark.parametrize("width", [320, 360, 375, 390, 412])
def test_no_link_stands_alone_in_the_menu(site: str, browser: Browser, width: int) -> None:
    context = _context(browser, width)
    page = context.new_page()
    page.goto(site + POST)
    lines = page.evaluate(
        "[...document.querySelectorAll('header nav li')].map(item => Math.round(item.getBoundingClientRect().top))"
    )
    assert len(lines) == 5
    assert min(lines.count(line) for line in set(lines)) > 1
    context.close()


def test_a_tip_in_a_post_looks_as_it_does_elsewhere(site: str, browser: Browser) -> None:
    """Though posts have terms and definitions of their own."""
    context = _context(browser, 390)
    page = context.new_page()
    looks = []
    for address in (f"{site}/blog/netzwerken-im-netz/", f"{site}/tipps/"):
        page.goto(address)
        looks.append(
            page.evaluate(
                """["dt", "dd"].map(name => {
                  const look = getComputedStyle(document.querySelector(`.pair ${name}`));
                  return [look.fontWeight, look.paddingInlineStart, look.marginBlockStart];
                })"""
            )
        )
    assert looks[0] == looks[1]
    context.close()


def test_a_letter_with_a_hyphen_does_not_end_a_line(site: str, browser: Browser) -> None:
    """Whatever the width: „E-“ and „Mail“ stay together."""
    context = _context(browser, 320)
    page = context.new_page()
    page.goto(f"{site}/datenschutz/")
    parts = page.evaluate(
        "[...document.querySelectorAll('.prose .unbroken')].map(part => part.getClientRects().length)"
    )
    assert len(parts) > 5
    assert set(parts) == {1}
    context.close()
