"""
German micro-typography: what an author types becomes what a typesetter would have set.

Adds to Markdown the extension `plugins.typography` (see `extension.py`) with the settings
`lang`, `quotes`, `spaces` and `widow` (see `style.Settings`).
"""

from __future__ import annotations

from typing import Any

from .core import Settings, SettingsError, typeset_html, typeset_text

__all__ = ["Settings", "SettingsError", "makeExtension", "render", "typeset_html", "typeset_text"]


def render(markdown: str, **settings: Any) -> str:
    """
    Return the HTML body that a post with this Markdown text gets.

    *settings* are those of `Settings`: `render("…", lang="de-CH")`.
    """
    from markdown import markdown as convert

    from .extension import TypographyExtension

    return convert(markdown, extensions=["extra", "sane_lists", TypographyExtension(**settings)])


def makeExtension(**settings: Any) -> Any:  # noqa: N802 (the name python-markdown looks for)
    """Return the Markdown extension, for `extensions=["plugins.typography"]`."""
    from .extension import TypographyExtension

    return TypographyExtension(**settings)
