"""One server of each kind for all tests; each test has a place of its own on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from publishing.deploy import store
from tests.publishing.deploy import fake_site, places
from tests.publishing.deploy.places import Place
from tests.publishing.deploy.servers import (
    KEYS,
    Bucket,
    Ssh,
    s3_client,
    s3_server,
    shared_client,
    ssh_server,
)

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    """A server with ssh and rsync."""
    with ssh_server(tmp_path_factory.mktemp("server") / "ssh") as server:
        yield server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 store."""
    with s3_server(tmp_path_factory.mktemp("server") / "s3") as endpoint:
        s3_client(endpoint).create_bucket(Bucket="site")
        yield endpoint


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty part of a bucket, and its keys in the environment."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(store, "make_client", partial(shared_client, make=store.make_client))
    return Bucket(s3, "site", f"www-{next(_numbers)}")


@pytest.fixture(params=places.NAMES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Each target in turn, with nothing in it."""
    match request.param:
        case "folder":
            return places.folder_place(tmp_path)
        case "rsync":
            server = request.getfixturevalue("ssh")
            return places.rsync_place(tmp_path, server, f"www/site-{next(_numbers)}")
        case "s3":
            return places.s3_place(tmp_path, request.getfixturevalue("bucket"))
        case _:
            return places.git_place(tmp_path)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A built site, version 1."""
    return fake_site.write(fake_site.pages(1), tmp_path / "output")
