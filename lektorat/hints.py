"""What the desk has to say about a place in a text."""

from __future__ import annotations

from dataclasses import dataclass

from lektorat.documents import Document
from lektorat.prose import Passage

SPELLING = "spelling"
HOUSE_STYLE = "house-style"
REPETITION = "repetition"
TIP = "tip"
STYLE = "style"

# In the order in which they are counted; the first two are what --strict is about.
KINDS = {
    SPELLING: "Rechtschreibung",
    HOUSE_STYLE: "Hausstil",
    REPETITION: "Wiederholung",
    TIP: "Tipp",
    STYLE: "Stil",
}
STRICT_KINDS = (SPELLING, HOUSE_STYLE)


@dataclass(frozen=True)
class Finding:
    """A span of a passage, and what is the matter with it."""

    start: int
    end: int
    kind: str
    message: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hint:
    """A finding at its place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int
    kind: str
    text: str
    message: str
    suggestions: tuple[str, ...] = ()


def hint(document: Document, passage: Passage, finding: Finding) -> Hint:
    """Return the *finding* in *passage* as a hint for the author."""
    line, column = document.position(passage.origin(finding.start))
    text = " ".join(passage.text[finding.start : finding.end].split())
    return Hint(
        document.file, line, column, finding.kind, text, finding.message, finding.suggestions
    )
