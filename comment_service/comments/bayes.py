"""
A small classifier: is a text like those that were spam, or like those that were published?

Naive Bayes over words, neighbouring words and hosts of links. Features are hashed into a fixed
number of counters: what was learned has always the same size and holds no words.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from math import exp, log
from typing import Self

#: Counters for each of the two kinds.
BUCKETS = 1 << 14
#: Before it has seen so many of each kind it has no opinion.
MIN_TEXTS = 10
#: So many features, those that say most, decide: a long text would else be sure of everything.
DECISIVE = 24
#: How much one feature may say; a word seen once is no proof.
MAX_WEIGHT = 3.0

_WORD = re.compile(r"[^\W_]+")
_HOST = re.compile(r"(?:https?://|www\.)([\w.-]+)")
_UINT32 = "I"


def features(text: str) -> set[int]:
    """Return the counters that *text* touches."""
    return {
        int.from_bytes(blake2b(feature.encode("utf-8", "replace"), digest_size=4).digest())
        % BUCKETS
        for feature in _features(text.casefold())
    }


def _features(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    yield from words
    yield from map(" ".join, pairwise(words))
    for host in _HOST.findall(text):
        # The domain and everything above it: spammers change the first part.
        parts = host.strip(".").split(".")
        yield from ("@" + ".".join(parts[i:]) for i in range(len(parts)))


def _zeros() -> array[int]:
    return array(_UINT32, bytes(BUCKETS * array(_UINT32).itemsize))


@dataclass
class Classifier:
    """What was learned: how many texts of each kind, and how many of them touch each counter."""

    texts: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})
    counts: dict[bool, array[int]] = field(
        default_factory=lambda: {False: _zeros(), True: _zeros()}
    )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return what `to_bytes` made; a new one for anything else, such as no bytes at all."""
        values = array(_UINT32)
        if len(data) != (2 * BUCKETS + 2) * values.itemsize:
            return cls()
        values.frombytes(data)
        return cls(
            {False: values[0], True: values[1]},
            {False: values[2 : BUCKETS + 2], True: values[BUCKETS + 2 :]},
        )

    def to_bytes(self) -> bytes:
        """Return all that was learned."""
        totals = array(_UINT32, [self.texts[False], self.texts[True]])
        return (totals + self.counts[False] + self.counts[True]).tobytes()

    def learn(self, text: str, *, is_spam: bool) -> None:
        """Remember *text* as one of that kind."""
        self._add(text, is_spam, 1)

    def unlearn(self, text: str, *, is_spam: bool) -> None:
        """Take back an earlier `learn`: the moderator has thought again."""
        self._add(text, is_spam, -1)

    def _add(self, text: str, is_spam: bool, step: int) -> None:
        self.texts[is_spam] = max(0, self.texts[is_spam] + step)
        counts = self.counts[is_spam]
        for index in features(text):
            counts[index] = max(0, counts[index] + step)

    def spam_probability(self, text: str) -> float:
        """Return from 0 to 1 how likely *text* is spam; 0.5 says nothing."""
        if min(self.texts.values()) < MIN_TEXTS:
            return 0.5
        weights = sorted((self._weight(i) for i in features(text)), key=abs, reverse=True)
        return 1 / (1 + exp(-sum(weights[:DECISIVE])))

    def _weight(self, index: int) -> float:
        """Return the logarithm of how much likelier the feature is in spam."""
        likely = {
            kind: (self.counts[kind][index] + 0.5) / (self.texts[kind] + 1)
            for kind in (False, True)
        }
        seen = self.counts[False][index] + self.counts[True][index]
        # Seen seldom, it says little.
        weight = log(likely[True] / likely[False]) * seen / (seen + 1)
        return max(-MAX_WEIGHT, min(MAX_WEIGHT, weight))
