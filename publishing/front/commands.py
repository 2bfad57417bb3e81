"""What `invoke server.config` and `invoke server.install` do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plugins.source.problem import AuthorError
from publishing import build as builder
from publishing import deploy
from publishing.console import complain, say
from publishing.front import Front, caddy, front, install, nginx, survey

KINDS: dict[str, Callable[[Front], str]] = {"caddy": caddy.caddyfile, "nginx": nginx.nginx_conf}


def write_config(kind: str, settings: str, output: str) -> None:
    """
    Print the configuration of the web server *kind*, or write it to the file *output*.

    Raises:
        AuthorError: There is no such kind, a setting is wrong, or nothing has been built.
    """
    if kind not in KINDS:
        raise AuthorError(f"Für „{kind}“ gibt es keine Vorlage – möglich sind caddy und nginx.")
    file = Path(settings).resolve()
    text = KINDS[kind](_front(builder.load_settings(file), file.parent))
    if not output:
        print(text, end="")
        return
    goal = Path(output)
    try:
        goal.write_text(text, "utf-8")
    except OSError as error:
        raise AuthorError(f"{output}: Das Schreiben ging nicht ({error.strerror}).") from None
    say(f"Geschrieben: {goal}", "green")


def _front(loaded: dict[str, Any], base: Path) -> Front:
    found = front(loaded, base)
    if blocked := survey.used(Path(loaded["OUTPUT_PATH"])).blocked:
        complain(
            f"Hinweis: In {blocked[0]} steht ein Attribut wie „style“; die Website verbietet es "
            f"den Browsern ({len(blocked)} insgesamt). Nehmen Sie eine Klasse.",
            "yellow",
        )
    return found


def install_server(kind: str, settings: str, output: str, user: str, is_dry_run: bool) -> None:
    """
    Show what has to be done on a Debian server, or write it to the file *output*, a script for root.

    Raises:
        AuthorError: A setting is wrong, or nothing has been built.
    """
    if kind not in KINDS:
        raise AuthorError(f"Für „{kind}“ gibt es keine Vorlage – möglich sind caddy und nginx.")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", user):
        raise AuthorError(f"--user: {user} – wählen Sie Kleinbuchstaben, zum Beispiel blog.")
    file = Path(settings).resolve()
    loaded = builder.load_settings(file)
    steps = install.steps(
        _front(loaded, file.parent),
        kind,
        KINDS[kind],
        file,
        loaded["TIMEZONE"],
        user,
        deploy.requirements(loaded.get("DEPLOY", {})),
    )
    if is_dry_run:
        print(install.script(steps), end="")
        complain("Das war nur die Vorschau; geändert wurde nichts.")
        return
    install.write(steps, Path(output))
    say(f"Geschrieben: {output} – sehen Sie es durch, und rufen Sie es als root auf.", "green")
