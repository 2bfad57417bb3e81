"""Pelican's generators of posts and of files, without what they do again and again for every post."""

from __future__ import annotations

import fnmatch
import logging
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any

from pelican import generators
from pelican.contents import Article, SkipStub
from pelican.plugins import signals
from pelican.utils import order_content, process_translations

from plugins.incremental.contents import Cached
from plugins.incremental.writer import IncrementalWriter

logger = logging.getLogger(__name__)


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression for names that one of the shell's *patterns* matches."""
    return re.compile("|".join(map(fnmatch.translate, patterns)) or r"(?!)")


class ArticlesGenerator(generators.ArticlesGenerator):  # type: ignore[misc]
    """
    Reads posts on all cores, and writes their pages.

    `generate_context` is Pelican's, but that it reads ahead, trusts what was checked when it was read, and
    counts lists by their length. Lists of a category or a tag are `plugins.archive`'s.
    """

    reads_no_texts = True

    def generate_context(self) -> None:
        """Put the posts into the context."""
        posts: dict[str, list[Article]] = {"published": [], "draft": [], "hidden": []}
        files = sorted(
            self.get_files(
                self.settings["ARTICLE_PATHS"], exclude=self.settings["ARTICLE_EXCLUDES"]
            )
        )
        options = self.reading_options()
        self.readers.prefetch(paths=files, **options)
        read = partial(self.readers.read_file, **options)
        for file in files:
            article = self._read(file, read)
            if article is not None:
                posts[article.status].append(article)
                self.context["generated_content"][article.relative_source_path] = article
                self.context["static_links"].update(getattr(article, "static_links", ()))
        self.articles, self.translations = self._ordered(posts["published"])
        self.hidden_articles, self.hidden_translations = self._ordered(posts["hidden"])
        self.drafts, self.drafts_translations = self._ordered(posts["draft"])
        signals.article_generator_pretaxonomy.send(self)
        self._group()
        signals.article_generator_finalized.send(self)

    def reading_options(self) -> dict[str, Any]:
        """Return what `Readers.read_file` needs to know to read a post, beside its path."""
        return {
            "base_path": self.path,
            "content_class": Article,
            "context": self.context,
            "preread_signal": signals.article_generator_preread,
            "preread_sender": self,
            "context_signal": signals.article_generator_context,
            "context_sender": self,
        }

    def get_files(
        self, paths: Any, exclude: list[str] | None = None, extensions: Any = None
    ) -> set[str]:
        """Return the files below *paths* with one of *extensions*, as Pelican does, but faster."""
        folders = [paths] if isinstance(paths, str) else paths
        are_folders = all(os.path.isdir(f"{self.path}/{folder}") for folder in folders)  # noqa: PTH112
        if extensions is False or not are_folders:
            found: set[str] = super().get_files(paths, exclude, extensions)
            return found
        ignored = _any_of(tuple(self.settings["IGNORE_FILES"]))
        known = tuple(self.readers.extensions) if extensions is None else tuple(extensions)
        excluded = {os.path.join(self.path, path) for path in exclude or ()}  # noqa: PTH118
        return set(
            chain.from_iterable(self._files(folder, excluded, ignored, known) for folder in folders)
        )

    def _files(
        self,
        folder: str,
        excluded: set[str],
        ignored: re.Pattern[str],
        extensions: tuple[str, ...],
    ) -> Iterator[str]:
        root = f"{self.path}/{folder}" if folder else self.path
        for place, folders, names in os.walk(root, followlinks=True):
            folders[:] = [
                name
                for name in folders
                if not ignored.match(name) and f"{place}/{name}" not in excluded
            ]
            relative = os.path.relpath(place, self.path)
            for name in names:
                stem, _, extension = name.rpartition(".")
                if stem and extension in extensions and not ignored.match(name):
                    yield f"{relative}/{name}"

    def check_disabled_readers(self) -> None:
        """Warn of files for a reader that is switched off; there is none unless a setting says so."""
        if self.readers.disabled_extensions:
            super().check_disabled_readers()

    def _read(self, file: str, read: Any) -> Article | None:
        """Return the post, or None if it was told what is wrong with it."""
        try:
            article = read(path=file)
        except Exception:
            logger.exception(
                "Could not process %s", file, exc_info=self.settings.get("DEBUG", False)
            )
            self._add_failed_source_path(file)
            return None
        if isinstance(article, Cached):
            return article
        if not isinstance(article, SkipStub):
            self._add_failed_source_path(file)
        return None

    def _ordered(self, articles: list[Article]) -> tuple[list[Article], list[Article]]:
        originals, translations = process_translations(
            articles, translation_id=self.settings["ARTICLE_TRANSLATION_ID"]
        )
        return order_content(originals, self.settings["ARTICLE_ORDER_BY"]), translations

    def _group(self) -> None:
        """Fill categories, tags, authors and dates, as templates expect them."""
        categories, authors = defaultdict(list), defaultdict(list)
        for article in self.articles:
            # Other readers' posts have none.
            if category := getattr(article, "category", None):
                categories[category].append(article)
            for tag in getattr(article, "tags", ()):
                self.tags[tag].append(article)
            for author in getattr(article, "authors", ()):
                authors[author].append(article)
        self.dates = sorted(
            self.articles, key=attrgetter("date"), reverse=self.context["NEWEST_FIRST_ARCHIVES"]
        )
        self.period_archives = self._build_period_archives(self.dates, self.articles, self.settings)
        self.categories = sorted(
            categories.items(), reverse=self.settings["REVERSE_CATEGORY_ORDER"]
        )
        self.authors = sorted(authors.items())
        self._update_context(
            ("articles", "drafts", "hidden_articles", "dates", "tags", "categories", "authors")
        )
        self.context["related_posts"] = self.related_posts
        self.context["period_archives"] = self.period_archives

    def generate_tags(self, write: Any) -> None:
        """Write tag pages the way Pelican does, if its setting asks for them."""
        if self.settings["TAG_SAVE_AS"]:
            super().generate_tags(write)

    def generate_categories(self, write: Any) -> None:
        """Write category pages the way Pelican does, if its setting asks for them."""
        if self.settings["CATEGORY_SAVE_AS"]:
            super().generate_categories(write)

    def generate_authors(self, write: Any) -> None:
        """Write author pages the way Pelican does, if its setting asks for them."""
        if self.settings["AUTHOR_SAVE_AS"]:
            super().generate_authors(write)


class StaticGenerator(generators.StaticGenerator):  # type: ignore[misc]
    """Copies the author's files."""

    reads_no_texts = True

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Copy what has changed."""
        if self.settings["THEME_STATIC_PATHS"]:
            self._copy_paths(
                self.settings["THEME_STATIC_PATHS"],
                self.theme,
                self.settings["THEME_STATIC_DIR"],
                self.output_path,
                ".",
            )
        for static in self.context["staticfiles"]:
            # A file that does not exist was only linked to; the check says where.
            if os.path.isfile(static.source_path):  # noqa: PTH113
                writer.copy_file(static.source_path, static.save_as)
