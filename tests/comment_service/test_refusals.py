"""What the service does not let in, and how it says so."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from comment_service.comments.models import Comment
from comment_service.comments.origin import is_from_us
from comment_service.comments.pages import PagesUnavailableError, published

PAGE = "/blog/was-netzwerken-ist/"
CLOSED_PAGE = "/blog/vorsaetze/"
FORM = {"page": PAGE, "name": "Ida Beispiel", "text": "Guten Tag!"}
FORM_TYPE = "application/x-www-form-urlencoded"
ORIGIN = "https://mittwochspost.example"

pytestmark = pytest.mark.django_db


def title_of(response):
    return BeautifulSoup(response.content, "html.parser").h1.get_text()


def token_in(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return soup.select_one("input[name=token]")["value"]


# -- Origin --


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}, True),
        # A page with "Referrer-Policy: no-referrer" sends Origin: null even to itself.
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": ORIGIN}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Origin": ORIGIN}, True),
        ({"Origin": "https://MITTWOCHSPOST.example"}, True),
        ({"Origin": "http://mittwochspost.example"}, False),
        ({"Origin": "https://mittwochspost.example:8443"}, False),
        ({"Origin": "https://mittwochspost.example.boese.example"}, False),
        ({"Origin": "https://boese.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://[kaputt"}, False),
        ({"Referer": f"{ORIGIN}/blog/x/"}, True),
        ({"Referer": "https://boese.example/?https://mittwochspost.example"}, False),
        ({}, True),
    ],
)
def test_a_form_must_come_from_our_own_pages(headers, expected):
    assert is_from_us(headers, ORIGIN) is expected


@pytest.mark.parametrize("path", ["vorschau", "senden"])
def test_forms_from_elsewhere_are_refused_in_german(path, post):
    for headers in ({"Origin": "https://boese.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = post(f"/kommentare/{path}/", FORM, **headers)
        assert response.status_code == 403
        assert title_of(response) == "Von einer anderen Website"


# -- Pages --


def test_an_unknown_page_takes_no_comments(post, client):
    for page in ("", "/", "/blog/gibt-es-nicht/", PAGE + "x", PAGE.upper(), "//boese.example/"):
        response = post("/kommentare/vorschau/", FORM | {"page": page})
        assert response.status_code == 404, page
        assert FORM["text"] in response.content.decode(), "the reader's text is not lost"
        assert client.get("/kommentare/antworten/", {"seite": page}).status_code == 404


def test_a_closed_page_takes_no_comments(post, client):
    response = post("/kommentare/vorschau/", FORM | {"page": CLOSED_PAGE})
    assert response.status_code == 403
    assert title_of(response) == "Kommentare sind geschlossen"
    assert FORM["text"] in response.content.decode()
    assert client.get("/kommentare/antworten/", {"seite": CLOSED_PAGE}).status_code == 403


def test_a_page_closed_after_the_preview_takes_none_either(post, site):
    token = token_in(post("/kommentare/vorschau/", FORM))
    index = site / "blog" / "index.json"
    index.write_text(index.read_text().replace('"open"', '"closed"'))
    assert post("/kommentare/senden/", {"token": token}).status_code == 403
    index.write_text('{"posts": []}')
    assert post("/kommentare/senden/", {"token": token}).status_code == 404
    assert not Comment.objects.exists()


def test_a_page_closes_after_the_days_that_are_set(post, client, site, settings):
    from datetime import timedelta

    from django.utils import timezone

    def publish(days_ago):
        day = timezone.localdate() - timedelta(days=days_ago)
        index = site / "blog" / "index.json"
        posts = [{"url": PAGE, "title": "T", "comments": "open", "date": f"{day}T08:00:00+01:00"}]
        index.write_text(json.dumps({"posts": posts}))

    def code():
        return client.get("/kommentare/antworten/", {"seite": PAGE}).status_code

    publish(40)
    assert code() == 200
    settings.COMMENTS_CLOSE_AFTER_DAYS = 30
    assert code() == 403
    assert post("/kommentare/vorschau/", FORM).status_code == 403
    publish(30)
    assert code() == 200


def test_a_new_build_is_noticed_even_if_the_folder_is_a_turned_link(tmp_path, settings):
    for name in ("a", "b"):
        folder = tmp_path / name / "blog"
        folder.mkdir(parents=True)
        text = f'{{"posts": [{{"url": "/blog/{name}/", "title": "T"}}]}}'
        (folder / "index.json").write_text(text)
        import os

        os.utime(folder / "index.json", (1, 1))
    link = tmp_path / "public"
    link.symlink_to("a")
    settings.COMMENTS_SITE = link
    assert list(published().pages) == ["/blog/a/"]
    other = tmp_path / "other"
    other.symlink_to("b")
    other.replace(link)
    assert list(published().pages) == ["/blog/b/"]


def test_a_broken_list_leaves_the_last_good_one(site):
    known = published()
    index = site / "blog" / "index.json"
    for broken in ("", "[]", '{"posts": 1}', '{"posts": [{"url": "/x/"}]}', "{"):
        index.write_text(broken)
        assert published() == known, broken
    index.unlink()
    assert published() == known


def test_without_a_list_the_service_asks_for_patience(post, client, tmp_path, settings):
    settings.COMMENTS_SITE = tmp_path / "nichts"
    with pytest.raises(PagesUnavailableError):
        published()
    response = post("/kommentare/vorschau/", FORM)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert client.get("/kommentare/antworten/", {"seite": PAGE}).status_code == 503
    assert client.get("/kommentare/danke/", {"seite": PAGE}).status_code == 200


# -- Fields --


def test_the_trap_for_programs_stops_them_and_lets_people_go_on(post):
    response = post("/kommentare/vorschau/", FORM | {"subject": "Angebot"})
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    assert "leer bleiben" in soup.select_one(".comment-errors").get_text()
    assert not soup.select_one("[name=subject]").get("value")
    assert soup.select_one("[name=name]")["value"] == "Ida Beispiel"


@pytest.mark.parametrize(
    ("field", "value", "is_fine"),
    [
        ("name", "n" * 80, True),
        ("name", "n" * 81, False),
        ("text", "t" * 6000, True),
        ("text", "😀" * 6000, True),
        ("text", "t\r\n" * 3000, True),  # a line end is one character, as the browser counts
        ("text", "t" * 6001, False),
        ("email", "e" * 60 + "@beispiel.example", True),
        ("email", "e" * 250 + "@beispiel.example", False),
        ("website", "https://beispiel.example/" + "w" * 175, True),
        ("website", "https://beispiel.example/" + "w" * 176, False),
        ("name", "\u200b\u00ad", False),
        ("name", "\x00\x1b", False),
        ("text", "\u200d \n", False),
        ("name", "李", True),
        ("name", "🦊", True),
        ("email", "a@b", False),
        ("email", "a@b.example\nBcc: c@d.example", False),
        ("website", "beispiel.example", True),
        ("website", "HTTPS://beispiel.example", True),
        ("website", "http://müller.example/ä?b=c#d", True),
        ("website", "javascript:alert(1)", False),
        ("website", "javascript://beispiel.example/%0aalert(1)", False),
        ("website", "data:text/html,x", False),
        ("website", "https://anna:geheim@beispiel.example/", False),
        ("website", "https://", False),
        ("website", "https://bei spiel.example/", False),
        ("website", "https://[::1", False),
        ("website", '"onmouseover="alert(1)', False),
    ],
)
def test_sizes_and_shapes(field, value, is_fine, post):
    response = post("/kommentare/vorschau/", FORM | {field: value})
    assert response.status_code == (200 if is_fine else 422)


def test_the_longest_comment_can_be_sent_too(post):
    longest = {"text": "😀" * 6000, "name": "😀" * 80, "website": "https://a.example/" + "ä" * 180}
    token = token_in(post("/kommentare/vorschau/", FORM | longest))
    assert post("/kommentare/senden/", {"token": token}).status_code == 303
    assert Comment.objects.get().text == longest["text"]


def test_control_characters_and_direction_marks_are_dropped(post):
    dirty = {
        "name": " I\x00da\u202e  Bei\x07spiel\r\n",
        "text": "eins\r\nzwei\x00\x1b[31m\u2066\u2028drei\tvier\ufffe",
    }
    post(
        "/kommentare/senden/",
        {"token": token_in(post("/kommentare/vorschau/", FORM | dirty))},
    )
    comment = Comment.objects.get()
    assert comment.author == "Ida Beispiel"
    assert comment.text == "eins\nzwei[31m\ndrei\tvier"


def test_a_website_without_scheme_gets_one(post):
    data = FORM | {"website": "beispiel.example/ich"}
    post("/kommentare/senden/", {"token": token_in(post("/kommentare/vorschau/", data))})
    assert Comment.objects.get().website == "https://beispiel.example/ich"


# -- Requests --


def test_a_body_that_is_too_large_is_refused_in_german(post):
    response = post("/kommentare/vorschau/", FORM | {"text": "x" * 200_000})
    assert response.status_code == 413
    assert title_of(response) == "Das ist zu viel"


def test_too_many_fields_are_refused_in_german(client):
    body = urlencode([(f"f{n}", "1") for n in range(300)])
    response = client.post("/kommentare/vorschau/", body, content_type=FORM_TYPE)
    assert response.status_code == 400
    assert title_of(response) == "Das war nicht zu verstehen"


def test_other_encodings_are_refused_in_german(client):
    assert client.post("/kommentare/vorschau/", FORM).status_code == 415
    for kind in ("application/json", "text/plain"):
        response = client.post("/kommentare/vorschau/", "{}", content_type=kind)
        assert response.status_code == 415
        assert title_of(response) == "Unbekanntes Format"
    response = client.post(
        "/kommentare/vorschau/", "page=x", content_type=f"{FORM_TYPE}; charset=utf-16"
    )
    assert response.status_code == 400


def test_bytes_that_are_no_utf8_are_no_error_of_ours(client):
    body = f"page={PAGE}&name=%ff%fe&text=%c3%28".encode()
    response = client.post("/kommentare/vorschau/", body, content_type=FORM_TYPE)
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["vorschau", "senden"])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_forms_take_post_only(path, method, client):
    response = getattr(client, method)(f"/kommentare/{path}/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    if method != "head":
        assert title_of(response) == "So geht es nicht"


@pytest.mark.parametrize("path", ["danke", "antworten", "export"])
def test_pages_take_no_post(path, post):
    assert post(f"/kommentare/{path}/", {}).status_code in (403, 405)


def test_an_unknown_address_is_answered_in_german(client):
    response = client.get("/kommentare/gibt-es-nicht/")
    assert response.status_code == 404
    assert title_of(response) == "Diese Seite gibt es nicht"


def test_an_unknown_host_is_refused(client):
    response = client.get("/kommentare/danke/", headers={"Host": "boese.example"})
    assert response.status_code == 400


def test_a_mistake_of_ours_is_answered_in_german_and_logged(client, monkeypatch, caplog):
    from comment_service.comments import views

    def fail(*args):
        raise RuntimeError("kaputt")

    monkeypatch.setattr(views.pages, "find", fail)
    client.raise_request_exception = False
    response = client.get("/kommentare/antworten/", {"seite": PAGE})
    assert response.status_code == 500
    assert title_of(response) == "Da ist etwas schiefgegangen"
    assert "kaputt" not in response.content.decode()
    assert "kaputt" in caplog.text


def test_a_database_that_cannot_write_loses_nothing(post, monkeypatch):
    from django.db import OperationalError

    from comment_service.comments import views

    def locked(draft, network):
        raise OperationalError("database is locked")

    token = token_in(post("/kommentare/vorschau/", FORM))
    with monkeypatch.context() as patch:
        patch.setattr(views, "take_in", locked)
        response = post("/kommentare/senden/", {"token": token})
    assert response.status_code == 503
    assert token_in(response) == token, "a button sends the same comment again"
    assert post("/kommentare/senden/", {"token": token}).status_code == 303
    assert Comment.objects.count() == 1


# -- Headers, logs --


def test_every_page_has_a_strict_policy_and_sets_no_cookie(post, client):
    preview = post("/kommentare/vorschau/", FORM)
    answers = [
        preview,
        post("/kommentare/vorschau/", {"page": PAGE}),
        post("/kommentare/senden/", {"token": token_in(preview)}),
        client.get("/kommentare/danke/"),
        client.get("/kommentare/antworten/", {"seite": PAGE}),
        client.get("/kommentare/gibt-es-nicht/"),
        client.get("/kommentare/vorschau/"),
    ]
    for answer in answers:
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies
        soup = BeautifulSoup(answer.content, "html.parser")
        assert not soup.select("script, style, [style], [onclick]")
        if soup.html:
            assert soup.html["lang"] == "de"


def test_no_address_is_kept_or_logged(client, caplog):
    caplog.set_level("DEBUG")
    body = urlencode(FORM | {"email": "ida@beispiel.example"})
    extra = {"REMOTE_ADDR": "203.0.113.77", "headers": {"X-Forwarded-For": "203.0.113.78"}}
    preview = client.post("/kommentare/vorschau/", body, content_type=FORM_TYPE, **extra)
    token = urlencode({"token": token_in(preview)})
    client.post("/kommentare/senden/", token, content_type=FORM_TYPE, **extra)
    kept = str(list(Comment.objects.values()))
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name != "django.db.backends")
    for address in ("203.0.113.77", "203.0.113.78"):
        assert address not in kept
        assert address not in caplog.text
    assert "ida@beispiel.example" not in ours
