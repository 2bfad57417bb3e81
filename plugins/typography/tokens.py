"""HTML as a flat row of tokens whose sources, joined, are the input byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator

TEXT, START, END, OTHER = range(4)
#: Kind; source; name of the element in lower case ("" for TEXT and OTHER).
Token = tuple[int, str, str]

# A quotation mark is special only after "=", as in the HTML standard. Classes are disjoint and
# quantifiers possessive: an attempt never goes back.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?|["'])*+>""")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))""")


def tokens(html: str) -> Iterator[Token]:
    """
    Yield the tokens of *html*, in linear time and for any input.

    Where a tag, a comment or a declaration never ends, a browser would show nothing more: the
    rest is one OTHER token.
    """
    position = text_start = 0
    while (position := html.find("<", position)) >= 0:
        following = html[position + 1 : position + 2]
        name = ""
        kind = OTHER
        if following == "/" or (following.isascii() and following.isalpha()):
            tag = _TAG.match(html, position)
            if tag:
                end = tag.end()
                name = tag[2].lower()
                kind = END if tag[1] else START
            elif following == "/" and not html[position + 2 : position + 3].isalpha():
                end = _end(html, ">", position)
            else:
                end = 0
        elif following == "!":
            mark = "-->" if html.startswith("<!--", position) else ">"
            end = _end(html, mark, position + 2)
        elif following == "?":
            end = _end(html, "?>", position)
        else:
            position += 1  # "a < b": text
            continue
        if text_start < position:
            yield TEXT, html[text_start:position], ""
        end = end or len(html)
        yield kind, html[position:end], name
        position = text_start = end
    if text_start < len(html):
        yield TEXT, html[text_start:], ""


def _end(html: str, mark: str, start: int) -> int:
    """Return where *mark* ends, looked for from *start* on; 0 if it is not there."""
    found = html.find(mark, start)
    return found + len(mark) if found >= 0 else 0


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a start tag's source, names in lower case, values as written."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag):
        found.setdefault(name.lower(), double or single or bare)
    return found
