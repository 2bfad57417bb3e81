"""What `invoke lektorat` does: read, check, tell."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from lektorat import adapter, documents, report
from lektorat.desk import Desk, Review, review
from lektorat.hints import STRICT_KINDS
from lektorat.house_style import HouseRules, HouseStyle
from lektorat.tip_patterns import patterns
from lektorat.traps import trap
from plugins.source.problem import AuthorError
from publishing.console import complain, say, stages


def proofread(path: str | None, content: Path, as_json: bool, is_strict: bool) -> None:
    """
    Print the hints on the text at *path*, or on all texts below *content*.

    Raises:
        AuthorError: A file cannot be read; the hints on the others were printed before.
        SystemExit: With status 1, if *is_strict* and there are hints on spelling or house style.
    """
    paths = adapter.paths_at(Path(path)) if path else adapter.default_paths(content)
    if not paths:
        raise AuthorError(
            f"{content}: Hier liegen keine Texte – geben Sie mit --content den Ordner an."
        )
    style = adapter.read_house_style(content)
    with stages() as show:
        show("Texte lesen")
        texts, faults = _read(paths)
        if not texts:
            raise AuthorError("\n".join(map(str, faults)))
        show("Wörterbuch laden")
        desk = _open_desk(content, style, texts)
        reviews = []
        for text in texts:
            show(text.file)
            reviews.append(review(text, desk))
    _print(reviews, as_json, is_brief=path is None)
    if not adapter.has_full_dictionary():
        complain(
            "Das große Wörterbuch fehlt; das dieses Rechners kennt weniger Wörter. "
            "Installieren Sie die Pakete aus requirements.txt noch einmal."
        )
    if faults:
        sys.stdout.flush()
        raise AuthorError("\n".join(map(str, faults)))
    if is_strict and any(hint.kind in STRICT_KINDS for found in reviews for hint in found.hints):
        raise SystemExit(1)


def _read(paths: Sequence[Path]) -> tuple[list[documents.Document], list[AuthorError]]:
    """Return the texts that can be read, and what is wrong with the others."""
    texts, faults = [], []
    for path in paths:
        try:
            texts.append(adapter.read_document(path))
        except AuthorError as error:
            faults.append(error)
    return texts, faults


def _open_desk(content: Path, style: HouseStyle, texts: Sequence[documents.Document]) -> Desk:
    names = frozenset(name for text in texts for name in text.names)
    speller = adapter.open_speller(content, names)
    tips = patterns(
        adapter.read_examples(content),
        lambda word: trap(word) is None and speller.is_known(word),
        style.tip_patterns,
    )
    return Desk(speller, HouseRules(style), style.sentence_limits(), tips)


def _print(reviews: Sequence[Review], as_json: bool, is_brief: bool) -> None:
    if as_json:
        # Not by rich: it would break and colour what programs read.
        print(report.as_json(reviews))
        return
    for line in report.lines(reviews, is_brief):
        say(line)
