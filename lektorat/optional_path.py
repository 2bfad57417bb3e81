"""A command whose one argument may be left out: `invoke lektorat`, `invoke lektorat PATH`."""

from __future__ import annotations

import sys
from typing import Any

from invoke.parser.argument import Argument
from invoke.tasks import Task


class TaskWithPath(Task):  # type: ignore[type-arg]
    """
    A task whose positional argument „path“ is optional.

    Invoke asks for every positional argument that has no value yet, and takes none for those that
    have a default. So the argument is made positional only if a path was given: then the word
    behind the task's name, or behind its switches, is neither a switch nor another task.
    """

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        """Return the arguments; the path is positional if there is one on the command line."""
        arguments: list[Any] = super().get_arguments(ignore_unknown_help)
        if not _has_path(sys.argv[1:], str(self.name).replace("_", "-")):
            for argument in arguments:
                argument.positional = False
                if argument.name == "path":
                    argument.default = ""
        return arguments


def _has_path(words: list[str], task: str) -> bool:
    if task not in words:
        return False
    behind = words[words.index(task) + 1 :]
    is_value = False
    for word in behind:
        if word.startswith("-"):
            # „--content ORDNER“: the next word belongs to it; „--content=ORDNER“ has its own.
            is_value = word == "--content" or word == "-c"
        elif is_value:
            is_value = False
        else:
            return True
    return False
