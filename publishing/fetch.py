"""What a site answers, asked as a reader's browser would."""

from __future__ import annotations

import gzip
import http.client
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Answer:
    """What the site answered; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def attempt(get: Callable[[str], Answer], url: str) -> Answer | str:
    """Return what *get* fetches or, in German as far as we know it, why it does not."""
    try:
        return get(url)
    # EOFError and zlib's: what was sent as gzip is none, or not all of it.
    except (OSError, http.client.HTTPException, ValueError, EOFError, zlib.error) as error:
        reason = getattr(error, "reason", "") or error
        if isinstance(reason, TimeoutError):
            return "keine Antwort"
        return str(reason) or type(error).__name__


def fetch(url: str) -> Answer:
    """Return what *url* answers, as the file that it was."""
    headers = {
        "User-Agent": "Mittwochspost",
        "Accept-Encoding": "gzip",
        "Cache-Control": "no-cache",
    }
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
            return _answer(response, response.status)
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error, error.code)


def _answer(response: Any, status: int) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = response.read()
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(status, headers, body)
