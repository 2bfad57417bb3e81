"""A command whose one argument may be left out: `invoke lektorat`, `invoke lektorat PATH`."""

from __future__ import annotations

import sys
from typing import Any

from invoke.parser.argument import Argument
from invoke.tasks import Task


class TaskWithPath(Task):  # type: ignore[type-arg]
    """
    A task whose positional argument is optional.

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
                if argument.name in self.positional:
                    argument.default = ""
        return arguments


_WITH_VALUE = ("--content", "-c", "--settings", "--image", "--only")


def _has_path(words: list[str], task: str) -> bool:
    # „tips.share“ is the task „share“.
    tasks = [word.rpartition(".")[2] for word in words]
    if task not in tasks:
        return False
    behind = words[tasks.index(task) + 1 :]
    is_value = False
    for word in behind:
        if word.startswith("-"):
            # „--content ORDNER“: the next word belongs to it; „--content=ORDNER“ has its own.
            is_value = word in _WITH_VALUE
        elif is_value:
            is_value = False
        else:
            return True
    return False
