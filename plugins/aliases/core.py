"""Old addresses: which are possible, where they lead in the end, and the file that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

#: The author's file of addresses that have moved, or are gone.
FILE = "weiterleitungen.yaml"
#: The file of the output that lists them, in the form that several hosts read.
RULES = "_redirects"
#: What the author writes for an address that is gone for good.
GONE = "entfernt"
_ADDRESS = re.compile(r"/(?:[\w.~+,@()!=&-]+/)*(?:[\w.~+,@()!=&-]+)?")
_ELSEWHERE = re.compile(r"https?://[^\s\"'<>\\{}$`]+")
#: Not ours to give away: the service's, and what front servers are told by.
_TAKEN = ("/kommentare/", "/theme/", f"/{RULES}", "/_headers", "/.well-known/")
_PAGE = re.compile(r"(?:[^.]+|.+\.html?)")


class AliasError(Exception):
    """An address cannot be used; message and remedy are German, joined by |."""


class Move(NamedTuple):
    """An old address and where it leads; *goal* is None if it is gone. Where the author wrote it."""

    old: str
    goal: str | None
    file: str = ""
    line: int | None = None


def checked_old(text: str) -> str:
    """
    Return an address as rules and file names have it: decoded, from the root on.

    Raises:
        AliasError: It is no address of this site.
    """
    address = unquote(text.strip())
    parts = address.split("/")
    if not _ADDRESS.fullmatch(address) or ".." in parts or "." in parts or address == "/":
        raise AliasError(
            f"„{text}“ ist keine Adresse dieser Website."
            "|Schreiben Sie sie ab dem Schrägstrich und ohne Fragezeichen, zum Beispiel "
            "/2019/05/alter-titel/."
        )
    if address.startswith(_TAKEN) or f"{address}/".startswith(_TAKEN):
        raise AliasError(f"Die Adresse {address} ist vergeben.|Nehmen Sie eine andere.")
    return address


def checked_goal(text: str) -> str:
    """
    Return where an old address leads: an address of this site, or of another one.

    Raises:
        AliasError: It is neither.
    """
    goal = text.strip()
    if _ELSEWHERE.fullmatch(goal):
        return goal
    path, hash_, fragment = goal.partition("#")
    path = unquote(path)
    if path != "/" and (not _ADDRESS.fullmatch(path) or ".." in path.split("/")):
        raise AliasError(
            f"„{text}“ ist kein Ziel."
            "|Schreiben Sie eine Adresse wie /blog/neuer-titel/ oder das Wort „entfernt“."
        )
    if not re.fullmatch(r"[\w.-]*", fragment):
        raise AliasError(f"„#{fragment}“ ist kein Anker.|Nehmen Sie die id der Überschrift.")
    return f"{path}{hash_}{fragment}"


def page_file(address: str) -> str | None:
    """Return the file of the page at an address, or None if it is the address of no page."""
    name = address.removeprefix("/")
    if name.endswith("/") or not name:
        return f"{name}index.html"
    if not _PAGE.fullmatch(name.rpartition("/")[2]):
        return None
    return name if name.endswith((".html", ".htm")) else f"{name}/index.html"


def target_file(goal: str) -> str | None:
    """Return the file that a goal in this site must have, or None if it is in another site."""
    if not goal.startswith("/"):
        return None
    path = goal.partition("#")[0]
    return page_file(path) or path.removeprefix("/")


def followed(moves: Iterable[Move]) -> tuple[dict[str, str], list[tuple[Move, str]]]:
    """
    Return where each old address leads in the end, and the moves that lead nowhere, with the reason.

    An old address may lead to another old one; readers are sent on only once.
    """
    wrong: list[tuple[Move, str]] = []
    known: dict[str, Move] = {}
    for move in moves:
        before = known.setdefault(move.old, move)
        if before.goal != move.goal:
            where = f"; sie steht auch in {before.file}" if before.file != move.file else ""
            wrong.append((move, f"Die alte Adresse {move.old} soll an zwei Ziele führen{where}."))
    goals: dict[str, str] = {}
    for move in known.values():
        seen, end = {move.old}, move.goal
        while end is not None and (then := known.get(end.partition("#")[0])) is not None:
            if then.old in seen:
                wrong.append((move, f"Die alte Adresse {move.old} führt im Kreis."))
                end = None
                break
            seen.add(then.old)
            end = then.goal
        if end is not None:
            goals[move.old] = end
    return dict(sorted(goals.items())), wrong


def rules(goals: Mapping[str, str]) -> str:
    """Return the text of `RULES`."""
    return "".join(f"{quote(old, _SAFE)} {_quoted(goal)} 301\n" for old, goal in goals.items())


_SAFE = "/~+,@()!=&"


def _quoted(goal: str) -> str:
    return goal if not goal.startswith("/") else quote(goal, f"{_SAFE}#")


def parse_rules(text: str) -> dict[str, str]:
    """Return old addresses and goals of `rules`; old ones are decoded, goals ready to be sent."""
    goals: dict[str, str] = {}
    for line in text.splitlines():
        if len(words := line.split()) == 3:
            goals[unquote(words[0])] = words[1]
    return goals
