"""Pelican's side: bundle the stylesheet, put it into pages, copy the other files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from jinja2 import TemplateRuntimeError
from markupsafe import Markup
from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.assets import core
from plugins.assets.fingerprint import fingerprinted
from plugins.incremental.writer import IncrementalWriter
from plugins.source.adapter import memorised, report
from plugins.source.problem import Problem, shown_path

STYLESHEET = "main.css"
DEFAULTS = {"STYLES_INLINE": True}


@dataclass(frozen=True)
class Style:
    """
    A theme's style: the sheets of pages, and all of them as one file (both empty if there is none).

    *colors*: what is behind a page, by the reader's colour scheme.
    """

    sheets: tuple[core.Sheet, ...] = ()
    bundle: str = ""
    colors: tuple[tuple[str, str], ...] = ()


def load_style(pelican: Pelican) -> None:
    """Read the theme's stylesheets, and give templates the filter that puts them into pages."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    style = settings["STYLE"] = _style(Path(settings["THEME"]) / "static" / "css", settings)
    inputs = (style.colors, style.bundle if settings["STYLES_INLINE"] else "")
    settings.setdefault("RENDER_INPUTS", {})["style"] = inputs
    settings["JINJA_FILTERS"] = {"styles": _filter(style, settings), **settings["JINJA_FILTERS"]}


def _style(folder: Path, settings: dict[str, Any]) -> Style:
    if not (folder / STYLESHEET).exists():
        return Style()
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.css"))}
    try:
        texts = {name: _load(name, path) for name, path in files.items() if path.is_file()}
        return memorised(settings, f"style\0{texts}", partial(_made, texts))
    except core.StylesheetError as error:
        report(
            Problem(
                shown_path(folder / STYLESHEET),
                f"Das Stylesheet lässt sich nicht zusammensetzen: {error}",
                remedy="Prüfen Sie die Zeilen mit @import.",
            )
        )
        return Style()


def _load(name: str, path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise core.StylesheetError(f"{name} ist nicht in UTF-8 gespeichert.") from None
    except OSError:
        raise core.StylesheetError(f"{name} ist nicht lesbar.") from None


def _made(texts: dict[str, str]) -> Style:
    def load(name: str) -> str:
        if name not in texts:
            raise core.StylesheetError(f"{name} gibt es nicht.")
        return texts[name]

    sheets = core.sheets(STYLESHEET, load)
    bundle = "".join(sheet.css for sheet in sheets) + "\n"
    colors = tuple(zip(("light", "dark"), core.paper_colors(bundle), strict=False))
    return Style(tuple(core.with_short_names(sheets)), bundle, colors)


def _filter(style: Style, settings: dict[str, Any]) -> Callable[[str], Markup]:
    """Return the filter that gives, for the body of a page, the elements that bring its style."""
    colors = "".join(
        f'<meta name="theme-color" content="{color}" media="(prefers-color-scheme:{scheme})">'
        for scheme, color in style.colors
    )
    link = f'<link rel="stylesheet" href="/{_address(settings)}">'

    def styles(body: str) -> Markup:
        if not style.sheets:
            return Markup("")
        if not settings["STYLES_INLINE"]:
            return Markup(colors + link)
        fragments = settings["BUILD"].fragments if "BUILD" in settings else None
        rest, names = fragments.found("style", str(body), _names) if fragments else (body, [])
        needed = core.needed(style.sheets, rest, chain.from_iterable(names))
        return Markup(colors + "".join(f"<style>{css}</style>" for css in needed))

    return styles


def _names(html: str) -> list[str]:
    return sorted(core.used_names(html))


def _address(settings: dict[str, Any]) -> str:
    return f"{settings['THEME_STATIC_DIR']}/css/{STYLESHEET}"


class Assets(dict[str, str]):
    """The addresses of scripts by their names in the theme, for templates."""

    def __missing__(self, name: str) -> str:
        """Keep a template from naming what is not there: Jinja would leave the address empty."""
        raise TemplateRuntimeError(f"Das Skript „{name}“ gibt es in theme/static/ nicht")


def name_scripts(pelican: Pelican) -> None:
    """Give scripts names that change with them."""
    settings = pelican.settings
    static = Path(settings["THEME"]) / "static"
    files = ((path.relative_to(static).as_posix(), path) for path in sorted(static.rglob("*.js")))
    # A page that reads this is another page when a script is another one.
    settings["ASSETS"] = Assets(
        {
            name: f"/{settings['THEME_STATIC_DIR']}/{fingerprinted(name, path.read_bytes())}"
            for name, path in files
            if path.is_file()
        }
    )


class AssetsGenerator(Generator):  # type: ignore[misc]
    """Writes ``theme/`` of the output."""

    reads_no_texts = True

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write the bundle and copy what is not a stylesheet."""
        source = Path(self.theme) / "static"
        target, assets = self.settings["THEME_STATIC_DIR"], self.settings["ASSETS"]
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.suffix != ".css":
                name = path.relative_to(source).as_posix()
                address = assets.get(name, f"/{target}/{name}")
                writer.copy_file(str(path), address.removeprefix("/"))
        if bundle := self.settings["STYLE"].bundle:
            writer.write_bytes(_address(self.settings), bundle.encode())


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return AssetsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(name_scripts)
    signals.initialized.connect(load_style)
    signals.get_generators.connect(get_generators)
