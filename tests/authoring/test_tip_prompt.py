"""The questions for a new tip, answered as if typed."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import threading
import time

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from authoring.commands import create_tip
from authoring.tip_prompt import Desk, ask_for, lengths
from plugins.source.problem import AuthorError
from tests.site import PROJECT, Site

TOPICS = ("Rechtschreibung", "Zeichensetzung", "Stil")


class _Screen:
    """Keeps what is drawn."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


def _plain(screen: str) -> str:
    """Return what was drawn, without its colours and jumps."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen)


def _typed(keys: str, *missing: str, then: tuple[str, str] | None = None) -> dict[str, str]:
    """
    Return the answers to the questions.

    *then* is (words, keys): once these words are on the screen, more keys are typed.
    """
    screen = _Screen()
    output = Vt100_Output(screen, lambda: Size(24, 100), term="xterm", enable_cpr=False)  # type: ignore[arg-type]
    with create_pipe_input() as given, create_app_session(input=given, output=output):
        given.send_text(keys)
        watcher = threading.Thread(target=_type_after, args=(then, screen, given))
        watcher.start()
        try:
            desk = Desk(TOPICS, lambda text: text.replace("...", "…"), given, output)
            return ask_for(missing, desk)
        finally:
            watcher.join()


def _type_after(then: tuple[str, str] | None, screen: _Screen, given: PipeInput) -> None:
    if then is None:
        return
    words, keys = then
    end = time.monotonic() + 30
    while words not in _plain(screen.text):
        if time.monotonic() > end:
            given.send_text("\x03")  # the test fails with KeyboardInterrupt
            return
        time.sleep(0.01)
    given.send_text(keys)


def test_all_is_asked_in_order() -> None:
    answers = _typed(
        "Füllwörter\rStil\rStreichen Sie eigentlich jedes.\rEigentlich gut\rGut\r",
        *("headword", "topic", "tip", "wrong", "right"),
    )
    assert answers == {
        "headword": "Füllwörter",
        "topic": "Stil",
        "tip": "Streichen Sie eigentlich jedes.",
        "wrong": "Eigentlich gut",
        "right": "Gut",
    }


def test_without_a_wrong_example_there_is_no_right_one() -> None:
    assert _typed("\r", "wrong", "right") == {"wrong": ""}


def test_the_right_example_is_asked_for_where_the_wrong_one_was_given() -> None:
    assert _typed("Gut\r", "right") == {"right": "Gut"}


@pytest.mark.parametrize("typed", ["Stil", "st"])
def test_a_topic_may_be_shortened(typed: str) -> None:
    assert _typed(f"{typed}\r", "topic") == {"topic": "Stil"}


CLEAR = "\x15"  # Ctrl-U


@pytest.mark.parametrize(
    ("name", "keys", "message", "then", "answer"),
    [
        ("topic", "Garten\r", "Möglich sind: Rechtschreibung, Zeichensetzung, Stil.",
         f"{CLEAR}Stil\r", "Stil"),
        ("headword", "  \r", "Bitte schreiben Sie etwas.", "A\r", "A"),
        ("tip", "ü" * 285 + "\r", "Zu lang für X, um 5 Zeichen.", "\x7f" * 5 + "\r", "ü" * 280),
    ],
)  # fmt: skip
def test_what_she_is_told_while_she_types(
    name: str, keys: str, message: str, then: str, answer: str
) -> None:
    assert _typed(keys, name, then=(message, then)) == {name: answer}


@pytest.mark.parametrize(
    ("text", "shown", "red"),
    [
        ("", " X 0/280 · Bluesky 0/300 · Mastodon 0/500", []),
        ("Größe …", " X 8/280 · Bluesky 7/300 · Mastodon 7/500", []),
        ("ü" * 300, " X 300/280 · Bluesky 300/300 · Mastodon 300/500", ["X 300/280"]),
    ],
)
def test_the_lengths_below_what_she_types(text: str, shown: str, red: list[str]) -> None:
    parts = lengths(text)
    assert "".join(part[1] for part in parts) == shown
    assert [part[1] for part in parts if "red" in part[0]] == red


def test_line_breaks_of_a_paste_become_spaces() -> None:
    assert _typed("\x1b[200~Eins\n  zwei\x1b[201~\r", "tip") == {"tip": "Eins zwei"}


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_end_it(key: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        _typed(key, "headword")


def test_in_a_real_terminal(small_site: Site) -> None:
    """`invoke new.tip` asks, shows lengths and writes the tip."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "invoke", "new.tip", "--content", str(small_site.content)]
    environment = {**os.environ, "TERM": "xterm", "SITE_DATE": "2026-01-05"}
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=slave, stdout=slave, stderr=slave, env=environment
    ) as process:
        os.close(slave)
        screen = ""
        for question, answer in (
            ("Stichwort", "Leerzeichen"),
            ("Thema", "Typografie"),
            ("X 0/280", "Vor dem Komma steht keines."),
            ("Beispiel, falsch", ""),
        ):
            screen += _read_until(master, question)
            os.write(master, f"{answer}\r".encode())
        screen += _read_until(master, "Angelegt")
        assert process.wait(30) == 0
    os.close(master)
    assert "Ein Tipp für den 21." in screen
    text = (small_site.content / "tipps/2026.yaml").read_text("utf-8")
    assert "- date: 2026-01-21  # 2026-kw04\n  headword: Leerzeichen\n  topic: Typografie\n" in text


def _read_until(terminal: int, words: str) -> str:
    seen = ""
    end = time.monotonic() + 60
    while words not in _plain(seen) and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            data = os.read(terminal, 65536).decode("utf-8", "replace")
            if "\x1b[6n" in data:
                os.write(terminal, b"\x1b[1;1R")  # where the cursor is
            seen += data
    assert words in _plain(seen)
    return seen


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-05-05", "ist ein Dienstag"),
        ("bald", "„bald“ ist kein Datum."),
        ("2026-01-07", "Für den 2026-01-07 gibt es schon einen Tipp."),
    ],
)
def test_a_wrong_day_is_told_before_she_types(
    day: str, message: str, small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(AuthorError, match=message):
        create_tip(str(small_site.content), {"date": day})
