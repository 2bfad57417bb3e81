"""Whatever interrupts a deployment, readers see a whole site, and the next deployment mends all."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError  # type: ignore[import-untyped]
from botocore.httpsession import URLLib3Session  # type: ignore[import-untyped]

from publishing.deploy import DeployError, store
from tests.publishing.deploy import fake_site, faults, places
from tests.publishing.deploy.fake_site import Files, Reader
from tests.publishing.deploy.places import Place, rsync_place
from tests.publishing.deploy.servers import Bucket, Line, Ssh, ssh_server


def _visit_everything(place: Place, releases: list[Files]) -> list[str]:
    """Return what a reader finds broken who visits all there is."""
    reader = Reader(place.read, releases, place.is_atomic, place.now)
    paths = sorted({path for files in releases for path in files if path.endswith(".html")})
    return [problem for path in paths if (problem := reader.visit(path))]


# --- Killed ----------------------------------------------------------------------------------------


@pytest.fixture
def reader(place: Place, request: pytest.FixtureRequest) -> Callable[[], Place]:
    """Makes the same place again, for another process."""
    match place.name:
        case "s3":
            bucket = request.getfixturevalue("bucket")
            return lambda: places.s3_place(place.base, bucket)
        case "git":
            return lambda: places.git_place(place.base, is_reader=True)
        case _:
            return lambda: place


def test_killed_at_any_moment(
    place: Place, reader: Callable[[], Place], output: Path, tmp_path: Path
) -> None:
    """`invoke bench kills` does it a hundred times."""
    if place.name == "s3":
        place.options["grace_minutes"] = 60
    seen = faults.kill_often(place, reader, output, kills=4, seed=20261122)
    assert seen.broken == []
    assert seen.visits > 0


class _Glimpses:
    """A place that shows each of several states in turn."""

    def __init__(self, *states: Files) -> None:
        self._states = itertools.cycle(states)

    def read(self, path: str) -> bytes | None:
        return next(self._states).get(path)


def test_the_reader_notices_what_is_broken() -> None:
    """The test above would pass if readers noticed nothing."""
    one, two = fake_site.pages(1), fake_site.pages(2)
    css = next(path for path in one if path.endswith(".css"))
    broken = {
        "points to": {path: data for path, data in one.items() if path != css},
        "is missing": {path: data for path, data in one.items() if path != "archiv/index.html"},
        "is cut off": {**one, "archiv/index.html": one["archiv/index.html"][:-3]},
        "is a mixture of releases": {
            **one,
            "blog/beitrag-2/index.html": two["blog/beitrag-2/index.html"],
        },
    }
    for sign, files in broken.items():
        reader = Reader(files.get, [one, two], True, lambda: "")
        assert sign in reader.visit("archiv/index.html")
    unknown = {**one, "archiv/index.html": one["archiv/index.html"].replace(b"Archiv", b"Unfug")}
    assert "is of no release" in Reader(unknown.get, [one], False, lambda: "").visit(
        "archiv/index.html"
    )
    whole = Reader(one.get, [one, two], True, lambda: "")
    assert [whole.visit(path) for path in one if path.endswith(".html")] == [""] * 8


# --- The disk is full ------------------------------------------------------------------------------

_CALLS = ("link", "mkdir", "rename", "replace", "symlink", "fsync", "unlink", "rmdir")


class _Trouble:
    """Lets the n-th call of the system fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
        self.countdown = -1
        self._error = error
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # it is slow, and changes nothing
        for name in _CALLS:
            monkeypatch.setattr(os, name, self._failing(getattr(os, name)))
        monkeypatch.setattr(shutil, "copyfile", self._failing(shutil.copyfile))

    def _failing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            self.countdown -= 1
            if self.countdown == 0:
                raise self._error
            return call(*arguments, **options)

        return run


_FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "is_first", "step"),
    [(_FULL, True, 1), (_FULL, False, 1), (KeyboardInterrupt(), False, 3)],
)
def test_any_call_of_the_system_may_fail(
    error: BaseException,
    is_first: bool,
    step: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One after the other; with a folder of somebody else's in the way, and with a release."""
    trouble = _Trouble(monkeypatch, error)
    for number in itertools.count(1, step):
        base = tmp_path / f"{number}"
        place, output = places.folder_place(base), base / "output"
        old = fake_site.pages(1, posts=1)
        if is_first:
            fake_site.write(old, base / "public")
        else:
            fake_site.write(old, output)
            place.deploy(output, keep=1)
        new = fake_site.pages(2, posts=1)
        fake_site.write(new, output)
        trouble.countdown = number
        with contextlib.suppress(DeployError, KeyboardInterrupt):
            place.deploy(output, keep=1)
        is_over = trouble.countdown > 0
        trouble.countdown = -1
        assert place.seen() in (old, new)
        place.deploy(output, keep=1)
        assert place.seen() == new
        found = [name for name in faults.rubbish(place) if not name.endswith("-vorgefunden")]
        assert found == []
        assert len(list(base.glob(".public-releases/*-vorgefunden"))) == is_first
        if is_over:
            break
    assert number > 20


def test_a_full_disk_is_not_kept_full(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was copied in vain is deleted at once."""
    trouble = _Trouble(monkeypatch, _FULL)
    trouble.countdown = 12
    place = places.folder_place(tmp_path)
    with pytest.raises(DeployError, match="No space left on device"):
        place.deploy(output)
    assert [path for path in tmp_path.glob(".public-releases/**/*") if path.is_file()] == []


# --- The network is gone ---------------------------------------------------------------------------


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Lets all requests to the store fail from the n-th on; that one may have got through."""
    state = {"left": -1, "got through": 0}
    send = URLLib3Session.send

    def failing(self: Any, request: Any) -> Any:
        if state["left"] == -1:
            return send(self, request)
        state["left"] = max(0, state["left"] - 1)
        if state["left"] > 0:
            return send(self, request)
        if state["got through"]:
            state["got through"] = 0
            send(self, request)
        raise ConnectionClosedError(endpoint_url=request.url)

    monkeypatch.setattr(URLLib3Session, "send", failing)
    monkeypatch.setattr(store, "ATTEMPTS", 1)
    return state


def test_any_request_to_the_store_may_fail(
    bucket: Bucket, tmp_path: Path, flaky: dict[str, int]
) -> None:
    """Every third one is tried; of these, every other one gets through, but not its answer."""
    place, output = places.s3_place(tmp_path, bucket), tmp_path / "output"
    place.options["grace_minutes"] = 60
    old = fake_site.pages(0, posts=1)
    place.deploy(fake_site.write(old, output))
    told = set()
    for number in itertools.count(1, 3):
        new = fake_site.pages(number, posts=1)
        fake_site.write(new, output)
        flaky["left"], flaky["got through"] = number, number % 2
        try:
            place.deploy(output)
        except DeployError as error:
            told.add(str(error))
        is_over = flaky["left"] > 0
        flaky["left"] = -1
        assert _visit_everything(place, [old, new]) == []
        if is_over:
            break
        # What comes next is not what was interrupted.
        old = fake_site.pages(number + 100, posts=1)
        fake_site.write(old, output)
        place.deploy(output)
        faults.settle(place, output)
        assert place.seen() == old
        assert faults.rubbish(place) == []
    assert number > 15
    assert all("ist nicht zu erreichen" in text for text in told)
    assert any("Einige Seiten sind schon die neuen" in text for text in told)


def test_going_back_from_half_a_switch_undoes_it(
    bucket: Bucket, output: Path, tmp_path: Path, flaky: dict[str, int]
) -> None:
    place = places.s3_place(tmp_path, bucket)
    for version in (1, 2):
        fake_site.write(fake_site.pages(version), output)
        release = place.deploy(output).release
    fake_site.write(fake_site.pages(3), output)
    flaky["left"] = 25
    with pytest.raises(DeployError, match="Einige Seiten sind schon die neuen"):
        place.deploy(output)
    flaky["left"] = -1
    assert place.seen() != fake_site.pages(2)
    back = place.rollback()
    assert (back.release, back.changed) == (release, True)
    assert place.seen() == fake_site.pages(2)


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_the_line_to_the_server_is_cut(part: float, ssh: Ssh, tmp_path: Path, output: Path) -> None:
    name = f"www/line-{part}"
    place = places.rsync_place(tmp_path, ssh, name)
    place.deploy(output)
    random_ = random.Random(1)
    big = random_.randbytes(300_000)
    fake_site.write({**fake_site.pages(2), "bilder/gross.png": big}, output)
    with Line(ssh.port, limit=int(part * 330_000)) as line:
        bad = replace(place, options={**ssh.by(line), "path": name})
        with pytest.raises(DeployError, match="Die Verbindung ist abgerissen – rufen Sie"):
            bad.deploy(output)
    assert place.seen() == fake_site.pages(1)
    place.deploy(output)
    assert place.seen() == {**fake_site.pages(2), "bilder/gross.png": big}
    assert faults.rubbish(place) == []


def test_what_a_cut_line_has_brought_is_not_sent_again(ssh: Ssh, tmp_path: Path) -> None:
    random_ = random.Random(1)
    files = {f"bilder/{number}.png": random_.randbytes(100_000) for number in range(30)}
    output = fake_site.write({**fake_site.pages(1), **files}, tmp_path / "output")
    with Line(ssh.port, limit=2_500_000) as line:
        place = rsync_place(tmp_path, ssh, "www/again")
        place.options.update(ssh.by(line), path="www/again")
        with pytest.raises(DeployError, match="abgerissen"):
            place.deploy(output)
        line.limit = None
        before = line.sent
        # Another page must not mean that everything is sent again.
        (output / "index.html").write_text("Neu", "utf-8")
        place.deploy(output)
        assert line.sent - before < 1_500_000


def test_a_server_without_room_changes_nothing(tmp_path: Path, output: Path) -> None:
    """Files above a limit cannot be written there; that is how quotas feel."""
    with ssh_server(tmp_path / "ssh", "trap '' XFSZ && ulimit -f 64") as ssh:
        place = places.rsync_place(tmp_path, ssh)
        place.deploy(output)
        fake_site.write({**fake_site.pages(2), "x.png": bytes(200_000)}, output)
        with pytest.raises(DeployError, match="bisherige Website ist unverändert"):
            place.deploy(output)
        assert place.seen() == fake_site.pages(1)
        fake_site.write(fake_site.pages(2), output)
        place.deploy(output)
        assert place.seen() == fake_site.pages(2)
        assert faults.rubbish(place) == []
