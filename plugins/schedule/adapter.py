"""Pelican's side: set the day, turn what is not out yet into drafts."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.schedule import core
from plugins.source.problem import Problem, SourceError


def set_site_date(pelican: Pelican) -> None:
    """Put the day into ``SITE_DATE`` for plugins and templates."""
    settings = pelican.settings
    _check_timezone(settings["TIMEZONE"])
    settings["SITE_DATE"] = core.site_date(
        os.environ.get("SITE_DATE") or settings.get("SITE_DATE"),
        dt.datetime.now(dt.UTC),
        settings["TIMEZONE"],
    )
    settings["SITE_YEAR"] = settings["SITE_DATE"].year
    settings.setdefault("READ_FACTS", {})["out"] = partial(_is_out, settings)


def _is_out(settings: Mapping[str, Any], moment: str) -> bool:
    return core.is_out(
        dt.datetime.fromisoformat(moment), settings["SITE_DATE"], settings["TIMEZONE"]
    )


def _check_timezone(name: str) -> None:
    """
    Make sure that the time zone exists.

    Raises:
        SourceError: It does not.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SourceError(
            [
                Problem(
                    "pelicanconf.py",
                    f"Die Zeitzone „{name}“ gibt es nicht.",
                    field="TIMEZONE",
                    remedy="Schreiben Sie sie wie „Europe/Berlin“ oder „Europe/Zurich“.",
                )
            ]
        ) from None


def hold_back(generator: Generator, metadata: dict[str, Any]) -> None:
    """Make a draft of what is dated after ``SITE_DATE``."""
    settings = generator.settings
    date = metadata.get("date")
    if date is None:
        return
    metadata.setdefault("reads", []).append(("out", date.isoformat()))
    if not core.is_out(date, settings["SITE_DATE"], settings["TIMEZONE"]):
        metadata["status"] = "draft"


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(set_site_date)
    signals.article_generator_context.connect(hold_back)
    signals.page_generator_context.connect(hold_back)
