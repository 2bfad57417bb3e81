"""The text of a post for each network: everything that fits, and what is left out by a fixed rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from plugins.source.problem import AuthorError
from social.counting import Network


@dataclass(frozen=True)
class Parts:
    """What a post about a tip can say; all texts are typeset, with ordinary spaces."""

    tip: str
    url: str
    headword: str = ""
    wrong: str = ""
    right: str = ""
    #: Without „#“.
    hashtags: tuple[str, ...] = ()

    def paragraphs(self) -> list[str]:
        """Return the paragraphs in their order."""
        pair = f"Nicht so: {self.wrong}\nSondern so: {self.right}" if self.wrong else ""
        hashtags = " ".join(f"#{tag}" for tag in self.hashtags)
        return [part for part in (self.headword, self.tip, pair, self.url, hashtags) if part]


@dataclass(frozen=True)
class Text:
    """A post's text, its length by the network's rule, and what did not fit."""

    network: Network
    text: str
    length: int
    left_out: tuple[str, ...] = ()


def compose(parts: Parts, network: Network) -> Text:
    """
    Return the text for *network*.

    What does not fit is left out whole: the pair, then the hashtags from the last one on, the
    headword, the link. The tip is never cut.

    Raises:
        AuthorError: The tip alone is too long.
    """
    if network.max_hashtags is not None:
        parts = replace(parts, hashtags=parts.hashtags[: network.max_hashtags])
    left_out: list[str] = []
    for shorter, what in _ever_shorter(parts):
        if what:
            left_out.append(what)
        text = "\n\n".join(shorter.paragraphs())
        length = network.length(text)
        if length <= network.limit:
            return Text(network, text, length, tuple(left_out))
    raise AuthorError(
        f"{network.name}: Der Tipp ist allein schon zu lang: {length} von {network.limit} Zeichen."
    )


def _ever_shorter(parts: Parts) -> Iterator[tuple[Parts, str]]:
    """Yield ever less of *parts*, and what was left out last."""
    yield parts, ""
    if parts.wrong:
        parts = replace(parts, wrong="", right="")
        yield parts, "Beispiel"
    while parts.hashtags:
        last = parts.hashtags[-1]
        parts = replace(parts, hashtags=parts.hashtags[:-1])
        yield parts, f"#{last}"
    if parts.headword:
        parts = replace(parts, headword="")
        yield parts, "Stichwort"
    yield replace(parts, url=""), "Link"


def alt_text(parts: Parts) -> str:
    """Return what the share image says, for those who do not see it."""
    title = f"Mittwochstipp „{parts.headword}“:"
    pair = f"Nicht so: {parts.wrong} Sondern so: {parts.right}" if parts.wrong else ""
    return " ".join(part for part in (title, parts.tip, pair) if part)
