"""Pelican's side: bundle the stylesheet, copy the other files."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from pelican import Pelican, signals
from pelican.generators import Generator
from pelican.writers import Writer

from plugins.assets import core
from plugins.source.adapter import report
from plugins.source.problem import Problem, shown_path

STYLESHEET = "main.css"


class AssetsGenerator(Generator):  # type: ignore[misc]
    """Writes ``theme/`` of the output."""

    def generate_output(self, writer: Writer) -> None:
        """Write the bundle and copy what is not a stylesheet."""
        source = Path(self.theme) / "static"
        target = Path(self.output_path) / self.settings["THEME_STATIC_DIR"]
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.suffix != ".css":
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        styles = source / "css"
        if (styles / STYLESHEET).exists():
            self._write_stylesheet(styles, target / "css")

    def _write_stylesheet(self, styles: Path, target: Path) -> None:
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
        target.mkdir(parents=True, exist_ok=True)
        (target / STYLESHEET).write_text(core.squeeze(css), "utf-8")


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
    signals.get_generators.connect(get_generators)
