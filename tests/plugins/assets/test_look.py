"""What the author says about the look becomes CSS, or one German message."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from plugins.assets import look
from plugins.assets.adapter import load_style
from plugins.assets.core import minify
from tests.plugins.pelican_site import PROJECT, PelicanSite

THEME = {
    "light": {"paper": "#fdfdfb", "tint": "#f3f3ef", "highlight": "#fbe9b7", "accent": "#a81f30"},
    "dark": {"paper": "#17191c", "tint": "#212428", "highlight": "#3b3418", "accent": "#f2918f"},
}


def test_colours_of_a_stylesheet_by_scheme() -> None:
    css = minify(
        "@layer t { :root { --color-paper: #fff; --color-ink: #111; --size: 1rem; } }"
        "@layer t { @media (prefers-color-scheme: dark) { :root { --color-paper: #000; } } }"
        "@media print { :root { --color-ink: #000; } } .x { --color-ink: #333; }"
        ":root { --color-ink: #222; }"
    )
    assert look.palette(css) == {
        "light": {"paper": "#fff", "ink": "#222"},
        "dark": {"paper": "#000", "ink": "#222"},
    }


def test_chosen_colours_take_the_place_of_the_themes() -> None:
    assert look.colors({"accent": ("#1F5C3A", "#8fd0a8")}, THEME) == (
        ":root{--color-accent:#1f5c3a;}"
        "@media (prefers-color-scheme: dark){:root{--color-accent:#8fd0a8;}}"
    )
    assert look.colors({}, THEME) == ""


@pytest.mark.parametrize(
    ("chosen", "parts"),
    [
        ("#ffffff", ["sind keine Farben", '{"accent": (']),
        ({"akzent": ("#000000", "#ffffff")}, ["„akzent“ gibt es nicht", "paper, tint"]),
        ({"accent": ("red", "#ffffff")}, ["„red“ ist keine Farbe", "#a81f30"]),
        ({"accent": ("#fff", "#ffffff")}, ["„#fff“ ist keine Farbe"]),
        ({"accent": ("#a81f30",)}, ["keine zwei Farben"]),
        ({"accent": (1, 2)}, ["„1“ ist keine Farbe"]),
        ({"accent": 7}, ["„7“ ist keine Farbe"]),
        ({"accent": "#a81f30"}, ["„accent“ (#a81f30)", "dunkel", "4,5 : 1", "hellere"]),
        ({"accent": ("#f2918f", "#f2918f")}, ["auf „paper“", "hell;", "2,2 : 1", "dunklere"]),
        ({"paper": ("#a81f31", "#17191c")}, ["„accent“ (#a81f30)", "„paper“ (#a81f31)"]),
    ],
)
def test_a_colour_that_cannot_be_is_named(chosen: Any, parts: list[str]) -> None:
    with pytest.raises(look.LookError) as caught:
        look.colors(chosen, THEME)
    assert caught.value.problem.field == "THEME_COLORS"
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_as_wcag_counts_it(one: str, other: str, expected: float) -> None:
    assert look.contrast(one, other) == look.contrast(other, one)
    assert look.contrast(one, other) == pytest.approx(expected, abs=0.005)


def test_length_of_lines() -> None:
    assert look.measure(None) == ""
    assert look.measure(60) == ":root{--characters:60}"


@pytest.mark.parametrize("value", [39, 81, "60", 60.5, True, 0])
def test_lines_that_nobody_could_read(value: Any) -> None:
    with pytest.raises(look.LookError, match="40 bis 80"):
        look.measure(value)


FACES = """
@font-face { font-family: A; src: url("mehr.woff2"); unicode-range: U+100-17F }
@font-face { font-family: A; src: url('a.woff2') format("woff2") }
@font-face { font-family: A; font-style: italic; src: url(a-kursiv.woff2) }
@font-face { font-family: B; src: local("Georgia") }
"""


def test_faces_that_a_page_needs_at_once() -> None:
    assert list(look.font_addresses(FACES)) == ["mehr.woff2", "a.woff2", "a-kursiv.woff2"]
    assert look.preloads(FACES) == [("a.woff2", False), ("a-kursiv.woff2", True)]
    css = look.with_addresses(FACES, {name: f"/{name}" for name in look.font_addresses(FACES)})
    assert re.findall(r"url\([^)]*\)", css) == [
        "url(/mehr.woff2)",
        "url(/a.woff2)",
        "url(/a-kursiv.woff2)",
    ]


# --- In a site ---------------------------------------------------------------------------------

PAGE = "{% set body %}<body>{{ page.content|safe }}</body>{% endset %}{{ body|styles }}{{ LOGO }}"


def _site(site: PelicanSite) -> None:
    site.write("../theme/templates/page.html", PAGE)
    tokens = ":root { --color-paper: #ffffff; --color-ink: #000000; --characters: 66; }"
    site.write("../theme/static/css/main.css", '@import "tokens.css";\n@import "settings.css";\n')
    site.write("../theme/static/css/tokens.css", f"{tokens}\nhtml {{ width: var(--characters) }}\n")
    site.write("../theme/fonts/eigene.css", FACES)
    for name in ("mehr", "a", "a-kursiv"):
        site.write(f"../theme/fonts/{name}.woff2", name.encode())


def test_settings_are_part_of_the_style(pelican_site: PelicanSite) -> None:
    """What comes last counts: the theme's own value is not there any more."""
    _site(pelican_site)
    built = pelican_site.build(
        THEME_COLORS={"paper": ("#eeeeee", "#ffffff")}, THEME_MEASURE=60, THEME_FONT="system"
    )
    assert built.problems == []
    html = built.text("ueber-mich/index.html")
    assert "html{width:60}" in html
    assert "#eeeeee" in html
    assert re.findall('"theme-color" (.*?)>', html) == [
        'content="#ffffff" media="(prefers-color-scheme:dark)"',
        'content="#eeeeee"',
    ]
    assert "preload" not in html
    assert not [path for path in built.output if path.endswith(".woff2")]


def test_a_font_comes_with_the_pages_that_need_it(pelican_site: PelicanSite) -> None:
    """Under a name that changes with it; italics only where something is in italics."""
    _site(pelican_site)
    pelican_site.write("seiten/kursiv.md", "---\ntitle: K\nslug: kursiv\n---\n\nEs ist *so*.\n")
    built = pelican_site.build(THEME_FONT="eigene")
    assert built.problems == []
    fonts = sorted(path for path in built.output if path.endswith(".woff2"))
    assert [re.sub(r"\.[0-9a-f]{8,}", "", path) for path in fonts] == [
        "theme/fonts/a-kursiv.woff2",
        "theme/fonts/a.woff2",
        "theme/fonts/mehr.woff2",
    ]
    italic, upright, _ = fonts
    for page, loaded in (("ueber-mich", [upright]), ("kursiv", [upright, italic])):
        html = built.text(f"{page}/index.html")
        assert re.findall(r'<link rel="preload" href="/([^"]*)" as="font"', html) == loaded
        assert all(f"url(/{path})" in html for path in fonts)


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({"THEME_FONT": "serifen"}, ["„serifen“ gibt es nicht", "system, eigene, kaputt"]),
        ({"THEME_FONT": "kaputt"}, ["„weg.woff2“", "kaputt.css", "fonts/"]),
        ({"THEME_COLORS": {"paper": "blau"}}, ["„blau“ ist keine Farbe"]),
        ({"THEME_MEASURE": 120}, ["„120“ Zeichen"]),
        ({"THEME_LOGO": "bilder/weg.svg"}, ["„bilder/weg.svg“", "bilder/"]),
        ({"THEME_LOGO": "seiten/ueber-mich.md"}, ["„seiten/ueber-mich.md“"]),
        ({"THEME_LOGO": "../spaten.svg"}, ["„../spaten.svg“"]),
    ],
)
def test_a_setting_with_a_mistake_is_one_german_problem(
    settings: dict[str, Any], parts: list[str], pelican_site: PelicanSite
) -> None:
    _site(pelican_site)
    pelican_site.write("../theme/fonts/kaputt.css", '@font-face { src: url("weg.woff2") }')
    (problem,) = pelican_site.build(**settings).problems
    assert problem.file == "pelicanconf.py"
    assert problem.field in settings
    assert problem.remedy
    for part in parts:
        assert part in str(problem)


def test_a_logo_has_an_address(pelican_site: PelicanSite) -> None:
    _site(pelican_site)
    built = pelican_site.build(THEME_LOGO="bilder/spaten.svg")
    assert built.problems == []
    assert "/bilder/spaten.svg" in built.text("ueber-mich/index.html")


# --- The project's own -------------------------------------------------------------------------


class _Pelican:
    def __init__(self, **settings: Any) -> None:
        self.settings = {
            "THEME": str(PROJECT / "theme"),
            "THEME_STATIC_DIR": "theme",
            "JINJA_FILTERS": {},
            **settings,
        }
        load_style(self)


def test_the_projects_colours_pass_the_check() -> None:
    """Chosen anew, each with its own value."""
    palette = look.palette(_Pelican().settings["STYLE"].bundle)
    names = ("paper", "tint", "ink", "quiet", "control", "accent", "highlight")
    chosen = {name: (palette["light"][name], palette["dark"][name]) for name in names}
    assert look.colors(chosen, palette)
    assert all(palette["light"][name] != palette["dark"][name] for name in names)


def test_the_projects_serif_is_light_and_free() -> None:
    """Two faces for what German texts have; what is rare is in other files; the licence is beside them."""
    font = _Pelican(THEME_FONT="serif").settings["FONT"]
    folder = PROJECT / "theme/fonts"
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.woff2")}
    assert {path.name for path in font.files.values()} == set(sizes)
    (_, upright), (_, italic) = font.preloads
    assert (upright, italic) == (False, True)
    assert sizes["mittwoch-roman.woff2"] + sizes["mittwoch-italic.woff2"] <= 24_500
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text("utf-8")
    assert font.css.count("font-display: optional;") == len(sizes)
    assert "Source" not in look._FACE.sub("", "".join(look._FACE.findall(font.css)))


def test_pages_with_the_serif_are_not_italic_where_nothing_is_stressed() -> None:
    """Labels and headings would load the italic with each page."""
    sheets = _Pelican(THEME_FONT="serif").settings["STYLE"].sheets
    used = {sheet.css for sheet in sheets if "font-style:italic" in sheet.css}
    assert all(".codehilite" in css or css.startswith("@layer") for css in used)
    for sheet in sheets:
        rules = re.sub(r"@font-face\{[^}]*\}", "", sheet.css)
        if ".codehilite" not in rules:
            assert "font-style:italic" not in rules


def test_fonts_are_named_as_their_licence_asks() -> None:
    """„Source“ is a reserved name: nothing that was changed may carry it."""
    names = [path.name.lower() for path in Path(PROJECT / "theme/fonts").iterdir()]
    assert not [name for name in names if "source" in name]
