"""What the heading line of a block says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from plugins.german.core import date as german_date


@dataclass(frozen=True)
class Attribution:
    """Who said it, and in which work (may be empty)."""

    person: str
    work: str


def attribution(line: str) -> Attribution:
    """Return „Name, Werk“ in its parts; the work is all after the first comma."""
    person, _, work = line.partition(",")
    return Attribution(person.strip(), work.strip())


def accessed_note(day: dt.date) -> str:
    """Return „abgerufen am 1. März 2026“."""
    return f"abgerufen am {german_date(day)}"


def is_web_address(url: str) -> bool:
    """Return whether *url* is an absolute http(s) URL without spaces."""
    return re.fullmatch(r"https?://[^\s\"<>]+\.[^\s\"<>]+", url) is not None


MOST_LISTED = 50
_USUALLY_LISTED = 5


class ListError(Exception):
    """A list of tips is asked for in a way that is not possible; *remedy* says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True)
class ListWish:
    """The newest *count* tips of *topic*, or of all."""

    topic: str | None
    count: int


def list_wish(line: str, topics: Sequence[str]) -> ListWish:
    """
    Return what „thema=Stil, anzahl=5“ asks for; both may be missing.

    Raises:
        ListError: An option is unknown, there twice, or has no possible value.
    """
    options: dict[str, str] = {}
    for part in filter(None, map(str.strip, line.split(","))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in ("thema", "anzahl") or not value:
            raise ListError(
                f"„{part}“ verstehe ich nicht.",
                "Möglich sind „thema=…“ und „anzahl=…“, durch ein Komma getrennt.",
            )
        if name in options:
            raise ListError(f"„{name}“ steht zweimal da.", "Löschen Sie eines davon.")
        options[name] = value
    return ListWish(_topic(options.get("thema"), topics), _count(options.get("anzahl")))


def _topic(name: str | None, topics: Sequence[str]) -> str | None:
    if name is not None and name not in topics:
        raise ListError(f"Das Thema „{name}“ gibt es nicht.", f"Möglich sind: {', '.join(topics)}.")
    return name


def _count(number: str | None) -> int:
    if number is None:
        return _USUALLY_LISTED
    if re.fullmatch(r"[1-9][0-9]?", number) is None or int(number) > MOST_LISTED:
        raise ListError(
            f"„{number}“ ist keine mögliche Anzahl.",
            f"Schreiben Sie eine Zahl von 1 bis {MOST_LISTED}, zum Beispiel „anzahl=5“.",
        )
    return int(number)
