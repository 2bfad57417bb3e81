"""Posting to Bluesky, against its real server (@atproto/pds)."""

from __future__ import annotations

import datetime as dt
import http.server
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from social.bluesky import Bluesky, tid
from social.http import Client, RefusedError, UnclearError
from social.ledger import Entry, Ledger
from social.post import Post, read_image
from social.sending import Sent, send
from tests.http_server import http_server
from tests.social.conftest import BLUESKY_PASSWORD, BlueskyServer


def _post(week: str, **more: Any) -> Post:
    url = f"https://mittwochspost.example/tipps/{week}/"
    text = f"„Größe“ 😀 …\n\n{url}\n\n#Mittwochstipp #Öl"
    return Post(text, url, "Mittwochstipp: Größe", "„Größe“ schreibt sich mit ß.", **more)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "gesendet.json")


def _account(server: BlueskyServer, url: str = "", password: str = BLUESKY_PASSWORD) -> Bluesky:
    return Bluesky(url or server.server, server.handle, password)


def _send(server: BlueskyServer, week: str, ledger: Ledger, url: str = "", **more: Any) -> Sent:
    account = _account(server, url)
    return send(account, week, lambda _: _post(week, **more), ledger, lambda _: None)


def _records(server: BlueskyServer, week: str) -> list[dict[str, Any]]:
    """Return the posts about *week* that are on the server."""
    query = f"repo={server.did}&collection=app.bsky.feed.post&limit=100"
    page = Client("Bluesky", server.server).get(f"/xrpc/com.atproto.repo.listRecords?{query}")
    return [record for record in page["records"] if f"/tipps/{week}/" in record["value"]["text"]]


def test_a_post_is_a_valid_record(bluesky: BlueskyServer, ledger: Ledger) -> None:
    """The server checks it by the lexicon."""
    sent = _send(bluesky, "2027-kw02", ledger)
    (record,) = _records(bluesky, "2027-kw02")
    key = record["uri"].rpartition("/")[2]
    assert sent == Sent(f"https://bsky.app/profile/{bluesky.did}/post/{key}", is_new=True)
    entry = ledger.entry("2027-kw02", "bluesky")
    assert entry
    assert (entry.state, entry.key, entry.url) == ("done", key, sent.url)
    value = record["value"]
    assert value["langs"] == ["de"]
    assert value["embed"]["external"] == {
        "uri": "https://mittwochspost.example/tipps/2027-kw02/",
        "title": "Mittwochstipp: Größe",
        "description": "„Größe“ schreibt sich mit ß.",
    }
    text = value["text"].encode()
    marked = [text[f["index"]["byteStart"] : f["index"]["byteEnd"]] for f in value["facets"]]
    assert [part.decode() for part in marked] == [
        "https://mittwochspost.example/tipps/2027-kw02/",
        "#Mittwochstipp",
        "#Öl",
    ]


def test_the_image_goes_with_its_text(bluesky: BlueskyServer, ledger: Ledger, png: Path) -> None:
    _send(bluesky, "2027-kw03", ledger, image=read_image(png), alt="Was darauf steht")
    (record,) = _records(bluesky, "2027-kw03")
    (image,) = record["value"]["embed"]["images"]
    assert image["alt"] == "Was darauf steht"
    assert image["aspectRatio"] == {"width": 120, "height": 63}
    assert (image["image"]["mimeType"], image["image"]["size"]) == (
        "image/png",
        png.stat().st_size,
    )
    blob = (
        f"{bluesky.server}/xrpc/com.atproto.sync.getBlob"
        f"?did={bluesky.did}&cid={image['image']['ref']['$link']}"
    )
    with urllib.request.urlopen(blob) as response:
        assert response.read() == png.read_bytes()


def test_a_mention_becomes_one(bluesky: BlueskyServer, ledger: Ledger) -> None:
    post = _post("2027-kw04")
    text = f"Von @{bluesky.handle} und @niemand.test: {post.text}"
    send(_account(bluesky), "2027-kw04", lambda _: Post(**{**vars(post), "text": text}), ledger)
    (record,) = _records(bluesky, "2027-kw04")
    features = [facet["features"][0] for facet in record["value"]["facets"]]
    assert [f["did"] for f in features if f["$type"].endswith("#mention")] == [bluesky.did]


def test_the_same_key_is_one_post_for_ever(bluesky: BlueskyServer, tmp_path: Path) -> None:
    """Even where looking would not find it."""
    entry = Entry(
        state="pending", since=dt.datetime.now(dt.UTC), key=tid(dt.datetime.now(dt.UTC), 7)
    )
    account = _account(bluesky)
    account.connect()
    post = _post("2027-kw05")
    account.publish(post, entry)
    with pytest.raises((RefusedError, UnclearError)):
        account.publish(post, entry)
    assert len(_records(bluesky, "2027-kw05")) == 1
    assert account.find("https://nirgends.example/", entry) == (
        f"https://bsky.app/profile/{bluesky.did}/post/{entry.key}"
    )


def test_a_lost_ledger_does_not_double(bluesky: BlueskyServer, tmp_path: Path) -> None:
    first = _send(bluesky, "2027-kw06", Ledger(tmp_path / "eins.json"))
    again = _send(bluesky, "2027-kw06", Ledger(tmp_path / "zwei.json"))
    assert again == Sent(first.url, is_new=False)
    assert len(_records(bluesky, "2027-kw06")) == 1


@pytest.mark.parametrize("password", ["falsch", ""])
def test_a_wrong_password_is_one_clear_message(
    password: str, bluesky: BlueskyServer, ledger: Ledger
) -> None:
    with pytest.raises(RefusedError, match="BLUESKY_PASSWORD"):
        send(
            _account(bluesky, password=password),
            "2027-kw07",
            lambda _: _post("2027-kw07"),
            ledger,
            lambda _: None,
        )
    assert not ledger.path.exists()


# --- Disturbances between us and the real server ------------------------------------------------


@contextmanager
def _line(target: str, *faults: str) -> Iterator[str]:
    """
    Give the address of a proxy to *target* that spoils the requests to create a record.

    A fault is „lost“ (the server never gets it), „unanswered“ (it does, and we do not hear of it) or
    „limit“ (status 429 with the server's header).
    """
    left = list(faults)

    class Proxy(http.server.BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length) if length else None
            fault = left.pop(0) if left and self.path.endswith("createRecord") else ""
            if fault == "limit":
                self.send_response(429)
                self.send_header("RateLimit-Reset", str(int(dt.datetime.now().timestamp()) + 3))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if fault == "lost":
                self.close_connection = True
                return
            names = ("Authorization", "Content-Type")
            headers = {name: self.headers[name] for name in names if self.headers[name]}
            request = urllib.request.Request(target + self.path, body, headers, method=self.command)
            try:
                with urllib.request.urlopen(request) as answer:
                    status, data = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    status, data = error.code, error.read()
            if fault == "unanswered":
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _pass_on  # noqa: N815 (the names http.server looks for)

        def log_message(self, *_: Any) -> None:
            pass

    with http_server(Proxy) as host:
        yield f"http://{host}"


@pytest.mark.parametrize(
    ("week", "faults"),
    [
        ("2027-kw10", ["lost"]),
        ("2027-kw11", ["unanswered"]),
        ("2027-kw12", ["limit"]),
        ("2027-kw13", ["lost", "unanswered"]),
        ("2027-kw14", ["unanswered", "unanswered", "unanswered"]),
    ],
)
def test_a_bad_line_neither_doubles_nor_loses(
    week: str, faults: list[str], bluesky: BlueskyServer, ledger: Ledger
) -> None:
    with _line(bluesky.server, *faults) as url:
        sent = _send(bluesky, week, ledger, url)
    (record,) = _records(bluesky, week)
    assert sent.url.endswith(record["uri"].rpartition("/")[2])


def test_a_line_that_stays_bad_is_healed_by_the_next_run(
    bluesky: BlueskyServer, ledger: Ledger
) -> None:
    with (
        _line(bluesky.server, "lost", "lost", "lost") as url,
        pytest.raises(UnclearError, match=r"Bluesky: .* ist nicht zu erreichen"),
    ):
        _send(bluesky, "2027-kw20", ledger, url)
    assert _records(bluesky, "2027-kw20") == []
    assert _send(bluesky, "2027-kw20", Ledger(ledger.path)).is_new
    assert len(_records(bluesky, "2027-kw20")) == 1


@pytest.mark.parametrize(
    ("moment", "clock", "key"),
    [
        # https://atproto.com/specs/tid: 13 letters, the time in microseconds, then a clock's number.
        ("1970-01-01T00:00:00+00:00", 0, "2222222222222"),
        ("1970-01-01T00:00:00.000001+00:00", 0, "2222222222322"),
        ("1970-01-01T00:00:00.000001+00:00", 1023, "22222222223zz"),
    ],
)
def test_a_key_is_the_time_and_a_clock(moment: str, clock: int, key: str) -> None:
    assert tid(dt.datetime.fromisoformat(moment), clock) == key


def test_keys_sort_by_time() -> None:
    start = dt.datetime(2026, 1, 7, 6, tzinfo=dt.UTC)
    keys = [tid(start + dt.timedelta(microseconds=7 * n), n * 37 % 1024) for n in range(100)]
    assert keys == sorted(keys)
    assert {len(key) for key in keys} == {13}
