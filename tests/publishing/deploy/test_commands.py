"""What `invoke deploy`, `releases` and `rollback` say, and what they answer to mistakes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.source.problem import AuthorError
from publishing import releases
from tests.site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that was deployed twice, and has been built for the third time."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.write_settings(f"OUTPUT_PATH = {str(site.output)!r}\n")
    assert site.build().status == 0
    posts = site.output / "blog"
    _edit(posts / "der-erste-beitrag" / "index.html", "Der erste Beitrag", "Der erste Versuch")
    releases.deploy_site(str(site.settings), is_dry_run=False)
    _edit(posts / "der-zweite-beitrag" / "index.html", "2026", "2027")
    shutil.copytree(posts / "der-erste-beitrag", posts / "vier-und-mehr")
    _edit(posts / "vier-und-mehr" / "index.html", "Der erste Versuch", "„Vier“ &amp; mehr")
    shutil.rmtree(posts / "der-dritte-beitrag")
    (site.output / "bilder" / "neu.svg").write_text("<svg/>", "utf-8")
    return site


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def settings(site: Site) -> str:
    return str(site.settings)


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.replace("\xa0", " ")


def _ids(settings: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    releases.print_releases(settings)
    return re.findall(r"^\d{8}-\d{6}-\w{12}", _said(capsys), re.MULTILINE)


def test_the_list_says_which_one_is_online(site: Site, settings: str) -> None:
    lines = site.invoke("releases", "--settings", settings).out.replace("\xa0", " ").splitlines()
    assert re.fullmatch(r"Ausgabe +vom +Seiten +Dateien +Größe", lines[0])
    row = r"\d{8}-\d{6}-\w{12}  \d+\. \w+ \d{4}, \d+:\d\d Uhr +\d+ +\d+ +\d+ kB"
    assert re.fullmatch(f"{row}  ← online", lines[1])
    assert re.fullmatch(row, lines[2])
    assert len(lines) == 3


def test_a_dry_run_names_pages_by_their_title(site: Site, settings: str) -> None:
    before = site.deployed()
    result = site.invoke("deploy", "--dry-run", "--settings", settings)
    assert result.status == 0, result.err
    out = result.out.replace("\xa0", " ")
    assert "  + „Vier“ & mehr  /blog/vier-und-mehr/" in out
    assert "  ~ Der zweite Beitrag  /blog/der-zweite-beitrag/" in out
    assert "  − Der dritte Beitrag  /blog/der-dritte-beitrag/" in out
    assert "\nNeu: 1 Seite, 1 andere Datei\n" in out
    assert "\n  + /bilder/neu.svg\n" in out
    assert "\nGeändert: 1 Seite\n" in out
    assert "\nEs entfällt: 1 Seite\n" in out
    assert "veröffentlicht wurde nichts" in out
    assert site.deployed() == before


def test_back_again_and_forward(
    site: Site, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    newest, oldest = _ids(settings, capsys)
    back = site.invoke("rollback", "--settings", settings)
    assert back.status == 0, back.err
    assert f"ist jetzt {oldest}." in back.out
    assert site.public.readlink().name == oldest
    with pytest.raises(AuthorError, match="Es gibt keine frühere Ausgabe"):
        releases.roll_back("", settings)
    forward = site.invoke("rollback", "--settings", settings, newest[-12:])
    assert forward.status == 0, forward.err
    assert site.public.readlink().name == newest
    releases.roll_back(newest, settings)
    assert f"{newest} ist schon online" in _said(capsys)


def test_deploy_takes_what_was_built(
    site: Site, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    releases.deploy_site(settings, is_dry_run=False)
    assert re.search(r"^Veröffentlicht in .*public/ als \d{8}-", _said(capsys), re.MULTILINE)
    assert "blog/vier-und-mehr/index.html" in site.deployed()
    releases.deploy_site(settings, is_dry_run=False)
    assert "Nichts hat sich geändert" in _said(capsys)
    releases.deploy_site(settings, is_dry_run=True)
    assert "es gäbe nichts zu tun" in _said(capsys)


def test_a_mistake_is_one_sentence(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write_settings("DEPLOY = {'target': 'rsync', 'hst': 'x'}\n")
    result = site.invoke("deploy", "--settings", str(site.settings))
    assert result.status == 1
    assert (
        result.err == "Fehler: DEPLOY: „hst“ kennt das Ziel „rsync“ nicht – meinten Sie „host“?\n"
    )
    assert not site.public.exists()


def test_a_terminal_leads_to_what_was_deployed(
    site: Site, settings: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    releases.deploy_site(settings, is_dry_run=False)
    assert f"{(site.public / 'index.html').as_uri()}\x1b\\" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "command", "message"),
    [
        ("DEPLOY = {'target': 'rsink'}", releases.print_releases, "meinten Sie „rsync“?"),
        (
            "OUTPUT_PATH = '/gibt/es/nicht'",
            lambda settings: releases.deploy_site(settings, is_dry_run=True),
            "nicht/: Darin liegt keine fertige Website",
        ),
        (
            "DEPLOY = {'target': 'folder', 'path': 'neu'}",
            lambda settings: releases.roll_back("", settings),
            "keine frühere Ausgabe",
        ),
    ],
)
def test_other_mistakes_are_too(
    line: str, command: Callable[[str], None], message: str, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    site.write_settings(f"{line}\n")
    with pytest.raises(AuthorError) as caught:
        command(str(site.settings))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_before_the_first_deployment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    releases.print_releases(str(Site(tmp_path).settings))
    assert _said(capsys) == "Veröffentlicht ist noch nichts; das macht invoke build.\n"
    assert not list(tmp_path.glob(".public*"))
