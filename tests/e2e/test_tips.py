"""The quiz and the random tip: played without scripts, better with them, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Live, axe_faults, files_served
from tests.site import Site

# Busy machines take their time.
expect.set_options(timeout=20_000)
PAIRS = 12


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
    with files_served(site) as live:
        yield live


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


#: Of each half of a pair, the sign, and by how much sign and words stand out from the paper (WCAG: 1 to 21).
SIGNS = """pair => {
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.documentElement).backgroundColor);
  const contrast = style => {
    const own = light(style.color);
    return (Math.max(own, paper) + 0.05) / (Math.min(own, paper) + 0.05);
  };
  return [...pair.children].map(half => {
    const sign = getComputedStyle(half, "::before");
    const styles = [sign, ...[...half.children].map(word => getComputedStyle(word))];
    return { sign: sign.content, contrast: Math.min(...styles.map(contrast)) };
  });
}"""


#: The characters after which lines of the elements end, one by one.
LINE_ENDS = """elements => elements.flatMap(element => {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const places = [];
  while (nodes.nextNode()) {
    for (let at = 0; at < nodes.currentNode.length; at++) {
      const range = document.createRange();
      range.setStart(nodes.currentNode, at);
      range.setEnd(nodes.currentNode, at + 1);
      places.push([range.toString(), range.getBoundingClientRect().top]);
    }
  }
  return places.filter(([, top], at) => places[at + 1]?.[1] > top + 5).map(([char]) => char);
})"""


@pytest.mark.parametrize(
    ("path", "scheme"), [("/tipps/2026-kw02/", "light"), ("/blog/der-erste-beitrag/", "dark")]
)
def test_wrong_and_right_are_told_apart_by_ear_and_without_colours(
    site: Live, browser: Browser, path: str, scheme: Literal["light", "dark"]
) -> None:
    """On the tip's own page and in a post: words that are read out and seen, beside signs of two shapes."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(site.url + path)
    pair = page.locator(".pair")
    expect(pair).to_match_aria_snapshot(
        "- term: Nicht so\n- definition: Peter's Buch\n"
        "- term: Sondern so\n- definition: Peters Buch\n"
    )
    for words in ("Nicht so", "Peter's Buch", "Sondern so", "Peters Buch"):
        expect(pair.get_by_text(words, exact=True)).to_be_visible()
    wrong, right = pair.evaluate(SIGNS)
    signs = [half["sign"].split(" / ") for half in (wrong, right)]
    assert [(len(shape.strip('"')), silence) for shape, silence in signs] == [(1, '""')] * 2
    assert signs[0] != signs[1]
    # What counts is light and dark: this much is there in grey, too.
    assert min(wrong["contrast"], right["contrast"]) >= 4.5
    # Nobody hears the signs.
    tree = context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    heard = " ".join(str(node.get("name", {}).get("value")) for node in tree["nodes"])
    assert "Sondern so" in heard
    assert not any(shape.strip('"') in heard for shape, _ in signs)
    context.close()


def test_addresses_of_feeds_end_their_lines_where_a_part_ends(site: Live, page: Page) -> None:
    """On any phone; and who copies one gets it whole."""
    page.goto(f"{site.url}/feeds/")
    addresses = page.locator(".entry-list__address code")
    hrefs = [link.get_attribute("href") for link in page.locator(".entry-list__address a").all()]
    assert addresses.all_inner_texts() == [f"https://mittwochspost.example{href}" for href in hrefs]
    assert "/feeds/serie-garten.atom.xml" in hrefs
    ends = {}
    for width in (320, *range(360, 480, 10)):
        page.set_viewport_size({"width": width, "height": 900})
        ends[width] = "".join(addresses.evaluate_all(LINE_ENDS))
    assert len(ends[320]) >= len(hrefs)
    assert set("".join(ends.values())) == {"/", "."}, ends


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
