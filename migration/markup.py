"""HTML of comments as the Markdown that comments have here: paragraphs, emphasis, links, code, lists, quotations."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from plugins.comments.core import is_web_address

#: Deeper elements leave their text only.
MAX_DEPTH = 30

_MARKS = {"em": "*", "i": "*", "cite": "*", "strong": "**", "b": "**"}
_BLOCKS = {
    *("p", "div", "section", "article", "blockquote", "ul", "ol", "li", "pre", "hr", "table", "tr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "figure"),
}
_UNREAD = {"script", "style", "iframe", "object", "template", "noscript"}
# What would be taken for Markdown: signs inside a line, and those that begin a block.
_SIGNS = re.compile(
    r"""[*`\[] | (?<![^\W_])_ | _(?![^\W_]) | \\(?=[!-/:-@\[-`{-~]) | <(?=https?:)""", re.VERBOSE
)
_BLOCK_START = re.compile(r"(>|~(?=~~)|[-+](?=\s|$))|(\d{1,9})([.)])(?=\s|$)")
_ADDRESS = re.compile(r"(?<![\w/\"'=])https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'…“”]")


def to_markdown(
    html: str, *, has_lines: bool, direct: Callable[[str], str] = lambda address: address
) -> str:
    """
    Return *html* as Markdown that shows the same; *has_lines*: a line break in it is one for the reader.

    Addresses that stand in the text become links, as WordPress and Disqus show them. *direct* returns where
    a link really leads.
    """
    writer = _Writer(has_lines, direct)
    writer.feed(html)
    writer.close()
    return writer.markdown()


def escaped(text: str) -> str:
    """Return plain *text* so that Markdown shows it as it is; addresses in it become links."""
    parts, end = [], 0
    for address in _ADDRESS.finditer(text):
        if is_web_address(address[0]):
            parts += [_escaped(text[end : address.start()]), f"<{address[0]}>"]
            end = address.end()
    return "".join(parts) + _escaped(text[end:])


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}", text)


def _guarded(line: str) -> str:
    """Return a line that begins no block."""
    begun = _BLOCK_START.match(line)
    if begun is None:
        return line
    # „1\.“, not „\1.“: only a sign can be escaped.
    position = begun.end(2) if begun[2] else 0
    return f"{line[:position]}\\{line[position:]}"


@dataclass
class _Open:
    """An element that has begun; *text* is what has been written in it so far."""

    tag: str
    href: str = ""
    text: list[str] = field(default_factory=list)


@dataclass
class _Container:
    """A quotation, a list or an item: *first* stands before its first line, *rest* before the others."""

    tag: str
    first: str = ""
    rest: str = ""
    count: int = 0


class _Writer(HTMLParser):
    """Writes Markdown while HTML is read; whatever is opened and not closed is closed at the end."""

    def __init__(self, has_lines: bool, direct: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self._has_lines, self._direct = has_lines, direct
        self._blocks: list[str] = []
        self._containers: list[_Container] = []
        self._open: list[_Open] = [_Open("")]
        self._unread = 0

    # -- Reading -----------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag in _UNREAD:
            self._unread += 1
        if self._unread:
            return
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._write("\n")
        elif tag == "img":
            self._write(escaped(values.get("alt", "")))
        elif tag in _BLOCKS:
            self._begin_block(tag)
        elif self._in("pre") or len(self._open) >= MAX_DEPTH:
            return
        elif tag in _MARKS or tag in ("a", "code"):
            self._open.append(_Open(tag, values.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        """End an element, with all in it that is still open."""
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif self._unread:
            return
        elif tag in _BLOCKS:
            self._end_block(tag)
        elif any(one.tag == tag for one in self._open):
            while self._close_inline() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Write text."""
        if self._unread:
            return
        if self._in("pre"):
            self._write(data)
            return
        lines = data.replace("\r\n", "\n") if self._has_lines else re.sub(r"\s+", " ", data)
        is_raw = any(one.tag in ("code", "a") for one in self._open)
        if self._has_lines and not is_raw:
            first, *others = re.split(r"\n[ \t]*\n\s*", lines)
            self._write(escaped(first))
            for paragraph in others:
                self._flush()
                self._write(escaped(paragraph))
            return
        is_code = any(one.tag == "code" for one in self._open)
        self._write(lines if is_code else _escaped(lines) if is_raw else escaped(lines))

    def _in(self, tag: str) -> bool:
        return any(container.tag == tag for container in self._containers)

    # -- Inside a line -------------------------------------------------------------------------------

    def _write(self, text: str) -> None:
        self._open[-1].text.append(text)

    def _close_inline(self) -> str:
        """End the innermost element, and return its name."""
        element = self._open.pop()
        text = "".join(element.text)
        core = text.strip()
        lead, trail = (
            text[: len(text) - len(text.lstrip())],
            text[len(text.rstrip()) :] if core else "",
        )
        if core and element.tag == "a":
            core = _link(core, self._direct(element.href.strip()))
        elif core and element.tag == "code":
            core = _code(core)
        elif core:
            mark = _MARKS[element.tag]
            # Emphasis inside the same emphasis would end it.
            is_nested = any(_MARKS.get(one.tag) == mark for one in self._open)
            core = core if is_nested else f"{mark}{core}{mark}"
        self._write(f"{lead}{core}{trail}")
        return element.tag

    # -- Blocks --------------------------------------------------------------------------------------

    def _begin_block(self, tag: str) -> None:
        self._flush()
        if self._in("pre") or len(self._containers) >= MAX_DEPTH:
            return
        if tag == "blockquote":
            self._containers.append(_Container(tag, "> ", "> "))
        elif tag in ("ul", "ol", "pre"):
            self._containers.append(_Container(tag))
        elif tag == "li":
            lists = [i for i, one in enumerate(self._containers) if one.tag in ("ul", "ol")]
            if not lists:
                return
            # The item before need not have been closed.
            del self._containers[lists[-1] + 1 :]
            around = self._containers[-1]
            around.count += 1
            mark = f"{around.count}. " if around.tag == "ol" else "- "
            self._containers.append(_Container(tag, mark, " " * len(mark)))

    def _end_block(self, tag: str) -> None:
        if not self._in(tag):
            self._flush()
            return
        while True:
            self._flush()
            if self._containers.pop().tag == tag:
                return

    def _flush(self) -> None:
        """End the paragraph: emphasis does not go beyond it."""
        while len(self._open) > 1:
            self._close_inline()
        text = "".join(self._open[0].text)
        self._open[0].text.clear()
        if not text.strip():
            return
        if self._in("pre"):
            lines = _fenced(text).split("\n")
        else:
            lines = [_guarded(line.strip()) for line in text.strip().split("\n")]
        self._blocks.append("\n".join(map(self._prefixed, lines)))

    def _prefixed(self, line: str) -> str:
        before = ""
        for container in self._containers:
            before += container.first
            container.first = container.rest
        return (before + line).rstrip()

    def markdown(self) -> str:
        """Return all that was written; a list's items stand close together."""
        self._flush()
        return "\n\n".join(self._blocks)


def _link(text: str, href: str) -> str:
    if not is_web_address(href):
        return text
    # A shortened address shows less than where it leads.
    if text.startswith(("http:", "https:", "www.")):
        return f"<{href}>"
    return f"[{text}](<{href}>)"


def _code(text: str) -> str:
    ticks = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (ticks + 1)
    return f"{fence} {text} {fence}" if ticks else f"`{text}`"


def _fenced(text: str) -> str:
    ticks = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, ticks + 1)
    body = text.strip("\n")
    return f"{fence}\n{body}\n{fence}"
