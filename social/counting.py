"""
How long a text is, by each network's own rule.

Sources: X: twitter-text 3.1.0 with its configuration v3 (weights, links 23, emoji 2, after NFC).
Bluesky: the lexicon of app.bsky.feed.post (300 graphemes, 3,000 bytes). Mastodon: its status length
validator (graphemes, links 23, of @user@host the user). Threads: the documentation of its API (500
characters, emoji by their UTF-8 bytes). LinkedIn: 3,000 characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import regex

from social.links import Link, links

_LINK_LENGTH = 23
# These ranges weigh 1, all else 2.
_X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
# UTS #51: flags, keycaps, and what joiners, skin tones and tags make one picture.
_PICTURE = r"\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?[\U000E0020-\U000E007F]*+"
_EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F?\u20E3|{_PICTURE}(?:\u200D{_PICTURE})*+"
)
# Emoji only with a variation selector behind them.
_TEXT_SIGNS = frozenset("©®")
_MENTION = regex.compile(
    r"(?<![=/\w])(@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@\w+(?:[.-]+\w+)*", regex.IGNORECASE
)


def graphemes(text: str) -> int:
    """Return the number of characters as a reader sees them."""
    return len(regex.findall(r"\X", text))


def without_links(text: str, found: Iterable[Link]) -> list[str]:
    """Return the parts of *text* between the links, one more than there are links."""
    parts = []
    position = 0
    for link in found:
        parts.append(text[position : link.start])
        position = link.end
    return [*parts, text[position:]]


def x_length(text: str) -> int:
    """Return the weighted length of *text* on X; a link weighs 23, an emoji 2."""
    text = unicodedata.normalize("NFC", text)
    parts = without_links(text, links(text))
    return _LINK_LENGTH * (len(parts) - 1) + sum(map(_x_weight, parts))


def _x_weight(text: str) -> int:
    emoji = [found for found in _EMOJI.findall(text) if found not in _TEXT_SIGNS]
    signs = _EMOJI.sub(lambda found: found[0] if found[0] in _TEXT_SIGNS else "", text)
    return 2 * len(emoji) + sum(
        1 if any(low <= ord(sign) <= high for low, high in _X_LIGHT) else 2 for sign in signs
    )


def bluesky_length(text: str) -> int:
    """Return the number of graphemes of *text*; a link counts as long as it is."""
    return graphemes(text)


def mastodon_length(text: str) -> int:
    """Return the length on Mastodon; a link with https:// counts 23, @user@host the user."""
    parts = without_links(text, links(text, are_bare_known=False))
    return _LINK_LENGTH * (len(parts) - 1) + sum(
        graphemes(_MENTION.sub(r"\1", part)) for part in parts
    )


def threads_length(text: str) -> int:
    """Return the length on Threads; an emoji counts its bytes in UTF-8."""
    emoji = [found for found in _EMOJI.findall(text) if found not in _TEXT_SIGNS]
    return len(text) + sum(len(one.encode()) - len(one) for one in emoji)


def linkedin_length(text: str) -> int:
    """Return the number of UTF-16 units of *text*, in which LinkedIn's form counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class Network:
    """A social network: its limit, how it counts, and how many hashtags help there."""

    name: str
    limit: int
    length: Callable[[str], int]
    max_hashtags: int | None = None

    @property
    def key(self) -> str:
        """The name in settings and files, „mastodon“."""
        return self.name.lower()

    def with_limit(self, limit: int) -> Network:
        """Return the same network, where a server has its own limit."""
        return replace(self, limit=limit)


X = Network("X", 280, x_length)
MASTODON = Network("Mastodon", 500, mastodon_length)
BLUESKY = Network("Bluesky", 300, bluesky_length)
THREADS = Network("Threads", 500, threads_length, max_hashtags=1)
LINKEDIN = Network("LinkedIn", 3000, linkedin_length)
NETWORKS = (X, MASTODON, BLUESKY, THREADS, LINKEDIN)
# A tip fits these; the networks with more room need no rule.
TIP_NETWORKS = (X, BLUESKY, MASTODON)
