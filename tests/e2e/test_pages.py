"""One page of each type: valid HTML, accessible, quiet, and wide enough for small screens."""

from __future__ import annotations

import datetime as dt
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from publishing.browser.commands import faults_of_page
from publishing.browser.folder import pages_in
from publishing.browser.kinds import pages_of_each_kind
from publishing.browser.looking import Visit, prepare
from publishing.browser.report import SCHEMES
from publishing.front import headers, survey
from tests.e2e.conftest import Live, invalid_html, served
from tests.html_checker import html_errors
from tests.plugins.feeds.atom_rules import faults
from tests.plugins.feeds.json_feed import JsonFeed
from tests.publishing.observatory import score
from tests.site import Site

#: What the comment service shows.
FORM = "/kommentare/antworten/?seite=/blog/stundensatz/"
# In a site with more posts than one page holds.
LISTS = {
    "long_archive": "/archiv/",
    "year_between_years": "/archiv/2025/",
    "first_page_of_many": "/themen/sprache/",
    "newest_of_the_older_pages": "/themen/sprache/seite-4/",
    "older_page_with_a_long_name": "/schlagwort/textverarbeitungsprogramme/seite-2/",
}


# Of a page's stops; the longest have hundreds, all alike.
STOPS = 60
NOTE_STOPS = """() => {
  window.stops = [];
  let first, last = document.body, isRound = false;
  document.addEventListener("focusin", ({target}) => {
    isRound ||= target === first;
    if (isRound) return;
    first ??= target;
    const style = getComputedStyle(target);
    const box = target.getBoundingClientRect();
    const isLater = last.compareDocumentPosition(target) & (
      Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY);
    window.stops.push({
      href: target.getAttribute("href"), html: target.outerHTML.slice(0, 80), later: Boolean(isLater),
      seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && box.width > 1 && box.height > 1,
    });
    last = target;
  });
}"""
SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important} p {margin-block-end: 2em !important}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# Text that is higher than the box which hides what sticks out.
CUT_OFF = """() => [...document.querySelectorAll("main *")].filter(element => {
  const style = getComputedStyle(element);
  return ["hidden", "clip"].includes(style.overflowY) && element.clientHeight > 1
    && element.scrollHeight > element.clientHeight + 1;
}).map(element => element.outerHTML.slice(0, 80))"""
WITHOUT_EDGE = """() => [...document.querySelectorAll("button, input, textarea, select")].filter(
  element => element.checkVisibility() && element.offsetWidth > 1
    && !["checkbox", "radio"].includes(element.type)
    && (getComputedStyle(element).borderTopStyle === "none"
      || parseFloat(getComputedStyle(element).borderTopWidth) < 1)
).map(element => element.outerHTML.slice(0, 80))"""
# Text of the colour that it stands on. Not by axe, which takes the colour from before it was forced.
UNSEEN = """() => {
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
  };
  return [...document.querySelectorAll("body *")].filter(element =>
    element.checkVisibility() && [...element.childNodes].some(node => node.data?.trim())
      && getComputedStyle(element).color === ground(element)
  ).map(element => element.outerHTML.slice(0, 80));
}"""
# Links whose address paper would not show.
WITHOUT_ADDRESS = """() => [...document.querySelectorAll("main :is(.prose, .facts) a[href^=http]")].filter(
  link => !getComputedStyle(link, "::after").content.includes(link.getAttribute("href"))
).map(link => link.outerHTML.slice(0, 80))"""
# axe's rule of level AAA, 7:1, which readers may expect who ask for more contrast.
FAINT = """async () => {
  const report = await axe.run(document, {runOnly: {type: "rule", values: ["color-contrast-enhanced"]}});
  const faint = report.violations.flatMap(fault => fault.nodes.map(node => node.html.slice(0, 80)));
  return report.passes.length ? faint : ["axe has not looked", ...faint];
}"""
MOVING = """() => [
  ...document.getAnimations().map(animation => animation.animationName || "animation"),
  ...[document.documentElement, ...document.querySelectorAll("body *")].filter(element => {
    const style = getComputedStyle(element);
    const times = `${style.transitionDuration}, ${style.animationDuration}`.split(", ");
    return times.some(time => parseFloat(time) > 0.01) || style.scrollBehavior === "smooth";
  }).map(element => element.outerHTML.slice(0, 80)),
]"""


@pytest.fixture(scope="module")
def addresses(real: Live) -> list[str]:
    """Where pages of each kind are, found from the site, and the form of the comment service."""
    names = pages_of_each_kind(pages_in(real.site.public.resolve()))
    return [*(f"/{name.removesuffix('index.html')}" for name in names), FORM]


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Iterator[Visit]:
    """A page for all that is looked at as most readers see it."""
    context = prepare(browser.new_context(locale="de-DE"))
    yield Visit(context.new_page(), "")
    context.close()


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


def test_every_kind_of_page_is_valid(
    real: Live, long: Live, addresses: list[str], tmp_path: Path
) -> None:
    """The W3C's checker finds no error in HTML and CSS, on the form of the comment service either."""
    files = [address for address in addresses if address != FORM]
    pages = [_file(real, address) for address in files] + [
        _file(long, path) for path in LISTS.values()
    ]
    pages.append(tmp_path / "form.html")
    pages[-1].write_text(_form(real), "utf-8")
    assert html_errors(pages) == []


def test_feeds_of_the_real_site_are_valid(real: Live) -> None:
    """By the rules for Atom and JSON Feed, whatever its texts hold."""
    folder = real.site.public.resolve()
    feeds = sorted(folder.rglob("*.atom.xml"))
    assert len(feeds) >= 10
    wrong = {path.name: faults(path.read_bytes(), _published(folder, path)) for path in feeds}
    assert {name: found for name, found in wrong.items() if found} == {}
    items = [
        JsonFeed.model_validate_json(path.read_bytes()).items
        for path in sorted((folder / "feeds").glob("*.json"))
    ]
    assert len(items) >= 2
    assert all(items)


def _published(folder: Path, path: Path) -> str:
    return f"https://mittwochspost.example/{path.relative_to(folder).as_posix()}"


def _form(live: Live) -> str:
    with urllib.request.urlopen(live.url + FORM, timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def _file(live: Live, address: str) -> Path:
    path = live.site.public.resolve() / address.lstrip("/")
    return path if path.suffix else path / "index.html"


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
    archives = (long.site.public.resolve() / "archiv").rglob("*.html")
    pages = [*archives, *(_file(long, path) for path in LISTS.values())]
    assert invalid_html(pages, tmp_path) == []


def test_pages_of_each_kind_are_sound(real: Live, visit: Visit, addresses: list[str]) -> None:
    """What `invoke check --browser` finds: nothing, on the form of the comment service either."""
    assert len(addresses) >= 25
    assert _faults(visit, real.url, addresses) == []


def test_long_lists_are_sound(long: Live, visit: Visit) -> None:
    assert _faults(visit, long.url, list(LISTS.values())) == []


def _faults(visit: Visit, site: str, addresses: list[str]) -> list[str]:
    visit.site = site
    return [
        f"{address} ({mode}): {fault}"
        for address in addresses
        for mode, fault in faults_of_page(visit, address)
    ]


def _stops(visit: Visit) -> list[str]:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    visit.page.evaluate(NOTE_STOPS)
    for _ in range(STOPS):
        visit.page.keyboard.press("Tab")
    stops = visit.page.evaluate("window.stops")
    wrong = [] if stops and stops[0]["href"] == "#inhalt" else [f"begins with {stops[:1]}"]
    return wrong + [str(stop) for stop in stops if not (stop["seen"] and stop["later"])]


def _at_four_times_the_size(visit: Visit) -> list[str]:
    """A window of 1280 × 1024 px at 400 %; the title is on the first two screens."""
    visit.page.set_viewport_size({"width": 320, "height": 256})
    top = visit.page.locator("h1").first.bounding_box()
    wrong = [] if top and top["y"] < 2 * 256 else [f"title at {top}"]
    return wrong + list(map(str, visit.too_wide()))


def _in_forced_colours(visit: Visit) -> list[str]:
    visit.page.emulate_media(forced_colors="active", color_scheme="dark")
    wrong = [*visit.page.evaluate(UNSEEN), *visit.page.evaluate(WITHOUT_EDGE)]
    visit.page.emulate_media(forced_colors="none", color_scheme="light")
    return wrong


def _with_more_contrast(visit: Visit) -> list[str]:
    faint: list[str] = []
    for scheme in SCHEMES:
        visit.page.emulate_media(contrast="more", color_scheme=scheme)  # type: ignore[arg-type]
        faint += visit.page.evaluate(FAINT)
    visit.page.emulate_media(contrast="no-preference", color_scheme="light")
    return faint


def _moving(visit: Visit) -> list[str]:
    visit.page.emulate_media(reduced_motion="reduce")
    moving: list[str] = visit.page.evaluate(MOVING)
    visit.page.emulate_media(reduced_motion="no-preference")
    return moving


def _printed(visit: Visit) -> list[str]:
    visit.page.emulate_media(media="print")
    screen_only = (
        *(".skip-link", "body > header nav", "body > footer nav", "article ~ * form"),
        *(".footnote-backref", "footer details"),
    )
    wrong = [name for name in screen_only if visit.page.locator(name).first.is_visible()]
    wrong += visit.page.evaluate(WITHOUT_ADDRESS)
    if not visit.page.locator("h1").first.is_visible():
        wrong.append("no title")
    if not visit.page.pdf(format="A4").startswith(b"%PDF"):
        wrong.append("no PDF")
    visit.page.emulate_media(media="screen")
    return wrong


def _spaced_out(visit: Visit) -> list[str]:
    visit.page.set_viewport_size({"width": 320, "height": 800})
    visit.page.evaluate(SPACE_OUT)
    return [*map(str, visit.too_wide()), *visit.page.evaluate(CUT_OFF)]


#: What is looked at on every page, in this order: the last leaves the page changed.
ASPECTS = {
    "Tab meets the skip link first, then all in order, each with an outline": _stops,
    "400 % needs no scrolling sideways (WCAG 1.4.10)": _at_four_times_the_size,
    "forced colours leave contrast, and edges of fields and buttons": _in_forced_colours,
    "more contrast is 7:1, light and dark": _with_more_contrast,
    "nothing moves for those who want that": _moving,
    "print has title, text and addresses, and no menus and forms": _printed,
    "more space between letters, words and lines cuts nothing off (WCAG 1.4.12)": _spaced_out,
}


@pytest.fixture(scope="module")
def looked(real: Live, visit: Visit, addresses: list[str]) -> dict[str, list[str]]:
    """What is wrong in each aspect, found in one visit to each page."""
    wrong: dict[str, list[str]] = {name: [] for name in ASPECTS}
    visit.site = real.url
    for address in addresses:
        visit.open(address)
        for name, look in ASPECTS.items():
            wrong[name] += [f"{address}: {fault}" for fault in look(visit)]
    return wrong


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_kind_of_page(looked: dict[str, list[str]], aspect: str) -> None:
    assert looked[aspect] == []


@pytest.mark.parametrize(
    ("aspect", "style"),
    [
        (_stops, "a:focus-visible {outline: none !important}"),
        (_at_four_times_the_size, "h1 {inline-size: 400px}"),
        (_in_forced_colours, "button {border: 0 !important}"),
        (_in_forced_colours, "h1 {forced-color-adjust: none; color: #fff; background: #fff}"),
        (_with_more_contrast, "main p {color: #707070}"),
        (_moving, "a {transition: color 1s !important}"),
        (_printed, "@media print {nav {display: block !important}}"),
        (_printed, "@media print {.prose a::after {content: none !important}}"),
        (_spaced_out, "main p {block-size: 1em; overflow: hidden}"),
    ],
)
def test_a_fault_is_seen(
    real: Live, visit: Visit, aspect: Callable[[Visit], list[str]], style: str
) -> None:
    """None of them would pass if nobody looked."""
    visit.site = real.url
    visit.open("/blog/anglizismen/")
    visit.page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets = [sheet]; }",
        f"{style} nav {{min-block-size: 2px}}",
    )
    assert aspect(visit) != []


# Of the lines of running text that are full, how many characters they have, by the paragraph.
FULL_LINES = """() => [...document.querySelectorAll(".e-content.prose > p")].flatMap(paragraph => {
  const range = document.createRange();
  const lines = [];
  let top = null;
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  while (walker.nextNode())
    for (let i = 0; i < walker.currentNode.length; i++) {
      range.setStart(walker.currentNode, i);
      range.setEnd(walker.currentNode, i + 1);
      const box = range.getBoundingClientRect();
      if (top === null || box.top - top > box.height / 2) lines.push(0);
      [top, lines[lines.length - 1]] = [box.top, lines.at(-1) + 1];
    }
  return lines.slice(0, -1);
})"""
TEXT = """() => {
  const style = getComputedStyle(document.querySelector(".prose p"));
  return [parseFloat(style.fontSize), parseFloat(style.lineHeight) / parseFloat(style.fontSize)];
}"""


def test_running_text_is_set_like_a_book(real: Live, visit: Visit) -> None:
    """60 to 70 characters in a line, 18 to 19 px, leading of 1.5; figures in tables are of one width."""
    visit.site = real.url
    for width in (390, 820, 1280):
        visit.page.set_viewport_size({"width": width, "height": 800})
        visit.open("/blog/stundensatz/")
        size, leading = visit.page.evaluate(TEXT)
        assert 18 <= size <= 19, width
        assert leading == pytest.approx(1.5), width
    lines = visit.page.evaluate(FULL_LINES)
    assert len(lines) > 20
    assert 60 <= sum(lines) / len(lines) <= 70
    figures = "getComputedStyle(document.querySelector('td')).fontVariantNumeric"
    assert "tabular-nums" in visit.page.evaluate(figures)


def test_impressum_and_privacy_are_one_click_from_every_page(real: Live) -> None:
    pages = {FORM: _form(real)} | pages_in(real.site.public.resolve())
    assert len(pages) > 100
    links = {'href="/impressum/"', 'href="/datenschutz/"'}
    missing = [name for name, html in pages.items() if any(link not in html for link in links)]
    assert missing == []


def test_the_skip_link_leads_to_the_text(real: Live, visit: Visit) -> None:
    visit.site = real.url
    visit.open("/blog/stundensatz/")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "inhalt"


@pytest.mark.parametrize(("motion", "is_animated"), [("no-preference", True), ("reduce", False)])
def test_one_page_changes_into_the_next(
    real: Live, browser: Browser, motion: str, is_animated: bool
) -> None:
    """By a view transition of the browser's, unless the reader wants no motion."""
    context = browser.new_context(reduced_motion=motion)  # type: ignore[arg-type]
    context.add_init_script(
        "addEventListener('pagereveal', e => { window.change = e.viewTransition })"
    )
    page = context.new_page()
    page.goto(f"{real.url}/blog/stundensatz/")
    page.get_by_role("link", name="Über mich").click()
    page.wait_for_url("**/ueber-mich/")
    assert page.evaluate("Boolean(window.change)") is is_animated
    context.close()


def test_a_page_is_fetched_when_its_link_is_pointed_at(real: Live, browser: Browser) -> None:
    """By speculation rules, which the browser understands."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    told: list[dict[str, object]] = []
    session.on("Preload.ruleSetUpdated", lambda event: told.append(event["ruleSet"]))
    session.on("Preload.prefetchStatusUpdated", lambda event: told.append(event))
    session.send("Preload.enable")
    page.goto(f"{real.url}/blog/stundensatz/")
    page.get_by_role("link", name="Über mich").hover()
    for _ in range(50):
        if any(str(event.get("prefetchUrl", "")).endswith("/ueber-mich/") for event in told):
            break
        page.wait_for_timeout(100)
    assert [event["errorType"] for event in told if "errorType" in event] == []
    assert any(str(event.get("prefetchUrl", "")).endswith("/ueber-mich/") for event in told), told
    context.close()


def test_pages_say_what_they_have_to_say_without_scripts(
    real: Live, browser: Browser, addresses: list[str]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    silent = []
    for address in addresses:
        page.goto(real.url + address)
        has_title = page.locator("h1").first.is_visible()
        if not has_title or len(page.locator("main").inner_text()) < 100:
            silent.append(address)
    context.close()
    assert silent == []


def test_readers_reach_every_article_of_a_long_list_without_scripts(
    long: Live, browser: Browser
) -> None:
    """„Ältere Beiträge“ leads from the newest article to the oldest, „Neuere Beiträge“ back."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{long.url}/themen/sprache/")
    seen = page.locator("main h2").all_inner_texts()
    while (older := page.get_by_role("link", name="Ältere Beiträge")).count():
        older.click()
        seen += page.locator("main h2").all_inner_texts()
    assert seen == [f"Beitrag {number}" for number in range(105, 0, -1)]
    assert page.url == f"{long.url}/themen/sprache/seite-1/"
    while (newer := page.get_by_role("link", name="Neuere Beiträge")).count():
        newer.click()
    page.get_by_role("link", name="Neueste Beiträge").click()
    assert page.url == f"{long.url}/themen/sprache/"
    context.close()
