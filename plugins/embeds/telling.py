"""How blocks tell the author of mistakes."""

from __future__ import annotations

from typing import Any

from pymdownx.blocks.block import Block

from plugins.source.adapter import TextProblem


def tell(md: Any, needle: str, message: str, remedy: str, field: str) -> None:
    """Note a mistake for the reader; without one (in a test of Markdown alone) it is lost."""
    getattr(md, "problems", []).append(TextProblem(needle, message, remedy, field))


def needle_of(block: Block) -> str:
    """Return what shows the line on which *block* begins."""
    argument = (block.argument or "").strip()
    return f"| {argument}" if argument else f"/// {block.NAME}"
