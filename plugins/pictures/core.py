"""Which files go out for a picture, and how a page shows them. Pure: numbers and names in and out."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

#: The format of what goes out, by the end of the name.
FORMATS = {
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "png": "png",
    "webp": "webp",
    "avif": "avif",
    "gif": "gif",
    "svg": "svg",
}
#: Pictures that browsers do not show, or not all; they may say where they were taken, too.
FOREIGN_FORMATS = frozenset(
    "heic heif tif tiff bmp jp2 jxl psd svgz dng cr2 cr3 nef arw raf orf rw2".split()
)
#: WebP's limit is 16383 pixels; a picture that high is no picture to look at.
MAX_HEIGHT = 8000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_PLACEHOLDER = re.compile(r"[{|](?:static|attach|filename)[}|](.*)", re.S)

Kind = Literal["photo", "graphic", "drawing"]


class PictureError(Exception):
    """A picture cannot be published; *remedy* says what helps. Both are German."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message} {remedy}")


@dataclass(frozen=True)
class Settings:
    """Widths in pixels; *sizes* as in HTML; qualities from 0 to 100; limits of what the author may use."""

    widths: tuple[int, ...] = (600, 900, 1200)
    sizes: str = "(max-width: 41em) 90vw, 37em"
    formats: tuple[str, ...] = ("avif", "webp")
    quality: tuple[tuple[str, int], ...] = (("avif", 60), ("jpeg", 80), ("webp", 76))
    max_megapixels: int = 80
    max_megabytes: int = 40

    def quality_of(self, format_: str) -> int:
        """Return the quality for photos in a format."""
        return dict(self.quality)[format_]


@dataclass(frozen=True)
class Look:
    """A picture as it is seen: upright, its size in pixels; a *graphic* has hard edges, a *drawing* is SVG."""

    width: int
    height: int
    kind: Kind


@dataclass(frozen=True)
class Picture:
    """A file of the author's: its *path* in her folder, with slashes, and a *digest* of its bytes."""

    path: str
    digest: str
    look: Look


@dataclass(frozen=True)
class Copy:
    """A file that goes out: its *name* in the site, and its size in pixels."""

    name: str
    format: str
    width: int
    height: int


@dataclass(frozen=True)
class Show:
    """How a page shows a picture: the copy that everybody can see, and, by format, lighter ones."""

    fallback: Copy
    sources: dict[str, list[Copy]] = field(default_factory=dict)

    @property
    def lighter(self) -> list[Copy]:
        """All copies but the fallback."""
        return [copy for copies in self.sources.values() for copy in copies]


def format_of(path: str) -> str:
    """
    Return the format in which the picture *path* goes out, or "" if its name is not a picture's.

    Raises:
        PictureError: Browsers do not show such pictures.
    """
    ending = path.rpartition(".")[2].lower() if "." in path else ""
    if ending in FOREIGN_FORMATS:
        raise PictureError(
            f"Bilder mit der Endung .{ending} zeigen nicht alle Browser.",
            "Speichern Sie es als JPEG, PNG oder (eine Zeichnung) als einfaches SVG.",
        )
    return FORMATS.get(ending, "")


def asked_for(address: str) -> tuple[str, bool] | None:
    """
    Return what a text asks for: a path, and whether it must be there; None for what is elsewhere.

    A path that begins with a slash is meant from the author's folder on.
    """
    match = _PLACEHOLDER.match(address)
    if match is None and (not address or _SCHEME.match(address)):
        return None
    try:
        path = urlsplit(match[1] if match else address).path
    except ValueError:
        return None
    return path, match is not None or not path.startswith("/")


def show(picture: Picture, settings: Settings) -> Show:
    """Return the files that go out where a page shows *picture*."""
    look = picture.look
    width = min(look.width, max(settings.widths))
    fallback = Copy(picture.path, format_of(picture.path), width, _height(look, width))
    if look.kind == "drawing":
        return Show(fallback)
    stem = picture.path.rpartition(".")[0]
    mark = _mark(picture, settings)
    return Show(
        fallback,
        {
            name: [
                Copy(f"{stem}-{width}-{mark}.{name}", name, width, _height(look, width))
                for width in widths(look.width, settings)
            ]
            for name in settings.formats
        },
    )


def widths(width: int, settings: Settings) -> list[int]:
    """Return the widths in which a picture of *width* goes out; none is enlarged, no two are alike."""
    largest = min(width, max(settings.widths))
    return [*(one for one in sorted(settings.widths) if one * 1.25 < largest), largest]


def _height(look: Look, width: int) -> int:
    return max(1, round(look.height * width / look.width))


def _mark(picture: Picture, settings: Settings) -> str:
    """Return the part of a name that changes with the picture, so that browsers may keep it for ever."""
    # With the path's end: the same picture may lie there as x.jpg and as x.jpeg.
    made_of = (picture.digest, picture.path.rpartition(".")[2], settings)
    return hashlib.blake2b(repr(made_of).encode(), digest_size=5).hexdigest()


def url(name: str) -> str:
    """Return the address of the file *name*, fit for a list of addresses, too."""
    return quote(f"/{name}")


def srcset(copies: list[Copy]) -> str:
    """Return the addresses of copies with their widths, as HTML wants them."""
    if len(copies) == 1:
        return url(copies[0].name)
    return ", ".join(f"{url(copy.name)} {copy.width}w" for copy in copies)


def check_look(width: int, height: int, settings: Settings) -> None:
    """
    Make sure that a picture of this size, as it is stored, can go out.

    Raises:
        PictureError: It cannot.
    """
    if width * height > settings.max_megapixels * 1_000_000:
        raise too_many_pixels(settings)


def check_height(look: Look, settings: Settings) -> None:
    """
    Make sure that a picture is no endless strip.

    Raises:
        PictureError: It is.
    """
    if _height(look, min(look.width, max(settings.widths))) > MAX_HEIGHT:
        raise PictureError(
            f"Das Bild ist mit {look.width} × {look.height} Pixeln zu hoch und zu schmal.",
            "Teilen Sie es in mehrere Bilder.",
        )


def too_many_pixels(settings: Settings) -> PictureError:
    """Return the error of a picture that would fill the memory."""
    return PictureError(
        f"Das Bild hat mehr als {settings.max_megapixels} Millionen Pixel.",
        "Verkleinern Sie es; 2400 Pixel Breite sind reichlich.",
    )
