"""The tree processor that makes figures and table regions, and names footnotes."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import Any

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor


def _lone_picture(paragraph: etree.Element) -> etree.Element | None:
    """Return the captioned picture that is all of *paragraph*, or None."""
    if paragraph.tag != "p" or len(paragraph) != 1 or (paragraph.text or "").strip():
        return None
    picture = paragraph[0]
    if picture.tag != "img" or not picture.get("title") or (picture.tail or "").strip():
        return None
    return picture


_ALIGNED = "text-align: "


class Figures(Treeprocessor):
    """
    Turns captioned pictures into figures, wraps tables and names the links of footnotes; runs after inline patterns.

    Columns are aligned by a class (``align-right``): a style attribute would need a weaker CSP.
    """

    def run(self, root: etree.Element) -> None:
        """Change *root* in place."""
        for link in root.iter("a"):
            self._name(link)
        tables = 0
        for parent in list(root.iter()):
            for position, child in enumerate(list(parent)):
                picture = _lone_picture(child)
                if picture is not None:
                    self._figure(child, picture)
                elif child.tag == "table" and parent.get("class") != "table":
                    tables += 1
                    parent[position] = self._region(child, tables)

    def _name(self, link: etree.Element) -> None:
        """Say what „1“ and „↩“ mean to those who hear a link without what is around it."""
        if link.get("class") == "footnote-ref":
            link.set("aria-label", f"Fußnote {link.text}")
        elif link.get("class") == "footnote-backref":
            link.set("aria-label", link.attrib.pop("title"))

    def _figure(self, paragraph: etree.Element, picture: etree.Element) -> None:
        paragraph.tag = "figure"
        paragraph.set("class", "picture")
        paragraph.text = None
        picture.tail = None
        caption = etree.SubElement(paragraph, "figcaption")
        caption.text = picture.attrib.pop("title")

    def _region(self, table: etree.Element, number: int) -> etree.Element:
        # Regions of one page need different names.
        region = etree.Element(
            "section", {"class": "table", "tabindex": "0", "aria-label": f"Tabelle {number}"}
        )
        region.tail, table.tail = table.tail, None
        region.append(table)
        for cell in table.iter():
            if cell.get("style", "").startswith(_ALIGNED):
                side = cell.attrib.pop("style").removeprefix(_ALIGNED).rstrip(";")
                cell.set("class", f"align-{side}")
        return region


class FiguresExtension(Extension):
    """Registers the tree processor."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after inline patterns (20) and before the final prettifying (10)."""
        md.treeprocessors.register(Figures(md), "figures", 15)


def makeExtension(**options: Any) -> FiguresExtension:  # noqa: N802
    """Return the extension, for Markdown."""
    return FiguresExtension(**options)
