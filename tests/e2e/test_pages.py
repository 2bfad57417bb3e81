"""One page of each type: valid HTML, accessible, quiet, and wide enough for small screens."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Live
from tests.environment import E2E, node_command

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
    "archive": "/archiv/",
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


def test_html_is_valid(real: Live, tmp_path: Path) -> None:
    """html-validate's recommended rules find no error on any page of the site."""
    out = tmp_path / "report.json"
    pages = [str(path) for path in sorted(real.site.public.resolve().rglob("*.html"))]
    assert len(pages) > 100
    command = [
        *node_command(),
        str(E2E / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"),
        *("--config", str(E2E / "htmlvalidate.json"), "--formatter", f"json={out}"),
        *pages,
    ]
    result = subprocess.run(command, capture_output=True, text=True, cwd=E2E, timeout=180)
    assert out.exists(), result.stderr
    reports = json.loads(out.read_text("utf-8"))
    faults = [
        f"{report['filePath']}:{message['line']}: {message['ruleId']}: {message['message']}"
        for report in reports
        for message in report["messages"]
    ]
    assert not faults, "\n".join(faults[:40])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_quiet(real: Live, browser: Browser, name: str, scheme: str) -> None:
    """axe finds nothing, all requests go to this site, the console is empty, 320 px are enough."""
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
    page.goto(real.url + PAGES[name])
    foreign = [url for url in requests if not url.startswith((real.url, "data:"))]
    assert not foreign
    assert not complaints
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320, f"the page is {width} px wide"
    page.add_script_tag(path=E2E / "node_modules" / "axe-core" / "axe.min.js")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    report = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    context.close()
    faults = [
        f"{fault['id']}: {node['html']} {node['failureSummary']}"
        for fault in report["violations"]
        for node in fault["nodes"]
    ]
    assert not faults, "\n".join(faults)
    assert len(report["passes"]) > 10, "axe did not look at the page"
