"""
Tables of cases, `cases/*.md`: title, input and expected text, each closed by a line with one dot.

    Ein Titel
    .
    Eingabe
    .
    Erwartet
    .

Empty lines between cases and lines that begin with „#“ there do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


def cases(file: str | Path) -> list[object]:
    """Return the cases of *file* as parameters (input, expected) of a test, named by their titles."""
    found = list(_read(Path(file)))
    assert found, f"{file} has no cases"
    return [pytest.param(given, expected, id=title) for title, given, expected in found]


def _read(file: Path) -> Iterator[tuple[str, str, str]]:
    lines = iter(file.read_text("utf-8").splitlines())
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        dot = next(lines, None)
        assert dot == ".", f"{file}: no dot after the title {line!r}"
        given, expected = _until_dot(lines, file, line), _until_dot(lines, file, line)
        yield line.strip(), given, expected


def _until_dot(lines: Iterator[str], file: Path, title: str) -> str:
    block = []
    for line in lines:
        if line == ".":
            return "\n".join(block)
        block.append(line)
    raise AssertionError(f"{file}: {title!r} is not closed by a dot")
