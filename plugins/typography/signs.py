"""Dashes, ranges, ellipses and the signs × and −."""

from __future__ import annotations

import re

from .passage import BREAKABLE, LINE_BREAK, Passage
from .rare import Rare
from .style import NO_BREAK_SPACE, Style
from .words import (
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    MONTHS,
    ORDINAL_NOUNS,
    WEEKDAYS,
)

EN_DASH = "–"
ELLIPSIS = "…"
TIMES = "×"
MINUS = "−"

_S = rf"[{BREAKABLE}]"
_GAP = rf"[{BREAKABLE}\u00a0\u202f]"
_SPACES = frozenset(BREAKABLE + "\u00a0\u202f" + LINE_BREAK)

_DASH = re.compile(r"(?<!-)-{1,3}(?!-)|–")
_AFTER_DASH = frozenset(",;:.!?)]}\"'“”‘’«»›‹…")
_BEFORE_DASH = frozenset("([{\"'„‚“‘»«›‹/")
_ELLIPSIS = re.compile(r"(?<!\.)\.{3}(?!\.)|…")
_FACTOR = r"\d+(?:[.,]\d+)*"
# A bare 0 is no factor: a Motorola 680x0 is a name.
_PRODUCT = Rare(
    rf"(?<![\w.,…×]){_FACTOR}(?:{_GAP}*+[x×]{_GAP}*+(?!0(?![\d.,])){_FACTOR})++"
    rf"(?!{_GAP}?=|[.,]?\d|(?!(?:[mckdµ]?m|px|Pixel)(?!\w))\w)"
)
_TIMES_IN_PRODUCT = Rare(rf"({_GAP}*)([x×])({_GAP}*)")
# 9 cm x 13 cm
_TIMES_AFTER_UNIT = Rare(
    rf"(?:(?<=[\d \u00a0\u202f][mckd]m)|(?<=\d[ \u00a0\u202f]m))({_GAP}+)(x)({_GAP}+)(?=\d)"
)
_MINUS = Rare(rf"-(?=\d+(?:[.,]\d+)*{_GAP}?(?:%|°C|€))")

# Digits; with points only as thousands (a version has points too); decimal comma; hh:mm.
_NUMBER = r"(?:\d{1,2}:\d\d|\d{1,6}(?:\.\d{3})*(?:,\d+)?)"
_NOT_AFTER = r"(?<!\d[.,:])(?<![\w+=#@$^~×−–—-])"
_RANGE = Rare(
    rf"{_NOT_AFTER}({_NUMBER})(-{{1,2}})({_NUMBER})(?![\w=×]|[.,:]\d|[-–]\w|{_GAP}{{1,3}}=)"
)
_RANGE_WITH_LETTER = Rare(
    rf"(?:§|\b(?:S|Nr|Art|Abs|Abb|Tab|Kap|Anm|Bd|Rn|Ziff)\.){_GAP}*(\d+[a-h]?)(-{{1,2}})(\d+(?:[a-h]|ff?)?)(?![\w×–-])"
)
_CLOCK_RANGE = Rare(
    rf"{_NOT_AFTER}\d{{1,2}}(?:\.\d\d)?(-{{1,2}})\d{{1,2}}(?:\.\d\d)?(?={_GAP}?Uhr(?!\w))"
)
_ORDINALS = "|".join(sorted(MONTHS | ORDINAL_NOUNS, key=len, reverse=True))
_DAY_RANGE = Rare(
    rf"{_NOT_AFTER}\d{{1,2}}\.(?:\d{{1,2}}\.(?:\d{{4}}|\d\d)?)?(-{{1,2}})\d{{1,2}}\."
    rf"(?:\d{{1,2}}\.|{_GAP}?(?:{_ORDINALS})(?!\w))"
)


def _pairs(names: frozenset[str]) -> str:
    choice = "|".join(sorted(names, key=len, reverse=True))
    return rf"(?:{choice})\.?(-{{1,2}})(?:{choice})(?![\w–-])"


_NAME_SIGN = re.compile(rf"-(?:{'|'.join(MONTHS | WEEKDAYS | ENGLISH_MONTHS | ENGLISH_WEEKDAYS)})")
#: A range of numbers and a sign before one have this in them; it is found much faster.
_HYPHEN_AND_DIGIT = re.compile(r"-\d")
_NAME_RANGE = {
    True: Rare(rf"(?<![\w–-])(?:{_pairs(MONTHS)}|{_pairs(WEEKDAYS)})"),
    False: Rare(rf"(?<![\w–-])(?:{_pairs(ENGLISH_MONTHS)}|{_pairs(ENGLISH_WEEKDAYS)})"),
}

_OPERAND = r"\(?\w++(?:[.,]\d\w*+)*+\)?"
_OPERATION = rf"(?:{_GAP}?[-+–*/×·:^−]{_GAP}?{_OPERAND})*+"
_EQUATION_AFTER = Rare(rf"{_GAP}?{_OPERAND}{_OPERATION}{_GAP}?[=<>≈≠≤≥]")
_EQUATION_BEFORE = Rare(rf"[=<>≈≠≤≥+*^]{_GAP}?{_OPERAND}{_OPERATION}{_GAP}?$")
_OPERATOR_AFTER = Rare(rf"{_GAP}?\d+(?:[.,]\d+)*{_GAP}?[+*^]{_GAP}?\w")
_VARIABLE = Rare(rf"(?<!\w)[a-z]{_GAP}$")
_VARIABLE_AFTER = Rare(rf"{_GAP}(?:\d+|[a-z])(?!\w)")


def set_signs(passage: Passage, style: Style) -> None:
    """Set ranges, dashes, ellipses and signs."""
    text = passage.text
    if "-" in text or EN_DASH in text:
        if _HYPHEN_AND_DIGIT.search(text):
            _set_number_ranges(passage, style)
            _set_minus(passage)
        if _NAME_SIGN.search(text):
            _set_name_ranges(passage, style)
        _set_dashes(passage, style)
    if "..." in text or ELLIPSIS in text:
        _set_ellipses(passage, style)
    if "x" in text or TIMES in text:
        _set_times(passage, style)


def _set_number_ranges(passage: Passage, style: Style) -> None:
    text = passage.text
    passage.rule = "range"
    for found in _RANGE.finditer(text):
        if not _is_iso_month(found[1], found[3]) and not _is_operand(text, found.start()):
            passage.replace(found.start(2), found.end(2), EN_DASH)
    for found in _RANGE_WITH_LETTER.finditer(text):
        passage.replace(found.start(2), found.end(2), EN_DASH)
    if style.is_german:
        for pattern in (_CLOCK_RANGE, _DAY_RANGE):
            for found in pattern.finditer(text):
                passage.replace(found.start(1), found.end(1), EN_DASH)


def _set_name_ranges(passage: Passage, style: Style) -> None:
    passage.rule = "range"
    for found in _NAME_RANGE[style.is_german].finditer(passage.text):
        hyphens = found.span(1) if found[1] else found.span(2)
        passage.replace(*hyphens, EN_DASH)


def _is_iso_month(first: str, second: str) -> bool:
    """Tell 2024-03 from 1923-25: a range goes upwards, a month to 12."""
    if len(first) != 4 or len(second) != 2 or not (first + second).isdigit():
        return False
    return 1 <= int(second) <= 12 and int(second) <= int(first[2:])


def _is_operand(text: str, position: int) -> bool:
    return text[max(0, position - 3) : position].rstrip()[-1:] in ("=", "+", "*", "^", "<", "≈")


def _set_minus(passage: Passage) -> None:
    text = passage.text
    passage.rule = "minus"
    for found in _MINUS.finditer(text):
        before = text[found.start() - 1 : found.start()] if found.start() else ""
        if not before or before in _SPACES or before in _BEFORE_DASH or before == EN_DASH:
            passage.replace(found.start(), found.end(), MINUS)


def _set_dashes(passage: Passage, style: Style) -> None:
    text = passage.text
    for found in _DASH.finditer(text):
        start, end = found.span()
        before = text[start - 1] if start else ""
        after = text[end : end + 1]
        is_set = found[0] == EN_DASH
        is_free = not before or before in _SPACES
        if is_set or _is_dash(text, start, end, before, after):
            if not is_set:
                passage.rule = "dash"
                passage.replace(start, end, EN_DASH)
            if is_free and style.is_german and (not after or after in _SPACES | _AFTER_DASH):
                passage.rule = "space before dash"
                passage.bind(start, NO_BREAK_SPACE)
        elif end - start > 1 and _joins(before) and (_joins(after) or after == "("):
            passage.rule = "joining dash"
            passage.replace(start, end, EN_DASH)


def _joins(sign: str) -> bool:
    return sign.isalnum() or sign == ")"


def _is_dash(text: str, start: int, end: int, before: str, after: str) -> bool:
    is_free_before = not before or before in _SPACES
    is_free_after = not after or after in _SPACES
    if end - start > 1:
        return (is_free_before or before in _BEFORE_DASH) and (
            is_free_after or after in _AFTER_DASH
        )
    if not is_free_before or not (is_free_after or after in ',)“"”'):
        return False
    if not before or before == LINE_BREAK:
        # A lone hyphen, or a sign before a number, at the beginning.
        return bool(after) and not text[end : end + 3].lstrip()[:1].isdigit()
    return not _is_in_equation(text, start, end)


def _is_in_equation(text: str, start: int, end: int) -> bool:
    left = text[max(0, start - 40) : start]
    right = text[end : end + 60]
    if (
        _EQUATION_AFTER.match(right)
        or _EQUATION_BEFORE.search(left)
        or _OPERATOR_AFTER.match(right)
    ):
        return True
    return bool(_VARIABLE.search(left) and _VARIABLE_AFTER.match(right))


def _set_ellipses(passage: Passage, style: Style) -> None:
    text = passage.text
    for found in _ELLIPSIS.finditer(text):
        start, end = found.span()
        before = text[start - 1] if start else ""
        if found[0] != ELLIPSIS:
            if before.isdigit() and text[end : end + 1].isdigit():
                continue
            passage.rule = "ellipsis"
            passage.replace(start, end, ELLIPSIS)
        if style.is_german and before in _SPACES and not passage.is_literal(start):
            passage.rule = "space before ellipsis"
            passage.bind(start - 1, NO_BREAK_SPACE)


def _set_times(passage: Passage, style: Style) -> None:
    text = passage.text
    passage.rule = "times"
    for product in _PRODUCT.finditer(text):
        if not text.startswith(("0x", "0X"), product.start()):  # hexadecimal
            for found in _TIMES_IN_PRODUCT.finditer(text, *product.span()):
                if bool(found[1]) == bool(found[3]):
                    _set_times_sign(passage, found, style)
    for found in _TIMES_AFTER_UNIT.finditer(text):
        _set_times_sign(passage, found, style)


def _set_times_sign(passage: Passage, found: re.Match[str], style: Style) -> None:
    if found[2] == "x":
        passage.replace(found.start(2), found.end(2), TIMES)
    if found[1] and style.is_german:
        passage.bind(found.start(1), style.narrow)
        passage.bind(found.start(3), style.narrow)
