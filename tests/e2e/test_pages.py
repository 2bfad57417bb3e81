"""One page of each type: valid HTML, accessible, quiet, and wide enough for small screens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from publishing.front import headers, survey
from tests.e2e.conftest import Live, axe_faults, invalid_html, served
from tests.publishing.observatory import score
from tests.site import Site

PAGES = {
    "home": "/",
    "post": "/blog/stundensatz/",
    "post_with_pictures": "/blog/am-bildschirm-lesen/",
    "post_in_swiss_spelling": "/blog/schweizer-texte/",
    "post_with_code": "/blog/suchen-und-ersetzen/",
    "post_of_a_series": "/blog/kollegen-empfehlen/",
    "series": "/serien/netzwerken/",
    "series_index": "/serien/",
    "tips": "/tipps/",
    "tip": "/tipps/2026-kw12/",
    "tips_year": "/tipps/2026/",
    "tips_topic": "/tipps/thema/stil/",
    "tips_register": "/tipps/a-z/",
    "tips_random": "/tipps/zufall/",
    "tips_quiz": "/tipps/quiz/",
    "archive": "/archiv/",
    "archive_year": "/archiv/2026/",
    "category": "/themen/sprache/",
    "tag": "/schlagwort/typografie/",
    "page": "/ueber-mich/",
    "imprint": "/impressum/",
    "privacy": "/datenschutz/",
    "accessibility": "/barrierefreiheit/",
    "feeds": "/feeds/",
    "not_found": "/404.html",
    "comment_form": "/kommentare/antworten/?seite=/blog/stundensatz/",
}


# In a site with more posts than one page holds.
LISTS = {
    "long_archive": "/archiv/",
    "year_between_years": "/archiv/2025/",
    "first_page_of_many": "/themen/sprache/",
    "newest_of_the_older_pages": "/themen/sprache/seite-4/",
    "older_page_with_a_long_name": "/schlagwort/textverarbeitungsprogramme/seite-2/",
}


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A site with 105 posts of one category, three in a month."""
    site = Site(tmp_path_factory.mktemp("long"))
    for number in range(1, 106):
        day = dt.date(2026, 6, 30) - dt.timedelta(days=10 * (105 - number))
        site.write(
            f"artikel/p{number}.md",
            f"---\ntitle: Beitrag {number}\nslug: p{number}\ndate: {day}\ncategory: Sprache\n"
            "tags: [Textverarbeitungsprogramme]\nsummary: Ein Satz dazu.\n---\n\nText.\n",
        )
    with served(site) as live:
        yield live


def test_html_is_valid(real: Live, tmp_path: Path) -> None:
    """html-validate's recommended rules find no error on any page of the site."""
    pages = sorted(real.site.public.resolve().rglob("*.html"))
    assert len(pages) > 100
    assert invalid_html(pages, tmp_path) == []


def test_the_policy_of_the_site_gets_full_marks(real: Live) -> None:
    """By what its pages use, scripts and all, as the Observatory scores it."""
    used = survey.used(real.site.public.resolve())
    assert used.has_scripts
    answer = {name.lower(): value for name, value in headers.FIXED}
    answer |= {
        "content-security-policy": headers.policy(used),
        "strict-transport-security": headers.hsts(False),
        headers.CORP.lower(): "same-origin",
        headers.OPENER.lower(): headers.ALONE,
    }
    assert "unsafe" not in answer["content-security-policy"]
    assert used.blocked == ()
    assert score(answer, ["http://blog.example/", "https://blog.example/"]) >= 130


def test_html_of_long_lists_is_valid(long: Live, tmp_path: Path) -> None:
    public = long.site.public.resolve()
    pages = [
        *public.glob("archiv/**/*.html"),
        *(public / f"{path.strip('/')}/index.html" for path in LISTS.values()),
    ]
    assert invalid_html(pages, tmp_path) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_quiet(real: Live, browser: Browser, name: str, scheme: str) -> None:
    """axe finds nothing, all requests go to this site, the console is empty, 320 px are enough."""
    _look_at(browser, real.url, PAGES[name], scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LISTS)
def test_long_list_is_accessible_and_quiet(
    long: Live, browser: Browser, name: str, scheme: str
) -> None:
    _look_at(browser, long.url, LISTS[name], scheme)


def _look_at(browser: Browser, site: str, path: str, scheme: str) -> None:
    context = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": 320, "height": 800},
        locale="de-DE",
        bypass_csp=True,
    )
    page = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site + path)
    foreign = [url for url in requests if not url.startswith((site, "data:"))]
    assert not foreign
    assert not complaints
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320, f"the page is {width} px wide"
    faults = axe_faults(page)
    context.close()
    assert not faults, "\n".join(faults)


def test_readers_reach_every_article_of_a_long_list_without_scripts(
    long: Live, browser: Browser
) -> None:
    """„Ältere Artikel“ leads from the newest article to the oldest, „Neuere Artikel“ back."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{long.url}/themen/sprache/")
    seen = page.locator("main h2").all_inner_texts()
    while (older := page.get_by_role("link", name="Ältere Artikel")).count():
        older.click()
        seen += page.locator("main h2").all_inner_texts()
    assert seen == [f"Beitrag {number}" for number in range(105, 0, -1)]
    assert page.url == f"{long.url}/themen/sprache/seite-1/"
    while (newer := page.get_by_role("link", name="Neuere Artikel")).count():
        newer.click()
    page.get_by_role("link", name="Neueste Artikel").click()
    assert page.url == f"{long.url}/themen/sprache/"
    context.close()
