"""States: approve, reject, erase, and what they leave behind."""

from __future__ import annotations

import pytest

from comment_service import moderation
from comment_service.comments.models import Comment, Counter, Knowledge, State
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
        "website": "",
        "text": "Ja!",
        "by_author": False,
        "state": "pending",
        "suspicion": "",
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


@pytest.mark.parametrize("before", ["pending", "approved", "rejected", "spam"])
@pytest.mark.parametrize("after", ["approved", "rejected", "spam", "erased"])
def test_every_change_of_state_counts_where_the_public_sees_it(before, after, make_comment):
    comment = make_comment(before)
    number = Counter.current().number
    change = {
        "approved": moderation.approve,
        "rejected": moderation.reject,
        "spam": moderation.spam,
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


@pytest.mark.parametrize("change", [moderation.approve, moderation.reject, moderation.spam])
def test_erased_is_for_ever(change, make_comment):
    comment, other = make_comment(), make_comment()
    moderation.erase([comment.id])
    with pytest.raises(ModerationError, match=f"Gelöscht ist gelöscht.*{comment.id}"):
        change([other.id, comment.id])
    other.refresh_from_db()
    assert other.state == State.PENDING, "all or nothing"
    assert moderation.erase([comment.id]) == []


def test_of_two_decisions_by_mail_at_the_same_moment_one_counts(make_comment):
    """Both found nothing decided when they looked."""
    from comment_service.comments.moderation import decide

    comment = make_comment()
    assert decide(comment.pk, State.APPROVED, 0)
    assert not decide(comment.pk, State.SPAM, 0)
    comment.refresh_from_db()
    assert (comment.state, comment.decisions) == (State.APPROVED, 1)


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
        website="https://beispiel.example/ida",
        text="Sehr persönlich",
    )
    moderation.erase([comment.id])
    row = Comment.objects.filter(pk=comment.id).values().get()
    assert (row["author"], row["website"], row["text"], row["fingerprint"]) == ("", "", "", "")
    assert (row["state"], row["page"], row["parent_id"]) == ("erased", PAGE, parent.id)
    assert "Ida" not in str(comment)


def test_an_answer_of_the_author_brings_its_parent_along(make_comment, settings):
    settings.COMMENTS_AUTHOR = ""
    comment = make_comment()
    with pytest.raises(ModerationError, match="Es fehlt ein Name"):
        moderation.answer(comment.id, "Ja.")
    assert Comment.objects.get().state == "pending", "all or nothing"
    first = moderation.answer(comment.id, " Ja.\x00\n", "Henrike Voss")
    assert {c["id"] for c in moderation.changes()["comments"]} == {comment.id, first}
    second = moderation.answer(first, "Noch etwas.")
    entry = moderation.shown(second)
    assert (entry["author"], entry["by_author"], entry["parent"]) == ("Henrike Voss", True, first)
    assert moderation.shown(first)["text"] == "Ja."
    moderation.erase([comment.id])
    with pytest.raises(ModerationError, match="Gelöscht ist gelöscht"):
        moderation.answer(comment.id, "Zu spät.")


def test_a_new_name_is_exported_and_the_same_is_no_change(make_comment):
    comment = make_comment("approved")
    assert moderation.rename(comment.id, "Neu")
    assert not moderation.rename(comment.id, " Neu ")
    (entry,) = moderation.changes(1)["comments"]
    assert entry["author"] == "Neu"
    waiting = make_comment()
    assert moderation.rename(waiting.id, "Auch neu")
    assert moderation.changes()["revision"] == 2
    for name in ("", "x" * 81):
        with pytest.raises(ModerationError, match="Name"):
            moderation.rename(comment.id, name)


@pytest.mark.django_db(transaction=True)
def test_the_filter_learns_from_spam_and_thinks_again(make_comment):
    from comment_service.comments import suspicion

    suspicion._read_again()
    for number in range(12):
        make_comment("approved", text=f"Danke für den Beitrag zum Netzwerken, Teil {number}.")
    spam = [make_comment("spam", text=f"Casino Bonus sofort sichern {n}") for n in range(12)]
    probe = "Jetzt Casino Bonus sichern"
    assert suspicion._classifier().spam_probability(probe) > 0.9
    moderation.reject([spam[0].id])
    assert suspicion._classifier().texts == {False: 12, True: 12}, "rejecting teaches nothing"
    moderation.approve([comment.id for comment in spam])
    assert suspicion._classifier().texts == {False: 24, True: 0}
    assert suspicion._classifier().spam_probability(probe) == 0.5


def test_a_long_text_that_comes_again_is_noticed(make_comment):
    from comment_service.comments import suspicion
    from comment_service.comments.tokens import Draft

    text = "Ein langer Text, der auf vielen Seiten zugleich auftaucht, Wort für Wort."

    def doubt(text):
        return suspicion.suspicion(Draft(PAGE, "", "Ida", "", "", text))

    assert doubt(text) == ""
    make_comment(text=text, fingerprint=suspicion.text_fingerprint(text))
    assert "wortgleich" in doubt(text.upper().replace(" ", "  "))
    make_comment(text="Danke!", fingerprint=suspicion.text_fingerprint("Danke!"))
    assert doubt("Danke!") == "", "short ones are alike by chance"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "https://a.example www.b.example"}, ""),
        ({"text": "https://a.example www.b.example HTTP://c.example"}, "3 Links"),
        ({"name": "www.uhren.example"}, "Webadresse im Namen"),
        ({"name": "Uhren.com"}, "Webadresse im Namen"),
        ({"name": "Dr. Ida Muster"}, ""),
        ({"name": "HENRIKE voss"}, "Name wie Ihrer"),
    ],
)
def test_what_speaks_for_spam_is_told(fields, reason, db, settings):
    from comment_service.comments import suspicion
    from comment_service.comments.tokens import Draft

    settings.COMMENTS_AUTHOR = "Henrike Voss"
    values = {"page": PAGE, "parent": "", "name": "Ida", "email": "", "website": "", "text": "Ja"}
    assert suspicion.suspicion(Draft(**(values | fields))) == reason


def test_what_was_refused_is_forgotten_in_time(make_comment, settings):
    from datetime import timedelta

    from django.utils import timezone

    from comment_service.comments import tidy

    spam, rejected, approved = (make_comment(s) for s in ("spam", "rejected", "approved"))

    def states(days):
        Comment.objects.update(decided=timezone.now() - timedelta(days=days))
        tidy.tidy()
        return [Comment.objects.get(pk=c.pk).state for c in (spam, rejected, approved)]

    assert states(29) == ["spam", "rejected", "approved"]
    assert states(31) == ["erased", "rejected", "approved"]
    assert states(91) == ["erased", "erased", "approved"]


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


def test_rejecting_teaches_the_filter_nothing(make_comment):
    """Off topic is not spam: it must not make the next reader's honest words suspicious."""
    make_comment("rejected", text="Ganz am Thema vorbei, aber ehrlich gemeint")
    assert not Knowledge.objects.exists()
    spam = make_comment("spam", text="Gewinnen Sie jetzt im Casino")
    before = Knowledge.objects.get().counts
    moderation.reject([spam.pk])
    assert Knowledge.objects.get().counts == before
