"""What `invoke deploy`, `invoke releases` and `invoke rollback` do, and how they tell it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugins.german.core import date, number, plural, time
from publishing import afterwards, deploy
from publishing import build as builder
from publishing.console import complain, say, stages
from publishing.deploy import Deployed, Plan
from publishing.deploy.packed import ENDS
from publishing.release import Release, Size, address, is_page

_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
#: More lines than that are not read.
_SHOWN = 20


def deploy_site(settings: str, is_dry_run: bool) -> None:
    """
    Deploy what was built last, or say what that would change.

    Raises:
        AuthorError: Something is wrong; what readers see is as before.
    """
    loaded, base = _load(settings)
    output = Path(loaded["OUTPUT_PATH"])
    with builder.locked(output), stages() as stage:
        if is_dry_run:
            stage("Vergleichen")
            more = afterwards.more_files(loaded, output)
            plan = deploy.plan(output, loaded.get("DEPLOY", {}), base, more)
        else:
            stage("Veröffentlichen")
            more = afterwards.more_files(loaded, output)
            deployed = deploy.deploy(
                output, loaded.get("DEPLOY", {}), base, progress=stage, more=more
            )
    if is_dry_run:
        _tell_plan(plan, output, loaded["SITENAME"])
    else:
        tell(deployed, loaded["SITEURL"])
        afterwards.finish(deployed, loaded, output, base)


def print_releases(settings: str) -> None:
    """
    Print the releases on the target, newest first.

    Raises:
        AuthorError: The target is unknown, or not there.
    """
    loaded, base = _load(settings)
    with stages() as stage:
        stage("Nachsehen, was veröffentlicht ist")
        found = deploy.releases(loaded.get("DEPLOY", {}), base)
    if not found:
        say("Veröffentlicht ist noch nichts; das macht invoke build.")
        return
    zone = ZoneInfo(loaded["TIMEZONE"])
    rows = [_row(release, size, zone) for release, size in found]
    head = ("Ausgabe", "vom", "Seiten", "Dateien", "Größe", "")
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = [
            cell.rjust(width) if 1 < index < 5 else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        say("  ".join(cells).rstrip(), "green" if row[-1] else "")


def _row(release: Release, size: Size, zone: ZoneInfo) -> tuple[str, ...]:
    when = release.when.astimezone(zone)
    return (
        release.id,
        f"{date(when.date())}, {time(when)}",
        number(size.pages),
        number(size.files),
        _bytes(size.bytes),
        "← online" if release.is_live else "",
    )


def _bytes(count: int) -> str:
    """Return „1,3 MB“."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{number(round(value, 1 if value < 10 else 0))} {unit}"


def roll_back(wanted: str, settings: str) -> None:
    """
    Let readers see the release *wanted*, or the one before the present one.

    Raises:
        AuthorError: There is none; what readers see is as before.
    """
    loaded, base = _load(settings)
    with stages() as stage:
        stage("Zurückgehen")
        deployed = deploy.rollback(loaded.get("DEPLOY", {}), base, wanted, stage)
    if deployed.changed:
        say(f"In {_place(deployed.place)} ist jetzt {deployed.release}.", "green")
        say("Der nächste Build veröffentlicht wieder den Stand Ihrer Texte.")
    else:
        say(f"{deployed.release} ist schon online; nichts hat sich geändert.")
    _tell_note(deployed)


def tell(deployed: Deployed, site_url: str) -> None:
    """Say what was deployed; terminals that know links lead from there to the site."""
    place = _place(deployed.place)
    url = (deployed.folder / "index.html").as_uri() if deployed.folder else site_url
    style = f"green link {url}" if url else "green"
    if deployed.changed:
        say(f"Veröffentlicht in {place} als {deployed.release}.", style)
    else:
        say(f"Nichts hat sich geändert; in {place} ist weiter {deployed.release}.", style)
    _tell_note(deployed)


def _tell_note(deployed: Deployed) -> None:
    if deployed.note:
        complain(f"Hinweis: {deployed.note}", "yellow")


def _place(place: str) -> str:
    """Return a folder as the author knows it, and everything else as it is."""
    return f"{os.path.relpath(place)}/" if Path(place).is_dir() else place


def _load(settings: str) -> tuple[dict[str, Any], Path]:
    file = Path(settings).resolve()
    return builder.load_settings(file), file.parent


def _tell_plan(plan: Plan, output: Path, site: str) -> None:
    place = _place(plan.place)
    if not plan.difference:
        say(f"In {place} ist schon genau das; es gäbe nichts zu tun.")
        return
    if plan.old is None:
        say(f"In {place} ist noch keine Ausgabe; alles wäre neu.")
    else:
        say(f"Verglichen mit {plan.old.id} in {place}:")

    def built(path: str) -> bytes:
        return (output / path).read_bytes()

    _tell_paths("Neu", plan.difference.new, "+", built, site)
    _tell_paths("Geändert", plan.difference.changed, "~", built, site)
    _tell_paths("Es entfällt", plan.difference.gone, "−", plan.read, site)
    say("Das war nur die Vorschau; veröffentlicht wurde nichts.")


def _tell_paths(
    heading: str, paths: Sequence[str], sign: str, read: Callable[[str], bytes], site: str
) -> None:
    """Print pages by title and address, then other files by address; no more than one can read."""
    # Compressed forms follow the files that they are of.
    paths = [path for path in paths if not path.endswith(ENDS)]
    if not paths:
        return
    pages = [path for path in paths if is_page(path)]
    others = [path for path in paths if not is_page(path)]
    counts = [
        *([plural(len(pages), "Seite", "Seiten")] if pages else []),
        *([plural(len(others), "andere Datei", "andere Dateien")] if others else []),
    ]
    say(f"{heading}: {', '.join(counts)}", "bold")
    for path in pages[:_SHOWN]:
        say(f"  {sign} {_title(read(path), site) or 'ohne Titel'}  {address(path)}")
    for path in others[: max(0, _SHOWN - len(pages))]:
        say(f"  {sign} {address(path)}")
    if len(paths) > _SHOWN:
        say(f"  … und {number(len(paths) - _SHOWN)} weitere")


def _title(page: bytes, site: str) -> str:
    """Return a page's title without the name of the site."""
    found = _TITLE.search(page)
    title = unescape(found[1].decode("utf-8", "replace")) if found else ""
    title = " ".join(title.replace("\N{SOFT HYPHEN}", "").split())
    return title.removesuffix(f" – {site}")
