"""
Deployment to each target: what a post costs on a large site.

    invoke bench deploy            5,000 posts; writes RESULTS.md
    invoke bench deploy --quick    500 posts; only shown
    --cases folder,s3              only these targets; only shown

The site was built, and is built again with each new post (`bench.new_posts`). The counterparts are real and on
this machine (`bench.targets`). Bytes are counted on the line, with everything that ssh and HTTP add.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import new_posts
from bench.new_posts import NewPosts
from bench.results import machine, write_section
from bench.targets import keys, servers, targets, versions
from publishing.console import say
from publishing.release import measure
from tests.publishing.deploy import places
from tests.publishing.deploy.places import Place
from tests.publishing.deploy.servers import Bucket, Line, Ssh

POSTS, QUICK_POSTS, ROUNDS = 5_000, 500, 3
#: New posts that are built: one of so many closes what search keeps for the newest, and changes more.
NEW_POSTS = 16
#: The goals: part of the site's bytes, seconds, requests, seconds.
GOAL_PART, GOAL_FOLDER_S, GOAL_REQUESTS, GOAL_ROLLBACK_S = 0.01, 1.0, 40, 2.0


def run(quick: bool = False, cases: str = "") -> None:
    """
    Measure.

    Raises:
        AuthorError: *cases* names a target that there is not.
    """
    names = targets(cases)
    posts = QUICK_POSTS if quick else POSTS
    with tempfile.TemporaryDirectory(prefix="mittwochspost-") as folder, keys():
        say(f"Eine Website mit {posts} Beiträgen und {NEW_POSTS} neuen bauen")
        new = new_posts.build(Path(folder), posts, NEW_POSTS)
        results = _measure(names, Path(folder), new)
        text = _section(results, posts, new)
    say(text)
    if not quick and names == list(places.NAMES):
        write_section("deploy", text)


# --- Measuring -------------------------------------------------------------------------------------


@dataclass
class Result:
    """What was measured of one target."""

    name: str
    files: int = 0
    bytes: int = 0
    first_s: float = 0.0
    first_bytes: int = 0
    post_s: list[float] = field(default_factory=list)
    post_bytes: list[int] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    rollback_s: list[float] = field(default_factory=list)


def _measure(names: list[str], folder: Path, new: NewPosts) -> list[Result]:
    """Measure the targets one after the other."""
    results = []
    with servers(names, folder) as (ssh, endpoint):
        for name in names:
            say(f"{name}: ein neuer Beitrag")
            result = Result(name)
            base = folder / f"gross-{name}"
            with _counted(name, base, ssh, endpoint) as counted:
                _measure_post(result, counted, base / "output", new)
            results.append(result)
    return results


@dataclass
class Counted:
    """A target whose line is counted."""

    place: Place
    #: Bytes and requests that have been sent so far.
    sent: Callable[[], tuple[int, int]]


@contextmanager
def _counted(name: str, base: Path, ssh: Ssh | None, endpoint: str) -> Iterator[Counted]:
    base.mkdir()
    port = ssh.port if ssh else 0
    if name == "s3":
        port = int(endpoint.rpartition(":")[2])
    with Line(port) if name != "folder" else nullcontext() as line:
        if name == "folder":
            place = places.folder_place(base)
            seen: dict[str, int] = {}
            yield Counted(place, lambda: (_stored(base, seen), 0))
        elif name == "rsync":
            assert ssh
            assert line
            place = places.rsync_place(base, ssh, "www/gross")
            place.options.update(ssh.by(line), path="www/gross")
            yield Counted(place, lambda: (line.sent, 0))
        elif name == "s3":
            assert line
            bucket = Bucket(f"http://127.0.0.1:{line.port}", "site", "gross")
            with _requests() as count:
                yield Counted(places.s3_place(base, bucket), lambda: (line.sent, count[0]))
        else:
            assert ssh
            assert line
            os.environ["GIT_SSH_COMMAND"] = shlex.join(
                [
                    *("ssh", "-i", str(ssh.identity), "-oBatchMode=yes"),
                    f"-oUserKnownHostsFile={ssh.by(line)['known_hosts']}",
                ]
            )
            place = places.git_place(base)
            place.options["remote"] = f"ssh://127.0.0.1:{line.port}{base}/forge.git"
            yield Counted(place, lambda: (line.sent, 0))


def _stored(base: Path, seen: dict[str, int]) -> int:
    """Return the bytes of all contents there are, or have been *seen* earlier."""
    for path in (base / ".public-releases" / "inhalte").glob("*"):
        seen[path.name] = path.stat().st_size
    return sum(seen.values())


@contextmanager
def _requests() -> Iterator[list[int]]:
    """Count the requests that boto3 sends."""
    from botocore.httpsession import URLLib3Session

    count, send = [0], URLLib3Session.send

    def counted(self: Any, request: Any) -> Any:
        count[0] += 1
        return send(self, request)

    URLLib3Session.send = counted
    try:
        yield count
    finally:
        URLLib3Session.send = send


def _measure_post(result: Result, counted: Counted, output: Path, new: NewPosts) -> None:
    """Deploy a large site, then one post more, several times, and go back."""
    place = counted.place
    # From the third deployment on, there is a release to delete each time.
    place.options["keep"] = 2
    shutil.copytree(new.first, output)
    size = measure(output)
    result.files, result.bytes = size.files, size.bytes
    start = counted.sent()[0]
    result.first_s = _timed(lambda: place.deploy(output))
    result.first_bytes = counted.sent()[0] - start
    for change in new.changes[:ROUNDS]:
        for name, data in change.items():
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        before = counted.sent()
        result.post_s.append(_timed(lambda: place.deploy(output)))
        after = counted.sent()
        result.post_bytes.append(after[0] - before[0])
        result.requests.append(after[1] - before[1])
    newest = place.releases()[0].rstrip("*")
    for _ in range(ROUNDS):
        result.rollback_s.append(_timed(place.rollback))
        place.rollback(newest)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


# --- Telling ---------------------------------------------------------------------------------------


def _section(results: list[Result], posts: int, new: NewPosts) -> str:
    first = results[0]
    goals = _goals(results)
    return "\n".join(
        (
            "## Deployment",
            "",
            f"One post more on a built site of {posts:,} posts: {first.files:,} files, {first.bytes / 1e6:.1f} MB, "
            f"{new.packed / 1e6:.1f} MB with",
            f"text as gzip. What it changes, median of {NEW_POSTS - 1} posts that are in no series; the one of sixteen",
            "that closes what search keeps for the newest changes more:",
            "",
            *new_posts.table(new),
            "",
            f"Deployed: median of {ROUNDS}. Bytes are what goes to the target, with all that ssh and HTTP add;",
            "for the folder, what the new release takes on the disk.",
            "",
            "| | first s | first bytes | post s | bytes | % of the site | % of the first | requests | back s |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
            *map(_row, results),
            "",
            *[f"- {goal}: {'met' if met else 'not met'} ({figure})" for goal, met, figure in goals],
            "",
            f"{machine()}, {versions()}.",
        )
    )


def _row(result: Result) -> str:
    size = median(result.post_bytes)
    requests = f"{median(result.requests):.0f}" if result.name == "s3" else ""
    return (
        f"| {result.name} | {result.first_s:.1f} | {result.first_bytes:,} | "
        f"{median(result.post_s):.2f} | {size:,.0f} | {100 * size / result.bytes:.2f} | "
        f"{100 * size / result.first_bytes:.2f} | {requests} | {median(result.rollback_s):.2f} |"
    )


def _goals(results: list[Result]) -> list[tuple[str, bool, str]]:
    """Return each goal, whether it is met, and by which figure."""
    by_name = {result.name: result for result in results}
    goals = []
    # Nothing is sent to a folder.
    parts = [
        median(result.post_bytes) / result.bytes for result in results if result.name != "folder"
    ]
    if parts:
        figure = f"{100 * max(parts):.2f} %"
        goals.append(
            (
                "a post sends at most 1 % of the site's bytes",
                max(parts) <= GOAL_PART,
                figure,
            )
        )
    if result := by_name.get("folder"):
        worst = max(result.post_s)
        goals.append(("to the folder in at most 1 s", worst <= GOAL_FOLDER_S, f"{worst:.2f} s"))
    if result := by_name.get("s3"):
        worst = max(result.requests)
        figure = f"{worst}; median {median(result.requests):.0f}, least {min(result.requests)}"
        goals.append(("to S3 with at most 40 requests", worst <= GOAL_REQUESTS, figure))
    back = [s for name in ("folder", "rsync") if name in by_name for s in by_name[name].rollback_s]
    if back:
        worst = max(back)
        goals.append(("back in at most 2 s", worst <= GOAL_ROLLBACK_S, f"{worst:.2f} s"))
    return goals
