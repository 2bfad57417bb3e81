"""After a deployment others are told, if a setting asks for it; each once, and the site is out anyway."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from publishing import afterwards, announce, deploy
from publishing.announce import Announce, mentions
from publishing.announce.round import announce as tell
from publishing.release import manifest
from publishing.setting import SettingError
from tests.publishing.deploy import fake_site
from tests.publishing.web_double import Web, web

_SITE = "https://mittwochspost.example"
_TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Others on this machine, whose addresses count as public."""
    monkeypatch.setattr(mentions, "_is_public", lambda host: True)
    with web() as found:
        yield found


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return fake_site.write(fake_site.pages(1), tmp_path / "output")


# --- The setting -----------------------------------------------------------------------------------


def test_nobody_is_told_by_default() -> None:
    assert not announce.read({})
    assert announce.key_file(announce.read({})) == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("ja", "ANNOUNCE: Das ist keine Tabelle – schreiben Sie ANNOUNCE = {"),
        ({"websb": "x"}, "ANNOUNCE: „websb“ ist unbekannt – meinten Sie „websub“?"),
        (
            {"websub": "hub"},
            "ANNOUNCE: websub ist 'hub' – schreiben Sie eine Adresse mit https://.",
        ),
        ({"indexnow": "kurz"}, "ANNOUNCE: indexnow ist 'kurz' – nehmen Sie 8 bis 128 Buchstaben"),
        ({"webmentions": "ja"}, "ANNOUNCE: webmentions ist 'ja' – schreiben Sie True oder False."),
    ],
)
def test_a_wrong_setting_is_one_message(given: object, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        announce.read({"ANNOUNCE": given})
    assert str(caught.value).startswith(message)


# --- Hub and search engine -------------------------------------------------------------------------


def test_the_hub_hears_of_feeds_and_the_engine_of_pages(net: Web, output: Path) -> None:
    net.answers = {"/hub": (204, {}, b""), "/engine": (202, {}, b"")}
    wanted = Announce(f"{net.url}/hub", "schluessel-2026", f"{net.url}/engine")
    changed = ["index.html", "blog/beitrag-1/index.html", "alt/index.html", "feeds/a.atom.xml"]
    told = tell(wanted, _SITE, changed, output, output / "x", _TODAY, ["/alt/"])
    done = [sentence.replace("\xa0", " ") for sentence in told.done]
    assert done == ["Der Hub weiß Bescheid: 1 Feed.", "IndexNow weiß Bescheid: 2 Seiten."]
    (hub, engine) = net.posted
    assert parse_qs(hub[2])["hub.mode"] == ["publish"]
    assert parse_qs(hub[2])["hub.url"] == [f"{_SITE}/feeds/a.atom.xml"]
    assert json.loads(engine[2]) == {
        "host": "mittwochspost.example",
        "key": "schluessel-2026",
        "keyLocation": f"{_SITE}/schluessel-2026.txt",
        "urlList": [f"{_SITE}/", f"{_SITE}/blog/beitrag-1/"],
    }


@pytest.mark.parametrize("status", [0, 403, 500])
def test_whoever_does_not_listen_is_a_note(net: Web, output: Path, status: int) -> None:
    if status:
        net.answers = {"/hub": (status, {}, b"")}
    hub = f"{net.url}/hub" if status else "http://127.0.0.1:1/"
    told = tell(Announce(websub=hub), _SITE, ["feeds/a.atom.xml"], output, output / "x", _TODAY)
    assert told.done == []
    assert not told.is_complete
    assert told.failed[0].startswith("Der Hub war nicht zu benachrichtigen (")


def test_only_what_has_changed_is_told(output: Path, tmp_path: Path) -> None:
    file = tmp_path / "memory.json"
    first = manifest(output)
    # Without a memory, what is new by the ledger is.
    assert announce.Memory(file).changed(first, ["/archiv/"]) == ["archiv/index.html"]
    announce.Memory(file).save(first)
    fake_site.write(fake_site.pages(1) | {"index.html": b"neu", "404.html": b"neu"}, output)
    assert announce.Memory(file).changed(manifest(output), []) == ["index.html"]
    file.write_text("{", "utf-8")
    assert announce.Memory(file).changed(first, []) == []


# --- Webmentions -----------------------------------------------------------------------------------


def _page(*links: str) -> bytes:
    text = "".join(f'<a href="{link}">x</a>' for link in links)
    return f'<main><div class="e-content">{text}</div><a href="http://leser.example/">x</a></main>'.encode()


def _send(net: Web, folder: Path, *links: str) -> tuple[list[str], list[str]]:
    (folder / "blog" / "eins").mkdir(parents=True, exist_ok=True)
    (folder / "blog" / "eins" / "index.html").write_bytes(_page(*links))
    ledger = mentions.Mentions(folder / announce.MENTIONS, _TODAY)
    return ledger.send(_SITE, ["blog/eins/index.html"], folder)


def test_a_linked_site_is_told_once(net: Web, tmp_path: Path) -> None:
    net.answers = {
        "/header": (200, {"Link": '<http://x/>; rel="self", </wm>; rel="webmention"'}, b""),
        "/link": (200, {}, b'<link rel="webmention" href="/wm?b">'),
        "/keine": (200, {}, b"<a href='/wm'>x</a>"),
        "/wm": (202, {}, b""),
        "/wm?b": (200, {}, b""),
    }
    links = [f"{net.url}/header", f"{net.url}/link#anker", f"{net.url}/keine", f"{_SITE}/", "/x/"]
    assert _send(net, tmp_path, *links) == ([f"{net.url}/header", f"{net.url}/link"], [])
    assert [path for path, *_ in net.posted] == ["/wm", "/wm?b"]
    assert parse_qs(net.posted[0][2]) == {
        "source": [f"{_SITE}/blog/eins/"],
        "target": [f"{net.url}/header"],
    }
    asked = len(net.asked)
    assert _send(net, tmp_path, *links) == ([], [])
    assert (len(net.posted), len(net.asked)) == (2, asked)
    assert (tmp_path / announce.MENTIONS).read_text("utf-8").splitlines()[1:] == [
        f"2026-11-23 gesendet /blog/eins/ {net.url}/header",
        f"2026-11-23 ohne /blog/eins/ {net.url}/keine",
        f"2026-11-23 gesendet /blog/eins/ {net.url}/link",
    ]


def test_nobody_is_told_twice_by_one_who_is_killed_in_between(
    net: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net.answers = {"/x": (200, {"Link": "</wm>; rel=webmention"}, b""), "/wm": (202, {}, b"")}
    send = mentions.post

    def killed(*what: Any) -> None:
        send(*what)
        raise SystemExit

    monkeypatch.setattr(mentions, "post", killed)
    with pytest.raises(SystemExit):
        _send(net, tmp_path, f"{net.url}/x")
    monkeypatch.setattr(mentions, "post", send)
    assert _send(net, tmp_path, f"{net.url}/x") == ([], [])
    assert len(net.posted) == 1
    assert " begonnen " in (tmp_path / announce.MENTIONS).read_text("utf-8")


def test_whoever_is_away_is_asked_again(net: Web, tmp_path: Path) -> None:
    net.answers = {"/weg": (503, {}, b"")}
    _, failed = _send(net, tmp_path, f"{net.url}/weg")
    assert failed == [f"Webmention an {net.url}/weg ging nicht (Status 503)."]
    net.answers = {"/weg": (200, {"Link": "</wm>; rel=webmention"}, b""), "/wm": (201, {}, b"")}
    # Although the page has not changed, and does not link there any more.
    assert _send(net, tmp_path) == ([f"{net.url}/weg"], [])


def test_a_refusal_is_final(net: Web, tmp_path: Path) -> None:
    net.answers = {"/x": (200, {"Link": "</wm>; rel=webmention"}, b""), "/wm": (400, {}, b"")}
    sent, failed = _send(net, tmp_path, f"{net.url}/x")
    assert sent == []
    assert failed == [f"Webmention an {net.url}/x ging nicht (Status 400)."]
    assert _send(net, tmp_path, f"{net.url}/x") == ([], [])


def test_nobody_lures_us_into_our_own_network(tmp_path: Path) -> None:
    with web() as net:
        net.answers = {"/x": (200, {"Link": "</wm>; rel=webmention"}, b"")}
        _, failed = _send(net, tmp_path, f"{net.url}/x")
    assert failed == [f"Webmention an {net.url}/x ging nicht (die Adresse ist keine öffentliche)."]
    assert (net.asked, net.posted) == ([], [])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "169.254.169.254"]
)
def test_these_are_not_public(host: str) -> None:
    assert not mentions._is_public(host)


# --- With a deployment -----------------------------------------------------------------------------


def test_a_deployment_tells_all_of_them_and_then_none(
    net: Web, output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net.answers = {"/hub": (204, {}, b""), "/engine": (200, {}, b"")}
    content = tmp_path / "content"
    content.mkdir()
    settings = {
        "SITEURL": _SITE,
        "PATH": str(content),
        "TIMEZONE": "Europe/Berlin",
        "ANNOUNCE": {"websub": f"{net.url}/hub", "indexnow": "schluessel-2026"}
        | {"engine": f"{net.url}/engine"},
    }
    for _ in range(2):
        more = afterwards.more_files(settings, output)
        deployed = deploy.deploy(output, {"target": "folder"}, tmp_path, more=more)
        afterwards.finish(deployed, settings, output, tmp_path)
    assert [path for path, *_ in net.posted] == ["/hub", "/engine"]
    assert (tmp_path / "public" / "schluessel-2026.txt").read_text("utf-8") == "schluessel-2026"
    assert "/blog/beitrag-1/" in (content / "adressen.txt").read_text("utf-8")
    assert "Der Hub weiß Bescheid" in capsys.readouterr().out
    # Going back tells nobody anything.
    afterwards.finish(replace(deployed, site=None), settings, output, tmp_path)
    assert len(net.posted) == 2
