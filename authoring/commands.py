"""What `invoke new.post` and `invoke new.tip` do, with questions where something is missing."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

from rich.prompt import Prompt

from authoring import skeleton
from plugins.schedule.core import site_date
from plugins.source.core import Document, validate
from plugins.source.problem import AuthorError
from plugins.tips import core as tips
from plugins.tips.adapter import DEFAULTS, shared_text
from publishing.build import PROJECT, load_settings
from publishing.console import console, say


def create_post(content: str, title: str, series: str | None) -> None:
    """Make the skeleton of a post and say where it is."""
    settings = _settings(content)
    path = skeleton.new_post(Path(settings["PATH"]), title, _today(settings), series)
    shown = os.path.relpath(path)
    say(f"Angelegt: {shown} (Entwurf; mit „status: published“ erscheint der Beitrag).", "green")


def create_tip(content: str, fields: dict[str, str]) -> None:
    """
    Put a tip into the collection, and say where it is.

    Raises:
        AuthorError: Something is missing and nobody can be asked, or it breaks a rule.
    """
    settings = _settings(content)
    folder = Path(settings["PATH"]) / settings["TIPS_PATH"]
    fields = {name: value for name, value in fields.items() if value}
    fields.setdefault("date", skeleton.next_free_wednesday(folder, _today(settings)).isoformat())
    questions = {
        "headword": "Stichwort",
        "topic": f"Thema ({', '.join(settings['TIPS_TOPICS'])})",
        "tip": "Tipp",
    }
    for name, question in questions.items():
        if name not in fields:
            fields[name] = _ask(name, question)
    tip = validate(tips.Tip, Document(fields, {}), "invoke new.tip")
    _refuse_faults(tip, settings)
    path = skeleton.new_tip(folder, tip)
    say(f"Angelegt: {os.path.relpath(path)}, {tip.label} ({tip.date.isoformat()}).", "green")


def _settings(content: str) -> dict[str, Any]:
    folder = Path(content) if content else None
    return DEFAULTS | load_settings(PROJECT / "pelicanconf.py", folder)


def _today(settings: dict[str, Any]) -> dt.date:
    wanted = os.environ.get("SITE_DATE") or settings["SITE_DATE"]
    return site_date(wanted, dt.datetime.now(dt.UTC), settings["TIMEZONE"])


def _ask(name: str, question: str) -> str:
    if not sys.stdin.isatty():
        raise AuthorError(f"invoke new.tip: Es fehlt --{name} – geben Sie an: {question}.")
    return Prompt.ask(question, console=console)


def _refuse_faults(tip: tips.Tip, settings: dict[str, Any]) -> None:
    entry = tips.Entry(tip, "invoke new.tip", 0, Document({}, {}), 0)
    found = tips.problems(
        [entry],
        settings["TIPS_TOPICS"],
        lambda text: shared_text(text, settings.get("TYPOGRAPHY", {})),
    )
    if found:
        raise AuthorError("\n".join(map(str, found)))
