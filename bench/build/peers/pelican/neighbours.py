"""A plugin that links each article to the older and the newer one; the other peers have it built in."""

from __future__ import annotations

from itertools import pairwise

from pelican import signals
from pelican.generators import ArticlesGenerator


def link(generator: ArticlesGenerator) -> None:
    """Set ``older`` and ``newer``; articles come newest first."""
    for newer, older in pairwise(generator.articles):
        newer.older, older.newer = older, newer


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_finalized.connect(link)
