"""The block „wenn“: a passage that holds only if the site does something."""

from __future__ import annotations

import xml.etree.ElementTree as etree

from pymdownx.blocks.block import Block

from plugins.embeds.telling import needle_of, tell
from plugins.privacy import core


class WhenBlock(Block):  # type: ignore[misc]
    """A passage under a condition; whether it is shown is decided when the page is made."""

    NAME = "wenn"
    ARGUMENT = None

    def on_create(self, parent: etree.Element) -> etree.Element:
        """Return the frame of the passage."""
        self.config["open_blocks"].append(needle_of(self))
        condition = (self.argument or "").strip()
        if core.practice(condition) not in core.PRACTICES:
            tell(
                self.md,
                needle_of(self),
                f"„{condition}“ ist keine Bedingung.",
                f"Möglich sind: {', '.join(core.PRACTICES)}; davor darf „nicht“ stehen.",
                "block",
            )
        return etree.SubElement(parent, "div", {core.ATTRIBUTE: condition})

    def on_end(self, block: etree.Element) -> None:
        """Note that the closing line was there."""
        self.config["open_blocks"].remove(needle_of(self))
