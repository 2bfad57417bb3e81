"""From a saved file to the open pages: the outcome of a build, who is told it, and in what order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from plugins.source.problem import AuthorError, Problem, SourceError
from publishing.live.browsers import MANY, Browsers
from publishing.live.builder import PROJECT, Builder
from publishing.live.follow import follow, is_code
from publishing.live.outcome import Outcome, address, as_data, from_data, refusal
from publishing.live.rebuild import UNFINISHED, exchange, update
from tests.publishing.loop import run
from tests.site import tree

MISTAKE = Problem("content/a.md", "Das ist falsch.", 3, "date", "Schreiben Sie es richtig.")


# --- Outcome -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "/"),
        ("blog/x/index.html", "/blog/x/"),
        ("404.html", "/404.html"),
        ("blog/xindex.html", "/blog/xindex.html"),
        ("theme/css/main.css", "/theme/css/main.css"),
    ],
)
def test_address(path: str, expected: str) -> None:
    assert address(path) == expected


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(),
        Outcome(None, drafts=("entwurf/x/",)),
        Outcome(frozenset({"/", "/ä/"})),
        Outcome(problems=(MISTAKE,)),
        Outcome(is_news=False),
    ],
)
def test_an_outcome_goes_from_process_to_process(outcome: Outcome) -> None:
    assert from_data(json.loads(json.dumps(as_data(outcome)))) == outcome


def test_every_mistake_of_the_authors_is_an_outcome() -> None:
    assert refusal(SourceError([MISTAKE, MISTAKE])).problems == (MISTAKE, MISTAKE)
    assert refusal(AuthorError("Das geht nicht.")).problems[0].message == "Das geht nicht."


# --- The folder that is shown ------------------------------------------------------------------------


def _write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_exchange_touches_only_what_differs(tmp_path: Path) -> None:
    """And names it; what is gone is deleted, with its folder."""
    new, shown = tmp_path / "new", tmp_path / "shown"
    _write(shown, index_html="a", blog__x__index_html="x", blog__y__index_html="y")
    untouched = (shown / "index.html").stat()
    _write(new, index_html="a", blog__y__index_html="z", bilder__n_svg="n")
    assert exchange(new, shown) == {"/blog/x/", "/blog/y/", "/bilder/n.svg"}
    assert (shown / "index.html").stat().st_mtime_ns == untouched.st_mtime_ns
    assert (shown / "blog/y/index.html").read_text() == "z"
    assert not (shown / "blog/x").exists()
    assert exchange(new, shown) == frozenset()
    assert exchange(new, tmp_path / "first") == {"/", "/blog/y/", "/bilder/n.svg"}
    assert tree(tmp_path / "first") == tree(new) == tree(shown)


def test_exchange_ends_what_was_interrupted(tmp_path: Path) -> None:
    """A folder that was left half done says so, for the build refuses foreign ones."""
    new, shown = tmp_path / "new", tmp_path / "shown"
    _write(new, index_html="a")
    _write(shown, **{UNFINISHED.replace(".", "_"): ""})
    exchange(new, shown)
    assert tree(shown) == {"index.html": b"a"}


def test_update_brings_what_a_build_has_written(tmp_path: Path) -> None:
    """In place of what was there, also where a page's folder was a page before."""
    new, shown = tmp_path / "new", tmp_path / "shown"
    _write(shown, index_html="a", blog="x", alt__index_html="y")
    _write(new, index_html="b", blog__x__index_html="x")
    written, gone = (
        frozenset({"index.html", "blog/x/index.html"}),
        frozenset({"blog", "alt/index.html"}),
    )
    assert update(new, shown, written, gone) == {"/", "/blog/x/", "/blog", "/alt/"}
    assert (shown / "index.html").read_text() == "b"
    assert (shown / "blog/x/index.html").read_text() == "x"
    assert not (shown / "alt").exists()


# --- Browsers ----------------------------------------------------------------------------------------


class _Tab:
    """The other end of a WebSocket."""

    def __init__(self, origin: str = "http://localhost:8000") -> None:
        headers = [(b"host", b"localhost:8000"), (b"origin", origin.encode())]
        self.scope = {"type": "websocket", "headers": headers}
        self.sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.received: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.received.put_nowait({"type": "websocket.connect"})

    def open(self, browsers: Browsers) -> asyncio.Task[None]:
        return asyncio.create_task(
            browsers.follow(self.scope, self.received.get, self.sent.put)  # type: ignore[arg-type]
        )

    async def message(self) -> dict[str, Any]:
        """Return the next message, past the opening of the connection."""
        answer = await self.sent.get()
        if answer["type"] == "websocket.accept":
            answer = await self.sent.get()
        message: dict[str, Any] = json.loads(answer["text"])
        return message


def test_a_tab_hears_where_things_stand_and_what_changes() -> None:
    async def work() -> None:
        browsers, tab = Browsers(), _Tab()
        following = tab.open(browsers)
        before = browsers.stand
        browsers.tell(Outcome(frozenset({"/ä b/"})))
        first = await tab.message()
        assert first == {"since": before + 1, "stand": before + 1, "changed": [], "problems": []}
        browsers.tell(Outcome(frozenset({"/ä b/", "/"})))
        browsers.tell(Outcome(None))
        assert await tab.message() == {
            **{"since": before + 1, "stand": before + 2},
            **{"changed": ["/", "/%C3%A4%20b/"], "problems": []},
        }
        third = await tab.message()
        assert (third["since"], third["stand"], third["changed"]) == (before + 2, before + 3, None)
        tab.received.put_nowait({"type": "websocket.disconnect"})
        await following
        browsers.tell(Outcome(None))
        assert tab.sent.empty()

    run(work())


def test_a_mistake_stays_until_it_is_mended() -> None:
    """The site's state does not change by it: no page has to load again."""

    async def work() -> None:
        browsers, early, late = Browsers(), _Tab(), _Tab()
        tasks = [early.open(browsers)]
        browsers.tell(Outcome(problems=(MISTAKE,)))
        stand = browsers.stand
        told = await early.message()
        assert told["problems"] == [
            {
                **{"file": "content/a.md", "line": 3, "field": "date"},
                **{"message": "Das ist falsch.", "remedy": "Schreiben Sie es richtig."},
            }
        ]
        tasks.append(late.open(browsers))
        assert (await late.message())["problems"] == told["problems"]
        browsers.tell(Outcome(frozenset()))
        for tab in (early, late):
            message = await tab.message()
            assert message["problems"] == []
            assert message["since"] == message["stand"] == stand
            tab.received.put_nowait({"type": "websocket.disconnect"})
        await asyncio.gather(*tasks)

    run(work())


def test_very_many_changes_are_told_as_all() -> None:
    async def work() -> None:
        browsers, tab = Browsers(), _Tab()
        browsers.tell(Outcome())
        following = tab.open(browsers)
        await tab.message()
        browsers.tell(Outcome(frozenset(f"/{number}/" for number in range(MANY + 1))))
        assert (await tab.message())["changed"] is None
        following.cancel()

    run(work())


def test_another_sites_page_is_refused() -> None:
    async def work() -> None:
        for origin in ("https://andere.example", "http://localhost:8001", ""):
            browsers, tab = Browsers(), _Tab(origin)
            browsers.tell(Outcome(problems=(MISTAKE,)))
            await tab.open(browsers)
            assert tab.sent.get_nowait() == {"type": "websocket.close"}
            assert tab.sent.empty()

    run(work())


# --- The loop ------------------------------------------------------------------------------------------


class _Builder(Builder):
    """Builds nothing, but notes what it was asked; *work* happens during each build."""

    def __init__(self, source: Path, work: Callable[[int], Outcome]) -> None:
        super().__init__({})
        self.log: list[frozenset[Path] | str] = []
        self._source, self._work = source, work
        self._is_up = self._is_building = False

    @property
    def is_running(self) -> bool:
        return self._is_up

    async def start(self) -> tuple[list[Path], Outcome | None]:
        self.log.append("start")
        self._is_up = True
        return [self._source], None

    async def rebuild(self, changes: frozenset[Path]) -> Outcome:
        assert not self._is_building, "two builds at once"
        self._is_building = True
        self.log.append(changes)
        outcome = await asyncio.to_thread(self._work, len(self.log))
        self._is_building = False
        return outcome

    async def end(self, patience_s: float = 0) -> int:
        if self._is_up:
            self.log.append("end")
        self._is_up = False
        return 0


def _followed(builder: _Builder, folder: Path, told: Callable[[Outcome], bool]) -> None:
    """Follow until *told* says that it was enough."""

    async def work() -> None:
        enough = asyncio.Event()

        async def tell(outcome: Outcome) -> None:
            if told(outcome):
                enough.set()

        following = asyncio.create_task(follow(builder, folder / "conf.py", tell))
        async with asyncio.timeout(20):
            await asyncio.wait(
                {following, asyncio.create_task(enough.wait())},
                return_when=asyncio.FIRST_COMPLETED,
            )
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    run(work())


def test_what_is_saved_during_a_build_is_built_next(tmp_path: Path) -> None:
    """The first build looks at everything; then one after the other, and nothing is lost."""
    post = tmp_path / "content" / "a.md"
    post.parent.mkdir()

    def work(count: int) -> Outcome:
        if count < 5:
            post.write_text(f"Stand {count}")
        return Outcome(frozenset({f"/{count}/"}))

    builder = _Builder(post.parent, work)
    outcomes: list[Outcome] = []

    def told(outcome: Outcome) -> bool:
        outcomes.append(outcome)
        return len(outcomes) == 4

    _followed(builder, tmp_path, told)
    assert builder.log == ["start", frozenset(), *[frozenset({post})] * 3, "end"]
    assert [outcome.changed for outcome in outcomes] == [{f"/{n}/"} for n in (2, 3, 4, 5)]


def test_what_was_told_holds_while_there_is_nothing_to_build(tmp_path: Path) -> None:
    """A reader's comment that waits for approval takes no mistake off the screen."""
    post = tmp_path / "content" / "a.md"
    post.parent.mkdir()

    def work(count: int) -> Outcome:
        if count < 4:
            post.write_text(f"Stand {count}")
        return Outcome(is_news=count != 3, drafts=(f"{count}",))

    builder = _Builder(post.parent, work)
    told: list[Outcome] = []

    def enough(outcome: Outcome) -> bool:
        told.append(outcome)
        return len(told) == 2

    _followed(builder, tmp_path, enough)
    assert [outcome.drafts for outcome in told] == [("2",), ("4",)]


def test_changed_code_begins_anew(tmp_path: Path) -> None:
    """The process that has loaded it ends; the next one builds whatever is not as it should be."""
    settings, post = tmp_path / "conf.py", tmp_path / "content" / "a.md"
    post.parent.mkdir()

    def work(count: int) -> Outcome:
        if count == 2:
            settings.write_text("A = 1")
        return Outcome()

    builder = _Builder(post.parent, work)
    outcomes: list[Outcome] = []

    def told(outcome: Outcome) -> bool:
        outcomes.append(outcome)
        return len(outcomes) == 2

    _followed(builder, tmp_path, told)
    assert builder.log == ["start", frozenset(), "end", "start", frozenset(), "end"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PROJECT / "plugins/tips/core.py", True),
        (PROJECT / "plugins/typography/words.txt", True),
        (PROJECT / "pelicanconf.py", True),
        (Path("/x/conf.py"), True),
        (PROJECT / "content/artikel/a.md", False),
        (PROJECT / "theme/templates/base.html", False),
    ],
)
def test_is_code(path: Path, expected: bool) -> None:
    assert is_code(path) is expected
