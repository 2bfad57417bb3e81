"""The reader's way from the form to the queue, with and without mistakes."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup

from comment_service.comments import tokens
from comment_service.comments.models import Comment, State

PAGE = "/blog/was-netzwerken-ist/"
OTHER_PAGE = "/blog/richtig-zitieren/"
CLOSED_PAGE = "/blog/vorsaetze/"
FORM = {"page": PAGE, "name": "Ida Beispiel", "text": "Ein *guter* Beitrag."}

pytestmark = pytest.mark.django_db


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


def token_in(response):
    return page_of(response).select_one("input[name=token]")["value"]


def test_a_comment_goes_from_form_to_queue(post, client):
    preview = post("/kommentare/vorschau/", FORM)
    assert preview.status_code == 200
    shown = page_of(preview).select_one(".comment")
    assert shown.select_one(".comment__author").get_text(strip=True) == "Ida Beispiel"
    assert shown.select_one(".comment__text em").get_text() == "guter"
    assert not Comment.objects.exists(), "a preview keeps nothing"

    sent = post("/kommentare/senden/", {"token": token_in(preview)})
    assert sent.status_code == 303
    comment = Comment.objects.get()
    assert (comment.page, comment.author, comment.text) == (PAGE, "Ida Beispiel", FORM["text"])
    assert (comment.state, comment.revision, comment.parent) == (State.PENDING, 0, None)

    thanks = client.get(sent["Location"])
    assert "Ihr Kommentar wartet auf Freigabe" in page_of(thanks).h1.get_text()
    assert page_of(thanks).main.find("a", href=PAGE).get_text() == "Zurück zu „Was Netzwerken ist“"


def test_the_preview_offers_the_form_for_changes(post, settings):
    settings.EMAIL_HOST = "mail.beispiel.example"
    soup = page_of(post("/kommentare/vorschau/", FORM | {"email": "ida@beispiel.example"}))
    form = soup.select_one("form[action='/kommentare/vorschau/']")
    assert form.select_one("[name=name]")["value"] == "Ida Beispiel"
    assert form.select_one("[name=email]")["value"] == "ida@beispiel.example"
    assert form.select_one("[name=page]")["value"] == PAGE
    assert form.select_one("textarea").get_text().strip() == FORM["text"]


def test_mistakes_are_named_at_their_fields_and_in_a_summary(post):
    response = post(
        "/kommentare/vorschau/",
        {"page": PAGE, "name": " ", "email": "quatsch", "website": "quatsch", "text": ""},
    )
    assert response.status_code == 422
    soup = page_of(response)
    summary = soup.select_one(".comment-errors")
    assert summary["role"] == "alert"
    for name in ("name", "email", "website", "text"):
        field = soup.select_one(f"form [name={name}]")
        assert field["aria-invalid"] == "true"
        texts = [soup.find(id=part).get_text() for part in field["aria-describedby"].split()]
        link = summary.find("a", href=f"#{field['id']}")
        assert texts[-1] in link.get_text()
    assert soup.select_one("[name=email]")["value"] == "quatsch", "what was typed stays"
    assert not soup.select_one("input[name=token]")


def test_the_form_of_the_mistakes_can_be_sent_again(post):
    soup = page_of(post("/kommentare/vorschau/", FORM | {"name": ""}))
    form = soup.select_one("form[action='/kommentare/vorschau/']")
    fields = {field["name"]: field.get("value", "") for field in form.select("input")}
    fields |= {"text": form.textarea.get_text()[1:], "name": "Ida"}
    assert token_in(post("/kommentare/vorschau/", fields))


def test_a_double_click_is_one_comment(post):
    token = token_in(post("/kommentare/vorschau/", FORM))
    answers = [post("/kommentare/senden/", {"token": token}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert Comment.objects.count() == 1


def test_two_comments_with_the_same_words_are_two(post):
    for _ in range(2):
        token = token_in(post("/kommentare/vorschau/", FORM))
        post("/kommentare/senden/", {"token": token})
    assert Comment.objects.count() == 2


def test_sending_again_does_not_bring_back_an_erased_comment(post):
    from comment_service.comments import moderation

    token = token_in(post("/kommentare/vorschau/", FORM))
    post("/kommentare/senden/", {"token": token})
    moderation.erase([Comment.objects.get().id])
    assert post("/kommentare/senden/", {"token": token}).status_code == 303
    assert Comment.objects.get().text == ""


def test_an_expired_preview_is_shown_again(post, monkeypatch):
    token = token_in(post("/kommentare/vorschau/", FORM))
    monkeypatch.setattr(tokens, "MAX_AGE_S", -1)
    response = post("/kommentare/senden/", {"token": token})
    assert not Comment.objects.exists()
    monkeypatch.undo()
    assert "älter als einen Tag" in page_of(response).select_one(".comment-note").get_text()
    post("/kommentare/senden/", {"token": token_in(response)})
    assert Comment.objects.get().text == FORM["text"]


def test_a_forged_token_is_refused(post):
    token = token_in(post("/kommentare/vorschau/", FORM))
    payload, stamp, signature = token.rsplit(":", 2)
    for forged in ("", "x", token[:-1], f"{payload}x:{stamp}:{signature}", f"{token}x", "a:b:c"):
        response = post("/kommentare/senden/", {"token": forged})
        assert response.status_code == 400, forged
        assert "Vorschau" in page_of(response).h1.get_text()
    assert not Comment.objects.exists()


def test_a_token_signed_for_something_else_is_refused(post):
    from django.core import signing

    token = signing.dumps({"text": "x"})
    assert post("/kommentare/senden/", {"token": token}).status_code == 400
    # Ours, but of a version of this program with other fields.
    token = signing.dumps({"text": "x"}, salt=tokens._SALT)
    assert post("/kommentare/senden/", {"token": token}).status_code == 400


# -- Replies --


def test_a_reply_shows_what_it_answers_and_is_kept_with_it(post, client, make_comment):
    parent = make_comment("approved", text="Stimmt das?")
    form = page_of(client.get("/kommentare/antworten/", {"seite": PAGE, "auf": parent.id}))
    assert "Stimmt das?" in form.select_one(".comment").get_text()
    assert form.select_one("form [name=parent]")["value"] == parent.id

    preview = post("/kommentare/vorschau/", FORM | {"parent": parent.id})
    assert len(page_of(preview).select(".comment")) == 2
    post("/kommentare/senden/", {"token": token_in(preview)})
    assert Comment.objects.exclude(pk=parent.pk).get().parent == parent


def test_the_form_opens_without_a_comment_to_answer(client):
    soup = page_of(client.get("/kommentare/antworten/", {"seite": PAGE}))
    assert soup.h1.get_text() == "Kommentar schreiben"
    assert soup.select_one("form [name=page]")["value"] == PAGE
    assert not soup.select("[name=parent], .comment-errors")


@pytest.mark.parametrize("state", ["pending", "rejected", "erased"])
def test_only_a_public_comment_can_be_answered(state, post, client, make_comment):
    from comment_service.comments import moderation

    parent = make_comment("approved" if state == "erased" else state, text="geheim")
    if state == "erased":
        moderation.erase([parent.id])
    response = client.get("/kommentare/antworten/", {"seite": PAGE, "auf": parent.id})
    assert response.status_code == 404
    assert "geheim" not in response.content.decode()

    preview = post("/kommentare/vorschau/", FORM | {"parent": parent.id})
    assert "geheim" not in preview.content.decode()
    assert "nicht mehr da" in page_of(preview).select_one(".comment-note").get_text()
    post("/kommentare/senden/", {"token": token_in(preview)})
    assert Comment.objects.exclude(pk=parent.pk).get().parent is None


def test_a_comment_on_another_page_cannot_be_answered(post, client, make_comment):
    parent = make_comment("approved", page=OTHER_PAGE)
    response = client.get("/kommentare/antworten/", {"seite": PAGE, "auf": parent.id})
    assert response.status_code == 404
    preview = post("/kommentare/vorschau/", FORM | {"parent": parent.id})
    assert page_of(preview).select_one(".comment-note")
    post("/kommentare/senden/", {"token": token_in(preview)})
    assert Comment.objects.get(page=PAGE).parent is None


def test_the_parent_is_checked_again_when_sending(post, make_comment):
    from comment_service.comments import moderation

    parent = make_comment("approved")
    token = token_in(post("/kommentare/vorschau/", FORM | {"parent": parent.id}))
    moderation.reject([parent.id])
    response = post("/kommentare/senden/", {"token": token})
    assert "nicht mehr da" in page_of(response).select_one(".comment-note").get_text()
    assert Comment.objects.count() == 1, "nothing is kept before the reader agrees"
    post("/kommentare/senden/", {"token": token_in(response)})
    assert Comment.objects.exclude(pk=parent.pk).get().parent is None


def test_the_thanks_page_leads_to_our_pages_only(client):
    for elsewhere in ("https://boese.example/", "//boese.example/", "javascript:alert(1)"):
        soup = page_of(client.get("/kommentare/danke/", {"seite": elsewhere}))
        assert {a["href"] for a in soup.select("a")} == {"#inhalt", "/"}


def test_every_page_has_the_links_of_the_sites_footer(client, post, site):
    index = site / "blog" / "index.json"
    value = json.loads(index.read_text("utf-8"))
    footer = [["Impressum", "/impressum/"], ["A & B", "/ab/"]]
    index.write_text(json.dumps(value | {"footer": footer}), "utf-8")
    pages = (
        client.get("/kommentare/antworten/", {"seite": PAGE}),
        client.get("/kommentare/danke/", {"seite": PAGE}),
        client.get("/kommentare/antworten/", {"seite": "/gibt-es-nicht/"}),
        post("/kommentare/vorschau/", FORM),
    )
    for page in pages:
        links = page_of(page).select("footer nav a")
        assert [[link.get_text(), link["href"]] for link in links] == footer


def test_titles_and_names_are_text_and_not_html(post):
    name = "<script>alert(1)</script>"
    preview = post("/kommentare/vorschau/", FORM | {"page": OTHER_PAGE, "name": name})
    soup = page_of(preview)
    assert "„Richtig <zitieren>“" in soup.main.get_text()
    assert soup.select_one(".comment__author").get_text() == name
    assert not soup.select("script")


def test_the_authors_own_comment_is_marked_in_words(client, make_comment, site):
    index = site / "blog" / "index.json"
    value = json.loads(index.read_text("utf-8"))
    index.write_text(json.dumps(value | {"by_author": "von der Autorin"}), "utf-8")
    own = make_comment("approved", by_author=True, author="Henrike Voss")
    other = make_comment("approved", author="Henrike Voss")
    for comment, label in ((own, "von der Autorin"), (other, None)):
        page = page_of(client.get("/kommentare/antworten/", {"seite": PAGE, "auf": comment.id}))
        mark = page.select_one(".comment .comment__by")
        assert (mark and mark.get_text()) == label
