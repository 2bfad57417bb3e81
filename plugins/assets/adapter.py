"""Pelican's side: bundle the stylesheet, copy the other files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.assets import core
from plugins.incremental.writer import IncrementalWriter
from plugins.source.adapter import report
from plugins.source.problem import Problem, shown_path

STYLESHEET = "main.css"


class AssetsGenerator(Generator):  # type: ignore[misc]
    """Writes ``theme/`` of the output."""

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write the bundle and copy what is not a stylesheet."""
        source = Path(self.theme) / "static"
        target = self.settings["THEME_STATIC_DIR"]
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.suffix != ".css":
                writer.copy_file(str(path), f"{target}/{path.relative_to(source).as_posix()}")
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
    signals.get_generators.connect(get_generators)
