"""Put the stylesheets that one imports into it, make them small, and know which of them a page needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import count, product
from string import ascii_lowercase

_IMPORT = re.compile(
    r"""^[ \t]*@import\s+(?:url\()?["']?(?P<url>[^"')\s]+)["']?\)?\s*(?:layer\((?P<layer>[\w.-]+)\))?\s*;[ \t]*\n?""",
    re.M,
)
_TEXT = r"""(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|url\([^"')]*\))"""
_LITERAL = f"({_TEXT})"
# Strings and addresses first: „/*“ in one of them begins no comment.
_COMMENT = re.compile(rf"{_LITERAL}|/\*.*?\*/", re.S)
#: Marks the end of a layer's block while more of the same layer may follow.
_LAYER_END = "\0"
_SAME_LAYER = re.compile(rf"{_LAYER_END}(\S+)\n}}\n@layer \1 {{\n")
_LAYER_ENDS = re.compile(rf"{_LAYER_END}\S+")
_PARAGRAPHS = re.compile(r"\n\s*\n")

# What of a stylesheet means nothing: space, the last semicolon of a block, the nought before a point.
_SPARE = re.compile(
    rf"{_LITERAL}|(?P<end>[;\s]*\}}\s*)|\s*(?P<sign>[{{;,>/])\s*|(?P<colon>:)\s+|(?P<media>@media) (?=\()"
    r"|(?P<space>\s+)|(?<![\w.])0(?=\.\d)"
)
#: What stands before a block and is no condition. Literals first: „{“ in one of them begins no block.
_SELECTORS = re.compile(rf"{_LITERAL}|(?<![^{{}};])(?!@)(?:{_TEXT}|[^{{}};\"'])+(?=\{{)")
#: Between compound selectors; in calc() the space around „+“ means something.
_COMBINATOR = re.compile(rf"{_LITERAL}| (?P<sign>[+~]) ")

_PRELUDE = re.compile(r"[^{};]+(?=\{)")
#: What is no condition: arguments, attributes, states, parts of elements, names of single ones.
_ARGUMENTS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_PSEUDO = re.compile(r"(?:::?|#)[\w-]+")
_NAME = re.compile(r"\.?[a-z][\w-]*", re.I)
_TAG = re.compile(r"""<([a-z][a-z0-9-]*)|\sclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)


#: A literal, a sign between rules and declarations, or what is between these.
_PIECE = re.compile(rf"{_LITERAL}|[{{}};]|(?:(?!{_TEXT})[^{{}};\"'])+")
_PROPERTY = re.compile(r"(?<![\w-])--[a-z][\w-]*", re.I)
_LAYERS = re.compile(r"(?<=@layer )[\w.,-]+")
_LAYER = re.compile(r"[\w-]+")


class StylesheetError(Exception):
    """A stylesheet imports what is not there, or itself."""


@dataclass(frozen=True)
class Sheet:
    """
    A part of the site's style.

    *needs*: for each selector the elements („table“) and classes („.post“) without which it matches nothing.
    """

    css: str
    needs: frozenset[frozenset[str]]


def bundle(name: str, load: Callable[[str], str], _chain: tuple[str, ...] = ()) -> str:
    """
    Return the stylesheet *name* with the text of every ``@import url("x.css") layer(y);`` in place.

    *load* returns a stylesheet's text; names are relative to the one that imports, without "..".

    Raises:
        StylesheetError: A stylesheet imports itself, directly or by others, or under a condition.
    """
    if name in _chain:
        raise StylesheetError(f"{name} importiert sich selbst ({' → '.join((*_chain, name))}).")
    return _bundled(load(name), name, load, (*_chain, name))


def sheets(name: str, load: Callable[[str], str]) -> list[Sheet]:
    """
    Return the paragraphs of the stylesheet *name*, each a sheet with all that it imports, made small.

    Raises:
        StylesheetError: See `bundle`.
    """
    found = []
    for paragraph in _PARAGRAPHS.split(_without_comments(load(name)).strip()):
        css = minify(_bundled(f"{paragraph}\n", name, load, (name,)))
        found.append(Sheet(css, needs(css)))
    return found


def _bundled(css: str, name: str, load: Callable[[str], str], chain: tuple[str, ...]) -> str:
    folder = name.rpartition("/")[0]

    def replaced(match: re.Match[str]) -> str:
        path = f"{folder}/{match['url']}" if folder else match["url"]
        text = bundle(path, load, chain).strip()
        if not match["layer"]:
            return f"{text}\n"
        return f"@layer {match['layer']} {{\n{text}{_LAYER_END}{match['layer']}\n}}\n"

    bundled = _IMPORT.sub(replaced, _without_comments(css))
    bundled = _LAYER_ENDS.sub("", _SAME_LAYER.sub("\n", bundled))
    if left := re.search(r"^[ \t]*@import[^;\n]*", bundled, re.M):
        raise StylesheetError(
            f"{name}: „{left[0].strip()}“ hat eine Form, die wir nicht auflösen; möglich ist "
            'nur @import url("x.css") layer(y);'
        )
    return bundled


def _without_comments(css: str) -> str:
    return _COMMENT.sub(lambda match: match[1] or "", css)


def minify(css: str) -> str:
    """Return *css*, which has no comments, without what means nothing; strings are left alone."""
    css = _SPARE.sub(_spared, css).strip()
    return _SELECTORS.sub(lambda found: found[1] or _COMBINATOR.sub(_joined, found[0]), css)


def _spared(match: re.Match[str]) -> str:
    if match["end"]:
        return "}"
    if match["space"]:
        return " "
    return match[1] or match["sign"] or match["colon"] or match["media"] or ""


def _joined(match: re.Match[str]) -> str:
    return match[1] or match["sign"]


def needs(css: str) -> frozenset[frozenset[str]]:
    """
    Return, for each selector of *css* that names any, the elements and classes that a page must have.

    What stands in brackets, as in ``:is(.a, .b)`` and ``:not(.c)``, is no condition.
    """
    found = set()
    for prelude in _PRELUDE.findall(css):
        if prelude.lstrip().startswith("@"):
            continue
        while prelude != (shorter := _ARGUMENTS.sub("", prelude)):
            prelude = shorter
        for selector in prelude.split(","):
            found.add(frozenset(_NAME.findall(_PSEUDO.sub("", selector))))
    return frozenset(found - {frozenset()})


def with_constants(all_sheets: Sequence[Sheet]) -> list[Sheet]:
    """
    Return the sheets with the values of those custom properties that never change, in place of their names.

    These are set by the first sheet alone, for the whole page and under no condition; the last value counts.
    """
    declared: dict[str, list[tuple[int, tuple[str, ...], str]]] = {}
    for place, sheet in enumerate(all_sheets):
        for rules, name, value in custom_properties(sheet.css):
            declared.setdefault(name, []).append((place, rules, value))
    constants = {
        name: uses[-1][2]
        for name, uses in declared.items()
        if uses[-1][2] and {(place, rules) for place, rules, _ in uses} == {(0, uses[0][1])}
        if is_root(uses[0][1])
    }
    values = _resolved(constants)
    gone = {f"{name}:{value}" for name in values for _, _, value in declared[name]}
    return [
        replace(sheet, css=_substituted(_without(sheet.css, gone), values)) for sheet in all_sheets
    ]


def is_root(rules: tuple[str, ...]) -> bool:
    """Return whether what stands in *rules* holds for the whole page, under no condition."""
    return rules[-1] == ":root" and all(rule.startswith("@layer ") for rule in rules[:-1])


def custom_properties(css: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield custom properties with what they stand in, from outside: (("@layer x", ":root"), "--y", "1px")."""
    rules: list[str] = []
    text = ""
    for piece in (match[0] for match in _PIECE.finditer(css)):
        if piece == "{":
            rules.append(text)
        elif piece in (";", "}"):
            name, _, value = text.partition(":")
            if name.startswith("--"):
                yield tuple(rules), name, value
            if piece == "}":
                rules.pop()
        else:
            text += piece
            continue
        text = ""


def _resolved(constants: dict[str, str]) -> dict[str, str]:
    """Return those of *constants* that need no other property, or only others of these."""
    for _ in constants:
        constants = {name: _substituted(value, constants) for name, value in constants.items()}
    return {name: value for name, value in constants.items() if "var(" not in value}


def _without(css: str, declarations: Iterable[str]) -> str:
    for declaration in map(re.escape, declarations):
        css = re.sub(rf"(?<=[{{;]){declaration}(?:;|(?=\}}))|;{declaration}(?=\}})", "", css)
    return re.sub(r"(?<![^{};]):root\{\}", "", css)


def _substituted(css: str, values: dict[str, str]) -> str:
    names = "|".join(values) or "(?!)"
    # Alone or with another value for the case that it were not set.
    used = re.compile(rf"{_LITERAL}|var\((?P<name>{names})(?:,(?:[^()]|\([^()]*\))*)?\)")
    return used.sub(lambda match: match[1] or values[match["name"]], css)


def with_short_names(all_sheets: Sequence[Sheet]) -> list[Sheet]:
    """
    Return the sheets with custom properties and layers of one or two letters, the most frequent ones first.

    They are spelt out in what the author edits, and cost each page some 160 bytes of Brotli.
    """
    every = "".join(sheet.css for sheet in all_sheets)
    properties = _shortened(_PROPERTY.findall(every))
    layers = _shortened(_LAYER.findall(",".join(_LAYERS.findall(every))))

    def rename(css: str) -> str:
        css = _LAYERS.sub(lambda names: _LAYER.sub(lambda name: layers[name[0]], names[0]), css)
        return _PROPERTY.sub(lambda name: f"--{properties[name[0]]}", css)

    return [replace(sheet, css=rename(sheet.css)) for sheet in all_sheets]


def _shortened(used: Iterable[str]) -> dict[str, str]:
    """Return a short name for each of those *used*, the same in every build."""
    counts = Counter(used)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    return dict(zip(names, _short_names(), strict=False))


def _short_names() -> Iterator[str]:
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield "".join(letters)


def used_names(html: str) -> set[str]:
    """Return the elements („table“) and classes („.post“) that *html* has."""
    names = set()
    # Most are there many times.
    for element, *classes in set(_TAG.findall(html)):
        if element:
            names.add(element.lower())
        for name in "".join(classes).split():
            names.add(f".{name}")
    return names


def needed(all_sheets: Iterable[Sheet], used: Set[str]) -> list[str]:
    """Return the text of those sheets that style something that is *used*; the first one always does."""
    first, *others = all_sheets
    return [
        first.css,
        *(sheet.css for sheet in others if any(need <= used for need in sheet.needs)),
    ]
