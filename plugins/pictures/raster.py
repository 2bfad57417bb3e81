"""
Pictures of pixels: looked at, scaled, written anew.

What goes out is drawn from pixels alone, upright and in sRGB: nothing that a camera or a program has noted
(place, device, names, previews, the other frames of a „live“ photo) comes along.
"""

from __future__ import annotations

import io
import warnings
from functools import lru_cache

from PIL import Image, ImageCms, features
from PIL import __version__ as pillow
from PIL.Image import Resampling, Transpose

from plugins.pictures import core
from plugins.pictures.core import Copy, Look, PictureError, Settings

# Others are rarer, and their decoders less looked after; one starts a program.
_READ = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_LOSSLESS = ("PNG", "GIF")
#: How files in the formats that are read begin, and brands of those that only Apple's programs like.
_STARTS = (b"\xff\xd8", b"\x89PNG", b"RIFF", b"GIF8")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1")
_ORIENTATION = 0x0112
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_LYING = (5, 6, 7, 8)
#: AVIF at speed 9 (of 10) takes a tenth of the time of the usual 6, for 8 to 16 % more bytes.
_AVIF_SPEED = 9
_WEBP_METHOD = 2
#: Hard edges and flat colours show losses sooner than photos do.
_GRAPHIC_QUALITY = {"avif": 5, "webp": 9, "jpeg": 5}


def libraries() -> tuple[str | None, ...]:
    """Return what the bytes that are written depend on."""
    codecs = ("jpg", "libjpeg_turbo", "zlib", "webp", "avif", "littlecms2")
    return pillow, *(features.version(name) for name in codecs)


def look(data: bytes, settings: Settings) -> Look:
    """
    Return how the picture *data* looks; it is decoded to its end.

    Raises:
        PictureError: It is none, or broken, too large, or moving.
    """
    if len(data) > settings.max_megabytes * 1_000_000:
        raise PictureError(
            f"Die Bilddatei ist größer als {settings.max_megabytes} MB.",
            "Verkleinern Sie das Bild; 2400 Pixel Breite sind reichlich.",
        )
    image = _opened(data, settings)
    width, height = image.size
    if _orientation(image) in _LYING:
        width, height = height, width
    seen = Look(width, height, "graphic" if image.format in _LOSSLESS else "photo")
    core.check_height(seen, settings)
    _load(image, (100, 100))
    if image.format == "PNG":
        _check_sums(data)
    return seen


def _opened(data: bytes, settings: Settings) -> Image.Image:
    """
    Return the picture, not yet decoded.

    Raises:
        PictureError: It is none, too large, or moving.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)
            image = Image.open(io.BytesIO(data), formats=_READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise core.too_many_pixels(settings) from None
    except Exception:
        raise _no_picture(data) from None
    core.check_look(*image.size, settings)
    # A JPEG with several pictures has a preview, or one taken a moment later: the first is meant.
    if image.format not in ("JPEG", "MPO") and getattr(image, "n_frames", 1) > 1:
        raise PictureError(
            "Das Bild bewegt sich, und niemand kann es anhalten.",
            "Nehmen Sie ein Standbild daraus, oder verlinken Sie ein Video.",
        )
    return image


def _no_picture(data: bytes) -> PictureError:
    if not data:
        return PictureError("Die Bilddatei ist leer.", "Kopieren Sie das Bild noch einmal.")
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return PictureError(
            "Die Datei ist ein SVG und heißt anders.", "Geben Sie ihr die Endung .svg."
        )
    if start.startswith(b"<"):
        return PictureError(
            "Die Datei ist kein Bild, sondern eine Webseite.",
            "Öffnen Sie das Bild im Browser, und speichern Sie es von dort noch einmal.",
        )
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return PictureError(
            "Die Datei ist ein Bild im Format HEIC, das nicht alle Browser zeigen.",
            "Speichern Sie es als JPEG.",
        )
    if data.startswith(_STARTS) or data[4:12] == b"ftypavif":
        return _damaged()
    return PictureError(
        "Die Datei ist kein Bild, das sich lesen lässt.",
        "Speichern Sie es noch einmal als JPEG oder PNG.",
    )


def _damaged() -> PictureError:
    return PictureError(
        "Die Bilddatei ist beschädigt.",
        "Kopieren Sie sie noch einmal, oder nehmen Sie Ihre Sicherung.",
    )


def _load(image: Image.Image, size: tuple[int, int]) -> None:
    """
    Decode *image*, as it is stored; a JPEG at a fraction of its size, but not much below *size*.

    Raises:
        PictureError: It is broken.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.draft(None, size)
            image.load()
    except Exception:
        # Decoders of broken data raise almost anything.
        raise _damaged() from None


def _check_sums(data: bytes) -> None:
    """
    Make sure that no byte of a PNG is another than was written: its decoder does not look.

    Raises:
        PictureError: One is.
    """
    try:
        Image.open(io.BytesIO(data), formats=("PNG",)).verify()
    except Exception:
        raise _damaged() from None


def _orientation(image: Image.Image) -> int:
    """Return how the picture is to be turned, by its EXIF data; 1 is upright."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        # Notes of a camera that nobody can read say nothing.
        return 1
    return found if found in _TURNS else 1


def scaled(data: bytes, width: int, height: int, settings: Settings) -> Image.Image:
    """
    Return the picture *data* in RGB or RGBA, upright, in sRGB, with this size.

    Raises:
        PictureError: It is none, or broken.
    """
    image = _opened(data, settings)
    orientation = _orientation(image)
    size = (height, width) if orientation in _LYING else (width, height)
    profile = image.info.get("icc_profile")
    # Somewhat larger than needed: ours is the better way to scale, the decoder's the faster.
    _load(image, (size[0] * 3 // 2, size[1] * 3 // 2))
    image = _in_plain_mode(image)
    if image.size != size:
        image = image.resize(size, Resampling.LANCZOS, reducing_gap=3.0)
    image = _in_srgb(image, profile)
    if orientation != 1:
        image = image.transpose(_TURNS[orientation])
    # Some encoders write what they find here: comments, profiles.
    image.info = {}
    return image


def _in_plain_mode(image: Image.Image) -> Image.Image:
    """Return *image* in L, RGB, CMYK or with alpha in LA or RGBA: modes that can be scaled."""
    if image.mode.startswith(("I", "F")):
        # 16 bits a pixel, which Pillow would cut off at 255.
        return image.convert("F").point(lambda value: value * (1 / 257) + 0).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return *image* in RGB, or in RGBA if something can be seen through it."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    if alpha is not None and alpha.getextrema() == (255, 255):
        alpha = None
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    colours = _converted(colours, profile) if profile else colours.convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    return colours


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        # Browsers pass over a profile that is broken or of another kind of picture, too.
        converted = None
    return image.convert("RGB") if converted is None else converted


@lru_cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def encoded(image: Image.Image, copy: Copy, kind: core.Kind, settings: Settings) -> bytes:
    """Return the file *copy* of *image*, which is `scaled` and at least as large; the same bytes each time."""
    size = (copy.width, copy.height)
    if image.size != size:
        image = image.resize(size, Resampling.LANCZOS, reducing_gap=3.0)
    write = _WRITERS[copy.format]
    quality = 100
    if copy.format in dict(settings.quality):
        more = _GRAPHIC_QUALITY[copy.format] if kind == "graphic" else 0
        quality = min(100, settings.quality_of(copy.format) + more)
    return write(image, quality, kind == "graphic")


def _saved(image: Image.Image, format_: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def _jpeg(image: Image.Image, quality: int, is_graphic: bool) -> bytes:
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    subsampling = "4:4:4" if is_graphic else "4:2:0"
    return _saved(
        image, "JPEG", quality=quality, progressive=True, optimize=True, subsampling=subsampling
    )


def _png(image: Image.Image, quality: int, is_graphic: bool) -> bytes:
    return _saved(image, "PNG", compress_level=9)


def _gif(image: Image.Image, quality: int, is_graphic: bool) -> bytes:
    return _saved(image, "GIF")


def _webp(image: Image.Image, quality: int, is_graphic: bool) -> bytes:
    lossy = _saved(image, "WEBP", quality=quality, method=_WEBP_METHOD)
    if not is_graphic:
        return lossy
    # Which is smaller depends on how much of the graphic is flat.
    return min(lossy, _saved(image, "WEBP", lossless=True, method=_WEBP_METHOD), key=len)


def _avif(image: Image.Image, quality: int, is_graphic: bool) -> bytes:
    # One thread: with more, the bytes would depend on the machine; files are made on all cores anyway.
    subsampling = "4:4:4" if is_graphic else "4:2:0"
    return _saved(
        image,
        "AVIF",
        quality=quality,
        speed=_AVIF_SPEED,
        max_threads=1,
        subsampling=subsampling,
    )


_WRITERS = {"jpeg": _jpeg, "png": _png, "gif": _gif, "webp": _webp, "avif": _avif}


def rewritten(data: bytes, settings: Settings) -> bytes:
    """
    Return the picture *data*, which another file embeds, in its own size and format, with its pixels alone.

    Raises:
        PictureError: It is none, or broken.
    """
    seen = look(data, settings)
    format_ = (_opened(data, settings).format or "").lower().replace("mpo", "jpeg")
    image = scaled(data, seen.width, seen.height, settings)
    copy = Copy("", format_, seen.width, seen.height)
    return encoded(image, copy, "graphic", settings)
