"""What the author did not mean to write, in words that help her. Imports nothing heavy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class AuthorError(Exception):
    """A command cannot go on; the message is German, complete, and all the author needs."""


@dataclass(frozen=True)
class Problem:
    """A mistake of the author's: where it is, what it is, what helps. All texts are German."""

    file: str
    message: str
    line: int | None = None
    field: str | None = None
    remedy: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [place, self.field, self.message] if self.field else [place, self.message]
        sentence = ": ".join(parts)
        return f"{sentence} {self.remedy}" if self.remedy else sentence


class SourceError(AuthorError):
    """One or more files of the author's cannot be used; *problems* says which and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[SourceError], tuple[tuple[Problem, ...]]]:
        """Say how another process gets it: with its problems, not with its message."""
        return type(self), (self.problems,)


def shown_path(path: str | Path) -> str:
    """Return *path* as the author knows it: from the current folder on, if it lies in it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
