"""Posts in the Markdown that all peers read alike."""

from __future__ import annotations

import json
import re

from bench.build.model import Block, Post, Quote, Text, TipCard

_LINK = re.compile(r"\(→([\w/.-]+)")


def body(post: Post) -> str:
    """Return the text: tips and quotations become block quotes, links lead to final addresses."""
    return _LINK.sub(_address, "\n\n".join(map(_block, post.blocks))) + "\n"


def _address(match: re.Match[str]) -> str:
    target = match[1]
    return f"(/{target}" if target.startswith("bilder/") else f"(/blog/{target}/"


def _block(block: Block) -> str:
    match block:
        case Text(markdown):
            return markdown
        case TipCard(tip):
            pair = f"\n>\n> {tip.wrong}\n>\n> {tip.right}" if tip.wrong else ""
            return f"> **{tip.headword}**\n>\n> {tip.text}{pair}"
        case Quote(person, work, url, _, text):
            return f"> {text}\n>\n> {person}, [{work}]({url})"


def front_matter(**fields: object) -> str:
    """Return YAML between lines of dashes; JSON's values are YAML's."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "---\n" + "\n".join(lines) + "\n---\n\n"
