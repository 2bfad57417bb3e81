"""What `invoke build` and `invoke serve` do, step by step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from plugins.source.problem import AuthorError
from publishing import build as builder
from publishing import deploy
from publishing.build import PROJECT, BuildError, Report
from publishing.console import complain, say, stages

PREVIEW = PROJECT / ".cache" / "vorschau"
_SOURCES = ("content", "theme", "pelicanconf.py")


def build_site(content: str | None, output: str | None, settings: str, is_deployed: bool) -> Report:
    """
    Build, check and, if wanted, deploy; print what was done.

    Raises:
        AuthorError: Something is wrong; what is deployed stays as it was.
    """
    settings_file = Path(settings).resolve()
    target = _path(output) or PROJECT / "output"
    with _explained(), builder.locked(target):
        loaded = builder.load_settings(settings_file, _path(content), target)
        deploy.target(loaded.get("DEPLOY", {}))
        with stages() as stage:
            stage("Freigegebene Kommentare holen")
            note = _pull_comments(loaded)
            report = builder.build(loaded, settings_file, stage)
        _print_warnings(report, note)
        _print_report(report)
        if is_deployed:
            report.deployed = _deploy(report, settings_file.parent)
    return report


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


@contextmanager
def _explained() -> Iterator[None]:
    """Print every problem of a failed build, and say what that means for the site."""
    try:
        yield
    except BuildError as error:
        for warning in error.warnings:
            complain(f"Hinweis: {warning}", "yellow")
        for problem in error.problems[:-1]:
            complain(f"Fehler: {problem}", "bold red")
        raise AuthorError(
            f"{error.problems[-1]}\n"
            "Nichts wurde veröffentlicht; die bisherige Website ist unverändert."
        ) from error


def _pull_comments(loaded: dict[str, Any]) -> str:
    """Refresh the snapshot of approved comments; return a note if it is not fresh."""
    if "plugins.comments" not in loaded["PLUGINS"]:
        return ""
    from plugins.comments.pull import pull

    result = pull(loaded.get("COMMENTS_SOURCE", "local"), loaded.get("COMMENTS_SNAPSHOT"))
    return "" if result.is_fresh else result.message


def _print_warnings(report: Report, note: str) -> None:
    if note:
        complain(f"Hinweis: {note}", "yellow")
    for warning in report.warnings:
        complain(f"Hinweis: {warning}", "yellow")


def _print_report(report: Report) -> None:
    from plugins.german.core import plural

    counts = ", ".join(
        (
            plural(report.posts, "Beitrag", "Beiträge"),
            plural(report.tips, "Tipp", "Tipps"),
            plural(report.pages, "Seite", "Seiten"),
            plural(report.comments, "Kommentar", "Kommentare"),
            plural(len(report.warnings), "Hinweis", "Hinweise"),
        )
    )
    seconds = f"{report.seconds:.1f}".replace(".", ",")
    say(f"Gebaut und geprüft: {counts}; {seconds} Sekunden.", "green")


def _deploy(report: Report, base: Path) -> Path:
    """Deploy, say so, and return where the site is now."""
    deployed = deploy.deploy(report.output, report.settings.get("DEPLOY", {}), base)
    place = os.path.relpath(deployed.place)
    if deployed.changed:
        say(f"Veröffentlicht in {place}/ als {deployed.release}.", "green")
    else:
        say(f"Nichts hat sich geändert; in {place}/ ist weiter {deployed.release}.", "green")
    return Path(deployed.place)


def serve_site(port: int, site: Path | None) -> None:
    """
    Serve *site*, or a preview with drafts that follows every saved file, until Ctrl-C.

    Raises:
        AuthorError: The port is taken, or the server ends.
    """
    from comment_service import moderation
    from publishing import serve

    serve.check_port(port)
    moderation.setup()
    is_preview = site is None
    folder = PREVIEW if site is None else site
    drafts = _preview() if is_preview else []
    # Again: the preview took a while, and two servers could share the port without noticing.
    serve.check_port(port)
    # Ctrl-C and SIGTERM are the way to end this, at whatever moment they come.
    with suppress(KeyboardInterrupt), serve.server(folder, port, PROJECT) as process:
        serve.wait_until_ready(process, port)
        say(f"Die Website läuft auf http://localhost:{port} – mit Strg+C beenden Sie sie.", "green")
        if is_preview:
            say("Entwürfe und künftige Beiträge sind dabei; was Sie speichern, wird neu gebaut.")
            for draft in drafts:
                say(f"  http://localhost:{port}/{draft}")
            serve.rebuild_on_change(_watched(), _preview)
        else:
            process.wait()
    say("Beendet.")


def _watched() -> list[Path]:
    from plugins.comments.pull import default_snapshot

    return [*(PROJECT / name for name in _SOURCES), default_snapshot()]


def _preview() -> list[str]:
    """Build the preview, return its drafts; a mistake is told, and the last good preview stays."""
    settings_file = PROJECT / "pelicanconf.py"
    try:
        loaded = builder.load_settings(
            settings_file,
            output=PREVIEW.with_name("vorschau-neu"),
            DRAFT_SAVE_AS="entwurf/{slug}/index.html",
            DRAFT_LANG_SAVE_AS="entwurf/{slug}/index.html",
            DRAFT_PAGE_SAVE_AS="entwurf/seite/{slug}/index.html",
            DRAFT_PAGE_LANG_SAVE_AS="entwurf/seite/{slug}/index.html",
        )
        with builder.locked(PREVIEW):
            _pull_comments(loaded)
            report = builder.build(loaded, settings_file, lambda stage: None)
            _swap(report.output, PREVIEW)
    except BuildError as error:
        for problem in error.problems:
            complain(f"Fehler: {problem}", "bold red")
        return []
    _print_warnings(report, "")
    _print_report(report)
    return report.drafts


def _swap(new: Path, shown: Path) -> None:
    import shutil

    old = shown.with_name(f"{shown.name}-alt")
    shutil.rmtree(old, ignore_errors=True)
    if shown.exists():
        shown.rename(old)
    new.rename(shown)
    shutil.rmtree(old, ignore_errors=True)
