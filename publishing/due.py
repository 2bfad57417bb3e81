"""
Find out whether anything is to come out by now, without reading what has not changed.

A deployment leaves the day on which the next post or tip is due, and what the author's files were. That day
has come: build. So a day that was missed is made up for, and a build that failed is tried again. A file is
new or another: what it plans is not known, so build. Nothing is known: build.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plugins.incremental import scan
from plugins.schedule.core import site_date
from publishing.unchanged import stamps

#: A file as it was deployed: its stamp, and the digest of its contents, "" if that is not known.
_Text = tuple[scan.Stamp, str]
#: What a file that is missing or damaged may raise.
_DAMAGED = (OSError, ValueError, TypeError, LookupError, AttributeError)


class Due:
    """What the last deployment with these settings, from *content* by way of *output*, has left in *cache*."""

    def __init__(
        self, settings_file: Path, content: Path | None, output: Path, cache: Path
    ) -> None:
        request = (str(settings_file), str(content and content.resolve()), str(output.resolve()))
        name = hashlib.sha256("\0".join(request).encode("utf-8", "surrogateescape")).hexdigest()
        self._file = cache / "deploy" / f"faellig-{name[:16]}.json"
        self._settings = _digest(settings_file)
        self._begun_ns = time.time_ns()

    def next_day(self, now: dt.datetime) -> str | None:
        """
        Return the day on which something will be due, in ISO form, "" if nothing is planned.

        None: something is due by *now* (aware), or may be.
        """
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            day, zone, settings = kept["day"], ZoneInfo(kept["zone"]), kept["settings"]
            if settings != self._settings:
                return None
            today = site_date(os.environ.get("SITE_DATE"), now, str(zone)).isoformat()
            is_due = bool(day) and str(day) <= today
            return None if is_due or not _are_texts(kept["folder"], kept["texts"]) else str(day)
        except (*_DAMAGED, ZoneInfoNotFoundError):
            return None

    def record(self, day: str, zone: str, folder: str) -> None:
        """
        Keep the *day* on which something will be due, or "", by the texts in *folder*.

        To be called of a build that began after this object was made.
        """
        with suppress(OSError):
            kept = {
                "day": day,
                "zone": zone,
                "settings": self._settings,
                "folder": folder,
                "texts": self._texts(folder),
            }
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new = self._file.with_suffix(".neu")
            new.write_text(json.dumps(kept), "utf-8")
            new.replace(self._file)

    def _texts(self, folder: str) -> dict[str, _Text]:
        """Return the files of *folder*; what was saved while the build was running is not known."""
        known: dict[str, _Text] = {}
        with suppress(*_DAMAGED):
            known = json.loads(self._file.read_text("utf-8"))["texts"]
        found: dict[str, _Text] = {}
        for path, stamp in stamps([folder]).items():
            if scan.is_racy(stamp, self._begun_ns):
                digest = ""
            elif _is_stamp(stamp, known.get(path)):
                digest = known[path][1]
            else:
                digest = _contents(path)
            found[path] = stamp, digest
        return found


def _are_texts(folder: str, texts: dict[str, _Text]) -> bool:
    """Return whether the files in *folder* are *texts*: by their stamps, or else by their contents."""
    found = stamps([folder])
    return found.keys() == texts.keys() and all(
        bool(texts[path][1])
        and (_is_stamp(stamp, texts[path]) or _contents(path) == texts[path][1])
        for path, stamp in found.items()
    )


def _is_stamp(stamp: scan.Stamp, text: _Text | None) -> bool:
    return text is not None and text[1] != "" and tuple(text[0]) == stamp


def _contents(path: str) -> str:
    return scan.digest(Path(path).read_bytes()).hex()


def _digest(settings_file: Path) -> str:
    """Return what stands for the settings: other ones may mean other days, and another target."""
    files = (settings_file, settings_file.with_name("pelicanconf.py"))
    data = [file.read_bytes() for file in files if file.is_file()]
    return hashlib.sha256(b"\0".join(data)).hexdigest()
