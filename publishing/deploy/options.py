"""
The options of a target: a frozen dataclass, read from the dictionary in ``DEPLOY``.

A field without default must be given; its metadata "example" is what a message shows.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, TypeVar

from plugins.german.core import listed
from publishing.deploy.result import DeployError

_SECRET = ("password", "passwort", "passwd", "secret", "token", "key_id", "access_key")
_KINDS: dict[str, tuple[Any, str]] = {
    "str": (str, "schreiben Sie einen Text in Anführungszeichen"),
    "int": (int, "schreiben Sie eine Zahl ab {least}"),
    "bool": (bool, "schreiben Sie True oder False"),
    "tuple[str, ...]": ((list, tuple), "schreiben Sie eine Liste von Texten"),
}


def required(example: str) -> Any:
    """Return the field of an option that must be given."""
    return field(metadata={"example": example}, kw_only=True)


def number(default: int, least: int) -> Any:
    """Return the field of a whole number."""
    return field(default=default, metadata={"least": least}, kw_only=True)


@dataclass(frozen=True, kw_only=True)
class Options:
    """
    What every target understands.

    *keep*: how many releases stay; *allow*: files that look like secrets and are none.
    """

    keep: int = number(5, least=1)
    allow: tuple[str, ...] = ()


T = TypeVar("T", bound=Options)


def read(kind: type[T], target: str, given: Mapping[str, Any], secrets: str) -> T:
    """
    Return the options of *target*; *secrets* says where its passwords belong.

    Raises:
        DeployError: One is unknown, missing, or not what it should be.
    """
    known = {option.name: option for option in fields(kind)}
    values = {name: value for name, value in given.items() if name != "target"}
    for name in values:
        if name not in known:
            raise DeployError(_unknown(name, target, list(known), secrets))
    for option in known.values():
        if option.name in values:
            values[option.name] = _checked(option, values[option.name])
        elif option.default is MISSING:
            raise DeployError(
                f"DEPLOY: Beim Ziel „{target}“ fehlt {option.name} – schreiben Sie zum Beispiel "
                f'{{"{option.name}": "{option.metadata["example"]}"}}.'
            )
    return kind(**values)


def _unknown(name: str, target: str, known: list[str], secrets: str) -> str:
    if any(word in str(name).lower() for word in _SECRET):
        return (
            f"DEPLOY: „{name}“ gehört nicht in eine Datei, die andere lesen können – löschen Sie "
            f"es dort; {secrets}"
        )
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    hint = f"meinten Sie „{near[0]}“?" if near else f"möglich sind {listed(known)}."
    return f"DEPLOY: „{name}“ kennt das Ziel „{target}“ nicht – {hint}"


def _checked(option: Field[Any], value: Any) -> Any:
    kind, remedy = _KINDS[str(option.type)]
    least = option.metadata.get("least", 0)
    is_right = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    if is_right and kind is int:
        is_right = value >= least
    if isinstance(value, list | tuple):
        is_right = is_right and all(isinstance(item, str) for item in value)
    if is_right and option.default is MISSING and not value:
        example = option.metadata["example"]
        is_right, remedy = False, f"schreiben Sie etwas wie „{example}“"
    if not is_right:
        raise DeployError(f"DEPLOY: {option.name} ist {value!r} – {remedy.format(least=least)}.")
    return tuple(value) if isinstance(value, list) else value
