"""Pelican's side: hand the tips to the Markdown extension, note which post quotes which."""

from __future__ import annotations

from pelican import Pelican, signals

EXTENSION = "plugins.embeds.extension"


def use_extension(pelican: Pelican) -> None:
    """Add the extension to the settings, with the collection it looks tips up in."""
    settings = pelican.settings
    markdown = dict(settings["MARKDOWN"])
    markdown["extension_configs"] = {
        **markdown.get("extension_configs", {}),
        EXTENSION: {"collection": settings["TIPS_COLLECTION"]},
    }
    settings["MARKDOWN"] = markdown


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_extension)
