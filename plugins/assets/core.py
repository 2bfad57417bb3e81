"""Put the stylesheets that one imports into it."""

from __future__ import annotations

import re
from collections.abc import Callable

_IMPORT = re.compile(
    r"""^[ \t]*@import\s+(?:url\()?["']?(?P<url>[^"')\s]+)["']?\)?\s*(?:layer\((?P<layer>[\w.-]+)\))?\s*;[ \t]*\n?""",
    re.M,
)
# Strings and addresses first: „/*“ in one of them begins no comment.
_COMMENT = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|url\([^"')]*\))|/\*.*?\*/""", re.S
)


class StylesheetError(Exception):
    """A stylesheet imports what is not there, or itself."""


def bundle(name: str, load: Callable[[str], str], _chain: tuple[str, ...] = ()) -> str:
    """
    Return the stylesheet *name* with the text of every ``@import url("x.css") layer(y);`` in place.

    *load* returns a stylesheet's text; names are relative to the one that imports, without "..".

    Raises:
        StylesheetError: A stylesheet imports itself, directly or by others, or under a condition.
    """
    if name in _chain:
        raise StylesheetError(f"{name} importiert sich selbst ({' → '.join((*_chain, name))}).")
    folder = name.rpartition("/")[0]

    def replaced(match: re.Match[str]) -> str:
        path = f"{folder}/{match['url']}" if folder else match["url"]
        css = bundle(path, load, (*_chain, name)).strip()
        return f"@layer {match['layer']} {{\n{css}\n}}\n" if match["layer"] else f"{css}\n"

    css = _COMMENT.sub(lambda match: match[1] or "", load(name))
    bundled = _IMPORT.sub(replaced, css)
    if left := re.search(r"^[ \t]*@import[^;\n]*", bundled, re.M):
        raise StylesheetError(
            f"{name}: „{left[0].strip()}“ hat eine Form, die wir nicht auflösen; möglich ist "
            'nur @import url("x.css") layer(y);'
        )
    return bundled


def squeeze(css: str) -> str:
    """Return *css* without empty lines and indentation; strings are left alone."""
    lines = (line.strip() for line in css.split("\n"))
    return "\n".join(line for line in lines if line) + "\n"
