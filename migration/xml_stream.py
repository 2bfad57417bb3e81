"""
Read huge XML files piece by piece, and refuse what is made to do harm.

A document type is refused whatever it says: no export has one, and without it there are no entities,
neither those that multiply nor those that fetch.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from xml.parsers import expat

from plugins.source.problem import AuthorError, shown_path

#: (done, total), in bytes or rows.
Tell = Callable[[int, int], None]

_CHUNK_BYTES = 256 * 1024
#: Characters in one element that is read whole, and levels below it.
MAX_CHARS = 32 * 1024 * 1024
MAX_DEPTH = 100
# Old databases hold control characters, which XML forbids and exports have nevertheless. In UTF-8,
# and in all encodings of the West, these bytes are part of no other character.
_NO_CONTROLS = bytes(32 if byte < 32 and byte not in b"\t\n\r" else byte for byte in range(256))


class ExportError(AuthorError):
    """The file is no export that can be read; the message is German and complete."""


class _Elements:
    """Collects the elements with wanted names; all others are passed over and cost nothing."""

    def __init__(self, wanted: Collection[str]) -> None:
        self.found: list[etree.Element] = []
        self._wanted = frozenset(wanted)
        self._builder: etree.TreeBuilder | None = None
        self._depth = self._chars = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _clark(name)
        if self._builder is None:
            if name not in self._wanted:
                return
            self._builder = etree.TreeBuilder()
            self._depth = self._chars = 0
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _RefusedError("Die Datei ist zu tief verschachtelt.")
        self._builder.start(name, {_clark(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        if self._builder is None:
            return
        self._builder.end(_clark(name))
        self._depth -= 1
        if not self._depth:
            self.found.append(self._builder.close())
            self._builder = None

    def data(self, text: str) -> None:
        if self._builder is None:
            return
        self._chars += len(text)
        if self._chars > MAX_CHARS:
            raise _RefusedError("Ein Eintrag ist zu groß.")
        self._builder.data(text)


class _RefusedError(Exception):
    """Something that no export has; the message is German."""


def _clark(name: str) -> str:
    """Return expat's „address}name“ as ElementTree's „{address}name“."""
    return f"{{{name}" if "}" in name else name


def _refuse_document_type(*args: object) -> None:
    raise _RefusedError(
        "Sie enthält eine Dokumenttyp-Angabe (DOCTYPE), die hier nichts zu suchen hat."
    )


def elements(path: Path, wanted: Collection[str], tell: Tell) -> Iterator[etree.Element]:
    """
    Yield the elements of the file whose names, like ``{address}name``, are *wanted*, one by one.

    Raises:
        ExportError: It cannot be read, is no XML, or is made to do harm.
    """
    collected = _Elements(wanted)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = collected.start
    parser.EndElementHandler = collected.end
    parser.CharacterDataHandler = collected.data
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                parser.Parse(chunk.translate(_NO_CONTROLS))
                yield from collected.found
                collected.found.clear()
                tell(file.tell(), total)
            parser.Parse(b"", True)
    except FileNotFoundError:
        raise ExportError(f"{shown_path(path)}: Diese Datei gibt es nicht.") from None
    except OSError as error:
        raise ExportError(f"{shown_path(path)}: nicht lesbar ({error.strerror}).") from error
    except _RefusedError as error:
        raise ExportError(f"{shown_path(path)}: Die Datei wird nicht gelesen. {error}") from None
    except expat.ExpatError as error:
        raise ExportError(
            f"{shown_path(path)}:{error.lineno}: Das ist kein vollständiges XML "
            f"({expat.ErrorString(error.code)}). Laden Sie die Datei noch einmal herunter."
        ) from None


def text_of(parent: etree.Element, name: str) -> str:
    """Return the text of the first child called *name*, without white space at its ends."""
    return (parent.findtext(name) or "").strip()
