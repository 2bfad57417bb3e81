"""Posts are found where Pelican finds them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican import generators

from plugins.incremental.generators import ArticlesGenerator

FILES = (
    *(
        "eins.md",
        "eins.txt",
        ".md",
        "ohne-endung",
        "#eins.md",
        "artikel/zwei.md",
        "artikel/#zwei.md",
    ),
    *(
        "artikel/2026/drei.md",
        "artikel/2026/alt/vier.md",
        "artikel/alt/fuenf.md",
        "seiten/sechs.md",
    ),
    *("artikel/.git/sieben.md", "artikel/2026/.acht.md", "andere/neun.md"),
)


@pytest.fixture
def generator(tmp_path: Path) -> Any:
    """A generator of posts in a folder with `FILES`, a link to a folder among them."""
    content = tmp_path / "content"
    for name in FILES:
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).touch()
    (content / "artikel/verknuepft").symlink_to(content / "andere")
    made = ArticlesGenerator.__new__(ArticlesGenerator)
    made.path = str(content)
    made.settings = {"IGNORE_FILES": [".#*", "#*", "__pycache__", ".git"]}
    made.readers = SimpleNamespace(extensions={"md", "rst"})
    return made


@pytest.mark.parametrize("extensions", [None, ["md"], ["txt", "md"], False])
@pytest.mark.parametrize(
    "exclude",
    [
        None,
        [],
        ["artikel/alt"],
        ["alt", "seiten"],
        ["artikel/2026/alt", "artikel"],
        ["artikel/alt/"],
    ],
)
@pytest.mark.parametrize(
    "paths", [["artikel"], "artikel", [""], ["artikel", "seiten"], ["eins.md"], ["fehlt"], []]
)
def test_files_are_those_that_pelican_finds(
    generator: Any, paths: Any, exclude: list[str] | None, extensions: Any
) -> None:
    found = generator.get_files(paths, exclude, extensions)
    theirs = generators.ArticlesGenerator.get_files(generator, paths, exclude, extensions)
    assert found == theirs
