"""The Markdown extension: an ``img`` whose file is the author's gets its size, and lighter copies before it."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import Any

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from plugins.embeds.telling import tell
from plugins.pictures import core
from plugins.pictures.core import Picture, PictureError
from plugins.pictures.library import Library

#: The kind of fact that a text depends on, see ``READ_FACTS``.
FACT = "picture"


class Pictures(Treeprocessor):
    """Changes what other extensions have left as ``img``; captions and attributes are there already."""

    def __init__(self, md: Markdown, library: Library) -> None:
        super().__init__(md)
        self._library = library

    def run(self, root: etree.Element) -> None:
        """Change *root* in place."""
        if next(root.iter("img"), None) is None:
            return
        is_first = True
        for parent in list(root.iter()):
            for position, child in enumerate(parent):
                if child.tag != "img" or parent.tag == "picture":
                    continue
                picture = self._picture(child.get("src", ""))
                if picture is not None:
                    parent[position] = self._shown(child, picture)
                if not is_first:
                    child.attrib.setdefault("loading", "lazy")
                is_first = False

    def _picture(self, address: str) -> Picture | None:
        """Return the picture, or None if it is not the author's, or there is something wrong with it."""
        if core.asked_for(address) is None:
            return None
        md: Any = self.md
        key = self._library.key(md.document.file, address)
        md.reads.append((FACT, key))
        try:
            return self._library.asked(key, is_told=md.document.is_out)
        except PictureError as error:
            # A draft may wait for its pictures; where it is shown, the check tells what is missing.
            if md.document.is_out:
                tell(md, address, error.message, error.remedy, "Bild")
            return None

    def _shown(self, image: etree.Element, picture: Picture) -> etree.Element:
        """Return *image*, with all that browsers should know of it, or a ``picture`` around it."""
        show = core.show(picture, self._library.own)
        image.set("src", core.url(show.fallback.name))
        # Who gives one of them wants the other to follow from it.
        if "width" not in image.attrib and "height" not in image.attrib:
            image.set("width", str(show.fallback.width))
            image.set("height", str(show.fallback.height))
        image.attrib.setdefault("decoding", "async")
        if not show.sources:
            return image
        around = etree.Element("picture")
        around.tail, image.tail = image.tail, None
        for format_, copies in show.sources.items():
            source = etree.SubElement(
                around, "source", {"type": f"image/{format_}", "srcset": core.srcset(copies)}
            )
            if len(copies) > 1:
                source.set("sizes", self._library.own.sizes)
        around.append(image)
        return around


class PicturesExtension(Extension):
    """Registers the tree processor; *library*: the author's pictures."""

    def __init__(self, library: Library, **options: Any) -> None:
        # No entry of ``config``: Markdown would turn it into text.
        self._library = library
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after captions (15), prettifying (10) and lists of attributes (8)."""
        md.treeprocessors.register(Pictures(md, self._library), "pictures", 3)


def makeExtension(**options: Any) -> PicturesExtension:  # noqa: N802
    """Return the extension, for Markdown."""
    return PicturesExtension(**options)
