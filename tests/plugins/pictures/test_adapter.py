"""Pictures go out small and silent, each is made once, and none before its time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from plugins.incremental import parallel
from plugins.pictures import library, raster
from plugins.pictures.adapter import DEFAULTS, PicturesGenerator, own_settings
from plugins.pictures.core import Settings
from plugins.source.problem import SourceError
from tests.plugins.pelican_site import Built, PelicanSite
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

SMALL = {"PICTURES_WIDTHS": (60, 100), "PICTURES_FORMATS": ("webp",)}
_ENDINGS = (".jpg", ".png", ".webp", ".avif", ".svg", ".gif")


def _build(site: PelicanSite, **settings: Any) -> Built:
    return site.build(**{**SMALL, **settings})


def _pictures(built: Built) -> list[str]:
    """Return the pictures that went out; marks of contents are x."""
    names = [name for name in built.output if name.endswith(_ENDINGS)]
    return [re.sub(r"-[0-9a-f]{10}\.", "-x.", name) for name in names if "spaten" not in name]


def _show(site: PelicanSite, name: str, *, post: str = "zwei") -> None:
    site.replace(f"artikel/{post}.md", "Kurz.", f'Kurz.\n\n![Alt]({name} "Titel")')


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """(format, width) of each copy that builds make, all in this process."""
    found: list[tuple[str, int]] = []
    before = raster.encoded

    def note(image: Any, copy: Any, *more: Any) -> bytes:
        found.append((copy.format, copy.width))
        return before(image, copy, *more)

    monkeypatch.setattr(library.raster, "encoded", note)
    monkeypatch.setattr(parallel, "can_fork", lambda: False)
    return found


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Jinja makes of templates, which depends on nothing else, and takes most of a build's time."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(autouse=True)
def _one_set_of_templates(pelican_site: PelicanSite, templates: Path) -> None:
    (pelican_site.folder / "cache").mkdir()
    (pelican_site.folder / "cache/templates").symlink_to(templates)


@pytest.fixture
def site(pelican_site: PelicanSite) -> PelicanSite:
    """A site with a photo, taken upright with all that a phone notes, in a folder that texts do not show."""
    stored = quarters(160, 80).transpose(Image.Transpose.ROTATE_90)
    pelican_site.write("bilder/foto.jpg", saved(stored, "JPEG", exif=exif(6), quality=95))
    return pelican_site


# -- What goes out ----------------------------------------------------------------------------------------


def test_a_picture_that_is_shown_goes_out_in_all_sizes(site: PelicanSite) -> None:
    source = site.content / "bilder/foto.jpg"
    before = source.read_bytes()
    _show(site, "foto.jpg")
    built = _build(site, PICTURES_FORMATS=("avif", "webp"))
    assert built.problems == []
    assert _pictures(built) == [
        "bilder/foto-100-x.avif",
        "bilder/foto-100-x.webp",
        "bilder/foto-60-x.avif",
        "bilder/foto-60-x.webp",
        "bilder/foto.jpg",
    ]
    html = built.text("blog/der-zweite-beitrag/index.html")
    for name, data in built.output.items():
        if name.startswith("bilder/foto"):
            assert f"/{name}" in html
            assert corners(opened(data)) == UPRIGHT
            assert SECRET.encode() not in data
    assert 'width="100"' in html
    assert 'height="50"' in html
    assert source.read_bytes() == before
    feed = built.text("feeds/artikel.atom.xml")
    assert re.search(r"https://mittwochspost\.example/bilder/foto-60-\w+\.avif 60w, https://", feed)
    assert not re.search(r"[\"' ]/bilder/", feed)


def test_what_no_text_shows_keeps_its_address_and_goes_out_once(site: PelicanSite) -> None:
    """Other sites may link to it."""
    site.write("bilder/tief/alt.PNG", talkative("PNG"))
    site.write("bilder/blatt.pdf", b"%PDF")
    # Messengers and browsers save under any name; what goes out is what the name says.
    site.write("bilder/falsch.jpg", saved(quarters(), "WEBP", lossless=True))
    built = _build(site)
    assert _pictures(built) == ["bilder/falsch.jpg", "bilder/foto.jpg"]
    assert opened(built.output["bilder/falsch.jpg"]).format == "JPEG"
    assert opened(built.output["bilder/foto.jpg"]).size == (100, 50)
    assert SECRET.encode() not in built.output["bilder/tief/alt.PNG"]
    assert built.output["bilder/blatt.pdf"] == b"%PDF"


def test_drawings_go_out_clean(site: PelicanSite) -> None:
    site.write("bilder/spaten.svg", f'<svg {SVG} onload="x()"><script>x()</script><g/></svg>')
    built = _build(site)
    assert built.text("bilder/spaten.svg") == f"<svg {SVG}><g /></svg>\n"


def test_pictures_show_in_every_kind_of_text(site: PelicanSite) -> None:
    for name in ("seite", "serie", "tipp", "zitat", "kurz"):
        site.write(f"bilder/{name}.jpg", saved(quarters(160, 80), "JPEG"))
    site.replace("seiten/ueber-mich.md", "Ein Beispiel.", "![Alt](seite.jpg)")
    site.replace("serien/garten.md", "Willkommen.", "![Alt](serie.jpg)")
    site.replace("tipps/2026.yaml", 'more: "Mehr', 'more: "![Alt](tipp.jpg) Mehr')
    site.replace(
        "artikel/zwei.md", "Kurz.", "/// zitat | Wer, Was\n\nSo.\n\n![Alt](zitat.jpg)\n///"
    )
    site.replace("artikel/eins.md", "Worum es *zuerst* geht.", "'Das: ![Alt](kurz.jpg)'")
    templates = {
        "series.html": "{{ series.content }}",
        "index.html": "{% for article in articles %}{{ article.summary }}{% endfor %}",
    }
    for name, text in templates.items():
        site.write(f"../theme/templates/{name}", text)
    built = _build(site, JINJA_ENVIRONMENT={"autoescape": False})
    assert built.problems == []
    pages = {
        "seite": "ueber-mich/index.html",
        "serie": "serien/garten/index.html",
        "tipp": "tipps/2026-kw02/index.html",
        "zitat": "blog/der-zweite-beitrag/index.html",
        "kurz": "index.html",
    }
    for name, page in pages.items():
        found = re.search(rf'srcset="/(bilder/{name}-60-\w+\.webp) 60w', built.text(page))
        assert found, name
        assert found[1] in built.output


# -- What does not go out yet -----------------------------------------------------------------------------


def test_what_only_a_post_to_come_shows_waits_and_may_be_missing(site: PelicanSite) -> None:
    _show(site, "foto.jpg")
    _show(site, "fehlt.jpg")
    site.replace("artikel/zwei.md", "date: 2026-02-11", "date: 2026-12-11")
    before = _build(site)
    assert (before.problems, _pictures(before)) == ([], [])
    (problem,) = _build(site, SITE_DATE="2026-12-24").problems
    assert problem.message == "Das Bild „fehlt.jpg“ gibt es nicht."


def test_what_a_post_shows_too_goes_out_whoever_waits(site: PelicanSite) -> None:
    _show(site, "foto.jpg")
    site.replace("artikel/zwei.md", "tags: [Beete]", "status: draft")
    site.replace(
        "artikel/eins.md", "Ein [Link]", "Ein [Foto]({static}/bilder/foto.jpg), ein [Link]"
    )
    # It is only linked to: no copies.
    assert _pictures(_build(site)) == ["bilder/foto.jpg"]


def test_what_only_a_tip_to_come_shows_goes_out_with_it(site: PelicanSite) -> None:
    tip = 'tip: "Das steht noch aus."'
    site.replace("tipps/2026.yaml", tip, f'{tip}\n  more: "![Alt](foto.jpg)"')
    assert _pictures(_build(site)) == []
    assert "bilder/foto.jpg" in _pictures(_build(site, SITE_DATE="2026-12-30"))


def test_a_preview_shows_what_drafts_show(site: PelicanSite) -> None:
    _show(site, "foto.jpg")
    site.replace("artikel/zwei.md", "tags: [Beete]", "status: draft")
    built = _build(site, DRAFT_SAVE_AS="entwurf/{slug}/index.html")
    assert "bilder/foto.jpg" in _pictures(built)


# -- Each is made once ------------------------------------------------------------------------------------


def test_only_what_has_changed_is_made(site: PelicanSite, made: list[tuple[str, int]]) -> None:
    _show(site, "foto.jpg")
    first = _build(site)
    assert sorted(made) == [("jpeg", 100), ("webp", 60), ("webp", 100)]
    made.clear()
    site.replace("artikel/zwei.md", "Kurz.", "Lang.")
    again = _build(site)
    assert {name for name in again.output if "bilder" in name} <= first.output.keys()
    # Nor does a build that begins anew, nor one that has lost its output.
    assert _build(site, BUILD_CLEAN=True).output == again.output
    (site.folder / "output/bilder/foto.jpg").write_bytes(b"anders")
    assert _build(site).output == again.output
    assert made == []


def test_a_new_picture_under_an_old_name_changes_the_pages(
    site: PelicanSite, made: list[tuple[str, int]]
) -> None:
    _show(site, "foto.jpg")
    first = _build(site)
    made.clear()
    site.write("bilder/foto.jpg", saved(quarters(80, 80), "JPEG"))
    second = _build(site)
    assert sorted(made) == [("jpeg", 80), ("webp", 60), ("webp", 80)]
    html = second.text("blog/der-zweite-beitrag/index.html")
    assert 'height="80"' in html
    assert set(re.findall(r"/(bilder/[\w.-]+)", html)) == {
        name for name in second.output if "foto" in name
    }
    old = {name for name in first.output if name.endswith(".webp")}
    assert old.isdisjoint(second.output)


def test_a_picture_beside_the_text_takes_the_place_of_one_with_others(site: PelicanSite) -> None:
    _show(site, "foto.jpg")
    _build(site)
    site.write("artikel/foto.jpg", saved(quarters(80, 80), "JPEG"))
    assert 'src="/artikel/foto.jpg"' in _build(site).text("blog/der-zweite-beitrag/index.html")


def test_a_tip_shows_the_new_picture(site: PelicanSite) -> None:
    site.replace("tipps/2026.yaml", 'more: "Mehr', 'more: "![Alt](foto.jpg) Mehr')
    first = _build(site).text("tipps/2026-kw02/index.html")
    site.write("bilder/foto.jpg", saved(quarters(90, 90), "JPEG"))
    assert _build(site).text("tipps/2026-kw02/index.html") != first


def test_other_settings_make_other_copies(site: PelicanSite) -> None:
    _show(site, "foto.jpg")
    first = _build(site).output["bilder/foto.jpg"]
    other = _build(site, PICTURES_WIDTHS=[99], PICTURES_FORMATS=[], PICTURES_QUALITY={"jpeg": 10})
    assert _pictures(other) == ["bilder/foto.jpg"]
    assert opened(other.output["bilder/foto.jpg"]).size == (99, 50)
    assert len(other.output["bilder/foto.jpg"]) < len(first)


def test_on_several_cores_the_files_are_the_same(
    site: PelicanSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show(site, "foto.jpg")
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    one = _build(site).output
    monkeypatch.setattr(parallel, "cores", lambda: 3)
    assert _build(site, CACHE_PATH=str(site.folder / "anderswo")).output == one


# -- What stops the build ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.jpg", lambda: saved(quarters(), "JPEG")[:-200], "Die Bilddatei ist beschädigt."),
        ("a.heic", lambda: b"", "Bilder mit der Endung .heic zeigen nicht alle Browser."),
    ],
)
def test_a_mistake_is_told_once_with_file_and_line(
    pelican_site: PelicanSite, name: str, data: Callable[[], bytes], message: str
) -> None:
    pelican_site.write(f"bilder/{name}", data())
    (unshown,) = _build(pelican_site).problems
    assert (unshown.file, unshown.line) == (f"content/bilder/{name}", None)
    assert unshown.message.startswith(message)
    _show(pelican_site, name)
    (shown,) = _build(pelican_site).problems
    assert (shown.file, shown.line, shown.field) == ("content/artikel/zwei.md", 11, "Bild")
    assert shown.message == unshown.message


def test_a_picture_that_breaks_during_a_build_is_named(
    site: PelicanSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = PicturesGenerator.generate_output

    def late(generator: Any, writer: Any) -> None:
        site.write("bilder/foto.jpg", b"")
        before(generator, writer)

    monkeypatch.setattr(PicturesGenerator, "generate_output", late)
    with pytest.raises(SourceError, match=r"bilder/foto\.jpg: Das Bild wurde geändert, während"):
        _build(site)


def test_a_mistake_in_a_tip_is_told_with_its_line(pelican_site: PelicanSite) -> None:
    pelican_site.replace("tipps/2026.yaml", 'more: "Mehr', 'more: "![Alt](fehlt.jpg) Mehr')
    (problem,) = _build(pelican_site).problems
    assert (problem.file, problem.line) == ("content/tipps/2026.yaml", 7)
    assert problem.message == "Das Bild „fehlt.jpg“ gibt es nicht."


def test_the_defaults_are_right_and_a_wrong_setting_stops_the_build(
    pelican_site: PelicanSite,
) -> None:
    assert own_settings(DEFAULTS) == Settings()
    with pytest.raises(SourceError, match="PICTURES_WIDTHS"):
        pelican_site.build(PICTURES_WIDTHS=0)
