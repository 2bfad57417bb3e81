"""Old addresses are checked, followed to their end, and listed in a file that several hosts read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.aliases.core import (
    AliasError,
    Move,
    checked_goal,
    checked_old,
    followed,
    page_file,
    parse_rules,
    rules,
    target_file,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/2019/05/alter-titel/", "/2019/05/alter-titel/"),
        (" /alt.html ", "/alt.html"),
        ("/%C3%BCber/", "/über/"),
        ("/a+b(c),d~e/", "/a+b(c),d~e/"),
    ],
)
def test_addresses_are_decoded(text: str, address: str) -> None:
    assert checked_old(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "/", "alt/", "//", "/a//b/", "/../x/", "/a/./b", "/a b/", "/a?p=1", "/a#b", "/a\nb"),
        *("https://x.example/", '/"; return 200', "/{$x}/", "/kommentare/x/", "/kommentare"),
        *("/theme/x/", "/_redirects", "/a\\b", "/%2e%2e/x/", "/a%00b/"),
    ],
)
def test_what_is_no_old_address_is_refused(text: str) -> None:
    with pytest.raises(AliasError, match=r"\|"):
        checked_old(text)


@pytest.mark.parametrize("goal", ["/", "/neu/", "/neu/#anker", "https://anders.example/x?y=1"])
def test_goals_are_here_or_elsewhere(goal: str) -> None:
    assert checked_goal(goal) == goal


@pytest.mark.parametrize(
    "goal", ["", "neu", "/a b/", "/a/#b c", "javascript:x", 'https://x"y', "/../"]
)
def test_what_is_no_goal_is_refused(goal: str) -> None:
    with pytest.raises(AliasError):
        checked_goal(goal)


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/alt/", "alt/index.html"),
        ("/alt", "alt/index.html"),
        ("/a/alt.html", "a/alt.html"),
        ("/", "index.html"),
        ("/rss.xml", None),
        ("/v1.2/alt/", "v1.2/alt/index.html"),
    ],
)
def test_an_address_of_a_page_has_a_file(address: str, file: str | None) -> None:
    assert page_file(address) == file


def test_goals_in_this_site_have_a_file() -> None:
    assert target_file("/neu/#anker") == "neu/index.html"
    assert target_file("/feeds/x.xml") == "feeds/x.xml"
    assert target_file("https://anders.example/") is None


def test_readers_are_sent_on_once() -> None:
    moves = [Move("/a/", "/b/"), Move("/b/", "/c/#x"), Move("/d/", "/a/")]
    assert followed(moves) == ({"/a/": "/c/#x", "/b/": "/c/#x", "/d/": "/c/#x"}, [])


def test_what_leads_to_something_gone_is_gone() -> None:
    assert followed([Move("/a/", "/b/"), Move("/b/", None)]) == ({}, [])


def test_circles_are_reported() -> None:
    goals, wrong = followed([Move("/a/", "/b/"), Move("/b/", "/a/"), Move("/c/", "/c/")])
    assert goals == {}
    assert [move.old for move, _ in wrong] == ["/a/", "/b/", "/c/"]


def test_two_goals_are_reported_with_the_other_file() -> None:
    _, wrong = followed([Move("/a/", "/b/", "eins.md"), Move("/a/", "/c/", "zwei.md")])
    ((move, reason),) = wrong
    assert move.file == "zwei.md"
    assert reason.endswith("sie steht auch in eins.md.")
    assert followed([Move("/a/", "/b/"), Move("/a/", "/b/")]) == ({"/a/": "/b/"}, [])


def test_the_list_can_be_read_by_hosts_and_by_us() -> None:
    goals = {"/über/": "/neu/#x", "/w/": "https://anders.example/?a=b"}
    text = rules(goals)
    assert text == "/%C3%BCber/ /neu/#x 301\n/w/ https://anders.example/?a=b 301\n"
    assert parse_rules(text) == goals
    assert parse_rules("# kaputt\n/a/ /b/\n") == {}


@given(st.text(max_size=30))
def test_an_address_that_is_taken_can_be_written_and_read(text: str) -> None:
    try:
        old = checked_old(text)
    except AliasError:
        return
    assert parse_rules(rules({old: "/neu/"})) == {old: "/neu/"}
    assert not set('"{}$;\\ \n') & set(old)
