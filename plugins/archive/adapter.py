"""Pelican's side: the archive's lists and the neighbours of posts."""

from __future__ import annotations

from itertools import pairwise

from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.settings import DEFAULT_CONFIG

from plugins.archive import core


def newest_first(article: Article) -> tuple[float, str]:
    """Return the key of ARTICLE_ORDER_BY: newest first, and the same order on every machine."""
    return -article.date.timestamp(), article.slug


def use_order(pelican: Pelican) -> None:
    """Order posts, unless the settings say how."""
    if pelican.settings["ARTICLE_ORDER_BY"] == DEFAULT_CONFIG["ARTICLE_ORDER_BY"]:
        pelican.settings["ARTICLE_ORDER_BY"] = newest_first


def attach_archive(generator: ArticlesGenerator) -> None:
    """Put the lists into the context and link neighbours."""
    for article in (*generator.articles, *generator.drafts, *generator.hidden_articles):
        article.older = article.newer = None
    for newer, older in pairwise(generator.articles):
        newer.older = older
        older.newer = newer
    context = generator.context
    context["years"] = core.by_year(generator.articles)
    context["tags_by_name"] = core.by_name(
        (tag, len(articles)) for tag, articles in generator.tags.items()
    )
    context["categories"] = core.by_name(context["categories"])


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_order)
    signals.article_generator_finalized.connect(attach_archive)
