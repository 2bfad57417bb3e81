"""
Find out that there is nothing to build, before anything big is imported.

A build that went well leaves what it depended on: the author's files, the theme, our code, the installed
libraries, the environment, the day. If all that is as it was, and the output is as it was left, a build
would give the same.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.incremental import scan
from plugins.incremental.session import PLUGINS, cache_path
from plugins.incremental.store import STANDING, DamagedError, Store

if TYPE_CHECKING:
    from plugins.incremental.adapter import Build

# Written by deployments beside the author's texts: what they add changes no page.
_LEDGERS = ("/adressen.txt", "/erwaehnungen.txt")
_WORD = re.compile(r"[A-Z][A-Z0-9_]{2,}")


class Inputs:
    """What a build with *settings* depends on, looked at before it begins."""

    def __init__(self, settings: dict[str, Any], settings_file: Path) -> None:
        self.settings_file = settings_file
        self.roots = [str(root) for root in _roots(settings, settings_file)]
        #: Whether the day is set, in the settings or in the environment.
        self.is_dated = bool(os.environ.get("SITE_DATE") or settings.get("SITE_DATE"))
        #: Whether a new comment shows in a file here.
        self.is_local = (
            settings.get("COMMENTS_SOURCE", "local") == "local"
            and not os.environ.get("DATABASE_URL")
            and "mastodon" not in str(settings.get("COMMENTS_SYSTEMS"))
        )
        self.environment = dict(os.environ)
        seen_ns = time.time_ns()
        self.stamps = stamps(self.roots)
        #: What is in files that were written just now, and may be written again without another stamp.
        self.digests = {
            path: _digest(path)
            for path, stamp in self.stamps.items()
            if scan.is_racy(stamp, seen_ns)
        }


def stamps(roots: list[str]) -> dict[str, scan.Stamp]:
    """Return the files in *roots*, but for the ledgers of deployments."""
    found = scan.files(roots)
    return {path: stamp for path, stamp in found.items() if not path.endswith(_LEDGERS)}


def _roots(settings: dict[str, Any], settings_file: Path) -> list[Path]:
    """Return folders and files: the author's, the theme, all our code, the comments."""
    from plugins.comments.pull import default_snapshot

    snapshot = Path(settings.get("COMMENTS_SNAPSHOT") or default_snapshot())
    database = default_snapshot().with_name("kommentare.sqlite3")
    project = PLUGINS.parent
    return [
        *(Path(settings["PATH"]), Path(settings["THEME"]), PLUGINS, project / "publishing"),
        *(project / "comment_service", project / "social", project / "pelicanconf.py"),
        *(settings_file, snapshot),
        *(database, database.with_name(f"{database.name}-wal")),
    ]


def _request(settings_file: Path, content: Path | None, output: Path) -> tuple[str, ...]:
    return str(settings_file), str(content and content.resolve()), str(output.resolve())


def _libraries() -> int:
    """Return a number that changes when a library is installed or removed."""
    return Path(sysconfig.get_path("purelib")).stat().st_mtime_ns


def remember(build: Build, inputs: Inputs, content: Path | None, shown: dict[str, Any]) -> None:
    """Keep what the finished *build* depended on, and what it told the author (*shown*, plain values)."""
    store = build.session.store
    settings = build.session.settings
    output = Path(build.writer.output.folder)
    standing = {
        "request": _request(inputs.settings_file, content, output),
        "variables": {word: inputs.environment.get(word) for word in _variables(inputs)},
        "libraries": _libraries(),
        "roots": inputs.roots,
        "stamps": inputs.stamps,
        "digests": inputs.digests,
        "zone": settings["TIMEZONE"],
        "from": settings["SITE_DATE"].isoformat(),
        "until": "" if inputs.is_dated else _until(build),
        "is_local": inputs.is_local,
        "shown": shown,
    }
    # The folder's time has changed once more: its mark of an unfinished build was taken away.
    folders = {**build.writer.folders, "": output.stat().st_mtime_ns}
    with store.transaction():
        store.put_meta(**{STANDING: standing, "folders": folders})


def _variables(inputs: Inputs) -> set[str]:
    """Return the names in the settings that may be variables of the environment."""
    files = (inputs.settings_file, PLUGINS.parent / "pelicanconf.py")
    words = {word for file in files for word in _WORD.findall(file.read_text("utf-8"))}
    # Pelican sets TZ itself, from the settings.
    return (words | {"SITE_DATE", "COMMENTS_DATA", "DATABASE_URL"}) - {"TZ"}


def _until(build: Build) -> str:
    """Return the first day on which the site of this build would differ, in ISO form."""
    today = build.session.settings["SITE_DATE"]
    days = [dt.date(today.year + 1, 1, 1)]
    if build.comparison.depends_on_day():
        days.append(today + dt.timedelta(days=1))
    return min([*(day.isoformat() for day in days), *planned(build)])


def planned(build: Build) -> list[str]:
    """Return the days, in ISO form, on which posts and tips of this build are still to come out."""
    from zoneinfo import ZoneInfo

    context, today = build.context, build.session.settings["SITE_DATE"]
    contents = (*context["drafts"], *context.get("draft_pages", ()))
    zone = ZoneInfo(build.session.settings["TIMEZONE"])
    dates = [content.date for content in contents if getattr(content, "date", None)]
    days = [(date.astimezone(zone) if date.tzinfo else date).date() for date in dates]
    if collection := context.get("TIPS_COLLECTION"):
        days += [entry.tip.date for entry in collection.entries.values()]
    return [day.isoformat() for day in days if day > today]


def shown(
    settings_file: Path, content: Path | None, output: Path, cache: Path
) -> dict[str, Any] | None:
    """
    Return what the last build told the author, if a build now would do the same; else None.

    With it, "digests": the SHA-256 of each file of the output.
    """
    path = cache_path({"OUTPUT_PATH": str(output), "CACHE_PATH": str(cache)})
    try:
        kept = Store.peek(path, (STANDING, "files", "folders"))
    except DamagedError:
        return None
    if kept is None:
        return None
    standing, files, folders = kept
    is_same = (
        standing["request"] == _request(settings_file, content, output)
        and standing["is_local"]
        and all(os.environ.get(word) == value for word, value in standing["variables"].items())
        and standing["libraries"] == _libraries()
        and _is_day(standing)
        and _are_inputs(standing)
        and _is_output(str(output.resolve()), files, folders)
    )
    if not is_same:
        return None
    digests = {name: sha256.hex() for name, (_, _, _, sha256) in files.items()}
    return {**standing["shown"], "digests": digests}


def is_another_day(inputs: Inputs, settings: dict[str, Any]) -> bool:
    """Return whether a build of *inputs*, with *settings* that plugins have completed, has got old."""
    from plugins.schedule.core import site_date

    today = site_date(None, dt.datetime.now(dt.UTC), settings["TIMEZONE"])
    return bool(not inputs.is_dated and today != settings["SITE_DATE"])


def _is_day(standing: dict[str, Any]) -> bool:
    if not standing["until"]:
        return True
    from zoneinfo import ZoneInfo

    today = dt.datetime.now(ZoneInfo(standing["zone"])).date().isoformat()
    return bool(standing["from"] <= today < standing["until"])


def _are_inputs(standing: dict[str, Any]) -> bool:
    return stamps(standing["roots"]) == standing["stamps"] and all(
        _digest(path) == digest for path, digest in standing["digests"].items()
    )


def _digest(path: str) -> bytes:
    try:
        return scan.digest(Path(path).read_bytes())
    except OSError:
        return b""


def _is_output(folder: str, files: dict[str, tuple[Any, ...]], folders: dict[str, int]) -> bool:
    try:
        for name, (size, mtime_ns, inode, _) in files.items():
            found = os.lstat(f"{folder}/{name}")
            if (found.st_size, found.st_mtime_ns, found.st_ino) != (size, mtime_ns, inode):
                return False
        return all(os.stat(f"{folder}/{name}").st_mtime_ns == t for name, t in folders.items())  # noqa: PTH116
    except OSError:
        return False
