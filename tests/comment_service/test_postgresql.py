"""PostgreSQL: the tests of the service pass there too, and `test_load` kills it there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.comment_service import postgres

PROJECT = Path(__file__).resolve().parents[2]
#: What reaches for the database in ways of its own: locks, transactions, upserts, deltas, dumps.
FILES = (
    *("test_concurrency.py", "test_export.py", "test_archive.py", "test_limits.py"),
    *("test_person.py", "test_mail.py"),
)

#: Beside a database: comments of all kinds, an account, what the filter has learned.
_FILL = """
from django.utils import timezone
from comment_service import moderation
moderation.setup()
from django.contrib.auth.models import User
User.objects.create(username="henrike", password="hash")
from comment_service.comments import subscriptions
from comment_service.comments.models import Comment
def put(text, **fields):
    return Comment.objects.create(
        page="/blog/x/", author="Ida", text=text, created=timezone.now(), **fields)
first = put("„Ähm“ 😀")
moderation.approve([first.pk])
moderation.approve([put("Antwort", parent=first).pk])
moderation.spam([put("Uhren, Uhren, Uhren").pk])
moderation.erase([put("Weg damit").pk])
subscriptions.ask(put("Wartet"), "ida@beispiel.example")
moderation.backup(moderation.Path(FILE))
"""
_TELL = """
import json
from comment_service import moderation
from comment_service.comments.models import Comment, Erasure, Knowledge, Subscription
moderation.setup()
from comment_service.comments.seal import unseal
from django.contrib.auth.models import User
told = {
    "comments": list(Comment.objects.order_by("pk").values()),
    "erased": sorted(Erasure.objects.values_list("pk", flat=True)),
    "learned": bytes(Knowledge.objects.get().counts).hex(),
    "address": unseal(Subscription.objects.get().address),
    "accounts": list(User.objects.values()),
}
"""
_NEW = """
from django.utils import timezone
new = Comment.objects.create(page="/blog/x/", author="Bo", text="Neu", created=timezone.now())
moderation.approve([new.pk])
User.objects.create(username="zweite", password="hash")
"""
_PULL = """
from plugins.comments.pull import pull
result = pull("local", FILE + ".json")
print(json.dumps([result.is_fresh, result.count, told], default=str))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.server(is_durable=False) as running:
        yield running


def test_the_same_tests_pass_on_postgresql(server: postgres.Server) -> None:
    folder = Path(__file__).parent
    # Without this one, which would make Django start before our conftest.
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FILES],
        cwd=folder,
        env=inherited | {"COMMENTS_TEST_DATABASE_URL": server.url},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout


def test_comments_move_from_sqlite_to_postgresql_by_backup_and_restore(
    server: postgres.Server, tmp_path: Path
) -> None:
    """With their threads, states, addresses and the account; builds go on, and so do numbers."""
    file = str(tmp_path / "umzug.gz")

    def run(program: str, database: str) -> str:
        ours = {"COMMENTS_DATA": str(tmp_path / "data"), "DATABASE_URL": database}
        result = subprocess.run(
            [sys.executable, "-c", f"FILE = {file!r}\n{program}"],
            cwd=PROJECT,
            env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"} | ours,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    server.execute("CREATE DATABASE umzug")
    there = server.address_of("umzug")
    fresh, count, before = json.loads(run(_FILL + _TELL + _PULL, ""))
    assert (fresh, count, before["address"]) == (True, 2, "ida@beispiel.example")
    assert [account["username"] for account in before["accounts"]] == ["henrike"]
    moved = "from comment_service import moderation\nmoderation.restore(moderation.Path(FILE))\n"
    fresh, count, after = json.loads(run(moved + _TELL + _NEW + _PULL, there))
    # The build takes the database for the same one: nothing is lost, and the new comment comes.
    assert (fresh, count) == (True, 3)
    assert after == before
