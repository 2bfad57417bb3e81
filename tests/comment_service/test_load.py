"""Real processes, short: nobody gets another's comment, and kill -9 loses nothing acknowledged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bench import comment_load as load
from tests.comment_service import postgres


def _integrity(running: load.Service) -> list[str]:
    raw = sqlite3.connect(Path(running.folder, "data", "kommentare.sqlite3"))
    try:
        return [row[0] for row in raw.execute("PRAGMA integrity_check")]
    finally:
        raw.close()


def test_on_sqlite_everybody_gets_an_own_comment_and_kills_lose_none() -> None:
    with load.service(processes=2) as running:
        load.check_own(running, 60, 12)
        assert load.survive_kills(running, 2) > 20
        assert _integrity(running) == ["ok"]
        running.run(
            "from comment_service.comments.models import Comment\nComment.objects.all().delete()"
        )
        with pytest.raises(load.LoadError, match="acknowledged comments are lost"):
            load.compare(running, {"kommentar1": "War da"})


def test_on_postgresql_too_when_the_database_crashes_with_it() -> None:
    with postgres.server() as server:

        def crash() -> None:
            server.stop()
            server.start()

        with load.service(processes=2, database=server.url) as running:
            load.check_own(running, 60, 12)
            assert load.survive_kills(running, 2, crash=crash, crash_every=1) > 20
