"""
Which parts of a text are links, by the rules of twitter-text 3.1.0: X and Mastodon count by them.

A link is an address with or without https://, whose domain ends in a real top-level domain:
„Ende.Am Anfang“ has one (.am is Armenia), „mittwochspost.example“ is none. Sources: the
conformance suite and the documentation of https://github.com/twitter/twitter-text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from social.tlds import TLDS

_NO_DOMAIN = (
    r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"  # signs
    r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"  # spaces
    r"\uFFFE\uFEFF\uFFFF"  # no characters at all
)
_DIRECTIONS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_LETTERS = rf"[^{_NO_DOMAIN}{_DIRECTIONS}]"
_ACCENTS = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268"
    r"\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
# No real domain has more; without limits, a long line without spaces would take quadratic time.
_MAX_RUN = 500
_MAX_LABELS = 30
# Labels and their dots; only the last label before the top-level domain must be without „_“.
_LABELS = (
    rf"(?:(?={_LETTERS})(?:[_\-]|{_LETTERS}){{1,{_MAX_RUN}}}+(?<={_LETTERS})\.){{1,{_MAX_LABELS}}}+"
)
_START = regex.compile(
    rf"(?P<before>[^A-Za-z0-9@＠$#＃\uFFFE\uFEFF\uFFFF]|[{_DIRECTIONS}]|\A)"
    rf"(?P<protocol>https?://)?(?P<labels>{_LABELS})",
    regex.IGNORECASE,
)
_PATH = rf"[a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTS}]"
_PATH_END = rf"[+\-a-z\u0400-\u04FF0-9=_#/{_ACCENTS}]"
# As in /wiki/Primer_(film); one level may be nested.
_BRACKETS = rf"\((?:{_PATH}++|{_PATH}*+\({_PATH}++\){_PATH}*+)\)"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_REST = regex.compile(
    rf"""
    (?::[0-9]+)?
    (?P<path>/(?:(?:{_PATH}|{_BRACKETS})*{_PATH_END})?(?:{_BRACKETS})*)?
    (?:{_QUERY})?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_PUNYCODE = regex.compile(r"xn--[\-0-9a-z]+", regex.IGNORECASE)
_TLDS = frozenset(TLDS)
_GOES_ON = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@+-")
_MAX_TLD = max(map(len, TLDS))
_ASCII_LABELS = regex.compile(rf"(?:[\-a-z0-9{_ACCENTS}]++\.)+", regex.IGNORECASE)
# X shortens its own short links no further: what follows the code is text.
_SHORT_LINK = regex.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY})?", regex.IGNORECASE)
_MAX_SHORT_CODE = 40
_MAX_URL = 4096
_MAX_LABEL = 63


@dataclass(frozen=True)
class Link:
    """text[start:end] is a link."""

    start: int
    end: int


@dataclass(frozen=True)
class _Address:
    """What may be a link, and where it and its domain are; *before* is the character before it."""

    before: str
    has_protocol: bool
    start: int
    domain: int
    domain_end: int
    end: int
    has_path: bool


def links(text: str, are_bare_known: bool = True) -> list[Link]:
    """Return the links of *text* in order; *are_bare_known*: without https://, too, as on X."""
    tops = _tops(text)
    if not tops:
        return []
    found: list[Link] = []
    for address in _addresses(text, tops):
        if not _is_valid(text, address):
            continue
        if address.has_protocol:
            found += _with_protocol(text, address)
        elif are_bare_known and not address.before.endswith(("-", "_", ".", "/")):
            found += _bare(text, address, tops)
    return found


def _tops(text: str) -> dict[int, int]:
    """Return where the top-level domain behind each dot ends, for the dots that have one, in order."""
    return {
        found.start(): end
        for found in regex.finditer(r"\.", text)
        if (end := _top_end(text, found.end()))
    }


def _top_end(text: str, start: int) -> int | None:
    if not text[start : start + 1].isalpha():
        return None
    for end in range(min(start + _MAX_TLD, len(text)), start, -1):
        if text[start:end].lower() in _TLDS and text[end : end + 1] not in _GOES_ON:
            return end
    encoded = _PUNYCODE.match(text, start)
    return encoded.end() if encoded else None


def _addresses(text: str, tops: dict[int, int]) -> Iterator[_Address]:
    dots = list(tops)
    position = 0
    while match := _START.search(text, position):
        position = match.start() + 1
        start, end = match.span("labels")
        dot = _last_top(text, dots, start, end)
        if dot is None:
            continue
        rest = _REST.match(text, tops[dot])
        assert rest is not None  # all of it is optional
        yield _Address(
            match["before"],
            bool(match["protocol"]),
            match.end("before"),
            start,
            tops[dot],
            rest.end(),
            bool(rest["path"]),
        )
        position = rest.end()


def _last_top(text: str, dots: list[int], start: int, end: int) -> int | None:
    """Return the last of *dots* between *start* and *end* with a name before it."""
    for index in range(bisect_left(dots, end) - 1, -1, -1):
        if dots[index] < start:
            return None
        name = text[max(start, text.rfind(".", start, dots[index]) + 1) : dots[index]]
        if "_" not in name:
            return dots[index]
    return None


def _is_valid(text: str, address: _Address) -> bool:
    domain = text[address.domain : address.domain_end]
    # What names itself encoded must be.
    if domain.startswith("xn--") and not _ASCII_LABELS.search(domain):
        return False
    protocol = address.domain - address.start or len("https://")
    return protocol + address.end - address.start <= _MAX_URL and all(
        1 <= _encoded_length(label) <= _MAX_LABEL for label in domain.split(".")
    )


def _encoded_length(label: str) -> int:
    """Return the length of a part of a domain as the internet's name servers see it."""
    parts = regex.split("[。．｡]", label)
    encoded = [
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}" for part in parts
    ]
    return len(".".join(encoded))


def _with_protocol(text: str, address: _Address) -> list[Link]:
    short = _SHORT_LINK.match(text, address.start, address.end)
    if short is None:
        return [Link(address.start, address.end)]
    return [Link(address.start, short.end())] if len(short[1]) <= _MAX_SHORT_CODE else []


def _bare(text: str, address: _Address, tops: dict[int, int]) -> list[Link]:
    """Return the Latin domains in what may be a sentence without spaces; the last has the path."""
    dots = list(tops)
    found: list[Link] = []
    position = address.domain
    while match := _ASCII_LABELS.search(text, position, address.domain_end):
        position = match.end()
        dot = _last_top(text, dots, *match.span())
        if dot is not None and tops[dot] <= address.domain_end:
            found.append(Link(match.start(), tops[dot]))
            position = tops[dot]
    if found and address.has_path:
        found[-1] = Link(found[-1].start, address.end)
    return found
