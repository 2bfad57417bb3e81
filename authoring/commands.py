"""What `invoke new.post` and `invoke new.tip` do, with questions where something is missing."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from authoring import skeleton
from authoring.collection import load_settings, tips_folder, today
from plugins.german.core import date as shown_date
from plugins.source.core import Document, validate
from plugins.source.problem import AuthorError
from plugins.tips import core as tips
from plugins.tips.adapter import shared_text
from publishing.console import say


def create_post(content: str, title: str, series: str | None) -> None:
    """Make the skeleton of a post and say where it is."""
    settings = load_settings(content)
    path = skeleton.new_post(Path(settings["PATH"]), title, today(settings), series)
    shown = os.path.relpath(path)
    say(f"Angelegt: {shown} (Entwurf; mit „status: published“ erscheint der Beitrag).", "green")


def create_tip(content: str, fields: dict[str, str]) -> None:
    """
    Put a tip into the collection, and say where it is.

    Raises:
        AuthorError: Something is missing and nobody can be asked, or it breaks a rule.
    """
    settings = load_settings(content)
    folder = tips_folder(settings)
    fields = {name: value for name, value in fields.items() if value}
    fields.setdefault("date", skeleton.next_free_wednesday(folder, today(settings)).isoformat())
    fields |= _ask(fields, settings)
    tip = validate(tips.Tip, Document(fields, {}), "invoke new.tip")
    _refuse_faults(tip, settings)
    path = skeleton.new_tip(folder, tip)
    say(f"Angelegt: {os.path.relpath(path)}, {tip.label} ({tip.date.isoformat()}).", "green")


_NEEDED = {"headword": "Stichwort", "topic": "Thema", "tip": "Tipp"}


def _ask(fields: dict[str, str], settings: dict[str, Any]) -> dict[str, str]:
    """
    Return what is missing in *fields*, as the author answers.

    Raises:
        AuthorError: There is no terminal.
    """
    missing = [name for name in _NEEDED if name not in fields]
    if not missing:
        return {}
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        name = missing[0]
        choice = f" ({', '.join(settings['TIPS_TOPICS'])})" if name == "topic" else ""
        raise AuthorError(
            f"invoke new.tip: Es fehlt --{name} – geben Sie an: {_NEEDED[name]}{choice}."
        )
    from authoring.tip_prompt import Desk, ask_for

    say(f"Ein Tipp für den {shown_date(_free_day(fields['date'], tips_folder(settings)))}.")
    # Who types a tip in is asked for the example, too; who gives some of it on the line is not.
    pair = [name for name in ("wrong", "right") if name not in fields] if "tip" in missing else []
    desk = Desk(settings["TIPS_TOPICS"], _shared_text(settings))
    answers = ask_for([*missing, *pair], desk)
    return {name: answer for name, answer in answers.items() if answer}


def _free_day(text: str, folder: Path) -> dt.date:
    """
    Return the day of a tip that is yet to be typed in.

    Raises:
        AuthorError: It is no Wednesday, or has its tip already.
    """
    blank = {"date": text, "headword": "–", "topic": "–", "tip": "–"}
    day = validate(tips.Tip, Document(blank, {}), "invoke new.tip").date
    if day in skeleton.taken_days(folder):
        raise AuthorError(f"invoke new.tip: Für den {day} gibt es schon einen Tipp.")
    return day


def _shared_text(settings: dict[str, Any]) -> Callable[[str], str]:
    return partial(shared_text, typography=settings.get("TYPOGRAPHY", {}))


def _refuse_faults(tip: tips.Tip, settings: dict[str, Any]) -> None:
    entry = tips.Entry(tip, "invoke new.tip", 0, Document({}, {}), 0)
    found = tips.problems([entry], settings["TIPS_TOPICS"], _shared_text(settings))
    if found:
        raise AuthorError("\n".join(map(str, found)))
