"""`invoke smoke` says whether readers get what was deployed."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.source.problem import AuthorError
from publishing import deploy, smoke
from publishing.front import Front, headers, survey
from publishing.release import manifest
from publishing.smoke import Answer, faults
from tests.publishing.deploy import fake_site
from tests.publishing.front_servers import nginx_server, served_by, service
from tests.site import Site

_SITE = "https://mittwochspost.example"
_FILES = fake_site.pages(1)
_HEADERS = {
    "content-security-policy": headers.policy(survey.Used()),
    "strict-transport-security": headers.hsts(False),
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
_GOOD = Answer(200, _HEADERS, b"")


def _get(**changes: Answer | Exception) -> Callable[[str], Answer]:
    """Return a site as it should be, but for the answers at some paths."""

    def get(url: str) -> Answer:
        path = url.removeprefix(_SITE)
        answer = changes.get(path)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        if path == "/kommentare/danke/":
            return _GOOD
        name = f"{path}index.html" if path.endswith("/") else path
        data = _FILES.get(name.removeprefix("/"))
        return replace(_GOOD, body=data) if data is not None else replace(_GOOD, status=404)

    return get


def _faults(output: Path, **changes: Answer | Exception) -> list[str]:
    return list(faults(_SITE, manifest(output), True, _get(**changes)))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return fake_site.write(_FILES, tmp_path / "output")


def test_a_site_as_it_should_be_has_no_faults(output: Path) -> None:
    assert _faults(output) == []


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        (
            "/archiv/",
            replace(_GOOD, body=b"alt"),
            "/archiv/ ist nicht das, was veröffentlicht wurde",
        ),
        ("/archiv/", replace(_GOOD, status=500), "/archiv/ antwortet mit Status 500."),
        ("/feeds/artikel.atom.xml", OSError("aus"), "ist nicht zu erreichen (aus)."),
        ("/", replace(_GOOD, headers={}), "Die Kopfzeile content-security-policy fehlt"),
        ("/diese-seite-gibt-es-nicht/", _GOOD, "antwortet mit Status 200 statt 404."),
        (
            "/kommentare/danke/",
            replace(_GOOD, status=502),
            "Kommentardienst antwortet mit Status 502",
        ),
        (
            "/kommentare/danke/",
            TimeoutError("timed out"),
            "Der Kommentardienst ist nicht zu erreichen (keine Antwort); läuft er?",
        ),
        (
            "/diese-seite-gibt-es-nicht/",
            http.client.RemoteDisconnected("weg"),
            "Wer eine falsche Adresse aufruft, bekommt keine Antwort (weg).",
        ),
        ("/archiv/", EOFError(), "/archiv/ ist nicht zu erreichen (EOFError)."),
    ],
)
def test_what_is_wrong_is_said(
    output: Path, path: str, answer: Answer | Exception, words: str
) -> None:
    assert any(words in fault for fault in _faults(output, **{path: answer}))


def test_a_host_that_is_down_is_said_once(output: Path) -> None:
    assert _faults(output, **{"/": OSError("weg")}) == ["/ ist nicht zu erreichen (weg)."]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """A site that nobody built, deployed and served by nginx."""
    site = Site(tmp_path)
    output = fake_site.write(_FILES, tmp_path / "output")
    options = {"target": "folder", "path": "public"}
    deploy.deploy(output, options, tmp_path)
    front = Front("localhost", "", headers.policy(survey.Used()))
    with (
        service() as address,
        nginx_server(served_by(front, site.public, address), tmp_path / "nginx") as server,
    ):
        yield site, f"http://127.0.0.1:{server.port}"


def test_the_command_looks_at_the_real_thing(
    site: tuple[Site, str], capsys: pytest.CaptureFixture[str]
) -> None:
    files, url = site
    smoke.check_site(url, str(files.settings))
    assert "Dateien verglichen." in capsys.readouterr().out.replace("\xa0", " ")
    page = files.public / "archiv" / "index.html"
    page.write_bytes(b"anders")
    with pytest.raises(AuthorError, match=r"An 1.Stelle stimmt etwas nicht"):
        smoke.check_site(url, str(files.settings))
    assert "✗ /archiv/ ist nicht das" in capsys.readouterr().err
