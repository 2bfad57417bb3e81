"""
Isso: its database (SQLite), or the JSON that it imports itself.

Tables and states as in Isso 0.14.0: mode 1 is public, 2 waits, 4 was deleted and has answers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from migration.foreign import Comment, Fate, Place, moment
from migration.xml_stream import ExportError, Tell
from plugins.comments.core import clean_text
from plugins.source.problem import shown_path

_FATES = {1: Fate.APPROVED, 2: Fate.PENDING}
_QUERY = """
    SELECT threads.uri, comments.id, comments.parent, comments.created, comments.mode,
        comments.text, comments.author, comments.website
    FROM comments JOIN threads ON threads.id = comments.tid ORDER BY comments.id
"""


def comments(path: Path, zone: ZoneInfo, tell: Tell) -> Iterator[Comment]:
    """
    Yield all comments in the database or JSON file, oldest first.

    *zone*: of the server that wrote the JSON, which names none.

    Raises:
        ExportError: It is neither.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        raise ExportError(f"{shown_path(path)}: Diese Datei gibt es nicht.") from None
    except OSError as error:
        raise ExportError(f"{shown_path(path)}: nicht lesbar ({error.strerror}).") from error
    if head == b"SQLite format 3\0":
        yield from _from_database(path, tell)
    else:
        yield from _from_json(path, zone, tell)


def _from_database(path: Path, tell: Tell) -> Iterator[Comment]:
    # Read only, so that not even a file beside it is made.
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            total = database.execute("SELECT count(*) FROM comments").fetchone()[0]
            for done, row in enumerate(database.execute(_QUERY), 1):
                yield _from_row(*row)
                tell(done, total)
    except (sqlite3.Error, OverflowError, OSError, ValueError, TypeError) as error:
        raise ExportError(
            f"{shown_path(path)}: Das ist keine Datenbank von Isso, oder sie ist beschädigt ({error})."
        ) from error


def _from_row(
    uri: str,
    number: int,
    parent: int | None,
    created: float,
    mode: int,
    text: str,
    author: str | None,
    website: str | None,
) -> Comment:
    text = clean_text(str(text)).strip()
    fate = _FATES.get(mode, Fate.TRASH)
    return Comment(
        key=str(number),
        parent=str(parent or ""),
        place=Place(str(uri)),
        author=str(author or ""),
        website=str(website or ""),
        text=text,
        created=datetime.fromtimestamp(float(created), UTC),
        fate=fate if text or fate is Fate.TRASH else Fate.EMPTY,
    )


def _from_json(path: Path, zone: ZoneInfo, tell: Tell) -> Iterator[Comment]:
    try:
        threads = json.loads(path.read_text("utf-8-sig"))
        for done, thread in enumerate(threads, 1):
            for entry in thread["comments"]:
                yield _from_entry(str(thread["id"]), entry, zone)
            tell(done, len(threads))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ExportError(
            f"{shown_path(path)}: Das ist weder eine Datenbank noch eine JSON-Datei von Isso "
            f"({type(error).__name__}: {error})."
        ) from error


def _from_entry(uri: str, entry: dict[str, Any], zone: ZoneInfo) -> Comment:
    text = clean_text(str(entry["text"])).strip()
    return Comment(
        # A number tells apart only the comments of one thread.
        key=f"{uri} {entry['id']}",
        parent="",
        place=Place(uri),
        author=str(entry.get("author") or ""),
        website=str(entry.get("website") or ""),
        text=text,
        created=moment(str(entry["created"]), zone),
        fate=Fate.APPROVED if text else Fate.EMPTY,
    )
