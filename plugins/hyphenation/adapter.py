"""Pelican's side: the filters ``hyphenate`` and ``hyphenate_html``, and the author's exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import Pelican, signals

from plugins.hyphenation import core, german_data, markup
from plugins.source.adapter import memorised, read_text
from plugins.source.core import load_yaml
from plugins.source.problem import shown_path

DEFAULTS = {"HYPHENATION_EXCEPTIONS": "trennung.yaml"}


#: Gives the hyphenator; it takes a moment to make one, and many builds need none.
Hyphenators = Callable[[], core.Hyphenator]


def site_exceptions(path: Path) -> core.Exceptions:
    """
    Return the exceptions of the author's file *path*, which may be missing.

    Raises:
        SourceError: The file has mistakes.
    """
    if not path.exists():
        return {}
    file = shown_path(path)
    return core.site_exceptions(load_yaml(read_text(path), file), file)


def site_hyphenator(settings: Mapping[str, Any], exceptions: core.Exceptions) -> core.Hyphenator:
    """Return the hyphenator with the site's *exceptions*."""
    hyphenator = core.Hyphenator(*memorised(settings, "German hyphenation", german_data))
    return hyphenator.with_exceptions(exceptions) if exceptions else hyphenator


def hyphenate(
    hyphenator: Hyphenators,
    text: object,
    lang: str = "de",
    min_letters: int = markup.TITLE_LETTERS,
) -> Markup:
    """Return a title, a heading, a name as HTML with its long words marked."""
    convert = markup.hyphenate_html if isinstance(text, Markup) else markup.hyphenate_text
    return Markup(convert(str(text), hyphenator(), min_letters, lang))


def hyphenate_html(
    hyphenator: Hyphenators,
    html: object,
    lang: str = "de",
    min_letters: int = markup.BODY_LETTERS,
) -> Markup:
    """Return a post's or tip's HTML with its long words marked."""
    return Markup(markup.hyphenate_html(str(html), hyphenator(), min_letters, lang))


def use_filters(pelican: Pelican) -> None:
    """Set the filters before the first generator is made."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    path = Path(settings["PATH"]) / settings["HYPHENATION_EXCEPTIONS"]
    exceptions = site_exceptions(path)
    settings.setdefault("RENDER_INPUTS", {})["hyphenation"] = sorted(exceptions.items())
    hyphenator = cache(partial(site_hyphenator, settings, exceptions))
    settings["JINJA_FILTERS"] = {
        "hyphenate": partial(hyphenate, hyphenator),
        "hyphenate_html": partial(hyphenate_html, hyphenator),
        **settings["JINJA_FILTERS"],
    }


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_filters)
