"""What the author saved, in batches that have come to rest."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from watchfiles import Change, awatch

from plugins.source.problem import AuthorError

#: Milliseconds. Half of it is what a saved file waits on average, twice; it costs 0.5 % of a core.
STEP_MS = 10
#: Settings and comments may wait a little longer.
SLOW_STEP_MS = 50
#: A batch of several files is complete when no more came for so long …
REST_S = 0.1
#: … or when so much time has passed.
PATIENCE_S = 3.0
#: The system drops notices when very many come at once: beyond this, any file may have changed.
MANY = 2000

# Hidden files and folders, and what editors write beside the file that they save.
_BESIDE = re.compile(r"\..*|.*~|#.*#|4913|__pycache__|.*\.(?:pyc|tmp|neu|swp|swx|bak|orig)")


class WatchError(AuthorError):
    """Folders cannot be watched; the message is German."""


def is_beside(path: Path, folder: Path) -> bool:
    """Say whether *path* in *folder* is what an editor keeps for itself, and no source."""
    return any(_BESIDE.fullmatch(part) for part in path.relative_to(folder).parts)


class Changes:
    """
    The paths that were saved in the watched sources since they were last taken.

    A source is a folder, with all that is in it, or a file. Files need not exist yet; both may be
    replaced by renaming.
    """

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._news = asyncio.Event()
        self._sources: frozenset[Path] = frozenset()
        self._watches: list[asyncio.Task[None]] = []
        self._restart: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None

    async def watch(self, sources: Iterable[Path]) -> None:
        """
        Watch *sources*, and no others, from now on.

        Raises:
            WatchError: The system cannot, now (later, `taken` raises it).
        """
        sources = frozenset(map(Path.absolute, sources))
        if sources != self._sources:
            self._sources = sources
            await self._start()

    async def _start(self) -> None:
        """Begin to watch before the old watches end, so that nothing is missed between."""
        old, self._watches = self._watches, []
        folders = {source for source in self._sources if source.is_dir()}
        parents = {source.parent for source in self._sources if source.parent.is_dir()}
        for watch in (self._watch_folders(folders), self._watch_parents(parents, folders)):
            task = asyncio.create_task(watch)
            task.add_done_callback(self._ended)
            self._watches.append(task)
        # The watches exist when the tasks have come to their first wait.
        await asyncio.sleep(0)
        await _cancelled(old)
        self._raise_failure()

    async def _watch_folders(self, folders: Collection[Path]) -> None:
        def is_source(_change: Change, path: str) -> bool:
            return any(
                not is_beside(Path(path), folder)
                for folder in folders
                if Path(path).is_relative_to(folder)
            )

        if folders:
            async for batch in awatch(*folders, watch_filter=is_source, step=STEP_MS):
                self.add(Path(path) for _, path in batch)

    async def _watch_parents(self, parents: Collection[Path], folders: Collection[Path]) -> None:
        """Notice files, and folders that were replaced as a whole."""

        def is_source(_change: Change, path: str) -> bool:
            return Path(path) in self._sources

        if not parents:
            return
        async for batch in awatch(
            *parents, watch_filter=is_source, step=SLOW_STEP_MS, recursive=False
        ):
            self.add(Path(path) for _, path in batch)
            if any(Path(path).is_dir() or Path(path) in folders for _, path in batch):
                self._restart = asyncio.create_task(self._start())

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._failure = error
            self._news.set()

    def _raise_failure(self) -> None:
        if self._failure:
            raise WatchError(
                f"Die Ordner lassen sich nicht beobachten ({self._failure}). Unter Linux hilft oft "
                "ein höherer Wert für fs.inotify.max_user_watches oder max_user_instances."
            ) from self._failure

    def add(self, paths: Iterable[Path]) -> None:
        """Add *paths* to what was saved."""
        self._paths.update(paths)
        if self._paths:
            self._news.set()

    async def taken(self) -> frozenset[Path]:
        """
        Wait until something was saved, and take it; empty if it may have been anything.

        Raises:
            WatchError: The system has stopped watching.
        """
        await self._news.wait()
        if not self._is_one_saved_file():
            await self._rest()
        self._raise_failure()
        taken, self._paths = frozenset(self._paths), set()
        self._news.clear()
        return taken if len(taken) <= MANY else frozenset()

    def _is_one_saved_file(self) -> bool:
        """Anything else may be the first part of more: of a rename, a checkout, a slow save."""
        if len(self._paths) != 1:
            return False
        (path,) = self._paths
        return path.is_file() and path.stat().st_size > 0

    async def _rest(self) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + PATIENCE_S
        while not self._failure and clock() < deadline:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), REST_S)
            except TimeoutError:
                return

    async def end(self) -> None:
        """Stop watching."""
        watches, self._watches = self._watches, []
        await _cancelled(watches)


async def _cancelled(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
