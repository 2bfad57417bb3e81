"""A built site as a browser is to get it: its files, at its address, with the headers of `publishing.front`."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, Route

from publishing.front import headers, survey


class Folder:
    """The site in *folder*, built with *settings*."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self._folder = folder.resolve()
        parts = urlsplit(settings["SITEURL"])
        #: The site's scheme and host; what comes from elsewhere is foreign.
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path.rstrip("/")
        policy = headers.policy(survey.used(self._folder), headers.foreign(settings))
        self._headers = {**dict(headers.FIXED), "Content-Security-Policy": policy}

    def pages(self) -> dict[str, str]:
        """Return the HTML of all pages by their file's name."""
        return pages_in(self._folder)

    def address(self, name: str) -> str:
        """Return where on its host the file *name* is."""
        return f"{self._path}/{name.removesuffix('index.html')}"

    def answer(self, context: BrowserContext) -> None:
        """Answer everything that pages of *context* ask for; of other hosts nothing is asked."""
        context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            route.abort()
            return
        file = self._file(unquote(parts.path))
        status = 404 if file is None else 200
        file = file or self._folder / "404.html"
        body = file.read_bytes() if file.is_file() else b""
        route.fulfill(status=status, body=body, headers={**self._headers, **_type(file)})

    def _file(self, path: str) -> Path | None:
        if not path.startswith(f"{self._path}/"):
            return None
        inside = path.removeprefix(self._path).lstrip("/")
        file = self._folder / f"{inside}index.html" if path.endswith("/") else self._folder / inside
        return file if file.is_file() and self._folder in file.resolve().parents else None


def pages_in(folder: Path) -> dict[str, str]:
    """Return the HTML of the site in *folder* by the file's name, but not of pages that only lead on."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.html")}
    texts = {name: path.read_text("utf-8") for name, path in sorted(names.items())}
    return {name: text for name, text in texts.items() if 'http-equiv="refresh"' not in text}


def _type(file: Path) -> dict[str, str]:
    for end, kind in headers.TYPES:
        if file.name.endswith(end):
            return {"Content-Type": kind}
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
    return {"Content-Type": f"{kind}; charset=utf-8" if is_text else kind}
