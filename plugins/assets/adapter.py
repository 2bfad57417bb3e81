"""Pelican's side: bundle the stylesheet, put it into pages, copy the other files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import TemplateRuntimeError
from markupsafe import Markup
from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.assets import core, look
from plugins.assets.fingerprint import fingerprinted
from plugins.incremental.writer import IncrementalWriter
from plugins.source.adapter import memorised, report
from plugins.source.problem import Problem, shown_path

Made = TypeVar("Made")

STYLESHEET = "main.css"
#: What main.css imports by this name is no file, but what the settings say.
SETTINGS_SHEET = "settings.css"
SYSTEM_FONT = "system"
DEFAULTS = {
    "STYLES_INLINE": True,
    "THEME_COLORS": {},
    "THEME_FONT": SYSTEM_FONT,
    "THEME_MEASURE": None,
    "THEME_LOGO": "",
}
LOGO_ENDINGS = (".svg", ".png", ".webp", ".avif", ".jpg")
#: What is set in italics, unless the theme says otherwise; the seams of words are <i>, too, and empty.
ITALIC = frozenset({"cite", "dfn", "em", "var"})


@dataclass(frozen=True)
class Style:
    """
    A theme's style: the sheets of pages, and all of them as one file (both empty if there is none).

    *colors*: what is behind a page, by the reader's colour scheme.
    """

    sheets: tuple[core.Sheet, ...] = ()
    bundle: str = ""
    colors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Font:
    """
    The font that the settings name: its CSS, and its files by their addresses.

    *preloads*: the addresses of files that pages need at once, each with whether only those with italics do.
    """

    css: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)
    preloads: tuple[tuple[str, bool], ...] = ()


def load_style(pelican: Pelican) -> None:
    """Read the theme's stylesheets, and give templates the filter that puts them into pages."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    font = settings["FONT"] = _checked(_font, settings, Font())
    style = settings["STYLE"] = _style(Path(settings["THEME"]) / "static" / "css", settings, font)
    logo = settings["LOGO"] = _checked(_logo, settings, None)
    inputs = (style.colors, style.bundle if settings["STYLES_INLINE"] else "", font.preloads, logo)
    settings.setdefault("RENDER_INPUTS", {})["style"] = inputs
    settings["JINJA_FILTERS"] = {
        "styles": _filter(style, font, settings),
        **settings["JINJA_FILTERS"],
    }


def _checked(make: Callable[[dict[str, Any]], Made], settings: dict[str, Any], other: Made) -> Made:
    """Return what *make* makes of the settings, or *other* if they have a mistake, which is reported."""
    try:
        return make(settings)
    except look.LookError as error:
        report(error.problem)
        return other


def _font(settings: dict[str, Any]) -> Font:
    """
    Return the font that ``THEME_FONT`` names, a stylesheet in the theme's folder for fonts.

    Raises:
        LookError: It is not there, or a file that it names.
    """
    name = settings["THEME_FONT"]
    folder = Path(settings["THEME"]) / "fonts"
    known = sorted(path.stem for path in folder.glob("*.css"))
    if name == SYSTEM_FONT:
        return Font()
    if name not in known:
        raise look.LookError(
            "THEME_FONT",
            f"Die Schrift „{name}“ gibt es nicht.",
            f"Möglich sind: {', '.join((SYSTEM_FONT, *known))}. "
            f"Eine eigene ist eine Datei {shown_path(folder)}/{name}.css.",
        )
    css = (folder / f"{name}.css").read_text("utf-8")
    base = f"/{settings['THEME_STATIC_DIR']}/fonts/"
    addresses = {}
    for file in look.font_addresses(css):
        if not (folder / file).is_file():
            raise look.LookError(
                "THEME_FONT",
                f"Die Datei „{file}“, die {name}.css nennt, gibt es nicht.",
                f"Sie gehört in den Ordner {shown_path(folder)}/.",
            )
        addresses[file] = base + fingerprinted(file, (folder / file).read_bytes())
    css = look.with_addresses(css, addresses)
    files = {address: folder / file for file, address in addresses.items()}
    return Font(css, files, tuple(look.preloads(css)))


def _logo(settings: dict[str, Any]) -> str | None:
    """
    Return the address of the logo, a file in the author's folder, or None.

    Raises:
        LookError: It is not there, or no picture that a page can show.
    """
    name = settings["THEME_LOGO"]
    if not name:
        return None
    is_published = Path(name).parts[:1] and Path(name).parts[0] in settings["STATIC_PATHS"]
    if (Path(settings["PATH"]) / name).is_file() and is_published and name.endswith(LOGO_ENDINGS):
        return f"/{Path(name).as_posix()}"
    folders = " oder ".join(f"{folder}/" for folder in settings["STATIC_PATHS"])
    raise look.LookError(
        "THEME_LOGO",
        f"Das Logo „{name}“ gibt es nicht, oder es ist kein Bild.",
        f"Es ist eine Datei in {folders}, mit der Endung {', '.join(LOGO_ENDINGS)}.",
    )


def _style(folder: Path, settings: dict[str, Any], font: Font = Font()) -> Style:
    if not (folder / STYLESHEET).exists():
        return Style()
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.css"))}
    try:
        texts = {name: _load(name, path) for name, path in files.items() if path.is_file()}
        texts[SETTINGS_SHEET] = font.css
        texts[SETTINGS_SHEET] += _checked(partial(_overrides, texts), settings, "")
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


def _overrides(texts: dict[str, str], settings: dict[str, Any]) -> str:
    """
    Return what the settings change of the theme's tokens.

    Raises:
        LookError: They have a mistake.
    """
    chosen = settings.get("THEME_COLORS")
    colors = look.colors(chosen, look.palette(_bundle(_sheets(texts)))) if chosen else ""
    return colors + look.measure(settings.get("THEME_MEASURE"))


def _load(name: str, path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise core.StylesheetError(f"{name} ist nicht in UTF-8 gespeichert.") from None
    except OSError:
        raise core.StylesheetError(f"{name} ist nicht lesbar.") from None


def _made(texts: dict[str, str]) -> Style:
    sheets = _sheets(texts)
    palette = look.palette(_bundle(sheets))
    papers = [(scheme, colors["paper"]) for scheme, colors in palette.items() if "paper" in colors]
    colors = tuple(papers if len({color for _, color in papers}) > 1 else papers[:1])
    small = core.with_short_names(core.with_constants(sheets))
    return Style(tuple(small), _bundle(sheets) + "\n", colors)


def _sheets(texts: dict[str, str]) -> list[core.Sheet]:
    def load(name: str) -> str:
        if name not in texts:
            raise core.StylesheetError(f"{name} gibt es nicht.")
        return texts[name]

    return core.sheets(STYLESHEET, load)


def _bundle(sheets: Iterable[core.Sheet]) -> str:
    return "".join(sheet.css for sheet in sheets)


_MEDIA = {"light": "", "dark": ' media="(prefers-color-scheme:dark)"'}


def _filter(style: Style, font: Font, settings: dict[str, Any]) -> Callable[[str], Markup]:
    """Return the filter that gives, for the body of a page, the elements that bring its style."""
    # The first one that holds counts.
    colors = "".join(
        f'<meta name="theme-color" content="{color}"{_MEDIA[scheme]}>'
        for scheme, color in reversed(style.colors)
    )
    link = f'<link rel="stylesheet" href="/{_address(settings)}">'

    def styles(body: str) -> Markup:
        if not style.sheets:
            return Markup("")
        fragments = settings["BUILD"].fragments if "BUILD" in settings else None
        rest, names = fragments.found("style", str(body), _names) if fragments else (body, [])
        used = core.used_names(rest).union(*names)
        fonts = "".join(
            f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin>'
            for address, is_italic in font.preloads
            if not is_italic or used & ITALIC
        )
        if not settings["STYLES_INLINE"]:
            return Markup(fonts + colors + link)
        needed = core.needed(style.sheets, used)
        return Markup(fonts + colors + "".join(f"<style>{css}</style>" for css in needed))

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
        for address, path in self.settings["FONT"].files.items():
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
