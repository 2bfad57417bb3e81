"""Is what was built complete and right? A bench that loses pages looks fast."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from bench.build.model import Post, Text
from bench.build.outline import post_page


class WrongError(AssertionError):
    """A site is not what it should be."""


def tree(folder: Path) -> dict[str, Path]:
    """Return the files below *folder* by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }


def check_files(name: str, found: Iterable[str], wanted: Iterable[str]) -> None:
    """
    Make sure that the files are these, no more and no fewer.

    Raises:
        WrongError: Some are missing, or too many.
    """
    found, wanted = set(found), set(wanted)
    missing, extra = wanted - found, found - wanted
    if missing or extra:
        raise WrongError(
            f"{name}: {len(missing)} files are missing {sorted(missing)[:5]}, "
            f"{len(extra)} are too many {sorted(extra)[:5]}"
        )


def check_ours(output: Path, posts: Iterable[Post], weeks: Iterable[str]) -> None:
    """
    Make sure that all posts and all tips have a page, and nobody else.

    Raises:
        WrongError: They have not.
    """
    found = {path.relative_to(output).as_posix() for path in output.glob("blog/*/index.html")}
    check_files("posts", found, map(post_page, posts))
    tips = {path.parent.name for path in output.glob("tipps/*-kw*/index.html")}
    check_files("tips", tips, weeks)


#: Every how many-th post is read.
_STEP = 25


def check_texts(name: str, output: Path, posts: Iterable[Post]) -> None:
    """
    Make sure that pages have the title and all plain paragraphs of their posts.

    Raises:
        WrongError: Something of a text is missing.
    """
    for post in list(posts)[::_STEP]:
        page = letters(_without_tags((output / post_page(post)).read_text("utf-8")))
        for passage in (post.title, *_plain_passages(post)):
            if letters(passage) not in page:
                raise WrongError(f"{name}: {post_page(post)} lacks „{passage[:60]}…“")


def _plain_passages(post: Post) -> list[str]:
    return [
        block.markdown
        for block in post.blocks
        if isinstance(block, Text) and not re.search(r"[\n`\[|]", block.markdown)
    ]


def _without_tags(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def letters(text: str) -> str:
    """Return the letters and digits of *text*: what typography leaves alone. An x may become ×."""
    return "".join(sign for sign in text if sign.isalnum() and sign != "x")


def check_equal(case: str, built: Path, clean: Path) -> None:
    """
    Make sure that two sites are the same, byte for byte.

    Raises:
        WrongError: They differ.
    """
    ours, reference = tree(built), tree(clean)
    check_files(case, ours, reference)
    for name, path in ours.items():
        if path.read_bytes() != reference[name].read_bytes():
            raise WrongError(f"{case}: {name} differs from a clean build")
