"""A site that was really built, and what each new post changes of it."""

from __future__ import annotations

import gzip
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.build.changes import Desk
from bench.build.corpus import write_site
from bench.build.workshop import Workshop
from publishing.deploy.objects import is_text
from publishing.release import manifest

#: Tips for each thousand posts: two years of them.
_TIPS = 104
#: The kinds of files by how their names begin; the first that fits.
KINDS = (
    ("posts", ("blog/",)),
    ("lists of posts", ("index.html", "archiv/", "themen/", "schlagwort/", "serien/")),
    ("feeds", ("feeds/",)),
    ("lists for machines", ("sitemap.xml",)),
    ("search", ("suche/",)),
    ("other", ("",)),
)
_INDEX = "blog/index.json"


@dataclass(frozen=True)
class NewPosts:
    """
    A site, and one post after the other.

    *first*: A folder with the site before. *changes*: of each post, the files that are new or changed by
    then. *packed*: bytes of the whole site, with text as gzip.
    """

    first: Path
    changes: tuple[Mapping[str, bytes], ...]
    packed: int


def build(folder: Path, posts: int, more: int) -> NewPosts:
    """
    Build an invented blog of so many *posts* in *folder*, and after each of *more* new ones in a new process.

    Raises:
        ValueError: A file is gone; no post should do that.
    """
    shop = Workshop(folder / "werkstatt")
    desk = Desk(shop, write_site(shop.folder, posts, posts * _TIPS // 1000))
    shop.write_settings()
    shop.build()
    first = folder / "gebaut"
    shutil.copytree(shop.output, first)
    # What was written just now could change again unseen; a deployment looks at it twice.
    long_ago = time.time() - 3_600
    for path in first.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    before = manifest(shop.output).files
    changes = []
    for _ in range(more):
        desk.add_post()
        shop.build()
        now = manifest(shop.output).files
        if gone := before.keys() - now.keys():
            raise ValueError(f"{min(gone)} is gone with a new post")
        changed = [path for path, digest in now.items() if before.get(path) != digest]
        changes.append({path: (shop.output / path).read_bytes() for path in changed})
        before = now
    files = ((path, (first / path).read_bytes()) for path in manifest(first).files)
    return NewPosts(first, tuple(changes), packed_bytes(files))


def packed_bytes(files: Iterable[tuple[str, bytes]]) -> int:
    """Return how many bytes files are on the wire, text as gzip."""
    return sum(len(gzip.compress(data)) if is_text(path) else len(data) for path, data in files)


def kind(path: str) -> str:
    """Return the kind of a file."""
    if path == _INDEX:
        return "lists for machines"
    return next(name for name, starts in KINDS if path.startswith(starts))


def table(new: NewPosts) -> list[str]:
    """
    Return the lines of a table: what a new post changes by kind, files, bytes and bytes packed.

    The median of all new posts but the one that changes most, which has columns of its own.
    """
    *usual, most = sorted(new.changes, key=len)
    lines = [
        "| | files | bytes | packed | files, sixteenth | packed |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name in (*(name for name, _ in KINDS), "all"):
        rows = [_row(change, name) for change in usual]
        files, size, packed = (median(row[column] for row in rows) for column in range(3))
        more = _row(most, name)
        lines.append(
            f"| {name} | {files:,.0f} | {size:,.0f} | {packed:,.0f} | {more[0]:,} | {more[2]:,} |"
        )
    return lines


def _row(change: Mapping[str, bytes], name: str) -> tuple[int, int, int]:
    """Return files, bytes, and bytes packed of one kind, or of all."""
    files = [(path, data) for path, data in change.items() if name in ("all", kind(path))]
    return len(files), sum(len(data) for _, data in files), packed_bytes(files)
