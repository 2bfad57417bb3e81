"""`invoke tips.share`: what the author sees, and that a killed process neither doubles nor loses."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from plugins.source.core import load_yaml
from plugins.tips.core import week_key
from publishing.console import answering
from social.commands import share
from social.counting import x_length
from social.yaml_insert import NoPlaceError
from tests.site import FILES, PROJECT, Result, Site, tree
from tests.social.conftest import BLUESKY_PASSWORD, BlueskyServer
from tests.social.mastodon_double import TOKEN, Fault
from tests.social.mastodon_double import Mastodon as Server
from tests.social.site_double import Online

YEAR = "tipps/2026.yaml"
LEDGER = "tipps/gesendet.json"


@pytest.fixture
def site(small_site: Site, mastodon: Server, online: Online) -> Site:
    """A site that is online, and whose author is on Mastodon."""
    _configure(small_site, f"'mastodon': {{'server': '{mastodon.url}'}}", online)
    for tip in load_yaml(FILES[YEAR], YEAR).value:
        texts = {name: tip[name] for name in ("headword", "tip", "wrong", "right") if name in tip}
        online.show(week_key(dt.date.fromisoformat(tip["date"])), **texts)
    return small_site


def _configure(site: Site, accounts: str, online: Online) -> None:
    site.write_settings(
        f"SITEURL = '{online.url}'\nSOCIAL = {{'hashtags': ['Mittwochstipp'], {accounts}}}\n"
    )


def _command(site: Site, *options: str) -> list[str]:
    paths = ("--content", str(site.content), "--settings", str(site.settings))
    return [sys.executable, "-m", "invoke", "tips.share", *options, *paths]


ENVIRONMENT = {
    "SITE_DATE": "2026-03-12",
    "MASTODON_TOKEN": TOKEN,
    "BLUESKY_PASSWORD": BLUESKY_PASSWORD,
}


def _share(site: Site, week: str = "", *options: str, **environment: str) -> Result:
    """Do what the command does, in this process: starting it takes longer than all it does."""
    image, only = (
        options[options.index(name) + 1] if name in options else ""
        for name in ("--image", "--only")
    )
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, {**ENVIRONMENT, **environment}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            answering(share)(
                str(site.content),
                str(site.settings),
                week,
                "--send" in options,
                image,
                only,
                "--unchecked" in options,
            )
            status = 0
        except SystemExit as error:
            status = int(str(error.code))
    return Result(status, out.getvalue(), err.getvalue())


def _shared(site: Site) -> dict[str, dict[str, str]]:
    tips = load_yaml((site.content / YEAR).read_text("utf-8"), "").value
    return {tip["date"]: tip["shared"] for tip in tips if "shared" in tip}


def test_the_texts_of_the_week_are_shown_and_nothing_is_sent(
    site: Site, mastodon: Server, online: Online
) -> None:
    before = tree(site.content)
    result = _share(site)
    assert result.status == 0, result.err
    text = (
        "Gedankenstrich\n\nDer Gedankenstrich ist länger als der Bindestrich.\n\n"
        f"{online.url}/tipps/2026-kw11/\n\n#Mittwochstipp"
    )
    assert result.out.startswith(
        "Mittwochstipp KW\u00a011/2026, 11.\u00a0März 2026: Gedankenstrich\n"
    )
    assert result.out.count(f"\n{text}\n") == 5
    for name, length, limit in [
        *(("X", x_length(text), 280), ("Mastodon", len(text), 500), ("Bluesky", len(text), 300)),
        *(("Threads", len(text), 500), ("LinkedIn", len(text), "3.000")),
    ]:
        assert f"\n{name}: {length} von {limit} Zeichen\n{text}\n" in result.out
    assert result.out.endswith("Nichts wurde gesendet; das tut --send.\n")
    assert mastodon.requests == []
    assert tree(site.content) == before


@pytest.mark.parametrize("week", ["2026-kw02", "KW2", "kw 2/2026", "2026-01-07"])
def test_a_week_can_be_named(week: str, site: Site) -> None:
    result = _share(site, week, "--only", "x")
    assert "KW\u00a02/2026" in result.out
    assert "Nicht so: Peter's Buch\nSondern so: Peters Buch\n" in result.out
    assert "Mastodon:" not in result.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("KW3", "--send", "--only", "bluesky"), "Es ist kein Konto eingerichtet"),
        (("KW4",), "Für die Woche 2026-kw04 gibt es keinen Tipp."),
        (("KW60",), "Die Woche „KW60“ gibt es nicht"),
        (("gestern",), "„gestern“ ist keine Woche"),
        (("KW2", "--only", "myspace"), "Das Netzwerk „myspace“ gibt es hier nicht"),
        (("KW2", "--send", "--image", "/nirgends.png"), "Das Bild gibt es nicht"),
    ],
)
def test_mistakes_are_one_message(options: tuple[str, ...], message: str, site: Site) -> None:
    before = tree(site.content)
    result = _share(site, *options)
    assert result.status == 1
    assert message in result.err
    assert "Traceback" not in result.err
    assert tree(site.content) == before


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("'hashtag': []", "SOCIAL: hashtag: Das Feld ist unbekannt. Meinten Sie „hashtags“?"),
        ("'hashtags': ['#Tipp']", "SOCIAL: hashtags: „#Tipp“ taugt nicht als Hashtag."),
        ("'mastodon': {}", "SOCIAL: mastodon.server: Das Feld fehlt."),
        ("'mastodon': {'server': 'http://social.example'}", "beginnt nicht mit https://"),
    ],
)
def test_a_wrong_setting_is_one_message(setting: str, message: str, small_site: Site) -> None:
    small_site.write_settings(f"SOCIAL = {{{setting}}}\n")
    result = _share(small_site, "KW2", "--send", "--unchecked")
    assert result.status == 1
    assert message in result.err


def test_what_was_sent_is_noted_and_not_sent_again(site: Site, mastodon: Server) -> None:
    """The tip's file keeps its comments, order, quotes and line ends."""
    text = (
        (site.content / YEAR)
        .read_text("utf-8")
        .replace("- date: 2026-01-14", "# So!\n- date: 2026-01-14")
    )
    before = text.replace("\n", "\r\n").encode()
    site.write(YEAR, before)
    result = _share(site, "KW2", "--send")
    assert result.status == 0, result.err
    url = f"{mastodon.url}/@henrike/1000"
    assert f"Mastodon: gesendet, {url}" in result.out
    after = (site.content / YEAR).read_bytes()
    assert after.replace(f'  shared: {{mastodon: "{url}"}}\r\n'.encode(), b"") == before
    assert _shared(site) == {"2026-01-07": {"mastodon": url}}
    assert site.build("--no-deploy").status == 0
    files = tree(site.content)
    again = _share(site, "KW2", "--send")
    assert f"Mastodon: war schon da, {url}" in again.out
    assert len(mastodon.statuses) == 1
    assert tree(site.content) == files
    assert "Mastodon: schon gesendet" in _share(site, "KW2").out


def test_a_future_tip_is_shown_but_not_sent(site: Site, mastodon: Server) -> None:
    result = _share(site, "KW11", "--send", SITE_DATE="2026-03-10")
    assert result.status == 1
    assert "Der Tipp erscheint erst am 11.\u00a0März 2026" in result.out
    assert "Gesendet wurde nichts" in result.err
    assert mastodon.requests == []


def test_a_missing_password_is_one_message(site: Site, mastodon: Server) -> None:
    result = _share(site, "KW2", "--send", MASTODON_TOKEN="")
    assert result.status == 1
    assert "Es fehlt das Kennwort – setzen Sie die Umgebungsvariable MASTODON_TOKEN." in result.err
    assert not (site.content / LEDGER).exists()


def test_passwords_are_written_nowhere(site: Site, mastodon: Server) -> None:
    result = _share(site, "KW2", "--send")
    wrong = _share(site, "KW3", "--send", MASTODON_TOKEN="x-falsch-x")
    assert wrong.status == 1
    told = result.out + result.err + wrong.out + wrong.err
    assert TOKEN not in told
    assert "x-falsch-x" not in told
    assert not any(TOKEN.encode() in data for data in tree(site.folder).values())


def test_one_network_failing_does_not_stop_the_other(
    site: Site, mastodon: Server, bluesky: BlueskyServer, online: Online
) -> None:
    accounts = (
        f"'mastodon': {{'server': '{mastodon.url}'}}, "
        f"'bluesky': {{'server': '{bluesky.server}', 'handle': '{bluesky.handle}'}}"
    )
    _configure(site, accounts, online)
    result = _share(site, "KW6", "--send", MASTODON_TOKEN="falsch")
    assert result.status == 1
    assert "Mastodon: Der Server nimmt das Kennwort nicht an" in result.err
    assert "Bluesky: gesendet, https://bsky.app/profile/" in result.out
    assert list(_shared(site)["2026-02-04"]) == ["bluesky"]
    healed = _share(site, "KW6", "--send")
    assert healed.status == 0, healed.err
    assert list(_shared(site)["2026-02-04"]) == ["bluesky", "mastodon"]
    assert len(mastodon.statuses) == 1


def test_the_image_that_is_online_goes_with_the_post(
    site: Site, mastodon: Server, online: Online, png: Path
) -> None:
    """Not the one of a build that nobody sees yet."""
    _configure(
        site,
        f"'image': 'tipps/{{week}}/bild.png', 'mastodon': {{'server': '{mastodon.url}'}}",
        online,
    )
    site.write("../output/tipps/2026-kw02/bild.png", b"another")
    without = _share(site, "KW11", "--send")
    assert f"Ohne Bild: {online.url}/tipps/2026-kw11/bild.png gibt es nicht." in without.out
    online.write("tipps/2026-kw02/bild.png", png.read_bytes())
    result = _share(site, "KW2", "--send")
    assert (result.status, result.err) == (0, "")
    (medium,) = mastodon.media.values()
    assert medium["data"] == png.read_bytes()
    assert medium["description"] == (
        "Mittwochstipp „Apostroph“: Der Genitiv kommt ohne Apostroph aus. "
        "Nicht so: Peter's Buch Sondern so: Peters Buch"
    )
    assert len(mastodon.statuses) == 2


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ({"statuses": {"kw02/": 404}}, "antwortet mit Status 404, der Tipp ist also nicht online"),
        ({"statuses": {"kw02/": 503}}, "antwortet mit Status 503"),
        ({"statuses": {"bild.png": 500}}, "kw02/bild.png antwortet mit Status 500"),
        ({"is_mute": True}, "ist nicht zu erreichen (keine Antwort)"),
        ({"url": "http://127.0.0.1:0"}, "ist nicht zu erreichen ("),
    ],
)
def test_what_is_not_online_is_not_sent_unless_the_author_insists(
    trouble: dict[str, Any],
    message: str,
    site: Site,
    mastodon: Server,
    online: Online,
    png: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "is_mute" in trouble:
        monkeypatch.setattr("publishing.fetch._TIMEOUT_S", 0.2)
    online.write("tipps/2026-kw02/bild.png", png.read_bytes())
    for name, value in trouble.items():
        setattr(online, name, value)
    _configure(
        site,
        f"'image': 'tipps/{{week}}/bild.png', 'mastodon': {{'server': '{mastodon.url}'}}",
        online,
    )
    before = tree(site.content)
    result = _share(site, "KW2", "--send")
    assert result.status == 1
    assert message in result.err
    assert "Gesendet wurde nichts; --unchecked sendet, ohne nachzusehen." in result.err
    assert "Traceback" not in result.err
    assert mastodon.requests == []
    assert tree(site.content) == before
    result = _share(site, "KW2", "--send", "--unchecked", "--image", str(png))
    assert result.status == 0, result.err
    assert (len(mastodon.statuses), len(mastodon.media)) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("headword: Apostroph", "headword: Häkchen"),
        ("Der Genitiv kommt", "Der Wesfall kommt"),
        ("Peter's Buch", "Inge's Buch"),
        ('  wrong: "Peter\'s Buch"\n  right: "Peters Buch"\n', ""),
    ],
)
def test_a_tip_that_is_online_in_other_words_is_not_sent(
    old: str, new: str, site: Site, mastodon: Server
) -> None:
    """Its image, too, says what the page says."""
    site.replace(YEAR, old, new)
    result = _share(site, "KW2", "--send")
    assert result.status == 1
    assert "/tipps/2026-kw02/ hat einen anderen Wortlaut als Ihre Datei" in result.err
    assert mastodon.requests == []


def test_pages_of_the_theme_have_the_words_of_posts(
    site: Site, mastodon: Server, online: Online
) -> None:
    """With hyphens and spaces set, and another tip's pair in the explanation."""
    site.replace(
        YEAR,
        'tip: "Der Gedankenstrich ist länger als der Bindestrich."',
        "tip: Z. B. der Gedankenstrich - er ist länger als Zusammensetzungsbindestriche & < 5 m.\n"
        "  more: |\n    So auch hier:\n\n    /// tipp | 2026-kw02\n    ///",
    )
    assert site.build("--no-deploy").status == 0
    online.folder = site.output
    for week in ("KW2", "KW11"):
        result = _share(site, week, "--send")
        assert result.status == 0, result.err
    texts = [status["text"] for status in mastodon.statuses]
    assert "Nicht so: Peter's Buch" in texts[0]
    assert "Z. B. der Gedankenstrich – er" in texts[1]


def test_with_a_mistake_in_the_collection_nothing_is_sent(site: Site, mastodon: Server) -> None:
    site.replace("tipps/2026.yaml", "2026-02-04", "2026-02-05")
    result = _share(site, "KW2", "--send")
    assert result.status == 1
    assert "Tipps erscheinen mittwochs" in result.err
    assert mastodon.requests == []


def test_where_the_file_has_no_place_the_author_is_told_what_to_write(
    site: Site, mastodon: Server
) -> None:
    """The post itself is not lost: the ledger has it."""
    before = (site.content / YEAR).read_bytes()
    with mock.patch("social.commands.with_shared", side_effect=NoPlaceError):
        result = _share(site, "KW2", "--send")
    assert result.status == 1
    url = f"{mastodon.url}/@henrike/1000"
    assert (
        f'tragen Sie beim Tipp vom 2026-01-07 selbst ein: shared: {{mastodon: "{url}"}}'
        in result.err
    )
    assert (site.content / YEAR).read_bytes() == before
    assert _share(site, "KW2", "--send").status == 0
    assert _shared(site) == {"2026-01-07": {"mastodon": url}}
    assert len(mastodon.statuses) == 1


def test_the_command_itself(site: Site, mastodon: Server) -> None:
    """What Invoke makes of the words on the command line."""
    environment = {**os.environ, **ENVIRONMENT}
    for options, said in (
        (["KW2", "--send", "--only", "mastodon"], "Mastodon: gesendet"),
        (["--only", "x"], "KW\u00a011/2026"),
    ):
        process = subprocess.run(
            _command(site, *options), cwd=PROJECT, env=environment, capture_output=True, text=True
        )
        assert process.returncode == 0, process.stderr
        assert said in process.stdout
    assert len(mastodon.statuses) == 1


# --- Killed ---------------------------------------------------------------------------------------


def _started(site: Site, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        _command(site, *options),
        cwd=PROJECT,
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.parametrize("is_stored", [True, False])
def test_killed_while_the_server_works_on_it(is_stored: bool, site: Site, mastodon: Server) -> None:
    """kill -9 after sending, before the answer: whether the server has made the post or not."""
    mastodon.faults = [Fault(is_stored, is_mute=True)]
    before = (site.content / YEAR).read_bytes()
    with _started(site, "KW2", "--send") as process:
        assert mastodon.stored.wait(60)
        process.send_signal(signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
    mastodon.let_go.set()
    assert json.loads((site.content / LEDGER).read_text())["2026-kw02"]["mastodon"]["state"] == (
        "pending"
    )
    assert (site.content / YEAR).read_bytes() == before
    assert "angefangen, aber nicht bestätigt" in _share(site, "KW2").out
    mastodon.keys.clear()  # an hour has passed
    result = _share(site, "KW2", "--send")
    assert result.status == 0, result.err
    assert ("war schon da" if is_stored else "gesendet") in result.out
    assert [status["url"] for status in mastodon.statuses] == [
        _shared(site)["2026-01-07"]["mastodon"]
    ]


def test_killed_at_any_moment(site: Site, mastodon: Server) -> None:
    """Whatever was done by then, one more run ends with one post, noted in ledger and file."""
    before = (site.content / YEAR).read_bytes()
    random.seed(5)
    for _ in range(3):
        seen = len(mastodon.requests)
        with _started(site, "KW2", "--send") as process:
            # The start takes longest; what matters happens once it talks to the server.
            while len(mastodon.requests) == seen and process.poll() is None:
                time.sleep(0.002)
            time.sleep(random.uniform(0, 0.03))
            process.kill()
    result = _share(site, "KW2", "--send")
    assert result.status == 0, result.err
    (status,) = mastodon.statuses
    line = f'  shared: {{mastodon: "{status["url"]}"}}\n'.encode()
    assert (site.content / YEAR).read_bytes().replace(line, b"") == before
    entry = json.loads((site.content / LEDGER).read_text())["2026-kw02"]["mastodon"]
    assert (entry["state"], entry["url"]) == ("done", status["url"])
