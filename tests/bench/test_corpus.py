"""The invented site: always the same, whole, and good enough for our own build."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bench.build import corpus, prose
from bench.build.changes import CASES
from bench.build.checks import check_texts, tree
from bench.build.model import CATEGORIES, TAGS, TODAY, Site, Text, make
from bench.build.sites import OwnSite
from plugins.german.core import slug
from plugins.privacy.core import PRACTICES, untold

POSTS, TIPS = 60, 12


@pytest.fixture(scope="module")
def site() -> Site:
    return make(POSTS, TIPS, seed=1)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> OwnSite:
    made = OwnSite.made(tmp_path_factory.mktemp("bench"), POSTS, TIPS)
    made.build()
    return made


def _written(folder: Path, site: Site) -> dict[str, bytes]:
    corpus.write_content(folder, site)
    return {name: path.read_bytes() for name, path in tree(folder).items()}


def test_the_same_seed_gives_the_same_files(tmp_path: Path, site: Site) -> None:
    again = make(POSTS, TIPS, seed=1)
    assert _written(tmp_path / "a", site) == _written(tmp_path / "b", again)
    assert corpus.snapshot(site) == corpus.snapshot(again)


def test_another_seed_gives_another_site(site: Site) -> None:
    other = make(POSTS, TIPS, seed=2)
    assert {post.slug for post in site.posts}.isdisjoint(post.slug for post in other.posts)


def test_a_bigger_site_has_what_was_asked_for() -> None:
    site = make(1000, 104)
    assert len({post.slug for post in site.posts}) == 1000
    assert len({post.date for post in site.posts}) == 1000
    assert [post.date for post in site.posts] == sorted(post.date for post in site.posts)
    assert len({tip.week for tip in site.tips}) == 104
    assert len(site.by_year()) == 20 or len(site.by_year()) == 21
    assert all(post.date.date() <= TODAY for post in site.posts)
    assert len(site.series) == 40
    assert len(site.comments) == 500
    words = [
        sum(len(block.markdown.split()) for block in post.blocks if isinstance(block, Text))
        for post in site.posts
    ]
    assert 600 <= sum(words) / len(words) <= 700


def test_every_feature_is_there_and_not_everywhere() -> None:
    site = make(400, 40)
    texts = {post.slug: _text(post.blocks) for post in site.posts}
    for sign in (
        "\n- ",
        "\n1. ",
        "*",
        '"',
        " - ",
        "z. B.",
        "[^1]",
        "```",
        "|--:|",
        "](→",
        "![",
        " €",
    ):
        assert any(sign in text for text in texts.values()), sign
    for sign in ("[^1]", "```", "|--:|", "!["):
        assert sum(sign in text for text in texts.values()) < 200, sign
    kinds = Counter(type(block).__name__ for post in site.posts for block in post.blocks)
    assert kinds["TipCard"] > 20
    assert kinds["Quote"] > 20
    assert any(tip.see for tip in site.tips)
    assert any(comment.parent for comment in site.comments)
    assert any(not post.are_comments_open for post in site.posts)


def _text(blocks: tuple[object, ...]) -> str:
    return "\n\n".join(block.markdown for block in blocks if isinstance(block, Text))


def test_links_lead_to_earlier_posts_and_have_a_text(site: Site) -> None:
    earlier: set[str] = set()
    for post in site.posts:
        text = _text(post.blocks)
        assert set(re.findall(r"(?<!!)\[[^\]]+\]\(→([\w-]+)\)", text)) <= earlier
        assert "[](" not in text
        earlier.add(post.slug)


def test_parts_of_a_series_are_numbered_from_one() -> None:
    site = make(400, 0)
    parts: dict[str, list[int]] = {}
    for post in site.posts:
        if post.series:
            parts.setdefault(post.series, []).append(post.series_index or 0)
    assert set(parts) <= {series.slug for series in site.series}
    assert all(indexes == list(range(1, len(indexes) + 1)) for indexes in parts.values())
    assert len(parts) >= 15


def test_no_two_names_share_an_address() -> None:
    assert len({slug(name) for name in (*CATEGORIES, *TAGS)}) == len(CATEGORIES) + len(TAGS)


def test_our_sentences_are_typed_on_a_keyboard() -> None:
    sentences = (prose.HERE / "sentences.txt").read_text("utf-8")
    assert not set("„“‚‘’–…\u00a0\u202f").intersection(sentences)
    assert all(line.count('"') % 2 == 0 for line in sentences.splitlines())


def test_the_site_builds_without_a_warning(own: OwnSite) -> None:
    """`OwnSite.build` fails if the build does, and counts posts and tips."""
    assert len(list(own.output.glob("blog/*/index.html"))) == POSTS
    assert len(list(own.output.glob("tipps/*-kw*/index.html"))) == TIPS
    assert 'id="kommentar-' in "".join(
        path.read_text("utf-8") for path in own.output.glob("blog/*/index.html")
    )
    check_texts("ours", own.output, own.desk.site.posts)
    said = (own.shop.content / "seiten/datenschutz.md").read_text("utf-8")
    assert untold(said, PRACTICES) == []


def test_all_changes_together_give_what_a_clean_build_gives(own: OwnSite) -> None:
    before = {name: path.read_bytes() for name, path in tree(own.output).items()}
    for change in CASES.values():
        change(own.desk)
    own.build()
    own.check_equal("all changes")
    after = {name: path.read_bytes() for name, path in tree(own.output).items()}
    assert before.keys() - after.keys()  # the deleted post
    assert {name for name in after.keys() - before.keys() if name.startswith("tipps/")}
    assert "das sehe ich auch so, nachtrag" in "".join(
        own.output.joinpath(name).read_text("utf-8").lower().replace("\xad", "")
        for name in after
        if name.startswith("blog/") and name.endswith(".html")
    )


def test_nothing_of_the_project_is_touched(own: OwnSite) -> None:
    """Caches, data and output lie in the copy."""
    assert own.shop.content.is_relative_to(own.shop.folder)
    settings = own.shop.settings.read_text("utf-8")
    assert str(own.shop.data / "kommentare.json") in settings
    assert str(corpus.PROJECT) not in settings
