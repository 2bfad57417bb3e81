"""Caddy and nginx, configured by us, serve a deployed site as readers need it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import brotli
import pytest

from publishing import deploy
from publishing.front import Front, headers, redirects, survey
from tests.publishing.deploy import fake_site
from tests.publishing.front_servers import (
    Server,
    caddy_server,
    nginx_server,
    served_by,
    service,
)
from tests.publishing.observatory import score

_TEXT = b"<p>Ein Satz, der sich wiederholt, damit sich das Packen lohnt.</p>\n" * 40


def _site() -> fake_site.Files:
    files = fake_site.pages(1)
    files["index.html"] = files["index.html"].replace(b"</html>", _TEXT + b"</html>")
    files["feeds/tipps.ics"] = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    files["bilder/foto-20260304.jpg"] = b"\xff\xd8"
    files["_redirects"] = b"/alt/ /archiv/ 301\n/blog/%C3%BCber/ /blog/beitrag-1/#mitte 301\n"
    return files


FRONT = Front(
    host="localhost",
    root="",
    policy=headers.policy(survey.Used()),
    moved={"/alt/": "/archiv/", "/blog/über/": "/blog/beitrag-1/#mitte"},
    gone=("/weg/", "/auch/weg.html"),
    patterns=redirects.WORDPRESS,
    hub="https://hub.example/",
    # The weaker one of the two.
    opener=headers.WITH_WINDOWS,
)


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Each server in turn, with a site that was deployed to a folder."""
    folder = tmp_path_factory.mktemp("front")
    output = fake_site.write(_site(), folder / "output")
    options = {"target": "folder", "path": "public", "compress": True}
    assert deploy.deploy(output, options, folder).changed
    run = caddy_server if request.param == "caddy" else partial(nginx_server, has_tls=True)
    with (
        service() as address,
        run(served_by(FRONT, folder / "public", address), folder / "run") as up,
    ):
        yield up


# --- Files -----------------------------------------------------------------------------------------


def test_pages_are_sent_as_they_were_built(server: Server) -> None:
    answer = server.get("/")
    assert (answer.status, answer.body) == (200, _site()["index.html"])
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert server.get("/blog/beitrag-2/").body == _site()["blog/beitrag-2/index.html"]


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_text_is_sent_as_it_was_compressed(server: Server, encoding: str) -> None:
    answer = server.get("/", Accept_Encoding=encoding)
    assert answer.headers["content-encoding"] == encoding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    unpack = brotli.decompress if encoding == "br" else gzip.decompress
    assert unpack(answer.body) == _site()["index.html"]
    assert len(answer.body) < len(_site()["index.html"]) / 3


def test_an_address_without_slash_leads_to_the_page(server: Server) -> None:
    answer = server.get("/archiv")
    assert answer.status in (301, 308)
    assert answer.headers["location"] == "/archiv/"


def test_what_is_not_there_gets_the_page_that_says_so(server: Server) -> None:
    for path in ("/blog/fehlt/", "/fehlt.html", "/..%2f..%2fetc/passwd"):
        answer = server.get(path)
        assert answer.status in (400, 404)
        if answer.status == 404:
            assert answer.body == _site()["404.html"]
            assert "content-security-policy" in answer.headers


def test_a_browser_that_has_a_page_is_told_so(server: Server) -> None:
    etag = server.get("/").headers["etag"]
    assert server.get("/", If_None_Match=etag).status == 304


def test_only_reading_is_possible(server: Server) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert server.get("/index.html", method).status in (403, 405)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/feeds/artikel.atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feeds/tipps.ics", "text/calendar; charset=utf-8"),
        ("/bilder/gleich.svg", "image/svg+xml"),
    ],
)
def test_types_are_exact(server: Server, path: str, kind: str) -> None:
    assert server.get(path).headers["content-type"] == kind


# --- Headers ---------------------------------------------------------------------------------------


def test_the_observatory_would_give_130_points(server: Server) -> None:
    answer = server.get("/")
    assert score(answer.headers, server.way()) >= 130
    for path in ("/", "/nirgends/"):
        found = server.get(path).headers["cross-origin-opener-policy"]
        assert found == "same-origin-allow-popups"
    names = [name for name, _ in answer.pairs]
    assert len(names) == len(set(names))
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_how_long_browsers_keep_files(server: Server) -> None:
    (css,) = (path for path in _site() if path.endswith(".css"))
    kept = {
        path: server.get(path).headers["cache-control"]
        for path in (
            "/",
            "/index.html",
            f"/{css}",
            "/bilder/gleich.svg",
            "/bilder/foto-20260304.jpg",
        )
    }
    assert kept == {
        "/": headers.SHORT,
        "/index.html": headers.SHORT,
        f"/{css}": headers.IMMUTABLE,
        "/bilder/gleich.svg": headers.LONGER,
        "/bilder/foto-20260304.jpg": headers.LONGER,
    }


def test_pictures_and_feeds_are_for_everybody(server: Server) -> None:
    corp = "cross-origin-resource-policy"
    assert server.get("/bilder/gleich.svg").headers[corp] == "cross-origin"
    feed = server.get("/feeds/artikel.atom.xml").headers
    assert feed["access-control-allow-origin"] == "*"
    assert feed[corp] == "cross-origin"
    assert "access-control-allow-origin" not in server.get("/").headers


def test_feeds_name_their_hub(server: Server) -> None:
    links = " ".join(
        value for name, value in server.get("/feeds/artikel.atom.xml").pairs if name == "link"
    )
    assert "<https://hub.example/>; rel=" in links
    assert "<https://localhost/feeds/artikel.atom.xml>; rel=" in links
    assert "link" not in server.get("/").headers


def test_no_server_tells_its_version(server: Server) -> None:
    assert not any(sign.isdigit() for sign in server.get("/").headers.get("server", ""))


def test_browsers_are_told_of_http_3_where_the_server_has_it(server: Server) -> None:
    found = server.get("/").headers
    # Debian's nginx has none.
    assert ("h3=" in found.get("alt-svc", "")) == (found["server"].lower() == "caddy")


def test_http_leads_to_https_and_nothing_else(server: Server) -> None:
    for path in ("/", "/archiv/?seite=2", "/fehlt/", "/alt/", "/kommentare/danke/"):
        first, goal = server.way(path)
        assert goal.replace(f":{server.port}", "") == first.replace("http:", "https:")


# --- Old addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/alt/", "/archiv/"),
        ("/blog/%C3%BCber/", "/blog/beitrag-1/#mitte"),
        ("/2019/05/alter-titel/", "/blog/alter-titel/"),
        ("/2019/05/17/alter-titel", "/blog/alter-titel/"),
        ("/2019/05/", "/archiv/2019/"),
        ("/category/sprache/stil/", "/themen/stil/"),
        ("/tag/komma/page/2/", "/schlagwort/komma/"),
        ("/feed/", "/feeds/artikel.atom.xml"),
        ("/comments/feed/", "/feeds/kommentare.atom.xml"),
        ("/wp-content/uploads/2019/05/bild.png", "/bilder/bild.png"),
    ],
)
def test_old_addresses_lead_to_new_ones(server: Server, old: str, new: str) -> None:
    answer = server.get(old)
    assert (answer.status, answer.headers["location"]) == (301, new)


@pytest.mark.parametrize("path", ["/weg/", "/auch/weg.html", "/wp-login.php", "/wp-admin/x"])
def test_what_is_gone_for_good_says_so(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status == 410
    assert answer.body == _site()["404.html"]


# --- The comment service ---------------------------------------------------------------------------


def test_comments_reach_the_service(server: Server) -> None:
    answer = server.get("/kommentare/vorschau/?a=b", "POST", b"x" * 100_000)
    assert (answer.status, answer.body) == (200, b"POST /kommentare/vorschau/?a=b 100000 127.0.0.1")
    # Its pages have a policy of their own, and only one.
    policies = [value for name, value in answer.pairs if name == "content-security-policy"]
    assert policies == ["default-src 'none'; style-src 'self'"]
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")


def test_nobody_can_claim_to_be_somebody_else(server: Server) -> None:
    answer = server.get("/kommentare/danke/", X_Forwarded_For="203.0.113.9")
    assert answer.body.split()[-1] == b"127.0.0.1"


def test_no_form_is_larger_than_the_service_takes(server: Server) -> None:
    assert server.get("/kommentare/senden/", "POST", b"x" * 400_000).status == 413


def test_a_service_that_is_down_costs_no_page(tmp_path: Path) -> None:
    output = fake_site.write(_site(), tmp_path / "output")
    front = served_by(FRONT, output, "127.0.0.1:1")
    with caddy_server(front, tmp_path / "run") as server:
        assert server.get("/").status == 200
        answer = server.get("/kommentare/danke/")
        assert answer.status == 502
        assert "Versuchen Sie es bitte später".encode() in answer.body
