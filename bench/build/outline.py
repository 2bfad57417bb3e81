"""Which files the peers' sites consist of, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from bench.build.model import Post, Site
from plugins.german.core import slug

PAGE_SIZE = 20
FEED_SIZE = 50
FEED = "feeds/artikel.atom.xml"


def outline(site: Site) -> set[str]:
    """Return the files of *site* that every peer writes, no more and no fewer."""
    return {
        "index.html",
        FEED,
        "theme/style.css",
        *(f"bilder/{name}" for name in site.pictures),
        *(f"{page.slug}/index.html" for page in site.pages),
        *map(post_page, site.posts),
        *(f"archiv/{year}/index.html" for year in site.by_year()),
        *_lists("themen", site.by_category()),
        *_lists("schlagwort", site.by_tag()),
    }


def post_page(post: Post) -> str:
    """Return the file of a post."""
    return f"blog/{post.slug}/index.html"


def _lists(folder: str, groups: Mapping[str, Sequence[Post]]) -> Iterator[str]:
    for name, posts in groups.items():
        yield f"{folder}/{slug(name)}/index.html"
        for number in range(2, ceil(len(posts) / PAGE_SIZE) + 1):
            yield f"{folder}/{slug(name)}/seite/{number}/index.html"
