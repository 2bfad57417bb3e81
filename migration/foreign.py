"""A comment as another system has it, without what we do not take: addresses of mail and of machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Fate(StrEnum):
    """What becomes of a comment; the value is what the author is told of those left out."""

    APPROVED = "freigegeben"
    PENDING = "wartet"
    SPAM = "Spam"
    TRASH = "Papierkorb oder gelöscht"
    NOTICE = "Pingbacks und Trackbacks"
    EMPTY = "leer"


KEPT = (Fate.APPROVED, Fate.PENDING)


@dataclass(frozen=True)
class Place:
    """Where it was written: the old address, and the post's name in it if the export tells."""

    address: str
    slug: str = ""


@dataclass(frozen=True)
class Comment:
    """A comment; *key* and *parent* are names that no other comment of the system has."""

    key: str
    parent: str
    place: Place
    author: str
    website: str
    #: Markdown.
    text: str
    created: datetime
    fate: Fate
    #: Whether whoever wrote it was logged in; None: the export does not tell.
    is_member: bool | None = None


def moment(text: str, zone: ZoneInfo | None = None) -> datetime:
    """
    Return the moment that *text* names in ISO form; without a zone of its own, in *zone* or UTC.

    Raises:
        ValueError: It names none.
    """
    found = datetime.fromisoformat(text)
    if found.year < 1990:
        raise ValueError(text)
    return (found if found.tzinfo else found.replace(tzinfo=zone or UTC)).astimezone(UTC)
