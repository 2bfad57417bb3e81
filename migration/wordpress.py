"""
WordPress: the file that „Werkzeuge → Daten exportieren“ gives (WXR 1.0 to 1.2).

An ``item`` is a post with its comments. Fields as in WordPress's wp-admin/includes/export.php.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from migration.foreign import Comment, Fate, Place, moment
from migration.markup import to_markdown
from migration.xml_stream import ExportError, Tell, elements, text_of
from plugins.source.problem import shown_path

_NAMESPACE = re.compile(rb"http://wordpress\.org/export/1\.\d/")
_HEAD_BYTES = 64 * 1024
_FATES = {
    "1": Fate.APPROVED,
    "approve": Fate.APPROVED,
    "0": Fate.PENDING,
    "hold": Fate.PENDING,
    "spam": Fate.SPAM,
}


def comments(path: Path, zone: ZoneInfo, tell: Tell) -> Iterator[Comment]:
    """
    Yield all comments of the export, those of a post together.

    *zone*: the blog's, for comments whose date is given in no other.

    Raises:
        ExportError: It is no such export.
    """
    wp = _namespace(path)
    for item in elements(path, ["item"], tell):
        place = Place(text_of(item, "link"), text_of(item, f"{wp}post_name"))
        for entry in item.findall(f"{wp}comment"):
            yield _comment(path, wp, entry, place, zone)


def _namespace(path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = _NAMESPACE.search(file.read(_HEAD_BYTES))
    except FileNotFoundError:
        raise ExportError(f"{shown_path(path)}: Diese Datei gibt es nicht.") from None
    except OSError as error:
        raise ExportError(f"{shown_path(path)}: nicht lesbar ({error.strerror}).") from error
    if found is None:
        raise ExportError(
            f"{shown_path(path)}: Das ist kein Export von WordPress. Sie bekommen ihn dort unter "
            "Werkzeuge → Daten exportieren."
        )
    return f"{{{found[0].decode()}}}"


def _comment(path: Path, wp: str, entry: etree.Element, place: Place, zone: ZoneInfo) -> Comment:
    number = text_of(entry, f"{wp}comment_id")
    created = _created(entry, wp, zone)
    if not number or created is None:
        raise ExportError(
            f"{shown_path(path)}: Ein Kommentar zu {place.address or 'einer Seite'} hat keine "
            "Nummer oder kein Datum. Exportieren Sie die Datei noch einmal."
        )
    parent = text_of(entry, f"{wp}comment_parent")
    text = to_markdown(text_of(entry, f"{wp}comment_content"), has_lines=True)
    member = text_of(entry, f"{wp}comment_user_id")
    return Comment(
        key=number,
        parent="" if parent == "0" else parent,
        place=place,
        author=text_of(entry, f"{wp}comment_author"),
        website=text_of(entry, f"{wp}comment_author_url"),
        text=text,
        created=created,
        fate=_fate(entry, wp, text),
        is_member=member not in ("", "0"),
    )


def _created(entry: etree.Element, wp: str, zone: ZoneInfo) -> datetime | None:
    # Imported comments may have the year 0 in one of the two.
    for name, its_zone in (("comment_date_gmt", None), ("comment_date", zone)):
        try:
            return moment(text_of(entry, f"{wp}{name}"), its_zone)
        except ValueError:
            continue
    return None


def _fate(entry: etree.Element, wp: str, text: str) -> Fate:
    if text_of(entry, f"{wp}comment_type") not in ("", "comment"):
        return Fate.NOTICE
    fate = _FATES.get(text_of(entry, f"{wp}comment_approved"), Fate.TRASH)
    return fate if text or fate in (Fate.SPAM, Fate.TRASH) else Fate.EMPTY
