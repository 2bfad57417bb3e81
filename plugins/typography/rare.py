"""Patterns that few texts need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property


class Rare:
    """
    A pattern that is compiled when it is first asked for.

    Compiling all patterns of this room takes a tenth of the time in which a post is saved and shown.
    """

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        """Do what `re.Pattern.finditer` does."""
        return self._pattern.finditer(text, *span)

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        """Do what `re.Pattern.search` does."""
        return self._pattern.search(text, *span)

    def match(self, text: str, *span: int) -> re.Match[str] | None:
        """Do what `re.Pattern.match` does."""
        return self._pattern.match(text, *span)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Do what `re.Pattern.fullmatch` does."""
        return self._pattern.fullmatch(text)
