"""What every target promises: complete or not at all, back in one step, nothing sent twice."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest

from publishing import deploy
from publishing.deploy import DeployError
from publishing.release import ReleaseError, manifest
from tests.publishing.deploy import fake_site
from tests.publishing.deploy.places import Place


def _build(output: Path, version: int) -> fake_site.Files:
    files = fake_site.pages(version)
    fake_site.write(files, output)
    return files


def test_readers_see_exactly_what_was_built(place: Place, output: Path) -> None:
    deployed = place.deploy(output)
    first = fake_site.pages(1)
    assert deployed.changed
    assert place.seen() == first
    ((release, size),) = deploy.releases(place.options, place.base)
    assert (release.id, release.is_live) == (deployed.release, True)
    assert size.files == len(first)
    assert size.pages == sum(path.endswith(".html") for path in first)
    assert size.bytes == sum(map(len, first.values()))
    second = _build(output, 2)
    again = place.deploy(output)
    assert place.seen() == second
    assert place.releases() == [f"{again.release}*", deployed.release]


def test_nothing_new_is_no_release(place: Place, output: Path) -> None:
    first = place.deploy(output)
    behind = place.behind()
    second = place.deploy(output)
    assert (second.release, second.changed) == (first.release, False)
    assert place.behind() == behind
    assert place.seen() == fake_site.pages(1)


def test_back_and_forth(place: Place, output: Path) -> None:
    """Without a name to the one before, with a part of its name to any; the next build goes on."""
    first = place.deploy(output)
    _build(output, 2)
    second = place.deploy(output)
    third_files = _build(output, 3)
    third = place.deploy(output)
    back = place.rollback()
    assert (back.release, back.changed) == (second.release, True)
    assert place.seen() == fake_site.pages(2)
    assert place.rollback().release == first.release
    assert place.seen() == fake_site.pages(1)
    for wanted, reason in (
        ("", "Es gibt keine frühere Ausgabe"),
        ("nix", "Zu „nix“ gibt es keine Ausgabe"),
        ("2", "Zu „2“ gibt es mehrere Ausgaben"),
    ):
        with pytest.raises(ReleaseError, match=f"^{reason}"):
            place.rollback(wanted)
    assert place.seen() == fake_site.pages(1)
    assert place.rollback(third.release[-12:]).release == third.release
    assert place.seen() == third_files
    assert not place.rollback(third.release).changed
    assert place.releases() == [f"{third.release}*", second.release, first.release]
    place.rollback(first.release)
    again = place.deploy(output)
    assert again.changed
    assert again.release > third.release
    assert place.seen() == third_files


def test_old_releases_go_and_their_contents_too(place: Place, output: Path) -> None:
    if place.name == "git":
        # git keeps its history; the branch only grows.
        for version in (1, 2, 3):
            _build(output, version)
            place.deploy(output, keep=1)
        assert len(place.releases()) == 3
        return
    ids = []
    for version in (1, 2, 3, 4):
        _build(output, version)
        ids.append(place.deploy(output, keep=2).release)
        count = len(place.behind())
    assert place.releases() == [f"{ids[3]}*", ids[2]]
    _build(output, 5)
    ids.append(place.deploy(output, keep=2).release)
    assert len(place.behind()) == count
    # The live release stays, however old it is.
    place.rollback()
    _build(output, 4)
    assert not place.deploy(output, keep=1).changed
    assert place.releases() == [ids[4], f"{ids[3]}*"]
    assert place.seen() == fake_site.pages(4)


def test_a_dry_run_tells_the_difference_and_changes_nothing(place: Place, output: Path) -> None:
    plan = deploy.plan(output, place.options, place.base)
    assert plan.old is None
    assert plan.difference.new == tuple(sorted(fake_site.pages(1)))
    assert place.releases() == []
    first = place.deploy(output)
    behind, now = place.behind(), place.now()
    assert not deploy.plan(output, place.options, place.base).difference
    _build(output, 2)
    plan = deploy.plan(output, place.options, place.base)
    assert plan.old is not None
    assert plan.old.id == first.release
    assert "blog/beitrag-6/index.html" in plan.difference.new
    assert "index.html" in plan.difference.changed
    assert "blog/beitrag-1/index.html" in plan.difference.gone
    assert "bilder/gleich.svg" not in (*plan.difference.new, *plan.difference.changed)
    gone = "blog/beitrag-1/index.html"
    assert plan.read(gone) == fake_site.pages(1)[gone]
    assert (place.behind(), place.now()) == (behind, now)


def test_names_that_need_care(place: Place, output: Path) -> None:
    names = ("bilder/Größe 1.svg", "bilder/it's.svg", "bilder/a&b;c$d.svg", "bilder/-rf", "a/%20/x")
    files = {**fake_site.pages(1), **{name: name.encode() for name in names}}
    fake_site.write(files, output)
    place.deploy(output)
    assert place.seen() == files
    release = place.releases()[0].rstrip("*")
    shown = deploy.target(place.options, place.base)
    assert release == shown.releases()[0].id
    assert shown.manifest(release) == manifest(output)
    assert shown.read(release, names[1]) == names[1].encode()


def test_a_file_becomes_a_folder_and_back(place: Place, output: Path) -> None:
    for name in ("x", "x/index.html", "x"):
        files = {**fake_site.pages(1), name: name.encode()}
        fake_site.write(fake_site.pages(1), output)
        fake_site.write(files, output)
        place.deploy(output)
        assert place.seen() == files


def test_a_clock_that_is_slow_changes_no_order(
    place: Place, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = place.deploy(output)

    monkeypatch.setattr(deploy, "_now", lambda: dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    _build(output, 2)
    second = place.deploy(output)
    assert second.release > first.release
    assert place.rollback().release == first.release


def test_two_at_once_do_not_mix(place: Place, tmp_path: Path) -> None:
    """Both end, or one is told to try again; readers see one of the two, whole."""
    outputs = [
        fake_site.write(fake_site.pages(version), tmp_path / f"{version}" / "output")
        for version in (1, 2)
    ]
    told: list[str] = []

    def run(output: Path) -> None:
        try:
            place.deploy(output)
        except DeployError as error:
            told.append(str(error))

    threads = [threading.Thread(target=run, args=(output,)) for output in outputs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) < 2
    assert all("andere Veröffentlichung kam dazwischen" in text for text in told)
    assert place.seen() in (fake_site.pages(1), fake_site.pages(2))
    place.deploy(outputs[0])
    assert place.seen() == fake_site.pages(1)
