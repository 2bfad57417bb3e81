"""Pelican's side: write the JSON files."""

from __future__ import annotations

from typing import Any

from pelican import Pelican, signals
from pelican.generators import Generator
from pelican.writers import Writer

DEFAULTS = {"TIPS_API": True}


def use_defaults(pelican: Pelican) -> None:
    """Complete the settings."""
    for name, value in DEFAULTS.items():
        pelican.settings.setdefault(name, value)


class ApiGenerator(Generator):  # type: ignore[misc]
    """Writes the list of tips, and two files for each."""

    reads_no_texts = True

    def generate_output(self, writer: Writer) -> None:
        """Write what is out."""
        if not self.settings["TIPS_API"] or "tip_pages" not in self.context:
            return
        self._writer = writer
        tips = self.context["tip_pages"]
        self._write(f"{self.settings['TIPS_URL']}index.json", "api/tips.json", tips=tips[::-1])
        for tip in tips:
            self._write(f"{tip.url}tipp.json", "api/tip.json", tip=tip)
            self._write(f"{tip.url}oembed.json", "api/oembed.json", tip=tip)

    def _write(self, name: str, template: str, **variables: Any) -> None:
        self._writer.write_file(name, self.env.get_template(template), self.context, **variables)


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return ApiGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.get_generators.connect(get_generators)
