"""Files become objects: their types, how long they keep, in which order they come."""

from __future__ import annotations

import pytest

from publishing.deploy.objects import Body, Stage, bodies, headers, stage
from publishing.release import Manifest

_SHORT, _HOUR = "public, max-age=60", "public, max-age=3600"
_EVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("key", "kind", "keeps"),
    [
        ("index.html", "text/html; charset=utf-8", _SHORT),
        ("theme/css/main.css", "text/css; charset=utf-8", _HOUR),
        ("theme/css/main.1f2e3d4c.css", "text/css; charset=utf-8", _EVER),
        ("theme/such-1f2e3d4c5b6a7980.js", "text/javascript; charset=utf-8", _EVER),
        ("bilder/foto-20260304.jpg", "image/jpeg", _HOUR),
        ("bilder/Foto.JPG", "image/jpeg", _HOUR),
        ("bilder/spaten.svg", "image/svg+xml", _HOUR),
        ("feeds/artikel.atom.xml", "application/atom+xml; charset=utf-8", _SHORT),
        ("feeds/artikel.json", "application/json", _SHORT),
        ("feeds/tipps.ics", "text/calendar; charset=utf-8", _SHORT),
        ("sitemap.xml", "application/xml; charset=utf-8", _SHORT),
        ("robots.txt", "text/plain; charset=utf-8", _SHORT),
        ("schrift.woff2", "font/woff2", _HOUR),
        ("ohne-endung", "application/octet-stream", _HOUR),
    ],
)
def test_headers_go_by_the_kind(key: str, kind: str, keeps: str) -> None:
    assert headers(key, Body("x")) == {"ContentType": kind, "CacheControl": keeps}


def test_what_was_compressed_is_sent_compressed() -> None:
    files = {"a.html": "1", "a.html.gz": "2", "a.html.br": "3", "b.css": "4", "b.css.br": "5"}
    site = Manifest(files | {"archiv.gz": "6", "bild.png": "7", "bild.svg": "8"})
    found = bodies(site, compress=True)
    assert found == {
        "a.html": Body("2", "gzip"),
        "b.css": Body("4", "gzip", is_squeezed=True),
        "archiv.gz": Body("6"),
        "bild.png": Body("7"),
        "bild.svg": Body("8", "gzip", is_squeezed=True),
    }
    assert found["b.css"].name != Body("4").name
    assert bodies(site, compress=False)["b.css"] == Body("4")
    assert bodies(site, compress=False)["a.html"] == Body("2", "gzip")
    assert headers("a.html", found["a.html"])["ContentEncoding"] == "gzip"


@pytest.mark.parametrize(
    ("key", "is_new", "when"),
    [
        ("theme/main.css", True, Stage.ASSET),
        ("blog/index.json", False, Stage.ASSET),
        ("blog/x/index.html", True, Stage.NEW_PAGE),
        ("blog/x/index.html", False, Stage.PAGE),
        ("index.html", True, Stage.ENTRY),
        ("index.html", False, Stage.ENTRY),
        ("feeds/index.html", False, Stage.ENTRY),
        ("feeds/tipps.json", False, Stage.ENTRY),
        ("sitemap.xml", False, Stage.ENTRY),
    ],
)
def test_what_pages_need_comes_before_them(key: str, is_new: bool, when: Stage) -> None:
    assert stage(key, is_new) is when
    assert Stage.ASSET < Stage.NEW_PAGE < Stage.PAGE < Stage.ENTRY
