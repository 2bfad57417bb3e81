"""What `invoke new.post` and `invoke new.tip` do, with questions where something is missing."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

from rich.prompt import Prompt

from authoring import skeleton
from plugins.schedule.core import site_date
from plugins.source.core import Document, validate
from plugins.source.problem import AuthorError, Problem
from plugins.tips import core as tips
from plugins.tips.adapter import DEFAULTS, shared_text
from publishing.console import console, say

_QUESTIONS = {
    "headword": "Stichwort",
    "topic": f"Thema ({', '.join(DEFAULTS['TIPS_TOPICS'])})",
    "tip": "Tipp",
}


def _today() -> dt.date:
    return site_date(os.environ.get("SITE_DATE"), dt.datetime.now(dt.UTC), "Europe/Berlin")


def create_post(content: Path, title: str, series: str | None) -> None:
    """Make the skeleton of a post and say where it is."""
    path = skeleton.new_post(content, title, _today(), series)
    say(f"Angelegt: {path} (Entwurf; mit „status: published“ erscheint der Beitrag).", "green")


def create_tip(content: Path, fields: dict[str, str]) -> None:
    """
    Put a tip into the collection, and say where it is.

    Raises:
        AuthorError: Something is missing and nobody can be asked, or it breaks a rule.
    """
    folder = content / "tipps"
    fields = {name: value for name, value in fields.items() if value}
    fields.setdefault("date", skeleton.next_free_wednesday(folder, _today()).isoformat())
    for name, question in _QUESTIONS.items():
        if name not in fields:
            fields[name] = _ask(name, question)
    tip = validate(tips.Tip, Document(fields, {}), "invoke new.tip")
    _refuse_faults(tip)
    path = skeleton.new_tip(folder, tip)
    say(f"Angelegt: {path}, {tip.label} ({tip.date.isoformat()}).", "green")


def _ask(name: str, question: str) -> str:
    if not sys.stdin.isatty():
        raise AuthorError(f"invoke new.tip: Es fehlt --{name} – geben Sie an: {question}.")
    return Prompt.ask(question, console=console)


def _refuse_faults(tip: tips.Tip) -> None:
    entry = tips.Entry(tip, "invoke new.tip", 0, Document({}, {}), 0)
    found: list[Problem] = tips.problems(
        [entry], DEFAULTS["TIPS_TOPICS"], lambda text: shared_text(text, {})
    )
    if found:
        raise AuthorError("\n".join(map(str, found)))
