"""The author's pictures: found by what her texts call them, looked at once for each content."""

from __future__ import annotations

import difflib
import json
import os
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from plugins.incremental import scan
from plugins.incremental.shelf import Shelf
from plugins.pictures import core, drawing, raster
from plugins.pictures.core import Copy, Look, Picture, PictureError, Settings
from plugins.source.adapter import memorised
from plugins.source.problem import Problem, SourceError, shown_path

#: So many copies (and looks) are kept, the newest.
KEPT = 10_000
_SEPARATOR = "\n"


class Library:
    """The pictures below the author's folder; *settings* are Pelican's."""

    def __init__(self, settings: Mapping[str, Any], own: Settings) -> None:
        self.own = own
        self._settings = settings
        self._folder = os.path.abspath(settings["PATH"])  # noqa: PTH100
        self._shelf = Shelf(Path(settings["CACHE_PATH"]) / "fotos")
        self._way = _way()
        # One build sees one state of each file, whatever is saved meanwhile.
        self._seen: dict[tuple[str, str], Any] = {}
        #: Files whose mistakes are told with the line of a text.
        self.told: set[str] = set()

    # -- Found by texts ----------------------------------------------------------------------------

    def key(self, file: str, address: str) -> str:
        """Return what stands for the picture *address* in the author's text *file*."""
        folder = os.path.relpath(os.path.dirname(os.path.abspath(file)), self._folder)  # noqa: PTH100, PTH120
        return f"{folder}{_SEPARATOR}{address}"

    def fact(self, key: str) -> tuple[str, str] | None:
        """Return the path and the digest of the picture that a text means by *key*, if there is one."""
        try:
            path = self._path(key)
            return None if path is None else (path, self.digest(path))
        except PictureError:
            return None

    def asked(self, key: str, is_told: bool) -> Picture | None:
        """
        Return the picture that a text means by *key*; None if it is none of the author's files.

        *is_told*: The author will hear of an error from whoever asks.

        Raises:
            PictureError: There is no such file, or it cannot be published.
        """
        path = self._path(key)
        if path is None:
            return None
        if is_told:
            self.told.add(path)
        picture = self.picture(path)
        if picture is None:
            raise PictureError(
                f"Die Datei „{path}“ ist kein Bild.",
                "Bilder enden auf .jpg, .png, .webp, .avif, .gif oder .svg; auf anderes setzen Sie "
                "einen Link.",
            )
        return picture

    def _path(self, key: str) -> str | None:
        folder, _, address = key.partition(_SEPARATOR)
        asked = core.asked_for(address)
        if asked is None:
            return None
        path, must_be = asked
        for candidate in self._candidates(folder, path, is_bare=path == address):
            if not candidate.startswith("..") and os.path.isfile(self._full(candidate)):  # noqa: PTH113
                return candidate
        if not must_be:
            # An address in the site, perhaps of the theme's; the check knows whether it is there.
            return None
        raise PictureError(f"Das Bild „{unquote(path)}“ gibt es nicht.", self._remedy(folder, path))

    def _candidates(self, folder: str, path: str, is_bare: bool) -> Iterator[str]:
        """Yield where the picture may lie; one that is only named lies beside the text, or with the others."""
        folders = [folder]
        if path.startswith("/"):
            folders, path = ["."], path.lstrip("/")
        elif is_bare:
            folders += self._settings["STATIC_PATHS"]
        # macOS takes umlauts apart in names of files.
        spellings = [path, unquote(path)]
        spellings += [unicodedata.normalize(form, unquote(path)) for form in ("NFC", "NFD")]
        for one in folders:
            for spelling in dict.fromkeys(spellings):
                yield os.path.normpath(f"{one}/{spelling}")

    def _remedy(self, folder: str, path: str) -> str:
        stem = unquote(path).rpartition("/")[2].rpartition(".")[0]
        places = [folder, *self._settings["STATIC_PATHS"]]
        names = {
            file.rpartition(".")[0].lower(): file
            for place in places
            for file in _names(self._full(place))
            if file.rpartition(".")[2].lower() in core.FORMATS
        }
        if close := difflib.get_close_matches(stem.lower(), names, 1):
            return f"Meinten Sie „{names[close[0]]}“?"
        return "Legen Sie es in content/bilder/, und schreiben Sie ![Alternativtext](name.jpg)."

    # -- Looked at ---------------------------------------------------------------------------------

    def _full(self, path: str) -> str:
        return f"{self._folder}/{path}"

    def digest(self, path: str) -> str:
        """Return what stands for the content of the file *path*."""
        digest: str = self._of_file(path, "digest", lambda data: scan.digest(data).hex())
        return digest

    def picture(self, path: str) -> Picture | None:
        """
        Return what is known of the file *path*; None if its name is not a picture's.

        Raises:
            PictureError: It cannot be published.
        """
        if not core.format_of(path):
            return None
        picture: Picture = self._of_file(path, "picture", partial(self._looked_at, path))
        return picture

    def _of_file(self, path: str, what: str, make: Callable[[bytes], Any]) -> Any:
        """Return what *make* makes of the bytes of a file; they are read only if it was changed."""
        if (path, what) not in self._seen:
            self._seen[path, what] = self._made_of_file(path, what, make)
        return self._seen[path, what]

    def _made_of_file(self, path: str, what: str, make: Callable[[bytes], Any]) -> Any:
        full = self._full(path)

        def read() -> Any:
            try:
                return make(Path(full).read_bytes())
            except OSError as error:
                raise PictureError(
                    f"Die Bilddatei „{path}“ ist nicht lesbar ({error.strerror}).",
                    "Prüfen Sie, ob Sie sie öffnen dürfen.",
                ) from None

        stamp = scan.stamp(full)
        if stamp is None or scan.is_racy(stamp, time.time_ns()):
            return read()
        return memorised(self._settings, f"{what}\0{full}\0{stamp}", read)

    def _looked_at(self, path: str, data: bytes) -> Picture:
        def look() -> bytes:
            if core.format_of(path) == "svg":
                found = self._drawing(data)[1]
            else:
                found = raster.look(data, self.own)
            return json.dumps(asdict(found)).encode()

        found = json.loads(self._kept(data, "look" + core.format_of(path), look))
        return Picture(path, scan.digest(data).hex(), Look(**found))

    def _drawing(self, data: bytes) -> tuple[bytes, Look]:
        if len(data) > self.own.max_megabytes * 1_000_000:
            raise PictureError(
                f"Das SVG ist größer als {self.own.max_megabytes} MB.",
                "Vereinfachen Sie die Zeichnung, oder speichern Sie sie als PNG.",
            )
        return drawing.cleaned(data, partial(raster.rewritten, settings=self.own))

    def _kept(self, data: bytes, what: str, make: Callable[[], bytes]) -> bytes:
        """Return what *make* returns, now or in an earlier build, even one that began anew."""
        key = repr((self._way, self.own, what, scan.digest(data))).encode()
        return self._shelf.kept(key, make)

    # -- Copied ------------------------------------------------------------------------------------

    def copies(self, wanted: Mapping[str, tuple[Picture, Copy]]) -> Callable[[str], bytes]:
        """Return the function that returns the bytes of the copy of a name."""
        self._shelf.forget_oldest(KEPT)
        scaled = _Scaled(self.own)

        def copy(name: str) -> bytes:
            picture, one = wanted[name]
            what = repr((one.format, one.width, one.height))
            try:
                data = Path(self._full(picture.path)).read_bytes()
                if one.format == "svg":
                    return self._drawing(data)[0]
                return self._kept(data, what, lambda: scaled.copy(data, picture, one))
            except (OSError, PictureError):
                # It was whole when the texts were read.
                raise SourceError([self._changed(picture.path)]) from None

        return copy

    def _changed(self, path: str) -> Problem:
        return Problem(
            shown_path(self._full(path)),
            "Das Bild wurde geändert, während die Website gebaut wurde.",
            remedy="Bauen Sie noch einmal.",
        )


class _Scaled:
    """The picture of which copies are being made: decoded once for all that are made one after the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._key: tuple[bytes, str] | None = None
        self._image: Any = None

    def copy(self, data: bytes, picture: Picture, copy: Copy) -> bytes:
        """Return the bytes of *copy*."""
        key = (scan.digest(data), picture.path)
        if self._key != key:
            largest = core.show(picture, self._settings).fallback
            self._image = raster.scaled(data, largest.width, largest.height, self._settings)
            self._key = key
        return raster.encoded(self._image, copy, picture.look.kind, self._settings)


def _way() -> str:
    """Return what the bytes of copies depend on beside settings and pictures: our code and the libraries."""
    own = Path(__file__).parent.glob("*.py")
    return scan.contents_key(map(str, own)).hex() + repr(raster.libraries())


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
