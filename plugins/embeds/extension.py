"""The Markdown extension: the blocks „tipp“ and „zitat“, in pymdown-extensions' syntax."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_string

from plugins.embeds import core
from plugins.source.adapter import TextProblem
from plugins.tips.core import Tip, week_day

BLOCKS = ("tipp", "zitat")


def _report(md: Any, needle: str, message: str, remedy: str, field: str) -> None:
    """Note a mistake for the reader; without one (in a test of Markdown alone) it is lost."""
    getattr(md, "problems", []).append(TextProblem(needle, message, remedy, field))


def _add(parent: etree.Element, tag: str, text: str = "", **attributes: str) -> etree.Element:
    """Append an element; *text* is no Markdown, but a later pass may typeset it."""
    element = etree.SubElement(parent, tag, {k.rstrip("_"): v for k, v in attributes.items()})
    element.text = AtomicString(text) if text else None
    return element


def _tail(element: etree.Element, text: str) -> None:
    element.tail = AtomicString(text)


class TipBlock(Block):
    """A tip of the collection as a card."""

    NAME = "tipp"
    ARGUMENT = True

    def on_create(self, parent: etree.Element) -> etree.Element:
        """Return the card, or an empty figure for a week that has no tip."""
        week = self.argument.strip()
        getattr(self.md, "reads", []).append(("tip", week))
        figure = etree.SubElement(parent, "figure", {"class": "tip"})
        self.config["open_blocks"].append(_needle(self))
        tip = self._tip(week)
        if self._is_foreign():
            figure.set("lang", "de")
        if tip is not None:
            quoted = getattr(self.md, "quoted_tips", [])
            if tip.week not in quoted:
                figure.set("id", f"tipp-{tip.week}")
            _fill_card(figure, tip, self.config["collection"].base_url)
            quoted.append(tip.week)
        return figure

    def on_end(self, block: etree.Element) -> None:
        """Note that the closing line was there."""
        self.config["open_blocks"].remove(_needle(self))

    def _is_foreign(self) -> bool:
        """Return whether the post is in another language than the tips, which are German."""
        return getattr(getattr(self.md, "document", None), "lang", "de") != "de"

    def _tip(self, week: str) -> Tip | None:
        collection = self.config["collection"]
        entry = collection.entries.get(week) if collection is not None else None
        needle = _needle(self)
        if week_day(week) is None:
            _report(
                self.md,
                needle,
                f"„{week}“ ist keine Woche.",
                "Schreiben Sie Jahr und Kalenderwoche, zum Beispiel „/// tipp | 2026-kw02“.",
                "tipp",
            )
        elif entry is None:
            _report(
                self.md,
                needle,
                f"Für die Woche {week} gibt es keinen Tipp.",
                "Prüfen Sie die Woche, oder schreiben Sie den Tipp in content/tipps/.",
                "tipp",
            )
        elif not self._may_quote(entry.tip):
            _report(
                self.md,
                needle,
                f"Der Tipp {week} erscheint erst am {entry.tip.date.isoformat()}, "
                "also nach diesem Beitrag.",
                "Nehmen Sie einen früheren Tipp, oder datieren Sie den Beitrag später.",
                "tipp",
            )
        else:
            return entry.tip
        return None

    def _may_quote(self, tip: Tip) -> bool:
        document = getattr(self.md, "document", None)
        date = getattr(document, "date", None)
        return tip.date <= self.config["collection"].today or (
            date is not None and tip.date <= date.date()
        )


def _needle(block: Block) -> str:
    """Return what shows the line on which *block* begins."""
    argument = (block.argument or "").strip()
    return f"| {argument}" if argument else f"/// {block.NAME}"


def _fill_card(figure: etree.Element, tip: Tip, base_url: str) -> None:
    caption = _add(figure, "figcaption", "Mittwochstipp · ", class_="tip__label")
    link = _add(caption, "a", tip.label, href=f"/{base_url}{tip.week}/")
    _tail(link, f" · {tip.topic}")
    _add(figure, "p", tip.headword, class_="tip__headword")
    _add(figure, "p", tip.tip, class_="tip__text")
    if tip.wrong and tip.right:
        pair = _add(figure, "dl", class_="pair")
        wrong = _add(pair, "div", class_="pair__wrong")
        _add(wrong, "dt", "Nicht so")
        # As written: setting it would mend what it shows (57€, §5).
        _add(wrong, "dd", tip.wrong, class_="no-typo")
        right = _add(pair, "div", class_="pair__right")
        _add(right, "dt", "Sondern so")
        _add(right, "dd", tip.right)


class QuoteBlock(Block):
    """A quotation with its source."""

    NAME = "zitat"
    ARGUMENT = None
    OPTIONS = {"url": ["", type_string], "abgerufen": ["", lambda value: value]}

    def on_create(self, parent: etree.Element) -> etree.Element:
        """Return the figure; the text goes into its blockquote (see `on_add`)."""
        figure = etree.SubElement(parent, "figure", {"class": "quote"})
        self.config["open_blocks"].append(_needle(self))
        quote = etree.SubElement(figure, "blockquote")
        url = str(self.options["url"])
        if url and not core.is_web_address(url):
            _report(
                self.md,
                url,
                f"„{url}“ ist keine Webadresse.",
                "Beginnen Sie mit https://, oder löschen Sie die Zeile.",
                "url",
            )
        elif url:
            quote.set("cite", url)
        return figure

    def on_add(self, block: etree.Element) -> etree.Element:
        """Return the element that takes the quoted text."""
        return block[0]

    def on_end(self, block: etree.Element) -> None:
        """Add the source below the text."""
        self.config["open_blocks"].remove(_needle(self))
        if not self.argument:
            return
        said_by = core.attribution(self.argument)
        caption = etree.SubElement(block, "figcaption")
        caption.text = f"{said_by.person}, " if said_by.work else said_by.person
        last = caption
        if said_by.work:
            last = etree.SubElement(caption, "cite")
            last.text = said_by.work
        if url := block[0].get("cite"):
            self._link(caption, last, url)
        if note := self._accessed():
            if last is not caption:
                last.tail = f" ({note})"
            elif len(caption):
                caption[0].tail = f" ({note})"
            else:
                caption.text = f"{caption.text} ({note})"

    def _link(self, caption: etree.Element, cite: etree.Element, url: str) -> None:
        """Link the work, or the person where no work is named."""
        link = etree.Element("a", {"href": url})
        link.text, cite.text = cite.text, None
        cite.append(link)

    def _accessed(self) -> str:
        value = self.options["abgerufen"]
        if not value:
            return ""
        if isinstance(value, dt.date):
            return core.accessed_note(value)
        try:
            return core.accessed_note(dt.date.fromisoformat(str(value)))
        except ValueError:
            _report(
                self.md,
                str(value),
                f"„{value}“ ist kein Datum.",
                "Schreiben Sie Jahr-Monat-Tag, zum Beispiel 2026-03-04.",
                "abgerufen",
            )
            return ""


class LeftoverBlocks(Treeprocessor):
    """
    Reports paragraphs that begin with „///“: a misspelt block would be printed as text.

    Also those of *open_blocks*, to which blocks add and from which they take themselves: one that
    is not closed would swallow the rest of the text.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.open_blocks: list[str] = []

    def run(self, root: etree.Element) -> None:
        """Note each leftover once."""
        for needle in self.open_blocks:
            _report(
                self.md,
                needle,
                f"Der Block „{needle.removeprefix('| ')}“ ist nicht abgeschlossen.",
                "Setzen Sie darunter eine Zeile mit ///.",
                "block",
            )
        self.open_blocks.clear()
        for paragraph in root.iter():
            text = paragraph.text or ""
            if paragraph.tag not in ("p", "li", "dd") or not text.startswith("///"):
                continue
            first = text.splitlines()[0]
            name = first.strip("/ ").split("|")[0].strip()
            remedy = (
                "Prüfen Sie die eingerückten Zeilen darunter (url, abgerufen) und die schließende "
                "Zeile ///."
                if name in BLOCKS
                else f"Bekannt sind: {', '.join(BLOCKS)}."
            )
            _report(self.md, first, f"Der Block „{first}“ ist nicht lesbar.", remedy, "block")


class EmbedsExtension(BlocksExtension):
    """Registers the blocks; ``collection``: the tips (`plugins.tips.adapter.Collection`)."""

    def __init__(self, collection: Any = None, **options: Any) -> None:
        # No entry of ``config``: Markdown would turn a value whose default is None into a bool.
        self._collection = collection
        super().__init__(**options)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:  # noqa: N802
        """Add the blocks and the search for misspelt ones."""
        leftover = LeftoverBlocks(md)
        config = {"collection": self._collection, "open_blocks": leftover.open_blocks}
        for block in (TipBlock, QuoteBlock):
            block_mgr.register(block, config)
        # Before inline patterns (20) turn the text into elements.
        md.treeprocessors.register(leftover, "leftover_blocks", 25)


def makeExtension(**options: Any) -> EmbedsExtension:  # noqa: N802
    """Return the extension, for Markdown."""
    return EmbedsExtension(**options)
