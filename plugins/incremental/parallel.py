"""Work on all cores, by processes that are copies of this one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# A process takes so many items at a time, or as few as give each process this many batches: the last one to
# finish should not keep the others waiting.
_LARGEST_BATCH, _BATCHES = 16, 4


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Return whether copies of this process work: macOS has libraries that do not survive it."""
    return sys.platform == "linux"


def each(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    at_least: int,
    prepare: Callable[[], object] = lambda: None,
) -> Iterator[tuple[Item, Result]]:
    """
    Yield each item with the result of *work*, in any order; *prepare* is called in each new process.

    Fewer than *at_least* items are done here: starting processes costs more. An exception of *work*
    ends everything and is raised here. If a process is killed, its items are done here, too.
    """
    processes = min(cores(), len(items))
    if len(items) < at_least or processes < 2 or not can_fork():
        for item in items:
            yield item, work(item)
        return
    batch = max(1, min(_LARGEST_BATCH, len(items) // (_BATCHES * processes)))
    yield from _Pool(work, items, prepare, processes, batch)


class _Pool:
    """Processes that take batches of items, and send back results."""

    def __init__(
        self,
        work: Callable[[Any], Any],
        items: Sequence[Any],
        prepare: Callable[[], object],
        processes: int,
        batch: int,
    ) -> None:
        self._work = work
        self._items = items
        self._prepare = prepare
        self._fork = multiprocessing.get_context("fork")
        self._parent = os.getpid()
        self._waiting = [
            range(start, min(start + batch, len(items))) for start in range(0, len(items), batch)
        ][::-1]
        self._running: dict[Connection, range] = {}
        self._processes = [self._start() for _ in range(processes)]

    def _start(self) -> Any:
        ours, theirs = self._fork.Pipe()
        # Kept open in a later child, our end would keep this child from noticing that we are gone.
        others = list(self._running)
        process = self._fork.Process(
            target=self._serve, args=(theirs, [ours, *others]), daemon=True
        )
        process.start()
        theirs.close()
        self._give(ours)
        return process

    def _give(self, pipe: Connection) -> None:
        """Send the next batch, or say that there is none."""
        batch = self._waiting.pop() if self._waiting else None
        if batch is not None:
            self._running[pipe] = batch
        else:
            self._running.pop(pipe, None)
        # Who was killed meanwhile takes nothing; that will be noticed when nothing comes back.
        with suppress(BrokenPipeError):
            pipe.send(batch)
        if batch is None:
            pipe.close()

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        try:
            while self._running:
                for pipe in wait(list(self._running)):
                    assert isinstance(pipe, Connection)
                    yield from self._received(pipe)
            # If all were killed.
            while self._waiting:
                yield from self._done_here(self._waiting.pop())
        finally:
            for process in self._processes:
                if self._running:
                    process.terminate()
                process.join()

    def _received(self, pipe: Connection) -> Iterator[tuple[Any, Any]]:
        batch = self._running[pipe]
        try:
            results = pipe.recv()
        except (EOFError, OSError):
            # The process was killed, for its memory perhaps.
            del self._running[pipe]
            yield from self._done_here(batch)
            return
        if isinstance(results, BaseException):
            raise results
        self._give(pipe)
        for number, result in zip(batch, results, strict=True):
            yield self._items[number], result

    def _done_here(self, batch: range) -> Iterator[tuple[Any, Any]]:
        for number in batch:
            yield self._items[number], self._work(self._items[number])

    def _serve(self, pipe: Connection, others: list[Connection]) -> None:
        """Work until there is nothing left, in the child."""
        _die_with(self._parent)
        for other in others:
            other.close()
        self._prepare()
        try:
            while (batch := pipe.recv()) is not None:
                pipe.send([self._work(self._items[number]) for number in batch])
        except (EOFError, KeyboardInterrupt, BrokenPipeError):
            pass
        except BaseException as error:
            pipe.send(_portable(error))
        # What Python does at its end (closing files and databases) is the parent's business.
        os._exit(0)


def _die_with(parent: int) -> None:
    """Have this process killed when *parent* is: it would go on writing what another build writes, too."""
    import ctypes

    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _portable(error: BaseException) -> BaseException:
    """Return *error*, or if that cannot be sent, one that says the same."""
    import pickle

    with suppress(Exception):
        # An exception that takes other arguments than its message may come back as nonsense.
        if str(pickle.loads(pickle.dumps(error))) == str(error):
            return error
    return RuntimeError(f"{type(error).__name__}: {error}")
