"""
The ledger of published addresses, ``adressen.txt`` beside the author's texts: each is valid for ever.

A line for each, with the day on which it came out. A deployment that went well adds to it; nothing is
ever taken away. A build in which one of them would be missing stops.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from plugins.aliases import core as aliases
from plugins.source.problem import Problem, SourceError, shown_path
from publishing.release import address

FILE = "adressen.txt"
MOVES = aliases.FILE
#: So many missing addresses are told one by one; of more, the first few.
_MOST, _TOLD = 10, 3
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}) (/\S*)")
_HEAD = (
    "# Veröffentlichte Adressen. Jede soll für immer gelten; die Datei gehört in git.\n"
    "# Geschrieben wird sie beim Veröffentlichen.\n"
)
#: Pages for people, and feeds for programs that ask for them again and again. Not pages of long
#: lists, which come and go with what is in them.
_LASTING = re.compile(r"(?!404\.html$)(?!.*/seite-\d+/).*\.html|feeds/.*\.(?:xml|json|ics)")


def ledger(settings: Mapping[str, Any]) -> Path | None:
    """Return the ledger of a site, if there is to be one (``ADDRESSES_FILE``)."""
    name = settings.get("ADDRESSES_FILE", FILE)
    return Path(settings["PATH"]) / name if name else None


def published(files: Iterable[str]) -> set[str]:
    """Return the addresses that a site of *files* publishes."""
    return {address(file) for file in files if _LASTING.fullmatch(file)}


def read(path: Path) -> dict[str, str]:
    """
    Return the addresses in the ledger *path* and the day on which each came out, in ISO form.

    Raises:
        SourceError: It is not readable.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError([_unreadable(path, None, str(error))]) from None
    found = {}
    for number, line in enumerate(lines, 1):
        if match := _LINE.fullmatch(line):
            found[match[2]] = match[1]
        elif line and not line.startswith("#"):
            raise SourceError([_unreadable(path, number, f"„{line[:40]}“")])
    return found


def _unreadable(path: Path, line: int | None, what: str) -> Problem:
    return Problem(
        shown_path(path),
        f"Das Verzeichnis der Adressen ist nicht lesbar ({what}).",
        line,
        remedy="Ist es ein Konflikt aus git? Lassen Sie alle Adressen stehen, jede in einer Zeile.",
    )


def record(path: Path, files: Iterable[str], day: dt.date) -> set[str]:
    """
    Add what a site of *files*, deployed on that *day*, publishes; return the new addresses.

    Raises:
        SourceError: The ledger is not readable.
        OSError: It cannot be written.
    """
    known = read(path)
    new = published(files) - known.keys()
    if new:
        known |= dict.fromkeys(new, day.isoformat())
        text = "".join(f"{since} {one}\n" for one, since in sorted(known.items()))
        half = path.with_name(f".{path.name}.neu")
        half.write_text(_HEAD + text, "utf-8")
        half.replace(path)
    return new


def missing(path: Path, files: Collection[str], context: Mapping[str, Any]) -> list[Problem]:
    """
    Return a problem for each published address that a site of *files* would not have any more, or for a few and the rest.

    *context* is Pelican's: what the author says of old addresses, her texts, the day of the site. What
    came out after that day is not missed.

    Raises:
        SourceError: The ledger is not readable.
    """
    known = read(path)
    today = context["SITE_DATE"].isoformat()
    gone = [
        one for one, since in known.items() if since <= today and not _is_there(one, files, context)
    ]
    if not gone:
        return []
    lines = path.read_text("utf-8").splitlines()
    told = sorted(gone)[: _TOLD if len(gone) > _MOST else None]
    problems = [_problem(path, lines, one, known, context) for one in told]
    if rest := len(gone) - len(told):
        problems.append(_rest(path, rest))
    return problems


def _rest(path: Path, count: int) -> Problem:
    """Return the problem of one who has put her texts in place of the examples, most likely."""
    return Problem(
        shown_path(path),
        f"Noch {count} Adressen sind veröffentlicht, und diesem Build fehlen sie.",
        remedy="Waren sie noch nie im Netz, zum Beispiel weil es die der Beispieltexte sind? "
        f"Dann löschen Sie {shown_path(path)}; der nächste Build legt die Datei neu an.",
    )


def _is_there(one: str, files: Collection[str], context: Mapping[str, Any]) -> bool:
    file = aliases.page_file(one) or one.removeprefix("/")
    return (
        file in files
        or one in context.get("redirects", ())
        or one in context.get("gone_addresses", ())
    )


def _problem(
    path: Path, lines: list[str], one: str, known: Mapping[str, str], context: Mapping[str, Any]
) -> Problem:
    line = lines.index(f"{known[one]} {one}") + 1
    message = f"Die Adresse {one} ist veröffentlicht, und diesem Build fehlt sie."
    return Problem(shown_path(path), message, line, remedy=_remedy(one, known, context))


def _remedy(one: str, known: Mapping[str, str], context: Mapping[str, Any]) -> str:
    """Return what helps: the line for the text that is most likely behind the address now."""
    entry = f"aliases: [{one}]"
    for draft in (*context.get("drafts", ()), *context.get("draft_pages", ())):
        if f"/{draft.url}".rstrip("/").endswith(f"/{one.strip('/').rpartition('/')[2]}"):
            return (
                f"Der Text ist jetzt ein Entwurf oder später datiert: "
                f"{shown_path(draft.source_path)}. Veröffentlichen Sie ihn wieder, oder schreiben "
                f"Sie in {MOVES}: „{one}: entfernt“."
            )
    contents = {
        f"/{content.url}": content
        for content in (*context["articles"], *context["pages"])
        if f"/{content.url}" not in known
    }
    near = difflib.get_close_matches(one, contents, n=1, cutoff=0.5)
    if not near and one.startswith("/blog/") and len(contents) == 1:
        near = list(contents)
    if near:
        file = shown_path(contents[near[0]].source_path)
        return (
            f"Heißt sie jetzt {near[0]}? Dann ergänzen Sie im Vorspann von {file}: {entry}. "
            f"Sonst schreiben Sie in {MOVES}: „{one}: entfernt“."
        )
    return (
        f"Ergänzen Sie im Vorspann des Textes, der sie ersetzt: {entry}. Oder schreiben Sie in "
        f"{MOVES}: „{one}: /neue/adresse/“ oder „{one}: entfernt“."
    )
