"""Pelican's side: bundle the stylesheet, copy the other files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import TemplateRuntimeError
from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.assets import core
from plugins.assets.fingerprint import fingerprinted
from plugins.incremental.writer import IncrementalWriter
from plugins.source.adapter import report
from plugins.source.problem import Problem, shown_path

STYLESHEET = "main.css"


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

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write the bundle and copy what is not a stylesheet."""
        source = Path(self.theme) / "static"
        target, assets = self.settings["THEME_STATIC_DIR"], self.settings["ASSETS"]
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.suffix != ".css":
                name = path.relative_to(source).as_posix()
                address = assets.get(name, f"/{target}/{name}")
                writer.copy_file(str(path), address.removeprefix("/"))
        styles = source / "css"
        if (styles / STYLESHEET).exists():
            self._write_stylesheet(writer, styles, f"{target}/css/{STYLESHEET}")

    def _write_stylesheet(self, writer: IncrementalWriter, styles: Path, name: str) -> None:
        try:
            css = core.bundle(STYLESHEET, partial(_load, styles))
        except core.StylesheetError as error:
            report(
                Problem(
                    shown_path(styles / STYLESHEET),
                    f"Das Stylesheet lässt sich nicht zusammensetzen: {error}",
                    remedy="Prüfen Sie die Zeilen mit @import.",
                )
            )
            return
        writer.write_bytes(name, core.squeeze(css).encode())


def _load(styles: Path, name: str) -> str:
    try:
        return (styles / name).read_text("utf-8")
    except UnicodeDecodeError:
        raise core.StylesheetError(f"{name} ist nicht in UTF-8 gespeichert.") from None
    except OSError:
        raise core.StylesheetError(f"{name} gibt es nicht, oder es ist nicht lesbar.") from None


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return AssetsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(name_scripts)
    signals.get_generators.connect(get_generators)
