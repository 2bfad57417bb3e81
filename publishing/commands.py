"""What `invoke build` and `invoke serve` do, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plugins.incremental.session import Times, uncollected
from plugins.source.problem import AuthorError
from publishing import build as builder
from publishing import keychain, unchanged
from publishing.build import PROJECT, BuildError, Report
from publishing.console import complain, print_times, progress, say, stages
from publishing.due import Due

PREVIEW = PROJECT / ".cache" / "vorschau"


def build_site(
    content: str | None,
    output: str | None,
    settings: str,
    is_deployed: bool,
    *,
    is_clean: bool = False,
    is_profiled: bool = False,
    is_if_due: bool = False,
) -> Report:
    """
    Build, check and, if wanted, deploy; print what was done, and if *is_profiled*, where the time went.

    What the last build left is used unless *is_clean*. With *is_if_due*, nothing is done unless a post
    or a tip has become due since the last deployment, or a text is another.

    Raises:
        AuthorError: Something is wrong; what is deployed stays as it was.
    """
    settings_file = Path(settings).resolve()
    target = _path(output) or PROJECT / "output"
    due = Due(settings_file, _path(content), target, builder.CACHE)
    if is_if_due and (day := due.next_day(dt.datetime.now(dt.UTC))) is not None:
        _print_not_due(day)
        return Report(target, {})
    with _explained(), builder.locked(target), uncollected():
        shown = None
        if not is_clean and not is_profiled:
            shown = unchanged.shown(settings_file, _path(content), target, builder.CACHE)
        if shown is not None and not is_deployed:
            _print_unchanged(shown)
            return Report(target, {})
        loaded = builder.load_settings(settings_file, _path(content), target)
        if is_deployed:
            _check_settings(loaded, settings_file.parent, target)
        if shown is not None:
            _print_unchanged(shown)
            report = Report(target, loaded, digests=shown["digests"], due=shown["due"])
        else:
            report = _build(loaded, settings_file, _path(content), is_clean, is_profiled)
        if is_deployed:
            report.deployed = _deploy(report, settings_file.parent)
            due.record(report.due, loaded["TIMEZONE"], loaded["PATH"])
    return report


def check_site(
    content: str | None, settings: str, *, in_browser: bool = False, pictures: str = ""
) -> None:
    """
    Build and check; if wanted, look at the pages in a browser and take *pictures* into that folder.

    Raises:
        AuthorError: Something is wrong.
    """
    report = build_site(content, None, settings, is_deployed=False)
    if in_browser or pictures:
        from publishing.browser.commands import look_at_site

        loaded = builder.load_settings(Path(settings).resolve())
        look_at_site(report.output, loaded, is_checked=in_browser, pictures=pictures)


def _print_not_due(day: str) -> None:
    from plugins.german.core import date

    when = f"das nächste Mal am {date(dt.date.fromisoformat(day))}" if day else "geplant ist nichts"
    say(f"Nichts ist fällig; {when}.", "green")


def _print_unchanged(shown: dict[str, Any]) -> None:
    for warning in shown["warnings"]:
        complain(f"Hinweis: {warning}", "yellow")
    say(f"Nichts hat sich geändert: {shown['counts']}.", "green")


def _build(
    loaded: dict[str, Any],
    settings_file: Path,
    content: Path | None,
    is_clean: bool,
    is_profiled: bool,
) -> Report:
    from publishing import addresses

    times = Times()
    with progress() as (stage, tell):
        stage("Freigegebene Kommentare holen")
        with times.stage("Kommentare holen"):
            note = pull_comments(loaded)
        loaded["ADDRESSES_LEDGER"] = addresses.ledger(loaded)
        loaded |= {"BUILD_CLEAN": is_clean, "BUILD_PROGRESS": tell, "BUILD_TIMES": times}
        with times.stage("Programm laden"):
            report = builder.build(loaded, settings_file, stage, content)
    print_warnings(report, note)
    print_report(report)
    if is_profiled:
        print_times(times)
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


def pull_comments(loaded: dict[str, Any]) -> str:
    """Refresh the snapshot of approved comments; return a note if it is not fresh."""
    if "plugins.comments" not in loaded["PLUGINS"]:
        return ""
    from plugins.comments.pull import pull

    source = loaded.get("COMMENTS_SOURCE", "local")
    if source != "local":
        keychain.fill(["COMMENTS_TOKEN"])
    result = pull(source, loaded.get("COMMENTS_SNAPSHOT"))
    notes = [] if result.is_fresh else [result.message]
    if loaded.get("COMMENTS_SYSTEMS"):
        from plugins.comments import mastodon

        notes.append(mastodon.pull(loaded))
    return " ".join(filter(None, notes))


def print_warnings(report: Report, note: str) -> None:
    """Print what is doubtful, and the *note* of `pull_comments`."""
    if note:
        complain(f"Hinweis: {note}", "yellow")
    for warning in report.warnings:
        complain(f"Hinweis: {warning}", "yellow")


def print_report(report: Report) -> None:
    """Print what was built, in one line."""
    seconds = f"{report.seconds:.1f}".replace(".", ",")
    say(f"Gebaut und geprüft: {report.counts()}; {seconds} Sekunden.", "green")


def _check_settings(loaded: dict[str, Any], base: Path, output: Path) -> None:
    """Refuse settings that are wrong, before anything is built."""
    # Here and below: a build that is not deployed need not know how.
    from publishing import afterwards, deploy

    deploy.target(loaded.get("DEPLOY", {}), base)
    afterwards.more_files(loaded, output)


def _deploy(report: Report, base: Path) -> Path:
    """Deploy, say so, and return the deployed site, or the built one if it is elsewhere now."""
    from publishing import afterwards, deploy
    from publishing.releases import tell

    with stages() as stage:
        stage("Veröffentlichen")
        deployed = deploy.deploy(
            report.output,
            report.settings.get("DEPLOY", {}),
            base,
            report.digests,
            stage,
            afterwards.more_files(report.settings, report.output),
        )
    tell(deployed, report.settings["SITEURL"])
    afterwards.finish(deployed, report.settings, report.output, base)
    return deployed.folder or report.output


def serve_site(
    port: int,
    site: Path | None,
    content: str | None = None,
    output: str | None = None,
    settings: str = str(PROJECT / "pelicanconf.py"),
) -> None:
    """
    Serve *site*, or a preview with drafts that keeps up with every saved file, until Ctrl-C.

    Raises:
        AuthorError: The port is taken, or an option names what is not there.
    """
    from publishing import serve

    serve.check_port(port)
    if site is not None:
        serve.become_server(port, site)
    folder = (_path(output) or PREVIEW).resolve()
    options = {
        "settings": _existing("--settings", settings),
        "content": _existing("--content", content) if content else None,
        "output": str(folder),
    }
    serve.become_server(port, folder, options)


def _existing(option: str, path: str) -> str:
    """Return the whole *path* that was given with *option*, or refuse it."""
    if not Path(path).exists():
        raise AuthorError(f"{option}: {path} gibt es nicht – prüfen Sie den Pfad.")
    return str(Path(path).resolve())
