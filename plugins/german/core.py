"""German slugs, dates, numbers, plurals, lists and the order of DIN 5007-1."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal
from unidecode import unidecode

NBSP = "\u00a0"

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"}
    | {"&": " und "}
    # No word of its own: Peter’s keeps its letters together.
    | dict.fromkeys("'’‘`´", "")
)


def slug(text: str) -> str:
    """Return *text* as part of a URL: ``Über Größe`` → ``ueber-groesse``; may be empty."""
    ascii_text = unidecode(unicodedata.normalize("NFC", text).translate(_UMLAUTS))
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text.lower()))


def heading_slug(text: str, separator: str) -> str:
    """
    Return the id of a heading (the signature that Markdown's toc asks for).

    An id begins with a letter, so that style sheets can name it: „1. Zitieren“ → ``abschnitt-1-zitieren``.
    """
    name = slug(text)
    if not name[:1].isalpha():
        name = f"abschnitt-{name}".rstrip("-")
    return name.replace("-", separator)


_DIN_5007_1 = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
    # Letters with a stroke, or without their dot, do not decompose.
    | {"ø": "o", "ð": "d", "đ": "d", "ł": "l", "ı": "i"}
)


def sort_key(text: str) -> tuple[str, ...]:
    """
    Return the key that orders *text* by DIN 5007-1 (dictionaries, registers): ä = a, ß = ss.

    Case, accents, hyphens and apostrophes do not count; spaces come before letters. What is
    equal then: plain letters before changed ones (Bar, Bär), small ones before capitals (weg, Weg);
    at last by its own characters, so that the order is always the same.
    """
    folded = unicodedata.normalize("NFD", text.casefold().translate(_DIN_5007_1))
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    words = " ".join(re.sub(r"[^\w\s]", "", letters).split())
    return words, text.lower(), text.swapcase(), text


def register_letter(text: str) -> str:
    """Return the heading under which *text* stands in a register: A to Z, or ``0–9``."""
    first = sort_key(text)[0][:1].upper()
    return first if "A" <= first <= "Z" else "0–9"


def date(value: dt.date) -> str:
    """Return *value* as „4. November 2026“; day and month stay on one line."""
    return _date(value.year, value.month, value.day)


# Babel takes a tenth of a millisecond, and a page with comments has hundreds of dates.
@lru_cache(10_000)
def _date(year: int, month: int, day: int) -> str:
    return format_date(dt.date(year, month, day), "d. MMMM y", locale="de").replace(" ", NBSP, 1)


def time(value: dt.datetime) -> str:
    """Return the time of *value* as „8:05 Uhr“, in its own time zone."""
    return f"{value.hour}:{value.minute:02d}{NBSP}Uhr"


def iso(value: dt.date) -> str:
    """Return *value* as the datetime attribute of ``<time>`` wants it."""
    return value.isoformat()


def week(value: dt.date) -> str:
    """Return the ISO week as „KW 45“."""
    return f"KW{NBSP}{value.isocalendar().week}"


def number(value: float) -> str:
    """Return *value* as „1.800“ or „3,5“."""
    return str(format_decimal(value, locale="de"))


def plural(count: int, one: str, many: str) -> str:
    """Return „1 Kommentar“, „0 Kommentare“, „1.200 Kommentare“."""
    return f"{number(count)}{NBSP}{one if count == 1 else many}"


def listed(items: Iterable[str]) -> str:
    """Return „A, B und C“."""
    names: Sequence[str] = list(items)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} und {names[-1]}"


# Silent reading of German prose; Brysbaert (2019) gives 260 words for German non-fiction, and
# this blog's texts have tables and examples that are read twice.
WORDS_PER_MINUTE = 220


def reading_minutes(words: int) -> int:
    """Return the time it takes to read *words*, in whole minutes, at least 1."""
    return max(1, round(words / WORDS_PER_MINUTE))


def clashes(names: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """
    Return the pairs of different names with one slug, as (slug, first name, later name).

    *names* are (slug, name) in the order in which they were found.
    """
    first: dict[str, str] = {}
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for key, name in names:
        known = first.setdefault(key, name)
        if known != name:
            found[key, name] = (key, known, name)
    return list(found.values())
