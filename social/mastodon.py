"""
An account on a Mastodon server.

Source: https://docs.joinmastodon.org/methods/ (statuses, media, accounts, instance).
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
import uuid
from html import unescape
from urllib.parse import quote

from social.counting import MASTODON, Network
from social.http import Client, RefusedError, UnclearError
from social.ledger import Entry
from social.post import Image, Post

_PAGE = 40
_MAX_PAGES = 10
_MEDIA_TRIES = 20


class Mastodon:
    """A Mastodon account; *token* may read and write statuses and media."""

    def __init__(self, server: str, token: str, network: Network = MASTODON) -> None:
        self.network = network
        self._client = Client("Mastodon", server, headers={"Authorization": f"Bearer {token}"})
        self._account = ""
        self._media: list[str] | None = None

    def connect(self) -> None:
        """Log in, and learn the server's limit."""
        try:
            me = self._client.get("/api/v1/accounts/verify_credentials")
            self._account = str(me["id"])
        except RefusedError as error:
            if error.status not in (401, 403):
                raise
            raise RefusedError(
                "Mastodon: Der Server nimmt das Kennwort nicht an – prüfen Sie die "
                "Umgebungsvariable MASTODON_TOKEN (Rechte: read und write).",
                error.status,
            ) from None
        except (KeyError, TypeError):
            raise _strange_answer() from None
        self.network = self.network.with_limit(min(self.network.limit, self._limit()))

    def _limit(self) -> int:
        try:
            instance = self._client.get("/api/v2/instance")
            return int(instance["configuration"]["statuses"]["max_characters"])
        except (RefusedError, KeyError, TypeError, ValueError):
            return MASTODON.limit  # an older server

    def new_key(self) -> str:
        """Return an Idempotency-Key, which the server remembers for an hour."""
        return str(uuid.uuid4())

    def find(self, url: str, entry: Entry) -> str | None:
        """Return our own post that links to *url*, among the latest and all since *entry*."""
        max_id = ""
        for _ in range(_MAX_PAGES):
            page = self._client.get(
                f"/api/v1/accounts/{quote(self._account)}/statuses"
                f"?limit={_PAGE}&exclude_reblogs=true{max_id}"
            )
            try:
                for status in page:
                    if _links_to(status["content"], url):
                        return str(status["url"])
                if not page or dt.datetime.fromisoformat(page[-1]["created_at"]) < entry.since:
                    return None
                max_id = f"&max_id={quote(str(page[-1]['id']))}"
            except (KeyError, TypeError, ValueError):
                raise _strange_answer() from None
        return None

    def publish(self, post: Post, entry: Entry) -> str:
        """Post; within an hour, the same entry twice is one post."""
        if post.image and self._media is None:
            self._media = [self._upload(post.image, post.alt)]
        status = self._client.post(
            "/api/v1/statuses",
            {
                "status": post.text,
                "language": post.language,
                "visibility": "public",
                "media_ids": self._media or [],
            },
            **{"Idempotency-Key": entry.key},
        )
        try:
            return str(status["url"])
        except (KeyError, TypeError):
            raise _strange_answer() from None

    def _upload(self, image: Image, alt: str) -> str:
        """Upload, wait until the server has worked on the image, and return its id."""
        body, content_type = _form({"description": alt}, image.data)
        answer = self._client.request("POST", "/api/v2/media", body, content_type)
        try:
            media = str(answer.json()["id"])
        except (KeyError, TypeError):
            raise _strange_answer() from None
        for _ in range(_MEDIA_TRIES):
            if answer.status not in (202, 206):
                return media
            time.sleep(0.5)
            answer = self._client.request("GET", f"/api/v1/media/{quote(media)}")
        raise UnclearError(
            "Mastodon: Der Server ist mit dem Bild nicht fertig geworden – versuchen Sie es später "
            "noch einmal."
        )


def _links_to(html: str, url: str) -> bool:
    """Return whether a post's HTML links to exactly *url*; the visible text is shortened."""
    return f'href="{url}"' in unescape(html)


def _form(fields: dict[str, str], png: bytes) -> tuple[bytes, str]:
    """Return a form's body (RFC 7578) with the file „bild.png“, and its content type."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="bild.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), png, f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"


def _strange_answer() -> UnclearError:
    return UnclearError(
        "Mastodon: Die Antwort des Servers ist nicht zu verstehen – stimmt die Adresse in SOCIAL "
        "(pelicanconf.py)?"
    )
