"""Tell hubs and search engines over HTTP."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from publishing.announce import Announce
from publishing.release import address

_TIMEOUT_S = 15.0
#: IndexNow takes no more at once.
_MOST_PAGES = 10_000
#: What can go wrong on the way.
TROUBLE = (OSError, http.client.HTTPException, ValueError)


def reason(error: BaseException) -> str:
    """Return in a few words why something did not get through."""
    if isinstance(error, urllib.error.HTTPError):
        return f"Status {error.code}"
    return str(getattr(error, "reason", error))


def websub(wanted: Announce, siteurl: str, feeds: list[str]) -> None:
    """Tell the hub which *feeds* have changed."""
    for feed in feeds:
        fields = {
            "hub.mode": "publish",
            "hub.url": f"{siteurl}/{feed}",
            "hub.topic": f"{siteurl}/{feed}",
        }
        post(wanted.websub, urlencode(fields).encode(), "application/x-www-form-urlencoded")


def indexnow(wanted: Announce, siteurl: str, pages: list[str]) -> None:
    """Tell search engines which *pages* have changed."""
    body = {
        "host": urlsplit(siteurl).netloc,
        "key": wanted.indexnow,
        "keyLocation": f"{siteurl}/{wanted.indexnow}.txt",
        "urlList": [f"{siteurl}{address(page)}" for page in pages[:_MOST_PAGES]],
    }
    post(wanted.engine, json.dumps(body).encode(), "application/json; charset=utf-8")


def post(url: str, data: bytes, kind: str) -> None:
    """Send *data* of that media type."""
    with open_(urllib.request.Request(url, data, {"Content-Type": kind})):
        pass


def open_(request: urllib.request.Request) -> Any:
    """Return the answer to a request."""
    request.add_header("User-Agent", "Mittwochspost")
    return urllib.request.urlopen(request, timeout=_TIMEOUT_S)
