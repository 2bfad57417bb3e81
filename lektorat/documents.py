"""The author's files as passages: posts and pages with front matter, plain Markdown, collections of tips."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from lektorat.prose import Passage, line_passages, passages
from plugins.source.core import load_yaml, split
from plugins.source.problem import Problem, SourceError

# A text of this size has some 300,000 words; what is larger is no text of a blog.
MAX_BYTES = 2_000_000
SUFFIXES = (".md", ".markdown", ".txt", ".yaml", ".yml")

_NAMES = ("category", "author")
_NAME_LISTS = ("tags", "authors")


@dataclass(frozen=True)
class Document:
    """A file: its passages, the names its front matter gives, and where its lines start."""

    file: str
    lang: str
    passages: tuple[Passage, ...]
    line_starts: tuple[int, ...]
    names: frozenset[str] = frozenset()
    is_tips: bool = False

    def position(self, origin: int) -> tuple[int, int]:
        """Return line and column, both from 1, of a place in the file."""
        line = bisect_right(self.line_starts, origin)
        return line, origin - self.line_starts[line - 1] + 1


def read(text: str, file: str) -> Document:
    """
    Return the passages of the *text* of *file*.

    Raises:
        SourceError: The file is empty, or its front matter cannot be read.
    """
    if not text.strip():
        raise SourceError(
            [Problem(file, "Die Datei ist leer.", remedy="Schreiben Sie etwas hinein.")]
        )
    if file.endswith((".yaml", ".yml")):
        return _tips(text, file)
    return _markdown(text, file)


def _line_starts(text: str) -> tuple[int, ...]:
    starts = [0]
    for line in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return tuple(starts)


# --- Markdown -------------------------------------------------------------------------------------


def _markdown(text: str, file: str) -> Document:
    starts = _line_starts(text)
    if not _has_front_matter(text):
        return Document(file, "de", tuple(passages(text)), starts)
    source = split(text, file)
    fields = source.front_matter.value
    lang = str(fields.get("lang") or "de")
    found = _front_matter_passages(text, lang)
    first = starts[source.body_line - 1] if source.body_line <= len(starts) else len(text)
    found += passages(source.body, lang, lambda position: first + position)
    return Document(file, lang, tuple(found), starts, frozenset(_names(fields)))


def _has_front_matter(text: str) -> bool:
    first = text.split("\n", 1)[0].rstrip()
    return first == "---" or first.lower().startswith("title:")


def _names(fields: dict[str, object]) -> Iterator[str]:
    """Return categories, tags and authors: names that the author has chosen."""
    for key in _NAMES:
        if isinstance(value := fields.get(key), str):
            yield value
    for key in _NAME_LISTS:
        value = fields.get(key)
        for name in value.split(",") if isinstance(value, str) else value or ():  # type: ignore[attr-defined]
            yield str(name).strip()


def _front_matter_passages(text: str, lang: str) -> list[Passage]:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return _header_passages(lines, lang)
    end = next(n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---")
    first = len(lines[0]) + 1
    node = yaml.compose("\n".join(lines[1:end]), Loader=yaml.SafeLoader)
    found = []
    for path, scalar in _scalars(node):
        if path in (("title",), ("summary",)) or path[::2] == ("planned", "title"):
            role = "summary" if path == ("summary",) else "title"
            found += _scalar_passages(scalar, text, first, role, lang)
    return found


def _header_passages(lines: Sequence[str], lang: str) -> list[Passage]:
    """Read title and summary of Pelican's „Title: …“ form."""
    found = []
    start = 0
    for line in lines:
        key, colon, value = line.partition(":")
        if not colon:
            break
        if key.strip().lower() in ("title", "summary"):
            at = start + len(key) + 1 + len(value) - len(value.lstrip())
            found += line_passages(value.strip(), key.strip().lower(), lang, _shift(at))
        start += len(line) + 1
    return found


def _shift(by: int) -> Callable[[int], int]:
    return lambda position: by + position


# --- YAML -----------------------------------------------------------------------------------------

_Path = tuple[str | int, ...]


def _scalars(node: yaml.Node | None, path: _Path = ()) -> Iterator[tuple[_Path, yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _scalars(item, (*path, number))


def aligned(value: str, raw: str, first: int) -> list[int]:
    """
    Return the place of each character of a scalar's *value*; *raw* is what stands in the file at *first*.

    Quotes, indentation and folded lines differ between the two, the letters do not; what is
    written as an escape gets the place of the letter before.
    """
    places: list[int] = []
    at = 0
    for character in value:
        while at < len(raw) and raw[at] == "\\" and raw[at + 1 : at + 2] == character:
            at += 1
        if character.isspace():
            found = next((n for n in range(at, len(raw)) if raw[n].isspace()), -1)
            if found >= 0:
                places.append(first + found)
                at = found + 1
                if character == "\n" and raw[found] == "\n":
                    continue
                while at < len(raw) and raw[at].isspace() and character != " ":
                    at += 1
                continue
        found = raw.find(character, at, at + 200)
        if found < 0:
            places.append(first + max(at - 1, 0))
            continue
        places.append(first + found)
        at = found + 1
    return places


def _scalar_passages(
    node: yaml.ScalarNode, text: str, first: int, role: str, lang: str, is_markdown: bool = False
) -> list[Passage]:
    start, end = first + node.start_mark.index, first + node.end_mark.index
    places = aligned(node.value, text[start:end], start)
    if is_markdown:
        return passages(node.value, lang, places.__getitem__)
    return line_passages(node.value, role, lang, places.__getitem__)


_TIP_TEXTS = {"headword": "title", "tip": "summary", "right": "example", "more": "paragraph"}


def _tips(text: str, file: str) -> Document:
    """Read a collection of tips; the „wrong“ examples are wrong on purpose and stay out."""
    if not isinstance(load_yaml(text, file).value, list):
        raise SourceError(
            [
                Problem(
                    file,
                    "Das ist keine Sammlung von Tipps.",
                    1,
                    remedy="Von den YAML-Dateien liest das Lektorat nur die in content/tipps/.",
                )
            ]
        )
    found = []
    for path, scalar in _scalars(yaml.compose(text, Loader=yaml.SafeLoader)):
        key = str(path[-1])
        if len(path) == 2 and key in _TIP_TEXTS:
            found += _scalar_passages(scalar, text, 0, _TIP_TEXTS[key], "de", key == "more")
    return Document(file, "de", tuple(found), _line_starts(text), is_tips=True)
