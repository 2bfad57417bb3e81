"""
The site as readers get it, on this machine: files and comment service on one origin.

A WSGI application: WhiteNoise serves the folder ``COMMENTS_SITE`` and passes everything else to the comment
service. In production a front server does the same (DESIGN: files, /kommentare/).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

from comment_service.wsgi import application as comments

SITE = Path(os.environ["COMMENTS_SITE"])


def _comments_or_404(
    environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    if environ["PATH_INFO"].startswith("/kommentare/"):
        response: Iterable[bytes] = comments(environ, start_response)
        return response
    page = SITE / "404.html"
    body = page.read_bytes() if page.is_file() else b"Diese Seite gibt es nicht."
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("404 Not Found", headers)
    return [body]


# autorefresh looks the file up at each request, so a new release is seen at once.
application = WhiteNoise(
    _comments_or_404,
    root=str(SITE),
    autorefresh=True,
    index_file=True,
    max_age=0,
    mimetypes={".xml": "application/atom+xml", ".svg": "image/svg+xml"},
)
