"""Spaces that must not break: inside one token U+202F, between two words U+00A0."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .passage import BREAKABLE, Passage, ends_word
from .rare import Rare
from .style import NO_BREAK_SPACE, Style
from .words import (
    ABBREVIATIONS,
    ADDED_SIGNS,
    DEGREES,
    MONTHS,
    NUMBER_NOUNS,
    ORDINAL_NOUNS,
    REFERENCES,
    SENTENCE_ABBREVIATIONS,
    TITLES,
    UNIT_SIGNS,
    UNITS,
)


def _choice(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_S = rf"[{BREAKABLE}]"
_GAP = rf"[{BREAKABLE}\u00a0\u202f]"
_SPACE = re.compile(rf"{_GAP}+")
_DIGIT = re.compile(r"[\d½¼¾]")
_LETTER = r"[^\W\d_]"
_LOWER = "[a-zäöü]"

_ABBREVIATION = Rare(rf"(?<![\w.…×]){_LETTER}{{1,7}}\.(?:{_GAP}*+{_LETTER}{{1,9}}\.)++")
_PART = Rare(rf"({_LETTER}+\.)({_GAP}*)")
_LONGEST = max(entry.count(".") for entry in ABBREVIATIONS)

_SPACED_UNIT = re.compile(rf"[\d½¼¾]({_S}+)(?:(?:{_choice(UNITS)})(?!\w)|{_choice(UNIT_SIGNS)})")
_MISSING_SPACE = re.compile(rf"\d({_choice(ADDED_SIGNS)})(?![\w]|-\w)")
_SECTION = Rare(rf"§({_GAP}*)(?=\d)")
_GROUPS = Rare(rf"(?<![\w.,:+…×])[1-9]\d{{0,2}}(?:{_GAP}\d{{3}})++(?![\w×]|[.:]\d)")
_NUMERIC_DATE = Rare(
    rf"(?<![\w.…×])(?:0?[1-9]|[12]\d|3[01])\.({_GAP}*)(?:0?[1-9]|1[0-2])\."
    rf"(?:({_GAP}*)(?:\d{{4}}|\d\d)(?![\w×])|(?!{_GAP}*\d+[.…]))"
)
_ENUMERATED = Rare(rf"\d\.{_GAP}*$")
_ORDINAL = Rare(
    rf"(?<=\d\.)({_S}+)(?:{_choice(ORDINAL_NOUNS)})(?!\w)"
    rf"|(?<=[IVX]\.)({_S}+)(?:{_choice(ORDINAL_NOUNS)})(?!\w)"
)
_DAY = Rare(rf"(?<![\d.,…])(?:0?[1-9]|[12]\d|3[01])\.({_S}+)(?:{_choice(MONTHS)})(?!\w)")
_NUMBER_NOUN = re.compile(rf"[\d½¼¾]({_S}+)(?:{_choice(NUMBER_NOUNS)})(?!\w)")
_REFERENCE = Rare(rf"(?<!{_LETTER})(?:{_choice(REFERENCES)}|Ca)\.({_S}+)(?=\d|[IVXLCDM]+(?!\w))")
_TITLE_NAMES = _choice(TITLES)
_TITLE = Rare(
    rf"(?<![\w–-])(?:{_TITLE_NAMES})\.(?:{_S}+(?:{_choice(DEGREES)})\.|{_GAP}(?:{_choice(DEGREES)})\.)*+"
    rf"({_S}+)(?=[A-ZÄÖÜ]|(?:{_TITLE_NAMES})\.)"
)
_DEGREE = Rare(rf"(?<=Dr\.)({_S}+)(?:{_choice(DEGREES)})\.")
_INITIALS = Rare(
    rf"(?<![\w.…×])(?<!{_LOWER}\.[\u00a0\u202f])[A-ZÄÖÜ]\.(?:{_GAP}*+[A-ZÄÖÜ]\.){{1,4}}+({_S}+)"
    rf"(?=[A-ZÄÖÜ]['’]?\w|(?:von|van|vom|de|di|da|del|la|le|du|zu|zur|ter|ten|af|von)\b|v\.)"
)

# Signs of the above: without one of these a pattern cannot match. They are found many times faster, for
# they do not begin with a look back, which Python tries at each place of the text.
_POINTS = re.compile(rf"\.{_GAP}*+{_LETTER}{{1,9}}\.")
_TWO_INITIALS = re.compile(rf"[A-ZÄÖÜ]\.{_GAP}*+[A-ZÄÖÜ]\.")
_TWO_GROUPS = re.compile(rf"\d{_GAP}\d{{3}}")
_DAY_AND_MONTH = re.compile(rf"\d\.{_GAP}*+\d")
_ORDINAL_SIGN = re.compile(rf"[\dIVX]\.{_S}")
_TITLE_ENDS = tuple({title.rpartition(".")[2] for title in TITLES})
_REFERENCE_WORDS = (*REFERENCES, "Ca")


def _has_point_after(words: tuple[str, ...], text: str) -> bool:
    return any(part.endswith(words) for part in text.split(".")[:-1])


def set_spaces(passage: Passage, style: Style) -> None:
    """Bind what belongs together, German only."""
    text = passage.text
    narrow = style.narrow
    if "." in text:
        _set_abbreviations(passage, narrow)
        _set_names(passage, narrow)
    if _DIGIT.search(text):
        _set_numbers(passage, narrow)


def _set_numbers(passage: Passage, narrow: str) -> None:
    text = passage.text
    passage.rule = "digits"
    if _TWO_GROUPS.search(text):
        for found in _GROUPS.finditer(text):
            if not text[max(0, found.start() - 2) : found.start()].rstrip().isdigit():
                _bind_all(passage, found.start(), found.end(), narrow)
    if "." in text:
        _set_dates(passage, narrow)
        if _has_point_after(_REFERENCE_WORDS, text):
            passage.rule = "reference"
            for found in _REFERENCE.finditer(text):
                passage.bind(found.start(1))
    passage.rule = "unit"
    for found in _SPACED_UNIT.finditer(text):
        if not ends_word(text, found.start(1)):
            passage.bind(found.start(1), narrow)
    for found in _NUMBER_NOUN.finditer(text):
        passage.bind(found.start(1))
    for found in _MISSING_SPACE.finditer(text):
        if not ends_word(text, found.start(1)):
            passage.replace(found.start(1), found.start(1), narrow)
    if "§" in text:
        passage.rule = "section"
        for found in _SECTION.finditer(text):
            if found[1]:
                passage.bind(found.start(1), narrow)
            else:
                passage.replace(found.end(), found.end(), narrow)


def _set_dates(passage: Passage, narrow: str) -> None:
    text = passage.text
    passage.rule = "date"
    if _DAY_AND_MONTH.search(text):
        for found in _NUMERIC_DATE.finditer(text):
            if _ENUMERATED.search(text, max(0, found.start() - 6), found.start()):
                continue
            for group in (1, 2):
                if found[group]:
                    passage.bind(found.start(group), narrow)
    if _ORDINAL_SIGN.search(text):
        for pattern in (_DAY, _ORDINAL):
            for found in pattern.finditer(text):
                passage.bind(found.start(found.lastindex or 0))


def _set_abbreviations(passage: Passage, narrow: str) -> None:
    if not _POINTS.search(passage.text):
        return
    passage.rule = "abbreviation"
    for chain in _ABBREVIATION.finditer(passage.text):
        parts = list(_PART.finditer(passage.text, chain.start(), chain.end()))
        index = 0
        while index < len(parts) - 1:
            length = _abbreviation_length(parts, index)
            for part in parts[index : index + length - 1]:
                if part[2]:
                    passage.bind(part.start(2), narrow)
                else:
                    passage.replace(part.end(), part.end(), narrow)
            index += length


def _abbreviation_length(parts: list[re.Match[str]], index: int) -> int:
    """Return how many parts from *index* on are one abbreviation (1: none begins there)."""
    for length in range(min(_LONGEST, len(parts) - index), 1, -1):
        joined = "".join(part[1] for part in parts[index : index + length])
        if joined in ABBREVIATIONS:
            return length
        # Capitalised at the beginning of a sentence, not inside "J. W. v. Goethe".
        is_initial = index > 0 and len(parts[index - 1][1]) == 2 and parts[index - 1][1].istitle()
        if not is_initial and joined[0].lower() + joined[1:] in ABBREVIATIONS:
            return length
    return 1


def _set_names(passage: Passage, narrow: str) -> None:
    text = passage.text
    passage.rule = "name"
    if "Dr." in text:
        for found in _DEGREE.finditer(text):
            passage.bind(found.start(1))
    if _has_point_after(_TITLE_ENDS, text):
        for found in _TITLE.finditer(text):
            _bind_all(passage, found.start(), found.end(), NO_BREAK_SPACE)
    if not _TWO_INITIALS.search(text):
        return
    for found in _INITIALS.finditer(text):
        if _SPACE.sub("", found[0]) not in SENTENCE_ABBREVIATIONS:
            _bind_all(passage, found.start(), found.start(1), narrow)
            passage.bind(found.start(1))


def _bind_all(passage: Passage, start: int, end: int, space: str) -> None:
    for found in _SPACE.finditer(passage.text, start, end):
        passage.bind(found.start(), space)
