"""Pelican's side: find out what the site does, and compare it with what its privacy page says."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.navigation.adapter import PRIVACY_URL
from plugins.privacy import core
from plugins.source.adapter import read_text, report
from plugins.source.problem import Problem, shown_path

logger = logging.getLogger(__name__)
DEFAULTS: Mapping[str, Any] = {"PRIVACY": ("serverprotokoll",)}


def use_defaults(pelican: Pelican) -> None:
    """Complete and check the setting, and give templates the filter."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    settings["JINJA_FILTERS"] = {"practised": core.practised, **settings["JINJA_FILTERS"]}
    given = settings["PRIVACY"]
    unknown = [given] if isinstance(given, str) else [x for x in given if x not in core.DECLARED]
    if unknown:
        report(
            Problem(
                "pelicanconf.py",
                f"„{unknown[0]}“ kann in PRIVACY nicht stehen.",
                field="PRIVACY",
                remedy=f"PRIVACY ist eine Liste aus: {', '.join(core.DECLARED)}.",
            )
        )
        settings["PRIVACY"] = ()


def find_practices(generators: list[Generator]) -> None:
    """Put what the site does into the context, and warn if its privacy page does not know of it."""
    context = generators[0].context
    practices = context["practices"] = tuple(sorted(_practices(context)))
    page = next((one for one in context["pages"] if f"/{one.url}" == PRIVACY_URL), None)
    if page is None:
        return
    for name in core.untold(read_text(page.source_path), practices):
        logger.warning(
            "Auf der Datenschutzseite (%s) fehlt ein Abschnitt: %s. Schreiben Sie ihn in einen "
            "Block „/// wenn | %s“.",
            shown_path(page.source_path),
            core.PRACTICES[name],
            name,
        )


def _practices(context: Mapping[str, Any]) -> Iterator[str]:
    yield from context["PRIVACY"]
    # What is asked of a text itself, it may have to be loaded for.
    articles = [vars(article) for article in context["articles"]]
    if any(one.get("comments_open") for one in articles):
        yield "kommentare"
    if any(one.get("mastodon_replies") for one in articles):
        yield "mastodon"
    if context.get("COMMENT_RECIPIENTS"):
        yield "kommentardienste"


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.all_generators_finalized.connect(find_practices)
