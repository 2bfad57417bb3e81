"""What comments cost a build: the same site with and without them, built in full and again, unchanged."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench.build.corpus import write_comments, write_content
from bench.build.model import comments_on, make
from bench.build.workshop import Workshop
from publishing.console import say

TIPS = 104


@dataclass(frozen=True)
class Baked:
    """Medians, in seconds of the clock: of builds from nothing, and of those with nothing to do."""

    full_s: float
    unchanged_s: float


def measure(folder: Path, posts: int, comments: int, rounds: int) -> dict[int, Baked]:
    """Return what builds of so many *posts* take, by the number of comments: none, and *comments*."""
    shops = {count: _shop(folder / str(count), posts, count) for count in (0, comments)}
    full: dict[int, list[float]] = {count: [] for count in shops}
    unchanged: dict[int, list[float]] = {count: [] for count in shops}
    for number in range(1, rounds + 1):
        for count, shop in shops.items():
            shop.forget()
            full[count].append(shop.build().wall_s)
            unchanged[count].append(shop.build().wall_s)
            say(
                f"  {number}. {count} Kommentare: {full[count][-1]:.1f} s, "
                f"unverändert {unchanged[count][-1]:.2f} s"
            )
    return {count: Baked(median(full[count]), median(unchanged[count])) for count in shops}


def _shop(folder: Path, posts: int, comments: int) -> Workshop:
    """Return our program with a site of its own, of which only the comments differ."""
    site = make(posts, TIPS, 1)
    site = replace(site, comments=comments_on(site.posts, comments, random.Random("comments")))
    shop = Workshop(folder)
    write_content(shop.content, site)
    write_comments(shop.data, site)
    return shop
