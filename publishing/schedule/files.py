"""Lines for cron, and workflows for the CI of forges."""

from __future__ import annotations

import shlex
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.schedule import FIRST_HOUR

_HERE = Path(__file__).resolve().parent


def cron_line(project: str, settings: str) -> str:
    """
    Return the line for `crontab -e`; its hours are by the clock of the machine.

    cron tells by mail what a command printed, so it should print only what went wrong.
    """
    command = f"cd {shlex.quote(project)} && .venv/bin/python -m invoke build --if-due"
    command += f" --settings {shlex.quote(settings)} >/dev/null"
    # For cron, % ends the command.
    return f"5 {FIRST_HOUR}-23 * * * {command.replace('%', chr(92) + '%')}\n"


def github_workflow() -> str:
    """Return a workflow for GitHub, Forgejo and Gitea, which read the same language."""
    return _HERE.joinpath("github.yml").read_text("utf-8")


def gitlab_pipeline() -> str:
    """Return a pipeline for GitLab; its schedule is made on a page there."""
    return _HERE.joinpath("gitlab.yml").read_text("utf-8")


def print_schedule(kind: str, settings: Path) -> None:
    """
    Print a schedule of that *kind*.

    Raises:
        AuthorError: There is no such kind.
    """
    match kind:
        case "cron":
            print(cron_line(str(settings.parent), str(settings)), end="")
        case "github" | "forgejo":
            print(github_workflow(), end="")
        case "gitlab":
            print(gitlab_pipeline(), end="")
        case _:
            raise AuthorError(
                f"Für „{kind}“ gibt es keine Vorlage – möglich sind cron, github, forgejo, gitlab."
            )
