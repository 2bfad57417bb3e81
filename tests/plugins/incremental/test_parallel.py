"""Work on all cores gives what work on one core gives, whatever happens to the processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from plugins.incremental.parallel import each
from plugins.source.problem import Problem, SourceError

MANY = 200


def _square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def test_each_item_comes_once_with_its_result() -> None:
    results = list(each(_square, range(MANY), at_least=1))
    assert sorted((item, square) for item, (square, _) in results) == [
        (number, number * number) for number in range(MANY)
    ]


def test_many_items_are_done_in_other_processes() -> None:
    done_by = {pid for _, (_, pid) in each(_square, range(MANY), at_least=1)}
    assert os.getpid() not in done_by
    assert len(done_by) >= 1


@pytest.mark.parametrize("items", [2, 31])
def test_even_two_items_are_done_in_other_processes_if_that_pays(items: int) -> None:
    results = list(each(_square, range(items), at_least=2))
    assert sorted((item, square) for item, (square, _) in results) == [
        (number, number * number) for number in range(items)
    ]
    assert os.getpid() not in {pid for _, (_, pid) in results}


@pytest.mark.parametrize(("items", "at_least"), [(0, 1), (1, 1), (31, 32), (MANY, MANY + 1)])
def test_few_items_are_done_here_and_in_order(items: int, at_least: int) -> None:
    results = list(each(_square, range(items), at_least=at_least))
    assert results == [(number, (number * number, os.getpid())) for number in range(items)]


def test_each_process_is_prepared_once(tmp_path: Path) -> None:
    def note() -> None:
        (tmp_path / str(os.getpid())).touch(exist_ok=False)

    done_by = {str(pid) for _, (_, pid) in each(_square, range(MANY), at_least=1, prepare=note)}
    assert done_by <= {path.name for path in tmp_path.iterdir()}


def test_results_may_be_large() -> None:
    """Larger than what fits into a pipe, in both directions of time."""
    sizes = {item: len(text) for item, text in each(lambda n: "ü" * 100_000, range(64), at_least=1)}
    assert sizes == dict.fromkeys(range(64), 100_000)


def test_an_exception_is_raised_here() -> None:
    def fail(number: int) -> int:
        if number == 77:
            raise SourceError([Problem("eins.md", "Das geht nicht.", 3)])
        return number

    with pytest.raises(SourceError, match=r"eins\.md:3: Das geht nicht\.") as caught:
        list(each(fail, range(MANY), at_least=1))
    assert caught.value.problems == (Problem("eins.md", "Das geht nicht.", 3),)


class _AwkwardError(Exception):
    """Cannot be sent from one process to another."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} {other}")


def test_an_exception_that_cannot_be_sent_is_told() -> None:
    def fail(number: int) -> int:
        raise _AwkwardError("So", "nicht")

    with pytest.raises(RuntimeError, match="_AwkwardError: So nicht"):
        list(each(fail, range(MANY), at_least=1))


def test_who_stops_listening_leaves_no_process_behind() -> None:
    results = each(_square, range(MANY), at_least=1)
    _, (_, pid) = next(results)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def _killing(marker: Path, times: int) -> list[tuple[int, int]]:
    """Return all results where the processes of the first *times* batches are killed at work."""
    here = os.getpid()

    def work(number: int) -> tuple[int, int]:
        if os.getpid() != here and number % 16 == 5 and len(list(marker.iterdir())) < times:
            (marker / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * 2, os.getpid()

    return [(item, double) for item, (double, _) in each(work, range(MANY), at_least=1)]


@pytest.mark.parametrize("times", [1, 2, 50])
def test_a_killed_process_loses_nothing(tmp_path: Path, times: int) -> None:
    """One, all of them: what they had, and what nobody had taken yet, is done here."""
    assert sorted(_killing(tmp_path, times)) == [(number, number * 2) for number in range(MANY)]
    assert any(tmp_path.iterdir())


def test_a_process_killed_between_two_batches_loses_nothing() -> None:
    """It is killed when it has sent its results and waits for more."""
    found = []
    for item, (square, pid) in each(_square, range(MANY), at_least=1):
        if not found:
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        found.append((item, square))
    assert sorted(found) == [(number, number * number) for number in range(MANY)]


def test_who_is_killed_takes_its_processes_along(tmp_path: Path) -> None:
    """Otherwise they would go on writing what the next build writes, too."""

    def work(number: int) -> None:
        (tmp_path / str(os.getpid())).touch()
        time.sleep(10)

    child = os.fork()
    if not child:
        list(each(work, range(MANY), at_least=1))
        os._exit(0)
    while not any(tmp_path.iterdir()):
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    workers = [int(path.name) for path in tmp_path.iterdir()]
    for _ in range(500):
        if not any(map(_is_alive, workers)):
            break
        time.sleep(0.01)
    assert [pid for pid in workers if _is_alive(pid)] == []


def _is_alive(pid: int) -> bool:
    """Return whether *pid* does something: one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
