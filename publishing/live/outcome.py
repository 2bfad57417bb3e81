"""What a rebuild came to, in a form that processes of different ages can send each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from plugins.source.problem import AuthorError, Problem


@dataclass(frozen=True)
class Outcome:
    """The site changed as *changed* says; or *problems* kept it as it was."""

    #: Addresses of the files that were written or deleted, see `address`; None: perhaps all.
    changed: frozenset[str] | None = frozenset()
    problems: tuple[Problem, ...] = ()
    #: Addresses of all drafts there are, without a slash in front.
    drafts: tuple[str, ...] = ()
    #: False: there was nothing to build, and the last outcome still holds.
    is_news: bool = True


#: Gets the paths that were saved, deleted or made: files, or folders with anything in them.
#: None at all means: build whatever is not as it should be.
Rebuild: TypeAlias = Callable[[frozenset[Path]], Outcome]


def address(path: str) -> str:
    """Return the address of the site's file *path*: ``blog/x/index.html`` is ``/blog/x/``."""
    is_index = path == "index.html" or path.endswith("/index.html")
    return f"/{path.removesuffix('index.html') if is_index else path}"


def refusal(error: AuthorError) -> Outcome:
    """Return the outcome of a build that ended with *error*."""
    problems: tuple[Problem, ...] = tuple(getattr(error, "problems", ()))
    return Outcome(problems=problems or (Problem("Vorschau", str(error)),))


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Return *outcome* in plain data, for JSON."""
    return {
        "changed": None if outcome.changed is None else sorted(outcome.changed),
        "problems": [dataclasses.asdict(problem) for problem in outcome.problems],
        "drafts": outcome.drafts,
        "is_news": outcome.is_news,
    }


def from_data(data: dict[str, Any]) -> Outcome:
    """Return the outcome that `as_data` gave *data* of."""
    changed = data.get("changed")
    return Outcome(
        changed=None if changed is None else frozenset(changed),
        problems=tuple(Problem(**problem) for problem in data.get("problems", ())),
        drafts=tuple(data.get("drafts", ())),
        is_news=data.get("is_news", True),
    )
