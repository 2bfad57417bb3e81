"""
Hyphenation: long German words may be divided where their parts meet.

Jinja filters: ``hyphenate`` for plain text, ``hyphenate_html`` for HTML; see `adapter.py`. Setting:
``HYPHENATION_EXCEPTIONS``, the author's file in ``PATH``, by default ``trennung.yaml``.

Data: patterns.txt (TeX's patterns), parts.txt (parts of compounds, made by `collect.py`) and
exceptions.txt; their authors and licences are in NOTICE.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from plugins.hyphenation.compounds import Parts
from plugins.hyphenation.core import (
    Exceptions,
    Hyphenator,
    content_lines,
    read_exceptions,
    read_parts,
)
from plugins.hyphenation.patterns import Patterns

__all__ = ["breaks", "german", "german_patterns", "register", "seams"]

_FOLDER = Path(__file__).parent


@cache
def german_patterns() -> Patterns:
    """Return TeX's patterns for German spelling of 1996."""
    return Patterns(_lines("patterns.txt"))


@cache
def german() -> Hyphenator:
    """Return the hyphenator for German, without a site's own exceptions; read once, 0.2 s."""
    return Hyphenator(*german_data())


@cache
def german_data() -> tuple[Patterns, Parts, Exceptions]:
    """Return what a hyphenator for German is made of; it can be pickled, and is back in a quarter of the time."""
    return (
        german_patterns(),
        read_parts(_lines("parts.txt")),
        read_exceptions(_lines("exceptions.txt")),
    )


def breaks(word: str) -> list[int]:
    """Return all places at which the German *word* may be divided."""
    return german().breaks(word)


def seams(word: str) -> list[int]:
    """Return the places at which the German *word* is best divided."""
    return german().seams(word)


def _lines(name: str) -> list[str]:
    return content_lines((_FOLDER / name).read_text("utf-8"))


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.hyphenation import adapter

    adapter.register()
