"""Which files go out for a picture, what they are called, and what a text asks for."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from plugins.pictures.core import (
    Look,
    Picture,
    PictureError,
    Settings,
    asked_for,
    check_height,
    format_of,
    show,
    srcset,
    url,
    widths,
)
from publishing.deploy.objects import FINGERPRINTED_S, Body, headers

PHOTO = Picture("bilder/foto.jpg", "ab" * 16, Look(3000, 2000, "photo"))


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (1, [1]),
        (599, [599]),
        (600, [600]),
        (740, [740]),
        (800, [600, 800]),
        (1100, [600, 1100]),
        (1200, [600, 900, 1200]),
        (9000, [600, 900, 1200]),
    ],
)
def test_nothing_is_enlarged_and_no_two_widths_are_alike(width: int, expected: list[int]) -> None:
    assert widths(width, Settings()) == expected


def test_a_photo_has_copies_in_each_format_and_width() -> None:
    shown = show(PHOTO, Settings())
    assert (shown.fallback.name, shown.fallback.width, shown.fallback.height) == (
        "bilder/foto.jpg",
        1200,
        800,
    )
    assert {name: [copy.width for copy in copies] for name, copies in shown.sources.items()} == {
        "avif": [600, 900, 1200],
        "webp": [600, 900, 1200],
    }
    assert [copy.height for copy in shown.sources["avif"]] == [400, 600, 800]
    assert len({copy.name for copy in shown.lighter}) == 6


def test_names_change_with_content_and_settings_so_that_browsers_may_keep_them() -> None:
    def name(picture: Picture, settings: Settings) -> str:
        return show(picture, settings).sources["avif"][0].name

    first = name(PHOTO, Settings())
    assert re.fullmatch(r"bilder/foto-600-[0-9a-f]{10}\.avif", first)
    assert name(PHOTO, Settings()) == first
    others = {
        name(replace(PHOTO, digest="cd" * 16), Settings()),
        name(replace(PHOTO, path="bilder/foto.jpeg"), Settings()),
        name(PHOTO, Settings(quality=(("avif", 50), ("jpeg", 80), ("webp", 76)))),
    }
    assert len(others | {first}) == 4
    kept = headers("bilder/foto-600-1a2b3c4d5e.avif", Body("0" * 64))
    assert f"max-age={FINGERPRINTED_S}" in kept["CacheControl"]


def test_a_drawing_goes_out_alone() -> None:
    shown = show(Picture("a/b.svg", "0", Look(720, 250, "drawing")), Settings())
    assert (shown.fallback.name, shown.fallback.width, shown.sources) == ("a/b.svg", 720, {})


def test_addresses_are_fit_for_lists() -> None:
    assert url("bilder/Größe 1, neu.jpg") == "/bilder/Gr%C3%B6%C3%9Fe%201%2C%20neu.jpg"
    copies = show(replace(PHOTO, look=Look(800, 400, "photo")), Settings()).sources["webp"]
    assert re.fullmatch(r"/bilder/\S+\.webp 600w, /bilder/\S+\.webp 800w", srcset(copies))
    assert " " not in srcset(copies[:1])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("foto.jpg", ("foto.jpg", True)),
        ("../bilder/foto.jpg", ("../bilder/foto.jpg", True)),
        ("{static}/bilder/foto.jpg", ("/bilder/foto.jpg", True)),
        ("{attach}foto.jpg", ("foto.jpg", True)),
        ("|filename|/a b.jpg", ("/a b.jpg", True)),
        ("/bilder/foto.jpg", ("/bilder/foto.jpg", False)),
        ("foto.jpg?neu#x", ("foto.jpg", True)),
        ("https://beispiel.example/foto.jpg", None),
        ("//beispiel.example/foto.jpg", None),
        ("data:image/png;base64,AA==", None),
        ("", None),
        ("{static}//[", None),
    ],
)
def test_what_a_text_asks_for(address: str, expected: tuple[str, bool] | None) -> None:
    assert asked_for(address) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a/x.JPG", "jpeg"), ("x.jpeg", "jpeg"), ("x.svg", "svg"), ("x.pdf", ""), ("jpg", "")],
)
def test_the_name_says_the_format(path: str, expected: str) -> None:
    assert format_of(path) == expected


@pytest.mark.parametrize("path", ["x.heic", "X.TIF", "x.dng", "x.svgz"])
def test_what_browsers_do_not_show_is_refused(path: str) -> None:
    with pytest.raises(PictureError, match=r"zeigen nicht alle Browser\. Speichern Sie es als"):
        format_of(path)


def test_an_endless_strip_is_refused() -> None:
    check_height(Look(1200, 8000, "photo"), Settings())
    check_height(Look(3600, 24000, "photo"), Settings())
    with pytest.raises(PictureError, match=r"mit 1200 × 8001 Pixeln zu hoch"):
        check_height(Look(1200, 8001, "photo"), Settings())
