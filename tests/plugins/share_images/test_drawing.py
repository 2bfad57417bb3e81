"""Every length looks good: eight shapes, as they were looked at, and rules for all of them."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from plugins.share_images.drawing import HEIGHT, MARGIN, PAPER, WIDTH, Card, draw, drawable, layout

#: Written by `python -m tests.plugins.share_images.test_drawing`; look at them before you keep them.
SHAPES = Path(__file__).parent / "shapes"


def _card(title: str, text: str, wrong: str = "", right: str = "") -> Card:
    return Card(
        kind="Mittwochstipp",
        more="KW\u00a047/2026\u00a0· Rechtschreibung",
        title=title,
        text=text,
        site="Mittwochspost",
        host="mittwochspost.example",
        wrong=wrong,
        right=right,
    )


_LONG = (
    "Wer viel schreibt, braucht kurze Sätze; wer kurze Sätze schreibt, braucht klare Gedanken; und "
    "wer klare Gedanken hat, der schreibt am Ende meist auch kürzer, als er dachte. Prüfen Sie "
    "deshalb jeden Satz, der über zwei Zeilen reicht, und teilen Sie ihn, sooft es geht, in drei."
)
CARDS = {
    "shortest": _card("Komma", "Hier steht eins."),
    "longest": _card("Getrennt- und Zusammenschreibung", _LONG),
    "compound": _card(
        "Donau\u00addampf\u00adschifffahrts\u00adgesellschafts\u00adkapitän",
        "Rindfleisch\u00adetikettierungs\u00adüberwachungs\u00adaufgaben\u00adübertragungs\u00adgesetz "
        "schreibt man zusammen.",
    ),
    "pair": _card(
        "Apostroph", "Der Genitiv kommt ohne Apostroph aus.", "Peter's Buch", "Peters Buch"
    ),
    "long_pair": _card(
        "Satzklammer",
        "Ein deutsches Verb hat oft zwei Teile, und dazwischen passt ein halber Roman. Halten Sie "
        "die Klammer kurz: erst das Verb zu Ende bringen, dann den Nebensatz anhängen.",
        "Wir schicken Ihnen die Rechnung, die wir wegen eines Fehlers zurückgezogen hatten, morgen zu.",
        "Wir schicken Ihnen morgen die Rechnung zu, die wir wegen eines Fehlers zurückgezogen hatten.",
    ),
    "pair_without_room": _card("Bandwurmsätze", _LONG, _LONG[:120], _LONG[:120]),
    "series": replace(
        _card("Netzwerken", "Eine Reihe mit Beispielen aus dem Alltag einer Korrektorin."),
        kind="Serie",
        more="",
    ),
    "site": replace(
        _card("Mittwochspost", "Sprache, Texte, Selbstständigkeit\u00a0– jeden Mittwoch ein Tipp"),
        kind="Henrike Voss",
        more="",
    ),
}
HOSTILE = {
    "nothing": _card("", ""),
    "one_word": _card("W" * 300, "W" * 3000),
    "address": _card("Adressen", "https://mittwochspost.example/" + "sehr/lang/" * 30),
    "all": _card(_LONG, _LONG * 8, _LONG, _LONG),
    "signs": _card("§ 1 €", "½ ≠ → … „‚’“ ẞß Ææ Łł Čč Ωω Жж 1234567890 ✓ x²"),
}


def _picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _difference(data: bytes, shape: str) -> int:
    """Return how many pixels are much lighter or darker than in the approved *shape*."""
    approved = _picture((SHAPES / f"{shape}.png").read_bytes())
    found = ImageChops.difference(_picture(data), approved).convert("L")
    return sum(found.histogram()[96:])


def write_shapes() -> None:
    """Draw the eight shapes anew, to be looked at."""
    SHAPES.mkdir(exist_ok=True)
    for name, card in CARDS.items():
        (SHAPES / f"{name}.png").write_bytes(draw(card))


@pytest.mark.parametrize("name", CARDS)
def test_a_shape_looks_as_it_was_approved(name: str) -> None:
    """Another FreeType may set an edge a little darker; another line break or size is a fault."""
    assert _difference(draw(CARDS[name]), name) < 300


def test_there_are_eight_shapes_and_a_wrong_one_would_be_noticed() -> None:
    assert len(CARDS) == 8 == len(list(SHAPES.glob("*.png")))
    assert _difference(draw(replace(CARDS["pair"], title="Apostrophe")), "pair") > 300


@pytest.mark.parametrize("name", [*CARDS, *HOSTILE])
def test_nothing_touches_the_margins_and_the_file_is_small(name: str) -> None:
    data = draw((CARDS | HOSTILE)[name])
    picture = _picture(data)
    assert (picture.size, picture.getpixel((0, 0))) == ((WIDTH, HEIGHT), PAPER)
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, PAPER)).getbbox()
    assert box is not None
    left, top, right, bottom = box
    # A letter may hang over its place by a few pixels, as „W“ does.
    assert left >= MARGIN - 6
    assert right <= WIDTH - MARGIN + 6
    assert top >= 50
    assert bottom <= HEIGHT - 45
    assert len(data) <= 40_000
    colours = Image.open(io.BytesIO(data)).getpalette()
    assert colours is not None
    assert len(colours) <= 16 * 3


@pytest.mark.parametrize("name", [*CARDS, *HOSTILE])
def test_no_two_lines_meet(name: str) -> None:
    runs = layout(drawable((CARDS | HOSTILE)[name]))
    lines = {run.y: run.size for run in runs if run.text not in ("×", "✓", "")}
    baselines = sorted(lines)
    assert all(
        below - above >= 0.9 * min(lines[above], lines[below])
        for above, below in pairwise(baselines)
    )


def test_the_same_card_gives_the_same_bytes() -> None:
    assert draw(CARDS["long_pair"]) == draw(CARDS["long_pair"])


def test_the_text_is_as_large_as_it_can_be() -> None:
    sizes = {
        name: max(run.size for run in layout(card) if run.text[:1] in card.text[:1] + "H")
        for name, card in CARDS.items()
    }
    assert sizes["shortest"] > sizes["pair"] > sizes["long_pair"]
    assert sizes["longest"] >= 40


def test_a_pair_without_room_is_left_out_whole() -> None:
    for name, has_pair in (("pair", True), ("long_pair", True), ("pair_without_room", False)):
        texts = [run.text for run in layout(CARDS[name])]
        assert ("×" in texts, "✓" in texts) == (has_pair, has_pair), name


def test_what_our_fonts_do_not_know_is_left_out() -> None:
    """A pair that is about it would say nothing any more."""
    card = drawable(_card("Emojis 😀", "Nach 😀 folgt 日 nichts.", "Danke! 😀.", "Danke! 😀"))
    assert (card.title, card.text) == ("Emojis ", "Nach  folgt  nichts.")
    assert (card.wrong, card.right) == ("", "")
    assert drawable(CARDS["compound"]) == CARDS["compound"]


if __name__ == "__main__":
    write_shapes()
