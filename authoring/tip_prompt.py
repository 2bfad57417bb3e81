"""Questions for a new tip; while she types, the author sees how long it is on each network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.validation import ValidationError, Validator

from social.counting import TIP_NETWORKS


@dataclass(frozen=True)
class Desk:
    """What the questions need: the topics, the text as networks get it, and whether a post fits."""

    topics: Sequence[str]
    shared_text: Callable[[str], str]
    input: Input | None = None
    output: Output | None = None


def ask_for(missing: Sequence[str], desk: Desk) -> dict[str, str]:
    """
    Return what the author answers about the fields in *missing*, in their order; optional ones may be "".

    Raises:
        KeyboardInterrupt: She does not want to go on.
    """
    session: PromptSession[str] = PromptSession(input=desk.input, output=desk.output)
    answers: dict[str, str] = {}
    for name in missing:
        if name == "right" and not answers.get("wrong", "-"):
            continue  # no pair
        try:
            answer = session.prompt(
                f"{_QUESTIONS[name]}: ",
                completer=WordCompleter(desk.topics) if name == "topic" else None,
                complete_while_typing=True,
                validator=_validator(name, desk),
                validate_while_typing=False,
                bottom_toolbar=partial(_toolbar, session, desk) if name == "tip" else None,
            )
        except EOFError:
            raise KeyboardInterrupt from None
        answer = _in_one_line(answer)
        answers[name] = _topic(answer, desk.topics) if name == "topic" else answer
    return answers


_QUESTIONS = {
    "headword": "Stichwort",
    "topic": "Thema",
    "tip": "Tipp",
    "wrong": "Beispiel, falsch (Eingabetaste: keines)",
    "right": "Beispiel, richtig",
}


def _topic(text: str, topics: Sequence[str]) -> str:
    """Return the only topic that begins with *text*, „gr“ for „Grammatik“; else *text*."""
    found = [topic for topic in topics if topic.lower().startswith(text.lower())]
    return found[0] if len(found) == 1 and text not in topics else text


def _in_one_line(text: str) -> str:
    """Return *text* without the line breaks that a paste brings along."""
    return " ".join(text.split())


def _toolbar(session: PromptSession[str], desk: Desk) -> StyleAndTextTuples:
    return lengths(desk.shared_text(_in_one_line(session.default_buffer.text)))


def lengths(text: str) -> StyleAndTextTuples:
    """Return the toolbar: „X 143/280 · Bluesky 141/300“, and in red what is too long."""
    parts: StyleAndTextTuples = []
    for network in TIP_NETWORKS:
        length = network.length(text)
        parts.append(("", " · " if parts else " "))
        style = "bg:ansired fg:ansiwhite bold" if length > network.limit else ""
        parts.append((style, f"{network.name} {length}/{network.limit}"))
    return parts


class _Rule(Validator):
    """Refuses an answer with the message that *fault* returns for it."""

    def __init__(self, fault: Callable[[str], str]) -> None:
        self._fault = fault

    def validate(self, document: Document) -> None:
        if message := self._fault(_in_one_line(document.text)):
            raise ValidationError(len(document.text), message)


def _validator(name: str, desk: Desk) -> Validator:
    def fault(text: str) -> str:
        if not text:
            return "" if name == "wrong" else "Bitte schreiben Sie etwas."
        if name == "topic" and _topic(text, desk.topics) not in desk.topics:
            return f"Möglich sind: {', '.join(desk.topics)}."
        if name == "tip":
            return _too_long(desk.shared_text(text))
        return ""

    return _Rule(fault)


def _too_long(text: str) -> str:
    for network in TIP_NETWORKS:
        if (length := network.length(text)) > network.limit:
            return f"Zu lang für {network.name}, um {length - network.limit} Zeichen."
    return ""
