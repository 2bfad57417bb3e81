"""Pelican's side: the archive's lists and pages, and the neighbours of posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator, Generator
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import URLWrapper
from pelican.writers import Writer

from plugins.archive import core

Item = TypeVar("Item")
#: Gives an article's place among all that are out, newest first.
Place = Callable[[Article], int]

DEFAULTS = {"ARCHIVES_URL": "archiv/", "ARCHIVE_OLDER_URL": "{url}seite-{number}/"}


@dataclass(frozen=True)
class ArchivePage:
    """
    A page of a category, a tag or a year, as it will be written.

    *variables* are the template's own: plain values and the articles of this page, so that a page is
    built again only if one of these changes.
    """

    url: str
    template: str
    variables: Mapping[str, Any]


def newest_first(article: Article) -> tuple[float, str]:
    """Return the key of ARTICLE_ORDER_BY: newest first, and the same order on every machine."""
    return -article.date.timestamp(), article.slug


def use_defaults(pelican: Pelican) -> None:
    """Complete the settings, and order posts, unless the settings say how."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    if settings["ARTICLE_ORDER_BY"] == DEFAULT_CONFIG["ARTICLE_ORDER_BY"]:
        settings["ARTICLE_ORDER_BY"] = newest_first


def attach_archive(generator: ArticlesGenerator) -> None:
    """Put the lists and pages into the context and link neighbours."""
    for article in (*generator.drafts, *generator.hidden_articles):
        article.older = article.newer = None
    articles = generator.articles
    for article, around in zip(articles, _neighbours(articles), strict=True):
        article.newer, article.older = around["newer"], around["older"]
    # Sorted once: each list below is in this order.
    ordered = sorted(generator.articles, key=newest_first)
    place = {article: number for number, article in enumerate(ordered)}
    years = core.by_year(ordered)
    shown = core.first_years(years)
    context = generator.context
    context["years"] = shown
    context["year_counts"] = _counted(years)
    context["year_to_go_on"] = years[len(shown)][0] if len(shown) < len(years) else None
    context["categories_by_name"] = core.by_name(_counted(generator.categories))
    context["tags_by_name"] = core.by_name(_counted(generator.tags.items()))
    context["archive_pages"] = list(_pages(generator, years, place.__getitem__))


def _counted(groups: Iterable[tuple[Item, Sequence[Any]]]) -> list[tuple[Item, int]]:
    return [(group, len(items)) for group, items in groups]


def _pages(
    generator: ArticlesGenerator, years: list[tuple[int, list[Article]]], place: Place
) -> Iterator[ArchivePage]:
    settings = generator.settings
    for template, groups in (
        ("category", generator.categories),
        ("tag", generator.tags.items()),
    ):
        for group, articles in groups:
            newest = sorted(articles, key=place)
            yield from _group_pages(template, group, newest, settings["ARCHIVE_OLDER_URL"])
    yield from _year_pages(years, settings["ARCHIVES_URL"])


def _group_pages(
    template: str, group: URLWrapper, articles: list[Article], older_url: str
) -> Iterator[ArchivePage]:
    """Yield the pages of a category or tag, newest *articles* first; neighbours are (url, number), the first page has no number."""
    pages = core.pages(articles)
    links = [(_page_url(group, page.number, older_url), page.number) for page in pages]
    for page, (url, _), around in zip(pages, links, _neighbours(links), strict=True):
        variables = {template: group, "articles": page.items, "number": page.number, **around}
        if page.number is None:
            # Older pages must not know it: it would change them with every new post.
            variables["count"] = len(articles)
        yield ArchivePage(url, template, variables)


def _page_url(group: URLWrapper, number: int | None, older_url: str) -> str:
    return older_url.format(url=group.url, number=number) if number else group.url


def _year_pages(years: list[tuple[int, list[Article]]], base_url: str) -> Iterator[ArchivePage]:
    """Yield the pages of the years; neighbours are (url, year)."""
    links = [(f"{base_url}{year}/", year) for year, _ in years]
    for (year, articles), (url, _), around in zip(years, links, _neighbours(links), strict=True):
        yield ArchivePage(url, "archive_year", {"year": year, "articles": articles, **around})


def _neighbours(newest_first: Sequence[Item]) -> list[dict[str, Item | None]]:
    """Return the ``newer`` and ``older`` neighbour of each item, or None."""
    newer = [None, *newest_first][:-1]
    older = [*newest_first, None][1:]
    return [{"newer": n, "older": o} for n, o in zip(newer, older, strict=True)]


class ArchiveGenerator(Generator):  # type: ignore[misc]
    """Writes the pages of categories, tags and years."""

    reads_no_texts = True

    def generate_output(self, writer: Writer) -> None:
        """Write what `attach_archive` prepared."""
        for page in self.context["archive_pages"]:
            writer.write_file(
                f"{page.url}index.html",
                self.get_template(page.template),
                self.context,
                relative_urls=self.settings["RELATIVE_URLS"],
                url=page.url,
                **page.variables,
            )


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return ArchiveGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.article_generator_finalized.connect(attach_archive)
    signals.get_generators.connect(get_generators)
