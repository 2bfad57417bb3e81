"""
The Markdown extension: the Genderstern, `alt` and `title`, and the pass over the finished HTML.

    MARKDOWN = {"extension_configs": {"plugins.typography": {"lang": "de"}}}

A post in another language: after `md.reset()`, the reader calls `set_language(md, "en")` with the
post's `lang`, or sets `md.typography_lang` itself. `reset()` takes it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX

from .core import Settings, Watch, typeset_html, typeset_text

# A star between letters before a gender ending is never emphasis: Autor*innen, jede*r, ein*e,
# Bürger*innenrat, der*die, Arzt*Ärztin. "un*glaub*lich" is.
_GENDER_STAR = (
    r"(?<=[^\W\d_])\*(?=(?:(?P<long>innen[^\W\d_]*|ins?)|r|e|n|s|m|er|en|es|em|ern|die|der|das|den"
    r"|dem|sie|ihr|ihre|ihn|ihm|frau|man|x|(?<=[a-zäöüß]\*)[A-ZÄÖÜ][^\W\d_]+)(?!\w)(?P<closing>\**))"
)

#: Characters before a star in which an emphasis may have begun.
_LOOK_BACK = 200
_OPEN_IN_WORD = re.compile(r"[^\W\d_]\*[^\W\d_]*$")


class GenderStar(InlineProcessor):
    """Takes the star out of Markdown's hands, as a backslash would."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[str | None, int, int]:
        """Return the star as Markdown keeps an escaped one, or None where it is emphasis."""
        before = data[max(0, m.start() - _LOOK_BACK) : m.start()]
        # "Auto*r*en": a star inside the word is open. Gender stars are placeholders by now.
        is_closing = _OPEN_IN_WORD.search(before) is not None
        # "jede*r*" emphasises a letter, "*jede*r*" a word with a gender star.
        is_opening = m["closing"] == "*" and not m["long"] and before.count("*") % 2 == 0
        if is_closing or is_opening:
            return None, m.start(), m.end()
        return f"{STX}{ord('*')}{ETX}", m.start(), m.end()


class MarkdownAttributes(Treeprocessor):
    """Sets `alt` and `title` where Markdown made them; raw HTML is not in the tree yet."""

    def __init__(self, md: Markdown, extension: TypographyExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        """Set the attributes of the whole tree."""
        for element, settings in _elements(root, self.extension.settings_of(self.md)):
            for name in ("alt", "title"):
                value = element.get(name)
                if value:
                    element.set(name, typeset_text(value, settings, self.extension.watch_attribute))


def _elements(root: Element, settings: Settings) -> Iterator[tuple[Element, Settings]]:
    """Yield all elements that are to be set, each with the settings of its language."""
    waiting = [(root, settings)]
    while waiting:
        element, settings = waiting.pop()
        if "no-typo" in element.get("class", "").split():
            continue
        lang = element.get("lang")
        if lang:
            settings = replace(settings, lang=lang)
        yield element, settings
        waiting.extend((child, settings) for child in element)


class FinishedHtml(Postprocessor):
    """Sets the text of the whole document, raw HTML included."""

    def __init__(self, md: Markdown, extension: TypographyExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, text: str) -> str:
        """Return the finished document, set."""
        settings = self.extension.settings_of(self.md)
        return typeset_html(text, settings, self.extension.watch_text)


class TypographyExtension(Extension):
    """Micro-typography for Markdown."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "lang": ["de", "Language of a document: de, de-CH, en"],
            "quotes": ["", "'guillemets' for »…« ›…‹"],
            "spaces": ["", "'nbsp' for fonts without U+202F"],
            "widow": [False, "Join the last two words of a paragraph"],
        }
        super().__init__(**kwargs)
        self.settings = Settings(**self.getConfigs())
        #: Are shown what is set in attributes and in the text.
        self.watch_attribute: Watch | None = None
        self.watch_text: Watch | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the three processors; the order is explained beside each."""
        md.registerExtension(self)
        self.md = md
        self.reset()
        # Below links and raw HTML (90), whose stars are their own; above emphasis (60).
        md.inlinePatterns.register(GenderStar(_GENDER_STAR, md), "gender_star", 65)
        # After "unescape" (0): attributes hold their characters then.
        md.treeprocessors.register(MarkdownAttributes(md, self), "typography_attributes", -10)
        # After raw HTML (30), footnotes (25) and "&" (20) are back.
        md.postprocessors.register(FinishedHtml(md, self), "typography", 1)

    def reset(self) -> None:
        """Forget the language of the last document."""
        self.md.typography_lang = None  # type: ignore[attr-defined]

    def settings_of(self, md: Markdown) -> Settings:
        """Return the settings of the document *md* is converting."""
        lang: str | None = getattr(md, "typography_lang", None)
        return replace(self.settings, lang=lang) if lang else self.settings


def set_language(md: Markdown, lang: str | None) -> None:
    """Set the language of the next document; call it after `md.reset()`."""
    md.typography_lang = lang  # type: ignore[attr-defined]
