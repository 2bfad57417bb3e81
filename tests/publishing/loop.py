"""An event loop for a test."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run(work: Coroutine[Any, Any, None]) -> None:
    """Do *work* in a thread: in this one Playwright's loop runs on, once a browser has started."""
    with ThreadPoolExecutor(1) as executor:
        executor.submit(asyncio.run, work).result()
