"""
Places that no rule can decide and an author should look at. Pure: passages in, doubts out.

A passage comes from the typography pass, already set: its text as typed, and what was written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from plugins.typography.literals import mark_literals
from plugins.typography.passage import Passage
from plugins.typography.words import ABBREVIATIONS


@dataclass(frozen=True)
class Doubt:
    """A doubtful place, text[start:end] of a passage as it was typed."""

    start: int
    end: int
    reason: str
    remedy: str
    #: Whether it is none in a quotation that only the source shows (a block of its own).
    is_excused_in_quotations: bool = False


@dataclass(frozen=True)
class _Set:
    """A passage as the reader sees it, and where each character was typed."""

    passage: Passage
    text: str
    places: Sequence[int]

    def is_literal(self, position: int) -> bool:
        return self.passage.is_literal(self.places[position])

    def is_german(self, position: int) -> bool:
        return self.passage.style_at(self.places[position]).is_german

    def doubt(self, start: int, end: int, reason: str, remedy: str) -> Doubt:
        first = self.places[start]
        last = self.places[end - 1] if end > start else first
        return Doubt(first, max(last, first) + 1, reason, remedy)


def find(passages: Sequence[Passage]) -> Iterator[tuple[int, Doubt]]:
    """Yield the doubts of one text, each with the number of its passage."""
    for number, passage in enumerate(passages):
        if not passage.literal:
            mark_literals(passage)
        as_set = _as_set(passage)
        for check in _CHECKS:
            for doubt in check(as_set):
                yield number, doubt
    yield from _mixed_gender_signs(passages)
    yield from _quotations(passages)


def _as_set(passage: Passage) -> _Set:
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for start, end, new in passage.written:
        parts += [passage.text[at:start], new]
        places += [*range(at, start), *[min(start, len(passage.text) - 1)] * len(new)]
        at = end
    parts.append(passage.text[at:])
    places += range(at, len(passage.text))
    return _Set(passage, "".join(parts), places)


# --- One passage ------------------------------------------------------------------------------------


def _matches(
    pattern: re.Pattern[str], reason: str, remedy: str, is_german_only: bool = False
) -> Callable[[_Set], Iterator[Doubt]]:
    """Return a check: each match of *pattern* (its group 1) in the set text is doubtful."""

    def check(as_set: _Set) -> Iterator[Doubt]:
        for found in pattern.finditer(as_set.text):
            if is_german_only and not as_set.is_german(found.start(1)):
                continue
            if not any(map(as_set.is_literal, range(*found.span(1)))):
                yield as_set.doubt(*found.span(1), reason, remedy)

    return check


_GAP = " \u00a0\u202f"
# „Vor- und Nachteile“, „Ein- bis Zweizeiler“, „vom Haupt- zum Nebensatz“ miss a part of a word.
_AFTER_HANGING = """
    und oder bzw beziehungsweise sowie wie als statt bis noch auch aber nicht mit ohne gegen vor nach
    in im ins an am ans auf über unter zu zum zur von vom aus bei für sondern respektive resp plus
    versus vs samt nebst anstatt anstelle durch
""".split()
# No suffixes: „-ist“, „-er“, „-es“ are spoken of, too.
_WORDS = "und|aber|oder|denn|doch|wir|ich|das|dass|weil|wenn|also|nicht"

_STRAIGHT = _matches(
    re.compile(r"([\"'´])"),
    "Dieses gerade Zeichen bleibt stehen: Ob es öffnet, schließt oder auslässt, ist nicht zu erkennen.",
    "Prüfen Sie die Leerzeichen davor und dahinter, oder tippen Sie das richtige Zeichen.",
)
_DOTS = _matches(
    re.compile(r"(\.{4,}|…\.+|\.…)"),
    "Auslassungspunkte sind drei; ein Schlusspunkt kommt nicht dazu.",
    "Schreiben Sie genau drei Punkte.",
)
_SPACE_BEFORE = _matches(
    re.compile(
        rf"(?<=[^\s{_GAP}–—-])([ \t\n]+)(?=[,;](?:\s|$)|[!?]+(?:[\s“’‘»«]|$)|:(?:\s(?!\d)|$)"
        r"|\.(?:\s|$))"
    ),
    "Vor dem Satzzeichen steht ein Leerzeichen.",
    "Löschen Sie es.",
)
_DOUBLE_SPACE = _matches(
    re.compile(rf"(?<=[^\s])([{_GAP}]{{2,}})(?=\S)"),
    "Hier stehen zwei Leerzeichen oder mehr.",
    "Lassen Sie eines stehen.",
)
_GLUED_DASH = _matches(
    re.compile(rf"((?<=[^\W\d_])[–—](?=[{_GAP}\n][^\W_])|(?<=[{_GAP}\n])[–—](?=[^\W\d_]))"),
    "Der Strich hat nur auf einer Seite ein Leerzeichen.",
    "Ein Gedankenstrich braucht zwei, ein Bis-Strich keines.",
)
_GLUED_HYPHEN = _matches(
    re.compile(rf"(?<=[a-zäöüß]{{2}})(-)(?=[ \n](?!(?:{'|'.join(_AFTER_HANGING)})\b)[a-zäöü])"),
    "Ist das ein Gedankenstrich? Er klebt am Wort davor.",
    "Setzen Sie auf beiden Seiten ein Leerzeichen; ein Bindestrich hat keines.",
    is_german_only=True,
)
_HYPHEN_BEFORE = _matches(
    re.compile(rf"(?<=[a-zäöüß,][ \n])(-)(?=(?:{_WORDS})\b)"),
    "Ist das ein Gedankenstrich? Er klebt am Wort dahinter.",
    "Setzen Sie auf beiden Seiten ein Leerzeichen.",
    is_german_only=True,
)


def _two_hyphens(as_set: _Set) -> Iterator[Doubt]:
    """Look at the text as typed: the pass makes a dash without spaces of them."""
    passage = as_set.passage
    for found in re.finditer(r"(?<=[^\W\d_])(--)(?=[^\W\d_])", passage.text):
        if not passage.is_literal(found.start()):
            yield Doubt(
                *found.span(),
                "Zwei Bindestriche zwischen Wörtern werden ein Strich ohne Leerzeichen.",
                "Für einen Gedankenstrich setzen Sie davor und dahinter ein Leerzeichen; für einen "
                "Bindestrich genügt einer.",
            )


_POINTLESS = re.compile(r"(?<![\w.])([a-zäöü]\.[ \n]?[A-Za-zÄÖÜäöü]{1,3})(?![\w.*:])")
_POINTS_MISSING = re.compile(r"(?<![\w.])(zB|z B|d h|dh)(?=\.?[ \n,])")


def _abbreviations(as_set: _Set) -> Iterator[Doubt]:
    passage = as_set.passage
    text = passage.text
    for found in (*_POINTLESS.finditer(text), *_POINTS_MISSING.finditer(text)):
        start, end = found.span(1)
        letters = re.sub(r"[.\s]", "", found[1])
        full = f"{letters[0]}.{letters[1:]}."
        is_open = passage.style_at(start).is_german and not passage.is_literal(start)
        if full in ABBREVIATIONS and is_open:
            yield Doubt(
                start,
                end,
                "In der Abkürzung fehlt ein Punkt.",
                f"Schreiben Sie „{full.replace('.', '. ', 1)}“; den Abstand setzt der Satz.",
            )


_CHECKS = (
    _STRAIGHT,
    _DOTS,
    _SPACE_BEFORE,
    _DOUBLE_SPACE,
    _GLUED_DASH,
    _GLUED_HYPHEN,
    _HYPHEN_BEFORE,
    _two_hyphens,
    _abbreviations,
)


# --- Quotations: across the passages of a text --------------------------------------------------------

_CLOSING = {"„": "“", "‚": "‘", "«": "»", "‹": "›", "»": "«", "›": "‹", "“": "”"}
_BEFORE_OPENING = "([{/–—-"


def _opens(text: str, position: int, passage: Passage, place: int) -> bool:
    """Tell whether the mark at *position* opens where none is open that it could close."""
    sign = text[position]
    before, after = text[max(position - 1, 0) : position], text[position + 1 : position + 2]
    if sign in "„‚" or sign == passage.style_at(place).double[0]:
        return True
    is_free = not before or before.isspace() or before in _BEFORE_OPENING or before in _CLOSING
    return is_free and bool(after) and not after.isspace()


def _quotations(passages: Sequence[Passage]) -> Iterator[tuple[int, Doubt]]:
    """Yield quotations that stay open or close what is not open; in de-CH, ß outside of them."""
    is_pending = False
    for number, passage in enumerate(passages):
        as_set = _as_set(passage)
        if _SIGNS.isdisjoint(as_set.text):
            continue
        still_open, doubts = _walk(as_set, is_pending)
        for doubt in doubts:
            yield number, doubt
        is_pending = still_open


def _walk(as_set: _Set, is_pending: bool) -> tuple[bool, list[Doubt]]:
    """Return whether a quotation is open at the end of a passage, and what is doubtful in it."""
    text, passage = as_set.text, as_set.passage
    found: list[Doubt] = []
    stack: list[tuple[int, str]] = []
    for position, sign in enumerate(text):
        if sign not in _SIGNS or as_set.is_literal(position) or _is_named(text, position):
            continue
        place = as_set.places[position]
        if sign in "ßẞ":
            style = passage.style_at(place)
            if style.is_german and style.double[0] == "«" and not stack:
                found.append(_eszett(place))
        elif any(sign == closing for _, closing in stack):
            while stack.pop()[1] != sign:
                pass
        elif sign in _CLOSING and _opens(text, position, passage, place):
            stack.append((position, _CLOSING[sign]))
        elif sign in "“»«" and not is_pending:
            found.append(
                as_set.doubt(
                    position,
                    position + 1,
                    f"Dieses Zeichen ({sign}) schließt ein Zitat, das nicht geöffnet wurde.",
                    "Ergänzen Sie das öffnende Zeichen, oder löschen Sie dieses.",
                )
            )
    found += [
        as_set.doubt(
            position,
            position + 1,
            "Das Anführungszeichen ist am Ende des Absatzes noch offen.",
            f"Ergänzen Sie das schließende Zeichen ({closing}).",
        )
        for position, closing in stack
    ]
    return bool(stack) or (is_pending and not found), found


def _is_named(text: str, position: int) -> bool:
    """Tell whether the mark stands alone: it is spoken of."""
    before, after = text[max(position - 1, 0) : position], text[position + 1 : position + 2]
    return (not before or before.isspace()) and (not after or after.isspace())


_SIGNS = frozenset("„“”‚‘«»‹›ßẞ")


def _eszett(place: int) -> Doubt:
    return Doubt(
        place,
        place + 1,
        "In Schweizer Texten steht „ss“ statt „ß“.",
        "Schreiben Sie „ss“; in Zitaten und Namen darf „ß“ bleiben.",
        is_excused_in_quotations=True,
    )


# --- Gender signs: one text, one sign -----------------------------------------------------------------

_ENDING = r"(?:in|innen)(?![a-zäöüß])"
_GENDER_SIGNS = {
    "Genderstern": re.compile(rf"(?<=[a-zäöüß])(\*){_ENDING}"),
    "Doppelpunkt": re.compile(rf"(?<=[a-zäöüß])(:){_ENDING}"),
    "Unterstrich": re.compile(rf"(?<=[a-zäöüß])(_){_ENDING}"),
    "Schrägstrich": re.compile(rf"(?<=[a-zäöüß])(/)-?{_ENDING}"),
    "Binnen-I": re.compile(r"(?<=[a-zäöüß]{2})(I)(?:n|nnen)(?![a-zäöüß])"),
}


def _mixed_gender_signs(passages: Iterable[Passage]) -> Iterator[tuple[int, Doubt]]:
    """Yield the gender signs of a text that are not its most frequent (or, then, first) one."""
    found: list[tuple[int, int, str]] = []
    for number, passage in enumerate(passages):
        for kind, pattern in _GENDER_SIGNS.items():
            for match in pattern.finditer(passage.text):
                if passage.style_at(match.start()).is_german:
                    found.append((number, match.start(1), kind))
    found.sort()
    counts = Counter(kind for _, _, kind in found)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    for number, position, kind in found:
        if kind != usual:
            yield (
                number,
                Doubt(
                    position,
                    position + 1,
                    f"Hier steht ein anderes Genderzeichen ({kind}) als sonst im Text ({usual}).",
                    "Bleiben Sie in einem Text bei einem.",
                ),
            )
