"""What a page read, in a form that can be compared with what it would read now."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import marshal
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

#: What `Fingerprints.of` returns: None, bool, int, float, str, and tuples of these.
Print = Any

#: Attributes of a name in the context, and of an object as a whole.
EXISTS = ""
ANYTHING = "*"


class UnsureError(Exception):
    """A value has no fingerprint: a function, an object of an unknown class."""


# Pages read much of what others have just read; of a large site, all facts would take too much memory.
@lru_cache(maxsize=50_000)
def fact(owner: str, attribute: str) -> int:
    """
    Return the number (64 bits) of a thing that a page can read: *attribute* of *owner*.

    Two facts with one number would only make a page be built once too often.
    """
    digest = hashlib.blake2b(f"{owner}\0{attribute}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def packed(value: Print) -> bytes:
    """Return *value* as bytes that are equal for equal values, in every process."""
    # Version 2 knows no references: they would depend on how often an object is used elsewhere.
    return marshal.dumps(value, 2)


def digest(value: Print) -> bytes:
    """Return 16 bytes that stand for *value*."""
    return hashlib.blake2b(packed(value), digest_size=16).digest()


class Fingerprints:
    """
    Makes fingerprints of what templates read.

    An object that is followed on its own (its class has an attribute ``fact_key``) is only named: what a
    template reads of it is noted attribute by attribute. All else counts with everything that is in it.
    """

    def __init__(self, others: Mapping[type, Callable[[Any], Print]] | None = None) -> None:
        self._makers: dict[type, Callable[[Any], Print]] = {
            type(None): _itself,
            bool: _itself,
            int: _itself,
            float: _itself,
            str: _itself,
            list: self._sequence,
            tuple: self._sequence,
            dict: self._mapping,
            set: self._set,
            frozenset: self._set,
        }
        self._others = dict(others or {})

    def of(self, value: Any) -> Print:
        """
        Return the fingerprint of *value*.

        Raises:
            UnsureError: It has none.
        """
        kind = type(value)
        maker = self._makers.get(kind)
        if maker is None:
            maker = self._makers[kind] = self._maker(kind)
        return maker(value)

    def _maker(self, kind: type) -> Callable[[Any], Print]:
        if hasattr(kind, "fact_key"):
            return _key
        for known, maker in self._others.items():
            if issubclass(kind, known):
                return maker
        if issubclass(kind, str):
            return lambda value: (kind.__name__, str.__str__(value))
        if issubclass(kind, dt.date | dt.time):
            return lambda value: (kind.__name__, value.isoformat())
        if issubclass(kind, tuple | list):
            return self._sequence
        if issubclass(kind, dict):
            return self._mapping
        if hasattr(kind, "model_dump_json"):
            return lambda value: (kind.__qualname__, value.model_dump_json())
        if dataclasses.is_dataclass(kind):
            names = [field.name for field in dataclasses.fields(kind)]
            return lambda value: (
                kind.__qualname__,
                *(self.of(getattr(value, name)) for name in names),
            )
        return _unsure

    def _sequence(self, values: Iterable[Any]) -> Print:
        return tuple([self.of(value) for value in values])

    def _mapping(self, values: Mapping[Any, Any]) -> Print:
        return (
            "dict",
            *((self.of(key), self.of(value)) for key, value in values.items()),
        )

    def _set(self, values: Iterable[Any]) -> Print:
        return ("set", *sorted((self.of(value) for value in values), key=repr))


def _itself(value: Any) -> Print:
    return value


def _key(value: Any) -> Print:
    return ("object", value.fact_key)


def _unsure(value: Any) -> Print:
    raise UnsureError(f"no fingerprint of {type(value).__qualname__}")


def changed_attributes(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> set[str]:
    """
    Return the attributes that differ, and with them `ANYTHING`; `EXISTS` if either object is missing.

    ``_summary`` counts as ``summary``, too: Pelican keeps some attributes behind properties.
    """
    if old is None or new is None:
        return {EXISTS, ANYTHING}
    missing = object()
    names = {
        name for name in old.keys() | new.keys() if old.get(name, missing) != new.get(name, missing)
    }
    names |= {name.lstrip("_") for name in names}
    return names | {ANYTHING} if names else names
