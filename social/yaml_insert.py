"""
Put a post's address into the tip's YAML: `shared: {mastodon: "https://…"}`.

Nothing is parsed and written anew. Characters are inserted at one place and all others stay: comments,
order, quoting, line ends. Several places are tried; the first is taken after which the file means what it
meant before, with the address in it.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import regex
import yaml

from plugins.source.core import load_yaml
from plugins.source.problem import SourceError

Insertion = tuple[int, str]


class NoPlaceError(Exception):
    """The file is written in a way in which no place was found."""


def with_shared(text: str, day: dt.date, network: str, url: str) -> str:
    """
    Return the year file *text* with *url* in the tip of *day*; unchanged if *network* has one there.

    Raises:
        NoPlaceError: There is no such tip, or no place in it.
    """
    bom = text[:1] if text.startswith("\ufeff") else ""
    text = text.removeprefix(bom)
    try:
        value = load_yaml(text, "").value
    except SourceError:
        raise NoPlaceError from None
    number = _number(value, day)
    wanted = copy.deepcopy(value)
    shared = wanted[number].get("shared") or {}
    if not isinstance(shared, dict):
        raise NoPlaceError
    if network in shared:
        return bom + text
    wanted[number]["shared"] = {**shared, network: url}
    root: Any = yaml.compose(text, Loader=yaml.CBaseLoader)
    tip = root.value[number]
    entry = f"{network}: {json.dumps(url, ensure_ascii=False)}"
    for position, characters in _places(text, tip, entry):
        new = text[:position] + characters + text[position:]
        if _means(new, wanted):
            return bom + new
    raise NoPlaceError


def _number(value: Any, day: dt.date) -> int:
    for number, tip in enumerate(value if isinstance(value, list) else []):
        if isinstance(tip, dict) and str(tip.get("date", "")).strip() == day.isoformat():
            return number
    raise NoPlaceError


def _means(text: str, wanted: Any) -> bool:
    try:
        return bool(load_yaml(text, "").value == wanted)
    except SourceError:
        return False


def _places(text: str, tip: yaml.MappingNode, entry: str) -> Iterator[Insertion]:
    shared = next((value for key, value in tip.value if key.value == "shared"), None)
    if isinstance(shared, yaml.MappingNode):
        yield from _into_mapping(text, shared, entry)
    elif shared is not None:
        yield shared.start_mark.index, f" {{{entry}}}"
    else:
        yield from _into_mapping(text, tip, f"shared: {{{entry}}}")


def _into_mapping(text: str, node: yaml.MappingNode, entry: str) -> Iterator[Insertion]:
    if node.flow_style:
        closing = node.end_mark.index - 1
        end = len(text[:closing].rstrip())
        # The last value may have its comma already.
        yield from ((end, joint + entry) for joint in ((", ", " ") if node.value else ("",)))
        return
    first = node.value[0][0]
    indent = " " * first.start_mark.column
    end = _line_end(text, _content_end(text, node))
    yield end, f"{_line_break(text, end)}{indent}{entry}"
    # A text that ends with empty lines ends the tip: put the line before its key instead.
    for key, _ in reversed(node.value[1:]):
        start = key.start_mark.index
        yield start, f"{entry}{_line_break(text, start)}{indent}"


def _content_end(text: str, node: yaml.Node) -> int:
    """Return where the last value of *node* ends, before comments that follow."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style:
        if not node.value:
            break
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return len(text[: node.end_mark.index].rstrip())


def _line_end(text: str, position: int) -> int:
    found = regex.search(r"\r\n|\r|\n", text, pos=position)
    return found.start() if found else len(text)


def _line_break(text: str, position: int) -> str:
    """Return the line break used nearest to *position*."""
    found = regex.search(r"\r\n|\r|\n", text, pos=position) or regex.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"
