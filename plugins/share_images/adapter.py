"""Pelican's side: which images there are, and where drawn ones are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, replace
from pathlib import Path
from urllib.parse import urlsplit

from pelican import Pelican, signals
from pelican.generators import Generator
from selectolax.lexbor import LexborHTMLParser

from plugins.hyphenation.adapter import site_hyphenator
from plugins.hyphenation.core import Hyphenator
from plugins.incremental import scan
from plugins.incremental.core import digest
from plugins.incremental.shelf import Shelf
from plugins.incremental.writer import IncrementalWriter
from plugins.share_images.core import SOFT_HYPHEN
from plugins.share_images.drawing import FONTS, Card, draw, libraries
from plugins.source.problem import Problem, SourceError
from plugins.typography import Settings as Typography
from plugins.typography import typeset_text

DEFAULTS = {"SHARE_IMAGE": "bild.png"}
#: So many drawn images are kept, the newest.
KEPT = 3000
_FEWEST_LETTERS = 3
_LONG_WORD = re.compile(r"[^\W\d_]{10,}")
_NAME = re.compile(r"[\w-]+\.png")


def use_defaults(pelican: Pelican) -> None:
    """
    Complete the settings.

    Raises:
        SourceError: ``SHARE_IMAGE`` is no name of a PNG.
    """
    for name, value in DEFAULTS.items():
        pelican.settings.setdefault(name, value)
    name = pelican.settings["SHARE_IMAGE"]
    if name and not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise SourceError(
            [
                Problem(
                    "pelicanconf.py",
                    f"„{name}“ ist kein Name für ein PNG-Bild.",
                    field="SHARE_IMAGE",
                    remedy="Schreiben Sie einen Dateinamen wie bild.png, oder nichts, wenn es keine "
                    "Bilder geben soll.",
                )
            ]
        )


class ShareImagesGenerator(Generator):  # type: ignore[misc]
    """Writes the images."""

    reads_no_texts = True

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write those that are not there yet."""
        name = self.settings["SHARE_IMAGE"]
        if not name:
            return
        cards = {f"{url}{name}": card for url, card in self._cards()}
        exceptions = self.settings.get("RENDER_INPUTS", {}).get("hyphenation", [])
        words = digest(repr(exceptions))
        inputs = {name: digest(astuple(card)) + words for name, card in cards.items()}

        def maker() -> Callable[[str], bytes]:
            hyphenator = site_hyphenator(self.settings, dict(exceptions))
            drawn = Drawn(Path(self.settings["CACHE_PATH"]) / "bilder")
            return lambda name: drawn.image(_divisible(cards[name], hyphenator))

        writer.make_files(inputs, maker, "Bilder zeichnen", are_slow=True)

    def _cards(self) -> Iterator[tuple[str, Card]]:
        """Yield the folder of each image ("" or with a slash at the end), and what it says."""
        settings = self.settings
        site = {
            "site": settings["SITENAME"],
            "host": urlsplit(settings["SITEURL"]).netloc,
        }
        subtitle = typeset_text(
            settings.get("SITESUBTITLE", ""), Typography(**settings.get("TYPOGRAPHY", {}))
        )
        yield "", Card(settings["AUTHOR"], "", settings["SITENAME"], subtitle, **site)
        for series in self.context.get("series_list", ()):
            yield series.url, Card("Serie", "", series.title, _words(series.summary), **site)
        for tip in self.context.get("tip_pages", ()):
            yield (
                tip.url,
                Card(
                    kind="Mittwochstipp",
                    more=f"{tip.label}\u00a0· {tip.topic.name}",
                    title=tip.headword,
                    text=tip.tip,
                    wrong=tip.wrong or "",
                    right=tip.right or "",
                    **site,
                ),
            )


def _words(html: str) -> str:
    return LexborHTMLParser(html).text()


def _divisible(card: Card, hyphenator: Hyphenator) -> Card:
    """Return *card* with soft hyphens where its long words may be divided."""

    def divided(match: re.Match[str]) -> str:
        word = match[0]
        places = hyphenator.divisions(word)
        if places is None:
            last = len(word) - _FEWEST_LETTERS
            places = [place for place in hyphenator.breaks(word) if 3 <= place <= last]
        ends = [*places, len(word)]
        return SOFT_HYPHEN.join(
            word[start:end] for start, end in zip([0, *places], ends, strict=True)
        )

    texts = {name: getattr(card, name) for name in ("title", "text", "wrong", "right")}
    return replace(card, **{name: _LONG_WORD.sub(divided, text) for name, text in texts.items()})


class Drawn:
    """The images that were drawn, in files of *folder* that are named after what is on them."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder)
        own = [*Path(__file__).parent.glob("*.py"), *FONTS.glob("*.ttf")]
        self._way = scan.contents_key(map(str, own)).hex() + repr(libraries())
        self._shelf.forget_oldest(KEPT)

    def image(self, card: Card) -> bytes:
        """Return the image of *card*, drawn now or before."""
        key = repr((self._way, sorted(asdict(card).items()))).encode()
        return self._shelf.kept(key, lambda: draw(card))


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return ShareImagesGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.get_generators.connect(get_generators)
