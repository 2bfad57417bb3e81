"""Programs that measure; what they found is in RESULTS.md."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from plugins.source.problem import AuthorError

#: Each is a module here whose `run` measures, prints and writes its section.
BENCHES = (
    *("build", "comments", "deploy", "front", "incremental", "kills", "reader", "typography"),
)


def chosen(cases: str, possible: Iterable[str], fault: str) -> list[str]:
    """
    Return the names in *cases*, divided by commas, or all that are *possible*.

    Raises:
        AuthorError: One of them is not; the message says „x“ and the *fault*.
    """
    names = [name for name in cases.replace(" ", "").split(",") if name] or list(possible)
    if unknown := set(names) - set(possible):
        raise AuthorError(f"„{min(unknown)}“ {fault} – möglich sind {', '.join(possible)}.")
    return names


def run(name: str, **options: Any) -> None:
    """
    Run the bench *name* with those *options* that are not empty.

    Raises:
        AuthorError: There is no such bench, or it has no such option.
    """
    if name not in BENCHES:
        raise AuthorError(f"Was soll gemessen werden? Möglich ist: {', '.join(BENCHES)}.")
    program = import_module(f"bench.{name}").run
    given = {option: value for option, value in options.items() if value}
    known = inspect.signature(program).parameters
    if unknown := [option for option in given if option not in known]:
        raise AuthorError(f"„{name}“ kennt --{unknown[0]} nicht.")
    program(**given)
