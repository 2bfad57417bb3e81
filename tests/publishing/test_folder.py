"""Readers see one release or the other; old ones stay for a while; nothing of the author's is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from publishing.deploy import TARGETS, DeployError, deploy, folder
from publishing.release import manifest


class _Clock(dt.datetime):
    """A clock that goes on by a second each time it is read."""

    seconds = 0

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> _Clock:
        cls.seconds += 1
        return cls(2026, 3, 4, 7, 0, tzinfo=dt.UTC) + dt.timedelta(seconds=cls.seconds)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder.dt, "datetime", _Clock)
    monkeypatch.setattr(_Clock, "seconds", 0)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "output"
    path.mkdir()
    (path / "index.html").write_text("Eins", "utf-8")
    return path


def _change(output: Path, text: str) -> None:
    (output / "index.html").write_text(text, "utf-8")


def _releases(base: Path, name: str = "public") -> list[str]:
    return sorted(path.name for path in (base / f".{name}-releases").iterdir())


def _deploy(output: Path, **options: Any) -> Any:
    return deploy(output, {"target": "folder", **options}, output.parent)


def test_the_folder_is_a_link_to_a_complete_release(output: Path, tmp_path: Path) -> None:
    deployed = _deploy(output)
    public = tmp_path / "public"
    assert deployed.changed
    assert deployed.place == str(public)
    assert deployed.release == f"20260304-070001-{manifest(output).digest}"
    assert public.readlink() == Path(".public-releases") / deployed.release
    assert manifest(public.resolve()) == manifest(output)


def test_nothing_new_is_no_release(output: Path, tmp_path: Path) -> None:
    first, second = _deploy(output), _deploy(output)
    assert (second.release, second.changed) == (first.release, False)
    assert len(_releases(tmp_path)) == 1


def test_a_new_release_takes_the_place_and_the_old_one_stays(output: Path, tmp_path: Path) -> None:
    first = _deploy(output)
    _change(output, "Zwei")
    second = _deploy(output)
    assert (tmp_path / "public/index.html").read_text("utf-8") == "Zwei"
    assert _releases(tmp_path) == [first.release, second.release]
    old = tmp_path / ".public-releases" / first.release
    assert (old / "index.html").read_text("utf-8") == "Eins"


def test_the_last_releases_are_kept(output: Path, tmp_path: Path) -> None:
    names = []
    for number in range(4):
        _change(output, str(number))
        names.append(_deploy(output, keep=2).release)
    assert _releases(tmp_path) == names[-2:]


def test_what_readers_see_is_never_deleted(output: Path, tmp_path: Path) -> None:
    """Even if a clock that was wrong named other releases later."""
    for year in ("2031", "2032", "2033"):
        (tmp_path / ".public-releases" / f"{year}0101-000000-aaaaaaaaaaaa").mkdir(parents=True)
    deployed = _deploy(output, keep=1)
    assert (tmp_path / "public/index.html").read_text("utf-8") == "Eins"
    assert deployed.release in _releases(tmp_path)


def test_going_back_and_forth_makes_new_releases(output: Path, tmp_path: Path) -> None:
    first = _deploy(output)
    _change(output, "Zwei")
    _deploy(output)
    _change(output, "Eins")
    third = _deploy(output)
    assert third.changed
    assert third.release != first.release
    assert third.release.endswith(first.release[-12:])
    assert (tmp_path / "public").readlink().name == third.release


def test_what_interrupted_deployments_left_is_cleared_away(output: Path, tmp_path: Path) -> None:
    releases = tmp_path / ".public-releases"
    (releases / ".20260101-000000-aaaaaaaaaaaa.teil").mkdir(parents=True)
    (tmp_path / ".public.neu").symlink_to("nirgends")
    deployed = _deploy(output)
    assert _releases(tmp_path) == [deployed.release]
    assert not (tmp_path / ".public.neu").is_symlink()


def test_a_link_that_leads_nowhere_or_elsewhere_is_replaced(output: Path, tmp_path: Path) -> None:
    (tmp_path / "anderswo").mkdir()
    for target in ("nirgends", "anderswo"):
        (tmp_path / "public").unlink(missing_ok=True)
        (tmp_path / "public").symlink_to(target)
        assert _deploy(output).changed
        assert (tmp_path / "public/index.html").read_text("utf-8") == "Eins"
    assert (tmp_path / "anderswo").is_dir()


def test_what_was_in_the_folder_is_set_aside_for_good(output: Path, tmp_path: Path) -> None:
    """It is no release of ours, so it neither counts among those that are kept nor goes."""
    public = tmp_path / "public"
    public.mkdir()
    (public / "wichtig.txt").write_text("Alt", "utf-8")
    names = []
    for number in range(4):
        _change(output, str(number))
        names.append(_deploy(output, keep=2).release)
    assert (public / "index.html").read_text("utf-8") == "3"
    (found,) = set(_releases(tmp_path)) - set(names[-2:])
    assert (tmp_path / ".public-releases" / found / "wichtig.txt").read_text("utf-8") == "Alt"


def test_an_empty_folder_is_replaced(output: Path, tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    deployed = _deploy(output)
    assert _releases(tmp_path) == [deployed.release]


@pytest.mark.parametrize("path", ["content", ".", "", "..", "output", "output/public", "notiz.txt"])
def test_what_is_no_site_is_left_alone(path: str, output: Path, tmp_path: Path) -> None:
    """A slip in DEPLOY must not carry off the author's texts, the project, or what was built."""
    base = tmp_path / "projekt"
    (base / "content").mkdir(parents=True)
    (base / "content/eins.md").write_text("Text", "utf-8")
    (base / "notiz.txt").write_text("Notiz", "utf-8")
    output = output.rename(base / "output")
    before = manifest(tmp_path)
    with pytest.raises(DeployError, match=r"^DEPLOY: "):
        deploy(output, {"target": "folder", "path": path}, base)
    assert manifest(tmp_path) == before


def test_the_folder_may_be_anywhere(output: Path, tmp_path: Path) -> None:
    place = tmp_path / "www" / "site"
    assert _deploy(output, path=str(place)).place == str(place)
    assert (place / "index.html").read_text("utf-8") == "Eins"
    assert len(_releases(tmp_path / "www", "site")) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "folder", "keep": 0}, "DEPLOY: keep ist 0 – schreiben Sie eine Zahl ab 1."),
        ({"target": "folder", "keep": "5"}, "DEPLOY: keep ist '5' – schreiben Sie eine Zahl ab 1."),
        ({"target": "folder", "keep": None}, "DEPLOY: keep ist None – schreiben"),
        ({"target": "folder", "keep": 2.5}, "DEPLOY: keep ist 2.5 – schreiben"),
        (
            {"target": "folder", "pfad": "x"},
            "DEPLOY: „pfad“ kennt das Ziel „folder“ nicht – möglich",
        ),
        ({"target": "foldr"}, "DEPLOY: Das Ziel „foldr“ gibt es nicht – Meinten Sie „folder“?"),
        ({"target": "s3"}, "DEPLOY: Das Ziel „s3“ gibt es nicht – Möglich sind: folder."),
        ({}, "DEPLOY: Das Ziel „“ gibt es nicht"),
        ("folder", "DEPLOY: Das sind keine Angaben"),
        (None, "DEPLOY: Das sind keine Angaben"),
    ],
)
def test_a_wrong_setting_is_one_german_message(
    options: Any, message: str, output: Path, tmp_path: Path
) -> None:
    with pytest.raises(DeployError) as caught:
        deploy(output, options, tmp_path)
    assert str(caught.value).startswith(message)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["output"]


def test_a_file_system_that_refuses_changes_nothing(output: Path, tmp_path: Path) -> None:
    _deploy(output)
    seen = (tmp_path / "public").readlink()
    _change(output, "Zwei")
    (output / "bild").symlink_to("nirgends")
    with pytest.raises(DeployError, match="Das Veröffentlichen ging nicht") as caught:
        _deploy(output)
    assert "die bisherige Website ist unverändert" in str(caught.value)
    assert (tmp_path / "public").readlink() == seen
    assert (tmp_path / "public/index.html").read_text("utf-8") == "Eins"


def test_the_targets_are_named() -> None:
    assert TARGETS["folder"] is folder.deploy
