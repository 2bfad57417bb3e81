"""
The site as readers get it, on this machine: files and comment service on one origin.

WhiteNoise serves the folder ``COMMENTS_SITE`` and passes everything else to the comment service. In
production a front server does the same (DESIGN: files, /kommentare/). A preview that keeps up with
the author has one thing more: each page loads a script from /vorschau/. It is put in here, on the
way to the browser, and is in no file of the site.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from asgiref.wsgi import WsgiToAsgi
from whitenoise import WhiteNoise

from comment_service.wsgi import application as comments
from publishing.live import browsers as live
from publishing.live.browsers import Browsers, Receive, Scope, Send

Environ: TypeAlias = dict[str, Any]
Headers: TypeAlias = list[tuple[str, str]]
StartResponse: TypeAlias = Callable[..., Any]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Wsgi: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

SITE = Path(os.environ["COMMENTS_SITE"])
_COMMENTS = "/kommentare/"
_SCRIPTS = Path(__file__).parent / "live" / "browser"
_HTML = ("Content-Type", "text/html; charset=utf-8")
_NO_PAGE = (
    '<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
    "<title>Nicht gefunden</title>\n</head>\n<body>\n<p>Diese Seite gibt es nicht.</p>\n</body>\n</html>\n"
)
# A preview sends each file, whatever a browser may have kept: WhiteNoise tells versions of a file
# apart by size and second, and the author may save twice in one.
_CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
# A page is sent as a whole and as it is, for a script is put in.
_FORMS = {"HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_ACCEPT_ENCODING"}
_STALE = {"content-length", "etag", "last-modified", "cache-control", "accept-ranges"}
_HEAD_END = re.compile(rb"</head>", re.I)


def application(browsers: Browsers | None) -> Asgi:
    """Return the ASGI application: with *browsers*, pages follow what they are told."""
    files = WhiteNoise(
        _comments_or_404,
        root=str(SITE),
        # Each file is looked up at each request, so a new build is seen at once.
        autorefresh=True,
        index_file=True,
        max_age=0,
        # Drafts are no other site's business.
        allow_all_origins=False,
        mimetypes={".xml": "application/atom+xml", ".svg": "image/svg+xml"},
    )
    if browsers is None:
        return _on_asgi(files)
    files.add_files(str(_SCRIPTS), prefix="vorschau/")
    pages = _on_asgi(_with_script(files, browsers))

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await browsers.ready()
            await pages(scope, receive, send)
        elif scope["path"] == live.ADDRESS:
            await browsers.follow(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    return respond


def _comments_or_404(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if environ["PATH_INFO"].startswith(_COMMENTS):
        response: Iterable[bytes] = comments(environ, start_response)
        return response
    page = SITE / "404.html"
    body = page.read_bytes() if page.is_file() else _NO_PAGE.encode()
    start_response("404 Not Found", [_HTML, ("Content-Length", str(len(body)))])
    return [body]


def _on_asgi(site: Wsgi) -> Asgi:
    application: Asgi = WsgiToAsgi(_closing(site))  # type: ignore[no-untyped-call]

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        # asgiref warns of senders that are not made by „async def“, as the server's.
        async def sent(message: MutableMapping[str, Any]) -> None:
            await send(message)

        await application(scope, receive, sent)

    return respond


def _closing(site: Wsgi) -> Wsgi:
    """Close each answer, as WSGI demands and WsgiToAsgi forgets: Django tidies up only then."""

    def respond(environ: Environ, start_response: StartResponse) -> Iterator[bytes]:
        body = site(environ, start_response)
        with _closed(body):
            yield from body

    return respond


@contextmanager
def _closed(body: Iterable[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        if close := getattr(body, "close", None):
            close()


def _with_script(site: Wsgi, browsers: Browsers) -> Wsgi:
    """Put the script into each of the site's pages; the comment service's are left alone."""

    def respond(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(_COMMENTS):
            return site(environ, start_response)
        environ = _without(_CONDITIONS, environ)
        if _is_page(environ["PATH_INFO"]):
            environ = _whole(environ)
        # Before the file is read: then it is at least as new as the number it gets.
        stand = browsers.stand
        answer: list[Any] = []

        def take(status: str, headers: Headers, _error: object = None) -> None:
            answer[:] = [status, headers]

        body = site(environ, take)
        status, headers = answer
        if not dict(headers).get("Content-Type", "").startswith("text/html"):
            start_response(status, headers)
            return body
        with _closed(body):
            page = _page_with_script(b"".join(body), stand, is_missing=status.startswith("404"))
        kept = [(name, value) for name, value in headers if name.lower() not in _STALE]
        size = ("Content-Length", str(len(page)))
        start_response(status, [*kept, size, ("Cache-Control", "no-store")])
        return [page]

    return respond


def _is_page(path: str) -> bool:
    return path.endswith(("/", ".html"))


def _without(names: set[str], environ: Environ) -> Environ:
    return {key: value for key, value in environ.items() if key not in names}


def _whole(environ: Environ) -> Environ:
    """Ask for the whole page, also where only its headers are wanted: they depend on it."""
    method = "GET" if environ["REQUEST_METHOD"] == "HEAD" else environ["REQUEST_METHOD"]
    return _without(_FORMS, environ) | {"REQUEST_METHOD": method}


def _page_with_script(page: bytes, stand: int, is_missing: bool) -> bytes:
    own = ' data-page="/404.html"' if is_missing else ""
    script = f'<script src="/vorschau/live.js" data-stand="{stand}"{own} defer></script>\n'.encode()
    head_end = _HEAD_END.search(page)
    place = head_end.start() if head_end else len(page)
    return page[:place] + script + page[place:]
