"""Many at once on SQLite: nobody gets an error, nobody another's comment, nothing is lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.test import Client

from comment_service import moderation
from comment_service.comments.models import Comment, Counter

PAGE = "/blog/was-netzwerken-ist/"
FORM_TYPE = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.COMMENTS_PER_NETWORK = settings.COMMENTS_PER_PAGE = 0


def preview(text):
    body = urlencode({"page": PAGE, "name": f"Name {text}", "text": text})
    response = Client().post("/kommentare/vorschau/", body, content_type=FORM_TYPE)
    assert response.status_code == 200
    assert text in response.content.decode()
    return re.search(rb'name="token" value="([^"]+)"', response.content)[1].decode()


def send(token):
    body = urlencode({"token": token})
    return Client().post("/kommentare/senden/", body, content_type=FORM_TYPE).status_code


def in_threads(work, items, threads=8):
    def run(item):
        try:
            return work(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, items))


def test_many_writers_get_their_own_comment_each():
    texts = [f"Kommentar Nummer {number}." for number in range(80)]
    answers = in_threads(lambda text: send(preview(text)), texts)
    assert set(answers) == {303}
    kept = {comment.text: comment.author for comment in Comment.objects.all()}
    assert kept == {text: f"Name {text}" for text in texts}


def test_one_comment_sent_by_many_at_once_is_one():
    token = preview("Einmal.")
    assert set(in_threads(send, [token] * 16)) == {303}
    assert Comment.objects.count() == 1


def test_approving_while_others_write_numbers_every_change_once():
    for number in range(24):
        send(preview(f"Alt {number}"))
    waiting = [entry["id"] for entry in moderation.listed("pending")]

    def work(job):
        return moderation.approve([job]) if job in waiting else send(preview(job))

    jobs = [
        job for pair in zip(waiting, (f"Neu {n}" for n in range(24)), strict=True) for job in pair
    ]
    in_threads(work, jobs)
    approved = Comment.objects.filter(state="approved")
    assert sorted(approved.values_list("revision", flat=True)) == list(range(1, 25))
    assert Counter.current().number == 24
    assert Comment.objects.filter(state="pending").count() == 24
    assert len(moderation.changes()["comments"]) == 24
