"""Turn findings into messages for the author: which of her files, which line, what helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from plugins.source.core import line_of
from plugins.source.problem import Problem
from publishing.check.core import Finding

_MESSAGES: dict[str, tuple[str, str, str]] = {
    "link": (
        "Link",
        "Der Link „{value}“ führt ins Leere.",
        "Prüfen Sie die Adresse; auf eigene Beiträge verweist [Text]({{filename}}datei.md).",
    ),
    "anchor": (
        "Link",
        "Den Anker „{value}“ gibt es auf der Zielseite nicht.",
        "Nehmen Sie die id der Überschrift: klein, ä als ae, Bindestriche statt Leerzeichen.",
    ),
    "picture": (
        "Bild",
        "Das Bild „{value}“ gibt es nicht.",
        "Legen Sie es in content/bilder/ und schreiben Sie ![Alternativtext]({{static}}/bilder/name.svg).",
    ),
    "alt": (
        "Bild",
        "Dem Bild „{value}“ fehlt der Alternativtext.",
        "Schreiben Sie zwischen die eckigen Klammern, was zu sehen ist: ![So sieht es aus](…).",
    ),
    "file": (
        "Datei",
        "Die Datei „{value}“ gibt es nicht.",
        "Prüfen Sie die Adresse.",
    ),
    "foreign": (
        "Datei",
        "„{value}“ käme von einem fremden Server, ohne dass jemand gefragt wurde.",
        "Legen Sie eine Kopie nach content/bilder/, oder setzen Sie einen Link darauf.",
    ),
    "duplicate_id": (
        "id",
        "Die id „{value}“ kommt auf der Seite mehrmals vor.",
        "Geben Sie einer der Stellen eine andere, zum Beispiel ## Überschrift {{#andere-id}}.",
    ),
    "heading": (
        "Überschrift",
        "„{value}“ ist eine zweite Hauptüberschrift; die erste ist der Titel.",
        "Beginnen Sie Überschriften im Text mit ##.",
    ),
    "placeholder": ("Platzhalter", "{value}", ""),
}
_WARNINGS = {"placeholder"}


@dataclass(frozen=True)
class Origin:
    """The author's file behind a page, and the lines of it that belong to the page."""

    file: str
    text: str
    first_line: int = 1


def problems_and_warnings(
    found: Iterable[Finding],
    origins: Callable[[str], Origin | None],
    sources: Mapping[str, str],
) -> tuple[list[Problem], list[Problem]]:
    """
    Return what stops the build, and what does not.

    *origins* gives the author's file behind a page. *sources* gives, for the address of
    what is not out (a draft, say), the name of its file, as a link would have been written.
    A fault that is on many pages, and in no file of the author's, is the theme's: it is told once.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    elsewhere: dict[tuple[str, str], list[str]] = {}
    for finding in found:
        origin = origins(finding.page)
        line = _line(finding, origin, sources) if origin else None
        if origin is None or (line is None and finding.kind not in ("alt", "duplicate_id")):
            elsewhere.setdefault((finding.kind, finding.value), []).append(finding.page)
            continue
        problem = _problem(finding, origin.file, line, sources)
        (warnings if finding.kind in _WARNINGS else problems).append(problem)
    for (kind, value), pages in elsewhere.items():
        where = pages[0] if len(pages) == 1 else f"{pages[0]} und {len(pages) - 1} weitere"
        problem = _problem(Finding(kind, pages[0], value), where, None, sources)  # type: ignore[arg-type]
        (warnings if kind in _WARNINGS else problems).append(problem)
    return list(dict.fromkeys(problems)), _by_file(dict.fromkeys(warnings))


def _by_file(placeholders: Iterable[Problem]) -> list[Problem]:
    """Return one warning for each file that still has placeholders."""
    files: dict[str, list[Problem]] = {}
    for problem in placeholders:
        files.setdefault(problem.file, []).append(problem)
    return [
        Problem(
            file,
            f"Noch auszufüllen: {', '.join(problem.message for problem in group)}.",
            group[0].line,
        )
        for file, group in files.items()
    ]


def _problem(finding: Finding, file: str, line: int | None, sources: Mapping[str, str]) -> Problem:
    field, message, remedy = _MESSAGES[finding.kind]
    value = finding.value
    path = _split(value).path
    if finding.kind == "link" and path in sources:
        return Problem(
            file,
            f"Der Link führt zu {sources[path]}, und das ist noch nicht erschienen.",
            line,
            field,
            "Nehmen Sie den Link heraus, oder veröffentlichen Sie das Ziel zuerst.",
        )
    return Problem(file, message.format(value=unquote(value)), line, field, remedy.format())


def _split(value: str) -> SplitResult:
    try:
        return urlsplit(value)
    except ValueError:
        return urlsplit("")


def _line(finding: Finding, origin: Origin, sources: Mapping[str, str]) -> int | None:
    for needle in _needles(finding, sources):
        line = line_of(origin.text, needle, origin.first_line) if needle else None
        if line is not None:
            return line
    return None


def _needles(finding: Finding, sources: Mapping[str, str]) -> Iterable[str]:
    """Yield the ways the author may have written the faulty value, the surest first."""
    value = finding.value
    yield value
    yield unquote(value)
    # Typesetting joins words; the author typed ordinary spaces.
    yield re.sub(r"[\u00a0\u202f]", " ", value)
    parts = _split(value)
    if parts.path in sources:
        yield sources[parts.path]
    if finding.kind == "anchor":
        yield f"#{unquote(parts.fragment)}"
        yield f"#{parts.fragment}"
    name = re.split(r"[/]", unquote(parts.path).strip("/"))[-1]
    if name and finding.kind != "alt":
        yield f"{name}.md"
    if name and finding.kind in ("alt", "picture"):
        yield name
