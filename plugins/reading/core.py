"""Which posts belong together, and what a text is divided into."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from selectolax.lexbor import LexborHTMLParser

#: Fixed spaces stay.
_SPACES = re.compile(r"[ \t\n]+")
#: A text with fewer parts can be looked over without a table.
LEAST_HEADINGS = 4
#: How many posts on either side, in time, a tag leads to: also the posts of a large site are compared in a moment.
_REACH = 12
#: What a common category counts, where a tag that two posts share counts 1.
_CATEGORY = 0.2
#: Of equals, a newer post has to be so many times as near: else each new one is named by all around it.
_NEWER = 3


class ReadingError(Exception):
    """A setting cannot be used; *field*, *message* and *remedy* are for the author."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        self.field, self.message, self.remedy = field, message, remedy
        super().__init__(f"{field}: {message} {remedy}")


def outline(html: str) -> list[tuple[str, str]]:
    """Return the headings of the second level that have an address, as (id, text); none if they are few."""
    found = []
    for heading in LexborHTMLParser(html).css("h2[id]"):
        for mark in heading.css("sup"):
            mark.decompose()
        found.append((heading.attributes["id"] or "", _SPACES.sub(" ", heading.text()).strip()))
    return found if len(found) >= LEAST_HEADINGS else []


@dataclass(frozen=True)
class Post:
    """A post: *key* finds it again, *apart* are the keys of those that are not to be named."""

    key: Hashable
    tags: frozenset[str]
    category: str
    apart: frozenset[Hashable]


def related(posts: Sequence[Post], most: int) -> list[list[Hashable]]:
    """
    Return, for each of *posts* (newest first), the keys of at most *most* that share tags with it, the best first.

    A new post is related to few old ones: tags get less worth in steps, and of equals the nearest in time are named. So
    little is written and sent because of it, and old posts do not all lead to the same new ones.
    """
    by_tag: dict[str, list[int]] = {}
    for number, post in enumerate(posts):
        for tag in post.tags:
            by_tag.setdefault(tag, []).append(number)
    places = {tag: {number: place for place, number in enumerate(by_tag[tag])} for tag in by_tag}
    # Two posts share it: 1. From eight: 0.5. From 64: 0.26.
    weights = {tag: log(3) / log(1 + _step(len(numbers))) for tag, numbers in by_tag.items()}
    found = []
    for number, post in enumerate(posts):
        scores: dict[int, float] = {}
        for tag in sorted(post.tags):
            place = places[tag][number]
            for other in by_tag[tag][max(0, place - _REACH) : place + _REACH + 1]:
                scores[other] = scores.get(other, 0) + weights[tag]
        found.append(_best(number, posts, scores, most))
    return found


def _step(count: int) -> int:
    """Return *count*, or, of eight and more, the power of eight that is not above it."""
    return count if count < 8 else 8 ** ((count.bit_length() - 1) // 3)


def _best(
    number: int, posts: Sequence[Post], scores: dict[int, float], most: int
) -> list[Hashable]:
    post = posts[number]

    def rank(other: int) -> tuple[float, int, int]:
        bonus = _CATEGORY if posts[other].category == post.category else 0
        distance = max(other - number, _NEWER * (number - other))
        return -round(scores[other] + bonus, 6), distance, other

    others = (one for one in scores if one != number and posts[one].key not in post.apart)
    return [posts[one].key for one in sorted(others, key=rank)[:most]]


def check(characters: Any, most: Any, links: Any) -> None:
    """
    Check the settings.

    Raises:
        ReadingError: One of them has a mistake.
    """
    if characters is not None and not _is_count(characters):
        raise ReadingError(
            "OUTLINE_CHARACTERS",
            f"„{characters}“ ist keine Zahl von Zeichen.",
            "Zum Beispiel 5000, oder None für keine Inhaltsverzeichnisse.",
        )
    if not _is_count(most):
        raise ReadingError(
            "RELATED_POSTS", f"„{most}“ ist keine Zahl.", "Zum Beispiel 3, oder 0 für keine."
        )
    for link in _pairs(links):
        _check_link(link)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _pairs(links: Any) -> Iterable[Any]:
    return links if isinstance(links, (list, tuple)) else [links]


def _check_link(link: Any) -> None:
    is_pair = isinstance(link, (list, tuple)) and [type(part) for part in link] == [str, str]
    if is_pair and "{url}" in link[1] and link[1].startswith(("https://", "mailto:")):
        return
    raise ReadingError(
        "SHARE_LINKS",
        f"„{link}“ ist kein Link zum Teilen.",
        "Ein Link ist ein Paar aus Name und Adresse. Die Adresse beginnt mit https:// oder mailto: "
        "und enthält {url}, zum Beispiel „mailto:?subject={title}&body={url}“.",
    )
