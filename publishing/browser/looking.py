"""Look at one page in a browser: what it loads, says, keeps and shows. The browser tests use this, too."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page, Request, Response

from publishing.browser.report import Fault
from publishing.browser.tools import AXE

#: WCAG 2.2 on levels A and AA, and what axe's authors advise beyond that.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: So many rules apply to any page of ours; if fewer did, axe has not looked.
_FEWEST_RULES = 10

#: Sums up how far things moved without the reader's doing, and notes the first of them.
SHIFTS = """
window.shifted = 0;
window.shiftedFirst = "";
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    window.shifted += entry.value;
    const node = entry.sources.map(source => source.node).find(node => node && node.outerHTML);
    window.shiftedFirst ||= node ? node.outerHTML : "";
  }
}).observe({type: "layout-shift", buffered: true});
"""
# Also what waits for the reader to come near it; but nothing is waited for too long.
_SETTLE = """async () => {
  const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const image of document.images) image.loading = "eager";
  const loaded = [...document.images].filter(image => !image.complete).map(
    image => new Promise(done => { image.onload = image.onerror = done; }));
  const late = new Promise(done => setTimeout(done, 10_000));
  await Promise.race([Promise.all([document.fonts.ready, ...loaded]), late]);
  await frames();
}"""
# The innermost element that sticks out and is not in something that scrolls by itself.
_WIDEST = """() => {
  const root = document.documentElement;
  const width = root.clientWidth;
  if (root.scrollWidth <= width) return null;
  const scrolls = element => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter(
    element => element.getBoundingClientRect().right > width + 0.5 && !scrolls(element));
  return [root.scrollWidth, out.length ? out.at(-1).outerHTML : ""];
}"""
_KEPT = """() => {
  const names = [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
  localStorage.clear();
  sessionStorage.clear();
  return names;
}"""
# Colours that are on their way to another scheme are neither here nor there.
_AXE = """async rules => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all(document.getAnimations().map(animation => animation.finished));
  return axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
  report => ({
    looked: report.passes.length,
    faults: report.violations.flatMap(fault => fault.nodes.map(node => (
      {id: fault.id, help: fault.help, html: node.html, remedy: node.failureSummary}))),
  }));
}"""
_MOST = 160


@functools.cache
def axe_script() -> str:
    """Return axe, speaking German."""
    locale = json.loads((AXE / "locales" / "de.json").read_text("utf-8"))
    code = (AXE / "axe.min.js").read_text("utf-8")
    return f"{code};\naxe.configure({{locale: {json.dumps(locale)}}});"


def prepare(context: BrowserContext) -> BrowserContext:
    """Have every page of *context* note what moves, and bring axe, which no policy keeps out that way."""
    context.add_init_script(SHIFTS)
    context.add_init_script(axe_script())
    return context


@dataclass
class Visit:
    """A *page* of a prepared context, and what it does while it shows pages of *site* (an origin)."""

    page: Page
    site: str
    heard: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)
        self.page.on("console", lambda message: self._note_words(message.text))
        self.page.on("pageerror", lambda error: self._note(Fault("error", str(error))))

    def open(self, path: str) -> list[Fault]:
        """Open *path*, look at all of it, and return what it did that it should not."""
        self.heard = []
        response = self.page.goto(self.site + path)
        if response is None or (response.status >= 400 and path != "/404.html"):
            status = response.status if response else "–"
            return [Fault("unreachable", f"{path}: {status}")]
        self.page.evaluate(_SETTLE)
        faults = [*self.heard, *self._kept(), *self._shifted()]
        return list(dict.fromkeys(faults))

    def too_wide(self) -> list[Fault]:
        """Return what makes the page scroll sideways."""
        if (found := self.page.evaluate(_WIDEST)) is None:
            return []
        return [Fault("wide", f"{found[0]} px", shortened(found[1]))]

    def barriers(self, rules: tuple[str, ...] = RULES) -> list[Fault]:
        """Return what axe finds."""
        report = self.page.evaluate(_AXE, list(rules))
        if report["looked"] <= _FEWEST_RULES:
            return [Fault("error", "axe")]
        return [
            Fault("axe", f"{found['help']} ({found['id']})", shortened(found["html"]), _line(found))
            for found in report["faults"]
        ]

    def _kept(self) -> list[Fault]:
        cookies = [cookie.get("name", "") for cookie in self.page.context.cookies()]
        # The next page is to answer for its own.
        self.page.context.clear_cookies()
        return [Fault("kept", name) for name in (*cookies, *self.page.evaluate(_KEPT))]

    def _shifted(self) -> list[Fault]:
        shifted, first = self.page.evaluate("() => [window.shifted, window.shiftedFirst]")
        return (
            [Fault("shift", f"{shifted:.3f}".replace(".", ","), shortened(first))]
            if shifted
            else []
        )

    def _note(self, fault: Fault) -> None:
        self.heard.append(fault)

    def _note_words(self, text: str) -> None:
        if text.startswith("Failed to load resource"):
            return  # noted with its address
        is_policy = "Content Security Policy" in text
        self._note(Fault("policy" if is_policy else "console", shortened(text, 400)))

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:")):
            self._note(Fault("foreign", request.url))

    def _note_response(self, response: Response) -> None:
        is_own = response.url.startswith(f"{self.site}/")
        if response.status >= 400 and is_own and not response.request.is_navigation_request():
            self._note(Fault("missing", response.url.removeprefix(self.site)))


def shortened(html: str, most: int = _MOST) -> str:
    """Return *html* in one line, its end cut off if it is long."""
    line = " ".join(html.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _line(found: dict[str, str]) -> str:
    """Return axe's list of remedies as a line."""
    first, *rest = (line.strip() for line in found["remedy"].splitlines() if line.strip())
    return f"{first} {'; '.join(rest)}"
