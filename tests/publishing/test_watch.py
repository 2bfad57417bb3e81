"""`invoke comments.watch` builds when an approved comment is new, and goes on until that worked."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.comments.pull import PullError
from publishing.watch import Shown, Watch
from tests.site import PROJECT, Site


class _Blog:
    """Comments as they are now, and whether a build works; counts builds."""

    def __init__(self) -> None:
        self.comments = "eins"
        self.works = True
        self.builds = 0

    def look(self) -> str:
        return self.comments

    def build(self) -> bool:
        self.builds += 1
        return self.works


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    return Shown(tmp_path / "neu" / ".online")


def test_a_new_state_is_built_once(shown: Shown) -> None:
    blog = _Blog()
    watch = Watch(blog.look, blog.build, shown)
    assert watch.step()
    assert watch.step()
    assert blog.builds == 1
    blog.comments = "zwei"
    assert watch.step()
    assert watch.step()
    assert blog.builds == 2


def test_a_restart_builds_nothing_for_a_state_that_was_built(shown: Shown) -> None:
    blog = _Blog()
    assert Watch(blog.look, blog.build, shown).step()
    assert Watch(blog.look, blog.build, shown).step()
    assert blog.builds == 1
    blog.comments = "zwei"
    blog.works = False
    assert not Watch(blog.look, blog.build, shown).step()
    blog.works = True
    assert Watch(blog.look, blog.build, shown).step()
    assert Watch(blog.look, blog.build, shown).step()
    assert blog.builds == 3


def test_a_state_that_is_not_readable_or_not_to_be_kept_costs_a_build(tmp_path: Path) -> None:
    blog = _Blog()
    broken = tmp_path / "kaputt"
    broken.write_bytes(b"\xff")
    assert Watch(blog.look, blog.build, Shown(broken)).step()
    assert blog.builds == 1
    assert Shown(broken).read() == "eins"
    unwritable = Shown(broken / "datei")
    assert Watch(blog.look, blog.build, unwritable).step()
    assert blog.builds == 2


def test_a_build_that_failed_is_tried_again(shown: Shown) -> None:
    blog = _Blog()
    watch = Watch(blog.look, blog.build, shown)
    blog.works = False
    assert not watch.step()
    assert not watch.step()
    blog.works = True
    assert watch.step()
    assert watch.step()
    assert blog.builds == 3


def test_what_came_during_a_build_is_built_after_it(shown: Shown) -> None:
    blog = _Blog()

    def build() -> bool:
        blog.comments = "zwei" if blog.builds == 0 else blog.comments
        return blog.build()

    watch = Watch(blog.look, build, shown)
    assert watch.step()
    assert watch.step()
    assert watch.step()
    assert blog.builds == 2


def test_a_source_that_is_away_is_no_reason_to_build_and_told_once(
    shown: Shown, capsys: pytest.CaptureFixture[str]
) -> None:
    blog = _Blog()
    is_away = True

    def look() -> str:
        if is_away:
            raise PullError("Der Kommentarserver ist nicht erreichbar.")
        return blog.look()

    watch = Watch(look, blog.build, shown)
    assert watch.step()
    assert watch.step()
    assert blog.builds == 0
    assert capsys.readouterr().err.count("Hinweis: Der Kommentarserver") == 1
    is_away = False
    assert watch.step()
    is_away = True
    assert watch.step()
    assert "Hinweis: Der Kommentarserver" in capsys.readouterr().err


# --- In earnest --------------------------------------------------------------------------------------

_PUT_COMMENT = """
from comment_service import moderation
moderation.setup()
from django.utils import timezone
from comment_service.comments.models import Comment
comment = Comment.objects.create(
    page="/blog/der-zweite-beitrag/", author="Ada Wacht", text="Gut!", created=timezone.now())
moderation.approve([comment.pk])
"""


def _until(is_so: Callable[[], bool], watcher: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while not is_so():
        if time.monotonic() > deadline or watcher.poll() is not None:
            pytest.fail(log.read_text("utf-8", "replace"), pytrace=False)
        time.sleep(0.1)


def test_the_watcher_brings_an_approved_comment_to_readers(small_site: Site) -> None:
    """The command that systemd starts: it builds the site, and again when a comment is approved."""
    site = small_site
    folders = f"PATH = {str(site.content)!r}\nOUTPUT_PATH = {str(site.output)!r}\n"
    site.write_settings(folders)
    page, log = site.public / "blog/der-zweite-beitrag/index.html", site.folder / "waechter.log"
    with log.open("wb") as file:
        watcher = subprocess.Popen(
            [sys.executable, "-m", "invoke", "comments.watch", "--settings", str(site.settings)],
            cwd=PROJECT,
            env=site.environment(),
            stdout=file,
            stderr=file,
        )

    def state() -> str:
        found = list(site.data.glob(".kommentare.json.online-*"))
        return found[0].read_text("utf-8") if found else ""

    try:
        _until(lambda: bool(state()), watcher, log)
        first = state()
        assert b"Ada Wacht" not in page.read_bytes()
        subprocess.run(
            [sys.executable, "-c", _PUT_COMMENT], cwd=PROJECT, env=site.environment(), check=True
        )
        _until(lambda: state() != first, watcher, log)
        assert b"Ada Wacht" in page.read_bytes()
    finally:
        watcher.terminate()
        watcher.wait(30)
