"""What comments cost a build: the same site with and without them, built in five ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench.build.corpus import write_comments, write_content
from bench.build.measure import Sample
from bench.build.model import comments_on, make
from bench.build.workshop import Workshop
from publishing.console import say

TIPS = 104
COLD, CLEAN, SETTING, TEMPLATE, UNCHANGED = (
    *("full, without any cache", "full, --clean", "full, another setting"),
    *("full, another template", "unchanged"),
)


@dataclass(frozen=True)
class Baked:
    """The medians of one kind of build, in seconds: without comments, and with them."""

    kind: str
    without: Sample
    with_all: Sample


def measure(folder: Path, posts: int, comments: int, rounds: int) -> list[Baked]:
    """Return what builds of so many *posts* take, without comments and with so many *comments*."""
    shops = {count: _Shop(folder / str(count), posts, count) for count in (0, comments)}
    found: dict[str, dict[int, list[Sample]]] = {
        kind: {count: [] for count in shops} for kind in _Shop.KINDS
    }
    for number in range(1, rounds + 1):
        for kind, build in _Shop.KINDS.items():
            for count, shop in shops.items():
                sample = build(shop)
                found[kind][count].append(sample)
                say(f"  {number}. {kind}, {count}: {sample.wall_s:.1f} s ({sample.cpu_s:.1f} CPU)")
    return [Baked(kind, *map(_median, samples.values())) for kind, samples in found.items()]


def _median(samples: list[Sample]) -> Sample:
    return Sample(
        median(sample.wall_s for sample in samples),
        median(sample.cpu_s for sample in samples),
        median(sample.peak_mib for sample in samples),
    )


class _Shop:
    """Our program with a site of its own, of which only the comments differ."""

    def __init__(self, folder: Path, posts: int, comments: int) -> None:
        site = make(posts, TIPS, 1)
        rng = random.Random("comments")
        site = replace(site, comments=comments_on(site.posts, comments, rng))
        self._shop = Workshop(folder)
        self._changes = 0
        write_content(self._shop.content, site)
        write_comments(self._shop.data, site)

    def cold(self) -> Sample:
        """Build from nothing."""
        self._shop.forget()
        return self._shop.build()

    def clean(self) -> Sample:
        """Build as an author does who trusts nothing of the last build."""
        return self._shop.build("--clean")

    def another_setting(self) -> Sample:
        """Build with a setting that was not there: nothing of the last build counts."""
        self._change(self._shop.settings, "\nBENCH = {}\n")
        return self._shop.build()

    def another_template(self) -> Sample:
        """Build with another template of all pages."""
        template = self._shop.folder / "theme" / "templates" / "base.html"
        self._change(template, "<!-- {} -->\n")
        return self._shop.build()

    def unchanged(self) -> Sample:
        """Build what is built."""
        return self._shop.build()

    def _change(self, path: Path, line: str) -> None:
        self._changes += 1
        path.write_text(path.read_text("utf-8") + line.format(self._changes), "utf-8")

    #: In this order each build finds what it needs.
    KINDS: dict[str, Callable[[_Shop], Sample]] = {
        COLD: cold,
        CLEAN: clean,
        SETTING: another_setting,
        TEMPLATE: another_template,
        UNCHANGED: unchanged,
    }
