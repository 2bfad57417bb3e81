"""Programs that measure; what they found is in RESULTS.md."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from plugins.source.problem import AuthorError

#: Each is a module here whose `run` measures, prints and writes its section.
BENCHES = (
    *("build", "comments", "deploy", "front", "incremental", "kills", "reader", "typography"),
)


def run(name: str, **options: Any) -> None:
    """
    Run the bench *name* with those *options* that are not empty.

    Raises:
        AuthorError: There is no such bench, or it has no such option.
    """
    if name not in BENCHES:
        raise AuthorError(f"Was soll gemessen werden? Möglich ist: {', '.join(BENCHES)}.")
    program = import_module(f"bench.{name}").run
    chosen = {option: value for option, value in options.items() if value}
    known = inspect.signature(program).parameters
    if unknown := [option for option in chosen if option not in known]:
        raise AuthorError(f"„{name}“ kennt --{unknown[0]} nicht.")
    program(**chosen)
