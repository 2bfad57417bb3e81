"""
Download one answer from a server that may be slow, endless or hostile.

urllib's time-out is for each read: a server that sends a byte now and then, be it of the head or of
the body, would hold a build for ever.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
import urllib.request
from functools import partial
from typing import IO, Any

_AT_ONCE = 1 << 16


class TooMuchError(Exception):
    """The answer is longer than it may be."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the token is for the address that was configured, no other."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        url: str,
    ) -> None:
        """Return no request to go on with: the redirect becomes an error."""


def download(
    request: urllib.request.Request, *, silence_s: float, until: float, max_bytes: int
) -> bytes:
    """
    Return the body of the answer; no redirect is followed.

    *silence_s*: how long the server may say nothing; *until*: when all of it must be there, by
    `time.monotonic`.

    Raises:
        OSError: There is no answer, or not in time (TimeoutError); an HTTPError has to be closed.
        HTTPException: It is none that HTTP knows.
        TooMuchError: It is longer than *max_bytes*.
    """
    opener = urllib.request.build_opener(NoRedirect, _Http(until), _Https(until))
    try:
        with opener.open(request, timeout=min(silence_s, _left(until))) as response:
            body: bytes = response.read(max_bytes + 1)
    except OSError as error:
        if isinstance(getattr(error, "reason", error), TimeoutError):
            raise TimeoutError("die Antwort dauert zu lange") from error
        raise
    if len(body) > max_bytes:
        raise TooMuchError
    return body


def _left(until: float) -> float:
    """Return the seconds that are left, if there are any."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timed(io.RawIOBase):
    """The bytes of a connection: each read has the time of one, and all of them only what is left."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until = connection, until
        self._silence_s = connection.gettimeout() or 0.0
        # Keeps the connection open until this is closed, whoever else closes it.
        self._file = connection.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there into *buffer*; return how many bytes."""
        self._connection.settimeout(min(self._silence_s, _left(self._until)))
        return self._file.readinto(buffer)

    def close(self) -> None:
        """Let go of the connection."""
        self._file.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer that has to be there by a certain time."""

    def __init__(self, connection: socket.socket, *args: Any, until: float, **kwargs: Any) -> None:
        super().__init__(connection, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Timed(connection, until), _AT_ONCE)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_connected, http.client.HTTPConnection, self._until), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_connected, http.client.HTTPSConnection, self._until), req)


def _connected(
    kind: type[http.client.HTTPConnection], until: float, host: str, **options: Any
) -> http.client.HTTPConnection:
    connection = kind(host, **options)
    connection.response_class = partial(_Response, until=until)  # type: ignore[assignment]
    return connection
