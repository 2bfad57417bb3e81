"""The pages that are open in browsers, and what they are told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from plugins.source.problem import Problem
from publishing.live.outcome import Outcome

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Where a page's script connects to.
ADDRESS = "/vorschau/live"
#: A page that hears of more changes than this reloads without looking.
MANY = 1000


class Browsers:
    """
    The open pages: each has a WebSocket, for those do not count among a browser's few connections.

    A message is JSON: ``since`` and ``stand``, the numbers of the site's state before and after;
    ``changed``, the addresses that changed between, or null for all; ``problems``. A page
    carries the number of the state that it shows. If that is not ``since``, it has missed
    something, for instance while no server ran.
    """

    def __init__(self) -> None:
        # Never the number of an earlier server's state.
        self._stand = time.time_ns() // 1_000_000
        self._problems: tuple[Problem, ...] = ()
        self._pages: set[asyncio.Queue[str]] = set()
        self._first = asyncio.Event()

    @property
    def stand(self) -> int:
        """The number of the site's state; a page read from now on is at least as new."""
        return self._stand

    async def ready(self) -> None:
        """Wait for the first outcome: before it there is no site, or an old one."""
        await self._first.wait()

    def release(self) -> None:
        """Keep nobody waiting for the first outcome: the server stops."""
        self._first.set()

    def tell(self, outcome: Outcome) -> None:
        """Tell all pages the *outcome*, and those that open until the next one."""
        since = self._stand
        self._problems = outcome.problems
        if not outcome.problems and outcome.changed != frozenset():
            self._stand += 1
        message = self._message(since, outcome.changed)
        for page in self._pages:
            page.put_nowait(message)
        self._first.set()

    def _message(self, since: int, changed: frozenset[str] | None) -> str:
        is_short = changed is not None and len(changed) <= MANY
        return json.dumps(
            {
                "since": since,
                "stand": self._stand,
                "changed": sorted(map(_encoded, changed or ())) if is_short else None,
                "problems": [asdict(problem) for problem in self._problems],
            }
        )

    async def follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak with one page until it is closed: the ASGI application of its WebSocket."""
        await receive()
        if not _is_ours(scope):
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept"})
        await self.ready()
        queue: asyncio.Queue[str] = asyncio.Queue()
        queue.put_nowait(self._message(self._stand, frozenset()))
        self._pages.add(queue)
        speaking = asyncio.create_task(_pass_on(queue, send))
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            self._pages.discard(queue)
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)


async def _pass_on(queue: asyncio.Queue[str], send: Send) -> None:
    while True:
        await send({"type": "websocket.send", "text": await queue.get()})


def _encoded(address: str) -> str:
    return quote(address, safe="/!$&'()*+,;=:@~")


def _is_ours(scope: Scope) -> bool:
    """Say whether a page of this server asks; drafts are no other site's business."""
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    return bool(headers["host"] == urlsplit(headers.get("origin", "")).netloc)
