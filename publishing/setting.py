"""A setting that is a dictionary: read into a frozen dataclass, mistakes told in German."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from plugins.german.core import listed
from plugins.source.problem import AuthorError


class SettingError(AuthorError):
    """A setting is not what it should be; the message is German."""


T = TypeVar("T")

_KINDS: dict[str, tuple[Any, str]] = {
    "str": (str, "schreiben Sie einen Text in Anführungszeichen"),
    "bool": (bool, "schreiben Sie True oder False"),
    "tuple[str, ...]": ((list, tuple), "schreiben Sie eine Liste von Texten"),
}


def read(setting: str, kind: type[T], given: Any) -> T:
    """
    Return the dictionary *given* for the *setting* of that name as *kind*, a dataclass with defaults.

    Raises:
        SettingError: It is no dictionary, or a key or a value in it is wrong.
    """
    if not isinstance(given, Mapping):
        raise SettingError(
            f'{setting}: Das ist keine Tabelle – schreiben Sie {setting} = {{"…": …}}.'
        )
    known = {field.name: str(field.type) for field in fields(kind)}  # type: ignore[arg-type]
    for name, value in given.items():
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
            hint = f"meinten Sie „{near[0]}“?" if near else f"möglich sind {listed(list(known))}."
            raise SettingError(f"{setting}: „{name}“ ist unbekannt – {hint}")
        types, remedy = _KINDS[known[name]]
        is_right = isinstance(value, types)
        if is_right and isinstance(value, list | tuple):
            is_right = all(isinstance(item, str) for item in value)
        if not is_right:
            raise SettingError(f"{setting}: {name} ist {value!r} – {remedy}.")
    values = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return kind(**values)
