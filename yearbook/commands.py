"""What `invoke tips.book` does: read the tips as the site does, and write page and EPUB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from authoring.collection import load_settings, today
from plugins.german.core import date as shown_date
from plugins.german.core import plural
from plugins.hyphenation.markup import BODY_LETTERS
from plugins.source.adapter import DocumentInfo
from plugins.source.problem import AuthorError, shown_path
from plugins.tips.core import Entry, Tip
from plugins.tips.core import Source as TipSource
from plugins.typography import Settings as Typography
from plugins.typography import typeset_text
from publishing.console import say
from social.ledger import write_whole
from yearbook.book import Book, Item, Source, chapters
from yearbook.epub import Document, identifier, pack
from yearbook.xhtml import xhtml

_TEMPLATES = Path(__file__).parent / "templates"


def write_book(content: str, year: str, output: str) -> None:
    """
    Write the book of *year* as HTML and as EPUB into the folder *output*, and say where it is.

    Raises:
        AuthorError: There are no tips of that year, or they have mistakes.
    """
    settings = load_settings(content)
    day = today(settings)
    reader = _Reader.of(settings)
    of_year = [entry for entry in reader.entries if str(entry.tip.year) == year]
    out = [entry for entry in of_year if entry.tip.date <= day]
    if not out:
        years = sorted({str(e.tip.year) for e in reader.entries if e.tip.date <= day})
        known = f"Erschienen sind Tipps aus {', '.join(years)}." if years else "Es gibt noch keine."
        raise AuthorError(f"Aus dem Jahr {year} ist kein Tipp erschienen. {known}")
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files(reader, out).items():
        write_whole(folder / name, data)
        say(f"Geschrieben: {shown_path(folder / name)}.", "green")
    later = len(of_year) - len(out)
    more = f" (noch nicht erschienen: {later})" if later else ""
    say(f"Inhalt: {plural(len(out), 'Tipp', 'Tipps')}{more}.")


@dataclass(frozen=True)
class _Reader:
    """The collection and what sets its texts, with the site's own plugins and settings."""

    settings: Mapping[str, Any]
    entries: list[Entry]
    convert: Callable[[str, DocumentInfo, int], str]

    @classmethod
    def of(cls, settings: dict[str, Any]) -> _Reader:
        """Start Pelican as far as its plugins have read the tips; no page is made."""
        from pelican import Pelican
        from pelican.readers import Readers

        site = Pelican(settings).settings
        entries = site["TIPS_COLLECTION"].entries.values()
        markdown = Readers(site).readers["md"]
        return cls(site, sorted(entries, key=lambda entry: entry.tip.date), markdown.convert)

    def item(self, entry: Entry, has_soft_hyphens: bool) -> Item:
        """Return the tip as the book shows it."""
        tip = entry.tip
        typeset = partial(typeset_text, settings=Typography(**self.settings.get("TYPOGRAPHY", {})))
        return Item(
            week=tip.week,
            day=tip.date,
            headword=typeset(tip.headword),
            topic=tip.topic,
            tip=typeset(tip.tip),
            # As written: setting it would mend what it shows.
            wrong=tip.wrong or "",
            right=typeset(tip.right) if tip.right else "",
            more=self._more(entry, tip, has_soft_hyphens) if tip.more else "",
            source=_source(tip.source, typeset) if tip.source else None,
            valid_since=shown_date(tip.valid_since) if tip.valid_since else "",
        )

    def _more(self, entry: Entry, tip: Tip, has_soft_hyphens: bool) -> str:
        line = entry.document.line((entry.number, "more", 0)) or entry.line
        html = self.convert(tip.more or "", DocumentInfo(entry.file, "de", None), line)
        html = self.settings["JINJA_FILTERS"]["hyphenate_html"](Markup(html))
        return xhtml(html, tip.week, self.settings["SITEURL"], has_soft_hyphens)

    def hyphenate(
        self, has_soft_hyphens: bool, text: str, min_letters: int = BODY_LETTERS
    ) -> Markup:
        """Return plain *text* as XHTML with its long words marked."""
        html = self.settings["JINJA_FILTERS"]["hyphenate"](text, "de", min_letters)
        return Markup(xhtml(html, "", "", has_soft_hyphens))


def _source(source: TipSource, typeset: Callable[[str], str]) -> Source:
    accessed = shown_date(source.accessed) if source.accessed else ""
    return Source(typeset(source.title), source.url or "", accessed)


def files(reader: _Reader, entries: list[Entry]) -> dict[str, bytes]:
    """Return the book's files by name; the same tips make the same bytes."""
    name = f"mittwochstipps-{entries[0].tip.year}"
    return {
        f"{name}.html": _page(reader, entries).encode(),
        f"{name}.epub": _epub(reader, entries),
    }


def _book(reader: _Reader, entries: list[Entry], has_soft_hyphens: bool) -> Book:
    settings = reader.settings
    year = entries[0].tip.year
    return Book(
        year=year,
        author=settings["AUTHOR"],
        site=settings["SITENAME"],
        url=f"{settings['SITEURL'].rstrip('/')}/{settings['TIPS_URL']}{year}/",
        chapters=chapters(reader.item(entry, has_soft_hyphens) for entry in entries),
    )


def _environment(reader: _Reader, has_soft_hyphens: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["hyphenate"] = partial(reader.hyphenate, has_soft_hyphens)
    return environment


def _page(reader: _Reader, entries: list[Entry]) -> str:
    environment = _environment(reader, has_soft_hyphens=False)
    style = "\n".join((_TEMPLATES / name).read_text("utf-8") for name in ("book.css", "print.css"))
    return environment.get_template("page.html").render(
        book=_book(reader, entries, has_soft_hyphens=False), style=Markup(style)
    )


def _epub(reader: _Reader, entries: list[Entry]) -> bytes:
    environment = _environment(reader, has_soft_hyphens=True)
    book = _book(reader, entries, has_soft_hyphens=True)

    def render(template: str, **values: Any) -> str:
        return environment.get_template(template).render(book=book, **values)

    documents = [
        Document("titel.xhtml", render("title.xhtml")),
        Document("inhalt.xhtml", render("nav.xhtml"), properties="nav"),
        *(
            Document(f"{chapter.name}.xhtml", render("chapter.xhtml", chapter=chapter))
            for chapter in book.chapters
        ),
        Document("register.xhtml", render("register.xhtml")),
        Document("buch.css", (_TEMPLATES / "book.css").read_text("utf-8"), is_read=False),
    ]
    package = render(
        "package.opf",
        documents=documents,
        identifier=identifier(reader.settings["SITEURL"], book.year),
        modified=_modified(entries),
    )
    return pack(package, documents)


def _modified(entries: list[Entry]) -> str:
    """Return when the book changed, as the package wants it: its latest tip, or check of one."""
    days = [day for entry in entries for day in (entry.tip.date, entry.tip.checked) if day]
    return f"{max(days, default=dt.date.min).isoformat()}T00:00:00Z"
