"""Every kind of page of our own blog before two more judges: pa11y, and the W3C's checker of HTML."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.reader import npm
from bench.reader.serving import serving
from bench.reader.sites import ours
from bench.results import machine
from plugins.source.problem import AuthorError
from publishing.browser.folder import pages_in
from publishing.browser.kinds import pages_of_each_kind
from publishing.browser.tools import browser_path, node_command
from publishing.front import headers, survey
from tests import html_checker

WIDTHS_PX = (390, 1280)
#: A page on which pa11y has to find something, or else it has not looked.
_CONTROL = "kontrolle.html"
_FAULTY = '<!DOCTYPE html><html lang="de"><title>Kontrolle</title><img src="icon.svg"></html>'
_SCRIPT = Path(__file__).with_name("pa11y.mjs")


@dataclass(frozen=True)
class Finding:
    """What pa11y says of a page; *type* is error, warning or notice."""

    url: str
    width: int
    type: str
    code: str
    message: str
    context: str | None


@dataclass(frozen=True)
class Judged:
    """The number of pages looked at, and of all that there are; what was found on them."""

    looked: int
    total: int
    findings: list[Finding]
    html_errors: list[str]


def judge(folder: Path) -> Judged:
    """
    Build the blog into *folder*, and let both judge a page of every kind.

    Raises:
        AuthorError: The site was not built, or pa11y did not look.
    """
    with serving() as server:
        server.folder = ours(folder, server.url, "system")
        server.policy = headers.policy(survey.used(server.folder))
        pages = pages_in(server.folder)
        names = pages_of_each_kind(pages)
        (server.folder / _CONTROL).write_text(_FAULTY, "utf-8")
        findings = _pa11y([f"{server.url}/{name}" for name in (*names, _CONTROL)])
        if not any(_is_error(found) and found.url.endswith(_CONTROL) for found in findings):
            raise AuthorError("pa11y hat auf einer Seite mit Fehlern keinen gefunden.")
        return Judged(
            *(len(names), len(pages)),
            [found for found in findings if not found.url.endswith(_CONTROL)],
            [
                error.removeprefix(f"file:{server.folder}/")
                for error in html_checker.html_errors(server.folder / name for name in names)
            ],
        )


def _pa11y(urls: list[str]) -> list[Finding]:
    task = {"browser": browser_path(), "widths": WIDTHS_PX, "urls": urls}
    result = subprocess.run(
        [*node_command(), str(_SCRIPT), json.dumps(task)],
        cwd=npm.FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise AuthorError(f"pa11y ist gescheitert:\n{result.stderr[-2000:]}")
    return [Finding(**found) for found in json.loads(result.stdout)]


def _is_error(finding: Finding) -> bool:
    return finding.type == "error"


def report(judged: Judged) -> str:
    """Return what to say of *judged*, in Markdown: figures, then every error."""
    rows = [
        f"| pa11y, {width:,} px | {_cells(found for found in judged.findings if found.width == width)} |"
        for width in WIDTHS_PX
    ]
    errors = [
        f"- {urlsplit(found.url).path}, {found.width} px: {found.code}: {found.message} `{found.context or '–'}`"
        for found in judged.findings
        if _is_error(found)
    ]
    errors += [f"- {error}" for error in judged.html_errors]
    listed = f"\n\n{chr(10).join(dict.fromkeys(errors))}" if errors else ""
    verdict = "missed" if errors else "met"
    return f"""## Every kind of page

{judged.looked} of the blog's {judged.total} pages, on which everything stands that any page has, under our policy.
pa11y {npm.version("pa11y")} with HTML_CodeSniffer, WCAG 2 AA, light; in the same run it has to find the fault of a page
made for that. Warnings and notices are its questions to people, not faults. HTML and CSS: vnu {html_checker.version()},
but that it does not know `@view-transition` yet. axe looks at the same pages in the tests.

| | errors | warnings | notices |
|---|---:|---:|---:|
{chr(10).join(rows)}
| vnu | {len(judged.html_errors)} | – | – |

Goal: no error: {verdict}.{listed}

{machine()}."""


def _cells(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.type for finding in findings)
    return " | ".join(f"{counts[kind]:,}" for kind in ("error", "warning", "notice"))
