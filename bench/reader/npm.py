"""What comes from npm: the peers and judges of package.json, in a folder of their own."""

from __future__ import annotations

from pathlib import Path

from bench.packages import ensure_npm
from publishing.browser.tools import pinned
from publishing.build import CACHE

HERE = Path(__file__).resolve().parent
FOLDER = CACHE / "bench" / "reader"


def ensure() -> None:
    """
    Install what package.json names, if it is not there.

    Raises:
        AuthorError: npm fails.
    """
    ensure_npm(HERE, FOLDER)


def version(package: str) -> str:
    """Return the pinned version of *package*."""
    return pinned(HERE, package)
