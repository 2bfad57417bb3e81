"""
Makes parts.txt from a spelling dictionary: the parts that German compounds are made of.

    python -m plugins.hyphenation.collect de_DE.dic de_DE.aff > plugins/hyphenation/parts.txt

The two files are those of igerman98 (Debian's package hunspell-de-de). Its flags say which words
may begin a compound and in which form; the rest is counted: a form that stands before at least two
words is one. What is a compound itself is left out, so that every seam of it is found.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plugins.hyphenation import german_patterns
from plugins.hyphenation.compounds import (
    ADJECTIVE,
    LINK,
    LINKING_ENDINGS,
    NOUN,
    NOUN_ENDINGS,
    Parts,
)
from plugins.hyphenation.core import PARTS_MARKS

HEADER = """\
# Parts of German compounds: a noun; a form that another part follows (rechtschreib-); an adjective
# (-fähig). Made by plugins/hyphenation/collect.py from igerman98, version 20161207,
# Copyright (C) 1998-2016 Björn Jacke and others, GPL version 2 or later: chosen, joined and cut
# from its words; what is changed is this selection. Licence and authors: NOTICE.
"""
_LONGEST_PART = 14

# These look like compounds and are none (Mode|ration, Mini|mal, Gene|tik, bean|tragen).
_SIMPLE = re.compile(
    r"""
    .*(?: ieren | [ai]tor(?:en|ien)? | rations? | log(?:in|isch|ie)? | (?:is|e|ra|a)tisch
        | elegen | (?:foto|photo|auto)gen | grün(?:dungs?) | skript | regent )
    | (?: bean | glut?amin | audi | deutsch | lauge | rauben | arte | gendarm | walk | frontal
        | radebr | akku | mini | gegner | metro | kombi | desti | zierrat | moderat | kalkül
        | televis | oper | dekor | integr ).*
    """,
    re.VERBOSE,
)

# Of this trade, and not in the dictionary.
_OWN_NOUNS = frozenset(
    """
    akquise barriere blog content geviert homepage korrektorat lektorat management manuskript
    newsletter podcast texter umsatzsteuer website werkstatt workshop
    """.split()
)
# Verbs' first syllables (zu-ge-lassen), which the counting takes for Zug, Insel and so on.
_NO_LINKS = frozenset("ange einge hinge inse vorge zuge".split())


class Suffix(NamedTuple):
    """A rule of the affix file: *condition* must hold before *strip* becomes *addition*."""

    strip: str
    addition: str
    condition: re.Pattern[str]


class Entry(NamedTuple):
    """A line of the dictionary."""

    word: str
    flags: str


def read_suffixes(affixes: str) -> dict[str, list[Suffix]]:
    """Return the suffix rules by flag."""
    rules: defaultdict[str, list[Suffix]] = defaultdict(list)
    for line in affixes.splitlines():
        match line.split()[:5]:
            case ["SFX", flag, strip, addition, condition]:
                addition = addition.partition("/")[0]
                if "-" not in addition:
                    rules[flag].append(
                        Suffix(
                            strip.replace("0", ""),
                            addition.replace("0", ""),
                            re.compile(f"{condition}$"),
                        )
                    )
    return rules


def read_entries(dictionary: str) -> Iterator[Entry]:
    """Yield the words that consist of letters; a word with flag d is forbidden."""
    for line in dictionary.splitlines():
        word, _, flags = line.partition("/")
        if word.isalpha() and "d" not in flags:
            yield Entry(word, flags)


def inflected(entry: Entry, flags: str, rules: dict[str, list[Suffix]]) -> Iterator[str]:
    """Yield what those *flags* that *entry* has make of its word, in lower case."""
    for flag in set(flags) & set(entry.flags):
        for strip, addition, condition in rules.get(flag, ()):
            if condition.search(entry.word) and entry.word.endswith(strip):
                yield (entry.word.removesuffix(strip) + addition).lower()


def collect(entries: list[Entry], rules: dict[str, list[Suffix]]) -> dict[str, set[str]]:
    """Return all parts with their roles, compounds among them."""
    nouns: set[str] = set(_OWN_NOUNS)
    adjectives: set[str] = set()
    links: set[str] = set()
    endings: set[str] = set()
    words: set[str] = set()
    for entry in entries:
        word, flags = entry.word.lower(), set(entry.flags)
        if flags & set("jkexyg"):
            links.add(word)
        is_noun = entry.word[0].isupper() and "h" not in flags and flags & set("EPNSTFRpq")
        if "z" in flags or is_noun:
            nouns.update((word, *inflected(entry, "pR", rules)))
            endings.update((word, *inflected(entry, "EPNSTFRpqJ", rules)))
        if "h" not in flags:
            made = [form for form in inflected(entry, "JF", rules) if form[-2:] in ("ng", "in")]
            nouns.update(made)
            endings.update(made)
            if "V" in flags:
                nouns.update(f"ver{form}" for form in made)
            if entry.word[0].islower() and "A" in flags and "o" not in flags:
                adjectives.add(word)
            words.add(word)
    links |= _links_in(words | nouns, endings, nouns, adjectives)
    links -= _NO_LINKS
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for role, found, shortest in ((LINK, links, 3), (NOUN, nouns, 3), (ADJECTIVE, adjectives, 4)):
        for part in found:
            if len(part) >= shortest:
                roles[part].add(role)
    return roles


def _links_in(
    words: set[str], endings: set[str], nouns: set[str], adjectives: set[str]
) -> set[str]:
    """Return the forms of nouns and adjectives that stand before two words or more."""
    patterns = german_patterns()
    followers: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        if len(word) >= 8:
            for place in patterns.breaks(word):
                if place >= 3 and len(word) - place >= 4 and word[place:] in endings:
                    followers[word[:place]].add(word[place : place + 5])
    return {
        form
        for form, found in followers.items()
        if len(found) >= 2
        and (
            form in nouns
            or form in adjectives
            or any(
                form.endswith(end) and form.removesuffix(end) in nouns for end in LINKING_ENDINGS
            )
        )
    }


def without_compounds(roles: dict[str, set[str]]) -> dict[str, str]:
    """Return *roles* without the parts that are made of shorter ones."""
    patterns = german_patterns()
    kept = {part: "".join(sorted(found)) for part, found in roles.items()}
    parts = Parts(kept)
    for part in sorted(kept, key=lambda part: (len(part), part)):
        if len(part) < 7 or _SIMPLE.fullmatch(part):
            continue
        own = kept.pop(part)
        breaks = patterns.breaks(part)
        if not all(
            _consists_of_parts(part, parts.seams(part, breaks, is_last), kept)
            for is_last in {role != LINK for role in own}
        ):
            kept[part] = own
    return kept


def _consists_of_parts(part: str, seams: list[int], kept: dict[str, str]) -> bool:
    pieces = [part[start:end] for start, end in zip([0, *seams], [*seams, None], strict=True)]
    return len(pieces) > 1 and all(
        len(piece) >= 4 or LINK in kept.get(piece, "") for piece in pieces
    )


def without_inflected(kept: dict[str, str]) -> dict[str, str]:
    """Return *kept* without the nouns that are another one with an ending."""
    return {
        part: roles
        for part, roles in kept.items()
        if len(part) <= _LONGEST_PART
        and not (
            roles == NOUN
            and any(
                NOUN in kept.get(part.removesuffix(ending), "")
                for ending in NOUN_ENDINGS
                if ending and part.endswith(ending) and len(part) - len(ending) >= 3
            )
        )
    }


def main(dictionary: str, affixes: str) -> None:
    """Print parts.txt."""
    entries = list(read_entries(Path(dictionary).read_text("utf-8")))
    rules = read_suffixes(Path(affixes).read_text("utf-8"))
    kept = without_inflected(without_compounds(collect(entries, rules)))
    print(HEADER, end="")
    for part, roles in sorted(kept.items()):
        for role in roles:
            before, after = PARTS_MARKS[role]
            print(f"{before}{part}{after}")


if __name__ == "__main__":
    main(*sys.argv[1:])
