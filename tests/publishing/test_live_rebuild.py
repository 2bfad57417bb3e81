"""The preview's builds: what is shown at once, and what waits until there is nothing to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plugins.incremental.adapter import Build
from plugins.incremental.generators import ArticlesGenerator
from plugins.incremental.store import STANDING, DamagedError, Store
from publishing import build as builder
from publishing.live import rebuild
from publishing.live.outcome import Outcome
from publishing.live.rebuild import Preview
from tests.plugins.pelican_site import own_signals
from tests.site import Site, tree

PAGE = "blog/der-zweite-beitrag/index.html"


class Desk:
    """A site and its author, with a preview."""

    def __init__(self, site: Site, cache: Path) -> None:
        self.site, self._cache = site, cache
        self.shown = site.folder / "vorschau"
        self.preview = self.new_preview(self.shown)

    def new_preview(self, shown: Path) -> Preview:
        """Return a preview that nobody has built yet."""
        return Preview(str(self.site.settings), str(shown), str(self.site.content))

    def save(self, word: str) -> Outcome:
        """Save another text of a post, and return what that came to."""
        file = self.site.content / "artikel/zwei.md"
        file.write_text(f"{file.read_text('utf-8')}\n{word}\n", "utf-8")
        return self.preview.rebuild(frozenset({file}))

    def has(self, word: str) -> bool:
        """Say whether the post is shown with *word*."""
        return word in (self.shown / PAGE).read_text("utf-8")

    def kept(self) -> list[bytes]:
        """Return what builds have kept, to be compared."""
        return [path.read_bytes() for path in self.caches()]

    def caches(self) -> list[Path]:
        """Return the files in which they keep it."""
        return sorted(self._cache.glob("bau-*.sqlite*"))

    def assert_right(self) -> None:
        """See that what is shown is what a preview shows that was built from nothing."""
        clean = self.site.folder / "neu"
        assert self.new_preview(clean).rebuild(frozenset()).problems == ()
        assert tree(self.shown) == tree(clean)


def _counted(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[object]:
    """Return a list that gets longer with each call."""
    calls: list[object] = []
    called: Callable[..., object] = getattr(owner, name)

    def counted(*given: object) -> object:
        calls.append(given)
        return called(*given)

    monkeypatch.setattr(owner, name, counted)
    return calls


@pytest.fixture
def desk(small_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A preview that was built, and has had time for what can wait."""
    monkeypatch.setattr(builder, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(rebuild, "pull_comments", lambda loaded: "")
    with own_signals():
        desk = Desk(small_site, tmp_path / "cache")
        assert desk.preview.rebuild(frozenset()).problems == ()
        desk.preview.rest()
        yield desk


def test_a_saved_text_is_shown_before_anything_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And already the first one goes on from the whole build with what all others will use."""
    whole = _counted(monkeypatch, builder, "build")
    written = _counted(monkeypatch, ArticlesGenerator, "generate_output")
    for word in ("Eins", "Zwei", "Drei"):
        kept = desk.kept()
        changed = desk.save(word).changed
        assert changed
        assert "/blog/der-zweite-beitrag/" in changed
        assert desk.has(word)
        assert desk.kept() == kept
        desk.preview.rest()
        assert desk.kept() != kept
    assert not whole
    assert not written
    desk.assert_right()


def test_who_saves_again_before_there_was_time_loses_nothing(desk: Desk) -> None:
    desk.save("Eins")
    assert desk.save("Zwei").changed
    assert desk.has("Eins")
    assert desk.has("Zwei")
    desk.assert_right()


def test_a_preview_that_was_killed_before_it_kept_anything_is_put_right(desk: Desk) -> None:
    desk.save("Eins")
    desk.preview = desk.new_preview(desk.shown)
    assert desk.save("Zwei").problems == ()
    assert desk.has("Zwei")
    desk.assert_right()


@pytest.mark.parametrize("error", [DamagedError("x"), OSError(28, "No space left on device")])
def test_where_nothing_can_be_kept_the_next_build_begins_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    whole = _counted(monkeypatch, builder, "build")
    with monkeypatch.context() as patch:
        patch.setattr(Build, "keep", fail)
        desk.save("Eins")
        desk.preview.rest()
    assert not whole
    assert desk.save("Zwei").problems == ()
    assert len(whole) == 1
    desk.assert_right()


def test_who_goes_on_takes_back_what_the_whole_build_said_of_all_inputs(desk: Desk) -> None:
    """Nobody has looked at all of them again."""
    assert desk.preview.rebuild(frozenset()).problems == ()
    (cache,) = desk.caches()
    assert Store.peek(cache, (STANDING,))
    desk.save("Eins")
    desk.preview.rest()
    assert Store.peek(cache, ("files",))
    assert Store.peek(cache, (STANDING,)) is None
