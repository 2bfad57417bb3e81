"""Stock Pelican with typogrify, in a process of its own; its reader cache serves edits."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bench.build.corpus import write
from bench.build.model import Post, Site
from bench.build.peers.markdown import body

NAME = "Pelican"
HERE = Path(__file__).resolve().parent
OUTPUT = "output"


def version() -> str:
    """Return „Pelican 4.12.0 (typogrify 2.1.0)“."""
    from importlib.metadata import version as installed

    return f"{NAME} {installed('pelican')} with typogrify {installed('typogrify')}"


def write_site(folder: Path, site: Site) -> None:
    """Write the content."""
    write(
        folder / "content" / "theme" / "style.css", (HERE.parent / "style.css").read_text("utf-8")
    )
    for name, picture in site.pictures.items():
        write(folder / "content" / "bilder" / name, picture)
    for page in site.pages:
        head = f"Title: {page.title}\nSlug: {page.slug}\n\n"
        write(folder / "content" / "pages" / f"{page.slug}.md", f"{head}{page.text}\n")
    for post in site.posts:
        write(folder / post_file(post), post_text(post))


def post_file(post: Post) -> str:
    """Return where a post lies."""
    return f"content/blog/{post.folder}/{post.slug}.md"


def post_text(post: Post) -> str:
    """Return the file of a post, with the head that stock Pelican reads."""
    head = (
        f"Title: {post.title}\n"
        f"Date: {post.date:%Y-%m-%d %H:%M}\n"
        f"Slug: {post.slug}\n"
        f"Category: {post.category}\n"
        f"Tags: {', '.join(post.tags)}\n"
        f"Summary: {post.summary}\n\n"
    )
    return head + body(post)


def command(folder: Path, is_cached: bool = False) -> list[str]:
    """Return what builds the site; with *is_cached* it reads only what has changed."""
    cached = ["CACHE_CONTENT=true", "LOAD_CONTENT_CACHE=true", 'CONTENT_CACHING_LAYER="reader"']
    settings = HERE / "settings.py"
    # Beside the site that is built; otherwise Pelican puts it beside the settings.
    place = f'CACHE_PATH="{folder / "cache"}"'
    more = ["--extra-settings", place, *(cached if is_cached else [])]
    program = [sys.executable, "-m", "pelican", "--quiet", "--settings", str(settings)]
    paths = [str(folder / "content"), "--output", str(folder / OUTPUT)]
    return [*program, *paths, *more]


def forget(folder: Path) -> None:
    """Remove what a build left: the next one is cold."""
    shutil.rmtree(folder / OUTPUT, ignore_errors=True)
    shutil.rmtree(folder / "cache", ignore_errors=True)
