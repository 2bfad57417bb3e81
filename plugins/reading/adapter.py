"""Pelican's side: give posts their outline and related posts."""

from __future__ import annotations

from functools import partial

from pelican import Pelican, signals
from pelican.contents import Article, Content
from pelican.generators import ArticlesGenerator

from plugins.reading import core
from plugins.source.adapter import memorised, report
from plugins.source.problem import Problem

DEFAULTS = {
    "OUTLINE_CHARACTERS": 5000,
    "RELATED_POSTS": 3,
    "SHARE_LINKS": (),
}


def use_defaults(pelican: Pelican) -> None:
    """Complete and check the settings."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    try:
        core.check(*(settings[name] for name in DEFAULTS))
    except core.ReadingError as error:
        report(Problem("pelicanconf.py", error.message, field=error.field, remedy=error.remedy))
        settings[error.field] = DEFAULTS[error.field]


def attach_outline(content: Content) -> None:
    """Give a new article its outline, if it is long; `plugins.german` has counted its characters."""
    if isinstance(content, Article):
        least = content.settings["OUTLINE_CHARACTERS"]
        is_long = least is not None and getattr(content, "characters", 0) >= least
        content.outline = core.outline(content._content) if is_long else []


def attach_related(generator: ArticlesGenerator) -> None:
    """Give articles their related ones; `plugins.series` and `plugins.archive` know their neighbours."""
    for article in (*generator.articles, *generator.drafts, *generator.hidden_articles):
        article.related = []
    articles = {article.slug: article for article in generator.articles}
    posts = [_post(article) for article in articles.values()]
    most = generator.settings["RELATED_POSTS"]
    # With thousands of posts it takes as long as all the rest of a small change; most change nothing here.
    plain = [(p.key, sorted(p.tags), p.category, sorted(map(str, p.apart))) for p in posts]
    related = memorised(
        generator.settings, f"related {most} {plain}", partial(core.related, posts, most)
    )
    for post, found in zip(posts, related, strict=True):
        articles[post.key].related = [articles[key] for key in found]


def _post(article: Article) -> core.Post:
    series = getattr(article, "series", None)
    parts = [part.article for part in series.parts] if series else []
    near = (*parts, getattr(article, "older", None), getattr(article, "newer", None))
    return core.Post(
        article.slug,
        frozenset(tag.slug for tag in getattr(article, "tags", ())),
        article.category.slug,
        frozenset(one.slug for one in near if one is not None),
    )


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.content_object_init.connect(attach_outline)
    signals.article_generator_finalized.connect(attach_related)
