"""A browser takes the copy that fits, in time and without moving the text."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import invalid_html
from tests.html_checker import html_errors
from tests.plugins.pelican_site import PelicanSite, own_signals
from tests.plugins.pictures.drawn import quarters, saved
from tests.site import PROJECT

URL = "https://mittwochspost.example"
PATH = "/blog/der-zweite-beitrag/"
_WATCH = """
window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
    .observe({type: 'layout-shift', buffered: true});
"""
_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in our theme, with a post that shows a photo, a drawing, and far below another photo."""
    folder = tmp_path_factory.mktemp("pictures")
    with own_signals():
        site = PelicanSite(folder)
        site.write("bilder/foto.jpg", saved(quarters(1300, 650), "JPEG"))
        site.write("bilder/unten.png", saved(Image.new("RGB", (700, 2100), "navy"), "PNG"))
        more = '![Vier Felder](foto.jpg "So")\n\n![Ein Spaten](spaten.svg)\n\n'
        more += "Absatz.\n\n## Weiter\n\n" * 100 + "![Blau](unten.png)"
        site.replace("artikel/zwei.md", "Kurz.", more)
        assert site.build(THEME=str(PROJECT / "theme")).problems == []
    return folder / "output"


@contextmanager
def _page(browser: Browser, output: Path, scale: float) -> Iterator[tuple[Page, list[str]]]:
    """Yield the post's page and the names of the pictures that were asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path)
        file = output / (path + "index.html" if path.endswith("/") else path).lstrip("/")
        if path.startswith("/bilder/"):
            asked.append(file.name)
        kind = "image/avif" if file.suffix == ".avif" else mimetypes.guess_type(file.name)[0]
        route.fulfill(body=file.read_bytes(), content_type=kind)

    context = browser.new_context(
        viewport={"width": 390, "height": 800}, device_scale_factor=scale, bypass_csp=True
    )
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.route("**/*", answer)
    page.goto(URL + PATH)
    yield page, asked
    context.close()


def test_the_copy_that_fits_is_loaded(browser: Browser, output: Path) -> None:
    with _page(browser, output, 1) as (page, asked):
        expect(page.get_by_alt_text("Vier Felder")).to_have_js_property("naturalWidth", 351)
        assert asked[0].startswith("foto-600-")
        assert asked[0].endswith(".avif")


def test_nothing_moves_while_pictures_come(browser: Browser, output: Path) -> None:
    with _page(browser, output, 2) as (page, asked):
        last = page.get_by_alt_text("Blau")
        expect(page.get_by_alt_text("Vier Felder")).to_have_js_property("complete", True)
        assert asked[0].startswith("foto-900-")
        assert not any(name.startswith("unten") for name in asked)
        height = page.evaluate("document.documentElement.scrollHeight")
        last.scroll_into_view_if_needed()
        expect(last).to_have_js_property("complete", True)
        assert asked[-1].startswith("unten-700-")
        assert page.evaluate("document.documentElement.scrollHeight") == height
        box = last.bounding_box()
        assert box is not None
        assert box["height"] == pytest.approx(3 * box["width"], abs=1)
        page.evaluate(_FRAMES)
        assert page.evaluate("shifts") == []
        # It would have been noticed.
        page.evaluate("window.scrollTo(0, 0)")
        page.evaluate(_FRAMES)
        page.evaluate("document.querySelector('h1').style.marginBlockStart = '99px'")
        page.wait_for_function("shifts.length > 0")


def test_the_page_is_valid(output: Path, tmp_path: Path) -> None:
    page = output / PATH.strip("/") / "index.html"
    assert invalid_html([page], tmp_path) == []
    assert html_errors([page]) == []
