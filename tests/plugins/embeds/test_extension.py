"""Blocks become static HTML; whatever cannot become a block is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown

from plugins.embeds.extension import makeExtension
from plugins.source.adapter import DocumentInfo
from plugins.source.core import Document, line_of
from plugins.tips.adapter import Collection
from plugins.tips.core import Entry, Tip
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"


def _entry(date: str, **fields: str) -> Entry:
    values = {"headword": "Füllwort", "topic": "Stil", "tip": "Streichen."} | fields
    return Entry(Tip.model_validate({"date": date, **values}), "f", 1, Document([], {}), 0)


ENTRIES = [
    _entry(
        "2026-01-07",
        headword="Apostroph",
        topic="Zeichensetzung",
        tip="Der *Genitiv* kommt ohne aus.",
        wrong="Peter's <Buch>",
        right="Peters Buch",
    ),
    _entry("2026-01-14"),
    _entry("2026-12-30"),
]
COLLECTION = Collection(
    {entry.tip.week: entry for entry in ENTRIES},
    dt.date(2026, 2, 1),
    topics=("Zeichensetzung", "Stil", "Typografie"),
)


def _markdown(collection: Collection | None = COLLECTION, **document: Any) -> Any:
    md: Any = Markdown(extensions=["extra", "sane_lists", makeExtension(collection=collection)])
    md.problems, md.quoted_tips, md.reads = [], [], []
    if document:
        md.document = DocumentInfo(**{"file": "f", "lang": "de", "date": None} | document)
    return md


def _told(md: Any, text: str) -> list[str]:
    md.convert(text)
    return [
        f"{line_of(text, found.needle)} {found.field}: {found.message} {found.remedy}"
        for found in md.problems
    ]


@pytest.mark.parametrize(("text", "html"), cases(CASES / "blocks.md"))
def test_blocks(text: str, html: str) -> None:
    md = _markdown()
    assert md.convert(text).replace("\u00a0", " ") == html
    assert md.problems == []


@pytest.mark.parametrize(("text", "message"), cases(CASES / "faults.md"))
def test_a_mistake_is_told(text: str, message: str) -> None:
    assert "\n".join(_told(_markdown(), text)) == message


def test_quoted_tips_are_noted() -> None:
    md = _markdown()
    md.convert(
        "/// tipp | 2026-kw03\n///\n\n/// tipp | 2026-kw02\n///\n\n/// tipp | 2026-kw53\n///"
    )
    assert md.quoted_tips == ["2026-kw03", "2026-kw02"]


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("Wie im Tipp {tipp}2026-kw02.", ["2026-kw02"]),
        ("[so]({tipp}2026-kw03)", ["2026-kw03"]),
        ("[so](/tipps/2026-kw03/#inhalt)", ["2026-kw03"]),
        ("[so][1]\n\n[1]: /tipps/2026-kw03/", ["2026-kw03"]),
        ("Text.[^1]\n\n[^1]: Wie im [Tipp](/tipps/2026-kw02/).", ["2026-kw02"]),
        (
            "[so](/tipps/2026-kw40/), [so](/tipps/), [so](/rat/2026-kw02/), [so](/tipps/2026-kw02)",
            [],
        ),
        ("`{tipp}2026-kw02`", []),
        ("/// tipps\n///", []),
    ],
)
def test_what_a_text_links_to_counts_as_quoted(text: str, weeks: list[str]) -> None:
    """A list of tips does not: it is not the author who chose them."""
    md = _markdown()
    md.convert(text)
    assert (md.quoted_tips, md.problems) == (weeks, [])


def test_what_a_text_depends_on_is_noted() -> None:
    md = _markdown()
    md.convert("{tipp}2026-kw02\n\n/// tipps | thema=Stil, anzahl=3\n///\n\n/// tipps\n///")
    assert sorted(md.reads) == [("tip", "2026-kw02"), ("tips", "3 Stil"), ("tips", "5 ")]


def test_a_list_has_what_is_out_on_that_day() -> None:
    md = _markdown(replace(COLLECTION, today=dt.date(2026, 1, 13)))
    assert "Apostroph" in md.convert("/// tipps\n///")
    (message,) = _told(md, "/// tipps | thema=Stil\n///")
    assert "Noch ist kein Tipp zum Thema „Stil“ erschienen" in message
    # A later post does not see further: the list is made anew with each build.
    md = _markdown(date=dt.datetime(2026, 12, 31))
    assert "2026-kw53" not in md.convert("/// tipps\n///")


def test_in_a_foreign_text_mentions_and_lists_say_that_they_are_german() -> None:
    html = _markdown(lang="en").convert("See {tipp}2026-kw02.\n\n/// tipps\n///")
    assert '<a href="/tipps/2026-kw02/" lang="de">Apostroph</a>' in html
    assert '<ul class="tips" lang="de">' in html


@pytest.mark.parametrize(("lang", "expected"), [("de", False), ("de-CH", True), ("en", True)])
def test_a_card_in_a_foreign_text_says_that_it_is_german(lang: str, expected: bool) -> None:
    html = _markdown(lang=lang).convert("/// tipp | 2026-kw02\n///")
    assert ('lang="de"' in html) is expected


@pytest.mark.parametrize(
    ("date", "messages"),
    [(dt.datetime(2026, 12, 29, 23), 1), (dt.datetime(2026, 12, 30), 0), (None, 1)],
)
def test_a_later_post_may_quote_a_later_tip(date: dt.datetime | None, messages: int) -> None:
    assert len(_told(_markdown(date=date), "/// tipp | 2026-kw53\n///")) == messages


def test_the_card_links_to_where_the_tips_are() -> None:
    md = _markdown(replace(COLLECTION, base_url="rat/"))
    assert 'href="/rat/2026-kw02/"' in md.convert("/// tipp | 2026-kw02\n///")


def test_without_a_collection_there_are_no_tips() -> None:
    (message,) = _told(_markdown(None), "/// tipp | 2026-kw02\n///")
    assert "gibt es keinen Tipp" in message


def test_a_mistake_does_not_outlive_its_text() -> None:
    md = _markdown()
    assert len(_told(md, "/// zitat | Ida\n\nOffen.")) == 1
    md.reset()
    md.problems = []
    assert _told(md, "Text.") == []


def test_without_a_reader_mistakes_do_no_harm() -> None:
    md = Markdown(extensions=[makeExtension(collection=COLLECTION)])
    assert md.convert("/// tipp | 2026-kw40\n///") == '<figure class="tip"></figure>'
