"""Imported stylesheets take the place of their imports; what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.assets.core import StylesheetError, bundle, squeeze
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"

FILES = {
    "a.css": ".a { color: red; }\n",
    "teil/b.css": '@import "c.css";\n.b { color: blue; }\n',
    "teil/c.css": "/* Kopf\n über zwei Zeilen */\n.c { color: green; }\n",
    "rund.css": '@import "kreis.css";',
    "kreis.css": '@import url("rund.css") layer(x);',
    "selbst.css": '@import "selbst.css";',
}


def _bundled(css: str) -> str:
    return squeeze(bundle("main.css", (FILES | {"main.css": css}).__getitem__))


@pytest.mark.parametrize(("css", "expected"), cases(CASES / "bundle.md"))
def test_bundle(css: str, expected: str) -> None:
    assert _bundled(css) == f"{expected}\n"


@pytest.mark.parametrize(
    ("name", "chain"),
    [
        ("rund.css", "main.css → rund.css → kreis.css → rund.css"),
        ("selbst.css", "main.css → selbst.css → selbst.css"),
        ("main.css", "main.css → main.css"),
    ],
)
def test_a_circle_is_named(name: str, chain: str) -> None:
    with pytest.raises(StylesheetError, match="importiert sich selbst") as caught:
        _bundled(f'@import "{name}";')
    assert chain in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        '@import "a.css" print;',
        '@import url("a.css") layer(x) supports(display: grid);',
        '@import "a.css" layer;',
    ],
)
def test_an_import_we_cannot_follow_is_refused(line: str) -> None:
    """Left in the middle of the bundle, the browser would pass it over without a word."""
    with pytest.raises(StylesheetError, match="import"):
        _bundled(f".x {{}}\n{line}\n")


def test_the_same_stylesheet_may_be_imported_twice() -> None:
    assert _bundled('@import "a.css";\n@import "a.css";\n') == ".a { color: red; }\n" * 2
