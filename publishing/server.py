"""
The server's process: ``python -m publishing.server PORT PREVIEW``.

PREVIEW is JSON: the options of a `publishing.live.rebuild.Preview` that keeps up with the author, or
null for a site that stays as it is. The site's folder is in the environment, as the comment service
wants it.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from publishing.console import answering, complain, say
from publishing.live.browsers import Browsers
from publishing.live.builder import Builder
from publishing.live.follow import follow
from publishing.live.outcome import Outcome
from publishing.serve import ENDING, HOST, ServeError, check_port

_STOP_S = 1.0


@answering
def main(port: int, preview: dict[str, Any] | None) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    asyncio.run(_serve(port, preview))
    say("Beendet.")


async def _serve(port: int, preview: dict[str, Any] | None) -> None:
    stop = asyncio.Event()
    for number in ENDING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    terminal = _Terminal(port)
    browsers = Browsers() if preview else None
    work = _keep_up(preview, browsers, terminal) if preview and browsers else _stay(terminal)
    tasks = [asyncio.create_task(task) for task in (work, _answer(port, browsers), stop.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _answer(port: int, browsers: Browsers | None) -> None:
    """Answer requests, until cancelled."""
    # It takes half a second, in which the first build has begun.
    application = await asyncio.to_thread(_application, browsers)
    # Again: somebody may have come first, and two servers could share the port unnoticed.
    check_port(port)
    server = Server(
        application,
        address=HOST,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        # Below that it says that embedding is experimental, and which browsers went away.
        log_level=LogLevels.critical,
    )
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    finally:
        # It answers what it was asked before it stops.
        if browsers:
            browsers.release()
        server.stop()
        await asyncio.wait({serving}, timeout=_STOP_S)
    raise ServeError("Der Server hat von selbst aufgehört; starten Sie ihn bitte neu.")


def _application(browsers: Browsers | None) -> Any:
    """Set Django up, and return the ASGI application."""
    from publishing.preview import application

    return application(browsers)


async def _keep_up(preview: dict[str, Any], browsers: Browsers, terminal: _Terminal) -> None:
    """Build the preview and follow the author."""

    async def tell(outcome: Outcome) -> None:
        browsers.tell(outcome)
        await terminal.tell(outcome)

    await follow(Builder(preview), Path(preview["settings"]), tell)


async def _stay(terminal: _Terminal) -> None:
    """Serve a site as it is."""
    await terminal.greet()
    await asyncio.Event().wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


class _Terminal:
    """What the author reads there beside what the builds say."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._origin = f"http://localhost:{port}"
        self._is_greeted = False
        self._drafts: set[str] = set()

    async def greet(self) -> None:
        """Say where the site is, once it is there."""
        while not await _answers(self._port):
            await asyncio.sleep(0.02)
        say(f"Die Website läuft auf {self._origin} – mit Strg+C beenden Sie sie.", "green")
        self._is_greeted = True

    async def tell(self, outcome: Outcome) -> None:
        """Tell problems, and drafts that were not there before."""
        for problem in outcome.problems:
            complain(f"Fehler: {problem}", "bold red")
        if not self._is_greeted:
            await self.greet()
            say(
                "Entwürfe und künftige Beiträge sind dabei. Was Sie speichern, erscheint von selbst."
            )
        for draft in outcome.drafts:
            if draft not in self._drafts:
                say(f"  {self._origin}/{draft}")
        self._drafts.update(outcome.drafts)


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
