"""Which pages have read what: as asking all of them would say, whatever was rendered since."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.incremental.readers import Changed, PageReaders
from plugins.incremental.store import Page

FACTS = st.integers(0, 9)
READS = st.one_of(st.none(), st.lists(FACTS).map(lambda facts: array("q", facts).tobytes()))
PAGES = st.dictionaries(st.sampled_from("abcdef"), READS)


def _pages(reads: dict[str, bytes | None]) -> dict[str, Page]:
    return {name: Page("page.html", (), b"", facts) for name, facts in reads.items()}


@given(PAGES, PAGES, st.sets(FACTS))
def test_it_says_what_asking_all_pages_would_say(
    before: dict[str, bytes | None], rendered: dict[str, bytes | None], changed: set[int]
) -> None:
    readers = PageReaders(_pages(before))
    readers.note(rendered)
    now = _pages(before | rendered)
    found = readers.of(changed, now)
    assert found == {name for name, page in now.items() if Changed(changed).is_read_by(page)}


def test_a_page_that_nobody_knows_may_have_read_anything() -> None:
    nothing = Changed(set())
    assert nothing.is_read_by(None)
    assert nothing.is_read_by(Page("page.html", (), b"", None))
    assert not nothing.is_read_by(Page("page.html", (), b"", array("q", [1]).tobytes()))


@pytest.mark.parametrize("others", [0, 1, 100])
def test_a_fact_is_found_however_many_have_changed(others: int) -> None:
    page = Page("page.html", (), b"", array("q", [3, -7, 2**63 - 1]).tobytes())
    others_changed = set(range(1000, 1000 + others))
    assert not Changed(others_changed).is_read_by(page)
    for fact in (3, -7, 2**63 - 1):
        assert Changed({fact, *others_changed}).is_read_by(page)
