"""Which pages have read what: for a process that stays, so that it need not ask all pages after each saved text."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from plugins.incremental.store import Page

_FEW = 16


class PageReaders:
    """The pages that have read a fact (see `core.fact`), as *pages* were known when this was made."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self._pages: dict[int, list[str]] = defaultdict(list)
        #: Pages of which this has to be asked each time: rendered since, or never sure.
        self._others: set[str] = set()
        for name, page in pages.items():
            if page.reads is None:
                self._others.add(name)
            for fact in array("q", page.reads or b""):
                self._pages[fact].append(name)

    def note(self, rendered: Iterable[str]) -> None:
        """Note pages that may read something else now."""
        self._others.update(rendered)

    def of(self, changed: Set[int], pages: Mapping[str, Page]) -> set[str]:
        """Return those of *pages* that have read something of *changed*."""
        found = {name for fact in changed for name in self._pages.get(fact, ())} - self._others
        is_read_by = Changed(changed).is_read_by
        return found | {name for name in self._others if is_read_by(pages.get(name))}


class Changed:
    """The facts that have changed."""

    def __init__(self, facts: Set[int]) -> None:
        self._facts = facts
        # Few are found sooner among the bytes of a page, where a wrong place would only make it be built once too often.
        self._bytes = [array("q", [fact]).tobytes() for fact in facts] if len(facts) <= _FEW else []

    def is_read_by(self, page: Page | None) -> bool:
        """Return whether *page* has read something of them, or may have."""
        if page is None or page.reads is None:
            return True
        if self._bytes or not self._facts:
            return any(map(page.reads.__contains__, self._bytes))
        return not self._facts.isdisjoint(array("q", page.reads))
