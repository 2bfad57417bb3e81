"""Desks for tests: of a folder with texts, as `invoke lektorat` makes them, and of words in the test."""

from __future__ import annotations

from pathlib import Path

from lektorat import adapter, commands
from lektorat.desk import Desk, Review, review
from lektorat.prose import Passage, passages

SITE = Path(__file__).parent / "site"


def desk_of(content: Path) -> Desk:
    """Return the desk with the house style, words and tips below *content*."""
    texts, faults = commands._read(adapter.default_paths(content))
    assert faults == []
    return commands._open_desk(content, adapter.read_house_style(content), texts)


def reviews_of(content: Path) -> list[Review]:
    """Return the reviews of all texts below *content*."""
    desk = desk_of(content)
    return [review(adapter.read_document(path), desk) for path in adapter.default_paths(content)]


class WordList:
    """A dictionary of the words given."""

    def __init__(self, *words: str) -> None:
        self.words = set(words)

    def is_known(self, word: str) -> bool:
        return word in self.words or word[:1].lower() + word[1:] in self.words

    def suggest(self, word: str) -> list[str]:
        return sorted(known for known in self.words if known[0] == word[0])


def passage(text: str, lang: str = "de") -> Passage:
    """Return the one passage of a Markdown *text*."""
    found = passages(text, lang)
    assert len(found) == 1, found
    return found[0]
