"""Pelican's side: read the series files, attach them to articles, write pages and feeds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.contents import Article, Content
from pelican.generators import ArticlesGenerator, Generator
from pelican.writers import Writer

from plugins.german.adapter import report_slugs
from plugins.series import core
from plugins.source.adapter import read_text, report
from plugins.source.core import line_of
from plugins.source.problem import Problem, SourceError, shown_path
from plugins.typography import Settings as Typography
from plugins.typography import typeset_text

DEFAULTS = {
    "SERIES_PATHS": ["serien"],
    "SERIES_URL": "serien/{slug}/",
    "SERIES_SAVE_AS": "serien/{slug}/index.html",
    "SERIES_INDEX_URL": "serien/",
    "SERIES_INDEX_SAVE_AS": "serien/index.html",
    "SERIES_FEED_ATOM": "feeds/serie-{slug}.atom.xml",
}


class Series(Content):  # type: ignore[misc]
    """A series file as Pelican's content; `attach_series` adds ``parts``, ``published``, ``feed_url``."""

    mandatory_properties = ("title",)
    default_template = "series"


@dataclass(frozen=True)
class PartEntry:
    """A line of the landing page: *article* and *number*, or only the *title* of a planned part."""

    title: str
    number: int | None = None
    article: Article | None = None
    when: str | None = None


def use_defaults(pelican: Pelican) -> None:
    """Complete the settings, and tell the reader what series files look like."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    for path in settings["SERIES_PATHS"]:
        settings.setdefault("FRONT_MATTER_MODELS", {})[path] = core.SeriesFile


def attach_series(generator: ArticlesGenerator) -> None:
    """Read all series and give articles their place in them."""
    found = _read(generator)
    report_slugs([series for _, series in found if series is not None], "Serie")
    all_series = {key: series for key, series in found if series is not None}
    posts = _by_series(generator, {key for key, _ in found})
    for key, series in all_series.items():
        _report_clashes(series, posts[key])
        _attach(series, posts[key], generator.settings)
    generator.context["series_list"] = sorted(
        all_series.values(), key=lambda series: (-_newest(series), series.slug)
    )


def _read(generator: ArticlesGenerator) -> list[tuple[str, Series | None]]:
    """Return the series by file name; None is one with mistakes, which the reader has reported."""
    found: list[tuple[str, Series | None]] = []
    files = generator.get_files(generator.settings["SERIES_PATHS"], extensions=["md"])
    for file in sorted(files):
        key = Path(file).stem
        try:
            series = generator.readers.read_file(
                base_path=generator.path,
                path=file,
                content_class=Series,
                context=generator.context,
            )
        except SourceError:
            found.append((key, None))
            continue
        generator.add_source_path(series)
        generator.add_static_links(series)
        found.append((key, series))
    return found


def _by_series(generator: ArticlesGenerator, names: set[str]) -> defaultdict[str, list[Article]]:
    """Return all posts, drafts too, by series; those without one get ``series = None``."""
    groups: defaultdict[str, list[Article]] = defaultdict(list)
    for article in chain(generator.articles, generator.hidden_articles, generator.drafts):
        key = getattr(article, "series", None)
        article.series = article.series_number = None
        article.previous_part = article.next_part = None
        if key is None:
            continue
        if key in names:
            groups[key].append(article)
            continue
        known = ", ".join(sorted(names)) or "noch keine"
        report(
            Problem(
                shown_path(article.source_path),
                f"Die Serie „{key}“ gibt es nicht.",
                line_of(read_text(article.source_path).lower(), "series:"),
                "series",
                f"Vorhanden: {known}. Eine neue Serie ist eine Datei serien/{key}.md.",
            )
        )
    return groups


def _part(article: Article) -> core.Part:
    return core.Part(
        shown_path(article.source_path), article.date, getattr(article, "series_index", None)
    )


def _report_clashes(series: Series, articles: list[Article]) -> None:
    for clash in core.clashes(map(_part, articles)):
        free = max(part.index or 0 for part in map(_part, articles)) + 1
        report(
            Problem(
                clash.second.file,
                f"Die Nummer {clash.second.index} der Serie „{series.title}“ hat schon "
                f"{clash.first.file}.",
                line_of(read_text(clash.second.file).lower(), "series_index:"),
                "series_index",
                f"Wählen Sie eine andere; frei ist zum Beispiel {free}.",
            )
        )


def _planned(plan: core.Planned | None, settings: dict[str, Any]) -> PartEntry:
    typeset = partial(typeset_text, settings=Typography(**settings.get("TYPOGRAPHY", {})))
    assert plan is not None, "an entry without a part is a planned one"
    return PartEntry(typeset(plan.title), when=typeset(plan.when) if plan.when else None)


def _attach(series: Series, articles: list[Article], settings: dict[str, Any]) -> None:
    by_part = {_part(article): article for article in articles}
    out = [part for part, article in by_part.items() if article.status == "published"]
    ordered = core.reading_order(out)
    series.published = [by_part[part] for part in ordered]
    series.parts = [
        PartEntry(by_part[entry.part].title, entry.number, by_part[entry.part])
        if entry.part
        else _planned(entry.planned, settings)
        for entry in core.entries(ordered, series.metadata.get("planned", []))
    ]
    feed = settings["SERIES_FEED_ATOM"]
    series.feed_url = feed.format(slug=series.slug) if feed else None
    for article in articles:
        article.series = series
    for number, article in enumerate(series.published, 1):
        article.series_number = number
    for before, after in pairwise(series.published):
        before.next_part = after
        after.previous_part = before


def _newest(series: Series) -> float:
    return max((article.date.timestamp() for article in series.published), default=0.0)


class SeriesGenerator(Generator):  # type: ignore[misc]
    """Writes the landing pages, the index of series, and their feeds."""

    reads_no_texts = True

    def generate_output(self, writer: Writer) -> None:
        """Write what `attach_series` prepared."""
        write = partial(writer.write_file, relative_urls=self.settings["RELATIVE_URLS"])
        for series in self.context["series_list"]:
            template = self.get_template("series")
            write(series.save_as, template, self.context, series=series, url=series.url)
            if series.feed_url:
                newest_first = sorted(
                    series.published, key=lambda article: article.date, reverse=True
                )
                writer.write_feed(
                    newest_first, self.context, series.feed_url, feed_title=f"Serie {series.title}"
                )
        if self.context["series_list"]:
            write(
                self.settings["SERIES_INDEX_SAVE_AS"],
                self.get_template("series_index"),
                self.context,
                url=self.settings["SERIES_INDEX_URL"],
            )


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return SeriesGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.article_generator_finalized.connect(attach_series)
    signals.get_generators.connect(get_generators)
