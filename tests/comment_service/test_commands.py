"""`invoke comments.*`, as the author types it: German answers, status 1 for mistakes."""

from __future__ import annotations

import io
import json

import pytest
from django.utils import timezone
from invoke import Context

import tasks
from comment_service.comments.models import Comment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invoke(monkeypatch, capsys, settings, tmp_path):
    """Run a command of `tasks`; return what it said, with the status that was expected."""
    settings.COMMENTS_DATA = tmp_path / "data"
    settings.COMMENTS_DATA.mkdir()

    def run(command, /, *arguments, typed="", status=0, **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = 0
        try:
            tasks.comments.tasks[command](Context(), *arguments, **options)
        except SystemExit as error:
            code = error.code
        captured = capsys.readouterr()
        assert code == status, captured
        assert "Traceback" not in captured.err
        return captured.out + captured.err

    return run


@pytest.fixture
def comments(db):
    for number, text in enumerate(("Gilt das immer?", "Casino!", "Noch eine Frage")):
        Comment.objects.create(
            id=f"kommentar{number}",
            page="/blog/a/",
            author="Ida",
            text=text,
            created=timezone.now(),
            suspicion="9 Links" if number == 1 else "",
        )


def test_the_whole_day_of_an_author(invoke, comments, tmp_path):
    """List, show, spam, answer, rename, export, back up, tell, erase, restore."""
    assert "Verdacht: 9 Links" in invoke("list")
    assert invoke("spam", "kommentar1").startswith("1\u00a0Kommentar als Spam abgelehnt.")
    answered = invoke("answer", "kommentar0", name="Henrike Voss", typed="Ja,\nimmer.\n")
    assert "sind freigegeben" in answered
    replies = json.loads(invoke("list", state="approved", json=True))
    reply = next(entry for entry in replies if entry["by_author"])
    assert (reply["text"], reply["author"]) == ("Ja,\nimmer.", "Henrike Voss")
    both = invoke("show", reply["id"])
    assert both.index("Gilt das immer?") < both.index("Ja,")
    assert "Der Name ist geändert." in invoke("rename", "kommentar2", "Ida B.")
    assert "So heißt er schon." in invoke("rename", "kommentar2", "Ida B.")

    target = tmp_path / "export.json"
    assert "2\u00a0Kommentare in" in invoke("export", target=str(target))
    assert len(json.loads(target.read_text("utf-8"))["comments"]) == 2
    assert json.loads(invoke("export", since=99))["comments"] == []

    assert "Gesichert: 4\u00a0Kommentare in" in invoke("backup")
    (backup,) = (tmp_path / "data" / "sicherungen").iterdir()
    told = json.loads(invoke("person", "ida"))
    assert [entry["id"] for entry in told["comments"]] == ["kommentar0", "kommentar1"]
    refused = invoke("person", "ida", erase=True, typed="nein\n", status=1)
    assert "Nichts wurde geändert." in refused
    assert "2\u00a0Kommentare gelöscht" in invoke("person", "ida", erase=True, typed="ja\n")
    assert "nichts gespeichert" in invoke("person", "ida", erase=True)

    assert invoke("restore", str(backup), typed="", status=1)
    restored = invoke("restore", str(backup), yes=True)
    assert "Wiederhergestellt: 2\u00a0Kommentare." in restored
    assert json.loads(invoke("person", "ida"))["comments"] == []


def test_a_restore_with_another_key_is_told(invoke, comments, settings):
    invoke("backup")
    (backup,) = (settings.COMMENTS_DATA / "sicherungen").iterdir()
    settings.SECRET_KEY = "ein anderer Schlüssel, der auch fünfzig Zeichen lang ist"
    assert "von einem anderen Schlüssel" in invoke("restore", str(backup), yes=True)


def test_a_second_factor_needs_a_right_code(invoke):
    from comment_service import moderation

    moderation.set_password("henrike", "Mittwochs kommt die Post")
    answer = invoke("second-factor", "henrike", typed="000000\n", status=1)
    assert "otpauth://totp/" in answer
    assert "Der Code stimmt nicht" in answer
    assert "keinen zweiten Faktor" not in invoke("second-factor", "henrike", off=True)


@pytest.mark.parametrize(
    ("name", "arguments", "options", "message"),
    [
        ("show", ["nix"], {}, "Unbekannte Kennung: nix"),
        ("rename", ["nix", "Name"], {}, "Unbekannte Kennung"),
        ("answer", ["kommentar2"], {"text": " ", "name": "H"}, "Ihre Antwort ist leer"),
        ("export", [], {"since": -1}, "Das ist keine Revision"),
        ("export", [], {"target": "/gibt/es/nicht/x.json"}, "lässt sich nicht schreiben"),
        ("restore", ["/gibt/es/nicht.gz"], {"yes": True}, "Diese Sicherung gibt es nicht"),
        ("person", [" "], {}, "Wer?"),
        ("second-factor", ["niemand"], {}, "Den Zugang „niemand“ gibt es nicht"),
    ],
)
def test_a_mistake_is_one_german_sentence(name, arguments, options, message, invoke, comments):
    answer = invoke(name, *arguments, status=1, **options)
    assert message in answer
    assert answer.startswith("Fehler: ")
