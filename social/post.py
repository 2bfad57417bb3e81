"""What is sent, and what a network's account must be able to do."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from plugins.source.problem import AuthorError, shown_path
from social.counting import Network
from social.ledger import Entry


@dataclass(frozen=True)
class Image:
    """A PNG with its size in pixels."""

    data: bytes
    width_px: int
    height_px: int


def read_image(path: Path) -> Image:
    """
    Return the PNG at *path*.

    Raises:
        AuthorError: There is none.
    """
    if not path.is_file():
        raise AuthorError(f"{shown_path(path)}: Das Bild gibt es nicht – prüfen Sie --image.")
    return png(path.read_bytes(), shown_path(path))


def png(data: bytes, source: str) -> Image:
    """
    Return the PNG *data*, which is from *source*.

    Raises:
        AuthorError: It is none.
    """
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) < 24:
        raise AuthorError(f"{source}: Das Bild ist kein PNG – speichern Sie es als PNG.")
    width, height = struct.unpack(">II", data[16:24])
    return Image(data, width, height)


@dataclass(frozen=True)
class Post:
    """A post about the tip at *url*."""

    text: str
    url: str
    title: str
    summary: str
    language: str = "de"
    image: Image | None = None
    alt: str = ""


class Account(Protocol):
    """The author's account on a network."""

    network: Network

    def connect(self) -> None:
        """
        Log in; afterwards *network* has the limit of this very server.

        Raises:
            AuthorError: The password is wrong, or the server does not answer.
        """

    def new_key(self) -> str:
        """Return a key under which a post can be sent again without becoming two."""

    def find(self, url: str, entry: Entry) -> str | None:
        """Return the address of our own post with the link *url*, or of the one sent as *entry*."""

    def publish(self, post: Post, entry: Entry) -> str:
        """Post, and return the post's address."""
