"""SQLite: set up to keep what it has taken, to forget what is erased, and to be full or locked."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlencode

import pytest

from comment_service import moderation
from comment_service.comments.models import Comment

PAGE = "/blog/was-netzwerken-ist/"
# Long, so that each needs pages of its own.
FORM = {"page": PAGE, "name": "Ida Beispiel", "text": "Guten Tag! " * 500}
FORM_TYPE = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_database_is_set_up_to_keep_what_it_has_taken():
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for name in (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "busy_timeout",
            "secure_delete",
        ):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 20_000,
        "secure_delete": 1,
    }


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
            website=f"https://{secret}.example/",
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


@pytest.fixture
def sent(client):
    """Send a preview's token; return the answer."""
    import re

    def send(token=None):
        if token is None:
            body = urlencode(FORM)
            preview = client.post("/kommentare/vorschau/", body, content_type=FORM_TYPE)
            token = re.search(rb'name="token" value="([^"]+)"', preview.content)[1].decode()
        body = urlencode({"token": token})
        answer = client.post("/kommentare/senden/", body, content_type=FORM_TYPE)
        return answer, token

    return send


def test_a_full_disk_refuses_and_recovers(sent):
    from django.db import connection

    assert sent()[0].status_code == 303
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        # Not one page more than there are.
        cursor.execute(f"PRAGMA max_page_count={pages}")
        try:
            answers = [sent() for _ in range(40)]
        finally:
            cursor.execute("PRAGMA max_page_count=1073741823")
    taken = [token for answer, token in answers if answer.status_code == 303]
    refused = [token for answer, token in answers if answer.status_code == 503]
    assert refused, "the disk was never full"
    assert len(taken) + len(refused) == 40
    assert Comment.objects.count() == 1 + len(taken), "acknowledged is kept, refused is not"
    assert {sent(token)[0].status_code for token in refused} == {303}
    assert Comment.objects.count() == 41


def test_a_locked_database_refuses_and_recovers(sent, settings):
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    patience, options["timeout"] = options["timeout"], 0.1
    other = sqlite3.connect(name, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        answer, token = sent()
        assert answer.status_code == 503
        assert token in answer.content.decode()
        other.execute("ROLLBACK")
        assert sent(token)[0].status_code == 303
    finally:
        other.close()
        connection.close()
        options["timeout"] = patience
    assert Comment.objects.count() == 1
