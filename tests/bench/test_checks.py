"""A bench notices when something is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.build import checks
from bench.build.checks import WrongError
from bench.build.corpus import write
from bench.build.model import Post, Text, make
from bench.build.outline import post_page


@pytest.fixture
def posts() -> tuple[Post, ...]:
    return make(3, 0).posts


@pytest.fixture
def output(tmp_path: Path, posts: tuple[Post, ...]) -> Path:
    for post in posts:
        paragraphs = "".join(
            f"<p>{block.markdown}</p>" for block in post.blocks if isinstance(block, Text)
        )
        write(tmp_path / post_page(post), f"<h1>{post.title}</h1>{paragraphs}")
    write(tmp_path / "tipps/2026-kw02/index.html", "")
    return tmp_path


def test_a_whole_site_is_right(output: Path, posts: tuple[Post, ...]) -> None:
    checks.check_ours(output, posts, ["2026-kw02"])
    checks.check_texts("ours", output, posts)


def test_a_lost_post_is_noticed(output: Path, posts: tuple[Post, ...]) -> None:
    (output / post_page(posts[1])).unlink()
    with pytest.raises(WrongError, match=f"1 files are missing .*{posts[1].slug}"):
        checks.check_ours(output, posts, ["2026-kw02"])


def test_a_stale_page_is_noticed(output: Path, posts: tuple[Post, ...]) -> None:
    with pytest.raises(WrongError, match="1 are too many"):
        checks.check_ours(output, posts[1:], ["2026-kw02"])


def test_a_lost_tip_is_noticed(output: Path, posts: tuple[Post, ...]) -> None:
    with pytest.raises(WrongError, match="2026-kw03"):
        checks.check_ours(output, posts, ["2026-kw02", "2026-kw03"])


def test_a_lost_paragraph_is_noticed(output: Path, posts: tuple[Post, ...]) -> None:
    page = output / post_page(posts[0])
    page.write_text(page.read_text("utf-8").rpartition("<p>")[0].rpartition("<p>")[0], "utf-8")
    with pytest.raises(WrongError, match="lacks"):
        checks.check_texts("ours", output, posts)


def test_typography_is_no_difference(output: Path, posts: tuple[Post, ...]) -> None:
    page = output / post_page(posts[0])
    text = page.read_text("utf-8")
    page.write_text(text.replace(" ", "&nbsp;").replace("e", "e\u00ad"), "utf-8")
    checks.check_texts("ours", output, posts)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [("a.html", "anders", "a.html differs"), ("neu.html", "", "1 are too many")],
)
def test_a_difference_from_the_clean_build_is_noticed(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    for folder in ("built", "clean"):
        write(tmp_path / folder / "a.html", "gleich")
    checks.check_equal("gleich", tmp_path / "built", tmp_path / "clean")
    write(tmp_path / "built" / name, text)
    with pytest.raises(WrongError, match=message):
        checks.check_equal("eins", tmp_path / "built", tmp_path / "clean")
