"""Pelican's side: the Markdown reader."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markdown import Markdown
from pelican import signals
from pelican.readers import BaseReader, Readers
from pelican.urlwrappers import Author, Category, Tag
from pelican.utils import SafeDatetime
from selectolax.lexbor import LexborHTMLParser

from plugins.german.core import slug
from plugins.source import core
from plugins.source.inline import QuickInlineProcessor
from plugins.source.problem import Problem, SourceError, shown_path
from plugins.typography import Settings as Typography
from plugins.typography import typeset_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DocumentInfo:
    """What Markdown extensions may know of the file being read, as ``md.document``."""

    file: str
    lang: str
    date: SafeDatetime | None
    #: Whether it is neither a draft nor dated after ``SITE_DATE``.
    is_out: bool = True


@dataclass(frozen=True)
class TextProblem:
    """A mistake that a Markdown extension found; *needle* is the source text that shows the line."""

    needle: str
    message: str
    remedy: str
    field: str | None = None


def memorised(settings: Mapping[str, Any], key: str, make: Callable[[], Any]) -> Any:
    """
    Return what *make* returns; an incremental build asks it only once for each *key*.

    *key* stands for everything that the result depends on, except code and settings.
    """
    memorise = settings.get("MEMORISE")
    return memorise(key.encode(), make) if memorise else make()


def report(problem: Problem) -> None:
    """Log *problem* as an error; the build collects it and stops."""
    logger.error("%s", problem, extra={"problem": problem})


def read_text(path: str | Path) -> str:
    """
    Return the text of the author's file.

    Raises:
        SourceError: It is not UTF-8.
    """
    return core.decode(Path(path).read_bytes(), shown_path(path))


class MarkdownReader(BaseReader):  # type: ignore[misc]
    """Reads posts and pages; one Markdown parser serves all of them."""

    enabled = True
    # All that Pelican's own reader has: that one adds its extension for front matter to our settings.
    file_extensions = ["md", "markdown", "mkd", "mdown"]

    @cached_property
    def _md(self) -> Any:
        # Made when the first text is read: each generator has a reader, few read anything.
        options = dict(self.settings["MARKDOWN"])
        extensions = [*options.pop("extensions", []), *options.get("extension_configs", {})]
        md = Markdown(extensions=list(dict.fromkeys(extensions)), **options)
        md.treeprocessors.register(QuickInlineProcessor(md), "inline", 20)
        return md

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """
        Return the file's HTML and its metadata as Pelican's objects.

        Raises:
            SourceError: The file has mistakes; each was logged.
        """
        try:
            return self._read(source_path)
        except SourceError as error:
            for problem in error.problems:
                report(problem)
            raise

    def _read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        file = shown_path(source_path)
        source = core.split(read_text(source_path), file)
        model = self._model(source_path)
        fields = core.validate(model, source.front_matter, file)
        metadata = self._metadata(fields, source.front_matter, source_path)
        info = DocumentInfo(
            file, metadata.get("lang", "de"), metadata.get("date"), self._is_out(metadata)
        )
        content = self.convert(source.body, info, source.body_line)
        metadata["quoted_tips"] = tuple(self._md.quoted_tips)
        # (kind, key) of what the text depends on beside the file; `READ_FACTS` says what it is now.
        metadata["reads"] = list(self.reads)
        if "summary" in metadata:
            summary_line = source.front_matter.line(("summary", 0)) or 1
            html = self.convert(metadata["summary"], info, summary_line)
            metadata["reads"] += self.reads
            metadata["summary"] = _paragraph(html, file, summary_line)
            metadata["has_own_summary"] = True
        else:
            metadata["summary"] = core.lead(_first_paragraph(content))
            metadata["has_own_summary"] = False
        return content, metadata

    @property
    def reads(self) -> tuple[tuple[str, str], ...]:
        """(kind, key) of what the text that was converted last depends on; see ``READ_FACTS``."""
        return tuple(self._md.reads)

    def _is_out(self, metadata: Mapping[str, Any]) -> bool:
        """Return whether a text is out; `plugins.schedule` knows, and notes that it depends on the day."""
        facts = self.settings.get("READ_FACTS", {})
        is_due = (
            "date" not in metadata
            or "out" not in facts
            or facts["out"](metadata["date"].isoformat())
        )
        return bool(is_due and metadata.get("status") != "draft")

    def _model(self, source_path: str) -> type[core.Model]:
        relative = Path(os.path.relpath(source_path, self.settings["PATH"]))
        models = dict.fromkeys(self.settings["PAGE_PATHS"], core.Page)
        models |= self.settings.get("FRONT_MATTER_MODELS", {})
        for folder, model in models.items():
            if relative.is_relative_to(folder):
                return model
        return core.Post

    def _metadata(
        self, fields: core.Model, document: core.Document, source_path: str
    ) -> dict[str, Any]:
        """Return what the author wrote, in Pelican's types, and the slug; no optional blanks."""
        settings = self.settings
        metadata = {name: value for name, value in fields if value is not None}
        for name in ("date", "modified"):
            if name in metadata:
                moment = metadata[name]
                metadata[name] = SafeDatetime.fromisoformat(moment.isoformat())
        if "slug" not in metadata:
            stem = Path(source_path).stem
            named_by = stem if fields.slug_source == "file" else metadata["title"]
            metadata["slug"] = _slug(named_by, fields.slug_source, document, source_path)
        metadata["title"] = typeset_text(
            metadata["title"],
            Typography(**{**settings.get("TYPOGRAPHY", {}), "lang": metadata.get("lang", "de")}),
        )
        if isinstance(fields, core.Post):
            name = metadata.get("category", settings["DEFAULT_CATEGORY"])
            category = Category(name, settings)
            category.slug = _slug(name, "category", document, source_path)
            metadata["category"] = category
        tags = [Tag(name, settings) for name in dict.fromkeys(metadata.pop("tags", []))]
        for tag in tags:
            tag.slug = _slug(tag.name, "tags", document, source_path)
        if tags:
            metadata["tags"] = tags
        names = [metadata.pop("author", None), *metadata.pop("authors", [])]
        authors = [Author(name, settings) for name in names if name]
        if authors:
            metadata["authors"] = authors
            metadata["author"] = authors[0]
        return metadata

    def convert(self, text: str, info: DocumentInfo, first_line: int = 1) -> str:
        """
        Return Markdown *text* of the author's as HTML; *first_line* is where it stands in its file.

        Raises:
            SourceError: An extension found mistakes.
        """
        md = self._md
        md.reset()
        md.document = info
        md.problems = []
        md.quoted_tips = []
        md.reads = []
        md.typography_lang = info.lang
        html: str = md.convert(text)
        problems: list[TextProblem] = md.problems
        if problems:
            raise SourceError(
                Problem(
                    info.file,
                    problem.message,
                    core.line_of(text, problem.needle, first_line),
                    problem.field,
                    problem.remedy,
                )
                for problem in problems
            )
        return html


def _paragraph(html: str, file: str, line: int) -> str:
    """
    Return what is in the one paragraph of *html*.

    Raises:
        SourceError: It is a list, a heading, or more than one paragraph.
    """
    inner = html.removeprefix("<p>").removesuffix("</p>")
    if inner and (len(inner) != len(html) - len("<p></p>") or "</p>" in inner):
        raise SourceError(
            [
                Problem(
                    file,
                    "Die Zusammenfassung ist nicht einfach ein Absatz.",
                    line,
                    "summary",
                    "Beginnt sie mit einer Zahl und einem Punkt, einem Strich oder #? Dann "
                    "schreiben Sie einen Backslash davor: 1\\. Mai. Leerzeilen nehmen Sie heraus.",
                )
            ]
        )
    return inner


def _first_paragraph(html: str) -> str:
    """Return the words of the first paragraph (not of a card or quotation), without footnotes."""
    paragraph = LexborHTMLParser(html).css_first("body > p")
    if paragraph is None:
        return ""
    for note in paragraph.css("sup"):
        note.decompose()
    return str(paragraph.text())


def _slug(name: str, field: str, document: core.Document, source_path: str) -> str:
    """
    Return *name* as part of a URL.

    Raises:
        SourceError: Nothing of *name* can stand in a URL.
    """
    if made := slug(name):
        return made
    raise SourceError(
        [
            Problem(
                shown_path(source_path),
                f"Aus „{name}“ lässt sich keine Adresse bilden.",
                document.line((field,)),
                field,
                "Geben Sie ein Feld „slug“ aus Kleinbuchstaben an, oder verwenden Sie Buchstaben.",
            )
        ]
    )


def use_reader(readers: Readers) -> None:
    """Register the reader for Markdown files in place of Pelican's."""
    for extension in MarkdownReader.file_extensions:
        readers.reader_classes[extension] = MarkdownReader


def register() -> None:
    """Connect to Pelican."""
    signals.readers_init.connect(use_reader)
