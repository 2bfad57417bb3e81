"""Imported stylesheets take the place of their imports; what is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.assets.core import (
    Sheet,
    StylesheetError,
    bundle,
    minify,
    needed,
    needs,
    sheets,
    used_names,
    with_constants,
    with_short_names,
)
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
    return minify(bundle("main.css", (FILES | {"main.css": css}).__getitem__))


@pytest.mark.parametrize(("css", "expected"), cases(CASES / "bundle.md"))
def test_bundle(css: str, expected: str) -> None:
    assert _bundled(css) == expected


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
    assert _bundled('@import "a.css";\n@import "a.css";\n') == ".a{color:red}" * 2


def test_paragraphs_of_the_stylesheet_are_sheets() -> None:
    css = '@layer x, y;\n@import "a.css";\n\n\n/* Zweiter. */\n@import "teil/c.css" layer(y);\n'
    found = sheets("main.css", (FILES | {"main.css": css}).__getitem__)
    assert [sheet.css for sheet in found] == [
        "@layer x,y;.a{color:red}",
        "@layer y{.c{color:green}}",
    ]


def test_sheet_that_imports_itself_is_refused() -> None:
    with pytest.raises(StylesheetError, match="importiert sich selbst"):
        sheets("main.css", (FILES | {"main.css": '@import "rund.css";'}).__getitem__)


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        (".post", {".post"}),
        ("table", {"table"}),
        ("h1.gross", {"h1", ".gross"}),
        (".flow>.label + *", {".flow", ".label"}),
        (".a__b--c:hover::after", {".a__b--c"}),
        (".table:is(.x, table)", {".table"}),
        (":not(:has(.a, .b)) .c", {".c"}),
        ('.button[data-variant="quiet"]', {".button"}),
        ("#eins .zwei", {".zwei"}),
        ("@media print{.drei", {".drei"}),
    ],
)
def test_what_a_selector_needs(selector: str, names: set[str]) -> None:
    assert needs(f"{selector}{{color:red}}") == {frozenset(names)}


@pytest.mark.parametrize("selector", ["*", ":root", "[id]", "::before", ":is(.a, .b)", "@page"])
def test_what_names_nothing_asks_for_no_page(selector: str) -> None:
    assert needs(f"{selector}{{color:red}}") == set()


def test_each_selector_of_a_list_counts_for_itself() -> None:
    assert needs(".a,b .c{x:y}d{x:y}") == {
        frozenset({".a"}),
        frozenset({"b", ".c"}),
        frozenset({"d"}),
    }


def test_elements_and_classes_of_a_page() -> None:
    html = "<P class=\"a b--c\">&lt;em&gt;<b id=x class='d\ne' CLASS=f><i data-class=g>x"
    assert used_names(html) == {"p", "b", "i", ".a", ".b--c", ".d", ".e", ".f"}


def _sheet(css: str) -> Sheet:
    return Sheet(css, needs(css))


def test_a_page_gets_the_first_sheet_and_those_that_style_something() -> None:
    every = [_sheet(css) for css in ("html{a:b}", ".x .y{a:b}", "table{a:b}.z{a:b}", ":root{a:b}")]
    assert needed(every, {"p", ".x"}) == ["html{a:b}"]
    assert needed(every, {"p", ".x", ".y", "table"}) == [
        "html{a:b}",
        ".x .y{a:b}",
        "table{a:b}.z{a:b}",
    ]


def _with_constants(*css: str) -> list[str]:
    return [sheet.css for sheet in with_constants([_sheet(one) for one in css])]


def test_what_never_changes_stands_where_it_is_used() -> None:
    """Also in the fallback of another one; a string that looks like a use is left alone."""
    first = (
        "@layer t{:root{--s:1rem;--l:a,b}}.x{y:var(--s);z:var(--s,var(--w,2px));content:'var(--s)'}"
    )
    assert _with_constants(first, ".y{m:var(--flow,var(--s));f:var(--l)}") == [
        "@layer t{}.x{y:1rem;z:1rem;content:'var(--s)'}",
        ".y{m:var(--flow,1rem);f:a,b}",
    ]


@pytest.mark.parametrize(
    "css",
    [
        ":root{--s:1px}@media print{:root{--s:0}}.x{y:var(--s)}",
        ":root{--s:1px}.x{--s:2px;y:var(--s)}",
        "@media print{:root{--s:1px}}.x{y:var(--s)}",
        "@layer t{@supports (x:y){:root{--s:1px}}}.x{y:var(--s)}",
        ".x{--s:1px;y:var(--s)}",
        ":root{--s:var(--t)}.x{y:var(--s)}",
        ":root{--s:}.x{y:var(--s)}",
        ".x{content:':root{--s:1px}';y:var(--s)}",
    ],
)
def test_what_changes_somewhere_keeps_its_name(css: str) -> None:
    assert _with_constants(css) == [css]


def test_what_another_sheet_sets_may_be_missing_from_a_page() -> None:
    css = [".x{y:var(--s,1px)}", ":root{--s:2px}.z{y:var(--s)}"]
    assert _with_constants(*css) == css


def test_declarations_of_constants_leave_no_gap() -> None:
    css = ":root{--a:1;--b:2;--c:3}@media print{:root{--b:4}}.x{c:'a;}';y:var(--c)}"
    assert _with_constants(css) == [":root{--b:2}@media print{:root{--b:4}}.x{c:'a;}';y:3}"]


def test_custom_properties_become_short_everywhere_alike() -> None:
    """The most frequent ones are the shortest; classes and texts keep their names."""
    first = ":root{--selten:1;--oft:2}.a--oft{x:var(--oft)}"
    found = with_short_names([_sheet(first), _sheet(".b{y:var(--oft,var(--weg-hier))}")])
    assert [sheet.css for sheet in found] == [
        ":root{--b:1;--a:2}.a--oft{x:var(--a)}",
        ".b{y:var(--a,var(--c))}",
    ]
    assert found[0].needs == {frozenset({".a--oft"})}


def test_layers_become_short_and_keep_their_order() -> None:
    css = "@layer reset,blocks,deep.er;@layer blocks{.blocks{x:y}}"
    found = with_short_names([_sheet(css), _sheet("@layer deep.er{a{x:y}}@layer blocks{b{x:y}}")])
    assert [sheet.css for sheet in found] == [
        "@layer d,a,b.c;@layer a{.blocks{x:y}}",
        "@layer b.c{a{x:y}}@layer a{b{x:y}}",
    ]


def test_many_custom_properties_have_different_names() -> None:
    css = "".join(f".x{{--name-{number}:{number}}}" for number in range(800))
    (sheet,) = with_short_names([_sheet(css)])
    names = set(re.findall(r"--[a-z]+", sheet.css))
    assert len(names) == 800
    assert {"--a", "--z", "--aa", "--zz", "--aaa"} <= names
