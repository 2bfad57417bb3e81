"""
Django for these tests: its own data folder, a database in a file, a site with three pages.

Django is set up here and not by pytest's settings, so that the other tests need not know of it.
COMMENTS_TEST_DATABASE_URL names another database; `test_postgresql` runs some of these tests so.
The environment is put back afterwards: tests elsewhere start programs that would inherit it.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest

_DATA = Path(tempfile.mkdtemp(prefix="comment-service-"))
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)


def _set_up_django() -> None:
    ours = {
        "DJANGO_SETTINGS_MODULE": "comment_service.settings",
        "COMMENTS_DATA": str(_DATA),
        "COMMENTS_SITE": str(_DATA / "site"),
        "COMMENTS_ORIGIN": "https://mittwochspost.example",
        "COMMENTS_EXPORT_TOKEN": "",
        "COMMENTS_READING_S": "0",
        "DATABASE_URL": os.environ.get("COMMENTS_TEST_DATABASE_URL", ""),
    }
    with mock.patch.dict(os.environ, ours):
        import django
        from django.db import connections

        django.setup()
        vendor = connections["default"].vendor
        assert vendor == (ours["DATABASE_URL"].partition(":")[0] or "sqlite")
        if vendor == "sqlite":
            # A file, as in real life: a database in memory knows neither WAL nor waiting.
            connections["default"].settings_dict["TEST"]["NAME"] = str(_DATA / "test.sqlite3")


_set_up_django()

PAGE = "/blog/was-netzwerken-ist/"
OTHER_PAGE = "/blog/richtig-zitieren/"
CLOSED_PAGE = "/blog/vorsaetze/"
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def site(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a built site with two open pages and a closed one."""
    from comment_service.comments import pages

    folder = tmp_path / "site"
    write_index(
        folder,
        [
            {"url": PAGE, "title": "Was Netzwerken ist", "comments": "open"},
            {"url": OTHER_PAGE, "title": "Richtig <zitieren>", "comments": "open"},
            {"url": CLOSED_PAGE, "title": "Vorsätze", "comments": "closed"},
        ],
    )
    settings.COMMENTS_SITE = folder
    # The real one takes half a second a password, on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(pages, "_cache", None)
    return folder


def write_index(folder: Path, posts: list[dict[str, str]]) -> None:
    path = folder / "blog" / "index.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"site": "Mittwochspost", "posts": posts}), encoding="utf-8")


@pytest.fixture
def post(client: Any) -> Callable[..., Any]:
    """Send a form as a browser does: urlencoded, with the origin it comes from."""

    def send(url: str, data: dict[str, str], **headers: str) -> Any:
        headers = headers or {"Origin": "https://mittwochspost.example"}
        return client.post(url, urlencode(data), content_type=FORM_TYPE, headers=headers)

    return send


@pytest.fixture
def make_comment(db: None) -> Callable[..., Any]:
    """Put a comment into the database, in any state."""
    from django.utils import timezone

    from comment_service.comments import moderation
    from comment_service.comments.models import Comment

    def make(state: str = "pending", **fields: Any) -> Any:
        values = {"page": PAGE, "author": "Ida Beispiel", "text": "Guten Tag!"}
        comment = Comment.objects.create(**values | {"created": timezone.now()} | fields)
        # On the way that real comments take, so that revisions are right.
        change = {
            "approved": moderation.approve,
            "rejected": moderation.reject,
            "spam": moderation.spam,
        }.get(state)
        if change:
            change([comment.id])
        comment.refresh_from_db()
        return comment

    return make
