"""The quiz and the random tip: played without scripts, better with them, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Live, axe_faults
from tests.site import Site

# Busy machines take their time.
expect.set_options(timeout=20_000)
PAIRS = 12


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The small site with twelve more tips, each with a pair of examples."""
    site = Site(tmp_path_factory.mktemp("tipps"))
    site.write(
        "tipps/2024.yaml",
        "".join(
            f"- date: 2024-{number:02}-{day:02}\n  headword: Wort {number}\n  topic: Stil\n"
            f"  tip: Rat {number}.\n  wrong: falsch {number}\n  right: richtig {number}\n"
            for number, day in zip(
                range(1, PAIRS + 1), (3, 7, 6, 3, 1, 5, 3, 7, 4, 2, 6, 4), strict=True
            )
        ),
    )
    result = site.build("--no-deploy")
    assert result.status == 0, result.err
    # Files are enough: nothing here needs the comment service.
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site.output)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Live(site, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs scripts; none of them may fail."""
    context = browser.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_the_quiz_can_be_played_without_scripts(site: Live, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/tipps/quiz/")
    # The tip of the small site that has a pair, and the twelve.
    expect(page.locator(".quiz__question")).to_have_count(PAIRS + 1)
    first = page.locator(".quiz__question").first
    expect(first.get_by_text("Peters Buch", exact=True)).to_be_visible()
    solution = first.get_by_text("Der Genitiv kommt ohne Apostroph aus.")
    expect(solution).to_be_hidden()
    first.get_by_text("Auflösung").click()
    expect(solution).to_be_visible()
    first.get_by_role("link", name="Apostroph").click()
    assert page.url == f"{site.url}/tipps/2026-kw02/"
    context.close()


def test_with_scripts_the_quiz_is_a_round_of_ten_with_a_score(site: Live, page: Page) -> None:
    page.goto(f"{site.url}/tipps/quiz/")
    asked = set()
    for number in range(1, 11):
        expect(page.locator(".quiz__question")).to_have_count(1)
        expect(page.get_by_role("heading", level=2)).to_have_text(f"Frage {number} von 10")
        answers = page.locator(".quiz__answers button")
        expect(answers).to_have_count(2)
        asked.add(frozenset(answers.all_inner_texts()))
        # All are right but the third.
        begins = "falsch" if number == 3 else "richtig"
        wanted = [
            text
            for text in answers.all_inner_texts()
            if text.startswith(begins) or text == ("Peter's Buch" if number == 3 else "Peters Buch")
        ]
        expect(page.get_by_text("Auflösung")).to_be_hidden()
        page.get_by_role("button", name=wanted[0], exact=True).click()
        right = number if number < 3 else number - 1
        verdict = "Leider nicht." if number == 3 else "Stimmt."
        assert _focused(page) == f"{verdict} Bisher {right} von {number} richtig."
        expect(page.locator(".quiz__answers button:disabled")).to_have_count(2)
        expect(page.locator("details p").first).to_be_visible()
        if number == 3:
            assert axe_faults(page) == []
        page.get_by_role("button", name="Nächste Frage" if number < 10 else "Zum Ergebnis").click()
    assert len(asked) == 10
    assert _focused(page) == "Sie haben 9 von 10 richtig."
    page.get_by_role("button", name="Noch eine Runde").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Frage 1 von 10")
    expect(page.locator(".quiz__answers button:disabled")).to_have_count(0)
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(kept) == [0, 0, ""]


def test_without_scripts_the_random_tip_is_the_days(site: Live, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/tipps/zufall/")
    expect(page.get_by_text("Gezogen am 30. Juni 2026")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    drawn = page.locator(".tip__headword").inner_text()
    page.locator(".tip a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(drawn)
    context.close()


def test_with_scripts_a_button_draws_other_tips(site: Live, page: Page) -> None:
    """Each comes whole from its own page, and never the one that is there already."""
    page.goto(f"{site.url}/tipps/zufall/")
    headword = page.locator(".tip__headword")
    for _ in range(2):
        before = headword.inner_text()
        page.get_by_role("button", name="Noch einen ziehen").click()
        expect(headword).not_to_have_text(before)
    assert page.url == f"{site.url}/tipps/zufall/"
    shown = page.locator(".tip").inner_text()
    label = page.locator(".tip a").inner_text()
    page.locator(".tip a").click()
    page.wait_for_url("**/tipps/20*/")
    year, week = page.url.split("/")[-2].split("-kw")
    assert label == f"KW\u00a0{int(week)}/{year}"
    for selector in ("h1", ".p-summary", ".p-category"):
        assert page.locator(selector).inner_text() in shown
    assert page.locator(".pair").count() == shown.count("Nicht so")


def test_a_page_that_cannot_be_fetched_is_gone_to(site: Live, page: Page) -> None:
    page.goto(f"{site.url}/tipps/zufall/")
    page.route(
        "**/tipps/20*/",
        lambda route: route.continue_() if route.request.is_navigation_request() else route.abort(),
    )
    page.get_by_role("button", name="Noch einen ziehen").click()
    page.wait_for_url("**/tipps/20*/", timeout=20_000)
