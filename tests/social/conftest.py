"""Servers to send to: a double of Mastodon, and a real Bluesky server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from publishing.browser.tools import node_command
from tests.environment import PDS
from tests.social import mastodon_double
from tests.social.site_double import Online, online_site

# This machine may be busy; no test is about time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

BLUESKY_PASSWORD = "auch-geheim"


@dataclass(frozen=True)
class BlueskyServer:
    """A running server with one account."""

    server: str
    handle: str
    did: str


@pytest.fixture
def mastodon() -> Iterator[mastodon_double.Mastodon]:
    """A double of a Mastodon server."""
    with mastodon_double.running() as server:
        yield server


@pytest.fixture
def online(tmp_path: Path) -> Iterator[Online]:
    """The author's site, still empty."""
    with online_site(tmp_path / "online") as site:
        yield site


@pytest.fixture(scope="session")
def bluesky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlueskyServer]:
    """The real server of Bluesky, @atproto/pds."""
    folder = tmp_path_factory.mktemp("pds")
    with subprocess.Popen(
        [*node_command(), "server.mjs", str(folder), BLUESKY_PASSWORD],
        cwd=PDS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        line = process.stdout.readline()
        assert line, "the server did not start"
        yield BlueskyServer(**json.loads(line))
        process.stdin.close()
        process.wait(20)


@pytest.fixture
def png(tmp_path: Path) -> Path:
    """A small picture."""
    from PIL import Image

    path = tmp_path / "bild.png"
    Image.new("RGB", (120, 63), "white").save(path)
    return path
