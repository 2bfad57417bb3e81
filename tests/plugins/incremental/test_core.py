"""Fingerprints are equal for what would look equal, different for all else, in every process."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pelican.utils import SafeDatetime
from pydantic import BaseModel

from plugins.incremental.core import (
    ANYTHING,
    EXISTS,
    Fingerprints,
    UnsureError,
    changed_attributes,
    digest,
    fact,
    packed,
)
from tests.site import PROJECT

BERLIN = ZoneInfo("Europe/Berlin")


class Followed:
    """Like a post: it is named, and what is read of it is noted elsewhere."""

    fact_key = ""

    def __init__(self, fact_key: str, title: str = "") -> None:
        self.fact_key = fact_key
        self.title = title


@dataclass(frozen=True)
class Entry:
    title: str
    article: object = None


@dataclass(frozen=True)
class Other:
    title: str
    article: object = None


class Pair(NamedTuple):
    title: str
    url: str


class Model(BaseModel):
    title: str
    day: dt.date | None = None


class Outside:
    """Of a library; nobody knows what is in it."""


class Named:
    """Of a library, too, but somebody knows."""

    def __init__(self, name: str) -> None:
        self.name = name


PRINTS = Fingerprints({Named: lambda value: ("Named", value.name)})


def _print(value: Any) -> bytes:
    return digest(PRINTS.of(value))


DIFFERENT = [
    *(None, True, False, 0, 1, -1, 2**70, 0.5, -0.0, "", "a", "ä", "None", "1", "True"),
    *((), ("a",), ("a", "b"), ("ab",), (("a",), "b"), ("a", ("b",)), (None,), ((),)),
    *({}, {"a": 1}, {"a": 2}, {"b": 1}, {"a": 1, "b": 1}, {"a": {"b": 1}}, {"a": None}),
    *(set(), {"a"}, {"a", "b"}, {1}, {"1"}, {("a",)}),
    *(Markup("a"), Markup(""), Markup("ä")),
    *(dt.date(2026, 3, 4), dt.date(2026, 3, 5), dt.time(8), dt.time(8, 1)),
    *(dt.datetime(2026, 3, 4), dt.datetime(2026, 3, 4, tzinfo=dt.UTC)),
    *(dt.datetime(2026, 3, 4, tzinfo=BERLIN), SafeDatetime(2026, 3, 4)),
    *(Followed("@a"), Followed("@b"), "@a", ("object", "@c")),
    *(Entry("a"), Entry("b"), Other("a"), Entry("a", Followed("@a")), Entry("a", Entry("a"))),
    *(Model(title="a"), Model(title="b"), Model(title="a", day=dt.date(2026, 3, 4))),
    *(Named("a"), Named("b"), Pair("a", "c")),
    *([Followed("@a"), Followed("@b")], [Followed("@b"), Followed("@a")]),
]


def test_what_differs_has_different_fingerprints() -> None:
    prints: dict[bytes, Any] = {}
    for value in DIFFERENT:
        other = prints.setdefault(_print(value), value)
        assert other is value, f"{other!r} and {value!r}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, "a"], (1, "a")),
        ("abc" * 2, "".join(["abc", "abc"])),
        ({"a", "b", "c"}, {"c", "b", "a"}),
        ({"a", "b"}, frozenset({"b", "a"})),
        ({"a": [1]}, OrderedDict({"a": (1,)})),
        ({"a": 1}, defaultdict(int, {"a": 1})),
        (Entry("a", [1]), Entry("a", (1,))),
        (Followed("@a", "Eins"), Followed("@a", "Zwei")),
        (("a", "b"), Pair("a", "b")),
    ],
)
def test_what_looks_equal_has_one_fingerprint(one: Any, other: Any) -> None:
    assert _print(one) == _print(other)


def test_the_order_of_a_mapping_counts() -> None:
    """A template that goes through it would show another order."""
    assert _print({"a": 1, "b": 2}) != _print({"b": 2, "a": 1})


@pytest.mark.parametrize(
    "value",
    [
        *(object(), Outside(), Followed, lambda: None, print, iter([1]), (n for n in "a")),
        *(b"bytes", 1j, range(3), st, [1, Outside()], {"a": Outside()}, {"a": (Outside(),)}),
        Entry("a", Outside()),
    ],
)
def test_what_cannot_be_followed_has_no_fingerprint(value: Any) -> None:
    with pytest.raises(UnsureError, match=r"^no fingerprint of \w+$"):
        PRINTS.of(value)


def test_an_unsure_value_stays_unsure() -> None:
    """Also when its class was seen before."""
    for _ in range(2):
        with pytest.raises(UnsureError):
            PRINTS.of(Outside())


def test_fingerprints_do_not_depend_on_who_else_holds_a_value() -> None:
    """Marshal's later versions write a second use of one object in another way."""
    text = "ein langer Text, den es nur einmal gibt" + str(len(DIFFERENT))
    alone = packed((text, "b"))
    keep = [text] * 10
    assert packed((text, "b")) == alone
    assert packed((keep[0], keep[1])) == packed((text, "".join(list(text))))


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.builds(Markup, st.text()),
    lambda inner: (
        st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_VALUES, _VALUES)
def test_two_values_have_one_fingerprint_only_if_they_look_equal(one: Any, other: Any) -> None:
    assert (_print(one) == _print(other)) == (_shape(one) == _shape(other))


def _shape(value: Any) -> Any:
    """Return *value* so that == says whether two values look equal: True is not 1."""
    if isinstance(value, list | tuple):
        return ["sequence", *map(_shape, value)]
    if isinstance(value, dict):
        return ["dict", *([_shape(k), _shape(v)] for k, v in value.items())]
    return [type(value), value]


_PROGRAM = """
import datetime as dt
from markupsafe import Markup
from plugins.incremental.core import Fingerprints, digest, fact
value = [{"Äxte", "Beete", "Zaun", ("a", 1)}, {"b": frozenset("abcdef"), "a": Markup("x")},
         dt.date(2026, 3, 4), 1.5, None, "x" * 100]
print(digest(Fingerprints().of(value)).hex(), fact("@artikel/eins.md", "title"))
"""


def test_fingerprints_are_the_same_in_every_process() -> None:
    """Whatever the order of its sets."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 32


# -- Facts ------------------------------------------------------------------------------------------


def test_facts_are_numbers_of_64_bits() -> None:
    numbers = {fact(f"@{n}.md", name) for n in range(300) for name in ("", "*", "title", "url")}
    assert len(numbers) == 1200
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert any(number < 0 for number in numbers)


def test_owner_and_attribute_do_not_run_together() -> None:
    assert fact("ab", "c") != fact("a", "bc")


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ({"a": 1}, {"a": 1}, set()),
        ({}, {}, set()),
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a", ANYTHING}),
        ({"a": 1}, {"a": 1, "b": None}, {"b", ANYTHING}),
        ({"a": 1, "b": None}, {"a": 1}, {"b", ANYTHING}),
        ({"_summary": "x"}, {"_summary": "y"}, {"_summary", "summary", ANYTHING}),
        (None, {"a": 1}, {EXISTS, ANYTHING}),
        ({"a": 1}, None, {EXISTS, ANYTHING}),
        (None, None, {EXISTS, ANYTHING}),
    ],
)
def test_changed_attributes(
    old: dict[str, Any] | None, new: dict[str, Any] | None, changed: set[str]
) -> None:
    assert changed_attributes(old, new) == changed


def test_a_fingerprint_of_our_own_needs_no_function_twice() -> None:
    """A class is asked about once; its subclasses count as it does."""

    class Special(Named):
        pass

    calls: list[str] = []

    def make(value: Any) -> Any:
        calls.append(value.name)
        return value.name

    makers: dict[type, Callable[[Any], Any]] = {Named: make}
    prints = Fingerprints(makers)
    assert [prints.of(Special("a")), prints.of([Named("b")])] == ["a", ("b",)]
    assert calls == ["a", "b"]
