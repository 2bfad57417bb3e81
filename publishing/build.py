"""
Build a site: Pelican, then the check. Nothing here deploys.

Pelican goes on after most mistakes and exits 0. Here every logged error is collected, told in German, and
stops the build before anything is written, or at the latest before anything is deployed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.source.problem import AuthorError, Problem, SourceError, shown_path
from publishing import unchanged

if TYPE_CHECKING:
    from plugins.incremental.adapter import Build

Progress = Callable[[str], None]
PROJECT = Path(__file__).resolve().parent.parent
CACHE = PROJECT / ".cache"


class BuildError(AuthorError):
    """The site was not built; *problems* says why, in German."""

    def __init__(self, problems: list[Problem], warnings: list[Problem] | None = None) -> None:
        self.problems = problems
        self.warnings = warnings or []
        super().__init__("\n".join(map(str, problems)))


@dataclass
class Report:
    """What a build did."""

    output: Path
    settings: dict[str, Any]
    posts: int = 0
    tips: int = 0
    pages: int = 0
    comments: int = 0
    seconds: float = 0.0
    warnings: list[Problem] = field(default_factory=list)
    deployed: Path | None = None
    #: Files of the output that are not what the last good build left, and those that are gone.
    written: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    #: Does it again after these files were saved and nothing else; None if that takes a whole build.
    again: Callable[[Collection[str]], Report | None] = lambda paths: None
    #: Has the next one know what this one, which was done again, has found out: soon, when there is time.
    keep: Callable[[], None] = lambda: None
    #: The SHA-256 of every file of the output, by its path; not of what was done again.
    digests: dict[str, str] = field(default_factory=dict)
    #: The day on which a post or tip comes out next, in ISO form, or "".
    due: str = ""
    #: Addresses of what is not out, without a slash in front; only a preview has pages for them.
    drafts: list[str] = field(default_factory=list)

    def counts(self) -> str:
        """Return „15 Beiträge, 60 Tipps, …“."""
        from plugins.german.core import plural

        return ", ".join(
            (
                plural(self.posts, "Beitrag", "Beiträge"),
                plural(self.tips, "Tipp", "Tipps"),
                plural(self.pages, "Seite", "Seiten"),
                plural(self.comments, "Kommentar", "Kommentare"),
                plural(len(self.warnings), "Hinweis", "Hinweise"),
            )
        )


# Templates and other plugins use what these attach; a filter, by which one would be known, they have not.
_INDISPENSABLE = ("schedule", "tips", "series", "archive", "assets")
_MISSING_FILTER = re.compile(r"^No filter named '(\w+)'")
# Pelican's words for what the check reports with file and line.
_TOLD_BY_THE_CHECK = (
    "Unable to find",
    "{filename} used for",
    "Empty alt",
    "Cannot get modification stamp",
)


class _Collector(logging.Handler):
    """Turns Pelican's log records into problems and warnings."""

    def __init__(self, settings_file: Path) -> None:
        super().__init__(logging.WARNING)
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.settings_file = settings_file

    def emit(self, record: logging.LogRecord) -> None:
        """Sort *record* in."""
        problem: Problem | None = getattr(record, "problem", None)
        if problem is not None:
            if problem not in self.problems:
                self.problems.append(problem)
            return
        if record.levelno < logging.ERROR:
            self._warn(record)
        elif (translated := self._translated(record)) is not None:
            self.problems.append(translated)

    def _warn(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(_TOLD_BY_THE_CHECK):
            return
        name = record.name if record.name.startswith("plugins.") else "Pelican"
        file = shown_path(self.settings_file) if name != "Pelican" else "Pelican meldet"
        warning = Problem(file, record.getMessage())
        # A build that finds its cache damaged begins anew, and says all of it again.
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _translated(self, record: logging.LogRecord) -> Problem | None:
        message = str(record.msg)
        if message.startswith("Could not process"):
            error = sys.exc_info()[1]
            if isinstance(error, SourceError):
                return None  # the reader has reported it
            args = record.args if isinstance(record.args, tuple) else (record.args,)
            return Problem(
                str(args[0]),
                f"Die Datei ließ sich nicht verarbeiten: {error or record.getMessage()}.",
                remedy="Mit --debug sehen Sie, wo.",
            )
        if message.startswith(("Cannot load plugin", "Cannot register plugin")):
            return self._plugin_problem(record)
        return Problem("Pelican meldet", record.getMessage())

    def _plugin_problem(self, record: logging.LogRecord) -> Problem:
        args = record.args if isinstance(record.args, tuple) else (record.args,)
        name = str(args[0])
        cause = str(args[1]) if len(args) > 1 else str(sys.exc_info()[1])
        return plugin_problem(self.settings_file, name, cause)


def plugin_problem(settings_file: Path, name: str, cause: str) -> Problem:
    """Return the problem of a plugin that does not load, with its line in the settings."""
    from plugins.source.core import line_of

    for file in (settings_file, settings_file.with_name("pelicanconf.py")):
        line = line_of(file.read_text("utf-8"), f'"{name}"') if file.exists() else None
        if line is not None:
            break
    return Problem(
        shown_path(file),
        f"Das Plugin „{name}“ lässt sich nicht laden ({cause}).",
        line,
        "PLUGINS",
        "Prüfen Sie die Schreibung; eigene Plugins heißen plugins.name.",
    )


@contextlib.contextmanager
def _collected(settings_file: Path) -> Iterator[_Collector]:
    """Collect what is logged, and keep Pelican from dropping repeated messages."""
    from pelican import log

    log.init(handler=None, logs_dedup_min_level=1)
    collector = _Collector(settings_file)
    root = logging.getLogger()
    # Others (Django's) would print what we tell the author in our own words.
    level, handlers = root.level, root.handlers
    root.handlers = [collector]
    root.setLevel(logging.WARNING)
    try:
        yield collector
    finally:
        root.handlers = handlers
        root.setLevel(level)


@contextlib.contextmanager
def locked(output: Path) -> Iterator[None]:
    """
    Hold the lock of builds into *output*; it ends with the process, whatever ends that.

    Raises:
        BuildError: Another build holds it.
    """
    name = hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:16]
    locks = CACHE / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError(
                [
                    Problem(
                        str(output),
                        "Ein anderer Build in diesen Ordner läuft gerade.",
                        remedy="Warten Sie, bis er fertig ist.",
                    )
                ]
            ) from None
        yield


def load_settings(
    settings_file: Path, content: Path | None = None, output: Path | None = None, **more: Any
) -> dict[str, Any]:
    """
    Return Pelican's settings, with absolute paths.

    Raises:
        BuildError: The file or a folder is missing, or the file is not Python.
    """
    from pelican.settings import read_settings

    if not settings_file.is_file():
        raise BuildError(
            [
                Problem(
                    str(settings_file),
                    "Die Einstellungsdatei gibt es nicht.",
                    remedy="Prüfen Sie, was Sie bei --settings angegeben haben.",
                )
            ]
        )
    override = dict(more)
    if content is not None:
        override["PATH"] = str(content.resolve())
    if output is not None:
        override["OUTPUT_PATH"] = str(output.resolve())
    folder = override.get("PATH")
    if folder and not Path(folder).is_dir():
        raise BuildError(
            [
                Problem(
                    folder,
                    "Den Inhaltsordner gibt es nicht.",
                    remedy="Prüfen Sie, was Sie bei --content angegeben haben.",
                )
            ]
        )
    try:
        settings: dict[str, Any] = read_settings(str(settings_file), override=override)
    except SyntaxError as error:
        raise BuildError(
            [
                Problem(
                    shown_path(Path(error.filename or settings_file)),
                    "Die Einstellungen sind kein gültiges Python.",
                    error.lineno,
                    remedy="Fehlt ein Komma, eine Klammer oder ein Anführungszeichen?",
                )
            ]
        ) from None
    except Exception as error:
        raise BuildError(
            [Problem(shown_path(settings_file), f"Die Einstellungen sind nicht lesbar: {error}.")]
        ) from error
    settings["CACHE_PATH"] = str(CACHE)
    return settings


def refuse_foreign_folder(output: Path, settings: dict[str, Any]) -> None:
    """
    Make sure that emptying *output* loses nothing of the author's.

    Raises:
        BuildError: It is not empty and does not look like a built site, or holds the sources.
    """
    output = output.resolve()
    sources = [Path(settings["PATH"]).resolve(), Path(settings["THEME"]).resolve(), PROJECT]
    holds_sources = any(source == output or output in source.parents for source in sources)
    inside_content = sources[0] in output.parents
    is_site = (output / "index.html").is_file() and (output / "theme").is_dir()
    is_unfinished = (output / ".mittwochspost-unfertig").exists()
    is_empty = not output.exists() or (output.is_dir() and not any(output.iterdir()))
    if holds_sources or inside_content or not (is_empty or is_site or is_unfinished):
        raise BuildError(
            [
                Problem(
                    str(output),
                    "In diesen Ordner wird nicht gebaut, denn dabei ginge verloren, was darin liegt.",
                    remedy="Nennen Sie bei --output einen neuen oder leeren Ordner.",
                )
            ]
        )


def build(
    settings: dict[str, Any],
    settings_file: Path,
    progress: Progress,
    content: Path | None = None,
) -> Report:
    """
    Write the site of *settings* to its OUTPUT_PATH and check it; *content* is the folder that was asked for.

    Raises:
        BuildError: With every mistake found. The output is then incomplete.
    """
    from publishing.check.files import page_facts

    started = time.perf_counter()
    output = Path(settings["OUTPUT_PATH"])
    refuse_foreign_folder(output, settings)
    inputs = unchanged.Inputs(settings, settings_file)
    settings |= {"PAGE_FACTS": page_facts, "BUILD_STAMPS": inputs.stamps}
    with _unfinished(output), _collected(settings_file) as log:
        progress("Beiträge, Tipps und Seiten lesen")
        check = _Check(log, progress)
        pelican = _run_pelican(settings, settings_file, log, progress, check)
        build: Build = pelican.build
        report = _report(build, settings, output)
        files = build.writer.output.files
        report.digests = {name: file.sha256.hex() for name, file in files.items()}
        report.warnings = [*log.warnings, *check.warnings]
        report.again = partial(_build_again, pelican, inputs, log.warnings)
    report.seconds = time.perf_counter() - started
    shown = {
        "counts": report.counts(),
        "warnings": [str(warning) for warning in report.warnings],
        "due": report.due,
    }
    unchanged.remember(build, inputs, content, shown)
    return report


def _build_again(
    pelican: Any, inputs: unchanged.Inputs, said: list[Problem], paths: Collection[str]
) -> Report | None:
    """
    Bring the site that *pelican* has built up to date after *paths* were saved; *said* are its warnings.

    Raises:
        BuildError: With every mistake found. The output is then incomplete, and none can go on from here.
    """
    started = time.perf_counter()
    settings = pelican.settings
    output = Path(settings["OUTPUT_PATH"])
    if unchanged.is_another_day(inputs, settings):
        return None
    with (
        _unfinished(output),
        _collected(inputs.settings_file) as log,
        _told_in_german(log, settings),
    ):
        check = pelican.check = _Check(log, lambda stage: None)
        if not pelican.run_again(paths):
            return None
        report = _report(pelican.build, settings, output)
        report.keep = pelican.keep
    report.warnings = [*said, *check.warnings]
    report.again = partial(_build_again, pelican, inputs, said)
    report.seconds = time.perf_counter() - started
    return report


@contextlib.contextmanager
def _unfinished(output: Path) -> Iterator[None]:
    """Mark *output* while it is being written, so that the next build may empty it after a crash."""
    output.mkdir(parents=True, exist_ok=True)
    marker = output / ".mittwochspost-unfertig"
    marker.touch()
    yield
    marker.unlink(missing_ok=True)


def _run_pelican(
    settings: dict[str, Any],
    settings_file: Path,
    log: _Collector,
    progress: Progress,
    check: _Check,
) -> Any:
    """Run Pelican and return it, with what it knows of the build."""
    from pelican import signals

    def before_writing(_generators: list[Any]) -> None:
        if log.problems:
            raise BuildError(log.problems, log.warnings)
        progress("Seiten schreiben")

    # The marker must survive Pelican's emptying of the folder.
    settings["OUTPUT_RETENTION"] = [
        *settings.get("OUTPUT_RETENTION", []),
        ".mittwochspost-unfertig",
    ]
    signals.all_generators_finalized.connect(before_writing)
    try:
        with _told_in_german(log, settings):
            pelican = _make(_pelican_class(settings), settings, settings_file)
            if log.problems:
                raise BuildError(log.problems, log.warnings)
            pelican.check = check
            with _quiet():
                pelican.run()
    finally:
        signals.all_generators_finalized.disconnect(before_writing)
    return pelican


@contextlib.contextmanager
def _told_in_german(log: _Collector, settings: dict[str, Any]) -> Iterator[None]:
    """Turn what ends a build into a `BuildError` with all its problems."""
    from jinja2 import TemplateError
    from pelican.writers import FileOverwriteFailedError

    try:
        yield
    except SourceError as error:
        raise BuildError([*log.problems, *error.problems], log.warnings) from None
    except TemplateError as error:
        raise BuildError(
            [*log.problems, _template_problem(error, settings, log.settings_file)], log.warnings
        ) from error
    except FileOverwriteFailedError as error:
        raise BuildError([*log.problems, _address_clash(error, settings)], log.warnings) from None


def _pelican_class(settings: dict[str, Any]) -> Any:
    module, _, name = settings["PELICAN_CLASS"].rpartition(".")
    return getattr(import_module(module), name)


class _Check:
    """The last step of a build: nothing is kept of one that does not pass."""

    def __init__(self, log: _Collector, progress: Progress) -> None:
        self._log, self._progress = log, progress
        self.warnings: list[Problem] = []

    def __call__(self, build: Build) -> dict[str, Any]:
        """
        Check what has changed, and return what the next check needs to know.

        Raises:
            BuildError: Something is wrong.
        """
        from publishing.check import findings, problems_and_warnings
        from publishing.check.files import Checked, origins, read_site, unpublished

        if self._log.problems:
            raise BuildError(self._log.problems, self._log.warnings)
        self._progress("Prüfen: Links, Anker, Bilder")
        output, checked = build.writer.output, Checked(build)
        siteurl = build.session.settings["SITEURL"]
        site = read_site(Path(output.folder), output.files, siteurl, checked.page)
        found = findings(site, checked.names())
        if found:
            problems, self.warnings = problems_and_warnings(
                found, origins(build.context), unpublished(build.context)
            )
            if problems:
                raise BuildError(problems, [*self._log.warnings, *self.warnings])
        if gone := self._gone(build):
            raise BuildError(gone, [*self._log.warnings, *self.warnings])
        # The pages that gave a warning: it is given again in each build.
        return {"checked": sorted({finding.page for finding in found})}

    @staticmethod
    def _gone(build: Build) -> list[Problem]:
        """Return the published addresses that would not be there any more."""
        from publishing import addresses

        # Only where the site is to be deployed: a preview may show whatever the author tries.
        ledger = build.session.settings.get("ADDRESSES_LEDGER")
        return addresses.missing(ledger, build.writer.output.files, build.context) if ledger else []


def _template_problem(error: Any, settings: dict[str, Any], settings_file: Path) -> Problem:
    """Return the problem of a template that Jinja cannot read, or whose values are not there."""
    message = str(error.message or error).rstrip(".")
    if (found := _MISSING_FILTER.search(message)) and (name := _plugin_of(found[1], settings)):
        return _plugin_is_missing(
            f"Die Vorlagen brauchen das Plugin „{name}“ (für |{found[1]})",
            f"Tragen Sie „{name}“ in den Einstellungen wieder bei PLUGINS ein, "
            "oder nehmen Sie aus den Vorlagen heraus, was es liefert.",
            settings_file,
        )
    return Problem(
        shown_path(getattr(error, "filename", None) or "theme/templates"),
        f"Die Vorlage lässt sich nicht verwenden: {message}.",
        getattr(error, "lineno", None),
        remedy="Machen Sie die letzte Änderung an der Vorlage rückgängig, oder berichtigen Sie sie.",
    )


def _plugin_is_missing(need: str, remedy: str, settings_file: Path) -> Problem:
    return Problem(
        shown_path(settings_file),
        f"{need}, und es ist nicht eingetragen.",
        field="PLUGINS",
        remedy=remedy,
    )


def _plugin_of(filter_name: str, settings: dict[str, Any]) -> str | None:
    """Return which of our plugins that are not in use has the filter."""
    for adapter in sorted((PROJECT / "plugins").glob("*/adapter.py")):
        name = f"plugins.{adapter.parent.name}"
        # As the key of a dict of filters.
        if name not in settings["PLUGINS"] and f'"{filter_name}": ' in adapter.read_text("utf-8"):
            return name
    return None


def _address_clash(error: Exception, settings: dict[str, Any]) -> Problem:
    """Return the problem of a page whose file another one has written already."""
    path = Path(str(error).split('"')[1])
    address = f"/{path.relative_to(settings['OUTPUT_PATH']).as_posix()}".removesuffix("index.html")
    return Problem(
        shown_path(settings["PATH"]),
        f"Zwei Seiten haben dieselbe Adresse {address}.",
        remedy="Geben Sie Ihrer Seite ein anderes Feld „slug“; "
        "archiv, blog, feeds, serien, suche und tipps sind schon vergeben.",
    )


def _make(pelican_class: Any, settings: dict[str, Any], settings_file: Path) -> Any:
    """Return the Pelican object; a plugin that is missing or raises while it is imported is the author's mistake."""
    missing = [
        _plugin_is_missing(
            f"Vorlagen und andere Plugins brauchen das Plugin „{name}“",
            f"Tragen Sie „{name}“ in den Einstellungen wieder bei PLUGINS ein, an der alten Stelle.",
            settings_file,
        )
        for name in (f"plugins.{name}" for name in _INDISPENSABLE)
        if name not in settings.get("PLUGINS", [])
    ]
    if missing:
        raise BuildError(missing)
    try:
        return pelican_class(settings)
    except (SourceError, BuildError):
        raise
    except Exception as error:
        for name in settings.get("PLUGINS", []):
            path = PROJECT / Path(*str(name).split("."))
            frame = error.__traceback__
            while frame is not None:
                if frame.tb_frame.f_code.co_filename.startswith(f"{path}{os.sep}"):
                    cause = f"{type(error).__name__}: {error}"
                    raise BuildError([plugin_problem(settings_file, str(name), cause)]) from error
                frame = frame.tb_next
        if isinstance(error, SyntaxError):
            raise BuildError(
                [
                    Problem(
                        shown_path(Path(error.filename or settings_file)),
                        f"Ein Plugin lässt sich nicht laden: {error.msg}.",
                        error.lineno,
                        "PLUGINS",
                        "Berichtigen Sie die Datei, oder nehmen Sie das Plugin heraus.",
                    )
                ]
            ) from error
        raise


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pelican's English closing line off the author's screen."""
    from pelican.log import console

    before = console.quiet
    console.quiet = True
    try:
        yield
    finally:
        console.quiet = before


def _report(build: Build, settings: dict[str, Any], output: Path) -> Report:
    context = build.context
    articles = context["articles"]
    return Report(
        output=output,
        settings=settings,
        posts=len(articles),
        tips=len(context.get("tip_pages", [])),
        pages=len(context.get("pages", [])),
        due=min(unchanged.planned(build), default=""),
        written=frozenset(build.writer.output.written),
        gone=frozenset(build.writer.output.gone),
        drafts=[article.url for article in context["drafts"]],
        comments=sum(getattr(article, "comment_count", 0) for article in articles),
    )
