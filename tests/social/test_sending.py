"""A post is sent once, whatever goes wrong: against a double of Mastodon over real HTTP."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.source.problem import AuthorError, SourceError
from social.counting import Network
from social.http import RefusedError, ThrottledError, UnclearError
from social.ledger import Entry, Ledger, only_sender
from social.mastodon import Mastodon
from social.post import Post, read_image
from social.sending import Sent, send
from tests.social.mastodon_double import TOKEN, Fault
from tests.social.mastodon_double import Mastodon as Server

URL = "https://mittwochspost.example/tipps/2026-kw02/"
WEEK = "2026-kw02"
POST = Post(f"Der Genitiv …\n\n{URL}\n\n#Tipp", URL, "Apostroph", "Der Genitiv …")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gesendet.json"


class Sender:
    """Sends as a new process would: with the ledger as it is on disk."""

    def __init__(self, server: Server, path: Path) -> None:
        self.server, self.path = server, path
        self.slept: list[float] = []

    def __call__(
        self, post: Post = POST, token: str = TOKEN, timeout_s: float = 5, url: str = ""
    ) -> Sent:
        account = Mastodon(url or self.server.url, token)
        account._client.timeout_s = timeout_s
        return send(account, WEEK, lambda _: post, Ledger(self.path), self.slept.append)

    @property
    def ledger(self) -> Any:
        return json.loads(self.path.read_text("utf-8")) if self.path.exists() else None


@pytest.fixture
def sender(mastodon: Server, path: Path) -> Sender:
    return Sender(mastodon, path)


def test_a_post_is_sent_and_noted(mastodon: Server, sender: Sender) -> None:
    assert sender() == Sent(f"{mastodon.url}/@henrike/1000", is_new=True)
    (status,) = mastodon.statuses
    assert (status["text"], status["language"], status["media"]) == (POST.text, "de", [])
    entry = sender.ledger[WEEK]["mastodon"]
    assert (entry["state"], entry["url"]) == ("done", f"{mastodon.url}/@henrike/1000")
    assert list(mastodon.keys) == [entry["key"]]


def test_the_second_time_nothing_is_even_asked(mastodon: Server, sender: Sender) -> None:
    first = sender()
    mastodon.requests.clear()
    assert sender() == Sent(first.url, is_new=False)
    assert mastodon.requests == []


def test_the_image_goes_with_its_text(mastodon: Server, sender: Sender, png: Path) -> None:
    image = read_image(png)
    assert (image.width_px, image.height_px) == (120, 63)
    sender(Post(**{**vars(POST), "image": image, "alt": "Mittwochstipp „Größe“"}))
    (medium,) = mastodon.media.values()
    assert medium["data"] == png.read_bytes()
    assert (medium["type"], medium["description"]) == ("image/png", "Mittwochstipp „Größe“")
    assert mastodon.statuses[0]["media"] == list(mastodon.media)


def test_a_try_again_does_not_upload_again(mastodon: Server, sender: Sender, png: Path) -> None:
    mastodon.faults = [Fault(is_stored=False)]
    sender(Post(**{**vars(POST), "image": read_image(png)}))
    assert len(mastodon.media) == 1
    assert len(mastodon.statuses) == 1


# --- Disturbances --------------------------------------------------------------------------------


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_after_a_disturbance_it_is_tried_again(
    status: int, is_stored: bool, mastodon: Server, sender: Sender
) -> None:
    """Also when the post was made before the disturbance: it is found, not doubled."""
    mastodon.faults = [Fault(is_stored, status)] * (1 if is_stored else 2)
    sent = sender()
    assert len(mastodon.statuses) == 1
    assert sent.url == mastodon.statuses[0]["url"]
    assert sender.slept == ([1] if is_stored else [1, 4])


def test_a_lasting_disturbance_is_told_and_healed_later(mastodon: Server, sender: Sender) -> None:
    mastodon.faults = [Fault(is_stored=False)] * 3
    with pytest.raises(UnclearError, match="Mastodon hat eine Störung"):
        sender()
    assert sender.ledger[WEEK]["mastodon"]["state"] == "pending"
    assert sender().is_new
    assert len(mastodon.statuses) == 1


@pytest.mark.parametrize("is_stored", [True, False])
def test_no_answer_in_time(is_stored: bool, mastodon: Server, sender: Sender) -> None:
    mastodon.faults = [Fault(is_stored, is_mute=True)]
    # Long enough for the answers that do come, on a busy machine, too.
    sent = sender(timeout_s=2)
    assert [status["url"] for status in mastodon.statuses] == [sent.url]
    assert sender.slept == [1]


def test_never_an_answer(mastodon: Server, sender: Sender) -> None:
    mastodon.faults = [Fault(is_stored=False, is_mute=True)] * 3
    with pytest.raises(UnclearError, match=r"antwortet nicht innerhalb von 0\.2 Sekunden"):
        sender(timeout_s=0.2)
    mastodon.let_go.set()
    assert sender().is_new
    assert len(mastodon.statuses) == 1


def test_an_answer_that_is_no_answer(mastodon: Server, sender: Sender) -> None:
    """Behind a login page of a hotel, for instance."""
    mastodon.faults = [Fault(is_stored=True, status=200, body=b"<html>Willkommen</html>")]
    assert sender().url == mastodon.statuses[0]["url"]
    assert len(mastodon.statuses) == 1


def test_a_server_that_is_not_there(sender: Sender) -> None:
    with pytest.raises(UnclearError, match="ist nicht zu erreichen"):
        sender(url="http://127.0.0.1:9")
    assert sender.ledger is None


# --- Limits and refusals -------------------------------------------------------------------------


def _soon(seconds: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Retry-After", lambda: "7"),
        ("Retry-After", lambda: _soon(7).strftime("%a, %d %b %Y %H:%M:%S GMT")),
        ("X-RateLimit-Reset", lambda: _soon(7).isoformat().replace("+00:00", "Z")),
        ("RateLimit-Reset", lambda: str(int(_soon(7).timestamp()))),
    ],
)
def test_a_short_wait_is_kept(
    name: str, value: Callable[[], str], mastodon: Server, sender: Sender
) -> None:
    mastodon.faults = [Fault(is_stored=False, status=429, headers={name: value()})]
    assert sender().is_new
    (slept,) = sender.slept
    assert 4 <= slept <= 7
    assert len(mastodon.statuses) == 1


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Retry-After": "1800"}, "in 30 Minuten"),
        ({"Retry-After": "75"}, "in 75 Sekunden"),
        ({"Retry-After": "bald"}, "in 5 Minuten"),
        ({}, "in 5 Minuten"),
    ],
)
def test_a_long_wait_is_told(
    headers: dict[str, str], told: str, mastodon: Server, sender: Sender
) -> None:
    """Nothing was sent and nothing is noted."""
    mastodon.faults = [Fault(is_stored=False, status=429, headers=headers)]
    with pytest.raises(ThrottledError, match=f"Mastodon nimmt zurzeit nichts mehr an – .*{told}"):
        sender()
    assert (sender.slept, sender.ledger) == ([], {})
    assert sender().is_new


def test_a_wrong_token_is_one_clear_message(mastodon: Server, sender: Sender) -> None:
    with pytest.raises(RefusedError, match="prüfen Sie die Umgebungsvariable MASTODON_TOKEN"):
        sender(token="falsch")
    assert (mastodon.statuses, sender.ledger) == ([], None)


def test_a_refused_post_is_not_noted(mastodon: Server, sender: Sender) -> None:
    body = b'{"error": "Validation failed: Text is too long"}'
    mastodon.faults = [Fault(is_stored=False, status=422, body=body)]
    with pytest.raises(RefusedError, match=r"Mastodon lehnt ab \(Status 422\): Validation failed"):
        sender()
    assert sender.ledger == {}
    assert sender.slept == []


def test_a_refusal_after_a_doubtful_try_leaves_the_doubt(mastodon: Server, sender: Sender) -> None:
    mastodon.faults = [Fault(is_stored=False), Fault(is_stored=False, status=403)]
    with pytest.raises(RefusedError):
        sender()
    assert sender.ledger[WEEK]["mastodon"]["state"] == "pending"


def test_redirects_are_not_followed(mastodon: Server, sender: Sender) -> None:
    """They would carry the token to another server."""
    to = {"Location": "https://anderswo.example/"}
    mastodon.faults = [Fault(is_stored=False, status=308, headers=to)]
    with pytest.raises(RefusedError, match=r"verweist auf https://anderswo\.example/"):
        sender()


@pytest.mark.parametrize("server", ["http://social.example", "ftp://social.example", "social"])
def test_the_token_is_never_sent_in_the_clear(server: str) -> None:
    with pytest.raises(AuthorError, match="beginnt nicht mit https://"):
        Mastodon(server, TOKEN)


@pytest.mark.parametrize(("theirs", "limit"), [(500, 500), (300, 300), (5000, 500)])
def test_the_servers_own_limit_counts(
    theirs: int, limit: int, mastodon: Server, path: Path
) -> None:
    mastodon.max_characters = theirs
    seen: list[Network] = []

    def post_for(network: Network) -> Post:
        seen.append(network)
        return POST

    send(Mastodon(mastodon.url, TOKEN), WEEK, post_for, Ledger(path))
    assert [network.limit for network in seen] == [limit]


# --- After a crash --------------------------------------------------------------------------------


class _CrashError(BaseException):
    """Nothing catches it: as if the process had ended."""


@pytest.mark.parametrize("state", ["pending", "done"])
@pytest.mark.parametrize("is_written", [True, False])
def test_a_crash_at_each_write(
    state: str, is_written: bool, mastodon: Server, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Ledger.put

    def crash(self: Ledger, week: str, network: str, entry: Entry) -> None:
        if entry.state == state and not is_written:
            raise _CrashError
        put(self, week, network, entry)
        if entry.state == state:
            raise _CrashError

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "put", crash)
        with pytest.raises(_CrashError):
            sender()
    sent = sender()
    assert [status["url"] for status in mastodon.statuses] == [sent.url]
    assert sender.ledger[WEEK]["mastodon"]["state"] == "done"
    assert sent.is_new == (state == "pending")


def test_a_pending_post_is_found_behind_many_others(mastodon: Server, sender: Sender) -> None:
    """Weeks later, when the server has forgotten the key."""
    mastodon.faults = [Fault(is_stored=True), *[Fault(is_stored=False)] * 2]
    with pytest.raises(UnclearError):
        _without_finding(sender)
    mastodon.keys.clear()
    for number in range(95):
        mastodon.add(f"Ein anderer Beitrag, {number}")
    assert sender() == Sent(f"{mastodon.url}/@henrike/1000", is_new=False)
    assert len(mastodon.statuses) == 96


def _without_finding(sender: Sender) -> None:
    account = Mastodon(sender.server.url, TOKEN)
    account.find = lambda url, entry: None  # type: ignore[method-assign]
    send(account, WEEK, lambda _: POST, Ledger(sender.path), sender.slept.append)


def test_what_the_author_posted_herself_is_not_posted_again(
    mastodon: Server, sender: Sender
) -> None:
    mine = mastodon.add(f"Heute: {URL}")
    assert sender() == Sent(mine["url"], is_new=False)


def test_another_tips_link_is_another_link(mastodon: Server, sender: Sender) -> None:
    mastodon.add(f"Vorige Woche: {URL}anhang/ und {URL.replace('02', '01')}")
    assert sender().is_new


def test_old_posts_are_not_searched_for_ever(mastodon: Server, sender: Sender) -> None:
    old = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    for number in range(90):
        mastodon.add(f"Alter Beitrag {number}", created=old)
    sender()
    assert sum("statuses?" in request for request in mastodon.requests) == 1


# --- The ledger ---------------------------------------------------------------------------------


def test_the_ledger_is_easy_to_read_and_to_merge(path: Path) -> None:
    ledger = Ledger(path)
    moment = dt.datetime(2026, 1, 7, 6, 0, 5, tzinfo=dt.UTC)
    ledger.put("2026-kw03", "mastodon", Entry(state="pending", since=moment, key="b"))
    ledger.put("2026-kw02", "mastodon", Entry(state="done", since=moment, key="a", url=URL))
    assert path.read_text("utf-8") == (
        '{\n  "2026-kw02": {\n    "mastodon": {\n      "key": "a",\n      "since": '
        f'"2026-01-07T06:00:05Z",\n      "state": "done",\n      "url": "{URL}"\n    }}\n  }},\n'
        '  "2026-kw03": {\n    "mastodon": {\n      "key": "b",\n      "since": '
        '"2026-01-07T06:00:05Z",\n      "state": "pending"\n    }\n  }\n}\n'
    )
    assert Ledger(path).entry("2026-kw02", "mastodon") == ledger.entry("2026-kw02", "mastodon")
    ledger.forget("2026-kw03", "mastodon")
    ledger.forget("2026-kw02", "mastodon")
    assert path.read_text("utf-8") == "{}\n"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "<<<<<<< HEAD\n{}", '{"2026-kw02": {"mastodon": {"state": "vielleicht"}}}'],
)
def test_with_an_unreadable_ledger_nothing_is_sent(
    text: str, mastodon: Server, sender: Sender
) -> None:
    sender.path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match="bis dahin wird nichts gesendet"):
        sender()
    assert mastodon.requests == []
    assert sender.path.read_text("utf-8") == text


def test_only_one_sends_at_a_time(tmp_path: Path) -> None:
    with (
        only_sender(tmp_path),
        pytest.raises(AuthorError, match="sendet gerade"),
        only_sender(tmp_path),
    ):
        pass
    with only_sender(tmp_path):
        pass
