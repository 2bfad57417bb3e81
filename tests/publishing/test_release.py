"""A release is named by its time and content, and sorts by time; manifests tell sites apart."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.checksums import Checksums
from publishing.release import (
    Difference,
    Manifest,
    Release,
    ReleaseError,
    Size,
    address,
    choose,
    difference,
    find_releases,
    manifest,
    measure,
    release_id,
)

_DIGEST = "1f2e3d4c5b6a"


def _folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        file = path / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        os.utime(file, (1_000_000_000, 1_000_000_000))
    return path


# --- Manifests -------------------------------------------------------------------------------------


def test_a_manifest_knows_every_file_by_its_content(tmp_path: Path) -> None:
    found = manifest(_folder(tmp_path, index="a", blog__x__index="b", bilder__ä="a"))
    assert list(found.files) == ["bilder/ä", "blog/x/index", "index"]
    assert found.files["index"] == found.files["bilder/ä"] != found.files["blog/x/index"]
    assert found.files["index"].startswith("ca978112ca1bbdca")


def test_the_digest_is_of_names_and_contents_only(tmp_path: Path) -> None:
    a = _folder(tmp_path / "a", eins="1", zwei="2")
    b = _folder(tmp_path / "b", zwei="2", eins="1")
    os.utime(b / "eins", (1, 1))
    (b / "eins").chmod(0o600)
    (b / "leer").mkdir()
    assert manifest(a).digest == manifest(b).digest
    assert len(manifest(a).digest) == 12


@pytest.mark.parametrize(
    "files", [{"eins": "1"}, {"eins": "2", "zwei": "1"}, {"eins": "1", "drei": "2"}, {"eins2": "1"}]
)
def test_any_difference_makes_another_digest(files: dict[str, str], tmp_path: Path) -> None:
    a = _folder(tmp_path / "a", eins="1", zwei="2")
    assert manifest(_folder(tmp_path / "b", **files)).digest != manifest(a).digest


def test_names_and_contents_do_not_run_together() -> None:
    assert Manifest({"a": "b1", "c": "d"}).digest != Manifest({"a": "b", "1c": "d"}).digest


def test_what_a_build_knows_is_not_calculated_again(tmp_path: Path) -> None:
    found = manifest(_folder(tmp_path, eins="1", zwei="2"), {"eins": "f" * 64, "weg": "0" * 64})
    assert found.files["eins"] == "f" * 64
    assert found.files["zwei"].startswith("d4735e3a265e16ee")
    assert "weg" not in found.files


def test_links_to_files_are_files(tmp_path: Path) -> None:
    _folder(tmp_path, eins="1")
    (tmp_path / "zwei").symlink_to("eins")
    found = manifest(tmp_path).files
    assert found["zwei"] == found["eins"]


@pytest.mark.parametrize("goal", ["nirgends", "ordner"])
def test_other_links_are_refused(goal: str, tmp_path: Path) -> None:
    (tmp_path / "ordner").mkdir()
    (tmp_path / "bild").symlink_to(goal)
    with pytest.raises(ReleaseError, match="bild: Das ist weder Datei noch Ordner"):
        manifest(tmp_path)


@pytest.mark.parametrize("name", ["a\nb", "a\\b", "a\tb", os.fsdecode(b"\xff")])
def test_names_that_not_every_server_can_store_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    with pytest.raises(ReleaseError, match="benennen Sie die Datei um"):
        manifest(tmp_path)


def test_the_size_counts_pages_files_and_bytes(tmp_path: Path) -> None:
    folder = _folder(tmp_path, bild="12345")
    (folder / "index.html").write_text("123", "utf-8")
    assert measure(folder) == Size(pages=1, files=2, bytes=8)


def test_a_difference_is_new_changed_and_gone() -> None:
    old = Manifest({"a": "1", "b": "2", "c": "3"})
    new = Manifest({"a": "1", "b": "9", "d": "3", "aa": "1"})
    assert difference(old, new) == Difference(new=("aa", "d"), changed=("b",), gone=("c",))
    assert difference(old, new)
    assert not difference(old, old)


def test_an_address_is_what_readers_type() -> None:
    assert address("blog/x/index.html") == "/blog/x/"
    assert address("index.html") == "/"
    assert address("404.html") == "/404.html"


# --- Checksums -------------------------------------------------------------------------------------


def _sum(file: Path, memory: Path) -> str:
    checksums = Checksums(memory)
    digest = checksums.of(str(file), file.stat())
    checksums.save()
    return digest


def test_a_file_that_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    file, memory = _folder(tmp_path, eins="1") / "eins", tmp_path / "memory" / "m.json"
    first = _sum(file, memory)
    memory.write_text(memory.read_text("utf-8").replace(first, "f" * 64), "utf-8")
    assert _sum(file, memory) == "f" * 64


@pytest.mark.parametrize("change", ["size", "time", "inode"])
def test_a_file_that_may_have_changed_is_read_again(change: str, tmp_path: Path) -> None:
    file, memory = _folder(tmp_path, eins="1") / "eins", tmp_path / "m.json"
    first, status = _sum(file, memory), file.stat()
    match change:
        case "size":
            file.write_text("12", "utf-8")
        case "time":
            file.write_text("2", "utf-8")
        case "inode":
            (tmp_path / "neu").write_text("2", "utf-8")
            (tmp_path / "neu").replace(file)
    if change != "time":
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert _sum(file, memory) != first


def test_a_file_that_was_written_just_now_is_not_remembered(tmp_path: Path) -> None:
    """It may be written again within the same tick of the file system's clock."""
    file, memory = tmp_path / "eins", tmp_path / "m.json"
    file.write_text("1", "utf-8")
    now = time.time_ns()
    os.utime(file, ns=(now, now))
    first = _sum(file, memory)
    file.write_text("2", "utf-8")
    os.utime(file, ns=(now, now))
    assert _sum(file, memory) != first


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "\xff"])
def test_a_damaged_memory_is_an_empty_one(text: str, tmp_path: Path) -> None:
    file, memory = _folder(tmp_path, eins="1") / "eins", tmp_path / "m.json"
    memory.write_text(text, "latin-1")
    assert _sum(file, memory).startswith("6b86b273ff34fce1")
    assert _sum(file, memory).startswith("6b86b273ff34fce1")


def test_files_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    folder, memory = _folder(tmp_path / "site", eins="1", zwei="2"), tmp_path / "m.json"
    _sum(folder / "eins", memory)
    _sum(folder / "zwei", memory)
    assert memory.read_text("utf-8").count(":") == 4


# --- Names -----------------------------------------------------------------------------------------


def test_names_sort_by_time_whatever_the_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    moments = [
        dt.datetime(2026, 3, 4, 8, 30, tzinfo=berlin),
        dt.datetime(2026, 3, 4, 7, 30, 1, tzinfo=dt.UTC),
        # The hour that comes twice when summer time ends.
        dt.datetime(2026, 10, 25, 2, 30, tzinfo=berlin),
        dt.datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1),
    ]
    names = [release_id(moment, _DIGEST) for moment in moments]
    assert names[0] == "20260304-073000-1f2e3d4c5b6a"
    assert names == sorted(names)


def test_a_name_is_later_than_all_others() -> None:
    """Also within one second, and when another machine's clock was fast."""
    now = dt.datetime(2026, 3, 4, 7, 0, tzinfo=dt.UTC)
    taken = ["20260304-070000-aaaaaaaaaaaa", "20260304-070000-vorgefunden", "20270101-000000-x"]
    assert release_id(now, _DIGEST, taken) == f"20260304-070001-{_DIGEST}"
    fast = [*taken, "20270101-235959-aaaaaaaaaaaa"]
    assert release_id(now, _DIGEST, fast) == f"20270102-000000-{_DIGEST}"


def test_a_name_says_when_and_what() -> None:
    release = Release(f"20260304-070001-{_DIGEST}")
    assert release.when == dt.datetime(2026, 3, 4, 7, 0, 1, tzinfo=dt.UTC)
    assert release.digest == _DIGEST


def test_only_releases_are_found_newest_first() -> None:
    names = ["20260101-000000-aaaaaaaaaaaa", "20260102-000000-bbbbbbbbbbbb", ".x", "a-vorgefunden"]
    assert find_releases(names, names[0]) == [Release(names[1]), Release(names[0], is_live=True)]


@pytest.mark.parametrize(
    ("live", "wanted", "found"),
    [
        ("c", "", "b"),
        ("b", "", "a"),
        ("", "", "c"),
        ("c", "20260101-000000-aaaaaaaaaaaa", "a"),
        ("c", "aaaa", "a"),
        ("a", "20260103", "c"),
    ],
)
def test_the_release_to_go_back_to(live: str, wanted: str, found: str) -> None:
    ids = {name: f"2026010{day}-000000-{name * 12}" for day, name in enumerate("abc", 1)}
    here = find_releases(ids.values(), ids.get(live))
    assert choose(here, wanted).id == ids[found]
