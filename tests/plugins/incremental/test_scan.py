"""The scan finds every file that counts, and notices every change that a file system can show."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.incremental import scan

HOUR_NS = 3600 * 10**9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files that count, and others."""
    for name in (
        *("eins.md", "tief/zwei.md", "tief/tiefer/drei.md", "mit leer.md", "ähre.md"),
        *(".hidden", ".git/config", "tief/.swp", "__pycache__/x.pyc", "tief/__pycache__/y.pyc"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def _names(roots: list[Path]) -> set[str]:
    return {Path(path).name for path in scan.files(map(str, roots))}


def test_all_files_but_hidden_ones_are_found(folder: Path) -> None:
    assert _names([folder]) == {"eins.md", "zwei.md", "drei.md", "mit leer.md", "ähre.md"}


def test_a_root_may_be_a_file_or_missing(folder: Path) -> None:
    assert _names([folder / "eins.md", folder / "weg", folder / "tief/tiefer"]) == {
        *("eins.md", "drei.md")
    }
    assert _names([]) == set()


def test_paths_begin_with_their_root(folder: Path) -> None:
    assert set(scan.files([f"{folder}/tief"])) == {
        f"{folder}/tief/zwei.md",
        f"{folder}/tief/tiefer/drei.md",
    }


def test_links_are_followed_and_dead_ones_left_out(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("anderswo")
    (elsewhere / "vier.md").write_text("vier")
    (folder / "verweis").symlink_to(elsewhere)
    (folder / "fuenf.md").symlink_to(elsewhere / "vier.md")
    (folder / "tot.md").symlink_to(elsewhere / "weg.md")
    assert {"vier.md", "fuenf.md"} <= _names([folder])
    assert "tot.md" not in _names([folder])
    before = scan.files([str(folder)])
    (elsewhere / "vier.md").write_text("anders")
    after = scan.files([str(folder)])
    changed = {Path(path).name for path in before if before[path] != after[path]}
    assert changed == {"vier.md", "fuenf.md"}


def test_what_is_no_file_is_left_out(folder: Path) -> None:
    os.mkfifo(folder / "rohr.md")
    assert "rohr.md" not in _names([folder])
    assert scan.stamp(str(folder / "rohr.md")) is None
    assert scan.stamp(str(folder)) is None
    assert scan.stamp(str(folder / "weg")) is None


def _longer(path: Path) -> None:
    path.write_text("länger als zuvor")


def _same_length(path: Path) -> None:
    path.write_text(path.read_text().upper())


def _same_length_and_time(path: Path) -> None:
    before = path.stat().st_mtime_ns
    path.write_text(path.read_text().upper())
    os.utime(path, ns=(before, before))


def _replaced(path: Path) -> None:
    """As many editors save: a new file takes the name of the old one."""
    before = path.stat().st_mtime_ns
    new = path.with_suffix(".neu")
    new.write_text(path.read_text().upper())
    os.utime(new, ns=(before, before))
    new.replace(path)


def _touched(path: Path) -> None:
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize(
    "change", [_longer, _same_length, _same_length_and_time, _replaced, _touched]
)
def test_a_change_changes_the_stamp(folder: Path, change: Callable[[Path], None]) -> None:
    """Unless it comes so soon that the clock has not moved; see the test of racy files."""
    path = folder / "eins.md"
    before = scan.stamp(str(path))
    time.sleep(0.02)
    change(path)
    after = scan.stamp(str(path))
    assert before != after
    assert scan.files([str(folder)])[str(path)] == after


def test_nothing_changes_by_reading(folder: Path) -> None:
    before = scan.files([str(folder)])
    for path in before:
        Path(path).read_bytes()
    assert scan.files([str(folder)]) == before


def test_a_file_just_written_may_be_written_again_unnoticed(folder: Path) -> None:
    """So it is looked into, until it is older than a look at it by more than a tick of the clock."""
    path = folder / "eins.md"
    path.write_text("neu")
    stamp = scan.stamp(str(path))
    assert stamp is not None
    assert scan.is_racy(stamp, time.time_ns())
    assert not scan.is_racy(stamp, time.time_ns() + HOUR_NS)


def test_a_time_that_was_set_does_not_make_a_file_old(folder: Path) -> None:
    """`touch -d yesterday` changes the one time, and leaves the other, which nobody can set."""
    path = folder / "eins.md"
    path.write_text("neu")
    os.utime(path, ns=(0, 0))
    stamp = scan.stamp(str(path))
    assert stamp is not None
    assert scan.is_racy(stamp, time.time_ns())


def test_a_file_from_the_future_is_never_trusted(folder: Path) -> None:
    """A clock that went wrong: its time says nothing."""
    later = time.time_ns() + HOUR_NS
    os.utime(folder / "eins.md", ns=(later, later))
    stamp = scan.stamp(str(folder / "eins.md"))
    assert stamp is not None
    assert scan.is_racy(stamp, time.time_ns())


def test_the_key_of_contents_names_them_all(folder: Path) -> None:
    paths = [str(folder / name) for name in ("eins.md", "tief/zwei.md", "ähre.md")]
    key = scan.contents_key(paths)
    assert scan.contents_key(reversed(paths)) == key
    assert scan.contents_key(paths[:2]) != key
    (folder / "eins.md").write_text("anders")
    changed = scan.contents_key(paths)
    assert changed != key
    (folder / "eins.md").write_text("eins.md")
    assert scan.contents_key(paths) == key


def test_contents_do_not_run_together(folder: Path) -> None:
    """What one file ends with is not what the next begins with."""
    one, other = folder / "a", folder / "b"
    one.write_bytes(b"xy")
    other.write_bytes(b"z")
    before = scan.contents_key([str(one), str(other)])
    one.write_bytes(b"x")
    other.write_bytes(b"yz")
    assert scan.contents_key([str(one), str(other)]) != before
