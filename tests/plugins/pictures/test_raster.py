"""Photos leave upright, in sRGB, small, and without a word about where they were taken."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from plugins.pictures import raster
from plugins.pictures.core import Copy, Look, PictureError, Settings
from tests.plugins.pictures.drawn import (
    SECRET,
    SVG,
    UPRIGHT,
    corners,
    exif,
    opened,
    quarters,
    saved,
    talkative,
)

OWN = Settings()
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def _copies(data: bytes, width: int, height: int) -> dict[str, bytes]:
    image = raster.scaled(data, width, height, OWN)
    kind = raster.look(data, OWN).kind
    return {
        name.lower(): raster.encoded(image, Copy("", name.lower(), width, height), kind, OWN)
        for name in FORMATS
    }


# -- What is not to be seen does not go out -------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS)
def test_notes_of_cameras_and_programs_are_left_behind(format_: str) -> None:
    data = talkative(format_)
    assert SECRET.encode() in data
    for name, copy in _copies(data, 40, 20).items():
        assert SECRET.encode() not in copy, name
        again = opened(copy)
        assert again.format == name.upper()
        assert not {"exif", "xmp", "comment", "icc_profile", "Author", "photoshop"} & set(
            again.info
        )
        assert not again.getexif()


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", TURNS)
def test_pictures_are_upright(format_: str, orientation: int) -> None:
    turn = TURNS[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    data = saved(stored, format_, exif=exif(orientation), quality=95)
    seen = raster.look(data, OWN)
    assert (seen.width, seen.height) == (80, 40)
    copy = raster.encoded(raster.scaled(data, 40, 20, OWN), Copy("", "png", 40, 20), seen.kind, OWN)
    assert corners(opened(copy)) == UPRIGHT


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_there_is_not_is_passed_over(orientation: int) -> None:
    data = saved(quarters(), "JPEG", exif=exif(orientation))
    assert raster.look(data, OWN) == Look(80, 40, "photo")


def test_notes_that_nobody_can_read_do_no_harm() -> None:
    data = saved(quarters(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + b"\xff" * 40)
    assert corners(raster.scaled(data, 80, 40, OWN)) == UPRIGHT


# -- Colours ------------------------------------------------------------------------------------------


def test_colours_are_seen_as_their_profile_means_them() -> None:
    """Where a profile has the channels swapped, sRGB shows what was meant."""
    srgb = ImageCms.createProfile("sRGB")
    data = bytearray(ImageCms.ImageCmsProfile(srgb).tobytes())
    count = struct.unpack(">I", data[128:132])[0]
    tags = {bytes(data[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    swapped = saved(quarters(), "PNG", icc_profile=bytes(data))
    assert corners(opened(swapped)) == UPRIGHT
    assert corners(raster.scaled(swapped, 80, 40, OWN)) == ["blue", "green", "red", "white"]


@pytest.mark.parametrize("profile", [b"kein Profil", b"\x00" * 200])
def test_a_broken_profile_is_passed_over(profile: bytes) -> None:
    data = saved(quarters(), "PNG", icc_profile=profile)
    assert corners(raster.scaled(data, 80, 40, OWN)) == UPRIGHT


def test_a_profile_for_another_kind_of_picture_is_passed_over() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    data = saved(quarters(), "JPEG", icc_profile=lab, quality=95)
    assert corners(raster.scaled(data, 80, 40, OWN)) == UPRIGHT


@pytest.mark.parametrize(
    ("mode", "format_"), [("CMYK", "JPEG"), ("P", "PNG"), ("P", "GIF"), ("RGBA", "PNG")]
)
def test_every_kind_of_pixel_comes_out_right(mode: str, format_: str) -> None:
    data = saved(quarters().convert(mode), format_)
    image = raster.scaled(data, 80, 40, OWN)
    # Nothing can be seen through any of them.
    assert image.mode == "RGB"
    assert corners(image) == UPRIGHT


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16"])
def test_greys_stay_as_bright(mode: str) -> None:
    grey = Image.new("L", (40, 20), 255)
    grey.paste(0, (0, 0, 20, 20))
    if mode == "I;16":
        grey = grey.convert("I").point(lambda value: value * 257)
    data = saved(grey.convert(mode), "PNG")
    image = raster.scaled(data, 40, 20, OWN)
    assert (image.getpixel((5, 10)), image.getpixel((35, 10))) == ((0, 0, 0), (255, 255, 255))


def test_what_is_transparent_stays_so_and_is_white_in_a_jpeg() -> None:
    image = quarters().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    copies = _copies(saved(image, "PNG"), 80, 40)
    for name in ("png", "webp", "avif"):
        assert opened(copies[name]).convert("RGBA").getextrema()[3] == (0, 0), name
    assert min(low for low, _ in opened(copies["jpeg"]).getextrema()) > 250


# -- Sizes ----------------------------------------------------------------------------------------------


def test_a_large_photo_becomes_small() -> None:
    data = saved(quarters(1600, 800), "JPEG", quality=95)
    for name, copy in _copies(data, 100, 50).items():
        assert opened(copy).size == (100, 50), name
        assert len(copy) < len(data) / 4, name
        assert corners(opened(copy)) == UPRIGHT, name


def test_smaller_copies_come_from_a_larger_one() -> None:
    image = raster.scaled(saved(quarters(400, 200), "PNG"), 300, 150, OWN)
    copy = raster.encoded(image, Copy("", "webp", 40, 20), "photo", OWN)
    assert opened(copy).size == (40, 20)


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = talkative("JPEG")
    assert _copies(data, 40, 20) == _copies(data, 40, 20)


def test_quality_is_set_by_format() -> None:
    noise = Image.effect_noise((200, 100), 80).convert("RGB")
    image = raster.scaled(saved(noise, "PNG"), 200, 100, OWN)

    def size(quality: int, name: str) -> int:
        own = Settings(quality=(("avif", quality), ("jpeg", quality), ("webp", quality)))
        return len(raster.encoded(image, Copy("", name, 200, 100), "photo", own))

    for name in ("avif", "webp", "jpeg"):
        assert size(30, name) < size(80, name)


# -- What cannot go out -----------------------------------------------------------------------------------


def _broken() -> list[tuple[bytes, str]]:
    jpeg, png = saved(quarters(), "JPEG"), saved(quarters(), "PNG")
    webp, avif = saved(quarters(), "WEBP"), saved(quarters(), "AVIF")
    two = [quarters().rotate(180)]
    return [
        (b"", "Die Bilddatei ist leer."),
        (b"<!DOCTYPE html><title>404</title>", "Die Datei ist kein Bild, sondern eine Webseite."),
        (f"<?xml version='1.0'?><svg {SVG}/>".encode(), "Die Datei ist ein SVG und heißt anders."),
        (b"Hallo", "Die Datei ist kein Bild, das sich lesen lässt."),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "Die Datei ist ein Bild im Format HEIC"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "Die Datei ist kein Bild, das sich lesen lässt."),
        (jpeg[:-200], "Die Bilddatei ist beschädigt."),
        (jpeg[:20], "Die Bilddatei ist beschädigt."),
        (png[:-60], "Die Bilddatei ist beschädigt."),
        (png[:60] + bytes([png[60] ^ 255]) + png[61:], "Die Bilddatei ist beschädigt."),
        (webp[: len(webp) // 2], "Die Bilddatei ist beschädigt."),
        (avif[:-40], "Die Bilddatei ist beschädigt."),
        (saved(quarters(), "GIF", save_all=True, append_images=two), "Das Bild bewegt sich"),
        (saved(quarters(), "WEBP", save_all=True, append_images=two), "Das Bild bewegt sich"),
        (saved(quarters(), "PNG", save_all=True, append_images=two), "Das Bild bewegt sich"),
    ]


@pytest.mark.parametrize(("data", "message"), _broken(), ids=range(15))
def test_what_is_no_picture_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PictureError) as caught:
        raster.look(data, OWN)
    assert caught.value.message.startswith(message)
    assert caught.value.remedy


def _bomb(width: int, height: int) -> bytes:
    """Return a PNG of some bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(9000, 9001), (20_000, 5_000), (50_000, 50_000)])
def test_a_picture_that_would_fill_the_memory_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match="mehr als 80 Millionen Pixel"):
        raster.look(_bomb(*size), OWN)


def test_a_file_that_is_too_large_is_refused() -> None:
    data = saved(quarters(), "JPEG")
    with pytest.raises(PictureError, match="größer als 1 MB"):
        raster.look(data + b"\0" * 1_000_000, Settings(max_megabytes=1))


def test_a_strip_that_lies_on_its_side_is_measured_upright() -> None:
    data = saved(Image.new("L", (12_000, 10)), "PNG", exif=exif(6))
    with pytest.raises(PictureError, match="mit 10 × 12000 Pixeln zu hoch"):
        raster.look(data, OWN)


def test_of_a_photo_with_a_preview_the_photo_is_taken() -> None:
    """Phones put several pictures into one JPEG."""
    data = saved(quarters(), "MPO", save_all=True, append_images=[quarters(20, 10)])
    assert Image.open(io.BytesIO(data)).format == "MPO"
    assert raster.look(data, OWN) == Look(80, 40, "photo")
    assert corners(raster.scaled(data, 80, 40, OWN)) == UPRIGHT


@pytest.mark.parametrize("format_", FORMATS)
def test_what_another_file_embeds_keeps_size_and_format(format_: str) -> None:
    image = opened(raster.rewritten(talkative(format_), OWN))
    assert (image.format, image.size, corners(image)) == (format_, (80, 40), UPRIGHT)
    assert SECRET.encode() not in raster.rewritten(talkative(format_), OWN)
