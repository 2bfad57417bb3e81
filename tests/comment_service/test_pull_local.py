"""The build takes approved comments straight from the database here."""

from __future__ import annotations

import json

import pytest

from comment_service import moderation
from comment_service.comments import subscriptions
from plugins.comments.pull import PullError, pull, state


def test_approved_comments_get_into_the_snapshot(make_comment, tmp_path):
    file = tmp_path / "kommentare.json"
    assert pull("local", file).message == "Kommentare geholt: 0 Kommentare."
    comment = make_comment()
    subscriptions.ask(comment, "ida@beispiel.example")
    assert not pull("local", file).is_changed
    moderation.approve([comment.id])
    result = pull("local", file)
    assert (result.is_changed, result.count, result.revision) == (True, 1, 1)
    entries = json.loads(file.read_text())["comments"]
    assert [entry["id"] for entry in entries] == [comment.id]
    assert "ida@" not in file.read_text()
    moderation.erase([comment.id])
    assert pull("local", file).count == 0
    assert json.loads(file.read_text())["erased"] == [comment.id]


def test_the_state_changes_with_what_the_public_may_know(make_comment):
    before = state()
    comment = make_comment()
    assert state() == before
    moderation.approve([comment.id])
    approved = state()
    moderation.erase([comment.id])
    assert len({before, approved, state()}) == 3


def test_a_new_empty_database_does_not_empty_the_site(make_comment, tmp_path):
    from comment_service.comments.models import Comment, Counter

    file = tmp_path / "kommentare.json"
    make_comment("approved")
    pull("local", file)
    Comment.objects.all().delete()
    Counter.objects.all().delete()
    result = pull("local", file)
    assert not result.is_fresh
    assert result.count == 1


def test_a_database_out_of_order_is_an_error_or_the_last_good_snapshot(
    make_comment, tmp_path, monkeypatch
):
    from django.db import OperationalError

    from comment_service.comments import export

    def fail(since):
        raise OperationalError("disk I/O error")

    file = tmp_path / "kommentare.json"
    make_comment("approved")
    pull("local", file)
    monkeypatch.setattr(export, "changes", fail)
    result = pull("local", file)
    assert "disk I/O error" in result.message
    assert not result.is_fresh
    with pytest.raises(PullError, match="disk I/O error"):
        pull("local", tmp_path / "anderswo.json")
