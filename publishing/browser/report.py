"""Turn what was seen in the browser into messages for the author. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from plugins.german.core import plural
from plugins.source.problem import Problem

#: The colour schemes of a browser, and their names.
SCHEMES = {"light": "hell", "dark": "dunkel"}
Kind = Literal[
    "axe",
    "foreign",
    "missing",
    "kept",
    "policy",
    "console",
    "error",
    "wide",
    "shift",
    "unreachable",
]
_MESSAGES: dict[str, tuple[str, str, str]] = {
    "axe": ("Barriere", "{what}: {where}", "{remedy}"),
    "foreign": (
        "Fremder Server",
        "Die Seite ruft „{what}“ ab, ohne dass jemand gefragt wurde.",
        "Legen Sie eine Kopie in den eigenen Ordner, oder setzen Sie einen Link darauf.",
    ),
    "missing": (
        "Datei",
        "„{what}“ ruft die Seite ab, und es gibt sie nicht.",
        "Prüfen Sie die Adresse in der Vorlage (theme/) oder im Text.",
    ),
    "kept": (
        "Gespeichert",
        "Die Seite legt „{what}“ im Browser ab, bevor jemand zugestimmt hat.",
        "Nehmen Sie heraus, was das Cookie oder den Eintrag setzt; ohne Einwilligung darf es nicht sein.",
    ),
    "policy": (
        "Content-Security-Policy",
        "Der Browser hat etwas gesperrt: {what}",
        "Legen Sie Stile und Skripte als Dateien nach theme/static/, statt sie in Attribute zu schreiben.",
    ),
    "console": (
        "Konsole",
        "Der Browser meldet: {what}",
        "Was auf der Seite das auslöst, zeigen die Entwicklertools des Browsers (F12).",
    ),
    "error": (
        "JavaScript",
        "Ein Skript ist abgebrochen: {what}",
        "Die Zeile zeigen die Entwicklertools des Browsers (F12).",
    ),
    "wide": (
        "Breite",
        "Der Inhalt ist {what} breit, man muss zur Seite blättern: {where}",
        "Kürzen oder trennen Sie, was so breit ist; Tabellen und Code rollen von selbst in ihrem Rahmen.",
    ),
    "shift": (
        "Verschiebung",
        "Beim Laden verschiebt sich, was schon zu sehen war (CLS {what}): {where}",
        "Geben Sie Bildern width und height, und lassen Sie Schriften Platz, bevor sie da sind.",
    ),
    "unreachable": (
        "Seite",
        "Sie ließ sich nicht öffnen ({what}).",
        "Bauen Sie die Website neu: invoke build --clean --no-deploy",
    ),
}


@dataclass(frozen=True)
class Fault:
    """Something wrong with a page; *what* says it as the browser does, *where* is a piece of HTML."""

    kind: Kind
    what: str
    where: str = ""
    remedy: str = ""


def problems(seen: Iterable[tuple[str, str, Fault]]) -> list[Problem]:
    """Return one problem for each fault of *seen* (address, how it was shown, fault), with all its pages."""
    places: dict[Fault, dict[str, str]] = {}
    for address, mode, fault in seen:
        places.setdefault(fault, {}).setdefault(address, mode)
    return [_problem(fault, pages) for fault, pages in places.items()]


def _problem(fault: Fault, pages: dict[str, str]) -> Problem:
    (address, mode), *others = pages.items()
    more = f" und {plural(len(others), 'weitere Seite', 'weitere Seiten')}" if others else ""
    title, message, remedy = _MESSAGES[fault.kind]
    values = {"what": fault.what, "where": fault.where or "–", "remedy": fault.remedy}
    return Problem(
        f"{address} ({mode}){more}",
        message.format(**values),
        field=title,
        remedy=remedy.format(**values),
    )
