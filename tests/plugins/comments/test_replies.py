"""Replies at Mastodon: read from the server's answer, approved, cleaned, kept, fetched."""

from __future__ import annotations

import json
import threading
import urllib.error
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from comment_service import commands
from plugins.comments import mastodon
from plugins.comments.mastodon import MastodonError
from plugins.comments.replies import (
    ApprovalError,
    RepliesError,
    Thread,
    approved,
    dump_threads,
    parse_approvals,
    parse_context,
    parse_threads,
)
from plugins.source.problem import AuthorError, SourceError
from tests.e2e.xss import shapes

THREAD = "https://social.example/@voss/1"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def status(number, **changes):
    """A reply as Mastodon's API gives it; fields that we do not read are left out."""
    return {
        "id": str(number),
        "url": f"https://anders.example/@kim/{number}",
        "created_at": f"2026-11-20T10:{number:02}:00.000Z",
        "visibility": "public",
        "language": "de",
        "spoiler_text": "",
        "content": '<p><span class="h-card"><a href="https://social.example/@voss">@<span>voss</span></a>'
        "</span> Gern gelesen!</p>",
        "account": {
            "acct": "kim@anders.example",
            "display_name": "Kim",
            "url": "https://anders.example/@kim",
        },
    } | changes


def context(*statuses):
    return json.dumps({"ancestors": [], "descendants": statuses}).encode()


def test_only_what_everybody_may_read_is_taken_oldest_first():
    found = parse_context(
        context(
            status(3),
            status(2, visibility="unlisted"),
            status(1, visibility="private"),
            status(4, visibility="direct"),
        )
    )
    assert [reply.url[-1] for reply in found] == ["2", "3"]
    assert found[0].author == "Kim"
    assert found[0].text == "@ voss Gern gelesen!"


def test_what_cannot_be_read_is_left_out_and_the_rest_stays():
    odd = [
        status(1, url="javascript:alert(1)"),
        status(2, account=None),
        status(3, created_at="gestern"),
        status(4, content=7),
        status(5, url=None),
        "nichts",
        None,
        {},
    ]
    assert [reply.url[-1] for reply in parse_context(context(*odd, status(6)))] == ["6"]


def test_a_name_may_be_missing_and_a_language_odd():
    account = {"acct": "kim", "display_name": "", "url": "https://anders.example/@kim"}
    (reply,) = parse_context(context(status(1, account=account, language="de-DE-x")))
    assert (reply.author, reply.lang) == ("kim", "")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"descendants": 7}', b"<html>", b"[" * 9999])
def test_another_answer_is_no_thread(data):
    with pytest.raises(RepliesError):
        parse_context(data)


def test_whatever_a_reply_contains_is_harmless():
    for shape in shapes():
        (reply,) = parse_context(context(status(1, content=shape, spoiler_text=shape)))
        low = reply.html.lower()
        assert "<script" not in low
        assert "<img" not in low
        assert "<iframe" not in low
        assert 'href="javascript' not in low


def test_a_snapshot_keeps_everything_and_is_stable():
    thread = Thread(address=THREAD, fetched=NOW, replies=parse_context(context(status(1))))
    data = dump_threads([thread])
    assert parse_threads(data) == {THREAD: thread}
    assert dump_threads(parse_threads(data).values()) == data


def test_only_approved_replies_are_shown():
    thread = Thread(
        address=THREAD, fetched=NOW, replies=parse_context(context(status(1), status(2)))
    )
    assert approved(thread, {"https://anders.example/@kim/2": 1}) == thread.replies[1:]
    assert approved(None, {}) == ()


def test_the_list_takes_notes_and_empty_lines():
    text = "# Liste\n\nhttps://a.example/@b/1  Kim: Danke\n  https://a.example/@b/2 # ja\n"
    assert parse_approvals(text) == {"https://a.example/@b/1": 3, "https://a.example/@b/2": 4}
    with pytest.raises(ApprovalError) as caught:
        parse_approvals("\nKim war nett\n")
    assert (caught.value.line, caught.value.word) == (2, "Kim")


# -- Fetching --


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "content" / "artikel"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text(f"---\ntitle: A\nmastodon: {THREAD}\n---\n\nText.\n")
    (folder / "b.md").write_text("---\ntitle: B\n---\n\nmastodon: https://social.example/@x/9\n")
    return {
        "PATH": str(tmp_path / "content"),
        "ARTICLE_PATHS": ["artikel"],
        "COMMENTS_SNAPSHOT": str(tmp_path / "data" / "kommentare.json"),
        "COMMENTS_SYSTEMS": {"mastodon": {"servers": ["social.example"], "bake": True}},
    }


@pytest.fixture
def server(monkeypatch):
    """Stand in for the network: *answers* by address, and what was *asked* for."""
    answers, asked = {}, []

    def get(url):
        asked.append(url)
        answer = answers.get(url)
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            raise urllib.error.HTTPError(url, 404, "Not Found", {}, None)
        return answer

    monkeypatch.setattr(mastodon, "_get", get)
    return answers, asked


API = "https://social.example/api/v1/statuses/1/context"


def test_threads_that_posts_name_are_fetched_and_rest_a_while(settings, server):
    answers, asked = server
    answers[API] = context(status(1))
    assert mastodon.pull(settings, NOW) == ""
    path = mastodon.snapshot_path(settings)
    assert len(mastodon.load_threads(path)[THREAD].replies) == 1
    mastodon.pull(settings, NOW + timedelta(minutes=9))
    assert asked == [API]
    answers[API] = context()
    mastodon.pull(settings, NOW + timedelta(minutes=10))
    assert mastodon.load_threads(path)[THREAD].replies == ()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "der Server meldet 404"),
        (OSError("Name nicht bekannt"), "Name nicht bekannt"),
        (b"<html>Wartung</html>", "Die Antwort des Servers ist kein Gespräch."),
    ],
)
def test_the_last_good_state_stays_when_the_server_does_not_answer(
    answer, reason, settings, server
):
    server[0][API] = context(status(1))
    mastodon.pull(settings, NOW)
    before = mastodon.snapshot_path(settings).read_bytes()
    server[0][API] = answer
    note = mastodon.pull(settings, NOW + timedelta(days=1))
    assert reason in note
    assert "Es bleibt beim letzten guten Stand." in note
    assert mastodon.snapshot_path(settings).read_bytes() == before


def test_a_thread_that_no_post_names_any_more_is_forgotten(settings, server, tmp_path):
    server[0][API] = context(status(1))
    mastodon.pull(settings, NOW)
    (tmp_path / "content/artikel/a.md").write_text("---\ntitle: A\n---\n")
    mastodon.pull(settings, NOW)
    assert mastodon.load_threads(mastodon.snapshot_path(settings)) == {}


def test_without_the_setting_nothing_is_asked(settings, server):
    for systems in ({}, {"mastodon": {"servers": ["social.example"]}}):
        assert mastodon.pull(settings | {"COMMENTS_SYSTEMS": systems}, NOW) == ""
    assert server[1] == []
    assert not mastodon.snapshot_path(settings).exists()


def test_one_build_asks_for_a_few_threads_the_longest_waiting_first(settings, server, tmp_path):
    for number in range(30):
        text = f"---\nmastodon: https://social.example/@voss/{number}\n---\n"
        (tmp_path / f"content/artikel/p{number}.md").write_text(text)
        server[0][f"https://social.example/api/v1/statuses/{number}/context"] = context()
    mastodon.pull(settings, NOW)
    assert len(server[1]) == mastodon.AT_ONCE
    mastodon.pull(settings, NOW + timedelta(hours=1))
    assert len({*server[1]}) == 30


def test_a_broken_file_is_one_message(settings, server, tmp_path):
    path = mastodon.snapshot_path(settings)
    path.parent.mkdir()
    path.write_text("{")
    with pytest.raises(SourceError, match=r"mastodon\.json: Das ist kein Stand .* Löschen Sie"):
        mastodon.pull(settings, NOW)
    (tmp_path / "content/mastodon.txt").write_text("\nKim\n")
    with pytest.raises(SourceError, match=r"content/mastodon\.txt:2: „Kim“ ist keine Adresse"):
        mastodon.load_approvals(settings)


def test_a_wrong_setting_is_told(settings):
    with pytest.raises(MastodonError, match="COMMENTS_SYSTEMS: Bei „mastodon“ fehlt „servers“"):
        mastodon.pull(settings | {"COMMENTS_SYSTEMS": {"mastodon": {}}})


def test_approving_adds_to_the_list_once(settings, server):
    server[0][API] = context(status(1), status(2))
    mastodon.pull(settings, NOW)
    url = "https://anders.example/@kim/2"
    assert mastodon.approve(settings, [url, url]) == 1
    assert mastodon.approve(settings, [url]) == 0
    assert list(mastodon.load_approvals(settings)) == [url]
    with pytest.raises(MastodonError, match="Es wurde nichts geändert"):
        mastodon.approve(settings, ["https://anders.example/@kim/1", "https://x.example/@y/1"])
    assert list(mastodon.load_approvals(settings)) == [url]


def test_the_network_is_asked_politely_and_redirects_are_not_followed():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/weiter":
                self.send_response(302)
                self.send_header("Location", "/gut")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * (mastodon.MAX_BYTES + 1 if self.path == "/viel" else 3))

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        assert mastodon._get(f"{url}/gut") == b"xxx"
        with pytest.raises(urllib.error.HTTPError) as caught:
            mastodon._get(f"{url}/weiter")
        caught.value.close()
        with pytest.raises(ValueError, match="zu viele Daten"):
            mastodon._get(f"{url}/viel")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_author_sees_what_was_fetched_and_approves_it(settings, server, tmp_path, capsys):
    server[0][API] = context(status(1), status(2))
    mastodon.pull(settings, NOW)
    file = tmp_path / "conf.py"
    file.write_text(
        f"PATH = {settings['PATH']!r}\nCOMMENTS_SNAPSHOT = {settings['COMMENTS_SNAPSHOT']!r}\n"
        f"COMMENTS_SYSTEMS = {settings['COMMENTS_SYSTEMS']!r}\n"
    )
    commands.mastodon("", str(file), "https://anders.example/@kim/2")
    assert capsys.readouterr().out.startswith("1\u00a0Antwort freigegeben.")
    commands.mastodon("", str(file), "")
    told = capsys.readouterr().out
    assert "https://anders.example/@kim/1  wartet\n  Kim: @ voss Gern gelesen!" in told
    assert "https://anders.example/@kim/2  freigegeben" in told
    file.write_text("COMMENTS_SYSTEMS = {}\n")
    with pytest.raises(AuthorError, match="werden nicht übernommen"):
        commands.mastodon("", str(file), "")
