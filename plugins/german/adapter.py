"""Pelican's side: filters and the report of names that share an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from pelican import Pelican, signals
from pelican.contents import Article, Content
from pelican.generators import ArticlesGenerator, PagesGenerator
from selectolax.lexbor import LexborHTMLParser

from plugins.german import core
from plugins.source.adapter import read_text, report
from plugins.source.core import line_of
from plugins.source.problem import Problem, SourceError, shown_path
from plugins.typography import Settings as Typography
from plugins.typography import SettingsError, typeset_text

TOC = "markdown.extensions.toc"
TYPOGRAPHY = "plugins.typography"
FILTERS = {
    "date": core.date,
    "time": core.time,
    "iso": core.iso,
    "week": core.week,
    "number": core.number,
    "plural": core.plural,
    "und": core.listed,
    "slug": core.slug,
}


def use_german(pelican: Pelican) -> None:
    """Set filters and the ids of headings before the first generator is made."""
    settings = pelican.settings
    options = _typography(settings)
    settings["JINJA_FILTERS"] = {
        **FILTERS,
        "typo": partial(typeset_text, settings=Typography(**options)),
        **settings["JINJA_FILTERS"],
    }
    configs = settings["MARKDOWN"].get("extension_configs", {})
    if TYPOGRAPHY in configs:
        # So that TYPOGRAPHY in publishconf.py reaches the posts, too.
        configs = {**configs, TYPOGRAPHY: options}
    if TOC in configs:
        configs = {**configs, TOC: {"slugify": core.heading_slug, **configs[TOC]}}
    settings["MARKDOWN"] = {**settings["MARKDOWN"], "extension_configs": configs}


def _typography(settings: dict[str, Any]) -> dict[str, Any]:
    """
    Return the setting ``TYPOGRAPHY``.

    Raises:
        SourceError: It has unknown names or values.
    """
    options: dict[str, Any] = settings.get("TYPOGRAPHY", {})
    try:
        Typography(**options)
    except (TypeError, SettingsError) as error:
        raise SourceError(
            [
                Problem(
                    "pelicanconf.py",
                    f"Die Einstellung ist nicht möglich ({error}).",
                    field="TYPOGRAPHY",
                    remedy="Möglich sind quotes, spaces und widow; siehe HANDBUCH.md.",
                )
            ]
        ) from None
    return options


def report_clashes(generator: ArticlesGenerator) -> None:
    """Log every post, category or tag whose address another one has already."""
    articles = list(_all_articles(generator))
    report_slugs(articles, "Beitrag")
    _report_names(articles, "category", "Die Kategorie", _category)
    _report_names(articles, "tags", "Das Schlagwort", _tags)


def report_page_clashes(generator: PagesGenerator) -> None:
    """Log every page whose address another one has already."""
    report_slugs([*generator.pages, *generator.hidden_pages, *generator.draft_pages], "Seite")


def attach_reading_time(content: Content) -> None:
    """Give a new article its ``reading_minutes`` and its length in ``characters``, spaces included."""
    if isinstance(content, Article):
        words = LexborHTMLParser(content._content).text(separator=" ").split()
        content.reading_minutes = core.reading_minutes(len(words))
        content.characters = len(" ".join(words))


def _all_articles(generator: ArticlesGenerator) -> Iterator[Article]:
    return chain(
        generator.articles,
        generator.translations,
        generator.hidden_articles,
        generator.drafts,
        generator.drafts_translations,
    )


def _category(article: Article) -> list[object]:
    return [article.category]


def _tags(article: Article) -> list[object]:
    return list(getattr(article, "tags", []))


def report_slugs(contents: list[Content], kind: str) -> None:
    """Log each of *contents* whose slug an earlier file has already."""
    groups: defaultdict[str, list[Content]] = defaultdict(list)
    for content in contents:
        groups[content.slug].append(content)
    for slug, group in groups.items():
        ordered = sorted(group, key=lambda content: str(content.source_path))
        for content in ordered[1:]:
            text = read_text(content.source_path).lower()
            report(
                Problem(
                    shown_path(content.source_path),
                    f"Die Adresse „{slug}“ hat schon: {shown_path(ordered[0].source_path)} ({kind}).",
                    line_of(text, "slug:") or line_of(text, "title:"),
                    "slug",
                    "Geben Sie einer der beiden Dateien ein eigenes Feld „slug“.",
                )
            )


def _report_names(articles, field, what, names_of) -> None:  # type: ignore[no-untyped-def]
    found = [
        (name.slug, name.name, article)
        for article in sorted(articles, key=lambda article: str(article.source_path))
        for name in names_of(article)
    ]
    for slug, known, name in core.clashes((slug, name) for slug, name, _ in found):
        article = next(a for s, n, a in found if (s, n) == (slug, name))
        other = next(a for s, n, a in found if (s, n) == (slug, known))
        report(
            Problem(
                shown_path(article.source_path),
                f"{what} „{name}“ bekäme dieselbe Adresse ({slug}) wie „{known}“ "
                f"in {shown_path(other.source_path)}.",
                line_of(read_text(article.source_path), name),
                field,
                "Verwenden Sie überall dieselbe Schreibung.",
            )
        )


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_german)
    signals.article_generator_finalized.connect(report_clashes)
    signals.content_object_init.connect(attach_reading_time)
    signals.page_generator_finalized.connect(report_page_clashes)
