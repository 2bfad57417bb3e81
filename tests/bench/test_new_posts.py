"""What a new post changes is counted by kinds, and what is rare is told apart."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from bench.new_posts import NewPosts, kind, packed_bytes, table


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("blog/eins/index.html", "posts"),
        ("blog/index.json", "lists for machines"),
        ("index.html", "lists of posts"),
        ("schlagwort/komma/index.html", "lists of posts"),
        ("suche/neueste.json", "search"),
        ("bild.png", "other"),
    ],
)
def test_each_file_has_a_kind(path: str, expected: str) -> None:
    assert kind(path) == expected


def test_text_is_counted_as_it_is_sent() -> None:
    text, picture = b"Satz. " * 100, b"\x89PNG" * 100
    packed = packed_bytes([("a.html", text), ("b.png", picture)])
    assert packed == len(gzip.compress(text)) + len(picture)


def test_the_post_that_changes_most_has_columns_of_its_own() -> None:
    usual = {"blog/a/index.html": b"1234", "suche/neueste.json": b"12"}
    most = {f"suche/woerter/{number}.json": b"1" for number in range(2_000)}
    rows = table(NewPosts(Path(), (usual, most, usual), 0))
    assert rows[2].startswith("| posts | 1 | 4 |")
    assert rows[2].endswith("| 0 | 0 |")
    (search,) = (row for row in rows if row.startswith("| search |"))
    assert search.startswith("| search | 1 | 2 |")
    assert "| 2,000 |" in search
    assert rows[-1].startswith("| all | 2 | 6 |")
