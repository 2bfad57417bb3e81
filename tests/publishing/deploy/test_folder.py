"""The target „folder“: files are stored once, nothing of the author's is lost, links lead anywhere."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from publishing.deploy import DeployError, deploy, folder
from publishing.deploy.exchange import exchange
from publishing.release import manifest
from tests.publishing.deploy import fake_site, faults
from tests.publishing.deploy.places import folder_place


def _change(output: Path, text: str) -> None:
    (output / "index.html").write_text(text, "utf-8")


def _releases(base: Path, name: str = "public") -> list[str]:
    """Return the releases that can be gone back to."""
    return sorted(path.stem for path in (base / f".{name}-releases").glob("*.json"))


def _deploy(output: Path, **options: Any) -> Any:
    return deploy(output, {"target": "folder", **options}, output.parent)


def test_the_folder_is_a_link_to_a_complete_release(output: Path, tmp_path: Path) -> None:
    deployed = _deploy(output)
    public = tmp_path / "public"
    assert (deployed.place, deployed.folder) == (str(public), public)
    assert public.readlink() == Path(".public-releases") / deployed.release
    assert deployed.release.endswith(f"-{manifest(output).digest}")
    assert manifest(public.resolve()) == manifest(output)


def test_what_two_releases_share_is_stored_once(output: Path, tmp_path: Path) -> None:
    first = _deploy(output).release
    _change(output, "Zwei")
    second = _deploy(output).release
    old, new = (tmp_path / ".public-releases" / name for name in (first, second))
    assert (old / "404.html").samefile(new / "404.html")
    assert not (old / "index.html").samefile(new / "index.html")
    assert (old / "index.html").read_bytes() == fake_site.pages(1)["index.html"]


def test_no_release_shares_a_file_with_the_built_site(output: Path, tmp_path: Path) -> None:
    """Somebody may edit output/ by hand."""
    _deploy(output)
    for path in (tmp_path / "public").resolve().rglob("*.html"):
        path_in_output = output / path.relative_to((tmp_path / "public").resolve())
        assert not path.samefile(path_in_output)
        assert path.stat().st_mtime_ns == path_in_output.stat().st_mtime_ns


def test_there_are_two_trees_however_many_releases(output: Path, tmp_path: Path) -> None:
    """To make a folder for each page again and again takes longer than everything else."""
    for number in range(4):
        _change(output, f"{number}")
        _deploy(output)
    releases = tmp_path / ".public-releases"
    assert len(list(releases.glob("*/blog"))) == 2
    assert len(_releases(tmp_path)) == 4


def test_a_folder_may_lose_all_but_what_changed(output: Path, tmp_path: Path) -> None:
    """The tree of an earlier release is used again, and that folder is empty for a moment."""
    index = output / "suche"
    index.mkdir()
    for name in ("0.json", "1.json"):
        (index / name).write_text("alt", "utf-8")
    _deploy(output)
    (index / "0.json").write_text("neu", "utf-8")
    (index / "1.json").unlink()
    for number in range(2):
        _change(output, f"{number}")
        _deploy(output)
    assert manifest((tmp_path / "public").resolve()) == manifest(output)


def test_releases_of_an_older_version_are_trees_and_stay(output: Path, tmp_path: Path) -> None:
    """They were folders, and nothing else; nobody has to do anything."""
    names = [f"2026010{day}-000000-aaaaaaaaaaa{day}" for day in (1, 2, 3)]
    releases = tmp_path / ".public-releases"
    for version, name in enumerate(names, 1):
        fake_site.write(fake_site.pages(version), releases / name)
    (tmp_path / "public").symlink_to(releases / names[2])
    place = folder_place(tmp_path)
    assert place.releases() == [f"{names[2]}*", names[1], names[0]]
    assert deploy.__globals__["releases"](place.options, tmp_path)[0][1].pages == 8
    fake_site.write(fake_site.pages(9), output)
    newest = place.deploy(output).release
    assert place.releases() == [f"{newest}*", names[2], names[1], names[0]]
    for version, name in enumerate(names, 1):
        place.rollback(name)
        assert place.seen() == fake_site.pages(version)
    assert place.rollback(newest).changed
    assert place.seen() == fake_site.pages(9)


def test_a_release_that_is_damaged_is_not_gone_back_to(output: Path, tmp_path: Path) -> None:
    place = folder_place(tmp_path)
    for version in (1, 2, 3):
        fake_site.write(fake_site.pages(version), output)
        place.deploy(output)
    (tmp_path / ".public-releases/inhalte" / manifest(output).files["index.html"]).touch()
    first = place.releases()[2]
    index = fake_site.pages(1)["index.html"]
    content = tmp_path / ".public-releases/inhalte" / hashlib.sha256(index).hexdigest()
    content.write_text("Unfug", "utf-8")
    with pytest.raises(DeployError, match="Dieser Ausgabe fehlt etwas"):
        place.rollback(first)
    assert place.seen() == fake_site.pages(3)
    # And the next deployment mends it.
    fake_site.write(fake_site.pages(1), output)
    place.deploy(output)
    assert place.seen() == fake_site.pages(1)


def test_a_release_that_was_edited_passes_nothing_on(output: Path, tmp_path: Path) -> None:
    _deploy(output)
    (tmp_path / "public" / "404.html").write_text("Unfug", "utf-8")
    _change(output, "Zwei")
    _deploy(output)
    assert (tmp_path / "public" / "404.html").read_bytes() == fake_site.pages(1)["404.html"]


def test_what_was_deleted_is_nowhere_any_more(output: Path, tmp_path: Path) -> None:
    """If only the live release is to stay: somebody may have a right to that."""
    (output / "index.html").write_text("Ein Kommentar von Erika", "utf-8")
    _deploy(output)
    for text in ("Eins", "Zwei"):
        _change(output, text)
        _deploy(output)
    assert not _deploy(output, keep=1).changed
    files = [path for path in (tmp_path / ".public-releases").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"Erika" in path.read_bytes()]
    assert not [path for path in files if b"Eins" in path.read_bytes()]


def test_going_back_mends_what_was_edited(output: Path, tmp_path: Path) -> None:
    place = folder_place(tmp_path)
    place.deploy(output)
    page = tmp_path / "public" / "404.html"
    page.unlink()
    page.write_text("Unfug", "utf-8")
    (tmp_path / "public" / "notiz.txt").touch()
    fake_site.write(fake_site.pages(2), output)
    place.deploy(output)
    place.rollback()
    assert place.seen() == fake_site.pages(1)


def test_only_what_changed_is_read(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = (1_700_000_000, 1_700_000_000)
    for path in output.rglob("*.*"):
        os.utime(path, long_ago)
    _deploy(output)
    (output / "index.html").write_text("Zwei", "utf-8")
    os.utime(output / "index.html", (1_700_000_001, 1_700_000_001))
    read: list[str] = []
    digest = hashlib.file_digest

    def recorded(file: Any, name: str) -> Any:
        read.append(file.name)
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", recorded)
    release = _deploy(output).release
    digest_of_it = manifest(output).files["index.html"]
    copied = f"{tmp_path}/.public-releases/inhalte/.{digest_of_it}.teil"
    assert read[:2] == [str(output / "index.html"), copied]
    assert release in _releases(tmp_path)


def test_digests_that_the_build_knows_must_be_right(output: Path, tmp_path: Path) -> None:
    """They save reading; what is copied is checked all the same."""
    first = _deploy(output)
    _change(output, "Zwei")
    with pytest.raises(DeployError, match="hat sich während des Veröffentlichens geändert"):
        deploy(output, {"target": "folder"}, tmp_path, known={"index.html": "0" * 64})
    assert _releases(tmp_path) == [first.release]
    known = dict(manifest(output).files)
    assert deploy(output, {"target": "folder"}, tmp_path, known=known).changed
    assert (tmp_path / "public/index.html").read_text("utf-8") == "Zwei"


@pytest.mark.parametrize("number", [errno.EPERM, errno.EMLINK, errno.ENOTSUP])
def test_without_hard_links_files_are_copied(
    number: int, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*names: str) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", link)
    _deploy(output)
    _change(output, "Zwei")
    _deploy(output)
    assert manifest((tmp_path / "public").resolve()) == manifest(output)


def test_what_was_found_stays_whatever_comes(output: Path, tmp_path: Path) -> None:
    """It is no release of ours, so it neither counts among those that are kept nor goes."""
    public = tmp_path / "public"
    public.mkdir()
    (public / "wichtig.txt").write_text("Alt", "utf-8")
    names = []
    for number in range(4):
        _change(output, str(number))
        names.append(_deploy(output, keep=2).release)
    assert (public / "index.html").read_text("utf-8") == "3"
    (found,) = (tmp_path / ".public-releases").glob("*-vorgefunden")
    assert (found / "wichtig.txt").read_text("utf-8") == "Alt"
    assert _releases(tmp_path) == names[-2:]


def test_a_real_folder_and_the_link_change_places(output: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "eins", tmp_path / "zwei"
    one.mkdir()
    other.symlink_to("output")
    assert exchange(one, other)
    assert one.is_symlink()
    assert other.is_dir()
    assert not exchange(one, tmp_path / "nichts")
    assert one.is_symlink()


def test_where_they_cannot_the_folder_is_set_aside_first(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "exchange", lambda one, other: False)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "wichtig.txt").touch()
    place = folder_place(tmp_path)
    place.deploy(output)
    assert place.seen() == fake_site.pages(1)
    assert len(list(tmp_path.glob(".public-releases/*-vorgefunden/wichtig.txt"))) == 1


def test_a_folder_that_was_exchanged_but_not_set_aside_is_kept(
    output: Path, tmp_path: Path
) -> None:
    """The process was killed in between."""
    _deploy(output)
    (tmp_path / ".public.neu").mkdir()
    (tmp_path / ".public.neu" / "wichtig.txt").touch()
    _change(output, "Zwei")
    _deploy(output)
    assert not (tmp_path / ".public.neu").exists()
    assert len(list((tmp_path / ".public-releases").glob("*-vorgefunden/wichtig.txt"))) == 1


def test_an_empty_folder_is_replaced(output: Path, tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    deployed = _deploy(output)
    assert _releases(tmp_path) == [deployed.release]


def test_what_interrupted_deployments_left_is_cleared_away(output: Path, tmp_path: Path) -> None:
    releases = tmp_path / ".public-releases"
    (releases / ".20260101-000000-aaaaaaaaaaaa.teil" / "x").mkdir(parents=True)
    (releases / ".20260102-000000-aaaaaaaaaaaa.weg").mkdir()
    (tmp_path / ".public.neu").symlink_to("nirgends")
    deployed = _deploy(output)
    assert _releases(tmp_path) == [deployed.release]
    assert faults.rubbish(folder_place(tmp_path)) == []
    assert not (tmp_path / ".public.neu").is_symlink()


def test_a_link_that_leads_nowhere_or_elsewhere_is_replaced(output: Path, tmp_path: Path) -> None:
    (tmp_path / "anderswo").mkdir()
    for goal in ("nirgends", "anderswo"):
        (tmp_path / "public").unlink(missing_ok=True)
        (tmp_path / "public").symlink_to(goal)
        assert _deploy(output).changed
        assert (tmp_path / "public/index.html").is_file()
    assert (tmp_path / "anderswo").is_dir()


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
    assert (place / "index.html").is_file()
    assert len(_releases(tmp_path / "www", "site")) == 1


def test_a_file_system_that_refuses_changes_nothing(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deploy(output)
    seen = (tmp_path / "public").readlink()
    _change(output, "Zwei")

    def full(*names: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DeployError, match=r"public: Das Veröffentlichen ging nicht \(No space"):
        _deploy(output)
    assert (tmp_path / "public").readlink() == seen
    assert len(_releases(tmp_path)) == 1


@pytest.mark.parametrize("left", [".mittwochspost-unfertig", "index.html"])
def test_what_is_not_finished_is_not_deployed(output: Path, tmp_path: Path, left: str) -> None:
    place = folder_place(tmp_path)
    place.deploy(output)
    behind = place.behind()
    fake_site.write(fake_site.pages(2), output)
    (output / left).touch() if left.startswith(".") else (output / left).unlink()
    with pytest.raises(DeployError, match=r"^output/: Darin liegt keine fertige Website"):
        place.deploy(output)
    assert place.seen() == fake_site.pages(1)
    assert place.behind() == behind
