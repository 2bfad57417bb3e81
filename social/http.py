"""
One request to a network, and how long we try: with the standard library only.

We ask nine addresses. Mastodon.py (9 MB, 0.4 s to import) would spare us a page of `mastodon`, and atproto (73 MB,
2 s, six compiled packages) half of `bluesky`; retries, waits and the reading of errors would still be ours.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, TypeVar
from urllib.parse import urlsplit

from plugins.source.problem import AuthorError

T = TypeVar("T")

USER_AGENT = "Mittwochspost"
#: How long we wait before each further try.
PAUSES_S = (1.0, 4.0)
#: Longer than that the author need not sit and wait.
MAX_PATIENCE_S = 60.0
_TIMEOUT_S = 20.0
_MAX_BYTES = 20_000_000
_LOCAL = ("localhost", "127.0.0.1", "::1")


class RefusedError(AuthorError):
    """The network does not want this; trying again will not help. Nothing was posted."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class UnclearError(AuthorError):
    """No answer, or none that says what happened: it may have been done all the same."""


class ThrottledError(AuthorError):
    """We ask too often; *wait_s* says how long to wait. Nothing was posted."""

    def __init__(self, message: str, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Answer:
    """A network's answer, status 2xx."""

    status: int
    body: bytes
    name: str

    def json(self) -> Any:
        """
        Return the body's value.

        Raises:
            UnclearError: It is no JSON.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise UnclearError(
                f"{self.name}: Die Antwort des Servers ist nicht zu verstehen – stimmt die Adresse "
                "in SOCIAL (pelicanconf.py)?"
            ) from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects would carry the password to another server."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass
class Client:
    """A server of the network *name*; *headers* go with each request."""

    name: str
    server: str
    timeout_s: float = _TIMEOUT_S
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.server)
        if parts.scheme != "https" and parts.hostname not in _LOCAL:
            raise AuthorError(
                f"{self.name}: „{self.server}“ beginnt nicht mit https:// – das Kennwort ginge "
                "unverschlüsselt durchs Netz. Ändern Sie SOCIAL in pelicanconf.py."
            )
        self._opener = urllib.request.build_opener(_NoRedirects)

    def get(self, path: str) -> Any:
        """Return the JSON at *path*."""
        return self.request("GET", path).json()

    def post(self, path: str, value: Any, **headers: str) -> Any:
        """Send *value* as JSON, and return the JSON of the answer."""
        body = json.dumps(value).encode()
        return self.request("POST", path, body, "application/json", headers).json()

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """
        Return the answer.

        Raises:
            RefusedError: Status 3xx or 4xx.
            ThrottledError: Status 429.
            UnclearError: Status 5xx, or no answer in time.
        """
        sent = {"User-Agent": USER_AGENT, "Accept": "application/json", **self.headers}
        if content_type:
            sent["Content-Type"] = content_type
        request = urllib.request.Request(
            self.server.rstrip("/") + path, body, {**sent, **(headers or {})}, method=method
        )
        try:
            with self._opener.open(request, timeout=self.timeout_s) as response:
                return Answer(response.status, response.read(_MAX_BYTES), self.name)
        except urllib.error.HTTPError as error:
            raise self._failure(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(error) from None

    def _failure(self, error: urllib.error.HTTPError) -> AuthorError:
        with error:
            said = _message(error)
        if error.code == 429:
            wait_s = _wait_s(error.headers)
            return ThrottledError(
                f"{self.name} nimmt zurzeit nichts mehr an – versuchen Sie es "
                f"{_after(wait_s)} noch einmal.",
                wait_s,
            )
        if error.code >= 500:
            return UnclearError(
                f"{self.name} hat eine Störung (Status {error.code}) – versuchen Sie es später "
                "noch einmal; doppelt gesendet wird nichts."
            )
        if error.code < 400:
            place = error.headers.get("Location", "")
            return RefusedError(
                f"{self.name}: Der Server verweist auf {place} – tragen Sie die richtige Adresse in "
                "SOCIAL (pelicanconf.py) ein.",
                error.code,
            )
        return RefusedError(f"{self.name} lehnt ab (Status {error.code}): {said}", error.code)

    def _no_answer(self, error: Exception) -> AuthorError:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            return RefusedError(
                f"{self.name}: Der Server {self.server} weist sich nicht aus "
                f"({reason.verify_message}) – gesendet wurde nichts.",
                0,
            )
        if isinstance(reason, TimeoutError):
            told = f"antwortet nicht innerhalb von {self.timeout_s:g} Sekunden"
        else:
            told = f"ist nicht zu erreichen ({reason})"
        return UnclearError(
            f"{self.name}: {self.server} {told} – versuchen Sie es später noch einmal; doppelt "
            "gesendet wird nichts."
        )


def _message(error: urllib.error.HTTPError) -> str:
    """Return what the server says went wrong, as Mastodon and Bluesky put it."""
    try:
        value = json.loads(error.read(100_000))
        return str(value.get("message") or value.get("error") or "keine Begründung")
    except (ValueError, AttributeError, OSError, http.client.HTTPException):
        return "keine Begründung"


def _wait_s(headers: Message) -> float:
    """Return the seconds to wait: Retry-After (RFC 9110), or the time that the networks name."""
    now = dt.datetime.now(dt.UTC)
    try:
        if after := headers.get("Retry-After"):
            if after.strip().isdecimal():
                return float(after)
            return max(0.0, (email.utils.parsedate_to_datetime(after) - now).total_seconds())
        if moment := headers.get("X-RateLimit-Reset"):
            return max(0.0, (dt.datetime.fromisoformat(moment) - now).total_seconds())
        if epoch := headers.get("RateLimit-Reset"):
            return max(0.0, float(epoch) - now.timestamp())
    except (ValueError, TypeError):
        pass
    return 5 * 60.0


def _after(wait_s: float) -> str:
    if wait_s < 90:
        return f"in {max(1, round(wait_s))} Sekunden"
    return f"in {round(wait_s / 60)} Minuten"


def patiently(call: Callable[[], T], sleep: Callable[[float], None] = time.sleep) -> T:
    """
    Return what *call* returns; a disturbance is waited out a few times, a short wait is kept.

    Raises:
        AuthorError: It did not work; the last reason.
    """
    for pause_s in PAUSES_S:
        try:
            return call()
        except ThrottledError as error:
            if error.wait_s > MAX_PATIENCE_S:
                raise
            sleep(error.wait_s)
        except UnclearError:
            sleep(pause_s)
    return call()
