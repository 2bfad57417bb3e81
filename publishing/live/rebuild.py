"""Build the preview, with drafts, and build it again after a change."""

from __future__ import annotations

import gc
import os
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from plugins.incremental.store import DamagedError
from plugins.source.problem import AuthorError, Problem
from publishing import build as builder
from publishing.build import BuildError, Report
from publishing.commands import print_report, print_warnings, pull_comments
from publishing.console import stages
from publishing.live.outcome import Outcome, address, refusal

#: Drafts, and what is dated later, have pages in a preview.
DRAFTS = {
    "DRAFT_SAVE_AS": "entwurf/{slug}/index.html",
    "DRAFT_LANG_SAVE_AS": "entwurf/{slug}/index.html",
    "DRAFT_PAGE_SAVE_AS": "entwurf/seite/{slug}/index.html",
    "DRAFT_PAGE_LANG_SAVE_AS": "entwurf/seite/{slug}/index.html",
}
#: A saved stylesheet is exchanged alone.
LINKED = {"STYLES_INLINE": False}
#: So many builds have to go on from a whole one until all is there that later ones use.
_WARMING = 2
#: What the build puts into a folder that it has not finished.
UNFINISHED = ".mittwochspost-unfertig"


class Preview:
    """The site in the folder *output*; what shows in it is always a build that went well."""

    def __init__(self, settings: str, output: str, content: str | None = None) -> None:
        self._settings_file = Path(settings)
        self._output = Path(output)
        self._content = Path(content) if content else None
        self._locks = ExitStack()
        self._is_locked = False
        self._database: frozenset[Path] = frozenset()
        self._snapshot: Path | None = None
        self._built_comments = b""
        self._stamp: tuple[tuple[str, int, int], ...] = ()
        #: Whether what is shown is what the last good build of this process has left.
        self._is_shown = False
        #: The last build, if none can be better to go on from.
        self._last: Report | None = None
        #: How many builds are still to find out what all that go on from the last whole one use.
        self._warming = 0
        self._note = ""

    def sources(self) -> list[Path]:
        """Return the folders and files to watch, none if the settings cannot be read."""
        try:
            loaded = self._load()
            self._find_comments(loaded)
        except AuthorError:
            return []
        folders = [Path(loaded["PATH"]), Path(loaded["THEME"])]
        settings = [builder.PROJECT / "pelicanconf.py", builder.PROJECT / "publishconf.py"]
        snapshot = [self._snapshot] if self._snapshot else []
        return [*folders, *settings, *snapshot, *self._database]

    def rebuild(self, changes: frozenset[Path]) -> Outcome:
        """Bring the preview up to date: a `publishing.live.outcome.Rebuild`."""
        try:
            self._lock()
            return self._rebuilt(changes)
        except AuthorError as error:
            return refusal(error)

    def rest(self) -> None:
        """Do, when there is nothing to do, what builds leave for later."""
        report, self._last = self._last, None
        # If that cannot be, the next build begins from the start, and says what is wrong.
        with suppress(DamagedError, AuthorError, OSError):
            self._last = self._kept(report)
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _kept(self, report: Report | None) -> Report | None:
        """Return the last build that can be gone on from, with all that it has found out kept."""
        if report:
            report.keep()
        while report and self._warming:
            # Those that go on from a whole build for the first time find out what all others use.
            self._warming -= 1
            if report := report.again(()):
                report.keep()
        return report

    def _lock(self) -> None:
        """Keep others from building here; the lock ends with this process."""
        if self._is_locked:
            return
        try:
            self._locks.enter_context(builder.locked(self._output))
            self._is_locked = True
        except BuildError:
            raise BuildError(
                [
                    Problem(
                        str(self._output),
                        "Eine andere Vorschau baut schon in diesen Ordner.",
                        remedy="Beenden Sie sie, oder nennen Sie mit --output einen anderen Ordner.",
                    )
                ]
            ) from None

    def _rebuilt(self, changes: frozenset[Path]) -> Outcome:
        if changed := self._continued(changes):
            return changed
        loaded = self._load()
        note = self._pulled(loaded, changes)
        comments = self._comments()
        is_about_comments = bool(changes) and changes <= {*self._database, self._snapshot}
        if is_about_comments and comments == self._built_comments:
            return Outcome(is_news=False)
        builder.refuse_foreign_folder(self._output, loaded)
        self._last = None
        self._warming = _WARMING
        with stages() as stage:
            report = builder.build(loaded, self._settings_file, stage)
        self._built_comments = comments
        self._note = note
        return self._shown(report)

    def _continued(self, changes: frozenset[Path]) -> Outcome | None:
        """Go on from the last build, if that is enough after *changes*."""
        last, self._last = self._last, None
        if last is None or not changes:
            return None
        report = last.again([str(path) for path in changes])
        if report is None:
            self._last = last
            return None
        return self._shown(report)

    def _shown(self, report: Report) -> Outcome:
        """Show what a good build has changed."""
        if self._is_shown:
            changed = update(report.output, self._output, report.written, report.gone)
        else:
            changed = exchange(report.output, self._output)
        self._is_shown, self._last = True, report
        print_warnings(report, self._note)
        print_report(report)
        return Outcome(changed=changed, drafts=tuple(report.drafts))

    def _load(self) -> dict[str, Any]:
        new = self._output.with_name(f"{self._output.name}-neu")
        return builder.load_settings(self._settings_file, self._content, new, **DRAFTS, **LINKED)

    # --- Comments ------------------------------------------------------------------------------

    def _find_comments(self, loaded: dict[str, Any]) -> None:
        """Find the files in which approved comments arrive: the database's, and the snapshot."""
        from plugins.comments.pull import LOCAL, default_snapshot

        if "plugins.comments" not in loaded["PLUGINS"]:
            return
        self._snapshot = Path(loaded.get("COMMENTS_SNAPSHOT") or default_snapshot()).absolute()
        if loaded.get("COMMENTS_SOURCE", LOCAL) != LOCAL:
            return
        from comment_service import moderation

        moderation.setup()
        from django.conf import settings

        database = settings.DATABASES["default"]
        if database["ENGINE"].endswith("sqlite3"):
            name = Path(database["NAME"]).absolute()
            # What was written last is in the second file.
            self._database = frozenset({name, name.with_name(f"{name.name}-wal")})

    def _pulled(self, loaded: dict[str, Any], changes: frozenset[Path]) -> str:
        """Fetch approved comments, if there may be new ones; return a note if that failed."""
        stamp = self._database_stamp()
        if changes and stamp == self._stamp:
            return ""
        note = pull_comments(loaded)
        self._stamp = stamp
        return note

    def _database_stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Tell whether the database was written: that it was opened is reported as a change, too."""
        stats = ((file.name, file.stat()) for file in sorted(self._database) if file.exists())
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats if stat.st_size)

    def _comments(self) -> bytes:
        """Return the snapshot's text: not every change of the database is a comment's."""
        if self._snapshot and self._snapshot.is_file():
            return self._snapshot.read_bytes()
        return b""


def exchange(new: Path, shown: Path) -> frozenset[str]:
    """Make *shown* like *new*, file by file, and return the addresses of what differed."""
    files, old = _files(new), _files(shown)
    written = {name for name in files if name not in old or _differ(new / name, shown / name)}
    shown.mkdir(parents=True, exist_ok=True)
    # So that we may build here again, should we be killed now.
    (shown / UNFINISHED).touch()
    changed = update(new, shown, frozenset(written), frozenset(old - files))
    (shown / UNFINISHED).unlink(missing_ok=True)
    return changed


def update(new: Path, shown: Path, written: frozenset[str], gone: frozenset[str]) -> frozenset[str]:
    """Bring what was *written* in *new* to *shown*, delete what is *gone*; return the addresses."""
    # First what is gone: its name may be a folder's now.
    for name in gone:
        (shown / name).unlink(missing_ok=True)
        _remove_empty((shown / name).parent, shown)
    for name in written:
        _copy(new / name, shown / name)
    return frozenset(map(address, written | gone))


def _copy(new: Path, shown: Path) -> None:
    """Replace *shown* at once: a request finds the old file or the new one, whole."""
    shown.parent.mkdir(parents=True, exist_ok=True)
    half = shown.with_name(f".{shown.name}.teil")
    shutil.copyfile(new, half)
    half.replace(shown)


def _files(folder: Path) -> set[str]:
    return {
        os.path.relpath(Path(place, name), folder)
        for place, _, names in os.walk(folder)
        for name in names
    }


def _differ(new: Path, old: Path) -> bool:
    return new.stat().st_size != old.stat().st_size or new.read_bytes() != old.read_bytes()


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
