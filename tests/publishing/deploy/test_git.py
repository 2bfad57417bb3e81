"""The target „git“: a branch that only grows, made without touching anybody's working copy."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from publishing.deploy import DeployError, deploy, git
from tests.publishing.deploy import fake_site
from tests.publishing.deploy.places import Place, git_place
from tests.publishing.deploy.servers import forge

_GEHEIM = "zufaellig-und-lang"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return git_place(tmp_path)


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@y", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _message(place: Place, output: Path) -> str:
    with pytest.raises(DeployError) as caught:
        place.deploy(output)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_commit_for_each_release_and_nobodys_address(
    place: Place, output: Path, tmp_path: Path
) -> None:
    names = []
    for version in (1, 2):
        fake_site.write(fake_site.pages(version), output)
        names.append(place.deploy(output).release)
    log = _git(tmp_path / "forge.git", "log", "--format=%s|%an|%ae|%cn", "pages")
    assert log.splitlines() == [
        f"{name}|Mittwochspost|mittwochspost@localhost|Mittwochspost" for name in reversed(names)
    ]


def test_going_back_is_a_commit_too(place: Place, output: Path, tmp_path: Path) -> None:
    for version in (1, 2):
        fake_site.write(fake_site.pages(version), output)
        place.deploy(output)
    before = place.now()
    place.rollback()
    assert _git(tmp_path / "forge.git", "rev-parse", "pages~1").strip() == before


def test_what_the_forge_needs_is_there_and_no_part_of_the_site(
    place: Place, output: Path, tmp_path: Path
) -> None:
    place.deploy(output, cname="mittwochspost.example")
    assert place.read(".nojekyll") == b""
    assert place.read("CNAME") == b"mittwochspost.example\n"
    options = {**place.options, "cname": "mittwochspost.example"}
    assert not deploy.__globals__["plan"](output, options, tmp_path).difference


def test_the_authors_repository_is_not_touched(output: Path, tmp_path: Path) -> None:
    """DEPLOY names its remote; her branch, index and files stay as they are."""
    _git(tmp_path, "init", "--quiet", "--bare", "forge.git")
    project = tmp_path / "projekt"
    project.mkdir()
    _git(project, "init", "--quiet", "--initial-branch=main")
    _git(project, "remote", "add", "origin", "../forge.git")
    (project / ".gitignore").write_text(".cache/\n*.html\n", "utf-8")
    (project / "text.md").write_text("Text", "utf-8")
    _git(project, "add", "text.md")
    before = _git(project, "status", "--porcelain=v2", "--branch")
    deployed = deploy(output, {"target": "git", "remote": "origin", "branch": "www"}, project)
    assert deployed.place == "origin:www"
    assert _git(project, "status", "--porcelain=v2", "--branch") == before
    assert "blog/beitrag-1/index.html" in _git(tmp_path / "forge.git", "ls-tree", "-r", "www")


def test_files_go_as_they_are(place: Place, output: Path) -> None:
    """No attributes, no line ends, no ignored files."""
    files = {
        **fake_site.pages(1),
        ".gitattributes": b"*.txt text eol=lf ident\n",
        ".gitignore": b"*.txt\n",
        "zeilen.txt": b"eins\r\nzwei $Id$\r\n",
    }
    place.deploy(fake_site.write(files, output))
    assert place.seen() == files


def test_more_releases_than_are_looked_at(
    place: Place, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_DEPTH", 2)
    for version in (1, 2, 3, 4):
        fake_site.write(fake_site.pages(version), output)
        place.deploy(output)
    assert len(place.releases()) == 2
    place.rollback()
    assert place.seen() == fake_site.pages(3)


def test_a_branch_that_was_there_goes_on(place: Place, output: Path, tmp_path: Path) -> None:
    _git(tmp_path, "clone", "--quiet", "forge.git", "clone")
    _git(tmp_path / "clone", "commit", "--quiet", "--allow-empty", "-m", "Von Hand")
    _git(tmp_path / "clone", "push", "--quiet", "origin", "HEAD:pages")
    assert place.releases() == []
    place.deploy(output)
    assert place.seen() == fake_site.pages(1)
    log = _git(tmp_path / "forge.git", "log", "--format=%s", "pages")
    assert log.splitlines()[-1] == "Von Hand"


def test_somebody_else_was_faster(
    place: Place, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.deploy(output)
    other = tmp_path / "andere" / "output"
    fake_site.write(fake_site.pages(9), other)
    add = git.Git.add

    def slow(self: git.Git, *arguments: object) -> None:
        add(self, *arguments)  # type: ignore[arg-type]
        monkeypatch.undo()
        deploy(other, place.options, other.parent)

    monkeypatch.setattr(git.Git, "add", slow)
    fake_site.write(fake_site.pages(2), output)
    assert "Eine andere Veröffentlichung kam dazwischen" in _message(place, output)
    assert place.seen() == fake_site.pages(9)
    place.deploy(output)
    assert place.seen() == fake_site.pages(2)


def test_a_forge_that_refuses(place: Place, output: Path, tmp_path: Path) -> None:
    place.deploy(output)
    hook = tmp_path / "forge.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    fake_site.write(fake_site.pages(2), output)
    assert "Der Anbieter schützt diesen Branch" in _message(place, output)
    assert place.seen() == fake_site.pages(1)


def test_what_a_killed_git_left_is_cleared_away(place: Place, output: Path, tmp_path: Path) -> None:
    place.deploy(output)
    (mine,) = (tmp_path / ".cache" / "deploy").glob("git-*/repository")
    for name in ("shallow.lock", "deploy-index", "deploy-index.lock", "refs/heads/live.lock"):
        (mine / name).write_text("x", "utf-8")
    fake_site.write(fake_site.pages(2), output)
    place.deploy(output)
    assert place.seen() == fake_site.pages(2)
    assert list(mine.rglob("*.lock")) == []


def test_our_own_repository_may_be_damaged(place: Place, output: Path, tmp_path: Path) -> None:
    place.deploy(output)
    (mine,) = (tmp_path / ".cache" / "deploy").glob("git-*/repository")
    for path in (mine / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"")
    fake_site.write(fake_site.pages(2), output)
    place.deploy(output)
    assert place.seen() == fake_site.pages(2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"remote": "origin"}, "DEPLOY: remote ist 'origin', aber so heißt kein entferntes"),
        (
            {"remote": "/gibt/es/nicht"},
            "/gibt/es/nicht: Dieses Repositorium gibt es nicht – prüfen",
        ),
        (
            {"remote": "https://127.0.0.1:1/x.git"},
            "https://127.0.0.1:1/x.git: Der Server ist nicht",
        ),
    ],
)
def test_a_remote_that_is_not_there(
    options: dict[str, str], message: str, output: Path, tmp_path: Path
) -> None:
    with pytest.raises(DeployError) as caught:
        deploy(output, {"target": "git", **options}, tmp_path)
    assert str(caught.value).startswith(message)


def test_a_token_comes_from_the_environment(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _git(tmp_path, "init", "--quiet", "--bare", "forge.git")
    _git(tmp_path / "forge.git", "config", "http.receivepack", "true")
    with forge(tmp_path, _GEHEIM) as address:
        options = {"target": "git", "remote": f"{address}/forge.git"}
        monkeypatch.delenv(git.TOKEN, raising=False)
        for token in (None, "falsch"):
            if token:
                monkeypatch.setenv(git.TOKEN, token)
            with pytest.raises(DeployError, match="Der Anbieter lässt Sie nicht hinein") as caught:
                deploy(output, options, tmp_path)
            assert f"Umgebungsvariable {git.TOKEN}" in str(caught.value)
        monkeypatch.setenv(git.TOKEN, _GEHEIM)
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.abbrev")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", "9")
        deployed = deploy(output, options, tmp_path)
    assert deployed.changed
    assert git_place(tmp_path).seen() == fake_site.pages(1)
