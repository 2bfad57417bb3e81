"""Words and beginnings of sentences that come twice, and how much of a text is quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import regex

from lektorat.hints import REPETITION, STYLE, Finding
from lektorat.prose import Passage
from lektorat.words import quotations, sentences

_DOUBLED = regex.compile(
    r"(?<![\p{L}\p{N}\-‑’'])(\p{L}+)(\s+)\1(?![\p{L}\p{N}\-‑’'])", regex.IGNORECASE
)
# A relative pronoun and an article may meet: „…, die die Regeln kennen“.
_RELATIVE = frozenset("der die das den dem denen deren was wer".split())
_RELATIVE_BEFORE = regex.compile(
    r"[,–;](?:\s+(?:\p{Ll}{2,5}|und|oder))?$|\b[Dd]ass$|\b(?:ob|wenn|weil)$"
)
# A subject and an object may meet: „ob Sie sie gelesen haben“.
_PRONOUNS = frozenset("sie ihr ihnen".split())
# Said twice on purpose.
_TWICE = frozenset("bla ha na nein ja so soso cha pago tam".split())


def doubled_words(passage: Passage) -> Iterator[Finding]:
    """Return each word that stands twice in a row; line breaks between do not hide it."""
    alone = {(start + 1, end - 1) for start, end in quotations(passage.text)} | {*passage.emphasis}
    for match in _DOUBLED.finditer(passage.text):
        start, end = match.span()
        if _is_right(match, passage.text):
            continue
        if (start, end) in alone:
            continue  # „die die“ is spoken of
        yield Finding(start, end, REPETITION, f"„{match[1]}“ steht zweimal.", (match[1],))


def _is_right(match: regex.Match[str], text: str) -> bool:
    word = match[1].lower()
    second = match[0].split()[1]
    before = text[max(match.start() - 40, 0) : match.start()].rstrip()
    if word in _TWICE or word in _PRONOUNS:
        return True
    if word in _RELATIVE:
        # „…, die die“, „…, in der der“, „dass das das“, „für die, die die“
        return _RELATIVE_BEFORE.search(before) is not None
    # „die Morgen morgen“ and „arm Arm“ are two words.
    return (
        match[1][0].isupper() != second[0].isupper() and bool(before) and before[-1] not in ".!?:„“"
    )


_MIN_SENTENCES = 3


def same_beginnings(passages: Iterable[Passage]) -> Iterator[tuple[Passage, Finding]]:
    """Return the third of three sentences in a row that begin with the same word; lists may."""
    first, count = "", 0
    for passage in passages:
        if passage.role != "paragraph":
            first, count = "", 0
            continue
        for sentence in sentences(passage.text):
            if not sentence.words:
                continue
            word = sentence.words[0]
            count = count + 1 if word.lower() == first else 1
            first = word.lower()
            if count == _MIN_SENTENCES:
                at = passage.text.find(word, sentence.start)
                message = f"Drei Sätze nacheinander beginnen mit „{word}“."
                yield passage, Finding(at, at + len(word), STYLE, message)


def quoted_share(passages: Iterable[Passage]) -> float:
    """Return how much of the running text is quoted, from 0 to 1: in quotation marks or as a block."""
    total = quoted = 0
    for passage in passages:
        if passage.role not in ("paragraph", "item", "quote"):
            continue
        length = len(passage.text)
        total += length
        if passage.role == "quote":
            quoted += length
        else:
            quoted += sum(end - start for start, end in quotations(passage.text))
    return quoted / total if total else 0.0
