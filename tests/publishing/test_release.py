"""A release is complete, named by its time and content, and sorts by time."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.release import Manifest, copy_release, manifest, release_name


def _folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        file = path / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return path


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


def test_names_sort_by_time_whatever_the_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    moments = [
        dt.datetime(2026, 3, 4, 8, 30, tzinfo=berlin),
        dt.datetime(2026, 3, 4, 7, 30, 1, tzinfo=dt.UTC),
        # The hour that comes twice when summer time ends.
        dt.datetime(2026, 10, 25, 2, 30, tzinfo=berlin),
        dt.datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1),
    ]
    names = [release_name(moment, "1f2e3d4c5b6a") for moment in moments]
    assert names[0] == "20260304-073000-1f2e3d4c5b6a"
    assert names == sorted(names)


def test_a_copy_is_complete(tmp_path: Path) -> None:
    output = _folder(tmp_path / "output", index="a", blog__x="b")
    copy_release(output, tmp_path / "neu")
    assert manifest(tmp_path / "neu") == manifest(output)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["neu", "output"]


def test_what_an_interrupted_copy_left_does_not_matter(tmp_path: Path) -> None:
    output = _folder(tmp_path / "output", index="a")
    _folder(tmp_path / ".neu.teil", alt="b")
    copy_release(output, tmp_path / "neu")
    assert manifest(tmp_path / "neu") == manifest(output)


def test_an_interrupted_copy_leaves_no_release(tmp_path: Path) -> None:
    output = _folder(tmp_path / "output", a="a")
    (output / "b").symlink_to("nirgends")
    with pytest.raises(OSError, match="output/b"):
        copy_release(output, tmp_path / "neu")
    assert not (tmp_path / "neu").exists()
