"""Posts are related by what they share; a long text gets a table of contents; mistakes are named."""

from __future__ import annotations

import random
import string
from typing import Any

import pytest

from plugins.reading.core import Post, ReadingError, check, outline, related


def _post(key: str, tags: str = "", category: str = "a", apart: str = "") -> Post:
    return Post(key, frozenset(tags.split()), category, frozenset(apart.split()))


def _related(*posts: Post, most: int = 3) -> dict[str, str]:
    found = related(posts, most)
    return {
        str(post.key): " ".join(map(str, keys)) for post, keys in zip(posts, found, strict=True)
    }


def test_posts_with_common_tags_are_related() -> None:
    assert _related(_post("1", "x"), _post("2", "y"), _post("3", "x z"), _post("4")) == {
        "1": "3",
        "2": "",
        "3": "1",
        "4": "",
    }


def test_more_and_rarer_tags_count_more() -> None:
    posts = [
        _post("1", "oft selten"),
        _post("2", "oft"),
        _post("3", "oft"),
        _post("4", "selten"),
        _post("5", "oft selten"),
    ]
    assert _related(*posts)["1"] == "5 4 2"


def test_a_common_category_decides_between_equals_and_alone_relates_nothing() -> None:
    posts = [_post("1", "x", "a"), _post("2", "x", "b"), _post("3", "x", "a"), _post("4", "", "a")]
    assert _related(*posts)["1"] == "3 2"


def test_the_nearest_in_time_stand_first_among_equals() -> None:
    posts = [_post(key, "x") for key in "1234"]
    assert _related(*posts, most=2)["4"] == "3 2"
    # A newer one has to be much nearer.
    assert _related(*posts)["2"] == "3 4 1"


def test_one_post_more_changes_few_others() -> None:
    rng = random.Random(1)
    posts = [
        _post(str(number), " ".join(rng.sample(string.ascii_letters, 3)), rng.choice("ab"))
        for number in range(800)
    ]
    changed = []
    for start in range(20, 0, -1):
        before, after = _related(*posts[start:]), _related(*posts[start - 1 :])
        changed.append(sum(after[key] != before[key] for key in before))
    assert sum(changed) / len(changed) <= 4


def test_what_a_post_links_to_anyway_is_not_named() -> None:
    assert _related(_post("1", "x", apart="2 1"), _post("2", "x"), _post("3", "x"))["1"] == "3"


def test_none_may_be_wanted() -> None:
    assert _related(_post("1", "x"), _post("2", "x"), most=0) == {"1": "", "2": ""}


def test_thousands_of_posts_with_one_tag_are_compared_with_those_of_their_time() -> None:
    posts = [_post(str(number), "x") for number in range(3000)]
    assert _related(*posts)["1500"] == "1501 1502 1499"


HEADINGS = "".join(f'<h2 id="t-{number}">Teil  {number}</h2><p>x' for number in range(1, 5))


def test_headings_are_a_table_of_contents() -> None:
    html = f'{HEADINGS}<h3 id="x">X</h3><h2>Ohne</h2><h2 id="f">Ä <em>&amp;</em> B<sup>1</sup></h2>'
    assert outline(html) == [
        ("t-1", "Teil 1"),
        ("t-2", "Teil 2"),
        ("t-3", "Teil 3"),
        ("t-4", "Teil 4"),
        ("f", "Ä & B"),
    ]


def test_few_headings_need_none() -> None:
    assert outline(HEADINGS.partition('<h2 id="t-4">')[0]) == []
    assert outline("") == []


GOOD = (6000, 3, (("E-Mail", "mailto:?body={url}"), ["X", "https://x.example/?u={url}"]))


def test_settings_that_are_right() -> None:
    check(*GOOD)
    check(None, 0, ())


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (("lang", 3, ()), "OUTLINE_CHARACTERS"),
        ((True, 3, ()), "OUTLINE_CHARACTERS"),
        ((6000, None, ()), "RELATED_POSTS"),
        ((6000, -1, ()), "RELATED_POSTS"),
        ((6000, 3, "mailto:{url}"), "SHARE_LINKS"),
        ((6000, 3, (("E-Mail", "mailto:?body="),)), "SHARE_LINKS"),
        ((6000, 3, (("X", "javascript:alert('{url}')"),)), "SHARE_LINKS"),
        ((6000, 3, (("X", 7),)), "SHARE_LINKS"),
        ((6000, 3, ("E-Mail", "mailto:{url}")), "SHARE_LINKS"),
    ],
)
def test_a_mistake_is_named(settings: tuple[Any, Any, Any], field: str) -> None:
    with pytest.raises(ReadingError) as caught:
        check(*settings)
    assert caught.value.field == field
    assert caught.value.remedy
