"""Which pages have read what: for a process that stays, so that it need not ask all pages after each saved text."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from plugins.incremental.store import Page


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
        return found | {name for name in self._others if is_reader(pages.get(name), changed)}


def is_reader(page: Page | None, changed: Set[int]) -> bool:
    """Return whether *page* has read something of *changed*, or may have."""
    return page is None or page.reads is None or not changed.isdisjoint(array("q", page.reads))
