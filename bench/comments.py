"""
The comment service under load, killed, and asked for everything.

    python -m bench.comments

- 5,000 readers at once on SQLite (two processes, also of several threads) and PostgreSQL: each answer is
  about her own comment.
- 30 times kill -9 amid 10 writers on each: what was acknowledged is there, and the database is whole.
- Accepted comments a second at 10 and 50 connections, client and service sharing the machine, in a table
  of 100,000; beside Isso.
- The export of 100,000 comments, of a delta, and of nothing new; a site built with them and without.

Needs Debian's package postgresql, and a C compiler for Isso; the server runs in a scratch folder, on loopback, not as root.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import comment_baking, comment_rows, isso
from bench import comment_load as load
from bench.results import machine, write_section
from plugins.source.problem import AuthorError
from publishing.console import say, stages
from tests.comment_service import postgres


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    readers: int = 5000
    kills: int = 30
    writes: int = 2000
    stored: int = 100_000
    #: Of the site that is built with as many comments as are stored.
    posts: int = 2000
    rounds: int = 3


QUICK = Size(readers=200, kills=3, writes=200, stored=2000, posts=60, rounds=1)
CONNECTIONS = (10, 50)
THREADS = 4
GOAL_WRITES_S = {"SQLite": 250, "PostgreSQL": 170}
GOAL_P99_MS, GOAL_EXPORT_MS, GOAL_DELTA_MS = 300, 2000, 50
GOAL_BAKING_S = 3

Row = tuple[str, ...]


class _PostgreSQL:
    """One server; each measurement gets a new database."""

    def __init__(self, server: postgres.Server) -> None:
        self.server = server
        self._number = 0

    def new(self) -> str:
        """Return the address of a new, empty database."""
        self._number += 1
        self.server.execute(f"CREATE DATABASE messung{self._number}")
        return self.server.address_of(f"messung{self._number}")

    def crash(self) -> None:
        """End the server as a power cut would, and start it again."""
        self.server.stop("immediate")
        self.server.start()


def _writes(size: Size, name: str, database: str, processes: int) -> list[Row]:
    """Measure on a table that has grown, with all brakes counting, and none too tight for us."""
    loose = "1000000000"
    with load.service(
        processes=processes,
        database=database,
        COMMENTS_PER_PAGE=loose,
        COMMENTS_PER_NETWORK=loose,
    ) as running:
        running.fill(size.stored)
        texts = [f"{comment_rows.TEXT} Und das ist Nummer {n}." for n in range(size.writes)]
        load.measure_writes(running.port, texts[:100], 10)
        rates = [load.measure_writes(running.port, texts, many) for many in CONNECTIONS]
    return [_row(name, many, rate) for many, rate in zip(CONNECTIONS, rates, strict=True)]


def _peer_writes(size: Size) -> list[Row]:
    """Measure Isso on the same machine, with the same writer, on a table as large."""
    with isso.service(size.stored) as port:
        texts = [f"{comment_rows.TEXT} Und das ist Nummer {n}." for n in range(size.writes)]
        load.measure(port, texts[:100], 10, isso.send)
        rates = [load.measure(port, texts, many, isso.send) for many in CONNECTIONS]
    return [_row(isso.NAME, many, rate) for many, rate in zip(CONNECTIONS, rates, strict=True)]


def _row(name: str, connections: int, rate: load.Rate) -> Row:
    goal = GOAL_WRITES_S.get(name)
    is_met = goal is not None and rate.per_s >= goal and rate.percentile(99) < GOAL_P99_MS
    return (
        f"{name}, {connections} connections",
        f"{rate.per_s:.0f}",
        f"{rate.percentile(50):.0f}",
        f"{rate.percentile(99):.0f}",
        "" if goal is None else _verdict(is_met),
    )


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _bake(size: Size) -> list[Row]:
    """Return what comments cost each kind of build."""
    with tempfile.TemporaryDirectory(prefix="backen-") as folder:
        baked = comment_baking.measure(Path(folder), size.posts, size.stored, size.rounds)
    return [
        (
            one.kind,
            f"{one.without.wall_s:.2f}",
            f"{one.with_all.wall_s:.2f}",
            f"{one.with_all.wall_s - one.without.wall_s:.2f}",
            f"{one.with_all.cpu_s - one.without.cpu_s:.1f}",
            _goal(one.kind, one.with_all.wall_s - one.without.wall_s),
        )
        for one in baked
    ]


def _goal(kind: str, more_s: float) -> str:
    if kind == comment_baking.COLD:
        # Each comment is rendered once; this is the one time.
        return ""
    # Two runs of the same program may differ by a fifth of a second.
    return _verdict(more_s < (0.2 if kind == comment_baking.UNCHANGED else GOAL_BAKING_S))


def _own(size: Size, database: str, threads: int = 1) -> None:
    with load.service(processes=2, threads=threads, database=database) as running:
        load.check_own(running, size.readers, 50)


def _kills_on_sqlite(size: Size) -> int:
    with load.service(processes=2) as running:
        acknowledged = load.survive_kills(running, size.kills)
        raw = sqlite3.connect(Path(running.folder, "data", "kommentare.sqlite3"))
        try:
            found = raw.execute("PRAGMA integrity_check").fetchall()
        finally:
            raw.close()
        if found != [("ok",)]:
            raise load.LoadError(f"the database is damaged: {found[:3]}")
    return acknowledged


def _kills_on_postgresql(size: Size, database: _PostgreSQL) -> int:
    with load.service(processes=2, database=database.new()) as running:
        return load.survive_kills(running, size.kills, crash=database.crash)


def _export(size: Size, name: str, database: str) -> Row:
    """Return the median of five for all comments, a delta of 100, and nothing new."""
    with load.service(database=database) as running:
        running.fill(size.stored)
        times = asyncio.run(_ask_for_export(running.port, size.stored))
    full, delta, unchanged = (sorted(found)[len(found) // 2] for found in times)
    is_met = full < GOAL_EXPORT_MS and delta < GOAL_DELTA_MS
    return (name, f"{full:.0f}", f"{delta:.1f}", f"{unchanged:.1f}", _verdict(is_met))


async def _ask_for_export(port: int, stored: int) -> list[list[float]]:
    connection = load.Connection(port)
    path = "/kommentare/export/?seit="

    async def ask(since: int, **headers: str) -> tuple[float, bytes]:
        begin = time.perf_counter()
        status, head, body = await connection.get(
            f"{path}{since}", Authorization="Bearer geheim", **headers
        )
        if status != (304 if headers else 200) or (since == 0 and body.count(b'"id"') != stored):
            raise load.LoadError(f"export since {since}: {status}")
        return (time.perf_counter() - begin) * 1000, head

    full = [(await ask(0))[0] for _ in range(5)]
    delta = [(await ask(stored - 100))[0] for _ in range(5)]
    _, head = await ask(stored)
    etag = head.lower().partition(b"etag: ")[2].partition(b"\r\n")[0].decode()
    unchanged = [(await ask(stored, If_None_Match=etag))[0] for _ in range(5)]
    return [full, delta, unchanged]


def section(
    size: Size,
    writes: list[Row],
    exports: list[Row],
    baked: list[Row],
    kills: dict[str, int],
) -> str:
    """Return the section of RESULTS.md."""
    counted = ", ".join(f"{count:,} on {name}" for name, count in kills.items())
    lines = [
        "## Comments",
        "",
        "Accepted comments (signed preview → queue), one answer each; SQLite in WAL mode with",
        "synchronous=FULL and one process, PostgreSQL with two; granian, one thread a process;",
        f"{size.writes:,} a run, client on the same cores. In the table are {size.stored:,} comments; the",
        f"filter has learned, the brakes count, readers come from {load.READERS:,} networks through a proxy.",
        f"{isso.NAME}: moderated, brakes on, SQLite as it sets it up, the same server, writer and texts, one",
        "process; it has no preview and no filter.",
        "",
        "| | a second | median ms | p99 ms | goal |",
        "|---|---:|---:|---:|---|",
        *(f"| {' | '.join(row)} |" for row in writes),
        "",
        f"Goals: {GOAL_WRITES_S['SQLite']} a second on SQLite and {GOAL_WRITES_S['PostgreSQL']} on",
        f"PostgreSQL, p99 under {GOAL_P99_MS} ms.",
        "",
        f"Export of {size.stored:,} comments, of the last 100, and of nothing new (If-None-Match):",
        "",
        "| | all, ms | delta, ms | unchanged, ms | goal |",
        "|---|---:|---:|---:|---|",
        *(f"| {' | '.join(row)} |" for row in exports),
        "",
        f"Goals: all under {GOAL_EXPORT_MS} ms, a delta under {GOAL_DELTA_MS} ms.",
        "",
        f"Baking {size.stored:,} comments: builds of {size.posts:,} posts, seconds, median of {size.rounds}; the first",
        "is without any cache, in the others each comment has been rendered before.",
        "",
        "| | without | with | more | more CPU | goal |",
        "|---|---:|---:|---:|---:|---|",
        *(f"| {' | '.join(row)} |" for row in baked),
        "",
        f"Goals: under {GOAL_BAKING_S} s more for a full build, nothing for an unchanged one.",
        "",
        f"{size.readers:,} readers over 50 connections and two processes, on SQLite (with one thread each, and",
        f"with {THREADS}) and on PostgreSQL: every preview, answer and link was about the reader's own",
        "comment, and each is there once.",
        "",
        f"{size.kills} × kill -9 amid 10 writers on each (PostgreSQL itself crashed every third time): all",
        f"acknowledged comments ({counted}) are there; integrity check clean.",
        "",
        f"{machine()}, SQLite {sqlite3.sqlite_version}.",
    ]
    return "\n".join(lines)


def run(quick: bool = False) -> None:
    """
    Measure, print, and write the section; *quick*: little of everything, and print only.

    Raises:
        AuthorError: PostgreSQL is missing, or the service does not do what it must.
    """
    size = QUICK if quick else Size()
    if postgres.program("initdb") is None:
        raise AuthorError("PostgreSQL fehlt – installieren Sie es: apt-get install postgresql")
    try:
        with postgres.server() as server, stages() as stage:
            database = _PostgreSQL(server)
            stage("Schreiben")
            writes = _writes(size, "SQLite", "", 1)
            writes += _writes(size, "PostgreSQL", database.new(), 2)
            writes += _peer_writes(size)
            stage("Ausgeben")
            exports = [
                _export(size, "SQLite", ""),
                _export(size, "PostgreSQL", database.new()),
            ]
            stage("Backen")
            baked = _bake(size)
            stage("Jeder bekommt das Seine")
            _own(size, "")
            _own(size, "", threads=THREADS)
            _own(size, database.new())
            stage("Abstürze")
            kills = {
                "SQLite": _kills_on_sqlite(size),
                "PostgreSQL": _kills_on_postgresql(size, database),
            }
    except load.LoadError as error:
        raise AuthorError(f"Der Kommentardienst besteht die Messung nicht: {error}") from error
    text = section(size, writes, exports, baked, kills)
    say(text)
    if not quick:
        write_section("comments", text)
        say("Die Zahlen stehen in bench/RESULTS.md.", "green")


if __name__ == "__main__":
    run()
