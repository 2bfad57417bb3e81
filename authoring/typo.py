"""
What `invoke typo` does: show what the typography pass makes of a text, and what is doubtful.

The pass works on HTML. It shows each passage it has set (`Watch`); here the passage is looked up
in the author's source by its letters and digits, which no rule ever changes, and each character
between them by the one that stands there. What is not found gets a line and no column.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from rich.text import Text

from authoring import doubts
from plugins.source.core import decode, load_yaml, split
from plugins.source.problem import AuthorError, Problem, SourceError, shown_path
from plugins.typography.core import Settings, Watch, typeset_text
from plugins.typography.passage import OBJECT, Passage
from publishing.console import console, say

RULES = {
    "quote": "Anführungszeichen",
    "apostrophe": "Apostroph",
    "prime": "Minuten- oder Zollzeichen",
    "dash": "Gedankenstrich",
    "joining dash": "Strich zwischen Wörtern",
    "range": "Bis-Strich",
    "ellipsis": "Auslassungspunkte",
    "space before dash": "geschütztes Leerzeichen vor dem Gedankenstrich",
    "space before ellipsis": "geschütztes Leerzeichen vor Auslassungspunkten",
    "abbreviation": "Abkürzung",
    "unit": "Zahl und Einheit",
    "section": "Paragrafzeichen",
    "digits": "Zifferngruppen",
    "date": "Datum und Ordnungszahl",
    "reference": "Verweis mit Nummer",
    "name": "Titel und Name",
    "phone": "Telefonnummer",
    "times": "Malzeichen",
    "minus": "Minuszeichen",
    "widow": "kurzes letztes Wort",
    "gender star": "Genderstern (bleibt stehen)",
}

_SUFFIXES = (".md", ".markdown", ".yaml", ".yml")
_MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class Change:
    """A place that the pass changes; *column* is None where the source does not show it."""

    file: str
    line: int
    column: int | None
    rule: str
    before: str
    after: str
    #: The words around it, before and after, and where in them the change stands.
    words_before: str
    words_after: str
    marked_before: tuple[int, int]
    marked_after: tuple[int, int]


@dataclass(frozen=True)
class Doubt:
    """A doubtful place of a file."""

    file: str
    line: int
    column: int | None
    reason: str
    remedy: str
    words: str


@dataclass
class Findings:
    """All that was found in some files."""

    changes: list[Change] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


# --- Where a passage stands in the source -------------------------------------------------------------

_PROTECTED = "code|pre|kbd|samp|var|script|style|textarea|svg|math"
_LINK_TAIL = (
    r"\]\(\s*(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))*)"
    r"(?:\s+(?P<{0}>\"[^\n]*?\"|'[^\n]*?'))?\s*\)"
)
#: What Markdown does not print, or prints elsewhere; "aside" parts are passages of their own.
_UNPRINTED = re.compile(
    rf"""
      ^\ {{0,3}}(?P<fence>`{{3,}}|~{{3,}})[^\n]*\n(?:.*?\n)?\ {{0,3}}(?P=fence)[`~]*[ \t]*$
    | <!--.*?-->
    | <(?P<protected>{_PROTECTED})\b[^>]*>.*?</(?P=protected)\s*>
    | <(?P<raised>su[pb])\b[^>]*>(?P<aside1>[^<]*)</(?P=raised)\s*>
    | </?[a-zA-Z](?![\w+.-]*:|[^\s<>]*@)(?:[^<>"']|"[^"]*"|'[^']*')*>
    | (?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)
    | !\[(?P<aside2>(?:[^\[\]\n]|\[[^\[\]\n]*\])*){_LINK_TAIL.format("aside3")}
    | {_LINK_TAIL.format("aside4")}
    | \[\^[^\]\s]+\]:?
    | ^\ {{0,3}}\[[^\]\n]+\]:[ \t]*\S+(?:[ \t]+(?P<aside5>["'(][^\n]*["')]))?[ \t]*$
    | ^\*\[[^\]\n]+\]:(?P<aside6>[^\n]*)$
    | \{{(?::|[ ]*[#.]\w|[ ]*[\w-]+=)[^{{}}\n]*\}}
    | ^///[ ]*\w+
    | (?P<number>^[ \t>]*\d+\.(?=[ \t]))
    | (?P<entity>&(?:\#\d+|\#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_ASIDES = tuple(f"aside{number}" for number in range(1, 7))
#: What the block „zitat“ adds to its caption: no words of the author's.
_ADDED = re.compile(r" \(abgerufen am [^()]*\)$")


class Ground:
    """A part of the source, text[start:end], in which passages are looked up one after another."""

    def __init__(
        self, text: str, start: int, end: int, is_markdown: bool, are_numbers_printed: bool = False
    ) -> None:
        self.are_numbers_printed = are_numbers_printed
        self.is_markdown = is_markdown
        self.text, self.start, self.end = text, start, end
        self.asides: list[Ground] = []
        #: What is printed; U+0000 elsewhere.
        self.printed = list(text[start:end])
        self.entities: dict[int, str] = {}
        if is_markdown:
            self._hide()
        #: Letters and digits, and where each stands.
        self.keys = ""
        self.places: list[int] = []
        self._collect()
        self.cursor = 0

    def _hide(self) -> None:
        for found in _UNPRINTED.finditer(self.text, self.start, self.end):
            if found["number"] and self.are_numbers_printed:
                continue
            first, last = found.start() - self.start, found.end() - self.start
            self.printed[first:last] = "\0" * (last - first)
            if found["entity"]:
                self.entities[first] = unescape(found["entity"])
            for name in _ASIDES:
                if found[name]:
                    self.asides.append(Ground(self.text, *found.span(name), is_markdown=False))

    def _collect(self) -> None:
        keys: list[str] = []
        for index, character in enumerate(self.printed):
            shown = self.entities.get(index, character)
            if shown.isalnum():
                keys.append(shown)
                self.places += [index] * len(shown)
        self.keys = "".join(keys)

    def find(self, passage: str) -> list[int | None]:
        """Return the place of each character of *passage* in the text; None where it has none."""
        places: list[int | None] = [None] * len(passage)
        known = passage[: found.start()] if (found := _ADDED.search(passage)) else passage
        spots = self._key_spots(known)
        if not spots and any(map(str.isalnum, known)):
            return self._with_numbers.find(passage) if self._may_have_numbers else places
        if not spots:
            self._find_signs(known, places)
            return places
        for position, place in spots:
            places[position] = place
        first, last = spots[0], spots[-1]
        self._fill_back(passage, first, places)
        for (left, at), (right, limit) in pairwise(spots):
            self._fill(known, left + 1, right, at + 1, limit, places)
        index = bisect_right(self.places, last[1])
        limit = self.places[index] if index < len(self.places) else len(self.printed)
        self._fill(known, last[0] + 1, len(known), last[1] + 1, limit, places)
        return [None if place is None else place + self.start for place in places]

    @property
    def _may_have_numbers(self) -> bool:
        return self.is_markdown and not self.are_numbers_printed

    @cached_property
    def _with_numbers(self) -> Ground:
        """The same where „3.“ at the start of a line is text, not the number of a list's item."""
        return Ground(self.text, self.start, self.end, is_markdown=True, are_numbers_printed=True)

    def _key_spots(self, passage: str) -> list[tuple[int, int]]:
        """Return (position in the passage, place) of its letters and digits; [] if not found."""
        spots: list[tuple[int, int]] = []
        offset = 0
        after = -1
        for part in passage.split(OBJECT):
            positions = [n for n, character in enumerate(part, offset) if character.isalnum()]
            offset += len(part) + 1
            if not positions:
                continue
            key = "".join(passage[n] for n in positions)
            index = self.keys.find(key, after) if after >= 0 else self._first(key)
            if index < 0:
                return spots
            after = index + len(key)
            spots += zip(positions, self.places[index:after], strict=True)
        if after >= 0:
            self.cursor = after
        return spots

    def _first(self, key: str) -> int:
        """Return where *key* is a block of its own, from the last find on, else from the start."""
        for is_block in (True, False):
            for start in (self.cursor, 0):
                index = self.keys.find(key, start)
                tries = 500
                while index >= 0 and is_block and tries and not self._is_block(index, len(key)):
                    index = self.keys.find(key, index + 1)
                    tries -= 1
                if index >= 0 and tries:
                    return index
        return -1

    def _is_block(self, index: int, length: int) -> bool:
        return self._ends(index) and self._ends(index + length)

    def _ends(self, index: int) -> bool:
        """Tell whether a block may end before the letter at *index*."""
        if index in (0, len(self.keys)):
            return True
        first, last = self.places[index - 1] + 1, self.places[index]
        gap = self.text[self.start + first : self.start + last]
        return "\n" in gap or "|" in gap or ">" in gap

    def _find_signs(self, passage: str, places: list[int | None]) -> None:
        """Look up a passage without a letter."""
        signs = passage.strip()
        start = self.places[self.cursor - 1] if 0 < self.cursor <= len(self.places) else 0
        index = "".join(self.printed).find(signs, start) if signs else -1
        if index >= 0:
            shift = self.start + index - passage.index(signs)
            for position in range(passage.index(signs), len(passage.rstrip())):
                places[position] = position + shift

    def _fill(
        self, passage: str, start: int, end: int, at: int, limit: int, places: list[int | None]
    ) -> None:
        """Find passage[start:end] in the source between *at* and *limit*, in this order."""
        for position in range(start, end):
            found = at
            while found < limit and not _same(self.printed[found], passage[position]):
                found += 1
            if found < limit:
                places[position] = found
                at = found + 1

    def _fill_back(self, passage: str, first: tuple[int, int], places: list[int | None]) -> None:
        """Find what stands before the first letter, back to the letter before it."""
        index = bisect_right(self.places, first[1] - 1)
        limit = self.places[index - 1] if index else -1
        at = first[1] - 1
        for position in range(first[0] - 1, -1, -1):
            found = at
            while found > limit and not _same(self.printed[found], passage[position]):
                found -= 1
            if found > limit:
                places[position] = found
                at = found - 1


def _same(source: str, character: str) -> bool:
    return source == character or (source.isspace() and character in " \t\n")


# --- What the pass does to a text -------------------------------------------------------------------


@dataclass
class _Seen:
    """A passage that was set, and the place of each of its characters."""

    passage: Passage
    places: list[int | None]
    #: What is told of characters without a place: the last line known before.
    line: int = 1


class Reader:
    """Sets texts as the site does, and keeps what was set."""

    def __init__(self, markdown: dict[str, Any], typography: dict[str, Any]) -> None:
        self.typography = typography
        self._md, self._extension = _parser(markdown)
        self._starless, self._without_stars = _parser(markdown)
        self._starless.inlinePatterns.deregister("gender_star")

    def set_text(self, ground: Ground, value: str, lang: str) -> list[_Seen]:
        """Set plain text: a title, a tip."""
        seen: list[_Seen] = []
        watch = _watch(ground, seen)
        typeset_text(value, Settings(**{**self.typography, "lang": lang}), watch)
        return seen

    def set_markdown(self, ground: Ground, value: str, lang: str) -> list[_Seen]:
        """Set Markdown."""
        seen = _convert(self._md, self._extension, ground, value, lang)
        if re.search(r"\w\*\w", value):
            other = Ground(ground.text, ground.start, ground.end, is_markdown=True)
            plain = _convert(self._starless, self._without_stars, other, value, lang)
            _add_stars(seen, {place for _, place in _stars(plain)})
        return seen


def _parser(options: dict[str, Any]) -> tuple[Any, Any]:
    from markdown import Markdown

    from plugins.embeds.extension import EmbedsExtension
    from plugins.typography.extension import TypographyExtension

    options = dict(options)
    names = [*options.pop("extensions", []), *options.get("extension_configs", {})]
    # Without the tips: what a card shows does not stand in this file.
    md: Any = Markdown(extensions=[*dict.fromkeys(names), EmbedsExtension()], **options)
    for extension in md.registeredExtensions:
        if isinstance(extension, TypographyExtension):
            return md, extension
    raise AuthorError("In MARKDOWN (pelicanconf.py) fehlt „plugins.typography“.")


def _convert(md: Any, extension: Any, ground: Ground, value: str, lang: str) -> list[_Seen]:
    seen: list[_Seen] = []
    extension.watch_attribute = _watch(ground, seen, is_attribute=True)
    extension.watch_text = _watch(ground, seen)
    md.reset()
    md.problems = []  # the build tells them
    md.quoted_tips = []
    md.typography_lang = lang
    md.convert(value)
    return seen


def _watch(ground: Ground, seen: list[_Seen], is_attribute: bool = False) -> Watch:
    def watch(passage: Passage) -> None:
        places = _find(ground, passage.text, is_attribute)
        if passage.text.strip():
            seen.append(_Seen(passage, places))

    return watch


def _find(ground: Ground, text: str, is_attribute: bool) -> list[int | None]:
    places: list[int | None] = [None] * len(text)
    key = [character for character in text if character.isalnum()]
    if not is_attribute:
        places = ground.find(text)
    if is_attribute or all(place is None for place in places):
        for aside in ground.asides:
            if key and key == list(aside.keys):
                return aside.find(text)
    return places


def _stars(seen: Iterable[_Seen]) -> Iterator[tuple[tuple[_Seen, int], int]]:
    for one in seen:
        for position, place in enumerate(one.places):
            if place is not None and one.passage.text[position] == "*":
                yield (one, position), place


def _add_stars(seen: list[_Seen], kept: set[int]) -> None:
    """Note the stars that stay though Markdown alone would take them for emphasis."""
    for (one, position), place in _stars(seen):
        if place not in kept:
            one.passage.rules[position] = "gender star"
            insort(one.passage.written, (position, position + 1, "*"))


# --- Files -------------------------------------------------------------------------------------------


def texts_at(path: Path) -> list[Path]:
    """
    Return the texts at *path*, a file or a folder.

    Raises:
        AuthorError: There is nothing, or no text.
    """
    shown = shown_path(path)
    if path.is_dir():
        found = [text for text in sorted(path.rglob("*")) if _is_text(text, path)]
        if not found:
            raise AuthorError(f"{shown}: Hier liegen keine Texte (.md, Tipps als .yaml).")
        return found
    if not path.exists():
        raise AuthorError(f"{shown}: Das gibt es nicht – prüfen Sie den Pfad.")
    if not path.is_file() or path.suffix.lower() not in _SUFFIXES:
        raise AuthorError(f"{shown}: Gelesen werden Texte (.md) und Tipps (.yaml), nichts anderes.")
    return [path]


def _is_text(path: Path, folder: Path) -> bool:
    relative = path.relative_to(folder)
    if any(part.startswith(".") for part in relative.parts) or not path.is_file():
        return False
    if path.suffix.lower() in (".yaml", ".yml"):
        # Tips are named by their year; the other lists are no texts.
        return path.stem.isdecimal()
    return path.suffix.lower() in _SUFFIXES


def _read(path: Path) -> str:
    file = shown_path(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise AuthorError(f"{file}: Die Datei ist zu groß – teilen Sie sie auf.")
        data = path.read_bytes()
    except OSError as error:
        raise AuthorError(
            f"{file}: Die Datei lässt sich nicht lesen ({error.strerror}) – prüfen Sie die Rechte."
        ) from None
    return decode(data, file)


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


@dataclass(frozen=True)
class _Part:
    """A part of a file that is set: its value, and where it stands."""

    value: str
    start: int
    end: int
    is_markdown: bool


def _parts(text: str, file: str) -> tuple[str, list[_Part]]:
    """
    Return the language of a file and its parts.

    Raises:
        SourceError: The front matter or the YAML cannot be read.
    """
    if file.lower().endswith((".yaml", ".yml")):
        return "de", _tips(text, file)
    starts = _line_starts(text)
    first_line = text.split("\n", 1)[0].rstrip()
    if first_line != "---" and not first_line.lower().startswith("title:"):
        return "de", [_Part(text, 0, len(text), True)]
    source = split(text, file)
    lang = str(source.front_matter.value.get("lang") or "de")
    body = starts[source.body_line - 1] if source.body_line <= len(starts) else len(text)
    found = []
    if first_line == "---":
        end = body if source.body_line <= len(starts) else len(text)
        inner = text[starts[1] : text.rindex("---", 0, end)]
        for path, value, first, last in _scalars(yaml.compose(inner, Loader=yaml.CBaseLoader), 2):
            if path in (("title",), ("summary",)):
                place = (_offset(starts, first), _offset(starts, last))
                found.append(_Part(value, *place, path == ("summary",)))
    else:
        for key in ("title", "summary"):
            if value := str(source.front_matter.value.get(key) or ""):
                start = starts[(source.front_matter.line((key,)) or 1) - 1] + len(key) + 1
                found.append(_Part(value, start, body, key == "summary"))
    found.append(_Part(source.body, body, len(text), True))
    return lang, found


_TIP_FIELDS = {"headword": False, "tip": False, "right": False, "more": True}


def _tips(text: str, file: str) -> list[_Part]:
    """Return the texts of tips; the „wrong“ examples are printed as they are."""
    if not isinstance(load_yaml(text, file).value, list):
        raise SourceError([Problem(file, "Das ist keine Sammlung von Tipps.", 1)])
    starts = _line_starts(text)
    return [
        _Part(value, _offset(starts, start), _offset(starts, stop), _TIP_FIELDS[str(path[1])])
        for path, value, start, stop in _scalars(yaml.compose(text, Loader=yaml.CBaseLoader), 1)
        if len(path) == 2 and path[1] in _TIP_FIELDS
    ]


_Mark = tuple[int, int]
_Scalar = tuple[tuple[str | int, ...], str, _Mark, _Mark]


def _scalars(
    node: yaml.Node | None, first_line: int, path: tuple[str | int, ...] = ()
) -> Iterator[_Scalar]:
    """Yield each text: its path, its value, and (line, column) of its start and end, from 0."""
    if isinstance(node, yaml.ScalarNode):
        start, end = node.start_mark, node.end_mark
        shift = first_line - 1
        yield path, node.value, (start.line + shift, start.column), (end.line + shift, end.column)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, first_line, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _scalars(item, first_line, (*path, number))


def _offset(starts: list[int], mark: _Mark) -> int:
    return starts[min(mark[0], len(starts) - 1)] + mark[1]


# --- Findings -----------------------------------------------------------------------------------------


def examine(text: str, file: str, reader: Reader) -> Findings:
    """
    Return what the pass changes in the text of a file, and what is doubtful in it.

    Raises:
        SourceError: The front matter or the YAML cannot be read.
    """
    lang, parts = _parts(text, file)
    starts = _line_starts(text)
    findings = Findings()
    seen: list[_Seen] = []
    for part in parts:
        ground = Ground(text, part.start, part.end, part.is_markdown)
        work = reader.set_markdown if part.is_markdown else reader.set_text
        line = bisect_right(starts, part.start)
        for one in work(ground, part.value, lang):
            one.line = line
            line, _ = _position(one, len(one.places) - 1, starts)
            findings.changes += _changes(one, file, starts)
            seen.append(one)
    blocks = [block.span() for block in _QUOTE_BLOCK.finditer(text)]
    for number, doubt in doubts.find([one.passage for one in seen]):
        one = seen[number]
        place = one.places[doubt.start]
        if doubt.is_excused_in_quotations and _is_quoted(text, place, blocks):
            continue
        line, column = _position(one, doubt.start, starts)
        words = _words(one.passage.text, doubt.start, doubt.end)
        findings.doubts.append(Doubt(file, line, column, doubt.reason, doubt.remedy, words))
    findings.changes.sort(key=_order)
    findings.doubts.sort(key=_order)
    return findings


def _order(found: Change | Doubt) -> tuple[int, bool, int]:
    return found.line, found.column is None, found.column or 0


def _position(one: _Seen, position: int, starts: list[int]) -> tuple[int, int | None]:
    """Return line and column from 1; without a column, the nearest line known before."""
    place = one.places[position] if position < len(one.places) else None
    if place is None and position and position == len(one.places):
        before = one.places[position - 1]
        place = None if before is None else before + 1
    if place is None:
        known = [p for p in one.places[: position + 1] if p is not None]
        return (bisect_right(starts, known[-1]) if known else one.line), None
    line = bisect_right(starts, place)
    return line, place - starts[line - 1] + 1


def _changes(one: _Seen, file: str, starts: list[int]) -> Iterator[Change]:
    passage = one.passage
    for start, end, new in passage.written:
        if passage.text[start:end] == new and passage.rules[start] != "gender star":
            continue
        line, column = _position(one, start, starts)
        first, last = _word_bounds(passage.text, start, end)
        before, marked_before = passage.text[first:last], (start - first, end - first)
        after, marked_after = _set_words(passage, first, last, start)
        rule = passage.rules[start]
        yield Change(
            *(file, line, column, rule, passage.text[start:end], new),
            *(before, after, marked_before, marked_after),
        )


_WORD_CHARACTERS = 24


def _word_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the words that text[start:end] belongs to."""
    first = start
    while first and start - first < _WORD_CHARACTERS and not text[first - 1].isspace():
        first -= 1
    last = end
    while last < len(text) and last - end < _WORD_CHARACTERS and not text[last].isspace():
        last += 1
    return first, last


def _words(text: str, start: int, end: int) -> str:
    first, last = _word_bounds(text, start, end)
    return _clean(text[first:last])


def _set_words(passage: Passage, first: int, last: int, start: int) -> tuple[str, tuple[int, int]]:
    """Return text[first:last] as it is set, and where in it the change at *start* stands."""
    parts: list[str] = []
    at = first
    marked = (0, 0)
    index = bisect_left(passage.written, (first,))
    for begin, end, new in passage.written[index : index + 2 * _WORD_CHARACTERS + 1]:
        if begin != start and not (at <= begin and end <= last):
            continue
        parts.append(passage.text[at:begin])
        if begin == start:
            length = sum(map(len, parts))
            marked = (length, length + len(new))
        parts.append(new)
        at = end
    parts.append(passage.text[at:last])
    return "".join(parts), marked


def _clean(text: str) -> str:
    return (
        text.replace(OBJECT, "□").replace("\u2028", " ").replace("\n", " ").replace("\ufdd1", '"')
    )


#: A quotation in the source: a block or a line that is marked as one.
_QUOTE_BLOCK = re.compile(r"^///[ ]*zitat\b.*?^///[ \t]*$", re.MULTILINE | re.DOTALL)


def _is_quoted(text: str, place: int | None, blocks: Sequence[tuple[int, int]]) -> bool:
    if place is None:
        return False
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return line.lstrip().startswith(">") or any(start <= place < end for start, end in blocks)


# --- Telling ------------------------------------------------------------------------------------------


def show(path: str, is_doubts: bool, as_json: bool) -> None:
    """
    Print what the typography pass makes of the texts at *path*, or only what is doubtful.

    Raises:
        AuthorError: A file cannot be read; what was found in the others was printed before.
    """
    paths = texts_at(Path(path))
    reader = open_reader()
    findings = Findings()
    faults: list[AuthorError] = []
    for text in paths:
        file = shown_path(text)
        try:
            found = examine(_read(text), file, reader)
        except AuthorError as error:
            faults.append(error)
            continue
        findings.changes += found.changes
        findings.doubts += found.doubts
    if len(faults) == len(paths):
        raise AuthorError("\n".join(map(str, faults)))
    if as_json:
        # Not by rich: it would colour what programs read.
        print(to_json(findings, is_doubts))
    elif is_doubts:
        _print_doubts(findings.doubts)
    else:
        _print_changes(findings.changes, len(paths) - len(faults))
    if faults:
        raise AuthorError("\n".join(map(str, faults)))


def open_reader() -> Reader:
    """Return a reader with the site's own settings."""
    from publishing.build import PROJECT, load_settings

    settings = load_settings(PROJECT / "pelicanconf.py")
    return Reader(settings["MARKDOWN"], settings.get("TYPOGRAPHY", {}))


def rule_name(rule: str) -> str:
    """Return the German name of a rule of the pass."""
    return RULES.get(rule, "Zeichen")


def to_json(findings: Findings, is_doubts: bool) -> str:
    """Return the findings for programs; *column* counts characters from 1, or is null."""
    entries: list[dict[str, Any]]
    if is_doubts:
        entries = [vars(doubt) for doubt in findings.doubts]
    else:
        entries = [
            {
                "file": change.file,
                "line": change.line,
                "column": change.column,
                "rule": rule_name(change.rule),
                "before": change.before,
                "after": change.after,
                "words": [_clean(change.words_before), _clean(change.words_after)],
            }
            for change in findings.changes
        ]
    return json.dumps(entries, ensure_ascii=False, indent=1)


def _place(found: Change | Doubt) -> str:
    column = "" if found.column is None else f":{found.column}"
    return f"{found.file}:{found.line}{column}"


_VISIBLE = str.maketrans({"\u00a0": "␣", "\u202f": "¦"})


def visible(text: str) -> str:
    """Return *text* with its no-break spaces shown: ␣, the narrow one as ¦."""
    return _clean(text).translate(_VISIBLE)


def _line(change: Change) -> Text:
    before, after = Text(visible(change.words_before)), Text(visible(change.words_after))
    before.stylize("red", *change.marked_before)
    after.stylize("bold green", *change.marked_after)
    place = Text(f"{_place(change)}  ", style="dim")
    return place + before + Text(" → ") + after + Text(f"  {rule_name(change.rule)}", style="cyan")


def _print_changes(changes: Sequence[Change], files: int) -> None:
    for change in changes:
        console.print(_line(change))
    texts = "1 Text" if files == 1 else f"{files} Texten"
    if not changes:
        say(f"Nichts zu setzen in {texts}.", "green")
        return
    counts = Counter(rule_name(change.rule) for change in changes)
    places = "1 Stelle" if len(changes) == 1 else f"{len(changes)} Stellen"
    say(f"\n{places} in {texts} (␣ geschütztes Leerzeichen, ¦ schmales):", "bold")
    width = len(str(max(counts.values())))
    for rule, count in counts.most_common():
        say(f"  {count:>{width}}  {rule}")


def _print_doubts(found: Sequence[Doubt]) -> None:
    for doubt in found:
        say(f"{_place(doubt)}  {visible(doubt.words)}  {doubt.reason} {doubt.remedy}")
    if not found:
        say("Keine zweifelhaften Stellen.", "green")
    else:
        places = (
            "1 zweifelhafte Stelle" if len(found) == 1 else f"{len(found)} zweifelhafte Stellen"
        )
        say(f"\n{places}.", "bold")
