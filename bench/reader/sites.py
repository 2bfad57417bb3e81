"""The same posts in this blog's theme and in those of others, each built into a folder of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown

from bench.build.peers.markdown import front_matter
from bench.reader import npm
from bench.typography import letters
from plugins.source.problem import AuthorError
from publishing.browser.tools import node_command

PROJECT = Path(__file__).resolve().parent.parent.parent
#: The post that is looked at: 600 words with headings, lists and links, and nothing of our own syntax.
POST = "korrektorat-oder-lektorat"
_OURS_ONLY = re.compile(r"^///|\{filename\}|\{static\}|\{tipp\}|\[\^", re.M)
_HEXO = """title: Mittwochspost
language: de
url: {url}
permalink: blog/:slug/
new_post_name: :title.md
post_asset_folder: false
syntax_highlighter: highlight.js
theme: {theme}
"""


@dataclass(frozen=True)
class Post:
    """A post as its author wrote it."""

    slug: str
    fields: dict[str, Any]
    text: str


@dataclass(frozen=True)
class Contender:
    """A blog; *build* writes it for an address into a folder and returns where its pages are."""

    name: str
    build: Callable[[Path, str], Path]


def posts() -> list[Post]:
    """Return the posts of this blog that every program reads alike."""
    found = []
    for path in sorted((PROJECT / "content" / "artikel").rglob("*.md")):
        _, head, text = path.read_text("utf-8").split("---\n", 2)
        if not _OURS_ONLY.search(text):
            fields = yaml.safe_load(head)
            found.append(Post(str(fields.get("slug") or path.stem), fields, text.strip()))
    return found


def contenders() -> list[Contender]:
    """Return ours with both fonts, then the others."""
    from pelican import __version__

    return [
        Contender("Mittwochspost", lambda folder, url: ours(folder, url, "system")),
        Contender("Mittwochspost, serif", lambda folder, url: ours(folder, url, "serif")),
        *(
            Contender(f"Pelican {__version__}, {theme}", _pelican(theme))
            for theme in ("notmyidea", "simple")
        ),
        *(
            Contender(f"Hexo {npm.version('hexo')}, {theme}", _hexo(theme))
            for theme in ("landscape", "next")
        ),
    ]


def check_equal(name: str, page: str) -> None:
    """
    Make sure that *page* has the whole text of the post.

    Raises:
        AuthorError: It has not.
    """
    (post,) = (post for post in posts() if post.slug == POST)
    for block in Markdown(extensions=["extra"]).convert(post.text).split("\n"):
        if letters(block) not in letters(page):
            raise AuthorError(f"{name}: Auf der Seite fehlt „{block[:80]}“.")


def _run(command: list[str], folder: Path) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise AuthorError(f"{command[:6]}:\n{(result.stdout + result.stderr)[-2000:]}")


def ours(folder: Path, url: str, font: str) -> Path:
    """Build this blog for an address into *folder*, and return where its pages are."""
    settings = {"SITEURL": url, "THEME_FONT": font, "CACHE_PATH": str(folder / "cache")}
    command = [sys.executable, "-m", "pelican", "content", "-s", "publishconf.py"]
    command += ["-o", str(folder / "output"), "-e"]
    _run([*command, *(f'{name}="{value}"' for name, value in settings.items())], PROJECT)
    return folder / "output"


def _pelican(theme: str) -> Callable[[Path, str], Path]:
    def build(folder: Path, url: str) -> Path:
        for post in posts():
            path = folder / "content" / f"{post.slug}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            fields = {
                **{name: post.fields[name] for name in ("title", "category", "summary")},
                **{"slug": post.slug, "date": str(post.fields["date"])},
                "tags": ", ".join(post.fields.get("tags", ())),
            }
            head = "".join(f"{name}: {value}\n" for name, value in fields.items())
            path.write_text(f"{head}\n{post.text}\n", "utf-8")
        (folder / "conf.py").write_text(
            f"SITEURL = {url!r}\nSITENAME = 'Mittwochspost'\nAUTHOR = 'Henrike Voss'\n"
            f"THEME = {theme!r}\nDEFAULT_LANG = 'de'\nTIMEZONE = 'Europe/Berlin'\nPLUGINS = []\n"
            "ARTICLE_URL = 'blog/{slug}/'\nARTICLE_SAVE_AS = 'blog/{slug}/index.html'\n",
            "utf-8",
        )
        command = [sys.executable, "-m", "pelican", "content", "-s", "conf.py", "-o", "output"]
        _run(command, folder)
        return folder / "output"

    return build


def _hexo(theme: str) -> Callable[[Path, str], Path]:
    def build(folder: Path, url: str) -> Path:
        (folder / "source" / "_posts").mkdir(parents=True)
        for post in posts():
            head = front_matter(
                title=post.fields["title"],
                date=str(post.fields["date"]),
                categories=[post.fields["category"]],
                tags=list(post.fields.get("tags", ())),
                description=post.fields["summary"],
            )
            (folder / "source" / "_posts" / f"{post.slug}.md").write_text(head + post.text, "utf-8")
        (folder / "_config.yml").write_text(_HEXO.format(url=url, theme=theme), "utf-8")
        package = json.loads((npm.HERE / "package.json").read_text("utf-8"))
        # Hexo knows its folders by that.
        package["hexo"] = {"version": npm.version("hexo")}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        (folder / "node_modules").symlink_to(npm.FOLDER / "node_modules")
        hexo = folder / "node_modules" / "hexo" / "bin" / "hexo"
        _run([*node_command(), str(hexo), "generate", "--silent"], folder)
        return folder / "public"

    return build
