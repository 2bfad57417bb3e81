"""Which pages have read what: as asking all of them would say, whatever was rendered since."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from plugins.incremental.readers import PageReaders, is_reader
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
    assert found == {name for name, page in now.items() if is_reader(page, changed)}


def test_a_page_that_nobody_knows_may_have_read_anything() -> None:
    assert is_reader(None, set())
    assert is_reader(Page("page.html", (), b"", None), set())
    assert not is_reader(Page("page.html", (), b"", b""), {1})
