"""
German micro-typography: from keyboard characters to what a typesetter would have set.

Pure: HTML or plain text in, the same out. One pass tokenizes the HTML, joins the text of each
block across its inline elements, lets the rules work on that, and writes everything else back
byte for byte. Linear in the length of the text, for any input.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from .literals import mark_literals, mark_numbers
from .passage import LINE_BREAK, OBJECT, STRAIGHT, Passage, Piece
from .quotes import set_quotes
from .signs import set_signs
from .spaces import set_spaces
from .style import NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE, Settings, SettingsError, Style, style_for
from .tokens import END, START, TEXT, attributes, tokens

__all__ = ["Settings", "SettingsError", "Watch", "typeset_html", "typeset_text"]

#: Is shown each passage once it is set: what was changed, where, and by which rule.
Watch = Callable[[Passage], None]

#: Their content is no HTML: only their own end tag ends them.
_RAW = frozenset("script style textarea iframe xmp noembed noframes".split())
#: Elements with a syntax of their own, in which "/>" closes.
_FOREIGN = frozenset("svg math".split())
#: Elements whose content is never read.
_PROTECTED = _RAW | _FOREIGN | frozenset("code pre kbd samp var".split())
#: A passage of its own inside another, to which it is invisible: 5 m<sup>2</sup>.
_RAISED = frozenset("sup sub".split())
#: Nothing to see where they stand.
_INVISIBLE = frozenset("script style template link meta".split())
_OBJECTS = frozenset("img input button select object video audio canvas embed iframe".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center col colgroup dd details dialog dir div dl
    dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html
    legend li main menu nav ol optgroup option p pre search section summary table tbody td tfoot th
    thead title tr ul
    """.split()
)
# What could change: without one of these a passage is as it should be.
_CANDIDATE = re.compile(r"[\"'´\-–….%‰€°§x×\d\u202f]")
_DIGIT = re.compile(r"\d")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")

_DEFAULT = Settings()


def typeset_html(html: str, settings: Settings = _DEFAULT, watch: Watch | None = None) -> str:
    """Return *html* with its text set; tags, comments and entities are kept byte for byte."""
    if "&" not in html and not settings.widow and not watch and not _CANDIDATE.search(html):
        return html
    return _Typesetter(settings, watch).run(html)


def typeset_text(text: str, settings: Settings = _DEFAULT, watch: Watch | None = None) -> str:
    """
    Return plain text (a title, an alternative text) set as one block.

    There is no markup in it: "<" and "&" are just characters.
    """
    style = style_for(settings.lang, settings)
    slots = [text]
    passage = Passage(text, [Piece(0, len(text), 0)], [(0, style)], [])
    _set(passage, slots, settings)
    if watch:
        watch(passage)
    return slots[0]


def _is_note(name: str, given: dict[str, str]) -> bool:
    """Tell a footnote's number and its link back, as python-markdown writes them."""
    if name == "sup":
        return given.get("id", "").startswith("fnref")
    return name == "a" and "footnote-backref" in given.get("class", "").split()


@dataclass(slots=True)
class _Element:
    name: str
    style: Style


@dataclass(slots=True)
class _Draft:
    """A passage while its parts are read."""

    characters: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    styles: list[tuple[int, Style]] = field(default_factory=list)
    turns: list[tuple[int, bool]] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, style: Style, slot: int = -1) -> None:
        """Add *text* as it is read; with a *slot* it can be changed."""
        if not self.styles or self.styles[-1][1] is not style:
            self.styles.append((self.length if self.styles else 0, style))
        if slot >= 0:
            self.pieces.append(Piece(self.length, self.length + len(text), slot))
        self.characters.append(text)
        self.length += len(text)


class _Typesetter:
    """Reads one document; `run` once."""

    def __init__(self, settings: Settings, watch: Watch | None = None) -> None:
        self.settings = settings
        self.watch = watch
        self.slots: list[str] = []
        self.elements: list[_Element] = []
        self.open_names: dict[str, int] = {}
        self.style = style_for(settings.lang, settings)
        self.root_style = self.style
        self.draft = _Draft()
        #: Drafts of passages around a <sup> or <sub>, which is a passage of its own.
        self.outer: list[_Draft] = []
        #: The element whose content is skipped, and how many of each name are open in it.
        self.skipped = ""
        self.inner: dict[str, int] = {}

    def run(self, html: str) -> str:
        for kind, source, name in tokens(html):
            self.slots.append(source)
            if self.skipped:
                self._skip(kind, source, name)
            elif kind == TEXT:
                self._read_text(source)
            elif kind == START:
                self._enter(source, name)
            elif kind == END:
                self._leave(name)
        self._finish_all()
        return "".join(self.slots)

    def _skip(self, kind: int, source: str, name: str) -> None:
        """Pass over the content of a protected element; it may end with the one around it."""
        if self.skipped in _RAW:
            if kind == END and name == self.skipped:
                self.skipped = ""
        elif kind == START:
            if self.skipped == "p" and name in _BLOCKS:
                self.skipped = ""
                self._enter(source, name)
            elif name not in _VOID and not (name in _FOREIGN and source.endswith("/>")):
                self.inner[name] = self.inner.get(name, 0) + 1
        elif kind == END:
            if self.inner.get(name):
                self.inner[name] -= 1
            elif name == self.skipped:
                self.skipped = ""
            elif self.open_names.get(name):
                self.skipped = ""
                self._leave(name)

    def _read_text(self, source: str) -> None:
        slot = len(self.slots) - 1
        if "&" not in source:
            self.draft.add(source, self.style, slot)
            return
        self.slots.pop()
        position = 0
        for entity in _ENTITY.finditer(source):
            if position < entity.start():
                self._add_slot(source[position : entity.start()], is_open=True)
            self._add_slot(entity[0], is_open=False)
            position = entity.end()
        if position < len(source):
            self._add_slot(source[position:], is_open=True)

    def _add_slot(self, source: str, is_open: bool) -> None:
        self.slots.append(source)
        if is_open:
            self.draft.add(source, self.style, len(self.slots) - 1)
            return
        character = unescape(source)
        if character in ('"', "'"):
            character = STRAIGHT
        self.draft.add(character, self.style)

    def _enter(self, source: str, name: str) -> None:
        if name in _BLOCKS:
            self._finish_all()
            if self.elements and self.elements[-1].name == "p":
                self._pop()  # a block ends a paragraph
        if name in _VOID:
            if name == "br":
                self.draft.add(LINE_BREAK, self.style)
            elif name in _OBJECTS:
                self.draft.add(OBJECT, self.style)
            return
        given = attributes(source) if "=" in source else {}
        is_note = _is_note(name, given)
        if is_note or name in _PROTECTED or "no-typo" in given.get("class", "").split():
            if name in _FOREIGN and source.endswith("/>"):
                return
            if not is_note and name not in _BLOCKS and name not in _INVISIBLE:
                self.draft.add(OBJECT, self.style)
            self.skipped, self.inner = name, {}
            return
        self.elements.append(_Element(name, self.style))
        self.open_names[name] = self.open_names.get(name, 0) + 1
        if name in _RAISED:
            self.outer.append(self.draft)
            self.draft = _Draft()
        style = style_for(given["lang"], self.settings) if "lang" in given else self.style
        if style is not self.style:
            self.style = style
            self.draft.turns.append((self.draft.length, True))

    def _leave(self, name: str) -> None:
        if name in _BLOCKS:
            self._finish_all(is_paragraph=name == "p")
        if self.open_names.get(name):
            while self._pop() != name:
                pass

    def _pop(self) -> str:
        element = self.elements.pop()
        self.open_names[element.name] -= 1
        if element.name in _RAISED and self.outer:
            self._finish()
            self.draft = self.outer.pop()
        if element.style is not self.style:
            self.style = element.style
            self.draft.turns.append((self.draft.length, False))
        return element.name

    def _finish_all(self, is_paragraph: bool = False) -> None:
        self._finish(is_paragraph)
        while self.outer:
            self.draft = self.outer.pop()
            self._finish()

    def _finish(self, is_paragraph: bool = False) -> None:
        draft = self.draft
        self.draft = _Draft()
        if not draft.pieces:
            return
        text = "".join(draft.characters)
        may_change = (is_paragraph and self.settings.widow) or _CANDIDATE.search(text)
        if may_change or self.watch:
            passage = Passage(text, draft.pieces, draft.styles, draft.turns)
            if may_change:
                _set(passage, self.slots, self.settings, is_paragraph)
            if self.watch:
                self.watch(passage)


def _set(
    passage: Passage, slots: list[str], settings: Settings, is_paragraph: bool = False
) -> None:
    """Let all rules work on *passage* and write it to *slots*."""
    styles = {id(style): style for _, style in passage.styles}
    mark_literals(passage)
    for style in styles.values():
        passage.at_work = style
        if style.is_german and _DIGIT.search(passage.text):
            mark_numbers(passage)
    set_quotes(passage)
    for style in styles.values():
        passage.at_work = style
        if style.is_german:
            set_spaces(passage, style)
        if style.is_known:
            set_signs(passage, style)
    if is_paragraph and settings.widow:
        _join_last_words(passage)
    passage.write_to(slots)
    if settings.spaces == "nbsp":
        for piece in passage.pieces:
            slots[piece.slot] = slots[piece.slot].replace(NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE)


def _join_last_words(passage: Passage) -> None:
    """Keep a short last word from standing alone on the last line."""
    words = passage.text.split()
    words = [word for word in words if any(map(str.isalnum, word)) or OBJECT in word]
    if len(words) < 6 or sum(map(str.isalnum, words[-1])) > 10:
        return
    position = passage.text.rindex(words[-1])
    passage.at_work = passage.style_at(position - 1)
    passage.rule = "widow"
    passage.bind(position)
