"""`invoke comments.watch` builds when an approved comment is new, and goes on until that worked."""

from __future__ import annotations

import pytest

from plugins.comments.pull import PullError
from publishing.watch import Watch


class _Blog:
    """Comments as they are now, and whether a build works; counts builds."""

    def __init__(self) -> None:
        self.comments = b"eins"
        self.works = True
        self.builds = 0

    def build(self) -> bool:
        self.builds += 1
        return self.works


def test_a_new_state_is_built_once() -> None:
    blog = _Blog()
    watch = Watch(lambda: blog.comments, blog.build)
    assert watch.step()
    assert watch.step()
    assert blog.builds == 1
    blog.comments = b"zwei"
    assert watch.step()
    assert watch.step()
    assert blog.builds == 2


def test_a_build_that_failed_is_tried_again() -> None:
    blog = _Blog()
    watch = Watch(lambda: blog.comments, blog.build)
    blog.works = False
    assert not watch.step()
    assert not watch.step()
    blog.works = True
    assert watch.step()
    assert watch.step()
    assert blog.builds == 3


def test_what_came_during_a_build_is_built_after_it() -> None:
    blog = _Blog()

    def build() -> bool:
        blog.comments = b"zwei" if blog.builds == 0 else blog.comments
        return blog.build()

    watch = Watch(lambda: blog.comments, build)
    assert watch.step()
    assert watch.step()
    assert watch.step()
    assert blog.builds == 2


def test_a_source_that_is_away_is_no_reason_to_build(capsys: pytest.CaptureFixture[str]) -> None:
    blog = _Blog()

    def look() -> object:
        raise PullError("Der Kommentarserver ist nicht erreichbar.")

    assert Watch(look, blog.build).step()
    assert blog.builds == 0
    assert "Hinweis: Der Kommentarserver" in capsys.readouterr().err
