"""The Markdown of readers: a subset of CommonMark, cleaned and set in German."""

from __future__ import annotations

import html
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from plugins.comments.core import is_web_address
from plugins.typography import typeset_html


class _Markdown(MarkdownIt):
    """The subset: no raw HTML, images, headings, tables, entities, indented code, references."""

    def __init__(self) -> None:
        super().__init__("zero", {"breaks": True, "xhtmlOut": False, "maxNesting": 20})
        self.enable(["blockquote", "fence", "list"])
        self.enable(["newline", "escape", "backticks", "emphasis", "link", "autolink"])
        self.add_render_rule("text", _render_words)

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the name markdown-it looks for)
        # What is no web address stays the text that was typed: mailto:, javascript:, /path, #id.
        return is_web_address(url)


def _render_words(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    # Unlike the library's own rule it leaves " as it is: &quot; would mean that it stays straight.
    return html.escape(tokens[index].content, quote=False)


_MARKDOWN = _Markdown()
_CLEANER = nh3.Cleaner(
    tags={
        "p",
        "br",
        "em",
        "strong",
        "a",
        "code",
        "pre",
        "blockquote",
        "ol",
        "ul",
        "li",
    },
    # "*": otherwise title and lang come through on every element.
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel="nofollow ugc noopener",
)


def render(text: str) -> str:
    """Return the HTML of *text*, which `core.clean_text` has seen; see `core.render_text`."""
    rendered: str = _MARKDOWN.render(text)
    # Cleaned last, so that no step before it needs to be trusted.
    return _CLEANER.clean(typeset_html(rendered)).strip()
