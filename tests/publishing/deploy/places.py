"""The four targets as readers and tests see them; each is a real one on this machine."""

from __future__ import annotations

import gzip
import http.client
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from publishing import deploy
from publishing.deploy import Deployed
from tests.publishing.deploy.fake_site import Files
from tests.publishing.deploy.servers import Bucket, Ssh, s3_client
from tests.site import tree

NAMES = ("folder", "rsync", "s3", "git")


@dataclass
class Place:
    """A target, the settings' folder *base*, and what readers see of it."""

    name: str
    options: dict[str, Any]
    base: Path
    #: What a path shows at this moment.
    read: Callable[[str], bytes | None]
    #: All that readers can see.
    seen: Callable[[], Files]
    #: What is there and readers do not see, by name.
    behind: Callable[[], list[str]]
    #: Says which release is live, at no cost.
    now: Callable[[], str] = field(default=lambda: "")

    @property
    def is_atomic(self) -> bool:
        """Whether all readers are switched in one step."""
        return self.name != "s3"

    def deploy(self, output: Path, **more: Any) -> Deployed:
        """Deploy with our options and *more*."""
        return deploy.deploy(output, {**self.options, **more}, self.base)

    def rollback(self, wanted: str = "") -> Deployed:
        """Go back."""
        return deploy.rollback(self.options, self.base, wanted)

    def releases(self) -> list[str]:
        """Return the releases' ids, newest first, the live one with a star."""
        found = deploy.releases(self.options, self.base)
        return [f"{release.id}{'*' * release.is_live}" for release, _ in found]


def folder_place(base: Path) -> Place:
    """Return the target „folder“ below *base*."""
    return _linked("folder", {"target": "folder"}, base, base / "public")


def rsync_place(base: Path, ssh: Ssh, name: str = "www/site") -> Place:
    """Return the target „rsync“ on a server."""
    return _linked("rsync", ssh.options(path=name), base, ssh.home / name)


def _linked(name: str, options: dict[str, Any], base: Path, link: Path) -> Place:
    def read(path: str) -> bytes | None:
        try:
            return (link / path).read_bytes()
        except OSError:
            return None

    def behind() -> list[str]:
        kept = link.with_name(f".{link.name}-releases")
        around = [path.name for path in link.parent.glob(f".{link.name}.*")]
        return sorted([*(path.name for path in kept.glob("*")), *around])

    def now() -> str:
        return str(link.readlink()) if link.is_symlink() else ""

    return Place(name, options, base, read, lambda: tree(link), behind, now)


def s3_place(base: Path, bucket: Bucket) -> Place:
    """Return the target „s3“ in a bucket that is there."""
    client = s3_client(bucket.endpoint)
    prefix = bucket.prefix and f"{bucket.prefix}/"

    host = bucket.endpoint.removeprefix("http://")

    def read(path: str) -> bytes | None:
        # As a browser does it: without any key.
        with closing(http.client.HTTPConnection(host)) as line:
            line.request("GET", quote(f"/{bucket.name}/{prefix}{path}"))
            answer = line.getresponse()
            data = answer.read()
        if answer.status == 404:
            return None
        assert answer.status == 200, answer.status
        return gzip.decompress(data) if answer.headers["Content-Encoding"] == "gzip" else data

    def keys() -> list[str]:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket.name, Prefix=prefix)
        found = [item["Key"] for page in pages for item in page.get("Contents", ())]
        return [key.removeprefix(prefix) for key in found]

    def seen() -> Files:
        found = {key: read(key) for key in keys() if not key.startswith(".mittwochspost/")}
        return {key: data for key, data in found.items() if data is not None}

    def behind() -> list[str]:
        return sorted(key for key in keys() if key.startswith(".mittwochspost/"))

    return Place("s3", bucket.options(), base, read, seen, behind)


def git_place(base: Path, is_reader: bool = False) -> Place:
    """Return the target „git“ with a forge below *base*; a reader keeps a git running, to be quick."""
    forge = base / "forge.git"
    if not forge.exists():
        subprocess.run(["git", "init", "--quiet", "--bare", str(forge)], check=True)

    def git(*arguments: str) -> bytes | None:
        done = subprocess.run(["git", "-C", str(forge), *arguments], capture_output=True)
        return done.stdout if done.returncode == 0 else None

    def read(path: str) -> bytes | None:
        return git("cat-file", "blob", f"pages:{path}")

    def read_quickly(path: str) -> bytes | None:
        assert server.stdin
        assert server.stdout
        server.stdin.write(f"pages:{path}\n".encode())
        server.stdin.flush()
        head = server.stdout.readline()
        return (
            None
            if head.endswith(b" missing\n")
            else server.stdout.read(int(head.split()[2]) + 1)[:-1]
        )

    def seen() -> Files:
        names = (git("ls-tree", "-r", "-z", "--name-only", "pages") or b"").decode().split("\0")
        found = {name: read(name) for name in names if name not in ("", ".nojekyll")}
        return {name: data for name, data in found.items() if data is not None}

    def now() -> str:
        return (git("rev-parse", "--verify", "--quiet", "pages") or b"").decode().strip()

    options = {"target": "git", "remote": str(forge)}
    if is_reader:
        command = ["git", "-C", str(forge), "cat-file", "--batch"]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return Place("git", options, base, read_quickly, seen, lambda: [], now)
    return Place("git", options, base, read, seen, lambda: [], now)
