"""The export: what the build may know."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from comment_service import moderation
from comment_service.comments.models import Comment, Counter
from plugins.comments.snapshot import Snapshot, apply_delta, parse_snapshot

PAGE = "/blog/was-netzwerken-ist/"
TOKEN = {"Authorization": "Bearer geheimes-wort"}


def subscribe(comment, address):
    from django.utils import timezone

    from comment_service.comments import subscriptions

    subscription = subscriptions.ask(comment, address)
    subscription.confirmed = timezone.now()
    subscription.save()


def ids(changes):
    return {comment["id"] for comment in changes["comments"]}


def test_only_approved_comments_leave_the_database_and_no_mail_address(make_comment):
    comment = make_comment("approved", website="https://beispiel.example/")
    subscribe(comment, "ida@beispiel.example")
    make_comment("pending")
    make_comment("rejected")
    changes = moderation.changes()
    assert changes["comments"] == [
        {
            "id": comment.id,
            "page": PAGE,
            "parent": None,
            "author": "Ida Beispiel",
            "website": "https://beispiel.example/",
            "text": "Guten Tag!",
            "by_author": False,
            "created": comment.created.isoformat(),
        }
    ]
    assert (changes["revision"], changes["erased"]) == (1, [])
    assert "ida@" not in json.dumps(changes)


def test_times_are_in_utc_to_the_microsecond_and_in_order(make_comment):
    """As Python writes them: without a fraction where there is none."""
    moments = [
        "2026-03-28T23:30:00+00:00",
        "2026-03-29T00:59:59.000001+00:00",
        # Here Berlin's clocks are set forward.
        "2026-03-29T01:00:00+00:00",
        "2026-03-29T01:00:00.120000+00:00",
        "2026-03-29T01:00:01+00:00",
    ]
    for moment in reversed(moments):
        make_comment("approved", created=datetime.fromisoformat(moment))
    exported = [comment["created"] for comment in moderation.changes()["comments"]]
    assert exported == moments
    assert moments == [datetime.fromisoformat(moment).isoformat() for moment in moments]


def test_an_empty_database_exports_an_empty_list(db):
    changes = moderation.changes()
    assert (changes["revision"], changes["comments"], changes["erased"]) == (0, [], [])


def test_a_delta_has_only_what_changed(make_comment):
    first, second = make_comment("approved"), make_comment("approved")
    assert ids(moderation.changes(0)) == {first.id, second.id}
    assert ids(moderation.changes(1)) == {second.id}
    assert ids(moderation.changes(2)) == set()
    assert ids(moderation.changes(99)) == set()
    assert moderation.changes(99)["revision"] == 2


@pytest.mark.parametrize("remove", [moderation.reject, moderation.erase])
def test_what_was_public_and_is_no_more_is_named(remove, make_comment):
    comment = make_comment("approved")
    since = moderation.changes()["revision"]
    remove([comment.id])
    delta = moderation.changes(since)
    assert (delta["erased"], delta["comments"]) == ([comment.id], [])
    assert moderation.changes()["erased"] == [comment.id]


def test_what_was_never_public_is_never_named(make_comment):
    moderation.erase([make_comment().id])
    make_comment("rejected")
    assert moderation.changes()["erased"] == []


def test_a_comment_approved_again_comes_again(make_comment):
    comment = make_comment("approved")
    moderation.reject([comment.id])
    since = moderation.changes()["revision"]
    moderation.approve([comment.id])
    delta = moderation.changes(since)
    assert (ids(delta), delta["erased"]) == ({comment.id}, [])


def test_a_reply_answers_the_nearest_public_comment(make_comment):
    """grandparent ← parent ← child: when the parent goes, the child moves up, and back again."""
    grandparent = make_comment("approved")
    parent = make_comment("approved", parent=grandparent)
    child = make_comment("approved", parent=parent)

    def parent_of_child(since=0):
        found = [c["parent"] for c in moderation.changes(since)["comments"] if c["id"] == child.id]
        return found[0] if found else "unchanged"

    assert parent_of_child() == parent.id
    since = moderation.changes()["revision"]
    moderation.reject([parent.id])
    assert parent_of_child(since) == grandparent.id, "the child is in the delta, too"
    moderation.approve([parent.id])
    assert parent_of_child(since) == parent.id
    moderation.erase([parent.id])
    moderation.erase([grandparent.id])
    assert parent_of_child(since) is None


def test_deltas_in_any_rhythm_come_to_the_same_as_a_full_export(make_comment):
    comments = [make_comment() for _ in range(6)]
    replies = [make_comment(parent=comment) for comment in comments]
    every = [c.id for c in comments + replies]
    steps = [
        lambda: moderation.approve(every[:8]),
        lambda: moderation.reject(every[:2]),
        lambda: moderation.approve(every[1:]),
        lambda: moderation.erase(every[3:5]),
        lambda: moderation.approve(every[:1]),
    ]
    eager = Snapshot.model_validate(moderation.changes())
    lazy = eager
    for number, step in enumerate(steps):
        step()
        delta = Snapshot.model_validate(moderation.changes(eager.revision))
        eager = apply_delta(eager, delta)
        if number % 2:
            delta = Snapshot.model_validate(moderation.changes(lazy.revision))
            lazy = apply_delta(lazy, delta)
    full = Snapshot.model_validate(moderation.changes())
    lazy = apply_delta(lazy, Snapshot.model_validate(moderation.changes(lazy.revision)))
    assert eager == lazy == full
    assert len(full.comments) == 10


# -- Over HTTP --


def test_without_a_token_configured_there_is_no_export(client, db):
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        response = client.get("/kommentare/export/", headers=headers)
        assert response.status_code == 403
        assert "COMMENTS_EXPORT_TOKEN" in response.json()["fehler"]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer falsch", "Basic geheimes-wort", "Bearer ü", "x" * 9999]
)
def test_a_wrong_token_is_refused(header, client, settings, db):
    settings.COMMENTS_EXPORT_TOKEN = "geheimes-wort"
    headers = {} if header is None else {"Authorization": header}
    response = client.get("/kommentare/export/", headers=headers)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert "comments" not in response.json()


def test_the_right_token_gets_the_export(client, settings, make_comment):
    settings.COMMENTS_EXPORT_TOKEN = "geheimes-wort"
    comment = make_comment("approved", author="Ümit", text="„Äh“")
    response = client.get("/kommentare/export/", headers=TOKEN)
    assert response["Content-Type"] == "application/json"
    snapshot = parse_snapshot(response.content, "Export")
    assert [c.id for c in snapshot.comments] == [comment.id]
    assert snapshot.comments[0].text == "„Äh“"
    delta = client.get("/kommentare/export/", {"seit": "1"}, headers=TOKEN).json()
    assert (delta["revision"], delta["comments"]) == (1, [])


def test_an_unchanged_export_is_not_sent_again(client, settings, make_comment):
    settings.COMMENTS_EXPORT_TOKEN = "geheimes-wort"
    make_comment("approved")
    etag = client.get("/kommentare/export/", headers=TOKEN)["ETag"]
    again = TOKEN | {"If-None-Match": etag}
    response = client.get("/kommentare/export/", headers=again)
    assert (response.status_code, response.content) == (304, b"")
    # Another question is another answer.
    assert client.get("/kommentare/export/", {"seit": 1}, headers=again).status_code == 200
    make_comment("approved")
    assert client.get("/kommentare/export/", headers=again).status_code == 200


def test_another_database_with_the_same_revision_has_another_etag(client, settings, make_comment):
    settings.COMMENTS_EXPORT_TOKEN = "geheimes-wort"
    make_comment("approved")
    etag = client.get("/kommentare/export/", headers=TOKEN)["ETag"]
    Counter.objects.update(store="anders")
    assert client.get("/kommentare/export/", headers=TOKEN)["ETag"] != etag


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "", "٣", "9" * 19, "1 "])
def test_a_revision_must_be_a_number(since, client, settings, db):
    settings.COMMENTS_EXPORT_TOKEN = "geheimes-wort"
    response = client.get("/kommentare/export/", {"seit": since}, headers=TOKEN)
    assert response.status_code == 400
    assert "Revision" in response.json()["fehler"]


def test_an_export_costs_few_queries(make_comment, django_assert_max_num_queries):
    parent = make_comment("approved")
    for _ in range(5):
        parent = make_comment("approved", parent=parent)
    moderation.reject(list(Comment.objects.values_list("id", flat=True)[1:4]))
    # Counter, comments, tombstones, and one for each level of hidden ancestors.
    with django_assert_max_num_queries(7):
        moderation.changes()
