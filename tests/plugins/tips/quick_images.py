"""Share images that are drawn in no time: one pixel, and what they would say as text in the file."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from plugins.share_images.core import SOFT_HYPHEN
from plugins.share_images.drawing import Card


class QuickImages:
    """In place of `plugins.share_images.adapter.Drawn`; keeps nothing."""

    def __init__(self, folder: Path) -> None:
        pass

    def image(self, card: Card) -> bytes:
        """Return an image that `card` reads; words are whole, so that a search finds them."""
        words = json.dumps(asdict(card), ensure_ascii=False).replace(SOFT_HYPHEN, "")
        info = PngInfo()
        info.add_itxt("card", words)
        data = io.BytesIO()
        Image.new("1", (1, 1)).save(data, "PNG", pnginfo=info)
        return data.getvalue()


def card(path: Path) -> dict[str, str]:
    """Return what the image at *path* says."""
    with Image.open(path) as image:
        found: dict[str, str] = json.loads(image.info["card"])
        return found
