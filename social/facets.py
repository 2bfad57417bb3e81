"""
What is a link, a hashtag or a mention in a post on Bluesky: facets, which count bytes of UTF-8.

Source: https://docs.bsky.app/docs/advanced-guides/post-richtext and the lexicon app.bsky.richtext.facet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import regex

_LINK = regex.compile(r"https?://[^\s<>\"„“”»«]+", regex.IGNORECASE)
_HASHTAG = regex.compile(r"(?<!\S)[#＃](?=\S*[^\d\s\p{P}])\S+")
_MENTION = regex.compile(
    r"(?<![\w.@/-])@((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*[a-z0-9])", regex.IGNORECASE
)
_SENTENCE_END = ".,;:!?'"
_MAX_TAG_GRAPHEMES = 64


def facets(text: str, did: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """
    Return the facets of *text* as Bluesky's records have them, in order.

    *did* returns the permanent id of a handle („name.bsky.social“), or None if nobody has it: then the
    mention stays plain text.
    """
    found: list[tuple[int, int, dict[str, str]]] = []

    def add(start: int, end: int, feature: dict[str, str]) -> None:
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in found):
            found.append((start, end, feature))

    for match in _LINK.finditer(text):
        url = _without_sentence_end(match[0])
        add(match.start(), match.start() + len(url), _feature("link", uri=url))
    for match in _HASHTAG.finditer(text):
        tag = regex.sub(r"\p{P}+$", "", match[0][1:])
        if len(regex.findall(r"\X", tag)) <= _MAX_TAG_GRAPHEMES:
            add(match.start(), match.start() + 1 + len(tag), _feature("tag", tag=tag))
    for match in _MENTION.finditer(text):
        if known := did(match[1]):
            add(match.start(), match.end(), _feature("mention", did=known))
    found.sort(key=lambda facet: facet[0])
    return [
        {
            "index": {"byteStart": _bytes(text[:start]), "byteEnd": _bytes(text[:end])},
            "features": [feature],
        }
        for start, end, feature in found
    ]


def _without_sentence_end(url: str) -> str:
    while url[-1] in _SENTENCE_END or (url[-1] == ")" and "(" not in url):
        url = url[:-1]
    return url


def _feature(kind: str, **value: str) -> dict[str, str]:
    return {"$type": f"app.bsky.richtext.facet#{kind}", **value}


def _bytes(text: str) -> int:
    return len(text.encode())
