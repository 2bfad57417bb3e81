"""Snapshots of approved comments and their deltas: read, checked, applied, written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from plugins.comments import snapshot as snapshots
from plugins.comments.core import SnapshotError

START = datetime(2026, 3, 4, 8, tzinfo=UTC)


def comment(comment_id, parent=None, minute=0, **fields):
    values = {"author": "Ida", "text": "Ja.", "created": START + timedelta(minutes=minute)}
    return snapshots.Approved(id=comment_id, page="/blog/x/", parent=parent, **(values | fields))


GOOD = {
    "id": "abc",
    "page": "/blog/x/",
    "parent": None,
    "author": "Ida",
    "website": "https://beispiel.example/",
    "text": "Ja.",
    "created": "2026-03-04T08:00:00+00:00",
}


def snapshot(*comments, revision=1, erased=(), store="s"):
    return snapshots.Snapshot(revision=revision, comments=comments, erased=erased, store=store)


def of_one(**changes):
    entry = {key: value for key, value in (GOOD | changes).items() if value is not ...}
    return json.dumps({"revision": 1, "comments": [entry], "erased": []}).encode()


def parse(**changes):
    return snapshots.parse_snapshot(of_one(**changes), "kommentare.json")


def raw_pages(data):
    pages = snapshots.raw_pages(data, "kommentare.json", snapshots.comments_of)
    return {page: raw for page, (raw, _) in pages.items()}


def test_a_good_snapshot_is_read():
    found = parse()
    assert found.comments[0].author == "Ida"
    assert found.comments[0].created == START


def test_nothing_but_the_known_fields_comes_through():
    found = parse(email="ida@beispiel.example", ip="203.0.113.7")
    assert "ida@" not in snapshots.dump_snapshot(found)
    assert "203.0" not in snapshots.dump_snapshot(found)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ...}, "id"),
        ({"id": ""}, "id"),
        ({"id": 'x" onclick="'}, "id"),
        ({"id": 7}, "id"),
        ({"page": "blog/x/"}, "page"),
        ({"page": "//boese.example/"}, "page"),
        ({"page": "https://boese.example/"}, "page"),
        ({"page": '/"><script>'}, "page"),
        ({"parent": "a b"}, "parent"),
        ({"author": ""}, "author"),
        ({"author": "\u0000 "}, "author"),
        ({"author": None}, "author"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://a.example/ onclick=x"}, "website"),
        ({"text": ...}, "text"),
        ({"text": ["x"]}, "text"),
        ({"created": "gestern"}, "created"),
        ({"created": "2026-03-04T08:00:00"}, "created"),
        ({"created": None}, "created"),
    ],
)
def test_a_wrong_field_is_named(changes, field):
    with pytest.raises(SnapshotError) as caught:
        parse(**changes)
    assert caught.value.field == f"comments.0.{field}"
    assert str(caught.value).startswith(f"kommentare.json: comments.0.{field}: ")
    with pytest.raises(SnapshotError) as by_page:
        raw_pages(of_one(**changes))
    assert str(by_page.value) == str(caught.value)


@pytest.mark.parametrize("website", ["", None, ...])
def test_a_website_may_be_missing(website):
    assert parse(website=website).comments[0].website == ""


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"x"',
        "{}",
        "<!doctype html><p>502 Bad Gateway",
        '{"comments": []}',
        '{"revision": -1, "comments": [], "erased": []}',
        '{"revision": "x", "comments": [], "erased": []}',
        '{"revision": 1, "comments": null, "erased": []}',
        '{"revision": 1, "comments": {}, "erased": []}',
        '{"revision": 1, "comments": [[]], "erased": []}',
        '{"revision": 1, "comments": [], "erased": [1]}',
        b"\xff\xfe",
        "[" * 100_000,
    ],
)
def test_nonsense_is_an_error_and_never_an_empty_list(data):
    with pytest.raises(SnapshotError) as caught:
        snapshots.parse_snapshot(data, "kommentare.json")
    message = str(caught.value)
    assert message.startswith("kommentare.json: ")
    assert "\n" not in message
    assert len(message) < 200
    with pytest.raises(SnapshotError) as by_page:
        raw_pages(data)
    assert str(by_page.value) == message


def test_comments_are_grouped_by_page():
    entries = [
        GOOD | {"id": "b"},
        GOOD | {"id": "c", "page": "/blog/y/", "email": "x"},
        GOOD | {"id": "a"},
    ]
    data = json.dumps({"revision": 1, "comments": entries, "erased": []}).encode()
    assert raw_pages(data) == {"/blog/x/": [entries[0], entries[2]], "/blog/y/": [entries[1]]}


def test_a_page_that_is_known_to_be_right_is_not_looked_at_again():
    asked = []
    snapshots.raw_pages(of_one(), "kommentare.json", asked.append)
    assert [[entry["id"] for entry in raw] for raw in asked] == [["abc"]]


def test_the_third_of_three_is_named():
    entries = [GOOD | {"id": f"c{n}", "author": "Ida" if n < 2 else ""} for n in range(3)]
    with pytest.raises(SnapshotError) as caught:
        raw_pages(json.dumps({"revision": 1, "comments": entries, "erased": []}).encode())
    assert caught.value.field == "comments.2.author"


def test_an_id_that_two_pages_have_is_an_error():
    entries = [GOOD, GOOD | {"page": "/blog/y/"}]
    with pytest.raises(SnapshotError, match="eine Kennung kommt doppelt vor"):
        raw_pages(json.dumps({"revision": 1, "comments": entries, "erased": []}).encode())


def test_an_id_cannot_be_there_twice():
    data = json.dumps({"revision": 1, "comments": [GOOD, GOOD], "erased": []})
    with pytest.raises(SnapshotError, match="doppelt"):
        snapshots.parse_snapshot(data, "kommentare.json")


def test_what_is_written_can_be_read():
    before = snapshot(comment("a", text="„Äh“\n2"), comment("b", parent="a"), erased=("c",))
    text = snapshots.dump_snapshot(before)
    assert snapshots.parse_snapshot(text, "x") == before
    assert snapshots.dump_snapshot(snapshots.parse_snapshot(text, "x")) == text
    assert "„Äh“" in text
    assert snapshots.parse_snapshot(snapshots.dump_snapshot(snapshot()), "x") == snapshot()


def test_a_delta_adds_changes_and_removes():
    before = snapshot(comment("a"), comment("b", minute=1), erased=("x",))
    delta = snapshot(
        comment("c", minute=-5), comment("b", minute=1, text="Nein."), revision=4, erased=("a",)
    )
    after = snapshots.apply_delta(before, delta)
    assert [(c.id, c.text) for c in after.comments] == [("c", "Ja."), ("b", "Nein.")]
    assert (after.revision, after.erased) == (4, ("a", "x"))


def test_a_delta_can_bring_a_comment_back():
    after = snapshots.apply_delta(
        snapshot(erased=("a",)), snapshot(comment("a"), revision=2, erased=())
    )
    assert ([c.id for c in after.comments], after.erased) == (["a"], ())


def test_an_empty_delta_changes_nothing():
    before = snapshot(comment("a"), comment("b", minute=1), erased=("c",))
    assert snapshots.apply_delta(before, snapshot()) == before


@pytest.mark.parametrize("delta", [snapshot(revision=0), snapshot(revision=5, store="andere")])
def test_a_delta_from_the_past_or_from_elsewhere_is_refused(delta):
    assert not snapshots.is_newer(snapshot(comment("a")), delta)
    with pytest.raises(ValueError, match="newer"):
        snapshots.apply_delta(snapshot(comment("a")), delta)


def test_what_disappears_without_a_word_is_counted():
    old = snapshot(comment("a"), comment("b"), comment("c"))
    assert snapshots.lost(old, snapshot(comment("a"), erased=("b",))) == 1
    assert snapshots.lost(old, snapshot(erased=("a", "b", "c"))) == 0
    assert snapshots.lost(snapshot(), snapshot()) == 0
