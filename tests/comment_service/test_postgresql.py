"""PostgreSQL: the tests of the service pass there too, and `test_load` kills it there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.comment_service import postgres

PROJECT = Path(__file__).resolve().parents[2]
#: What reaches for the database in ways of its own: locks, transactions, upserts, deltas, dumps.
FILES = (
    *("test_concurrency.py", "test_export.py", "test_archive.py", "test_limits.py"),
    *("test_person.py", "test_mail.py"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.server(is_durable=False) as running:
        yield running


def test_the_same_tests_pass_on_postgresql(server: postgres.Server) -> None:
    folder = Path(__file__).parent
    # Without this one, which would make Django start before our conftest.
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FILES],
        cwd=folder,
        env=inherited | {"COMMENTS_TEST_DATABASE_URL": server.url},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout
