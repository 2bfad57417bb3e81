"""Pictures for tests, drawn here; and what is left of a photo's secrets in the bytes of a file."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

#: Is in everything that a camera or a program could note about a photo.
SECRET = "Geheimweg 7"
SVG = 'xmlns="http://www.w3.org/2000/svg"'


def quarters(width: int = 80, height: int = 40) -> Image.Image:
    """Return a picture of four fields: red and green above, blue and white below."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    x, y = width // 2, height // 2
    draw.rectangle((0, 0, x - 1, y - 1), fill="#c00000")
    draw.rectangle((x, 0, width, y - 1), fill="#00a000")
    draw.rectangle((0, y, x - 1, height), fill="#0000c0")
    return image


def corners(image: Image.Image) -> list[str]:
    """Return the colours of the four fields, in the order of reading."""
    rgb = image.convert("RGB")
    width, height = rgb.size
    names = []
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            red, green, blue = (value > 110 for value in rgb.getpixel((x, y)))
            names.append(
                {
                    (True, False, False): "red",
                    (False, True, False): "green",
                    (False, False, True): "blue",
                    (True, True, True): "white",
                }.get((red, green, blue), "?")
            )
    return names


UPRIGHT = ["red", "green", "blue", "white"]


def saved(image: Image.Image, format_: str, **options: Any) -> bytes:
    """Return the file of *image*."""
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return the picture of a file, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a phone notes: maker, place, and how it was held."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = SECRET
    notes[0x8825] = {1: "N", 2: (52.0, 31.0, 7.0), 3: "E", 4: (13.0, 24.0, 5.0)}
    return notes


def xmp() -> bytes:
    """Return notes as editors of photos write them."""
    return f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()


def talkative(format_: str, image: Image.Image | None = None) -> bytes:
    """Return a file with every kind of note that its format knows."""
    image = image or quarters()
    if format_ == "JPEG":
        iptc = b"Photoshop 3.0\x00" + SECRET.encode()
        app13 = b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc
        data = saved(image, "JPEG", exif=exif(), xmp=xmp(), comment=SECRET, quality=90)
        # Behind the picture: what phones append, a film for instance.
        return data[:2] + app13 + data[2:] + SECRET.encode()
    if format_ == "PNG":
        texts = PngInfo()
        texts.add_text("Author", SECRET)
        texts.add_itxt("XML:com.adobe.xmp", xmp().decode())
        return saved(image, "PNG", exif=exif(), pnginfo=texts)
    if format_ == "GIF":
        return saved(image, "GIF", comment=SECRET)
    return saved(image, format_, exif=exif(), xmp=xmp(), quality=90)
