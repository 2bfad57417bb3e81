"""What can be found: everything that is out and has a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from pelican.contents import Article, Content
from selectolax.lexbor import LexborHTMLParser

from plugins.german.core import date
from plugins.incremental.core import digest
from plugins.search import core
from plugins.search.core import Document, Shown

#: Tips are found first: they answer a question in three sentences.
_TIPS_WORTH = 1.5
_LONGEST_TEXT = 300


class Source(NamedTuple):
    """A page that can be found: what stands for all that is in it, and how to read that."""

    inputs: bytes
    read: Callable[[], Document]
    #: When it came out, to be compared with others; "" for what has no date.
    published: str = ""


def sources(context: Mapping[str, Any]) -> dict[str, Source]:
    """Return all that is out and has a page of its own, by address."""
    reading = context["BUILD"].reading

    def source(content: Content, note: Callable[[Content], str]) -> tuple[str, Source]:
        return content.url, _source(reading, content, note)

    found = dict(source(article, _article_note) for article in context["articles"])
    found |= (source(page, lambda page: "Seite") for page in context["pages"])
    found |= (source(series, lambda series: "Serie") for series in context.get("series_list", ()))
    for tip in context.get("tip_pages", ()):
        texts = (tip.headword, tip.tip, tip.wrong, tip.right, tip.more_html, tip.topic.name)
        inputs = digest((tip.label, *texts))
        found[tip.url] = Source(inputs, partial(_tip_document, tip), tip.date.isoformat())
    return found


def renewed_sources(build: Any) -> dict[str, Source]:
    """Return the posts, out or not, that have another text since the build that *build* goes on from."""
    return {post.url: _source(build.reading, post, _article_note) for post in build.renewed}


def _source(reading: Any, content: Content, note: Callable[[Content], str]) -> Source:
    inputs = reading.source(content.source_path).kept
    # A page may have a date, and is not new because of it.
    published = content.date.isoformat() if isinstance(content, Article) else ""
    return Source(inputs, partial(_document, content, note), published)


def _article_note(article: Content) -> str:
    note = f"Beitrag\u00a0· {date(article.date)}"
    # Other readers' posts have none.
    category = getattr(article, "category", None)
    return f"{note}\u00a0· {category.name}" if category else note


def _document(content: Content, note: Callable[[Content], str]) -> Document:
    """Return what can be found of a text in Markdown."""
    tree = LexborHTMLParser(content._content)
    headings = " ".join(heading.text() for heading in tree.css("h2, h3, h4"))
    summary = _words(content.summary)
    # The author may have put into the address what the title only hints at.
    names = [content.slug.replace("-", " "), *(tag.name for tag in getattr(content, "tags", ()))]
    if category := getattr(content, "category", None):
        names.append(category.name)
    lang = "" if content.lang == content.settings["DEFAULT_LANG"] else content.lang
    return Document(
        Shown(content.url, note(content), str(content.title), _cut(summary), lang),
        (
            (core.TITLE, content.title),
            (core.KEYWORD, " ".join(names)),
            (core.KEYWORD, headings),
            (core.SUMMARY, summary),
            (core.TEXT, tree.text()),
        ),
    )


def _tip_document(tip: Any) -> Document:
    more = _words(tip.more_html)
    # Who looks for a mistake is to find what is right.
    examples = f"{tip.wrong or ''} {tip.right or ''}"
    return Document(
        Shown(
            tip.url,
            f"Mittwochstipp\u00a0· {tip.label}\u00a0· {tip.topic.name}",
            tip.headword,
            tip.tip,
        ),
        (
            (core.TITLE, tip.headword),
            (core.KEYWORD, tip.topic.name),
            (core.SUMMARY, tip.tip),
            (core.TEXT, more),
            (core.EXAMPLE, examples),
        ),
        _TIPS_WORTH,
    )


def _words(html: str) -> str:
    return " ".join(LexborHTMLParser(html).text().split())


def _cut(text: str) -> str:
    """Return the beginning of *text*, whole words; most summaries are shorter."""
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT].rpartition(' ')[0]}\u00a0…"
