"""How the files of a site become objects of a store: which bytes, which headers, in which order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from publishing.release import Manifest, is_page

#: By the end of the name; the first that fits.
_TYPES = (
    (".html", "text/html; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".atom.xml", "application/atom+xml; charset=utf-8"),
    (".rss.xml", "application/rss+xml; charset=utf-8"),
    (".xml", "application/xml; charset=utf-8"),
    (".json", "application/json"),
    (".webmanifest", "application/manifest+json"),
    (".ics", "text/calendar; charset=utf-8"),
    (".txt", "text/plain; charset=utf-8"),
    (".md", "text/markdown; charset=utf-8"),
    (".csv", "text/csv; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".gif", "image/gif"),
    (".webp", "image/webp"),
    (".avif", "image/avif"),
    (".ico", "image/vnd.microsoft.icon"),
    (".woff2", "font/woff2"),
    (".woff", "font/woff"),
    (".ttf", "font/ttf"),
    (".pdf", "application/pdf"),
    (".epub", "application/epub+zip"),
    (".zip", "application/zip"),
    (".mp3", "audio/mpeg"),
    (".ogg", "audio/ogg"),
    (".mp4", "video/mp4"),
    (".webm", "video/webm"),
    (".vtt", "text/vtt; charset=utf-8"),
    (".wasm", "application/wasm"),
)
#: What compression makes smaller.
_TEXT = (
    *("text/", "application/atom", "application/rss", "application/xml", "application/json"),
    *("application/manifest", "image/svg"),
)
#: A name that changes with the content: main.1f2e3d4c.css; but foto-20260304.jpg has a date.
_FINGERPRINT = re.compile(r"[.-](?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,64}\.\w+$")
#: Seconds that browsers may keep a file: by its name, for ever; a page or a feed; anything else.
FINGERPRINTED_S, PAGE_S, ASSET_S = 31_536_000, 60, 3_600
#: What readers and machines ask for first, and what lists everything else.
_ENTRY = re.compile(r"index\.html|feeds/.*|.*\.(?:atom|rss)\.xml|sitemap[^/]*\.xml|sw\.js")
_CHANGING = (".html", ".xml", ".json", ".txt", ".ics", ".webmanifest", "sw.js")


class Stage(IntEnum):
    """The order in which objects are written, so that no page points to one that is not there."""

    ASSET = 0
    NEW_PAGE = 1
    PAGE = 2
    ENTRY = 3


@dataclass(frozen=True)
class Body:
    """
    The bytes of an object: a file by its SHA-256, and how it is encoded: "" or "gzip".

    *is_squeezed*: The file itself is plain; it is compressed on its way.
    """

    digest: str
    encoding: str = ""
    is_squeezed: bool = False

    @property
    def name(self) -> str:
        """A name that only these bytes have."""
        return f"{self.digest}.gz" if self.is_squeezed else self.digest


def is_text(key: str) -> bool:
    """Return whether compression makes a file smaller."""
    return _content_type(key).startswith(_TEXT)


def bodies(site: Manifest, compress: bool) -> dict[str, Body]:
    """
    Return the objects of a site by key.

    A store keeps one form of each object and sends it to everybody. Every browser reads gzip, not
    all read Brotli; so where a file has been compressed beforehand (x.html.gz beside x.html) that
    form is taken, and other text is compressed on its way if *compress* says so.
    """
    files = site.files
    return {path: _body(path, files, compress) for path in files if not _is_twin(path, files)}


def _body(path: str, files: Mapping[str, str], compress: bool) -> Body:
    if f"{path}.gz" in files:
        return Body(files[f"{path}.gz"], "gzip")
    if compress and is_text(path):
        return Body(files[path], "gzip", is_squeezed=True)
    return Body(files[path])


def _is_twin(path: str, files: Mapping[str, str]) -> bool:
    stem, _, suffix = path.rpartition(".")
    return suffix in ("gz", "br", "zst") and stem in files


def headers(key: str, body: Body, goal: str = "") -> dict[str, str]:
    """
    Return the headers of an object as boto3 names them.

    Where the store itself serves a website, readers of an object with a *goal* are sent there.
    """
    return {
        "ContentType": _content_type(key),
        "CacheControl": _cache_control(key),
        **({"ContentEncoding": body.encoding} if body.encoding else {}),
        **({"WebsiteRedirectLocation": goal} if goal else {}),
    }


def _content_type(key: str) -> str:
    name = key.lower()
    return next((kind for end, kind in _TYPES if name.endswith(end)), "application/octet-stream")


def _cache_control(key: str) -> str:
    """Return how long browsers may keep it: for ever, a minute, or an hour."""
    if _FINGERPRINT.search(key):
        return f"public, max-age={FINGERPRINTED_S}, immutable"
    return f"public, max-age={PAGE_S if key.endswith(_CHANGING) else ASSET_S}"


def stage(key: str, is_new: bool) -> Stage:
    """Return when to write an object."""
    if _ENTRY.fullmatch(key):
        return Stage.ENTRY
    if not is_page(key):
        return Stage.ASSET
    return Stage.NEW_PAGE if is_new else Stage.PAGE
