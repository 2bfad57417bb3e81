"""What the server does by itself, whatever happens meanwhile."""

from __future__ import annotations

import pytest

from comment_service import caretaker
from comment_service.comments import postman, tidy


class Enough(Exception):  # noqa: N818 (it is no error)
    """Ends the endless loop."""


@pytest.fixture
def rounds(monkeypatch, settings):
    """Let it go round three times, with a clock that an hour passes on each."""
    settings.EMAIL_HOST = "mail.beispiel.example"
    done = []
    clock = iter(range(0, 1_000_000, 3600))
    monkeypatch.setattr(tidy, "tidy", lambda: done.append("tidy"))
    monkeypatch.setattr(postman, "deliver", lambda: done.append("mail"))

    class Time:
        @staticmethod
        def monotonic():
            return next(clock)

        @staticmethod
        def sleep(seconds):
            if done.count("mail") >= 3:
                raise Enough

    monkeypatch.setattr(caretaker, "time", Time)
    return done


def test_it_sends_mail_and_tidies_up(rounds, db):
    with pytest.raises(Enough):
        caretaker._run()
    assert rounds.count("mail") == 3
    assert rounds.count("tidy") >= 2


def test_a_failure_is_logged_and_the_next_round_comes(rounds, db, monkeypatch, caplog):
    def fail():
        rounds.append("mail")
        raise RuntimeError("Platte voll")

    monkeypatch.setattr(postman, "deliver", fail)
    with pytest.raises(Enough):
        caretaker._run()
    assert rounds.count("mail") == 3
    assert "Platte voll" in caplog.text


def test_without_outgoing_mail_none_is_sent(rounds, db, settings):
    settings.EMAIL_HOST = ""
    caretaker._attempt("mail")
    assert rounds == []
