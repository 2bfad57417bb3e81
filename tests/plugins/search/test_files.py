"""The files of the index: an index that was changed is the one that is made anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plugins.search.core import Shown
from plugins.search.files import (
    DIGITS,
    Index,
    cell_letters,
    file_number,
    ids,
    latest,
    latest_file,
)

Pages = Mapping[str, Mapping[str, int]]
TERMS = ("komma", "kommaregel", "regel", "regal", "ab", "2026", "fluß", "apostroph")


def _shown(url: str) -> Shown:
    return Shown(url, "Beitrag", url.upper(), f"Über {url}.", "en" if url == "en/" else "")


def _new(pages: Pages) -> dict[str, bytes]:
    size, places = ids(pages)
    index = Index(size)
    for url, impacts in pages.items():
        index.add(places[url], _shown(url), impacts)
    return dict(index.files())


def _changed(files: Mapping[str, bytes], before: Pages, now: Pages) -> dict[str, bytes]:
    """Return the files after an update, as the adapter does it."""
    size, places = ids(now)
    old_size, old_places = ids(before)
    assert size == old_size
    index = Index(size, lambda name: json.loads(files[name]))
    for url in before:
        if (url, before[url], old_places[url]) != (url, now.get(url), places.get(url)):
            index.remove(old_places[url], before[url])
    for url in now:
        if (url, now[url], places[url]) != (url, before.get(url), old_places.get(url)):
            index.add(places[url], _shown(url), now[url])
    return dict(index.files())


def _found(files: Mapping[str, bytes], term: str) -> dict[str, int]:
    """Return what is found for *term*: addresses with impacts, as the script finds them."""
    count = sum(name.startswith("woerter/") for name in files)
    number = file_number(term[: cell_letters(term)], count)
    postings: str = json.loads(files[f"woerter/{number}.json"]).get(term, "")
    found: dict[str, int] = {}
    for at in range(0, len(postings), 4):
        one, two, three, impact = postings[at : at + 4]
        block = DIGITS.index(one) * 64 + DIGITS.index(two)
        entry: Any = json.loads(files[f"seiten/{block}.json"])[three]
        found[entry[0]] = DIGITS.index(impact)
    return found


SOME = {"a/": {"komma": 10, "fluß": 63}, "b/": {"komma": 1}, "en/": {"2026": 5, "apostroph": 7}}


def test_a_term_leads_to_its_pages() -> None:
    files = _new(SOME)
    assert _found(files, "komma") == {"a/": 10, "b/": 1}
    assert _found(files, "fluß") == {"a/": 63}
    assert _found(files, "regel") == {}


def test_a_page_is_shown_with_its_language_if_that_is_another() -> None:
    entries = [
        tuple(entry)
        for name, data in _new(SOME).items()
        if name.startswith("seiten/")
        for entry in json.loads(data).values()
    ]
    assert sorted(entries) == [
        ("a/", "Beitrag", "A/", "Über a/."),
        ("b/", "Beitrag", "B/", "Über b/."),
        ("en/", "Beitrag", "EN/", "Über en/.", "en"),
    ]


def test_ends_are_those_of_longer_words() -> None:
    ends = [
        term
        for name, data in _new(SOME).items()
        if name.startswith("enden/")
        for term in json.loads(data)
    ]
    assert sorted(ends) == ["apostroph", "komma"]


impacts = st.dictionaries(st.sampled_from(TERMS), st.integers(1, 63))
# So many pages are in two files of words, mostly.
pages = st.dictionaries(st.sampled_from([f"blog/{n}/" for n in range(14)]), impacts, min_size=9)


@settings(max_examples=40)
@given(pages, pages)
def test_an_index_that_was_changed_is_the_one_that_is_made_anew(before: Pages, now: Pages) -> None:
    assume(ids(before)[0] == ids(now)[0])
    files = _new(before)
    files |= _changed(files, before, now)
    assert files == _new(now)


def test_few_files_change_with_one_page() -> None:
    before = {f"blog/{n}/": {f"wort{n}": 3, "gemeinsam": 4} for n in range(200)}
    now = before | {"blog/7/": {"wort7": 3, "gemeinsam": 4, "anders": 1}}
    size = ids(before)[0]
    assert (size.words, size.ends, size.pages) == (32, 4, 32)
    changed = _changed(_new(before), before, now)
    # Its own words, of which two share their beginning or not; the new word's end; the page.
    assert len(changed) <= 5


def _published(count: int) -> dict[str, str]:
    return {f"blog/{number}/": f"2026-01-01T{number:04d}" for number in range(count)}


def test_a_new_page_joins_the_newest_until_they_are_sixteen() -> None:
    published = {"seite/": "", **_published(79)}
    before = latest(published)
    assert list(before.values()) == [f"++{digit}" for digit in DIGITS[:15]]
    assert [*before] == [f"blog/{number}/" for number in range(64, 79)]
    assert latest(_published(78)).items() <= before.items()
    assert latest(_published(80)) == {}
    assert latest(_published(81)) == {"blog/80/": "++A"}


def test_a_small_site_has_no_newest() -> None:
    assert latest(_published(63)) == latest(_published(64)) == latest({}) == {}
    assert latest(_published(65)) == {"blog/64/": "++A"}


def test_the_newest_are_in_a_file_of_their_own() -> None:
    pages = {f"++{digit}": (_shown(url), SOME[url]) for digit, url in zip("BCA", SOME, strict=True)}
    assert json.loads(latest_file(pages)) == {
        "woerter": {"komma": "++BK++CB", "fluß": "++B_", "2026": "++AF", "apostroph": "++AH"},
        "seiten": {
            "A": ["en/", "Beitrag", "EN/", "Über en/.", "en"],
            "B": ["a/", "Beitrag", "A/", "Über a/."],
            "C": ["b/", "Beitrag", "B/", "Über b/."],
        },
    }
    assert json.loads(latest_file({})) == {"woerter": {}, "seiten": {}}


def test_ids_depend_on_addresses_only() -> None:
    urls = [f"blog/{number}/" for number in range(500)]
    assert ids(urls) == ids(reversed(urls))
    assert len(set(ids(urls)[1].values())) == 500


def test_one_page_more_changes_few_ids() -> None:
    urls = [f"blog/{number}/" for number in range(500)]
    before, after = ids(urls)[1], ids([*urls, "blog/neu/"])[1]
    assert sum(before[url] != after[url] for url in urls) < 20


@pytest.mark.parametrize("count", [0, 1, 12, 13, 5_000])
def test_there_is_room_for_every_number_of_pages(count: int) -> None:
    size, places = ids(f"blog/{number}/" for number in range(count))
    assert len(set(places.values())) == count
    assert {len(place) for place in places.values()} <= {3}
    assert size.pages * 64 >= count
    assert len(set(size.names())) == size.words + size.ends + size.pages


@given(st.text("abcdef", min_size=5, max_size=12), st.data())
def test_one_slip_leaves_the_beginning_or_the_end_by_which_a_word_is_found(
    word: str, data: st.DataObject
) -> None:
    """A letter wrong, missing, or too many, or two that changed places."""
    at = data.draw(st.integers(0, len(word) - 1))
    slips = {
        f"{word[:at]}x{word[at + 1 :]}",
        f"{word[:at]}{word[at + 1 :]}",
        f"{word[:at]}x{word[at:]}",
    }
    if at + 1 < len(word):
        slips.add(f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}")
    letters = cell_letters(word)
    for slip in slips:
        around = {cell_letters("x" * (len(slip) + more)) for more in (-1, 0, 1)}
        assert letters in around
        assert slip[:letters] == word[:letters] or slip[-letters:] == word[-letters:]
