"""
Find out whether anything is to come out by now, without reading a single text.

A deployment leaves the day on which the next post or tip is due. That day has come: build. So a day that
was missed is made up for, and a build that failed is tried again. Nothing is known: build.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plugins.schedule.core import site_date


class Due:
    """What the last deployment with these settings, from *content* by way of *output*, has left in *cache*."""

    def __init__(
        self, settings_file: Path, content: Path | None, output: Path, cache: Path
    ) -> None:
        request = (str(settings_file), str(content and content.resolve()), str(output.resolve()))
        name = hashlib.sha256("\0".join(request).encode("utf-8", "surrogateescape")).hexdigest()
        self._file = cache / "deploy" / f"faellig-{name[:16]}.json"
        self._settings = _digest(settings_file)

    def next_day(self, now: dt.datetime) -> str | None:
        """
        Return the day on which something will be due, in ISO form, "" if nothing is planned.

        None: something is due by *now* (aware), or may be.
        """
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            day, zone, settings = kept["day"], ZoneInfo(kept["zone"]), kept["settings"]
        except (OSError, ValueError, TypeError, KeyError, ZoneInfoNotFoundError):
            return None
        if settings != self._settings:
            return None
        today = site_date(os.environ.get("SITE_DATE"), now, str(zone)).isoformat()
        return None if day and str(day) <= today else str(day)

    def record(self, day: str, zone: str) -> None:
        """Keep the *day* on which something will be due, or ""."""
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new = self._file.with_suffix(".neu")
            kept = {"day": day, "zone": zone, "settings": self._settings}
            new.write_text(json.dumps(kept), "utf-8")
            new.replace(self._file)


def _digest(settings_file: Path) -> str:
    """Return what stands for the settings: other ones may mean other days, and another target."""
    files = (settings_file, settings_file.with_name("pelicanconf.py"))
    data = [file.read_bytes() for file in files if file.is_file()]
    return hashlib.sha256(b"\0".join(data)).hexdigest()
