"""What the author saved reaches the build: all of it, in batches that have come to rest."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import pytest

from publishing.live import changes as changes_module
from publishing.live.changes import MANY, Changes, is_beside
from tests.publishing.loop import run


def watched(sources: Iterable[Path], work: Callable[[Changes], Awaitable[None]]) -> None:
    """Do *work* while *sources* are watched."""

    async def watching() -> None:
        changes = Changes()
        await changes.watch(sources)
        try:
            async with asyncio.timeout(20):
                await work(changes)
        finally:
            await changes.end()

    run(watching())


async def until(changes: Changes, path: Path) -> set[Path]:
    """Take batches until *path* was in one; return all paths."""
    taken: set[Path] = set()
    while path not in taken:
        taken |= await changes.taken()
    return taken


def replace(path: Path, text: str) -> None:
    """Save as careful editors do: write beside it, then rename."""
    new = path.with_name(f".{path.name}.neu")
    new.write_text(text)
    new.replace(path)


def test_a_saved_file_is_taken_once(tmp_path: Path) -> None:
    async def work(changes: Changes) -> None:
        for text in ("eins", "zwei"):
            (tmp_path / "a.md").write_text(text)
            assert await changes.taken() == {tmp_path / "a.md"}

    watched([tmp_path], work)


def test_a_file_that_is_replaced_by_renaming_is_seen_again_and_again(tmp_path: Path) -> None:
    """A watch on the file itself would end with the first replacement."""
    settings, later = tmp_path / "conf.py", tmp_path / "later.json"
    settings.write_text("a = 1")
    (tmp_path / "other.py").write_text("")

    async def work(changes: Changes) -> None:
        for text in ("a = 2", "a = 3", "a = 4"):
            replace(settings, text)
            assert await changes.taken() == {settings}
        (tmp_path / "other.py").write_text("not watched")
        later.write_text("{}")
        assert await changes.taken() == {later}

    watched([settings, later], work)


def test_many_files_at_once_are_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `git checkout` writes them; none is missing, and the build does not begin in between."""
    monkeypatch.setattr(changes_module, "REST_S", 1.0)
    paths = {tmp_path / f"{number}.md" for number in range(500)}

    async def work(changes: Changes) -> None:
        def checkout() -> None:
            for path in paths:
                path.write_text("text")

        writing = asyncio.create_task(asyncio.to_thread(checkout))
        first = await changes.taken()
        await writing
        assert first == paths

    watched([tmp_path], work)


def test_more_files_than_the_system_reports_surely_may_be_any(tmp_path: Path) -> None:
    async def work(changes: Changes) -> None:
        changes.add(tmp_path / f"{number}.md" for number in range(MANY + 1))
        assert await changes.taken() == frozenset()
        changes.add([tmp_path / "a.md"])
        assert await changes.taken() == {tmp_path / "a.md"}

    watched([tmp_path], work)


def test_what_is_saved_during_a_build_is_taken_after_it(tmp_path: Path) -> None:
    async def work(changes: Changes) -> None:
        (tmp_path / "a.md").write_text("a")
        await changes.taken()
        for name in "bcd":  # while nobody waits
            (tmp_path / f"{name}.md").write_text(name)
        assert await until(changes, tmp_path / "d.md") == {
            tmp_path / f"{name}.md" for name in "bcd"
        }

    watched([tmp_path], work)


def test_an_empty_file_waits_for_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that empties the file first would otherwise show a mistake for a moment."""
    monkeypatch.setattr(changes_module, "REST_S", 1.0)
    path = tmp_path / "a.md"

    async def work(changes: Changes) -> None:
        path.write_text("")
        taking = asyncio.create_task(changes.taken())
        await asyncio.sleep(0.05)
        assert not taking.done()
        path.write_text("text")
        assert await taking == {path}

    watched([tmp_path], work)


def test_deleted_and_new_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a")

    async def work(changes: Changes) -> None:
        (tmp_path / "a.md").unlink()
        assert await changes.taken() == {tmp_path / "a.md"}
        (tmp_path / "neu").mkdir()
        (tmp_path / "neu/b.md").write_text("b")
        taken = await changes.taken()
        assert tmp_path / "neu" in taken  # the file may have been there before its folder's watch
        (tmp_path / "neu/b.md").write_text("c")
        assert tmp_path / "neu/b.md" in await until(changes, tmp_path / "neu/b.md")

    watched([tmp_path], work)


def test_a_folder_that_is_replaced_as_a_whole_is_watched_on(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "a.css").write_text("a")

    async def work(changes: Changes) -> None:
        for name in ("b", "c"):
            shutil.rmtree(theme)
            await changes.taken()
            theme.mkdir()
            await until(changes, theme)
            await asyncio.sleep(0.2)
            (theme / f"{name}.css").write_text(name)
            await until(changes, theme / f"{name}.css")

    watched([theme], work)


def test_other_sources_from_now_on(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()

    async def work(changes: Changes) -> None:
        await changes.watch([new])
        (old / "a.md").write_text("a")
        (new / "b.md").write_text("b")
        assert await changes.taken() == {new / "b.md"}

    watched([old], work)


@pytest.mark.parametrize(
    "name",
    [
        *(
            ".a.md.swp",
            "a.md~",
            "#a.md#",
            ".#a.md",
            "4913",
            ".git/index",
            ".obsidian/workspace.json",
        ),
        *("__pycache__/a.cpython-311.pyc", "unter/.DS_Store", "a.neu", ".goutputstream-X1"),
    ],
)
def test_what_editors_keep_for_themselves_is_no_source(name: str) -> None:
    assert is_beside(Path("/x/content", name), Path("/x/content"))


@pytest.mark.parametrize("name", ["a.md", "unter/2026.yaml", "bilder/a b.svg", "ä#.md", "content"])
def test_sources(name: str) -> None:
    """Only what is inside the folder counts: the whole project may lie in a hidden one."""
    assert not is_beside(Path("/x/.hidden/content", name), Path("/x/.hidden/content"))


def test_an_editor_that_renames_and_keeps_a_backup(tmp_path: Path) -> None:
    """As vim saves: a probe, the old file moved aside, the new one written, the backup deleted."""
    path, backup = tmp_path / "a.md", tmp_path / "a.md~"
    path.write_text("old")

    async def work(changes: Changes) -> None:
        (tmp_path / "4913").touch()
        (tmp_path / "4913").unlink()
        path.rename(backup)
        path.write_text("new")
        os.utime(path)
        backup.unlink()
        assert await changes.taken() == {path}

    watched([tmp_path], work)
