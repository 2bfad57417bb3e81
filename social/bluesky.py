"""
An account on Bluesky, or on any other server of the AT protocol.

Source: https://docs.bsky.app/docs/api/ and the lexicons com.atproto.* and app.bsky.feed.post.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from urllib.parse import urlencode

from social.counting import BLUESKY, Network
from social.facets import facets
from social.http import Client, RefusedError, UnclearError
from social.ledger import Entry
from social.post import Image, Post

_COLLECTION = "app.bsky.feed.post"
_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
_RECENT = 100


class Bluesky:
    """A Bluesky account; *password* is an app password."""

    def __init__(self, server: str, handle: str, password: str, network: Network = BLUESKY) -> None:
        self.network = network
        self._client = Client("Bluesky", server)
        self._handle = handle
        self._password = password
        self._did = ""

    def connect(self) -> None:
        """Log in."""
        login = {"identifier": self._handle, "password": self._password}
        try:
            session = self._client.post("/xrpc/com.atproto.server.createSession", login)
            self._did = str(session["did"])
            self._client.headers["Authorization"] = f"Bearer {session['accessJwt']}"
        except RefusedError as error:
            if error.status not in (400, 401, 403):
                raise
            raise RefusedError(
                f"Bluesky: Der Server nimmt das Kennwort von „{self._handle}“ nicht an – prüfen Sie "
                "die Umgebungsvariable BLUESKY_PASSWORD (ein App-Passwort) und den Namen in SOCIAL "
                "(pelicanconf.py).",
                error.status,
            ) from None
        except (KeyError, TypeError):
            raise _strange_answer() from None

    def new_key(self) -> str:
        """Return a TID, the key of a record: the same key twice is one post, for ever."""
        return tid(dt.datetime.now(dt.UTC), secrets.randbelow(1024))

    def find(self, url: str, entry: Entry) -> str | None:
        """Return the post sent as *entry*, or our own post that links to *url*, among the latest."""
        if self._has(entry.key):
            return self._address(entry.key)
        page = self._query(
            "com.atproto.repo.listRecords", collection=_COLLECTION, limit=str(_RECENT)
        )
        try:
            for record in page["records"]:
                if url in _addresses(record["value"]):
                    return self._address(record["uri"].rpartition("/")[2])
        except (KeyError, TypeError, AttributeError):
            raise _strange_answer() from None
        return None

    def _has(self, key: str) -> bool:
        try:
            self._query("com.atproto.repo.getRecord", collection=_COLLECTION, rkey=key)
        except RefusedError as error:
            if error.status in (400, 404):
                return False
            raise
        return True

    def publish(self, post: Post, entry: Entry) -> str:
        """Post under the key of *entry*."""
        record = {
            "$type": _COLLECTION,
            "text": post.text,
            "facets": facets(post.text, self._resolve),
            "langs": [post.language],
            "createdAt": entry.since.isoformat().replace("+00:00", "Z"),
            "embed": self._embed(post),
        }
        self._client.post(
            "/xrpc/com.atproto.repo.createRecord",
            {"repo": self._did, "collection": _COLLECTION, "rkey": entry.key, "record": record},
        )
        return self._address(entry.key)

    def _embed(self, post: Post) -> dict[str, Any]:
        """Return the share image or, without one, a card with the link."""
        if post.image is None:
            card = {"uri": post.url, "title": post.title, "description": post.summary}
            return {"$type": "app.bsky.embed.external", "external": card}
        size = {"width": post.image.width_px, "height": post.image.height_px}
        image = {"image": self._upload(post.image), "alt": post.alt, "aspectRatio": size}
        return {"$type": "app.bsky.embed.images", "images": [image]}

    def _upload(self, image: Image) -> Any:
        path = "/xrpc/com.atproto.repo.uploadBlob"
        answer = self._client.request("POST", path, image.data, "image/png")
        try:
            return answer.json()["blob"]
        except (KeyError, TypeError):
            raise _strange_answer() from None

    def _resolve(self, handle: str) -> str | None:
        query = urlencode({"handle": handle.lower()})
        try:
            found = self._client.get(f"/xrpc/com.atproto.identity.resolveHandle?{query}")
            return str(found["did"])
        except (RefusedError, KeyError, TypeError):
            return None

    def _query(self, method: str, **parameters: str) -> Any:
        query = urlencode({"repo": self._did, **parameters})
        return self._client.get(f"/xrpc/{method}?{query}")

    def _address(self, key: str) -> str:
        """Return the post's address; by DID, which stays when the handle changes."""
        return f"https://bsky.app/profile/{self._did}/post/{key}"


def tid(moment: dt.datetime, clock: int) -> str:
    """Return the TID of *moment* (https://atproto.com/specs/tid): 13 letters that sort by time."""
    number = int(moment.timestamp() * 1_000_000) << 10 | clock
    return "".join(_BASE32[number >> shift & 31] for shift in range(60, -1, -5))


def _addresses(record: dict[str, Any]) -> set[str]:
    """Return the links in a post's facets and in its card."""
    found = {
        feature.get("uri")
        for facet in record.get("facets", [])
        for feature in facet.get("features", [])
    }
    return found | {record.get("embed", {}).get("external", {}).get("uri")}


def _strange_answer() -> UnclearError:
    return UnclearError(
        "Bluesky: Die Antwort des Servers ist nicht zu verstehen – stimmt die Adresse in SOCIAL "
        "(pelicanconf.py)?"
    )
