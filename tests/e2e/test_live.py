"""`invoke serve` keeps open pages as the author last saved them, and says what keeps it from that."""

from __future__ import annotations

import http.client
import json
import shutil
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from publishing.browser.looking import axe_script
from publishing.front import survey
from tests.e2e.conftest import Live, free_port, running
from tests.e2e.test_serve import preview_options
from tests.site import PROJECT, Site, tree

POST = "/blog/der-zweite-beitrag/"
#: As strict as where the site is published; script and panel must not need more than a page itself.
POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self' {}; "
    "style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'\">\n"
)


@contextmanager
def previewed(site: Site, port: int | None = None) -> Iterator[Live]:
    """Run `invoke serve` for *site*."""
    with running(site, options=preview_options(site), port=port) as (_, url):
        yield Live(site, url)


def _make(folder: Path) -> Site:
    """Return a site with a theme of its own, and a post that is long enough to be scrolled."""
    site = Site(folder)
    shutil.copytree(PROJECT / "theme", folder / "theme")
    site.write_settings(f"THEME = {str(folder / 'theme')!r}\n")
    assert site.build("--no-deploy").status == 0
    policy = POLICY.format(" ".join(survey.used(site.output).scripts))
    base = folder / "theme/templates/base.html"
    base.write_text(base.read_text("utf-8").replace("<title>", f"{policy}<title>"), "utf-8")
    paragraphs = "\n\n".join(f"Absatz Nummer {number}." for number in range(200))
    site.replace("artikel/zwei.md", "Zweiter Absatz.", f"Zweiter Absatz.\n\n{paragraphs}")
    return site


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A preview; every test leaves its content as it was."""
    with previewed(_make(tmp_path_factory.mktemp("preview"))) as live:
        yield live


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page under a strict policy; nothing may be reported in its console."""
    context = browser.new_context(locale="de-DE", viewport={"width": 1024, "height": 700})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    context.close()
    assert not complaints


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Give a build on a busy machine its time."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@contextmanager
def changed(live: Live, file: Path | str, old: str, new: str) -> Iterator[None]:
    """Replace a passage of a file, then put it back and wait until that is built."""
    path = live.site.content / file
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")
    yield
    builds = _builds(live)
    path.write_text(before, "utf-8")
    deadline = time.monotonic() + 20
    while _builds(live) == builds:
        assert time.monotonic() < deadline, "not built"
        time.sleep(0.02)


def _builds(live: Live) -> int:
    return (live.site.folder / "serve.log").read_text("utf-8").count("Gebaut und geprüft")


def _mark(page: Page) -> None:
    """Leave a mark that a reload takes away."""
    page.evaluate("window.isTheSame = true")


def _is_the_same(page: Page) -> bool:
    return bool(page.evaluate("window.isTheSame === true"))


# --- What was saved is on screen ---------------------------------------------------------------------


def test_saved_text_appears_where_the_reader_is(preview: Live, page: Page) -> None:
    """The page shows the new words, and has not moved."""
    page.goto(preview.url + POST)
    page.evaluate("scrollTo(0, 2500)")
    with changed(preview, "artikel/zwei.md", "Nummer 70.", "Nummer siebzig."):
        expect(page.get_by_text("Absatz Nummer siebzig.")).to_be_visible()
        expect(page.locator("html")).to_have_js_property("scrollTop", 2500)
    expect(page.get_by_text("Absatz Nummer 70.")).to_be_visible()
    expect(page.locator("html")).to_have_js_property("scrollTop", 2500)


def test_only_pages_that_changed_load_again(preview: Live, browser: Browser) -> None:
    """A title is on the post's page and in lists; a tip's page has nothing to do with it."""
    context = browser.new_context()
    post, home, tip = (context.new_page() for _ in range(3))
    post.goto(preview.url + POST)
    home.goto(preview.url)
    tip.goto(f"{preview.url}/tipps/2026-kw06/")
    _mark(tip)
    with changed(preview, "artikel/zwei.md", "Worum es danach", "Worum es nun"):
        expect(home.locator("main")).to_contain_text("Worum es nun geht")
        with changed(preview, "artikel/zwei.md", "Erster Absatz.", "Anfang."):
            expect(post.locator("main")).to_contain_text("Anfang.")
    for page in (home, post):
        expect(page.get_by_text("Worum es danach geht.").first).to_be_attached()
    assert _is_the_same(tip)
    context.close()


def test_many_tabs_are_served_at_once(preview: Live, browser: Browser) -> None:
    """A browser has six connections to a server; tabs must not use them up by waiting."""
    context = browser.new_context()
    pages = [context.new_page() for _ in range(9)]
    for page in pages:
        page.goto(preview.url + POST)
    with changed(preview, "artikel/zwei.md", "Erster Absatz.", "Für alle."):
        for page in pages:
            expect(page.get_by_text("Für alle.")).to_be_visible()
    for page in pages:
        expect(page.get_by_text("Erster Absatz.")).to_be_visible()
    context.close()


def test_stylesheet_is_exchanged_without_a_reload(preview: Live, page: Page) -> None:
    page.goto(preview.url + POST)
    _mark(page)
    tokens = preview.site.folder / "theme/static/css/tokens.css"
    h1 = page.locator("h1")
    with changed(preview, tokens, ":root {", "h1 { color: rgb(1, 2, 3) !important }\n:root {"):
        expect(h1).to_have_css("color", "rgb(1, 2, 3)")
        with changed(preview, tokens, "rgb(1, 2, 3)", "rgb(3, 2, 1)"):
            expect(h1).to_have_css("color", "rgb(3, 2, 1)")
        expect(h1).to_have_css("color", "rgb(1, 2, 3)")
    expect(h1).not_to_have_css("color", "rgb(1, 2, 3)")
    expect(page.locator('link[rel="stylesheet"]')).to_have_count(1)
    assert _is_the_same(page)


def test_template_and_tip_appear(preview: Live, page: Page) -> None:
    page.goto(f"{preview.url}/tipps/2026-kw06/")
    with changed(preview, "tipps/2026.yaml", "Die Ähre schreibt", "Die Ähre, die schreibt"):
        expect(page.locator("main")).to_contain_text("Die Ähre, die schreibt sich")
    template = preview.site.folder / "theme/templates/base.html"
    with changed(preview, template, "Zum Inhalt springen", "Zum Text springen"):
        expect(page.locator(".skip-link")).to_have_text("Zum Text springen")
    expect(page.locator(".skip-link")).to_have_text("Zum Inhalt springen")


def test_replaced_picture_appears(preview: Live, page: Page) -> None:
    """The page's own file stays the same then; it loads again, for it shows the picture."""
    page.goto(f"{preview.url}/blog/der-erste-beitrag/")
    picture = page.locator("main img")
    expect(picture).to_have_js_property("naturalWidth", 4)
    with changed(preview, "bilder/spaten.svg", 'width="4" height="4"', 'width="8" height="8"'):
        expect(picture).to_have_js_property("naturalWidth", 8)
    expect(picture).to_have_js_property("naturalWidth", 4)


def test_file_is_sent_whatever_the_browser_keeps(preview: Live) -> None:
    """Two pictures of one size that were saved in the same second must not pass for the same."""
    address = f"{preview.url}/bilder/spaten.svg"
    with urllib.request.urlopen(address) as response:
        kept = {
            "If-None-Match": response.headers["ETag"],
            "If-Modified-Since": response.headers["Last-Modified"],
        }
    with urllib.request.urlopen(urllib.request.Request(address, headers=kept)) as response:
        assert response.status == 200


def test_saved_setting_appears(preview: Live, page: Page) -> None:
    """Settings are code: the build starts afresh, and the page waits for it."""
    page.goto(preview.url)
    alert, settings = page.get_by_role("alert"), preview.site.settings
    with changed(preview, settings, "NAVIGATION", "SITENAME = 'Sonntagspost\nNAVIGATION"):
        expect(alert).to_contain_text("Die Einstellungen sind kein gültiges Python")
        settings.write_text(settings.read_text("utf-8").replace("post\n", "post'\n"), "utf-8")
        expect(page).to_have_title("Sonntagspost")
        expect(alert).to_have_count(0)
    expect(page).to_have_title("Mittwochspost")


def test_approved_comment_appears(preview: Live, page: Page, browser: Browser) -> None:
    """Also when it was approved elsewhere: in another terminal, or in the administration."""
    # Without JavaScript, the reader sees the service's own pages.
    context = browser.new_context(java_script_enabled=False)
    reader = context.new_page()
    reader.goto(preview.url + POST)
    reader.get_by_label("Name", exact=True).fill("Ada")
    reader.get_by_label("Kommentar", exact=True).fill("Gut gesagt.")
    reader.get_by_role("button", name="Vorschau ansehen").click()
    assert "/vorschau/live.js" not in reader.content()
    reader.wait_for_timeout(1600)  # the service takes faster readers for robots
    reader.get_by_role("button", name="Absenden").click()
    expect(reader.locator("main")).to_contain_text("Freigabe")
    context.close()
    page.goto(preview.url + POST)
    assert "Gut gesagt." not in page.content()
    listed = preview.site.invoke("comments.list", "--json")
    (comment,) = json.loads(listed.out)
    assert preview.site.invoke("comments.approve", comment["id"]).status == 0
    expect(page.get_by_text("Gut gesagt.")).to_be_visible()


# --- What is wrong -----------------------------------------------------------------------------------


def test_mistake_is_shown_until_it_is_mended(preview: Live, page: Page, browser: Browser) -> None:
    """File, line, field and remedy, over the last good page; in a tab opened meanwhile, too."""
    page.goto(preview.url + POST)
    _mark(page)
    alert = page.get_by_role("alert")
    with changed(preview, "artikel/zwei.md", "date: 2026-02-11", "datum: 2026-02-11"):
        expect(alert).to_be_visible()
        expect(alert).to_contain_text("letzten guten Stand")
        expect(alert).to_contain_text("zwei.md, Zeile 3")
        expect(alert).to_contain_text("Feld „datum“")
        assert "Fehler: " in (preview.site.folder / "serve.log").read_text("utf-8")
        expect(page.locator("main")).to_contain_text("Zweiter Absatz.")
        _assert_accessible(browser, preview.url + POST)
        page.get_by_role("button", name="Ausblenden").click()
        expect(alert).to_have_count(0)
        assert _is_the_same(page)
        page.reload()
        expect(alert).to_be_visible()
    expect(alert).to_have_count(0)
    expect(page.locator("mittwochspost-vorschau")).to_have_count(0)


def _assert_accessible(browser: Browser, url: str) -> None:
    """See what is wrong in another tab, and let axe look at it."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_role("alert")).to_be_visible()
    page.evaluate(axe_script())
    report = page.evaluate("axe.run(document)")
    assert not report["violations"]
    assert "mittwochspost-vorschau" in str(report["passes"]), "axe did not look at it"
    context.close()


def test_page_that_moved_away_and_came_back(preview: Live, page: Page) -> None:
    """The page that says „nicht gefunden“ keeps up like any other."""
    page.goto(f"{preview.url}/blog/der-dritte-beitrag/")
    with changed(preview, "artikel/drei.md", "Tags: Werkzeug", "Slug: neu\nTags: Werkzeug"):
        expect(page.locator("main")).not_to_contain_text("Der dritte Beitrag")
        assert page.evaluate("document.querySelector('script[data-page=\"/404.html\"]') !== null")
    expect(page.locator("h1")).to_have_text("Der dritte Beitrag")


# --- The server ------------------------------------------------------------------------------------------


def test_open_page_finds_the_next_server(tmp_path: Path, page: Page) -> None:
    """What was saved while no server ran is on screen as soon as one does."""
    site = _make(tmp_path)
    port = free_port()
    with previewed(site, port) as live:
        page.goto(live.url + POST)
    site.replace("artikel/zwei.md", "Erster Absatz.", "Neuer Anfang.")
    with previewed(site, port):
        expect(page.get_by_text("Neuer Anfang.")).to_be_visible(timeout=15_000)
        site.replace("artikel/zwei.md", "Neuer Anfang.", "Noch einer.")
        expect(page.get_by_text("Noch einer.")).to_be_visible()


def test_the_script_is_in_no_file_and_for_no_other_site(preview: Live) -> None:
    files = tree(preview.site.folder / "vorschau")
    assert len(files) > 20
    assert not [name for name, data in files.items() if b"live.js" in data]
    with urllib.request.urlopen(preview.url) as response:
        assert b"/vorschau/live.js" in response.read()
        assert response.headers["Access-Control-Allow-Origin"] is None
    assert _handshake(preview, preview.url) == 101
    assert _handshake(preview, "https://andere.example") == 403


def _handshake(live: Live, origin: str) -> int:
    """Return the status with which a WebSocket is answered to a page of *origin*."""
    host = live.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Origin": origin}
    headers |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    connection.request("GET", "/vorschau/live", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status
