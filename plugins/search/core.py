"""
The terms of a text, and what each says about it. ``js/search.js`` finds the same terms in what is asked for.

A term is a word without case, umlauts, doubled letters of ß and endings: „Grüße“, „Gruss“ and „GRUESSEN“ are
one. A compound is found by its parts, too.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: Impacts are one character each, so there are as many.
HIGHEST_IMPACT = 63
#: What occurrences are worth: in a title, in tags and headings, in a summary, in the text, in examples.
TITLE, KEYWORD, SUMMARY, TEXT, EXAMPLE = 10.0, 3.0, 2.0, 1.0, 0.5
#: A part says less than the whole word.
_PART = 0.5
_FEWEST_LETTERS_OF_PART = 3
_FEWEST_LETTERS_OF_COMPOUND = 8
# Of a formula or an address in words, the parts say nothing.
_MOST_PARTS = 6
# Words of a text that is neither long nor short: a constant, so that no text depends on others.
_WORDS = 256

_WORD = re.compile(r"[^\W_]+(?:['’‑-][^\W_]+)*")
_JOINTS = re.compile(r"['’‑-]")
_HYPHENS = re.compile("[‑-]")
# „neue“, „Mauer“ and „Quelle“ have none.
_UMLAUT = re.compile("([aeq]ue)|([aou])e")
_ENDINGS = re.compile("(.{3,}?)(?:e[mnrs]?|[ns])*")
_LAST_LETTERS = ("e", "m", "n", "r", "s")

#: Words that are in almost every text or question. They count only in titles: „dass oder das?“
COMMON = frozenset(
    """
    ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da
    dabei dafür damit dann daran darauf daraus darf darin darum das dass dazu dein deine dem den denen denn
    der deren des deshalb dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine
    einem einen einer eines einmal er es etwa etwas für gegen gehen gehört geht gibt habe haben hat hatte
    hatten heißt hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in ins ist ja
    jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen keiner kommen kommt können könnte
    machen macht man mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nicht nichts noch
    nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so soll sollen
    sondern sonst stehen steht über um und uns unser unsere unter viel vom von vor wann war waren warum was
    weil welche welchem welchen welcher welches wem wen wenn wer werden wie wieder wieso will wir wird wo
    worden wurde wurden zu zum zur zwischen
    """.split()
)

#: Divides a compound: „Satzzeichen“ → „Satz“, „zeichen“; any other word is its own only part.
Divide = Callable[[str], Sequence[str]]

#: Terms with what they are worth.
Worth = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Shown:
    """What a list of results shows of a page; *lang* is empty where it is the site's."""

    url: str
    note: str
    title: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class Document:
    """A page that can be found: what is shown of it, and its texts with what their words are worth."""

    shown: Shown
    texts: Sequence[tuple[float, str]]
    #: Above 1 for what is to be found first.
    worth: float = 1.0


def fold(word: str) -> str:
    """Return *word* as it is compared: in small letters, ä = ae = a, ß = ss."""
    plain = word.lower()
    if not plain.isascii():
        # Most words that are not in ASCII need no more than that.
        plain = plain.replace("ä", "a").replace("ö", "o").replace("ü", "u")
        if not plain.replace("ß", "").isascii():
            letters = unicodedata.normalize("NFKD", plain)
            plain = "".join(c for c in letters if unicodedata.category(c)[0] != "M")
    if "e" in plain:
        plain = _UMLAUT.sub(r"\1\2", plain)
    # One letter for two: an s before the last is no ending then (Fluss, but Kurs and Kurse).
    return plain.replace("ss", "ß")


def term(word: str) -> str:
    """Return the term for *word*: its letters without endings; at least three stay."""
    folded = fold(word if word.isalnum() else _JOINTS.sub("", word))
    if not folded.endswith(_LAST_LETTERS):
        return folded
    match = _ENDINGS.fullmatch(folded)
    return match[1] if match else folded


class Terms:
    """Takes words apart, each only once."""

    def __init__(self, divide: Divide) -> None:
        self._divide = divide
        # What `of` returns for each word; and what counts in other fields than titles.
        self._all: dict[str, Worth] = {}
        self._telling: dict[str, Worth] = {}
        # Parts are few, and in many words.
        self._terms: dict[str, str] = {}

    def of(self, word: str) -> Worth:
        """Return the terms by which *word* is found, with what they are worth: 1 for the whole."""
        worth = dict.fromkeys(map(self._term, self._parts(word)), _PART)
        worth[term(word)] = 1.0
        return tuple(worth.items())

    def _learn(self, word: str, known: dict[str, Worth]) -> Worth:
        found = self.of(word)
        self._all[word] = found
        self._telling[word] = () if word.lower() in COMMON else found
        return known[word]

    def _term(self, part: str) -> str:
        found = self._terms.get(part)
        if found is None:
            found = self._terms[part] = term(part)
        return found

    def _parts(self, word: str) -> list[str]:
        """Return the parts of *word*, and of three or more all that begins or ends it."""
        pieces = _HYPHENS.split(word) if not word.isalnum() else [word]
        parts = [part for piece in pieces for part in self._divided(piece)]
        if not 1 < len(parts) <= _MOST_PARTS:
            return []
        found = [*parts, *pieces] if len(pieces) > 1 else parts
        if len(parts) > 2:
            for at in range(1, len(parts)):
                found = [*found, "".join(parts[:at]), "".join(parts[at:])]
        return [
            part
            for part in found
            if len(part) >= _FEWEST_LETTERS_OF_PART and part.lower() not in COMMON
        ]

    def _divided(self, word: str) -> Sequence[str]:
        # Nouns only: few look for the parts of a verb, and most long words are nouns.
        is_divisible = len(word) >= _FEWEST_LETTERS_OF_COMPOUND and word[0].isupper()
        return self._divide(word) if is_divisible else (word,)

    def impacts(self, document: Document) -> dict[str, int]:
        """Return what each term says about the *document*, 1 to `HIGHEST_IMPACT`."""
        amounts: defaultdict[str, float] = defaultdict(float)
        length = 0
        for worth, text in document.texts:
            words = Counter(_WORD.findall(text.replace("\u00ad", "")))
            length += words.total()
            known = self._all if worth >= TITLE else self._telling
            for word, count in words.items():
                found = known.get(word)
                if found is None:
                    found = self._learn(word, known)
                amount = worth * count
                for one, share in found:
                    amounts[one] += amount * share
        scale = document.worth / _norm(length)
        return {one: _impact(amount * scale) for one, amount in amounts.items()}


def _norm(length: int) -> float:
    """
    Return by what to divide for a text of *length* words: in a long one, a word says less.

    There are few lengths, so that a word more or less changes nothing.
    """
    return math.pow(2, round(math.log2(max(length, 32) / _WORDS)) / 2)


@lru_cache(10_000)
def _impact(amount: float) -> int:
    return max(1, min(HIGHEST_IMPACT, round(10 * math.log2(1 + amount))))
