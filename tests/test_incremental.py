"""Whatever happens to a site and its builds, the next build gives what a clean build gives."""

from __future__ import annotations

import dataclasses
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from publishing.build import locked
from tests.plugins.incremental.kills import KilledSite
from tests.plugins.incremental.steps import STEPS
from tests.plugins.incremental.walk import Walk, tree
from tests.plugins.incremental.warm import WarmWalk
from tests.plugins.pelican_site import own_signals
from tests.site import PROJECT, Site

SEED = 20261122
TAKEN = 100
WARM = 40
KILLS = 8


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for builds in this process, which leave it as they found it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SITE_DATE", "2026-06-30")
    monkeypatch.setenv("COMMENTS_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with own_signals():
        yield tmp_path


def test_a_random_walk_never_leaves_the_right_way(folder: Path) -> None:
    """After each step the output is, byte for byte, that of a clean build; so are messages and counts."""
    walk = Walk(folder, SEED)
    walk.run(TAKEN)
    taken = {step.split()[1].removesuffix(":") for step in walk.steps}
    assert len(STEPS.keys() - taken) <= 2
    # Most of the time there was something to compare; there were mistakes, and times of rest.
    assert walk.good_builds > 0.8 * len(walk.steps)
    assert walk.failed_builds > 0
    assert walk.early_exits > 0


def test_a_process_that_stays_never_leaves_the_right_way(folder: Path) -> None:
    """Whether it goes on from its last build or begins anew, it gives what a clean build gives."""
    walk = WarmWalk(folder, SEED)
    walk.run(WARM)
    assert 0.5 * WARM < walk.continued < walk.good_builds


def test_a_walk_notices_what_is_wrong(folder: Path) -> None:
    """It would find a page that is not as it must be, one too many and one too few."""
    walk = Walk(folder, SEED)
    clean = walk.check()
    (walk.output / "index.html").write_text("anders")
    (walk.output / "zuviel").mkdir()
    (walk.output / "404.html").unlink()
    wrong = dataclasses.replace(clean, tree=tree(walk.output))
    assert wrong.differences(clean) == [
        "missing: 404.html",
        "left over: zuviel",
        "differs: index.html",
    ]


def test_a_killed_build_is_put_right_by_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SITE_DATE")
    site = KilledSite(folder, SEED)
    for _ in range(KILLS):
        site.kill_a_build()
        site.rebuild()
    # A few may have been faster; not all.
    assert site.killed > 0


def test_a_second_build_into_one_folder_says_that_there_is_another(small_site: Site) -> None:
    with locked(small_site.output):
        result = small_site.build("--no-deploy")
    assert result.status == 1
    assert "Ein anderer Build in diesen Ordner läuft gerade." in result.err
    assert "Traceback" not in result.err
    assert not small_site.output.exists()
    assert small_site.build("--no-deploy").status == 0


def test_of_two_builds_at_once_one_is_right_and_the_other_too_or_refused(small_site: Site) -> None:
    command = [sys.executable, "-m", "invoke", *small_site.build_arguments("--no-deploy")]
    processes = [
        subprocess.Popen(
            command,
            cwd=PROJECT,
            env=small_site.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [(process.communicate()[1], process.returncode) for process in processes]
    assert {status for _, status in answers} <= {0, 1}
    assert 0 in {status for _, status in answers}
    for err, status in answers:
        assert "Traceback" not in err
        assert status == 0 or "Ein anderer Build in diesen Ordner läuft gerade." in err
    at_once = tree(small_site.output)
    assert small_site.build("--no-deploy", "--clean").status == 0
    assert tree(small_site.output) == at_once


# -- Where little or nothing can be written ---------------------------------------------------------------


def test_without_a_cache_each_build_is_right_and_says_why_it_is_slow(folder: Path) -> None:
    """A file has the place of the cache's folder."""
    walk = Walk(folder, SEED)
    walk.cache.write_text("eine Datei")
    for _ in range(2):
        found, clean = walk.build(), walk.clean_build()
        assert found.tree == clean.tree
        assert len(found.warnings) == 1
        assert "lässt sich nicht schreiben (" in found.warnings[0]
    walk.cache.unlink()
    walk.check()


@contextmanager
def _full_disk(size: int) -> Iterator[None]:
    """Let no file that this process writes grow beyond *size* bytes, as if the disk was full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_disk_too_full_for_the_cache_is_a_warning(folder: Path, is_new: bool) -> None:
    walk = Walk(folder, SEED)
    if not is_new:
        walk.check()
    # Each page is smaller; what a cache has to say about all of them is larger.
    walk.blog.settings["SITENAME"] = "Anders"
    with _full_disk(65_536):
        found = walk.build()
    clean = walk.clean_build()
    assert found.tree == clean.tree
    assert len(found.warnings) == 1
    assert "lässt sich nicht schreiben (" in found.warnings[0]
    walk.check()


def test_a_disk_too_full_for_the_output_is_put_right_when_there_is_room(folder: Path) -> None:
    walk = Walk(folder, SEED)
    walk.check()
    walk.blog.settings["SITENAME"] = "Anders"
    with _full_disk(4_000), pytest.raises(OSError, match="File too large"):
        walk.build()
    walk.check()


# -- Our own code -------------------------------------------------------------------------------------


_CODE = (
    *("authoring", "comment_service", "lektorat", "plugins", "publishing", "social", "theme"),
    *("yearbook", "tasks.py", "pelicanconf.py", "publishconf.py"),
)


_CHANGE = '''
def date(moment: dt.date) -> str:  # type: ignore[no-redef]
    """Return a day in another form."""
    return f"am {moment.isoformat()[:10]} dann"
'''


def test_a_change_in_a_plugin_builds_everything_again(small_site: Site, tmp_path: Path) -> None:
    """Only what a copy of our code writes: a build in the copy, a change, a build, a clean build."""
    copy = tmp_path / "projekt"
    copy.mkdir()
    for name in _CODE:
        if (PROJECT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(PROJECT / name, copy / name, ignore=ignored)
        else:
            shutil.copy(PROJECT / name, copy / name)
    text = small_site.settings.read_text("utf-8").replace(str(PROJECT), str(copy))
    small_site.settings.write_text(text, "utf-8")

    def build(*options: str) -> dict[str, bytes | str | None]:
        result = subprocess.run(
            [sys.executable, "-m", "invoke", *small_site.build_arguments("--no-deploy", *options)],
            cwd=copy,
            env=small_site.environment(),
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        return tree(small_site.output)

    before = build()
    code = copy / "plugins/german/core.py"
    code.write_text(f"{code.read_text('utf-8')}\n\n{_CHANGE}", "utf-8")
    after = build()
    page = after["blog/der-erste-beitrag/index.html"]
    assert isinstance(page, bytes)
    assert b"am 2026-01-14 dann" in page
    assert before["blog/der-erste-beitrag/index.html"] != page
    assert build("--clean") == after
