"""The output folder holds what the build wrote, whole, and nothing else, whatever was there before."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.incremental.output import Output

SITE = {"index.html": b"Start", "blog/eins/index.html": b"Eins", "blog/zwei/index.html": b"Zwei"}


class Folder:
    """An output folder with the memory that a cache gives it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, object] = {}
        self.folders: dict[str, int] = {}

    def begin(self) -> Output:
        """Begin a build."""
        return Output(str(self.path), self.files, self.folders)  # type: ignore[arg-type]

    def build(self, site: dict[str, bytes], kept: tuple[str, ...] = ()) -> Output:
        """Write *site*, and remember it."""
        output = self.begin()
        for name, data in site.items():
            output.write(name, data)
        self.folders = output.clean(kept)
        self.files = dict(output.files)
        return output

    def forget(self) -> None:
        """Lose the memory, as with `--clean`."""
        self.files, self.folders = {}, {}

    def tree(self) -> dict[str, bytes | str | None]:
        """Return files, folders (None) and links (what they lead to)."""
        return {
            path.relative_to(self.path).as_posix(): (
                str(path.readlink())
                if path.is_symlink()
                else None
                if path.is_dir()
                else path.read_bytes()
            )
            for path in self.path.rglob("*")
        }


def _tree(site: dict[str, bytes]) -> dict[str, bytes | None]:
    folders = {
        str(parent): None for name in site for parent in Path(name).parents if str(parent) != "."
    }
    return {**folders, **site}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder into which SITE was built."""
    built = Folder(tmp_path / "output")
    built.build(SITE)
    return built


def test_a_site_is_written(folder: Folder) -> None:
    assert folder.tree() == _tree(SITE)


def test_what_is_the_same_is_left_alone(folder: Folder) -> None:
    before = {name: (folder.path / name).stat() for name in SITE}
    folder.build(SITE | {"index.html": b"Neu"})
    after = {name: (folder.path / name).stat() for name in SITE}
    changed = {n for n in SITE if before[n].st_mtime_ns != after[n].st_mtime_ns}
    assert changed == {"index.html"}
    assert {n for n in SITE if before[n].st_ino != after[n].st_ino} == changed


def test_a_build_says_what_it_wrote_and_what_is_gone(folder: Folder) -> None:
    output = folder.begin()
    output.write("index.html", b"Neu")
    output.write("neu.html", b"Neu")
    known = output.intact("blog/eins/index.html")
    assert known is not None
    output.leave("blog/eins/index.html", known)
    assert output.written == {"index.html", "neu.html"}
    assert output.gone == {"blog/zwei/index.html"}


def test_nothing_is_intact_for_who_remembers_nothing(folder: Folder) -> None:
    folder.forget()
    assert folder.begin().intact("index.html") is None


# -- What others do ---------------------------------------------------------------------------------


def _delete(path: Path) -> None:
    path.unlink()


def _scribble(path: Path) -> None:
    # Not in the very moment in which it was written: the clock of file systems ticks slowly.
    time.sleep(0.02)
    path.write_bytes(b"Xtart")


def _scribble_in_secret(path: Path) -> None:
    """Same length, same time, but by a program that writes a new file and renames it."""
    before = path.stat().st_mtime_ns
    new = path.with_suffix(".neu")
    new.write_bytes(b"Xtart")
    os.utime(new, ns=(before, before))
    new.replace(path)


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".alt"))
    path.symlink_to(path.with_suffix(".alt"))


def _link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("gibt-es-nicht")


def _put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "fremd").write_text("fremd")


def _put_empty_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _put_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


TOUCHED = (
    *(_delete, _scribble, _scribble_in_secret, _touch, _link, _link_to_nothing),
    *(_put_folder, _put_empty_folder, _put_pipe),
)


@pytest.mark.parametrize("touch", TOUCHED)
@pytest.mark.parametrize("is_remembered", [True, False])
def test_a_file_that_somebody_touched_is_written_again(
    folder: Folder, touch: Callable[[Path], None], is_remembered: bool
) -> None:
    touch(folder.path / "index.html")
    if not is_remembered:
        folder.forget()
    assert folder.begin().intact("index.html") is None
    folder.build(SITE)
    assert folder.tree() == _tree(SITE)


@pytest.mark.parametrize("touch", TOUCHED)
def test_a_file_that_is_gone_is_gone_whatever_somebody_put_there(
    folder: Folder, touch: Callable[[Path], None]
) -> None:
    touch(folder.path / "index.html")
    rest = {name: data for name, data in SITE.items() if name != "index.html"}
    folder.build(rest)
    assert folder.tree() == _tree(rest)


def _put_file_for_folder(path: Path) -> None:
    for name in ("eins/index.html", "zwei/index.html"):
        (path / name).unlink()
        (path / name).parent.rmdir()
    path.rmdir()
    path.write_text("fremd")


def _put_dead_link_for_folder(path: Path) -> None:
    _put_file_for_folder(path)
    path.unlink()
    path.symlink_to("gibt-es-nicht")


@pytest.mark.parametrize("touch", [_put_file_for_folder, _put_dead_link_for_folder])
@pytest.mark.parametrize("is_remembered", [True, False])
@pytest.mark.parametrize("site", [SITE, {"index.html": b"Start"}])
def test_something_else_in_the_place_of_a_folder_is_replaced(
    folder: Folder,
    touch: Callable[[Path], None],
    is_remembered: bool,
    site: dict[str, bytes],
) -> None:
    touch(folder.path / "blog")
    if not is_remembered:
        folder.forget()
    folder.build(site)
    assert folder.tree() == _tree(site)


@pytest.mark.parametrize("is_remembered", [True, False])
@pytest.mark.parametrize("name", ["blog", "blog/eins"])
@pytest.mark.parametrize("site", [SITE, {"index.html": b"Start"}])
def test_a_link_in_the_place_of_a_folder_is_replaced_and_not_followed(
    folder: Folder, tmp_path: Path, name: str, is_remembered: bool, site: dict[str, bytes]
) -> None:
    """What lies elsewhere is somebody's: nothing is written or deleted there."""
    elsewhere = tmp_path / "anderswo"
    (folder.path / name).rename(elsewhere)
    (elsewhere / "meins.txt").write_text("meins")
    (folder.path / name).symlink_to(elsewhere)
    before = {
        p: p.is_file() and (p.stat().st_mtime_ns, p.read_bytes()) for p in elsewhere.rglob("*")
    }
    if not is_remembered:
        folder.forget()
    folder.build(site | {"blog/eins/index.html": b"Anders"} if len(site) > 1 else site)
    assert None in folder.tree().values() or len(site) == 1
    assert not any(path.is_symlink() for path in folder.path.rglob("*"))
    assert {
        p: p.is_file() and (p.stat().st_mtime_ns, p.read_bytes()) for p in elsewhere.rglob("*")
    } == before


def test_the_output_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "platte").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "platte")
    folder = Folder(tmp_path / "output")
    folder.build(SITE)
    folder.build(SITE)
    assert (tmp_path / "output").is_symlink()
    assert folder.tree() == _tree(SITE)


@pytest.mark.parametrize("is_remembered", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        *("fremd.html", ".fremd", ".index.html.neu", "blog/fremd.html", "blog/eins/.neu"),
        *("ordner/a/b.html", "blog/ordner/a.html", "blog/eins/ordner/"),
    ],
)
def test_what_nobody_wrote_is_deleted(folder: Folder, name: str, is_remembered: bool) -> None:
    path = folder.path / name
    (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
    if not name.endswith("/"):
        path.write_text("fremd")
    if not is_remembered:
        folder.forget()
    folder.build(SITE)
    assert folder.tree() == _tree(SITE)


def test_what_is_named_to_be_kept_stays(folder: Folder) -> None:
    """In the folder itself; further down the same name is a stray like others."""
    for name in ("CNAME", "blog/CNAME", ".well-known/security.txt"):
        (folder.path / name).parent.mkdir(exist_ok=True)
        (folder.path / name).write_text("fremd")
    folder.build(SITE, kept=("CNAME", ".well-known"))
    assert folder.tree() == _tree(SITE) | {
        "CNAME": b"fremd",
        ".well-known": None,
        ".well-known/security.txt": b"fremd",
    }


def test_a_stray_that_comes_during_a_build_is_found_by_the_next(folder: Folder) -> None:
    output = folder.begin()
    for name, data in SITE.items():
        output.write(name, data)
    (folder.path / "blog" / "fremd.html").write_text("fremd")
    folder.folders = output.clean()
    folder.files = dict(output.files)
    folder.build(SITE)
    assert folder.tree() == _tree(SITE)


# -- A site that changes ------------------------------------------------------------------------------


def test_files_and_folders_that_are_gone_are_deleted(folder: Folder) -> None:
    rest = {"blog/zwei/index.html": b"Zwei"}
    folder.build(rest)
    assert folder.tree() == _tree(rest)
    folder.build(SITE)
    assert folder.tree() == _tree(SITE)


def test_a_file_becomes_a_folder_and_a_file_again(folder: Folder) -> None:
    with_file = {"index.html": b"Start", "blog": b"Eine Datei"}
    for site in (with_file, SITE, with_file):
        folder.build(site)
        assert folder.tree() == _tree(site)


def test_a_folder_deep_down_becomes_a_file(folder: Folder) -> None:
    deep = {"index.html": b"Start", "blog/eins/a/b/c.html": b"Tief"}
    for site in (deep, {"index.html": b"Start", "blog/eins/a": b"Datei"}, deep):
        folder.build(site)
        assert folder.tree() == _tree(site)


def test_what_a_killed_build_left_is_replaced(folder: Folder) -> None:
    """It had written a page, made a folder for a new one, and begun a third."""
    killed = folder.begin()
    killed.write("index.html", b"Halb fertig")
    killed.write("blog/drei/index.html", b"Drei")
    (folder.path / "blog/eins/.index.html.neu").write_text("Ei")
    (folder.path / "blog/zwei/.index.html.neu").mkdir()
    folder.build(SITE)
    assert folder.tree() == _tree(SITE)


def test_the_name_for_a_file_being_written_may_be_taken(folder: Folder, tmp_path: Path) -> None:
    """By a link: what that leads to is not written to."""
    (tmp_path / "meins").write_text("meins")
    (folder.path / ".index.html.neu").symlink_to(tmp_path / "meins")
    folder.build(SITE | {"index.html": b"Neu"})
    assert (tmp_path / "meins").read_text() == "meins"
    assert folder.tree() == _tree(SITE | {"index.html": b"Neu"})


def test_a_reader_never_sees_half_a_file(folder: Folder) -> None:
    """While a file is written again and again, it is always one of its states."""
    states = {size: bytes([size]) * 200_000 for size in (1, 2)}
    folder.build({"index.html": states[1]})
    seen = set()
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            seen.add((folder.path / "index.html").read_bytes())

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(100):
        folder.build({"index.html": states[number % 2 + 1]})
    is_over.set()
    reader.join()
    assert seen <= set(states.values())
    assert seen
