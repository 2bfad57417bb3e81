"""The prose of a Markdown text without its markup, and where each of its characters stands."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import regex

# Stands for what is no prose: code, addresses, foreign or marked passages.
OPAQUE = "\ufffc"

MARK_CLASS = "no-lektorat"
_OFF = regex.compile(r"\s*<!--\s*lektorat:\s*aus\s*-->\s*")
_ON = regex.compile(r"\s*<!--\s*lektorat:\s*an\s*-->\s*")

Span = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """
    A paragraph, heading, cell … as read by people.

    *origins* has the place of each character of *text* in the file; *emphasis* are the spans in
    italics, where this trade puts the words it speaks of. *role*: title, summary, heading,
    paragraph, item, cell, quote, caption, note, example.
    """

    text: str
    origins: Sequence[int]
    role: str
    lang: str
    emphasis: tuple[Span, ...] = ()

    def origin(self, position: int) -> int:
        """Return the place in the file of the character at *position*; the end is after the last."""
        if position < len(self.origins):
            return self.origins[position]
        return self.origins[-1] + 1 if self.origins else 0


# --- Inline ---------------------------------------------------------------------------------------

_SPECIAL = regex.compile(r"[\\`<!\[\]*_&{]")
_GENDER_STAR = regex.compile(r"\*(?:in(?:nen)?|[rnms])\b(?!\*)")
_TAG = regex.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>")
_AUTOLINK = regex.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ATTRIBUTES = regex.compile(r"\{:?[ ]*([^{}\n]*)\}")
_TARGET = regex.compile(
    r"""\(\s*(?:<[^<>\n]*>|(?:\{[^{}\n]*\})?(?:[^\s()]|\([^\s()]*\))*)"""
    r"""(?:\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'))?\s*\)"""
)
_ADDRESS = regex.compile(
    r"(?:https?://|www\.)[^\s„“”«»<>]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.])@[\w.]+(?:@[\w.-]+)?"
    r"|\b[\w-]*\w\.(?:[\w-]+\.)*\p{Ll}[\w-]+(?:/[\w./-]*)?"
    r"|(?<![\w.])(?:[\w.-]+/){2,}[\w.-]*"
    r"|(?<!\w)--?\p{L}[\w-]*(?==)"
    r"|\{tipp\}[\w-]*"
)
_OPAQUE_TAGS = frozenset(
    "code kbd samp var pre script style svg math textarea del s iframe object".split()
)
_LANG = regex.compile(r"\blang\s*=\s*[\"']?([A-Za-z-]+)")
_MARKED = regex.compile(rf"(?<![\w-]){MARK_CLASS}(?![\w-])")


def _is_opaque(attributes: str) -> bool:
    """Tell whether an element with these HTML or Markdown attributes is not ours to read."""
    lang = _LANG.search(attributes)
    return bool(_MARKED.search(attributes)) or (
        lang is not None and not lang[1].lower().startswith("de")
    )


class _Inline:
    """Scans the text of one block; every handler returns the position behind what it read."""

    def __init__(self, raw: str, places: Sequence[int], role: str, lang: str) -> None:
        self.raw, self.places, self.role, self.lang = raw, places, role, lang
        self.text: list[str] = []
        self.origins: list[int] = []
        self.emphasis: list[Span] = []
        self.captions: list[Passage] = []
        self._open: dict[str, int] = {}
        self._last_span: Span | None = None
        self._tails: dict[int, int] = {}
        self._link_starts: dict[int, int] = {}
        self._brackets = _matching_brackets(raw)
        self._handlers: dict[str, Callable[[int], int]] = {
            "\\": self._escape,
            "`": self._code,
            "<": self._tag,
            "!": self._image,
            "[": self._bracket,
            "]": self._close_bracket,
            "*": self._delimiter,
            "_": self._delimiter,
            "&": self._entity,
            "{": self._attribute_list,
        }

    def passages(self) -> list[Passage]:
        """Return the passage, then the captions found in it."""
        position = 0
        while special := _SPECIAL.search(self.raw, position):
            self._emit(position, special.start())
            position = self._handlers[special[0]](special.start())
        self._emit(position, len(self.raw))
        text = _ADDRESS.sub(lambda match: OPAQUE * len(match[0]), "".join(self.text))
        passage = Passage(text, self.origins, self.role, self.lang, tuple(self.emphasis))
        found = [passage] if text.strip(" \n\t" + OPAQUE) else []
        return found + self.captions

    def _emit(self, start: int, end: int) -> None:
        self.text.extend(self.raw[start:end])
        self.origins.extend(self.places[start:end])

    def _put(self, character: str, place: int) -> None:
        self.text.append(character)
        self.origins.append(self.places[place])

    def _sub_passage(self, start: int, end: int) -> None:
        inner = _Inline(self.raw[start:end], self.places[start:end], "caption", self.lang)
        self.captions.extend(inner.passages())

    def _escape(self, at: int) -> int:
        self._emit(at + 1, at + 2)
        return min(at + 2, len(self.raw))

    def _code(self, at: int) -> int:
        end = at
        while end < len(self.raw) and self.raw[end] == "`":
            end += 1
        ticks = end - at
        close = regex.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(self.raw, end)
        if close is None:
            self._emit(at, end)
            return end
        self._put(OPAQUE, at)
        self._last_span = (len(self.text) - 1, len(self.text))
        return int(close.end())

    def _tag(self, at: int) -> int:
        if self.raw.startswith("<!--", at):
            end = self.raw.find("-->", at)
            return len(self.raw) if end < 0 else end + 3
        if autolink := _AUTOLINK.match(self.raw, at):
            self._put(OPAQUE, at)
            return int(autolink.end())
        tag = _TAG.match(self.raw, at)
        if tag is None:
            self._emit(at, at + 1)
            return at + 1
        name = tag[2].lower()
        if name == "br":
            self._put(" ", at)
        if not tag[1] and (name in _OPAQUE_TAGS or _is_opaque(tag[3])):
            self._put(OPAQUE, at)
            return _closing(self.raw, name, tag.end())
        return int(tag.end())

    def _image(self, at: int) -> int:
        close = self._brackets.get(at + 1)
        target = _TARGET.match(self.raw, close + 1) if close else None
        if close is None or target is None:
            self._emit(at, at + 1)
            return at + 1
        self._put(OPAQUE, at)
        self._sub_passage(at + 2, close)
        self._title(target)
        return int(target.end())

    def _title(self, target: regex.Match[str]) -> None:
        for name in ("double", "single"):
            if target[name]:
                self._sub_passage(*target.span(name))

    def _bracket(self, at: int) -> int:
        close = self._brackets.get(at)
        if close is None:
            self._emit(at, at + 1)
            return at + 1
        if self.raw.startswith("[^", at):
            return close + 1
        if target := _TARGET.match(self.raw, close + 1):
            self._tails[close] = target.end()
            self._title(target)
        elif self.raw.startswith("[", close + 1) and (end := self._brackets.get(close + 1)):
            self._tails[close] = end + 1
        else:
            self._emit(at, at + 1)
            return at + 1
        self._link_starts[close] = len(self.text)
        return at + 1

    def _close_bracket(self, at: int) -> int:
        if at not in self._tails:
            self._emit(at, at + 1)
            return at + 1
        self._last_span = (self._link_starts[at], len(self.text))
        return self._tails[at]

    def _delimiter(self, at: int) -> int:
        sign = self.raw[at]
        end = at
        while end < len(self.raw) and self.raw[end] == sign:
            end += 1
        before = self.raw[at - 1] if at else " "
        after = self.raw[end] if end < len(self.raw) else " "
        is_text = (
            (before.isspace() and after.isspace())
            or (sign == "_" and before.isalnum() and after.isalnum())
            or (sign == "*" and before.isalpha() and _GENDER_STAR.match(self.raw, at) is not None)
        )
        if is_text:
            self._emit(at, end)
            return end
        for length in (2, 1) if end - at > 2 else (end - at,):
            self._toggle(sign * length)
        return end

    def _toggle(self, sign: str) -> None:
        here = len(self.text)
        if sign not in self._open:
            self._open[sign] = here
            return
        self._last_span = (self._open.pop(sign), here)
        if len(sign) == 1:
            self.emphasis.append(self._last_span)

    def _entity(self, at: int) -> int:
        entity = _ENTITY.match(self.raw, at)
        if entity is None:
            self._emit(at, at + 1)
            return at + 1
        for character in html.unescape(entity[0]):
            self._put(character, at)
        return int(entity.end())

    def _attribute_list(self, at: int) -> int:
        attributes = _ATTRIBUTES.match(self.raw, at)
        if attributes is None or not attributes[0].startswith("{:"):
            self._emit(at, at + 1)
            return at + 1
        if self._last_span and _is_opaque(attributes[1]):
            start, end = self._last_span
            self.text[start:end] = OPAQUE * (end - start)
        return int(attributes.end())


def _matching_brackets(raw: str) -> dict[int, int]:
    """Return the place of the closing bracket for each opening one; code and escapes do not count."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    position = 0
    while position < len(raw):
        character = raw[position]
        if character == "\\":
            position += 1
        elif character == "[":
            stack.append(position)
        elif character == "]" and stack:
            pairs[stack.pop()] = position
        position += 1
    return pairs


def _closing(raw: str, name: str, position: int) -> int:
    """Return the place behind the end tag of the element *name* that was opened before *position*."""
    depth = 1
    for tag in regex.finditer(rf"<(/?){name}\b[^>]*>", raw, regex.IGNORECASE, pos=position):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return int(tag.end())
    return len(raw)


# --- Blocks ---------------------------------------------------------------------------------------

_QUOTE = regex.compile(r" {0,3}>[ \t]?")
_FENCE = regex.compile(r"\s*(`{3,}|~{3,})")
_BLOCK = regex.compile(r"\s*/{3,}[ \t]*([\w-]*)")
_OPTION = regex.compile(r"\s{4,}[\w-]+:")
_HEADING = regex.compile(r" {0,3}#{1,6}[ \t]+")
_UNDERLINE = regex.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = regex.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_LIST_ITEM = regex.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_DEFINITION = regex.compile(r" {0,3}:[ \t]+")
_REFERENCE = regex.compile(r" {0,3}\[(?!\^)[^\]]+\]:[ \t]*\S")
_FOOTNOTE = regex.compile(r" {0,3}\[\^[^\]]+\]:[ \t]*")
_ABBREVIATION = regex.compile(r" {0,3}\*\[[^\]]+\]:[ \t]*")
_DELIMITER_ROW = regex.compile(r"\s*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_HTML_LINE = regex.compile(r" {0,3}<([A-Za-z][A-Za-z0-9-]*)([^<>]*)>")
_BLOCK_TAGS = frozenset(
    "address article aside blockquote details dialog div dl figure figcaption footer header li ol "
    "p pre script section style svg table tbody td textarea tfoot th thead tr ul iframe "
    "object".split()
)
_CELL = regex.compile(r"(?:\\.|`[^`]*`|[^|\\`]|`)+")


@dataclass
class _Block:
    """The block being read: the spans of its lines in the text."""

    role: str = "paragraph"
    lines: list[Span] = field(default_factory=list)


class _Scanner:
    """Goes through the lines once; *place* turns a place in the text into one in the file."""

    def __init__(self, text: str, lang: str, place: Callable[[int], int]) -> None:
        self.text, self.lang, self.place = text, lang, place
        self.found: list[Passage] = []
        self._block = _Block()
        self._fence = ""
        self._skip_until: regex.Pattern[str] | None = None
        self._is_off = False
        self._after_blank = True
        self._in_list = False
        self._in_code = False
        self._in_options = False
        self._quote_blocks: list[bool] = []
        self._table = False

    def scan(self) -> list[Passage]:
        """Return the passages in their order."""
        start = 0
        spans = []
        for line in self.text.split("\n"):
            spans.append((start, start + len(line)))
            start += len(line) + 1
        for number, span in enumerate(spans):
            after = self.text[slice(*spans[number + 1])] if number + 1 < len(spans) else ""
            self._line(*span, after)
        self._flush()
        return self.found

    def _line(self, start: int, end: int, next_line: str) -> None:
        line = self.text[start:end]
        if self._is_off:
            self._is_off = _ON.fullmatch(line) is None
            return
        if self._skip_until is not None:
            if self._skip_until.search(line):
                self._skip_until = None
            return
        is_quote = False
        while marker := _QUOTE.match(line):
            is_quote = True
            start += marker.end()
            line = line[marker.end() :]
        if self._fence:
            if line.strip().startswith(self._fence) and not line.strip().strip(self._fence[0]):
                self._fence = ""
            return
        if not line.strip():
            self._flush()
            self._after_blank, self._in_options, self._table = True, False, False
            return
        if self._is_structure(line, start, end):
            return
        self._content(line, start, end, is_quote, next_line)
        self._after_blank = False

    def _is_structure(self, line: str, start: int, end: int) -> bool:
        """Handle a line that has no prose of its own; tell whether it was one."""
        if _OFF.fullmatch(line):
            self._flush()
            self._is_off = True
            return True
        indent = len(line) - len(line.lstrip())
        code_indent = 8 if self._in_list else 4
        if indent >= code_indent and (
            self._in_code or (self._after_blank and not self._block.lines)
        ):
            self._in_code = not self._in_options
            if self._in_code:
                return True
        self._in_code = False
        if self._in_options and _OPTION.match(line):
            return True
        self._in_options = False
        if fence := _FENCE.match(line):
            self._flush()
            self._fence = fence[1]
            return True
        if block := _BLOCK.match(line):
            self._flush()
            if block[1] in ("", "end"):
                if self._quote_blocks:
                    self._quote_blocks.pop()
            else:
                self._quote_blocks.append(block[1] == "zitat")
                self._in_options = True
            return True
        if self._block.lines and _UNDERLINE.match(line):
            if self._block.role == "paragraph":
                self._block.role = "heading"
            self._flush()
            return True
        if _RULE.match(line) or _REFERENCE.match(line):
            self._flush()
            return True
        return self._is_html(line) or self._is_attributes(line)

    def _is_html(self, line: str) -> bool:
        """Skip the whole of an HTML element or comment that is not ours to read."""
        if line.lstrip().startswith("<!--") and "-->" not in line:
            self._flush()
            self._skip_until = regex.compile("-->")
            return True
        tag = _HTML_LINE.match(line)
        if tag is None or tag[1].lower() not in _BLOCK_TAGS:
            return False
        self._flush()
        name = tag[1].lower()
        if name in _OPAQUE_TAGS or _is_opaque(tag[2]):
            if not regex.search(rf"</{name}\s*>", line, regex.IGNORECASE):
                self._skip_until = regex.compile(rf"</{name}\s*>", regex.IGNORECASE)
            return True
        return False

    def _is_attributes(self, line: str) -> bool:
        """Handle „{: .class }“ on a line of its own: it belongs to the paragraph above."""
        attributes = _ATTRIBUTES.fullmatch(line.strip())
        if attributes is None or not line.strip().startswith("{:"):
            return False
        if _is_opaque(attributes[1]):
            self._block = _Block()
        return True

    def _content(self, line: str, start: int, end: int, is_quote: bool, next_line: str) -> None:
        role = "quote" if is_quote or any(self._quote_blocks) else "paragraph"
        if role == "quote" and self._block.lines and self._block.role != "quote":
            self._flush()
        if heading := _HEADING.match(line):
            self._flush()
            self._in_list = False
            self._heading(line, start + heading.end(), end)
            return
        if self._is_row(line, next_line):
            self._flush()
            self._table = True
            self._cells(line, start)
            return
        marker = _FOOTNOTE.match(line) or _ABBREVIATION.match(line)
        # A number opens a list only where a block begins: „… im Jahr\n1826. Dann“ goes on.
        is_running = self._block.lines and self._block.role != "item" and line[0].isdigit()
        if marker is None and not is_running:
            marker = _LIST_ITEM.match(line)
        if marker is None:
            marker = _DEFINITION.match(line)
        if marker is not None:
            self._flush()
            self._in_list = True
            role = "item" if role == "paragraph" else role
            start += marker.end()
        elif self._after_blank and not line[0].isspace():
            self._in_list = False
        if not self._block.lines:
            self._block.role = role
        stripped = self.text[start:end]
        self._block.lines.append((start + len(stripped) - len(stripped.lstrip()), end))

    def _heading(self, line: str, start: int, end: int) -> None:
        text = self.text[start:end]
        if attributes := regex.search(r"[ \t]*\{:?[ ]*([^{}\n]*)\}[ \t]*$", text):
            if _is_opaque(attributes[1]):
                return
            end = start + attributes.start()
            text = self.text[start:end]
        self._block = _Block("heading", [(start, start + len(text.rstrip("# \t")))])
        self._flush()

    def _is_row(self, line: str, next_line: str) -> bool:
        if "|" not in line:
            return False
        return self._table or bool("|" in next_line and _DELIMITER_ROW.match(next_line))

    def _cells(self, line: str, start: int) -> None:
        if _DELIMITER_ROW.match(line):
            return
        for cell in _CELL.finditer(line):
            if cell[0].strip():
                self._block = _Block("cell", [(start + cell.start(), start + cell.end())])
                self._flush()

    def _flush(self) -> None:
        """Close the block and read what is in it."""
        block, self._block = self._block, _Block()
        if not block.lines:
            return
        raw: list[str] = []
        places: list[int] = []
        for start, end in block.lines:
            if raw:
                raw.append("\n")
                places.append(self.place(start - 1) if start else 0)
            raw.append(self.text[start:end])
            places.extend(map(self.place, range(start, end)))
        inline = _Inline("".join(raw), places, block.role, self.lang)
        self.found.extend(inline.passages())


def passages(
    markdown: str, lang: str = "de", place: Callable[[int], int] = lambda position: position
) -> list[Passage]:
    """
    Return the passages of a *markdown* text; *place* maps its positions to those in its file.

    Left out are code, addresses, HTML tags and comments, blocks' names and options, the marks of
    footnotes, elements in another language, and what the author marked: a class „no-lektorat“, or
    the lines between `<!-- lektorat: aus -->` and `<!-- lektorat: an -->`.
    """
    return _Scanner(markdown, lang, place).scan()


def line_passages(text: str, role: str, lang: str, place: Callable[[int], int]) -> list[Passage]:
    """Return the passage of a *text* with inline Markdown only, such as a title."""
    return _Inline(text, list(map(place, range(len(text)))), role, lang).passages()
