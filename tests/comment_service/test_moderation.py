"""States: approve, reject, erase, and what they leave behind."""

from __future__ import annotations

import sqlite3

import pytest

from comment_service import moderation
from comment_service.comments.models import Comment, Counter, State
from comment_service.moderation import ModerationError

PAGE = "/blog/was-netzwerken-ist/"


def test_the_list_is_plain_data_oldest_first(make_comment):
    first = make_comment("approved")
    second = make_comment(parent=first, author="Jo", text="Ja!")
    assert [entry["id"] for entry in moderation.listed()] == [first.id, second.id]
    entry = moderation.listed("pending")[0]
    created = entry.pop("created")
    assert created.endswith("+00:00")
    assert entry == {
        "id": second.id,
        "page": PAGE,
        "author": "Jo",
        "text": "Ja!",
        "state": "pending",
        "parent": first.id,
    }


def test_the_list_takes_a_state(make_comment):
    ids = {state: make_comment(state).id for state in ("pending", "approved", "rejected")}
    for state, comment_id in ids.items():
        assert [entry["id"] for entry in moderation.listed(state)] == [comment_id]
    moderation.erase([ids["rejected"]])
    assert {entry["state"] for entry in moderation.listed()} == {"pending", "approved"}
    assert [entry["id"] for entry in moderation.listed("erased")] == [ids["rejected"]]


def test_an_unknown_state_is_an_error(db):
    with pytest.raises(ModerationError, match="Diesen Zustand gibt es nicht: 'neu'"):
        moderation.listed("neu")


@pytest.mark.parametrize("before", ["pending", "approved", "rejected"])
@pytest.mark.parametrize("after", ["approved", "rejected", "erased"])
def test_every_change_of_state_counts_where_the_public_sees_it(before, after, make_comment):
    comment = make_comment(before)
    number = Counter.current().number
    change = {
        "approved": moderation.approve,
        "rejected": moderation.reject,
        "erased": moderation.erase,
    }
    changed = change[after]([comment.id])
    comment.refresh_from_db()
    assert comment.state == after
    assert changed == ([] if before == after else [comment.id])
    is_visible = before != after and "approved" in (before, after)
    assert Counter.current().number == number + is_visible
    if is_visible:
        assert comment.revision == number + 1


@pytest.mark.parametrize("change", [moderation.approve, moderation.reject])
def test_erased_is_for_ever(change, make_comment):
    comment, other = make_comment(), make_comment()
    moderation.erase([comment.id])
    with pytest.raises(ModerationError, match=f"Gelöscht ist gelöscht.*{comment.id}"):
        change([other.id, comment.id])
    other.refresh_from_db()
    assert other.state == State.PENDING, "all or nothing"
    assert moderation.erase([comment.id]) == []


@pytest.mark.parametrize("change", [moderation.approve, moderation.reject, moderation.erase])
def test_an_unknown_id_is_an_error_and_changes_nothing(change, make_comment):
    comment = make_comment()
    with pytest.raises(ModerationError, match="Unbekannte Kennung: nix, nox") as caught:
        change([comment.id, "nix", "nox"])
    assert "Es wurde nichts geändert" in str(caught.value)
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_several_comments_are_one_revision(make_comment):
    comments = [make_comment() for _ in range(3)]
    ids = [comment.id for comment in comments]
    assert moderation.approve([*ids, ids[0]]) == ids
    assert set(Comment.objects.values_list("revision", flat=True)) == {1}


def test_nothing_to_do_is_no_revision(db):
    assert moderation.approve([]) == []
    assert Counter.current().number == 0


def test_erasing_leaves_a_tombstone_without_personal_data(make_comment):
    parent = make_comment("approved")
    comment = make_comment(
        "approved",
        parent=parent,
        author="Ida Beispiel",
        email="ida@beispiel.example",
        website="https://beispiel.example/ida",
        text="Sehr persönlich",
    )
    moderation.erase([comment.id])
    row = Comment.objects.filter(pk=comment.id).values().get()
    assert (row["author"], row["email"], row["website"], row["text"]) == ("", "", "", "")
    assert (row["state"], row["page"], row["parent_id"]) == ("erased", PAGE, parent.id)
    assert "Ida" not in str(comment)


@pytest.mark.django_db(transaction=True)
def test_erased_words_are_in_no_file_of_the_database():
    """SQLite keeps deleted content in free pages and in its log unless told otherwise."""
    from django.db import connection
    from django.utils import timezone

    secret = "Unverwechselbarer-Name"
    ids = []
    for number in range(30):
        comment = Comment.objects.create(
            page=PAGE,
            created=timezone.now(),
            author=secret,
            email=f"{secret}@beispiel.example",
            # Long enough for pages of its own.
            text=f"{secret} " * (10 + 40 * number),
        )
        ids.append(comment.id)
    moderation.approve(ids)
    folder = connection.settings_dict["NAME"]
    assert secret.encode() in _bytes_of(folder)
    moderation.erase(ids)
    assert secret.encode() not in _bytes_of(folder)
    with sqlite3.connect(folder) as raw:
        assert raw.execute("pragma integrity_check").fetchone() == ("ok",)
    raw.close()


def _bytes_of(name):
    from pathlib import Path

    path = Path(name)
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_a_password_must_be_good(db):
    from django.contrib.auth import authenticate

    for name, password in (("henrike", "kurz"), ("henrike", "123456789012"), ("", "x" * 20)):
        with pytest.raises(ModerationError):
            moderation.set_password(name, password)
    assert moderation.set_password("henrike", "Mittwochs kommt die Post")
    assert not moderation.set_password("henrike", "Donnerstags kommt sie auch")
    assert authenticate(username="henrike", password="Mittwochs kommt die Post") is None
    user = authenticate(username="henrike", password="Donnerstags kommt sie auch")
    assert user.is_staff


def test_ids_are_short_and_fit_into_commands_and_addresses(make_comment):
    ids = {make_comment().id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(i) == 10 and i.isascii() and i.isalnum() and i == i.lower() for i in ids)


def test_the_model_has_no_change_without_a_migration(db, capsys):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    call_command("check", verbosity=0)
