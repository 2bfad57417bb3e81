"""
An EPUB 3 of plain files: XHTML documents, a style sheet, the lists of what there is and in which order.

Source: https://www.w3.org/TR/epub-33/. Without times of day: the same documents make the same bytes.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_MIME = "application/epub+zip"
# The first moment that a zip knows.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_KINDS = {".xhtml": "application/xhtml+xml", ".css": "text/css"}


@dataclass(frozen=True)
class Document:
    """A file of the book; *properties* as in the manifest („nav“), *is_read* in the order of reading."""

    name: str
    text: str
    properties: str = ""
    is_read: bool = True

    @property
    def kind(self) -> str:
        """The media type."""
        return _KINDS[self.name[self.name.rindex(".") :]]

    @property
    def id(self) -> str:
        """The id in the manifest."""
        return f"datei-{self.name.replace('.', '-')}"


def identifier(url: str, year: int) -> str:
    """Return the book's permanent name, from the address of what it holds."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{url}#{year}')}"


def pack(package: str, documents: Sequence[Document]) -> bytes:
    """Return the EPUB; *package* is the text of package.opf."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        # First and not compressed: by this, programs know the format.
        _add(archive, "mimetype", _MIME, zipfile.ZIP_STORED)
        _add(archive, "META-INF/container.xml", _CONTAINER)
        _add(archive, "EPUB/package.opf", package)
        for document in documents:
            _add(archive, f"EPUB/{document.name}", document.text)
    return data.getvalue()


def _add(
    archive: zipfile.ZipFile, name: str, text: str, compression: int = zipfile.ZIP_DEFLATED
) -> None:
    info = zipfile.ZipInfo(name, _NO_TIME)
    info.compress_type = compression
    info.create_system = 3  # Unix, wherever this runs
    info.external_attr = 0o644 << 16
    archive.writestr(info, text.encode(), compresslevel=9)
