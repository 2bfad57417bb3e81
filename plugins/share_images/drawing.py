"""Draw a share image: text on paper, like an entry in a dictionary."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, features

from plugins.share_images.core import Measure, largest, line_count, lines, word_widths

#: What networks ask for, in pixels.
WIDTH, HEIGHT = 1200, 630
FONTS = Path(__file__).parent / "fonts"
REGULAR, SEMIBOLD = "SourceSerif4Subhead-Regular.ttf", "SourceSerif4Subhead-Semibold.ttf"
#: The site's own: no ligatures across the joints of compounds, figures with ascenders and descenders.
FEATURES = ("-liga", "-clig", "onum", "pnum")

MARGIN = 80
_COLUMN = WIDTH - 2 * MARGIN
_TOP, _BOTTOM = 60, 570
_RULE = 4
_SMALL = 30
_LABEL_BASE = 112
_FOOT_RULE, _FOOT_BASE = 532, _BOTTOM
#: Where title, text and pair stand.
_AREA = (146, 502)
_SIZES = range(30, 77, 2)
_SMALLEST = 28
#: A pair that would make the text smaller than this is left out: on a phone nobody could read it.
_SMALLEST_WITH_PAIR = 34
_INDENT = 1.25
_LEADING = 1.26
#: From the top of a line to its baseline.
_BASE = 0.8 * _LEADING
_DOT, _DOT_STEP = 9, 27

#: Colours of tokens.css, with how many steps each has from paper: 16 in all, 4 bits a pixel.
PAPER = (0xFD, 0xFD, 0xFB)
INK, ACCENT, QUIET = "ink", "accent", "quiet"
_COLOURS = {
    INK: ((0x1D, 0x1F, 0x23), 7),
    ACCENT: ((0xA8, 0x1F, 0x30), 4),
    QUIET: ((0x58, 0x5B, 0x61), 4),
}
#: Signs before wrong and right, with their colour and size beside the text's; our fonts know no „✗“.
_WRONG, _RIGHT = ("×", ACCENT, 1.5), ("✓", INK, 1.0)


@dataclass(frozen=True)
class Card:
    """
    What an image says; soft hyphens are where words may be divided.

    *kind* and *more* are above, *site* and *host* below; the pair is *wrong* and *right*.
    """

    kind: str
    more: str
    title: str
    text: str
    site: str
    host: str
    wrong: str = ""
    right: str = ""


@dataclass(frozen=True)
class Run:
    """A line of text at its place: *x* and *y* are where its baseline begins, in pixels."""

    text: str
    x: float
    y: float
    size: int
    font: str = REGULAR
    colour: str = INK


def libraries() -> tuple[str, ...]:
    """Return the versions of what draws: another one may draw other pixels."""
    names = ("pil", "freetype2", "raqm", "harfbuzz", "zlib")
    return tuple(f"{name} {features.version(name)}" for name in names)


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return one of our fonts, *size* in pixels."""
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(4000)
def _advance(name: str, char: str) -> float:
    return font(name, 100).getlength(char, features=list(FEATURES)) / 100


@cache
def measure(name: str) -> Measure:
    """Return how wide one of our fonts sets characters."""
    return Measure(lambda char: _advance(name, char))


@lru_cache(4000)
def is_known(char: str) -> bool:
    """Return whether our fonts have *char*; an emoji they have not."""
    mask, unknown = (font(REGULAR, 40).getmask(one) for one in (char, "\uffff"))
    return (mask.size, bytes(mask)) != (unknown.size, bytes(unknown))


def drawable(card: Card) -> Card:
    """Return *card* without characters that our fonts do not know, and without a pair that needs them."""
    has_pair = all(map(is_known, card.wrong + card.right))
    return Card(
        **{name: "".join(filter(is_known, text)) for name, text in vars(card).items()}
        | ({} if has_pair else {"wrong": "", "right": ""})
    )


@dataclass(frozen=True)
class _Text:
    """
    A text in one of our fonts, *scale* times as large as the size of all.

    *indent* is the space before each line, in units of its own size.
    """

    text: str
    font: str
    scale: float
    indent: float = 0.0

    def size(self, size: int) -> int:
        return max(_SMALLEST, round(self.scale * size))

    def room(self, size: int) -> float:
        """Return the width of its lines, in units of its own size."""
        return _COLUMN / self.size(size) - self.indent

    @cached_property
    def _words(self) -> list[float]:
        return word_widths(self.text, measure(self.font))

    def height(self, size: int) -> float:
        """Return about how high it is, in pixels, if no word is divided."""
        count = line_count(self._words, measure(self.font).space, self.room(size))
        return count * self.size(size) * _LEADING

    def lines(self, size: int) -> list[str]:
        return lines(self.text, measure(self.font), self.room(size))


class _Column:
    """Lines below each other; the next one begins at *y*."""

    def __init__(self) -> None:
        self.y = 0.0
        self.runs: list[Run] = []

    def add(self, text: _Text, size: int) -> None:
        own = text.size(size)
        for line in text.lines(size):
            x = MARGIN + text.indent * own
            self.runs.append(Run(line, x, self.y + _BASE * own, own, text.font))
            self.y += own * _LEADING

    def sign(self, text: str, colour: str, scale: float, size: int) -> None:
        """Put a sign before the line of *size* that will be added next, at its middle."""
        x = MARGIN - 0.06 * (scale - 1) * size
        y = self.y + (_BASE + 0.35 * (scale - 1)) * size
        self.runs.append(Run(text, x, y, round(scale * size), SEMIBOLD, colour))


class _Content:
    """Title, text and pair of a card, to be set at any size."""

    def __init__(self, card: Card, has_pair: bool) -> None:
        self._title = _Text(card.title, SEMIBOLD, 1.24)
        self._text = _Text(card.text, REGULAR, 1.0)
        pair = ((_WRONG, card.wrong), (_RIGHT, card.right)) if has_pair else ()
        self._pair = [(sign, _Text(text, REGULAR, 0.86, _INDENT)) for sign, text in pair]

    def height(self, size: int) -> float:
        """Return about how high everything is, in pixels, if no word is divided."""
        texts = (self._title, self._text, *(text for _, text in self._pair))
        return sum(text.height(size) for text in texts) + sum(self._gaps(size))

    def _gaps(self, size: int) -> tuple[float, float]:
        """Return the space after the title and before the pair."""
        after_title = 0.3 * size if self._title.text and self._text.text else 0.0
        return after_title, 0.5 * size if self._pair else 0.0

    def column(self, size: int) -> _Column:
        """Return the lines at *size*, from 0 downwards."""
        column = _Column()
        after_title, before_pair = self._gaps(size)
        column.add(self._title, size)
        column.y += after_title
        column.add(self._text, size)
        column.y += before_pair
        for sign, text in self._pair:
            column.sign(*sign, text.size(size))
            column.add(text, size)
        return column


def layout(card: Card) -> list[Run]:
    """Return the lines of *card* at their places; a pair for which there is no room is left out."""
    top, bottom = _AREA
    room = bottom - top
    column = None
    if card.wrong and card.right:
        column = _fitted(_Content(card, True), room, _SMALLEST_WITH_PAIR)
    if column is None:
        column = _fitted(_Content(card, False), room, _SIZES[0])
    if column is None:
        # More than any network takes: what is seen is its beginning.
        column = _Content(card, False).column(_SIZES[0])
        column.runs = [run for run in column.runs if run.y <= room]
        column.y = room
    shift = top + (room - column.y) / 2
    return [*_frame(card), *(_moved(run, shift) for run in column.runs)]


def _fitted(content: _Content, room: float, smallest: int) -> _Column | None:
    """Return the lines at the largest size at which they fit, None if that is below *smallest*."""
    size = largest(_SIZES, content.height, room)
    for smaller in range(size, smallest - 1, -_SIZES.step):
        column = content.column(smaller)
        if column.y <= room:
            return column
    return None


def _moved(run: Run, shift: float) -> Run:
    return Run(run.text, run.x, round(run.y + shift), run.size, run.font, run.colour)


def _frame(card: Card) -> Iterator[Run]:
    yield Run(card.kind, MARGIN, _LABEL_BASE, _SMALL, SEMIBOLD, ACCENT)
    if card.more:
        x = MARGIN + font(SEMIBOLD, _SMALL).getlength(card.kind) + 14
        yield Run(card.more, x, _LABEL_BASE, _SMALL, colour=QUIET)
    yield Run(card.site, MARGIN, _FOOT_BASE, _SMALL, SEMIBOLD)
    width = font(REGULAR, _SMALL).getlength(card.host)
    yield Run(card.host, WIDTH - MARGIN - width, _FOOT_BASE, _SMALL, colour=QUIET)


def draw(card: Card) -> bytes:
    """Return the image of *card* as PNG, 1200 by 630 pixels; the same card gives the same bytes."""
    layers = {name: Image.new("L", (WIDTH, HEIGHT)) for name in _COLOURS}
    pens = {name: ImageDraw.Draw(layer) for name, layer in layers.items()}
    _ornaments(pens)
    for run in layout(drawable(card)):
        pens[run.colour].text(
            (run.x, run.y),
            run.text,
            fill=255,
            font=font(run.font, run.size),
            anchor="ls",
            features=list(FEATURES),
            language="de",
        )
    file = io.BytesIO()
    _coloured(layers).save(file, "PNG", bits=4, compress_level=6)
    return file.getvalue()


def _ornaments(pens: dict[str, ImageDraw.ImageDraw]) -> None:
    """Draw the rules, and the site's week of seven dots with its Wednesday."""
    right = WIDTH - MARGIN
    pens[ACCENT].rectangle((MARGIN, _TOP, right - 1, _TOP + _RULE - 1), fill=255)
    pens[QUIET].rectangle((MARGIN, _FOOT_RULE, right - 1, _FOOT_RULE), fill=96)
    for day in range(7):
        x = right - _DOT - (6 - day) * _DOT_STEP
        y = _LABEL_BASE - _DOT - 6
        pens[ACCENT if day == 2 else QUIET].ellipse((x, y, x + _DOT, y + _DOT), fill=255)


def _coloured(layers: dict[str, Image.Image]) -> Image.Image:
    """Return one picture of few colours; where layers meet, which they do not, the last would win."""
    palette = [*PAPER]
    picture = Image.new("L", (WIDTH, HEIGHT))
    for name, (colour, steps) in _COLOURS.items():
        first = len(palette) // 3
        shades = [0, *range(first, first + steps)]
        picture = ImageChops.lighter(
            picture, layers[name].point([shades[round(v * steps / 255)] for v in range(256)])
        )
        for step in range(1, steps + 1):
            palette += [
                round(paper + (full - paper) * step / steps)
                for paper, full in zip(PAPER, colour, strict=True)
            ]
    picture.putpalette(palette)
    return picture
