"""Tips that are out, series and the site have an image each, drawn once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from plugins.incremental import parallel
from plugins.share_images import adapter
from plugins.share_images.drawing import Card, draw
from plugins.source.problem import SourceError
from tests.plugins.pelican_site import Built, PelicanSite

IMAGES = [
    "bild.png",
    "serien/garten/bild.png",
    "tipps/2026-kw01/bild.png",
    "tipps/2026-kw02/bild.png",
    "tipps/2026-kw06/bild.png",
]


def _build(site: PelicanSite, **settings: Any) -> Built:
    return site.build(**{"SHARE_IMAGE": "bild.png", **settings})


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """The cards that builds draw, rather than take from the cache."""
    cards: list[Card] = []

    def note(card: Card) -> bytes:
        cards.append(card)
        return draw(card)

    monkeypatch.setattr(adapter, "draw", note)
    # What other processes draw could not be noted here.
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    return cards


def test_what_is_out_has_an_image(pelican_site: PelicanSite, drawn: list[Card]) -> None:
    built = _build(pelican_site)
    images = [path for path in built.output if path.endswith(".png")]
    assert images == IMAGES
    for path in images:
        assert Image.open(io.BytesIO(built.output[path])).size == (1200, 630)
    assert "Zukunft" not in {card.title for card in drawn}
    tip = next(card for card in drawn if card.title == "Apostroph")
    assert (tip.kind, tip.more) == (
        "Mittwochstipp",
        "KW\u00a02/2026\u00a0· Zeichen\u00adsetzung",
    ) or (tip.more == "KW\u00a02/2026\u00a0· Zeichensetzung")
    assert (tip.wrong, tip.right) == ("Peter's Buch", "Peters Buch")
    assert (tip.site, tip.host) == ("Mittwochspost", "mittwochspost.example")
    series = next(card for card in drawn if card.kind == "Serie")
    assert (series.title, series.text) == ("Der Garten", "Eine Serie.")


def test_only_what_has_changed_is_drawn(pelican_site: PelicanSite, drawn: list[Card]) -> None:
    before = _build(pelican_site).output
    assert len(drawn) == len(IMAGES)
    drawn.clear()
    assert _build(pelican_site).output == before
    assert drawn == []
    pelican_site.replace("tipps/2026.yaml", "Die Ähre schreibt", "Jede Ähre schreibt")
    after = _build(pelican_site).output
    assert [card.title for card in drawn] == ["Ähre"]
    assert {path for path in IMAGES if before[path] != after[path]} == {IMAGES[-1]}


def test_a_clean_build_draws_nothing_again(pelican_site: PelicanSite, drawn: list[Card]) -> None:
    before = _build(pelican_site).output
    drawn.clear()
    assert _build(pelican_site, BUILD_CLEAN=True).output == before
    assert drawn == []


def test_a_damaged_image_in_the_cache_is_drawn_again(
    pelican_site: PelicanSite, drawn: list[Card]
) -> None:
    before = _build(pelican_site).output
    drawn.clear()
    for path in (pelican_site.folder / "cache/bilder").iterdir():
        path.write_bytes(path.read_bytes()[:-100])
    assert _build(pelican_site, BUILD_CLEAN=True).output == before
    assert len(drawn) == len(IMAGES)


def test_without_a_place_for_drawn_images_they_are_drawn_each_time(
    pelican_site: PelicanSite, drawn: list[Card]
) -> None:
    (pelican_site.folder / "cache").mkdir()
    (pelican_site.folder / "cache/bilder").write_text("eine Datei")
    built = _build(pelican_site)
    assert [path for path in built.output if path.endswith(".png")] == IMAGES
    _build(pelican_site, BUILD_CLEAN=True)
    assert len(drawn) == 2 * len(IMAGES)


def test_the_oldest_drawn_images_are_forgotten(
    pelican_site: PelicanSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "KEPT", 2)
    _build(pelican_site)
    pelican_site.replace("tipps/2026.yaml", "Die Ähre schreibt", "Jede Ähre schreibt")
    _build(pelican_site)
    assert len([*(pelican_site.folder / "cache/bilder").iterdir()]) == 2 + 1


def test_exceptions_of_hyphenation_reach_the_images(
    pelican_site: PelicanSite, drawn: list[Card]
) -> None:
    pelican_site.replace("tipps/2026.yaml", "headword: Apostroph", "headword: Zeilenumbruch")
    _build(pelican_site)
    pelican_site.write("trennung.yaml", "- Zei|lenumbruch\n")
    _build(pelican_site)
    titles = [card.title for card in drawn if "umbruch" in card.title]
    assert titles == ["Zeilen\u00adumbruch", "Zei\u00adlenumbruch"]


def test_images_can_have_another_name_or_be_left_out(pelican_site: PelicanSite) -> None:
    named = pelican_site.build(SHARE_IMAGE="teilen.png")
    assert "tipps/2026-kw02/teilen.png" in named.output
    assert not [path for path in named.output if path.endswith("bild.png")]
    assert not [path for path in pelican_site.build(SHARE_IMAGE="").output if path.endswith(".png")]


@pytest.mark.parametrize("name", ["bild.jpg", "../bild.png", "a/b.png", ".png", True])
def test_a_name_that_is_none_stops_the_build(name: object, pelican_site: PelicanSite) -> None:
    with pytest.raises(SourceError) as caught:
        _build(pelican_site, SHARE_IMAGE=name)
    (problem,) = caught.value.problems
    assert (problem.file, problem.field) == ("pelicanconf.py", "SHARE_IMAGE")
    assert str(name) in str(problem)


def test_an_image_that_somebody_touched_is_put_right(
    pelican_site: PelicanSite, drawn: list[Card]
) -> None:
    before = _build(pelican_site).output
    drawn.clear()
    (pelican_site.folder / "output" / IMAGES[-1]).write_bytes(b"anders")
    (pelican_site.folder / "output" / IMAGES[0]).unlink()
    assert _build(pelican_site).output == before
    assert drawn == []


def test_drawn_images_are_found_by_what_is_on_them(tmp_path: Path, drawn: list[Card]) -> None:
    card = Card("Mittwochstipp", "KW 1", "Komma", "Hier.", "Post", "a.example")
    kept = adapter.Drawn(tmp_path)
    assert kept.image(card) == kept.image(card) == adapter.Drawn(tmp_path).image(card)
    assert drawn == [card]
    kept.image(Card("Mittwochstipp", "KW 2", "Komma", "Hier.", "Post", "a.example"))
    assert len(drawn) == 2
