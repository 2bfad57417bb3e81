"""`invoke check --browser` finds what is wrong with a page, and takes pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from publishing.browser import pictures
from publishing.browser.commands import faults
from publishing.browser.folder import Folder
from publishing.browser.report import Fault

SETTINGS = {"SITEURL": "https://blog.example", "COMMENTS_SYSTEMS": {}}
SOUND = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Seite</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Titel</h1>{0}</main></body></html>
"""
SCRIPT = "<script>{0}</script>"
#: What is wrong, what it is found as, and a piece of what is told.
FAULTY = {
    "contrast": ("axe", "<style>p {color: #999}</style><p>Blass.</p>", "color-contrast"),
    "dark": (
        "axe",
        "<style>@media (prefers-color-scheme: dark) {p {color: #111; background: #222}}"
        "</style><p>Dunkel.</p>",
        "color-contrast",
    ),
    "best_practice": ("axe", "<h3>Zu tief</h3>", "heading-order"),
    "foreign": ("foreign", '<img src="https://cdn.example/zaehler.gif" alt="">', "cdn.example"),
    "missing": ("missing", '<img src="/fehlt.png" alt="" width="9" height="9">', "/fehlt.png"),
    "cookie": ("kept", SCRIPT.format("document.cookie = 'besucher=1'"), "besucher"),
    "storage": ("kept", SCRIPT.format("localStorage.besuche = 1"), "besuche"),
    "console": ("console", SCRIPT.format("console.warn('veraltet')"), "veraltet"),
    "error": ("error", SCRIPT.format("gibtEsNicht()"), "gibtEsNicht"),
    "policy": ("policy", '<p style="color: red">Stil.</p>', "style-src"),
    "wide": (
        "wide",
        "<style>pre {margin: 0}</style><pre>" + "Donaudampfschiff" * 9 + "</pre>",
        "px",
    ),
    "shift": (
        "shift",
        "<p>Oben.</p><p>Unten.</p>"
        + SCRIPT.format(
            "document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() =>"
            "document.querySelector('p').append(document.createElement('br'), 'Mehr.'))))"
        ),
        "0,0",
    ),
}


def _site(folder: Path, **pages: str) -> Path:
    for name, main in pages.items():
        path = folder / name / "index.html"
        path.parent.mkdir(parents=True)
        path.write_text(SOUND.format(main), "utf-8")
    return folder


def _found(browser: Browser, folder: Path) -> dict[str, list[tuple[str, Fault]]]:
    site = Folder(folder, SETTINGS)
    found: dict[str, list[tuple[str, Fault]]] = {}
    for address, mode, fault in faults(browser, site, list(site.pages()), lambda stage: None):
        found.setdefault(address.strip("/"), []).append((mode, fault))
    return found


@pytest.fixture(scope="module")
def found(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[str, Fault]]]:
    """What is found on a site with a page for each fault."""
    pages = {name: main for name, (_, main, _) in FAULTY.items()}
    folder = tmp_path_factory.mktemp("faulty")
    return _found(browser, _site(folder, sound="<p>Text.</p>", **pages))


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_found(found: dict[str, list[tuple[str, Fault]]], name: str) -> None:
    kind, _, words = FAULTY[name]
    assert any(fault.kind == kind and words in fault.what for _, fault in found[name]), found[name]


def test_a_fault_in_one_colour_scheme_is_told_of_that_one(
    found: dict[str, list[tuple[str, Fault]]],
) -> None:
    assert {mode for mode, _ in found["dark"]} == {"dunkel, 390 px breit", "dunkel, 320 px breit"}


def test_a_sound_page_has_no_fault(found: dict[str, list[tuple[str, Fault]]]) -> None:
    assert "sound" not in found


def test_axe_speaks_german(found: dict[str, list[tuple[str, Fault]]]) -> None:
    (_, fault), *_ = found["best_practice"]
    assert fault.what.startswith("Überschriften")
    assert fault.remedy.startswith("Korrigiere") or fault.remedy.startswith("Beheben")
    assert "<h3>" in fault.where


def test_pictures_show_each_page_in_every_width_and_scheme(
    browser: Browser, tmp_path: Path
) -> None:
    site = Folder(_site(tmp_path / "site", eins="<p>Text.</p>"), SETTINGS)
    target = tmp_path / "bilder"
    assert pictures.take(browser, site, list(site.pages()), target, lambda stage: None) == 6
    sheet = (target / "index.html").read_text("utf-8")
    for width in (390, 820, 1280):
        for scheme in ("hell", "dunkel"):
            name = f"eins-{width}-{scheme}.png"
            header = (target / name).read_bytes()[:24]
            assert int.from_bytes(header[16:20], "big") == width
            assert name in sheet
