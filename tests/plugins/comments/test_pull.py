"""Refreshing the snapshot from a server (from the database here: tests/comment_service)."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.comments import sources
from plugins.comments.pull import PullError, default_snapshot, pull, state
from plugins.comments.snapshot import parse_snapshot

TOKEN = "geheimes-wort"


def entry(comment_id, **changes):
    values = {
        "id": comment_id,
        "page": "/blog/x/",
        "parent": None,
        "author": "Ida",
        "website": "",
        "text": "Ja.",
        "created": "2026-03-04T08:00:00+00:00",
    }
    return values | changes


def export(*ids, revision=1, erased=(), store="s"):
    comments = [entry(comment_id) for comment_id in ids]
    return {"revision": revision, "store": store, "comments": comments, "erased": list(erased)}


class Service:
    """A comment server that answers what it is told; *asked* are the revisions it was asked for."""

    def __init__(self):
        self.answers = {}
        self.status = 200
        self.headers = {}
        self.raw = None
        self.asked = []
        self.tokens = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                since = int(parse_qs(urlsplit(self.path).query).get("seit", ["0"])[0])
                service.asked.append(since)
                service.tokens.append(self.headers["Authorization"])
                body = service.raw
                if body is None:
                    body = json.dumps(service.answers.get(since, {})).encode()
                self.send_response(service.status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service():
    found = Service()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "neu" / "kommentare.json"


def ids(file):
    snapshot = parse_snapshot(file.read_bytes(), "x")
    return [comment.id for comment in snapshot.comments]


def fetch(service, file, **options):
    return pull(service.url, file, token=TOKEN, **options)


def test_the_first_pull_takes_everything(service, file):
    service.answers[0] = export("a", "b")
    result = fetch(service, file)
    assert ids(file) == ["a", "b"]
    assert (result.revision, result.count, result.is_changed, result.is_fresh) == (1, 2, True, True)
    assert result.message == "Kommentare geholt: 2 Kommentare."
    assert result.snapshot == file
    assert service.asked == [0]
    assert service.tokens == [f"Bearer {TOKEN}"]


def test_the_next_pull_asks_for_what_changed(service, file):
    service.answers = {0: export("a", "b"), 1: export("c", revision=3, erased=["a"])}
    fetch(service, file)
    result = fetch(service, file)
    assert ids(file) == ["b", "c"]
    assert (result.revision, result.is_changed) == (3, True)
    assert service.asked == [0, 1]


def test_without_changes_the_file_is_not_touched(service, file):
    service.answers = {0: export("a"), 1: export()}
    fetch(service, file)
    os.utime(file, (1, 1))
    result = fetch(service, file)
    assert not result.is_changed
    assert result.is_fresh
    assert result.message == "Kommentare unverändert: 1 Kommentar."
    assert file.stat().st_mtime == 1


def test_a_restored_database_is_taken_whole(service, file):
    service.answers = {0: export("a", "b", revision=9)}
    fetch(service, file)
    service.answers = {9: export(revision=5), 0: export("a", revision=5)}
    result = fetch(service, file)
    assert ids(file) == ["a"]
    assert (result.revision, result.is_fresh) == (5, True)
    assert service.asked == [0, 9, 0]


def test_an_emptied_database_does_not_empty_the_site(service, file):
    service.answers = {0: export("a", "b", revision=9)}
    fetch(service, file)
    service.answers = {9: export(revision=0), 0: export(revision=0)}
    result = fetch(service, file)
    assert ids(file) == ["a", "b"]
    assert not result.is_fresh
    assert "fehlen 2" in result.message
    assert str(file) in result.message


def test_another_database_does_not_replace_the_one_we_know(service, file):
    service.answers = {0: export("a", "b", revision=9)}
    fetch(service, file)
    service.answers = {9: export(revision=20, store="t"), 0: export("c", revision=20, store="t")}
    result = fetch(service, file)
    assert ids(file) == ["a", "b"]
    assert not result.is_fresh
    # The same comments in a new database (moved, imported) are welcome.
    service.answers[0] = export("a", "b", "c", revision=20, store="t")
    assert fetch(service, file).is_fresh
    assert ids(file) == ["a", "b", "c"]


def test_all_comments_may_go_if_they_were_erased(service, file):
    service.answers = {0: export("a"), 1: export(revision=2, erased=["a"])}
    fetch(service, file)
    result = fetch(service, file)
    assert (result.is_fresh, result.count, ids(file)) == (True, 0, [])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": 500}, "meldet einen Fehler (500)"),
        ({"status": 401}, "lehnt das Kennwort ab (401)"),
        ({"status": 403}, "lehnt das Kennwort ab (403)"),
        ({"status": 404}, "meldet einen Fehler (404)"),
        ({"status": 302, "headers": {"Location": "/x"}}, "leitet weiter (302)"),
        ({"raw": b""}, "antwortet unverständlich"),
        ({"raw": b"<!doctype html>"}, "antwortet unverständlich"),
        ({"raw": b"[]"}, "antwortet unverständlich"),
        ({"raw": b"{}"}, "antwortet unverständlich"),
        ({"raw": b'{"revision": 2, "comments": [{}], "erased": []}'}, "comments.0.id"),
        ({"headers": {"Content-Length": "99"}, "raw": b'{"revision": 2, "comm'}, "unverständlich"),
    ],
)
def test_a_failing_server_leaves_the_last_good_snapshot(change, expected, service, file):
    service.answers = {0: export("a")}
    fetch(service, file)
    before = file.read_bytes()
    for name, value in change.items():
        setattr(service, name, value)
    result = fetch(service, file)
    assert file.read_bytes() == before
    assert not result.is_fresh
    assert not result.is_changed
    assert (result.count, result.revision) == (1, 1)
    assert expected in result.message
    assert result.message.endswith("Es bleibt beim letzten guten Stand: 1 Kommentar.")
    assert TOKEN not in result.message


def test_the_token_does_not_follow_a_redirect(service, file):
    service.status = 302
    service.headers = {"Location": f"{service.url}/anderswo/"}
    with pytest.raises(PullError):
        fetch(service, file)
    assert len(service.asked) == 1


def test_a_server_that_is_away_leaves_the_last_good_snapshot(service, file):
    service.answers = {0: export("a")}
    fetch(service, file)
    service.server.server_close()
    service.server.shutdown()
    result = fetch(service, file)
    assert "nicht erreichbar" in result.message
    assert ids(file) == ["a"]


def test_a_server_that_says_nothing_is_given_up(file, monkeypatch):
    monkeypatch.setattr(sources, "SILENCE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(PullError, match="nicht erreichbar"):
            pull(url, file, token=TOKEN)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("at_once", "drop"),
    [
        (b"", b"H"),
        (HEAD, b"X: y\r\n"),
        (HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
        (HEAD + b"\r\n", b" "),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    ],
    ids=["status", "head", "body", "endless", "chunks", "chunk"],
)
def test_a_server_that_drips_is_given_up_before_it_has_ended(at_once, drop, file, monkeypatch):
    """No read waits long, and yet it would go on for ever."""
    monkeypatch.setattr(sources, "WITHIN_S", 0.5)
    is_over = threading.Event()

    def serve(server):
        connection, _ = server.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(at_once)
            # It ends some time, so that a build that waits makes this test fail and not hang.
            for _ in range(400):
                if is_over.wait(0.05):
                    break
                connection.sendall(drop)
            else:
                is_over.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            with pytest.raises(PullError, match="die Antwort dauert zu lange"):
                pull(url, file, token=TOKEN)
            assert not is_over.is_set(), "given up only when the server had ended"
        finally:
            is_over.set()
            thread.join()


def test_the_state_costs_no_comment_and_changes_with_each(service):
    service.answers[10**18 - 1] = export(revision=7, store="s")
    known = state(service.url, token=TOKEN)
    assert state(service.url, token=TOKEN) == known
    service.answers[10**18 - 1] = export(revision=8, store="s")
    newer = state(service.url, token=TOKEN)
    service.answers[10**18 - 1] = export(revision=8, store="t")
    assert len({known, newer, state(service.url, token=TOKEN)}) == 3
    service.status = 500
    with pytest.raises(PullError, match="meldet einen Fehler"):
        state(service.url, token=TOKEN)


def test_without_any_snapshot_a_failure_is_an_error_and_not_an_empty_list(service, file):
    service.status = 500
    with pytest.raises(PullError, match="meldet einen Fehler"):
        fetch(service, file)
    assert not file.exists()


def test_a_poisoned_snapshot_is_replaced_by_a_whole_one(service, file):
    service.answers = {0: export("a")}
    file.parent.mkdir()
    file.write_text('{"revision": 7}')
    assert fetch(service, file).is_fresh
    assert ids(file) == ["a"]
    assert service.asked == [0]
    file.write_text("kaputt")
    service.status = 500
    with pytest.raises(PullError, match=r"kein lesbares JSON.*meldet einen Fehler"):
        fetch(service, file)
    assert file.read_text() == "kaputt"


def test_the_token_may_come_from_the_environment(service, file, monkeypatch):
    monkeypatch.setenv("COMMENTS_TOKEN", "aus-der-umgebung")
    service.answers[0] = export()
    pull(service.url, file)
    assert service.tokens == ["Bearer aus-der-umgebung"]
    monkeypatch.delenv("COMMENTS_TOKEN")
    assert "COMMENTS_TOKEN" in pull(service.url, file).message
    assert len(service.tokens) == 1


@pytest.mark.parametrize(
    "source",
    [
        "",
        "lokal",
        "ftp://beispiel.example/",
        "http://beispiel.example/",
        "http://127.0.0.1.beispiel.example/",
        "https://",
        "https://a:b@beispiel.example/",
        "https://beispiel.example/?x",
        "https://[::1",
        "file:///etc/passwd",
    ],
)
def test_only_https_and_this_machine_are_sources(source, file):
    with pytest.raises(PullError, match="Das ist keine Quelle für Kommentare"):
        pull(source, file, token=TOKEN)


@pytest.mark.parametrize("path", ["", "/", "/kommentare/export", "/kommentare/export/"])
def test_the_address_may_be_that_of_the_site_or_of_the_export(path, service, file, monkeypatch):
    service.answers[0] = export("a")
    assert pull(service.url + path, file, token=TOKEN).is_fresh


def test_no_half_written_file_stays(service, file, monkeypatch):
    service.answers[0] = export("a")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PullError, match="lassen sich nicht speichern \\(No space"):
        fetch(service, file)
    assert list(file.parent.iterdir()) == []


def test_the_usual_place_is_beside_the_database(monkeypatch, tmp_path):
    monkeypatch.setenv("COMMENTS_DATA", str(tmp_path))
    assert default_snapshot() == tmp_path / "kommentare.json"
    monkeypatch.delenv("COMMENTS_DATA")
    assert default_snapshot().parts[-2:] == ("data", "kommentare.json")
