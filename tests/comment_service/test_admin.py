"""The moderator's pages: German, for one job, without the delete that leaves no tombstone."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comment_service.comments.models import Comment

HOME = "/kommentare/verwaltung/"
QUEUE = "/kommentare/verwaltung/comments/comment/"


@pytest.fixture
def moderator(client, db):
    from comment_service import moderation

    moderation.set_password("henrike", "Mittwochs kommt die Post")
    assert client.login(username="henrike", password="Mittwochs kommt die Post")
    return client


def page_of(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def messages(response):
    return [message.get_text(strip=True) for message in page_of(response).select(".messagelist li")]


def test_strangers_see_only_the_login(client, make_comment):
    comment = make_comment(text="geheim")
    for url in (HOME, QUEUE, f"{QUEUE}{comment.id}/change/"):
        response = client.get(url, follow=True)
        assert "geheim" not in response.content.decode()
        assert page_of(response).select_one("[name=password]")
        assert "Anmelden" in page_of(response).title.get_text()


def test_home_is_the_queue(moderator, make_comment):
    waiting = make_comment(text="Wartet noch")
    make_comment("approved", text="Ist schon da")
    soup = page_of(moderator.get(HOME, follow=True))
    assert soup.html["lang"] == "de"
    assert [box["value"] for box in soup.select("[name=_selected_action]")] == [waiting.id]
    assert "Ist schon da" not in soup.get_text()


def test_the_whole_list_has_what_waits_first(moderator, make_comment):
    make_comment("rejected")
    waiting = make_comment()
    make_comment("approved")
    soup = page_of(moderator.get(QUEUE))
    boxes = [box["value"] for box in soup.select("[name=_selected_action]")]
    assert len(boxes) == 3
    assert boxes[0] == waiting.id


def test_there_are_four_actions_and_no_other(moderator, make_comment):
    make_comment()
    soup = page_of(moderator.get(QUEUE))
    actions = {option["value"] for option in soup.select("select[name=action] option")}
    assert actions == {"", "approve", "reject", "spam", "erase"}
    assert not soup.select("a.addlink")


def act(client, action, *comments, **more):
    ids = [comment.id for comment in comments]
    data = {"action": action, "_selected_action": ids} | more
    return client.post(QUEUE, data, follow=True)


@pytest.mark.parametrize(
    ("action", "state", "message"),
    [
        ("approve", "approved", "2 Kommentare freigegeben."),
        ("reject", "rejected", "2 Kommentare abgelehnt."),
        ("spam", "spam", "2 Kommentare als Spam abgelehnt."),
    ],
)
def test_actions_change_the_state(action, state, message, moderator, make_comment):
    response = act(moderator, action, make_comment(), make_comment())
    assert messages(response) == [message]
    assert set(Comment.objects.values_list("state", flat=True)) == {state}


def test_erasing_asks_first(moderator, make_comment):
    comment = make_comment("approved", text="Weg damit")
    question = page_of(act(moderator, "erase", comment))
    assert "unwiederbringlich" in question.get_text()
    comment.refresh_from_db()
    assert comment.text == "Weg damit"
    form = question.select_one("form:has([name=confirmed])")
    data = {field["name"]: field["value"] for field in form.select("input[name]")}
    response = moderator.post(QUEUE, data, follow=True)
    assert messages(response) == ["1 Kommentar gelöscht."]
    comment.refresh_from_db()
    assert (comment.state, comment.text) == ("erased", "")


def test_nothing_is_deleted_added_or_edited(moderator, make_comment):
    comment = make_comment("approved")
    assert moderator.post(f"{QUEUE}{comment.id}/delete/", {"post": "yes"}).status_code == 403
    assert moderator.get(f"{QUEUE}add/").status_code == 403
    act(moderator, "delete_selected", comment, post="yes")
    moderator.post(f"{QUEUE}{comment.id}/change/", {"text": "anders", "state": "pending"})
    comment.refresh_from_db()
    assert (comment.text, comment.state) == ("Guten Tag!", "approved")


@pytest.mark.parametrize(
    ("button", "state"),
    [
        ("_approve", "approved"),
        ("_reject", "rejected"),
        ("_spam", "spam"),
        ("_save", "pending"),
    ],
)
def test_a_single_comment_has_buttons(button, state, moderator, make_comment):
    comment = make_comment(text="Mit *Betonung*", suspicion="3 Links")
    url = f"{QUEUE}{comment.id}/change/"
    soup = page_of(moderator.get(url))
    assert soup.select_one(".readonly em").get_text() == "Betonung"
    assert "3 Links" in soup.get_text()
    buttons = {field["name"] for field in soup.select(".submit-row input")}
    assert buttons == {"_approve", "_reject", "_spam", "_answer", "_rename"}
    moderator.post(url, {button: "1"})
    comment.refresh_from_db()
    assert comment.state == state


def test_the_name_can_be_put_right(moderator, make_comment):
    comment = make_comment("approved", author="Ida 0151 2345")
    revision = comment.revision
    url = f"{QUEUE}{comment.id}/change/"
    response = moderator.post(url, {"_rename": "1", "author": "  Ida "}, follow=True)
    assert messages(response) == ["Der Name ist geändert."]
    comment.refresh_from_db()
    assert comment.author == "Ida"
    assert comment.revision == revision + 1, "the site learns of it"
    response = moderator.post(url, {"_rename": "1", "author": " "}, follow=True)
    assert "Es fehlt ein Name" in messages(response)[0]
    response = moderator.post(url, {"_rename": "1", "author": "x" * 81})
    assert page_of(response).select(".errorlist")
    comment.refresh_from_db()
    assert comment.author == "Ida"


def test_the_author_answers_from_the_queue(moderator, make_comment, settings):
    settings.COMMENTS_AUTHOR = "Henrike Voss"
    comment = make_comment(text="Gilt das immer?")
    url = f"{QUEUE}{comment.id}/change/"
    form = page_of(moderator.get(url))
    assert form.select_one("[name=answer_name]")["value"] == "Henrike Voss"
    answer = {"_answer": "1", "answer": "Ja, *immer*.", "answer_name": "Henrike Voss"}
    response = moderator.post(url, answer, follow=True)
    assert messages(response) == ["Ihre Antwort ist freigegeben."]
    reply = Comment.objects.exclude(pk=comment.pk).get()
    assert (reply.state, reply.by_author, reply.parent) == ("approved", True, comment)
    comment.refresh_from_db()
    assert comment.state == "approved"
    response = moderator.post(url, answer | {"answer": " "}, follow=True)
    assert "Ihre Antwort ist leer" in messages(response)[0]
    assert Comment.objects.count() == 2


def test_what_looks_like_spam_comes_last(moderator, make_comment):
    bad = make_comment(suspicion="9 Links")
    good = make_comment()
    soup = page_of(moderator.get(HOME, follow=True))
    assert [box["value"] for box in soup.select("[name=_selected_action]")] == [good.id, bad.id]
    assert "9 Links" in soup.get_text()


def test_an_erased_comment_cannot_be_approved(moderator, make_comment):
    from comment_service import moderation

    comment = make_comment("approved")
    moderation.erase([comment.id])
    response = act(moderator, "approve", comment)
    assert "Gelöscht ist gelöscht" in messages(response)[0]
    assert not page_of(moderator.get(f"{QUEUE}{comment.id}/change/")).select(".submit-row")


def test_the_history_names_no_person(moderator, make_comment):
    from django.contrib.admin.models import LogEntry

    comment = make_comment(author="Ida Beispiel")
    moderator.post(f"{QUEUE}{comment.id}/change/", {"_approve": "1"})
    assert LogEntry.objects.exists()
    assert "Ida" not in str(list(LogEntry.objects.values()))


def test_what_readers_write_is_text_here_too(moderator, make_comment):
    evil = "<img src=x onerror=alert(1)>"
    comment = make_comment(author=evil, text=evil, website="https://beispiel.example/")
    for url in (QUEUE, f"{QUEUE}{comment.id}/change/"):
        soup = page_of(moderator.get(url))
        assert not soup.select("img[src=x]")
        assert evil in soup.get_text()
    assert not page_of(act(moderator, "erase", comment)).select("img[src=x]")


def test_forms_need_the_secret_of_the_session(make_comment, db):
    from django.test import Client

    from comment_service import moderation

    moderation.set_password("henrike", "Mittwochs kommt die Post")
    client = Client(enforce_csrf_checks=True)
    client.login(username="henrike", password="Mittwochs kommt die Post")
    comment = make_comment()
    response = act(client, "approve", comment)
    assert response.status_code == 403
    assert "Das Formular ist veraltet" in response.content.decode()
    comment.refresh_from_db()
    assert comment.state == "pending"


def test_cookies_go_to_the_admin_only(client, db):
    from comment_service import moderation

    moderation.set_password("henrike", "Mittwochs kommt die Post")
    response = client.post(
        f"{HOME}login/", {"username": "henrike", "password": "Mittwochs kommt die Post"}
    )
    assert response.status_code == 302
    assert {"sessionid", "csrftoken"} <= set(response.cookies)
    for cookie in response.cookies.values():
        assert cookie["path"] == HOME
        assert cookie["secure"]
        assert cookie["samesite"] == "Strict"


@pytest.mark.usefixtures("db")  # Closing the answer looks after the connection.
def test_the_admin_has_its_style_without_a_build_step(client):
    response = client.get("/kommentare/static/admin/css/base.css")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")
    assert "max-age" in response["Cache-Control"]
    response.close()


def test_the_policy_allows_the_admins_own_scripts_and_nothing_inline(moderator):
    response = moderator.get(QUEUE)
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    soup = page_of(response)
    assert all(script.get("src") for script in soup.select("script"))
    assert not soup.select("[onclick], [onload]")


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from(["", "x.y.z/change/", "add/", "x/history/", "x/delete/"]),
    parameters=st.dictionaries(
        st.sampled_from(["state__exact", "state__in", "q", "p", "o", "e", "all", "author__regex"])
        | st.text(max_size=8),
        st.text(max_size=20) | st.sampled_from(["-1", "9" * 30, "1.2.-3", "(", "‮", "pending,x"]),
        max_size=4,
    ),
)
def test_no_address_of_the_moderation_is_an_error_of_ours(moderator, path, parameters):
    answer = moderator.get(QUEUE + path, parameters)
    assert answer.status_code < 500
