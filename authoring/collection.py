"""The author's settings, her day and her tips, as the commands need them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.schedule.core import site_date
from plugins.tips.adapter import DEFAULTS, read_collection
from plugins.tips.core import Entry
from publishing.build import PROJECT
from publishing.build import load_settings as load


def load_settings(content: str, file: str = "") -> dict[str, Any]:
    """
    Return the settings in *file* (pelicanconf.py) with those of the tips, for the folder *content*.

    Raises:
        BuildError: The folder or the file is missing, or the file is not Python.
    """
    path = Path(file).resolve() if file else PROJECT / "pelicanconf.py"
    return DEFAULTS | load(path, Path(content) if content else None)


def today(settings: Mapping[str, Any]) -> dt.date:
    """Return the day that the site shows."""
    wanted = os.environ.get("SITE_DATE") or settings["SITE_DATE"]
    return site_date(wanted, dt.datetime.now(dt.UTC), settings["TIMEZONE"])


def tips_folder(settings: Mapping[str, Any]) -> Path:
    """Return the folder of the year files."""
    return Path(settings["PATH"], settings["TIPS_PATH"])


def read_tips(settings: Mapping[str, Any]) -> dict[str, Entry]:
    """
    Return all tips by week, future ones too.

    Raises:
        SourceError: With every mistake in the collection.
    """
    return read_collection(tips_folder(settings), settings)
