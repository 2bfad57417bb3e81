"""Backups: whole or refused, made while others write, and without what was erased since."""

from __future__ import annotations

import gzip
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from comment_service import moderation
from comment_service.comments import archive, ledger, subscriptions, suspicion
from comment_service.comments.models import Comment, Counter, Erasure, Knowledge, Subscription
from comment_service.moderation import ModerationError
from plugins.comments.snapshot import parse_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    """A data folder for each test: the list of what was erased lies in it."""
    settings.COMMENTS_DATA = tmp_path / "data"
    settings.COMMENTS_DATA.mkdir()
    return settings.COMMENTS_DATA


def state():
    rows = Comment.objects.order_by("pk").values()
    return [{k: v for k, v in row.items() if k != "decided"} for row in rows]


def test_a_restored_backup_is_what_it_was(make_comment, tmp_path):
    moderation.set_password("henrike", "Mittwochs kommt die Post")
    parent = make_comment("approved", text="„Ähm“\n\n> Zitat 😀", website="https://a.example/")
    make_comment("approved", parent=parent)
    make_comment("spam", text="Kaufen Sie jetzt sofort Uhren, billig und gut und sehr schnell!")
    make_comment("rejected")
    subscription = subscriptions.ask(make_comment(), "ida@beispiel.example")
    before, knowledge = state(), bytes(Knowledge.objects.get().counts)
    path, count = moderation.backup(tmp_path / "sicherung.gz")
    assert count == 5
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    Comment.objects.all().update(text="verfälscht", author="Niemand")
    Subscription.objects.all().delete()
    make_comment("approved", text="nach der Sicherung")
    kept, count = moderation.restore(path)
    assert count == 5
    assert state() == before
    assert Subscription.objects.get().address == subscription.address
    assert bytes(Knowledge.objects.get().counts) == knowledge
    from django.contrib.auth import authenticate

    assert authenticate(username="henrike", password="Mittwochs kommt die Post")
    # The state before it is a backup, too.
    moderation.restore(kept)
    assert Comment.objects.filter(text="nach der Sicherung").exists()
    moderation.set_password("neu", "Donnerstags kommt sie auch")  # numbers go on after the rows


def test_what_was_erased_since_stays_erased(make_comment, tmp_path):
    gone = make_comment("approved", author="Ida", text="Weg damit")
    withdrawn = make_comment("approved")
    stays = make_comment("approved", text="Bleibt")
    ended = subscriptions.ask(stays, "ida@beispiel.example")
    path, _ = moderation.backup(tmp_path)
    moderation.erase_person("Ida")
    moderation.erase([withdrawn.id])
    subscriptions.end([ended])
    moderation.restore(path)
    assert {c["id"] for c in moderation.listed()} == {stays.id}
    assert Comment.objects.get(pk=gone.pk).text == ""
    assert not Subscription.objects.exists()
    assert set(moderation.changes()["erased"]) == {gone.id, withdrawn.id}


def test_the_list_of_the_erased_survives_the_database(make_comment, tmp_path, data):
    gone, stays = make_comment("approved", text="Weg damit"), make_comment("approved")
    path, _ = moderation.backup(tmp_path)
    moderation.erase([gone.id])
    # The disk breaks; the data folder is saved, the database is a new one.
    Comment.objects.all().delete()
    Erasure.objects.all().delete()
    Counter.objects.all().delete()
    assert ledger.recorded() == {gone.id}
    moderation.restore(path)
    assert {c["id"] for c in moderation.listed()} == {stays.id}
    assert Comment.objects.get(pk=gone.pk).text == ""


def test_a_line_cut_short_or_rubbish_in_the_list_does_no_harm(make_comment, tmp_path, data):
    comment = make_comment("approved")
    path, _ = moderation.backup(tmp_path)
    (data / ledger.FILE).write_bytes(b"quatsch mit leerzeichen\n\xff\xfe\n../..\n" + b"x" * 99)
    moderation.restore(path)
    assert Comment.objects.get(pk=comment.pk).text == "Guten Tag!"


def test_after_a_restore_builds_fetch_everything_once(make_comment, tmp_path):
    """Else a build would go on from a revision that now counts other comments."""
    from plugins.comments.pull import pull

    file = tmp_path / "kommentare.json"
    make_comment("approved", text="Eins")
    path, _ = moderation.backup(tmp_path)
    lost = make_comment("approved", text="Geht verloren")
    assert pull("local", file).count == 2
    store, number = Counter.current().store, Counter.current().number
    moderation.restore(path)
    new = make_comment("approved", text="Danach")
    assert Counter.current().number > number
    assert Counter.current().store != store
    result = pull("local", file)
    assert result.is_fresh, result.message
    texts = [c.text for c in parse_snapshot(file.read_bytes(), "x").comments]
    assert texts == ["Eins", "Danach"]
    assert lost.id not in file.read_text()
    assert new.id in file.read_text()


def test_a_backup_is_one_moment_while_others_write(make_comment, tmp_path):
    """Each comment is renamed with its neighbour in one transaction: a backup never splits them."""
    pairs = [(make_comment(author="0"), make_comment(author="0")) for _ in range(30)]
    from django.db import transaction

    def write(number):
        try:
            first, second = pairs[number % 30]
            for value in range(5):
                with transaction.atomic():
                    for comment in (first, second):
                        Comment.objects.filter(pk=comment.pk).update(author=f"{number}-{value}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(write, number) for number in range(30)]
        paths = [moderation.backup(tmp_path / f"{n}.gz")[0] for n in range(6)]
        for job in running:
            job.result()
    for path in paths:
        lines = gzip.decompress(path.read_bytes()).splitlines()[1:-1]
        rows = [json.loads(line) for line in lines]
        names = {row["pk"]: row["fields"]["author"] for row in rows if "comment" in row["model"]}
        assert all(names[a.pk] == names[b.pk] for a, b in pairs)


def test_what_is_no_whole_backup_is_refused_and_nothing_changes(make_comment, tmp_path):
    make_comment("approved", text="Da bin ich")
    path, _ = moderation.backup(tmp_path / "gut.gz")
    good = path.read_bytes()
    lines = gzip.decompress(good).splitlines(keepends=True)
    before = state()
    broken = {
        "leer": b"",
        "text": b"Das ist ein Brief.",
        "halb": good[: len(good) // 2],
        "ohne-ende": gzip.compress(b"".join(lines[:-1])),
        "zeile-fehlt": gzip.compress(lines[0] + b"".join(lines[2:])),
        "kein-json": gzip.compress(b"{\n"),
        "fremd": gzip.compress(b'{"format": "x"}\n{"rows": 0}\n'),
        "neuer": gzip.compress(lines[0].replace(b'"version": 1', b'"version": 2') + lines[-1]),
        "fremde-tabelle": gzip.compress(
            lines[0] + b'{"model": "sessions.session", "pk": "x", "fields": {}}\n{"rows": 1}\n'
        ),
        "unbekannte-tabelle": gzip.compress(
            lines[0] + b'{"model": "a.b", "pk": 1, "fields": {}}\n{"rows": 1}\n'
        ),
    }
    for name, content in broken.items():
        file = tmp_path / f"{name}.gz"
        file.write_bytes(content)
        with pytest.raises(ModerationError) as caught:
            pytest.fail(f"{name}: {moderation.restore(file)}")
        assert str(file) in str(caught.value)
        assert state() == before, name
    with pytest.raises(ModerationError, match="Diese Sicherung gibt es nicht"):
        moderation.restore(tmp_path / "nicht-da.gz")


def test_a_backup_that_cannot_be_written_is_one_error_and_leaves_nothing(make_comment, tmp_path):
    blocked = tmp_path / "datei"
    blocked.write_text("")
    with pytest.raises(ModerationError, match="lässt sich nicht schreiben"):
        moderation.backup(blocked / "sicherung.gz")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["datei"]


def test_another_key_is_noticed(make_comment, tmp_path, settings):
    path, _ = moderation.backup(tmp_path)
    assert moderation.is_readable(path)
    settings.SECRET_KEY = "ein anderer Schlüssel, der auch fünfzig Zeichen lang ist"
    assert not moderation.is_readable(path)


def test_no_address_and_no_password_is_in_a_backup(make_comment, tmp_path):
    moderation.set_password("henrike", "Mittwochs kommt die Post")
    subscription = subscriptions.ask(make_comment(), "ida@beispiel.example")
    subscription.confirmed = timezone.now()
    subscription.save()
    path, _ = moderation.backup(tmp_path)
    content = gzip.decompress(path.read_bytes()).decode()
    assert "ida@" not in content
    assert "Mittwochs kommt" not in content


def test_what_was_learned_is_there_again(make_comment, tmp_path):
    for number in range(10):
        make_comment("approved", text=f"Ein guter Beitrag über das Netzwerken, Nummer {number}")
        make_comment("spam", text=f"Casino Bonus jetzt sofort sichern, Nummer {number}")
    path, _ = moderation.backup(tmp_path)
    Knowledge.objects.all().delete()
    moderation.restore(path)
    suspicion._read_again()
    assert suspicion._classifier().spam_probability("Casino Bonus sofort sichern") > 0.9


def test_without_a_target_it_lies_with_the_data(make_comment, data):
    path, _ = archive.backup()
    assert path.parent == Path(data) / "sicherungen"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
