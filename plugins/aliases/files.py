"""The author's file of addresses that have moved, or are gone: ``weiterleitungen.yaml``."""

from __future__ import annotations

from pathlib import Path

from plugins.aliases.core import GONE, AliasError, Move, checked_goal, checked_old
from plugins.source.core import decode, load_yaml
from plugins.source.problem import Problem, SourceError, shown_path


def read_moves(path: Path) -> list[Move]:
    """
    Return what the file *path* says; nothing if there is none.

    Raises:
        SourceError: With every mistake in it.
    """
    if not path.is_file():
        return []
    file = shown_path(path)
    document = load_yaml(decode(path.read_bytes(), file), file)
    if document.value in (None, ""):
        return []
    if not isinstance(document.value, dict):
        raise SourceError([_problem(file, 1, None, "Das sind keine Paare von Adressen.|" + _FORM)])
    moves, problems = [], []
    for old, goal in document.value.items():
        line = document.line((old,))
        try:
            if not isinstance(goal, str):
                raise AliasError(f"„{goal}“ ist kein Ziel.|{_FORM}")
            is_gone = goal.strip() == GONE
            end = None if is_gone else checked_goal(goal)
            moves.append(Move(checked_old(old), end, file, line))
        except AliasError as error:
            problems.append(_problem(file, line, old, str(error)))
    if problems:
        raise SourceError(problems)
    return moves


_FORM = "Schreiben Sie je Zeile „/alte/adresse/: /neue/adresse/“ oder „/alte/adresse/: entfernt“."


def _problem(file: str, line: int | None, field: str | None, text: str) -> Problem:
    message, _, remedy = text.partition("|")
    return Problem(file, message, line, field, remedy)
