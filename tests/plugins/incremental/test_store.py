"""The cache gives back what was put into it, or nothing at all; it never fails a build."""

from __future__ import annotations

import logging
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from plugins.incremental.store import (
    MEMORY,
    Changes,
    DamagedError,
    File,
    Page,
    Source,
    Store,
)
from tests.site import PROJECT

KEY = b"key"
SOURCES = {
    f"/content/{n}.md": Source((n, 2, 3, 4), 5, b"digest", b"kept", b"card") for n in range(40)
}
TEXTS = {path: (f"state of {path}".encode(), f"<p>{path}</p>" * 30) for path in SOURCES}
PAGES = {
    **{f"blog/{n}/index.html": Page("article.html", ("tip",), b"inputs", b"8") for n in range(40)},
    "index.html": Page("index.html", (), b"", None),
}
OBJECTS = {f"@artikel/{n}.md": (b"kept", (("older", None),)) for n in range(40)}
FACTS = {name: name.encode() * 5 for name in PAGES}
FILES = {name: File(1, 2, 3, b"sha256") for name in PAGES}
FOLDERS = {"": 1, "blog": 2}
MEMO = {bytes([n]) * 16: b"memorised" * n for n in range(40)}


def _filled(path: Path) -> Store:
    store = Store(path, KEY)
    changes = Changes(
        sources=dict(SOURCES),
        texts=dict(TEXTS),
        objects=dict(OBJECTS),
        pages=dict(PAGES),
        facts=dict(FACTS),
        memo=dict(MEMO),
    )
    with store.transaction():
        store.put_read(changes)
        store.put_rendered(changes)
        store.put_files(FILES, FOLDERS)
        store.put_meta(names={"SITENAME": b"1"})
    return store


def _all(store: Store) -> tuple[object, ...]:
    return (
        store.sources(),
        {path: store.text(path) for path in SOURCES},
        store.pages(),
        store.objects(),
        dict(store.facts()),
        store.files(),
        store.meta("folders"),
        store.meta("names"),
        {key: store.memorised(key) for key in MEMO},
    )


EVERYTHING = (*(SOURCES, TEXTS, PAGES, OBJECTS, FACTS, FILES, FOLDERS, {"SITENAME": b"1"}, MEMO),)
NOTHING = (
    *({}, dict.fromkeys(SOURCES), {}, {}, {}, {}, None, None),
    dict.fromkeys(MEMO),
)


def test_a_new_cache_is_empty(tmp_path: Path) -> None:
    assert _all(Store(tmp_path / "neu" / "bau.sqlite", KEY)) == NOTHING


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    _filled(tmp_path / "bau.sqlite").close()
    assert _all(Store(tmp_path / "bau.sqlite", KEY)) == EVERYTHING


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    store = _filled(tmp_path / "bau.sqlite")
    gone = Changes(sources={"/content/1.md": None}, texts={"/content/1.md": None})
    with store.transaction():
        store.put_read(gone)
    assert "/content/1.md" not in store.sources()
    assert store.text("/content/1.md") is None
    assert store.text("/content/2.md") == TEXTS["/content/2.md"]


def test_some_facts_can_be_asked_for(tmp_path: Path) -> None:
    store = _filled(tmp_path / "bau.sqlite")
    asked = ["index.html", "nirgends.html"]
    assert list(store.facts(asked)) == [("index.html", FACTS["index.html"])]


def test_a_cache_with_another_key_is_forgotten(tmp_path: Path) -> None:
    _filled(tmp_path / "bau.sqlite").close()
    assert _all(Store(tmp_path / "bau.sqlite", b"other")) == NOTHING


def test_what_nobody_asks_for_is_forgotten_after_some_builds(tmp_path: Path) -> None:
    store = _filled(tmp_path / "bau.sqlite")
    used, unused = list(MEMO)[:2]
    for _ in range(2 * MEMORY):
        with store.transaction():
            store.put_read(Changes(used_memo={used}))
    assert store.memorised(used) == MEMO[used]
    assert store.memorised(unused) is None


def test_a_transaction_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    store = _filled(tmp_path / "bau.sqlite")
    with pytest.raises(ValueError, match="mittendrin"), store.transaction():  # noqa: PT012
        store.put_rendered(Changes(pages=dict.fromkeys(PAGES)))
        raise ValueError("mittendrin")
    assert _all(store) == EVERYTHING


def test_a_child_process_reads_what_its_parent_has_kept(tmp_path: Path) -> None:
    store = _filled(tmp_path / "bau.sqlite")
    child = os.fork()
    if not child:
        store.after_fork()
        os._exit(0 if _all(store) == EVERYTHING else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert _all(store) == EVERYTHING


def test_looking_into_a_cache_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bau.sqlite"
    assert Store.peek(path, ("names",)) is None
    assert not path.exists()
    _filled(path).close()
    before = path.read_bytes()
    assert Store.peek(path, ("names", "folders")) == [{"SITENAME": b"1"}, FOLDERS]
    assert Store.peek(path, ("names", "nirgends")) is None
    assert path.read_bytes() == before


# -- Damage -----------------------------------------------------------------------------------------


def _right_or_refused(path: Path) -> bool:
    """
    Return whether a cache that was damaged says so or is empty; False if nothing was lost.

    It must not give back anything that was not put into it, and take part in another build.
    """
    try:
        store = Store(path, KEY)
        found = _all(store)
        is_refused = found != EVERYTHING
        for mine, right in zip(found, EVERYTHING, strict=True):
            assert isinstance(right, dict)
            # Nothing, or some of it; but no value that belongs elsewhere.
            assert mine is None or all(v is None or right[k] == v for k, v in mine.items())
        with store.transaction():
            store.put_rendered(Changes(pages={"index.html": PAGES["index.html"]}))
    except DamagedError:
        is_refused = True
        store = Store(path, b"")
        store.forget()
        assert _all(store) == NOTHING
    store.close()
    return is_refused


@pytest.mark.parametrize("seed", range(3))
def test_wrong_bytes_anywhere_are_noticed_or_harmless(tmp_path: Path, seed: int) -> None:
    """In each of the file's regions, one byte or many; what is read is right, or nothing is."""
    _filled(tmp_path / "bau.sqlite").close()
    whole = (tmp_path / "bau.sqlite").read_bytes()
    random = Random(seed)
    refused = 0
    regions = 50
    for region in range(regions):
        data = bytearray(whole)
        first = len(data) * region // regions
        for _ in range(random.choice((1, 1, 8, 200))):
            place = first + random.randrange(len(data) // regions)
            data[place] = random.randrange(256) if random.randrange(2) else data[place] ^ 1
        (tmp_path / "bau.sqlite").write_bytes(data)
        refused += _right_or_refused(tmp_path / "bau.sqlite")
    assert refused > regions // 5


def test_any_byte_of_the_first_page_may_be_wrong(tmp_path: Path) -> None:
    """There the file says what it is, which tables it has, and where."""
    _filled(tmp_path / "bau.sqlite").close()
    whole = (tmp_path / "bau.sqlite").read_bytes()
    for place in (*range(0, 100, 3), *range(100, 4096, 101)):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        (tmp_path / "bau.sqlite").write_bytes(data)
        _right_or_refused(tmp_path / "bau.sqlite")


def test_a_cache_may_end_anywhere(tmp_path: Path) -> None:
    _filled(tmp_path / "bau.sqlite").close()
    whole = (tmp_path / "bau.sqlite").read_bytes()
    ends = [0, 1, 15, 16, 99, 100, *range(512, len(whole), 3001), len(whole) - 1]
    for end in ends:
        (tmp_path / "bau.sqlite").write_bytes(whole[:end])
        assert _right_or_refused(tmp_path / "bau.sqlite")


def test_values_that_changed_places_are_noticed(tmp_path: Path) -> None:
    """Each is whole, but another's: in the same table, and in another one."""
    store = _filled(tmp_path / "bau.sqlite")
    store.close()
    one, other = list(TEXTS)[:2]
    with sqlite3.connect(tmp_path / "bau.sqlite") as database:
        database.execute(
            "UPDATE texts SET value = (SELECT value FROM texts WHERE key = ?) WHERE key = ?",
            (one, other),
        )
        database.execute(
            "UPDATE pages SET value = (SELECT value FROM facts WHERE key = 'index.html') "
            "WHERE key = 'index.html'"
        )
    database.close()
    store = Store(tmp_path / "bau.sqlite", KEY)
    assert store.text(one) == TEXTS[one]
    with pytest.raises(DamagedError):
        store.text(other)
    with pytest.raises(DamagedError):
        store.pages()


def _write_garbage(path: Path) -> None:
    path.write_bytes(Random(1).randbytes(10_000))


def _write_other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE meta (key TEXT, andere INTEGER)")
    database.close()


def _write_same_tables(path: Path) -> None:
    """Those of an earlier version: a value without a seal."""
    with sqlite3.connect(path) as database:
        database.execute("UPDATE meta SET value = ?", (b"\x00\x01\x02\x03\x04\x05",))
    database.close()


def _write_numbers(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE meta SET value = 17")
    database.close()


def _drop_a_table(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE texts")
    database.close()


@pytest.mark.parametrize(
    "write",
    [
        *(_write_garbage, _write_other_database, _write_same_tables, _write_numbers),
        _drop_a_table,
        lambda path: path.write_text("Das ist keine Datenbank.\n" * 100),
        lambda path: path.write_bytes(b"SQLite format 3\0"),
        lambda path: path.write_bytes(b""),
    ],
)
def test_what_somebody_else_wrote_is_replaced(
    tmp_path: Path, write: Callable[[Path], object]
) -> None:
    path = tmp_path / "bau.sqlite"
    _filled(path).close()
    write(path)
    assert _right_or_refused(path)
    assert _all(_filled(path)) == EVERYTHING


def test_what_was_left_beside_a_cache_does_not_come_into_the_new_one(tmp_path: Path) -> None:
    """A journal of another database, and a log of another way of writing."""
    path = tmp_path / "bau.sqlite"
    for name in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + name).write_bytes(Random(name).randbytes(5000))
    store = Store(path, KEY)
    assert _all(store) == NOTHING
    store.close()
    assert _all(_filled(path)) == EVERYTHING


# -- Where nothing can be written ----------------------------------------------------------------------


def _put_folder(path: Path) -> None:
    (path / "darin").mkdir(parents=True)


def _put_file_above(path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.write_text("fremd")


@pytest.mark.parametrize("obstacle", [_put_folder, _put_file_above])
def test_without_a_place_the_cache_lives_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, obstacle: Callable[[Path], None]
) -> None:
    """One warning says so, where, and what helps; this build can use it."""
    path = tmp_path / "cache" / "bau.sqlite"
    obstacle(path)
    store = _filled(path)
    assert _all(store) == EVERYTHING
    store.close()
    (message,) = [record.getMessage() for record in caplog.records]
    assert f"Der Zwischenspeicher {path} lässt sich nicht schreiben (" in message
    assert "Prüfen Sie, ob dort Platz ist und Sie schreiben dürfen." in message
    assert caplog.records[0].levelno == logging.WARNING


def test_a_cache_in_memory_serves_child_processes(tmp_path: Path) -> None:
    _put_folder(tmp_path / "bau.sqlite")
    store = _filled(tmp_path / "bau.sqlite")
    child = os.fork()
    if not child:
        store.after_fork()
        os._exit(0 if _all(store) == EVERYTHING else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@contextmanager
def _full_disk(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond *size* bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_on_a_full_disk_the_cache_stays_as_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bau.sqlite"
    store = _filled(path)
    with _full_disk(path.stat().st_size + 2000):
        for _ in range(2):
            with store.transaction():
                store.put_rendered(Changes(facts={"neu.html": b"x" * 1_000_000}))
    # Once is enough.
    assert len(caplog.records) == 1
    assert "lässt sich nicht schreiben" in caplog.records[0].getMessage()
    assert _all(store) == EVERYTHING
    store.close()
    assert _all(Store(path, KEY)) == EVERYTHING


def test_texts_are_kept_in_the_middle_of_a_build_or_it_is_said_that_they_are_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bau.sqlite"
    store = Store(path, KEY)
    assert store.put_texts(SOURCES, TEXTS)
    with _full_disk(path.stat().st_size + 2000):
        assert not store.put_texts({}, {"neu.md": (b"", "x" * 1_000_000)})
    assert len(caplog.records) == 1
    assert store.put_texts({}, {"neu.md": (b"", "x")})
    store.close()
    kept = Store(path, KEY)
    assert kept.sources() == SOURCES
    assert {path: kept.text(path) for path in SOURCES} == TEXTS
    assert kept.text("neu.md") == (b"", "x")


def test_on_a_full_disk_a_new_cache_lives_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with _full_disk(1000):
        assert _all(_filled(tmp_path / "bau.sqlite")) == EVERYTHING
    assert len(caplog.records) == 1


def test_a_cache_that_another_process_writes_to_is_waited_for_or_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bau.sqlite"
    store = _filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._run("PRAGMA busy_timeout = 10")
    with store.transaction():
        store.put_meta(names={})
    other.execute("ROLLBACK")
    other.close()
    assert "database is locked" in caplog.text
    assert _all(store) == EVERYTHING


_KILLED = """
import sys
from pathlib import Path
from plugins.incremental.store import Changes, Store
store = Store(Path(sys.argv[1]), b"key")
print("bereit", flush=True)
for number in range(1_000_000):
    with store.transaction():
        store.put_rendered(Changes(facts={f"{n}": b"%d" % number * 200 for n in range(300)}))
        store.put_meta(number=number)
"""


def test_a_process_killed_while_it_writes_leaves_one_state_or_the_other(tmp_path: Path) -> None:
    path = tmp_path / "bau.sqlite"
    for delay in (0.01, 0.02, 0.05):
        process = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(path)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(delay)
        process.kill()
        process.communicate()
        store = Store(path, KEY)
        number = store.meta("number")
        facts = set(dict(store.facts()).values())
        store.close()
        assert facts == (set() if number is None else {b"%d" % number * 200})
