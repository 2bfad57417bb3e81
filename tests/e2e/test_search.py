"""Readers find what they look for: in a browser, under the policy of the front, with and without scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from publishing.front import headers, survey
from tests.e2e.conftest import Files, Live, axe_faults, files_served
from tests.site import PROJECT, Site

#: What readers ask for, and what is to be first.
QUERIES = {
    # As the headword has it, in another form, in a sentence.
    "Apostroph": "/tipps/2025-kw40/",
    "Gedankenstrich": "/tipps/2025-kw47/",
    "IBAN": "/tipps/2026-kw03/",
    "Komma vor als": "/tipps/2026-kw06/",
    "wann steht ein Komma vor und": "/tipps/2026-kw37/",
    "was oder das": "/tipps/2026-kw35/",
    "Infinitivgruppe": "/tipps/2025-kw45/",
    "Tag der Einheit": "/tipps/2026-kw40/",
    "Thunfisch": "/tipps/2026-kw20/",
    # Posts, pages, a series.
    "Stundensatz": "/blog/stundensatz/",
    "Angebote schreiben": "/blog/angebote-schreiben/",
    "Lektorat": "/blog/korrektorat-oder-lektorat/",
    "Korrekturlesen am Bildschirm": "/blog/am-bildschirm-lesen/",
    "reguläre Ausdrücke": "/blog/suchen-und-ersetzen/",
    "Elternabend": "/blog/netzwerken-vor-ort/",
    "zitieren": "/blog/richtig-zitieren/",
    "Netzwerken": "/serien/netzwerken/",
    "Impressum": "/impressum/",
    "Henrike Voss": "/ueber-mich/",
    # Umlauts, ß and ss.
    "Füllwörter": "/tipps/2026-kw16/",
    "fuellwoerter": "/tipps/2026-kw16/",
    "FULLWORT": "/tipps/2026-kw16/",
    "Strassennamen": "/tipps/2026-kw38/",
    "Grüße": "/blog/schweizer-texte/",
    # Compounds by their parts, and one that no text has.
    "Deklination": "/tipps/2026-kw30/",
    "Leerzeichen": "/tipps/2026-kw10/",
    "Lektoratskosten": "/blog/korrektorat-oder-lektorat/",
    # One letter wrong, missing, too many; two that changed places.
    "Kundenservise": "/blog/binde-und-gedankenstrich/",
    "Anfürungszeichen": "/tipps/2026-kw33/",
    "Aprostroph": "/tipps/2025-kw40/",
    "Gedankenstirch": "/tipps/2025-kw47/",
    "Ezsett": "/tipps/2026-kw12/",
}
#: Answers to a handler's question what a path leads to: a file, unless a test says otherwise.
Hidden = set[str]


@pytest.fixture(scope="module")
def hidden() -> Hidden:
    """Paths that the server does not find."""
    return set()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, hidden: Hidden) -> Iterator[Live]:
    """The blog's own content as it is on a day, with the policy that our front gives it."""
    site = Site(tmp_path_factory.mktemp("suche"))
    site.content = PROJECT / "content"
    site.write_settings(
        # Drawing takes longer than all the rest.
        "SITE_DATE = '2026-11-23'\nSHARE_IMAGE = ''\nTIPS_API = False\n"
        "NAVIGATION = (('Suche', '/suche/'),)\n"
    )
    result = site.build("--no-deploy")
    assert result.status == 0, result.err
    policy = headers.policy(survey.used(site.output))
    assert "unsafe" not in policy

    class Handler(Files):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def do_GET(self) -> None:  # noqa: N802 (the name http.server looks for)
            if self.path in hidden:
                self.send_error(404)
            else:
                super().do_GET()

    with files_served(site, Handler) as live:
        yield live


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in which nothing fails, and nothing is against the policy."""
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def ask(site: Live, page: Page) -> Callable[[str], None]:
    """Opens the results for a query, as the form does."""

    def open_results(query: str) -> None:
        page.goto(f"{site.url}/suche/?q={quote(query)}")
        expect(page.get_by_role("status")).not_to_be_empty()

    return open_results


def _urls(page: Page) -> list[str]:
    links: list[str] = page.locator(".search h2 a").evaluate_all(
        "links => links.map(link => link.pathname)"
    )
    return links


def test_the_right_page_is_first(page: Page, ask: Callable[[str], None]) -> None:
    wrong = {}
    for query, wanted in QUERIES.items():
        ask(query)
        if (found := _urls(page)[:1]) != [wanted]:
            wrong[query] = found
    assert len(QUERIES) == 32
    assert wrong == {}


def test_newest_and_older_pages_are_found_alike(
    site: Live, page: Page, ask: Callable[[str], None]
) -> None:
    newest = json.loads((site.site.output / "suche/neueste.json").read_bytes())["seiten"]
    addresses = {f"/{entry[0]}" for entry in newest.values()}
    assert addresses
    # A word, a slip at its beginning, a word that begins like others.
    for query in ("Mittwoch", "Nittwoch", "Mittwo"):
        ask(query)
        more = page.get_by_role("button", name="Weitere Treffer")
        while more.count():
            count = page.locator(".search li").count()
            more.click()
            expect(page.locator(".search li").nth(count)).to_be_visible()
        found = set(_urls(page))
        assert found & addresses, query
        assert found - addresses, query


def test_the_form_leads_to_results_that_say_what_they_are(site: Live, page: Page) -> None:
    page.goto(f"{site.url}/blog/stundensatz/")
    page.get_by_role("link", name="Suche", exact=True).click()
    expect(page.get_by_role("status")).to_be_empty()
    assert page.get_by_role("heading").all_inner_texts() == ["Suche", "Andere Wege"]
    page.get_by_label("Wonach suchen Sie?").fill("Prüfung")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=Pr%C3%BCfung")
    status = page.get_by_role("status")
    expect(status).to_have_text("4 Treffer für „Prüfung“.")
    expect(page.get_by_label("Wonach suchen Sie?")).to_have_value("Prüfung")
    assert page.title().startswith("Prüfung – Suche")
    # Compounds are found by their parts, and tips are first.
    results = page.locator(".search li")
    assert (
        results.first.locator(".entry-list__note").inner_text().startswith("Mittwochstipp\u00a0·")
    )
    post = results.filter(has=page.get_by_role("link", name="Korrektorat oder Lektorat?"))
    post.scroll_into_view_if_needed()
    # Its summary has no such word; the passage comes from the page itself.
    expect(post.locator("mark").first).to_have_text("Faktenprüfung")
    expect(post).not_to_contain_text("Können Sie da mal drüberlesen")


def test_results_are_more_than_one_page_has_and_the_keyboard_gets_there(
    page: Page, ask: Callable[[str], None]
) -> None:
    ask("Zeichen")
    results = page.locator(".search li")
    expect(results).to_have_count(10)
    more = page.get_by_role("button", name="Weitere Treffer")
    more.focus()
    page.keyboard.press("Enter")
    expect(results.nth(10).get_by_role("link")).to_be_focused()
    while more.count():
        count = results.count()
        more.click()
        expect(results.nth(count)).to_be_visible()
    told = page.get_by_role("status").inner_text()
    assert told == f"{results.count()} Treffer für „Zeichen“."
    assert len(set(_urls(page))) == results.count()


def test_readers_are_told_what_was_not_found(page: Page, ask: Callable[[str], None]) -> None:
    status = page.get_by_role("status")
    for query, told in {
        "Quarzuhrwerk": "Zu „Quarzuhrwerk“ ist nichts zu finden.",
        "Aprostroph": "„Aprostroph“ selbst kommt nicht vor; gezeigt wird, was ähnlich geschrieben ist.",
        "Impressum Thunfisch": "Alle Wörter zusammen hat keine Seite",
        "und": "Treffer für „und“.",
        "…": "Zu „…“ ist nichts zu finden.",
        # Words of readers are no markup.
        "<img src=x onerror=alert(1)>": "für „<img src=x onerror=alert(1)>“",
    }.items():
        ask(query)
        expect(status).to_contain_text(told)
    assert page.locator("main img").count() == 0


def test_a_failure_is_told(
    site: Live, browser: Browser, hidden: Hidden, request: pytest.FixtureRequest
) -> None:
    hidden.update(f"/suche/woerter/{number}.json" for number in range(64))
    request.addfinalizer(hidden.clear)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/suche/?q=Komma")
    expect(page.get_by_role("status")).to_have_text(
        "Die Suche ist gerade nicht zu erreichen. Bitte versuchen Sie es gleich noch einmal."
    )
    context.close()


def test_without_scripts_the_page_says_how_to_find_everything(site: Live, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/suche/")
    page.get_by_label("Wonach suchen Sie?").fill("Komma")
    page.get_by_role("button", name="Suchen").click()
    page.wait_for_url("**/suche/?q=Komma")
    expect(page.get_by_text("Ohne JavaScript")).to_be_visible()
    page.get_by_role("link", name="Tipps von A bis Z").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Register von A bis Z")
    context.close()


def test_results_are_accessible(site: Live, browser: Browser) -> None:
    """axe finds nothing, in light and in dark, and 320 px are enough."""
    context = browser.new_context(viewport={"width": 320, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site.url}/suche/?q=Zeichensetzung")
    expect(page.locator(".search mark").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    faults = axe_faults(page)
    page.emulate_media(color_scheme="dark")
    faults += axe_faults(page)
    context.close()
    assert faults == []
