"""What is costly to make is made once, and again if what was kept is not what was put there."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.incremental.shelf import Shelf


class _Maker:
    """Makes something else each time."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> bytes:
        self.count += 1
        return b"%d" % self.count


def test_a_thing_is_made_once_for_each_key(tmp_path: Path) -> None:
    make = _Maker()
    shelf = Shelf(tmp_path / "ordner")
    assert [shelf.kept(key, make) for key in (b"a", b"b", b"a")] == [b"1", b"2", b"1"]
    assert Shelf(tmp_path / "ordner").kept(b"b", make) == b"2"


@pytest.mark.parametrize("damage", [b"", b"x", b"y" * 40])
def test_what_is_damaged_is_made_again(tmp_path: Path, damage: bytes) -> None:
    make = _Maker()
    shelf = Shelf(tmp_path)
    shelf.kept(b"a", make)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert shelf.kept(b"a", make) == shelf.kept(b"a", make) == b"2"


def test_without_a_place_everything_is_made_each_time(tmp_path: Path) -> None:
    make = _Maker()
    (tmp_path / "datei").write_text("eine Datei")
    shelf = Shelf(tmp_path / "datei")
    assert [shelf.kept(b"a", make) for _ in range(2)] == [b"1", b"2"]
    shelf.forget_oldest(1)


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    make = _Maker()
    shelf = Shelf(tmp_path)
    for number in range(4):
        shelf.kept(b"%d" % number, make)
    shelf.forget_oldest(2)
    assert len(list(tmp_path.iterdir())) == 2
