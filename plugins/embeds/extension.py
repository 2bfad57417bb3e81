"""The Markdown extension: the block „zitat“, and the tips of `plugins.embeds.tips`."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_string

from plugins.embeds import core
from plugins.embeds.telling import needle_of, tell
from plugins.embeds.tips import Lookup, TipBlock, TipLinks, TipMention, TipsBlock
from plugins.privacy.extension import WhenBlock

BLOCKS = ("tipp", "tipps", "zitat", "wenn")


class QuoteBlock(Block):
    """A quotation with its source."""

    NAME = "zitat"
    ARGUMENT = None
    OPTIONS = {"url": ["", type_string], "abgerufen": ["", lambda value: value]}

    def on_create(self, parent: etree.Element) -> etree.Element:
        """Return the figure; the text goes into its blockquote (see `on_add`)."""
        figure = etree.SubElement(parent, "figure", {"class": "quote"})
        self.config["open_blocks"].append(needle_of(self))
        quote = etree.SubElement(figure, "blockquote")
        url = str(self.options["url"])
        if url and not core.is_web_address(url):
            tell(
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
        self.config["open_blocks"].remove(needle_of(self))
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
            tell(
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
            tell(
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
            tell(self.md, first, f"Der Block „{first}“ ist nicht lesbar.", remedy, "block")


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
        for block in (TipBlock, TipsBlock, QuoteBlock, WhenBlock):
            block_mgr.register(block, config)
        lookup = Lookup(md, self._collection)
        # After code (190) and links (160), whose addresses are left to the tree processor.
        md.inlinePatterns.register(TipMention(md, lookup), "tip_mention", 75)
        md.treeprocessors.register(TipLinks(md, lookup), "tip_links", 16)
        # Before inline patterns (20) turn the text into elements.
        md.treeprocessors.register(leftover, "leftover_blocks", 25)


def makeExtension(**options: Any) -> EmbedsExtension:  # noqa: N802
    """Return the extension, for Markdown."""
    return EmbedsExtension(**options)
