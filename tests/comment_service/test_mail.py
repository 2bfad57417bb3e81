"""Mail: to the author for each comment, to readers who asked for it twice, and the links in it."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone

from comment_service import moderation
from comment_service.comments import links, postman, subscriptions, tidy
from comment_service.comments.links import Purpose
from comment_service.comments.models import Comment, Erasure, Letter, Subscription
from comment_service.comments.seal import digest

PAGE = "/blog/was-netzwerken-ist/"
READER = "ida@beispiel.example"
AUTHOR = "henrike@mittwochspost.example"
FORM = {"page": PAGE, "name": "Ida Beispiel", "text": "Gilt das immer?", "email": READER}
ORIGIN = {"Origin": "https://mittwochspost.example"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outgoing(settings):
    settings.EMAIL_HOST = "mail.beispiel.example"
    settings.COMMENTS_MAIL_TO = AUTHOR
    settings.COMMENTS_AUTHOR = "Henrike Voss"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def write(post, **fields):
    """Preview and send a comment; return it."""
    known = set(Comment.objects.values_list("pk", flat=True))
    preview = post("/kommentare/vorschau/", FORM | fields)
    token = soup(preview).select_one("input[name=token]")["value"]
    assert post("/kommentare/senden/", {"token": token}).status_code == 303
    return Comment.objects.exclude(pk__in=known).get()


def mails_to(address):
    postman.deliver()
    return [message for message in mail.outbox if message.to == [address]]


def path_in(message, name):
    """Return the path of the link for *name* in a mail."""
    found = re.search(rf"https://mittwochspost\.example(/kommentare/{name}/\S+)", message.body)
    return found[1]


def press(client, path, **headers):
    return client.post(path, headers=headers or ORIGIN)


def confirmed(post, client, **fields):
    """A comment whose writer wants mails and has said so twice."""
    comment = write(post, **fields)
    assert press(client, path_in(mails_to(FORM["email"])[-1], "bestaetigen")).status_code == 200
    return comment


# -- To the author --------------------------------------------------------------------------------


def test_the_author_gets_a_mail_for_each_comment(post):
    write(post, text="Gilt das *immer*?", website="https://beispiel.example/")
    (message,) = mails_to(AUTHOR)
    assert message.subject == "Neuer Kommentar zu „Was Netzwerken ist“"
    assert "Gilt das *immer*?" in message.body
    assert "https://beispiel.example/" in message.body
    assert READER not in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not Letter.objects.filter(kind="moderate").exists()
    mails_to(AUTHOR)
    assert len(mails_to(AUTHOR)) == 1, "once"


def test_nothing_of_a_mail_is_html_escaped_and_no_line_is_injected(post, client):
    write(post, page="/blog/richtig-zitieren/", name="A & B <c>", text="<b> & „x“")
    (message,) = mails_to(AUTHOR)
    assert "A & B <c>" in message.body
    assert "<b> & „x“" in message.body
    assert message.message()["Subject"]
    assert list(message.message()["To"].splitlines()) == [AUTHOR]


@pytest.mark.parametrize(
    ("name", "state", "word"),
    [
        ("approve", "approved", "freigegeben"),
        ("reject", "rejected", "abgelehnt"),
        ("spam", "spam", "Spam"),
    ],
)
def test_a_link_asks_first_and_decides_once(name, state, word, post, client):
    comment = write(post)
    (message,) = mails_to(AUTHOR)
    paths = dict(
        zip(
            ("approve", "reject", "spam"),
            re.findall(r"example(/kommentare/entscheiden/\S+)", message.body),
            strict=True,
        )
    )
    question = client.get(paths[name])
    assert "Gilt das immer?" in soup(question).select_one(".comment").get_text()
    assert client.head(paths[name]).status_code == 200
    comment.refresh_from_db()
    assert comment.state == "pending", "mail programs open links by themselves"

    done = press(client, paths[name])
    assert word in soup(done).h1.get_text()
    comment.refresh_from_db()
    assert (comment.state, comment.decisions) == (state, 1)
    for path in paths.values():
        for answer in (client.get(path), press(client, path)):
            assert answer.status_code == 410
            assert "schon entschieden" in soup(answer).h1.get_text()
    comment.refresh_from_db()
    assert (comment.state, comment.decisions) == (state, 1)


def test_a_decision_made_elsewhere_ends_the_links_too(post, client):
    comment = write(post)
    (message,) = mails_to(AUTHOR)
    moderation.reject([comment.pk])
    assert press(client, path_in(message, "entscheiden")).status_code == 410
    moderation.erase([comment.pk])
    assert press(client, path_in(message, "entscheiden")).status_code == 410
    comment.refresh_from_db()
    assert comment.state == "erased"


def test_a_link_expires(post, client, monkeypatch):
    write(post)
    (message,) = mails_to(AUTHOR)
    monkeypatch.setitem(links.MAX_AGE, Purpose.DECIDE, timedelta(seconds=-1))
    answer = press(client, path_in(message, "entscheiden"))
    assert answer.status_code == 410
    assert soup(answer).h1.get_text() == "Der Link ist abgelaufen"
    assert Comment.objects.get().state == "pending"


def test_what_looks_like_spam_waits_in_the_queue_and_sends_no_mail(post):
    bad = write(post, text="https://a.example https://b.example https://c.example")
    assert bad.suspicion == "3 Links"
    assert mails_to(AUTHOR) == mails_to(READER) == []
    write(post, text="Etwas anderes")
    (message,) = mails_to(AUTHOR)
    assert "Außerdem wartet Verdächtiges auf Sie: 1 Kommentar." in message.body
    moderation.approve([bad.pk])
    confirmations = [m for m in mails_to(READER) if "bestaetigen" in m.body]
    assert len(confirmations) == 2, "approved, it is like any other"


def test_without_a_mailbox_nobody_is_told(post, settings):
    settings.COMMENTS_MAIL_TO = ""
    write(post, email="")
    assert not Letter.objects.exists()


# -- To readers -----------------------------------------------------------------------------------


def test_without_outgoing_mail_no_address_is_kept(post, settings):
    settings.EMAIL_HOST = ""
    preview = post("/kommentare/vorschau/", FORM)
    assert "nicht eingerichtet" in soup(preview).select_one(".comment-note").get_text()
    write(post)
    assert not Subscription.objects.exists()


def test_an_address_is_kept_sealed_and_asked_first(post, client):
    comment = write(post)
    subscription = Subscription.objects.get()
    assert subscription.confirmed is None
    assert READER not in str(list(Subscription.objects.values()))
    (message,) = mails_to(READER)
    assert "Gilt das immer?" not in message.body, "it could be anybody's mailbox"
    assert "Ida" not in message.body
    assert "zurueckziehen" not in message.body

    path = path_in(message, "bestaetigen")
    page = client.get(path)
    assert page.status_code == 200
    assert "Gilt das immer?" not in page.content.decode()
    subscription.refresh_from_db()
    assert subscription.confirmed is None
    assert press(client, path).status_code == 200
    subscription.refresh_from_db()
    assert subscription.confirmed is not None
    assert press(client, path).status_code == 200, "again is no harm"
    assert comment.pk == subscription.comment_id


def test_an_answer_is_announced_once_it_is_public(post, client, make_comment, site):
    comment = confirmed(post, client)
    moderation.approve([comment.pk])
    reply = write(post, parent=comment.pk, name="Bert", text="Geheim bis dahin", email="")
    assert len(mails_to(READER)) == 1
    moderation.approve([reply.pk])
    (_, message) = mails_to(READER)
    assert message.subject == "Eine Antwort auf Ihren Kommentar zu „Was Netzwerken ist“"
    assert f"{PAGE}#kommentar-{reply.pk}" in message.body
    moderation.reject([reply.pk])
    moderation.approve([reply.pk])
    assert len(mails_to(READER)) == 2, "once for each answer"


def test_the_notice_waits_until_the_page_shows_the_answer(post, client, site):
    comment = confirmed(post, client)
    moderation.approve([comment.pk])
    page = site / PAGE.strip("/") / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>Noch ohne Kommentare</p>", "utf-8")
    reply = moderation.answer(comment.pk, "Ja, immer.")
    assert len(mails_to(READER)) == 1
    page.write_text(f'<article id="kommentar-{reply}">', "utf-8")
    postman.deliver(timezone.now() + timedelta(minutes=2))
    assert len(mails_to(READER)) == 2


def test_the_notice_does_not_wait_for_ever(post, client, site):
    comment = confirmed(post, client)
    page = site / PAGE.strip("/") / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>Nie gebaut</p>", "utf-8")
    moderation.answer(comment.pk, "Ja, immer.")
    assert postman.deliver(timezone.now() + timedelta(hours=25)) == 1


def test_unconfirmed_addresses_hear_nothing_and_go_after_three_days(post):
    comment = write(post)
    moderation.answer(comment.pk, "Ja.")
    assert len(mails_to(READER)) == 1
    Subscription.objects.update(created=timezone.now() - timedelta(days=3, minutes=1))
    tidy.tidy()
    assert not Subscription.objects.exists()


def test_a_confirmed_one_goes_after_a_year(post, client):
    confirmed(post, client)
    tidy.tidy()
    assert Subscription.objects.exists()
    Subscription.objects.update(created=timezone.now() - timedelta(days=366))
    tidy.tidy()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("one_click", [True, False])
def test_one_click_ends_it_for_good(one_click, post, client):
    comment = confirmed(post, client)
    moderation.approve([comment.pk])
    moderation.answer(comment.pk, "Ja.")
    message = mails_to(READER)[-1]
    header = message.extra_headers["List-Unsubscribe"]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(header.strip("<>")).path
    assert path == path_in(message, "abbestellen")
    assert client.get(path).status_code == 200
    assert Subscription.objects.exists(), "opening it is not enough"
    if one_click:
        # As mail providers do it (RFC 8058): no origin, no cookie, either encoding of forms.
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    else:
        answer = press(client, path)
    assert answer.status_code == 200
    assert not Subscription.objects.exists()
    assert client.get(path).status_code == press(client, path).status_code == 200
    moderation.answer(comment.pk, "Noch etwas.")
    assert len(mails_to(READER)) == 2
    assert press(client, path_in(mails_to(READER)[0], "bestaetigen")).status_code == 410


def test_erasing_the_comment_ends_it(post, client):
    comment = confirmed(post, client)
    subscription = Subscription.objects.get().pk
    moderation.erase([comment.pk])
    assert not Subscription.objects.exists()
    assert {comment.pk, subscription} <= set(Erasure.objects.values_list("pk", flat=True))


def test_nobody_is_flooded_through_our_form(post):
    for number in range(8):
        write(post, text=f"Nummer {number}", email="opfer@beispiel.example")
    assert len(mails_to("opfer@beispiel.example")) == 5
    assert Comment.objects.count() == 8


def test_capitals_make_no_other_address():
    assert digest("Ida@Beispiel.Example ") == digest(READER)


# -- Withdrawing ----------------------------------------------------------------------------------


def test_the_sender_can_take_it_back(post, client):
    preview = post("/kommentare/vorschau/", FORM | {"email": ""})
    token = soup(preview).select_one("input[name=token]")["value"]
    sent = post("/kommentare/senden/", {"token": token})
    thanks = client.get(sent["Location"])
    path = soup(thanks).find("a", string="Kommentar zurückziehen")["href"]
    comment = Comment.objects.get()
    moderation.approve([comment.pk])
    assert "Gilt das immer?" in client.get(path).content.decode()
    comment.refresh_from_db()
    assert comment.text
    assert press(client, path).status_code == 200
    comment.refresh_from_db()
    assert (comment.state, comment.text, comment.author) == ("erased", "", "")
    assert moderation.changes()["erased"] == [comment.pk]
    assert "gelöscht" in soup(client.get(path)).h1.get_text()
    assert press(client, path).status_code == 200


def test_the_thanks_say_that_a_mail_is_coming(post, client):
    preview = post("/kommentare/vorschau/", FORM)
    token = soup(preview).select_one("input[name=token]")["value"]
    thanks = client.get(post("/kommentare/senden/", {"token": token})["Location"])
    assert "innerhalb von drei Tagen" in thanks.content.decode()


# -- The post office ------------------------------------------------------------------------------


class Broken:
    """A connection on which nothing can be sent."""

    def __init__(self, error):
        self.error = error

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def send_messages(self, messages):
        raise self.error


@pytest.mark.parametrize(
    "error", [SMTPServerDisconnected("bye"), ConnectionRefusedError(), TimeoutError()]
)
def test_a_mail_that_cannot_be_sent_is_tried_again(error, post, monkeypatch, caplog):
    write(post, email="")
    with monkeypatch.context() as patch:
        patch.setattr(postman, "get_connection", lambda: Broken(error))
        assert postman.deliver() == 0
    assert Letter.objects.get().tries == 1
    assert postman.deliver() == 0, "not at once"
    assert postman.deliver(timezone.now() + timedelta(minutes=3)) == 1
    assert not Letter.objects.exists()


def test_after_some_days_it_is_given_up(post, monkeypatch):
    write(post, email="")
    Letter.objects.update(created=timezone.now() - timedelta(days=5))
    monkeypatch.setattr(postman, "get_connection", lambda: Broken(TimeoutError()))
    postman.deliver()
    assert not Letter.objects.exists()


def test_a_mailbox_that_does_not_exist_is_forgotten(post, monkeypatch, caplog):
    write(post)
    Letter.objects.filter(kind="moderate").delete()
    error = SMTPRecipientsRefused({READER: (550, b"no such user ida")})
    monkeypatch.setattr(postman, "get_connection", lambda: Broken(error))
    assert postman.deliver() == 0
    assert not Subscription.objects.exists()
    assert not Letter.objects.exists()
    assert READER not in caplog.text


def test_two_postmen_do_not_send_it_twice(post):
    write(post, email="")
    letter = Letter.objects.get()
    now = timezone.now()
    assert postman._take(letter, now)
    assert not postman._take(letter, now)


def test_an_address_of_another_key_ends_quietly(post, settings):
    write(post)
    Letter.objects.filter(kind="moderate").delete()
    settings.SECRET_KEY = "ein anderer Schlüssel, der auch fünfzig Zeichen lang ist"
    assert postman.deliver() == 0
    assert not Subscription.objects.exists()


def test_a_letter_holds_no_words_and_no_address(post):
    write(post)
    kept = str(list(Letter.objects.values()))
    for word in (READER, "Ida", "immer"):
        assert word not in kept


def test_subscriptions_are_possible_only_with_a_mail_server(settings):
    assert subscriptions.are_possible()
    settings.EMAIL_HOST = ""
    assert not subscriptions.are_possible()
