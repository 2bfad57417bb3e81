"""The peers' copies of the site: the same posts, lists and links, in each program's own form."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from bench.build.checks import tree
from bench.build.model import Quote, Site, TipCard, make
from bench.build.outline import outline, post_page
from bench.build.peers import eleventy, hugo, pelican
from plugins.german.core import slug

POSTS = 130
PEERS = (hugo, eleventy, pelican)
each_peer = pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.NAME)


@pytest.fixture(scope="module")
def site() -> Site:
    return make(POSTS, 20)


@each_peer
def test_a_peer_gets_every_post_page_and_picture(
    peer: ModuleType, site: Site, tmp_path: Path
) -> None:
    peer.write_site(tmp_path, site)
    files = tree(tmp_path)
    assert {peer.post_file(post) for post in site.posts} <= files.keys()
    assert sum("/blog/" in name and name.endswith(".md") for name in files) == POSTS
    for name in (*(f"{page.slug}.md" for page in site.pages), *site.pictures, "style.css"):
        assert any(file.endswith(f"/{name}") for file in files), name


@each_peer
def test_nothing_of_our_own_syntax_is_left(peer: ModuleType, site: Site) -> None:
    text = "\n".join(map(peer.post_text, site.posts))
    assert not re.search(r"\{filename\}|\{static\}|→|^///", text, re.M)


@each_peer
def test_links_lead_to_pages_and_pictures_that_are_built(peer: ModuleType, site: Site) -> None:
    pages = outline(site)
    targets = {
        target
        for post in site.posts
        for target in re.findall(r'\]\((/[^)\s"]*)', peer.post_text(post))
    }
    assert targets
    assert {
        target.strip("/") + ("/index.html" if target.endswith("/") else "") for target in targets
    } <= pages


@each_peer
def test_tips_and_quotations_become_block_quotes(peer: ModuleType, site: Site) -> None:
    found = set()
    for post in site.posts:
        for block in post.blocks:
            if isinstance(block, TipCard | Quote):
                found.add(type(block))
                text = block.tip.text if isinstance(block, TipCard) else block.text
                assert f"> {text}\n" in peer.post_text(post)
    assert found == {TipCard, Quote}


def test_all_peers_have_the_same_facts_of_each_post(site: Site) -> None:
    for post in site.posts:
        in_hugo = _front_matter(hugo.post_text(post))
        in_eleventy = _front_matter(eleventy.post_text(post))
        in_pelican = dict(
            line.split(": ", 1) for line in pelican.post_text(post).split("\n\n")[0].splitlines()
        )
        assert in_hugo["title"] == in_eleventy["title"] == in_pelican["Title"] == post.title
        assert in_hugo["summary"] == in_eleventy["summary"] == in_pelican["Summary"]
        assert (
            in_hugo["themen"] == [slug(in_eleventy["category"])] == [slug(in_pelican["Category"])]
        )
        assert in_eleventy["keywords"] == in_pelican["Tags"].split(", ")
        assert in_hugo["schlagwort"] == [slug(tag) for tag in in_eleventy["keywords"]]
        dates = {str(head["date"])[:16].replace("T", " ") for head in (in_hugo, in_eleventy)}
        assert dates == {in_pelican["Date"]}
        assert in_hugo["slug"] == in_pelican["Slug"]
        assert in_eleventy["permalink"] == f"/{post_page(post).removesuffix('index.html')}"


def test_all_peers_have_the_same_text(site: Site) -> None:
    for post in site.posts:
        texts = {
            hugo.post_text(post).split("---\n\n", 1)[1],
            eleventy.post_text(post).split("---\n\n", 1)[1],
            pelican.post_text(post).split("\n\n", 1)[1],
        }
        assert len(texts) == 1


def _front_matter(text: str) -> dict[str, object]:
    fields: dict[str, object] = yaml.safe_load(text.split("---\n")[1])
    return fields


def test_the_outline_has_twenty_posts_to_a_list_page(site: Site) -> None:
    pages = outline(site)
    assert sum(name.startswith("blog/") for name in pages) == POSTS
    for name, posts in site.by_category().items():
        found = [page for page in pages if page.startswith(f"themen/{slug(name)}/")]
        assert len(found) == -(-len(posts) // 20)
    assert "themen/sprache/seite/2/index.html" in pages
    assert "themen/sprache/seite/1/index.html" not in pages
    years = {page for page in pages if page.startswith("archiv/")}
    assert years == {f"archiv/{post.date.year}/index.html" for post in site.posts}


def test_eleventys_version_is_fixed() -> None:
    assert re.fullmatch(r"Eleventy \d+\.\d+\.\d+", eleventy.version())
