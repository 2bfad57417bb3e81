"""Follow the author: what she saves is built, one build after the other, and its outcome told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from plugins.source.problem import shown_path
from publishing.console import say
from publishing.live.builder import PROJECT, Builder
from publishing.live.changes import Changes
from publishing.live.outcome import Outcome

#: What a process that builds has loaded: only a new one is sure to know when it changes.
CODE = tuple(PROJECT / room for room in ("plugins", "publishing", "comment_service"))


async def follow(
    builder: Builder, settings: Path, tell: Callable[[Outcome], Awaitable[None]]
) -> None:
    """
    Build the preview, and again after each change, until cancelled; *tell* each outcome.

    Raises:
        WatchError: The system does not say what was saved.
    """
    changes = Changes()
    always = (*CODE, settings)
    try:
        # From before the first build on: it takes a while, and the author may not wait for it.
        await changes.watch(always)
        batch: frozenset[Path] = frozenset()
        while True:
            outcome = await _outcome(builder, changes, always, batch)
            if outcome.is_news:
                await tell(outcome)
            batch = await changes.taken()
            if code := sorted(filter(is_code, batch)):
                say(f"{shown_path(code[0])} hat sich geändert: Der Build beginnt neu.")
                await builder.end()
    finally:
        await builder.end()
        await changes.end()


async def _outcome(
    builder: Builder, changes: Changes, always: tuple[Path, ...], batch: frozenset[Path]
) -> Outcome:
    if builder.is_running:
        return await builder.rebuild(batch)
    sources, failure = await builder.start()
    if sources:
        await changes.watch((*always, *sources))
    return failure or await builder.rebuild(frozenset())


def is_code(path: Path) -> bool:
    """Say whether a process that builds may have loaded *path*: code, settings, a plugin's data."""
    return path.suffix == ".py" or any(path.is_relative_to(room) for room in CODE)
