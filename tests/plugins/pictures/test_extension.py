"""An ``img`` of the author's gets its size, lighter copies before it, and waits where it can."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown
from PIL import Image

from plugins.pictures.core import Settings
from plugins.pictures.extension import PicturesExtension
from plugins.pictures.library import Library
from tests.plugins.pictures.drawn import SVG, saved

FILES = {
    "bilder/foto.jpg": saved(Image.new("L", (1000, 500)), "JPEG"),
    "bilder/Größe 1.png": saved(Image.new("L", (40, 20)), "PNG"),
    "bilder/skizze.svg": f'<svg {SVG} viewBox="0 0 72 25"/>'.encode(),
    "bilder/blatt.pdf": b"%PDF",
    "artikel/tief/neben.png": saved(Image.new("L", (40, 20)), "PNG"),
    "artikel/text.md": b"",
    "geheim.png": saved(Image.new("L", (4, 2)), "PNG"),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the author's with pictures; nothing changes it."""
    content = tmp_path_factory.mktemp("site") / "content"
    for name, data in FILES.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (content.parent / "draussen.png").write_bytes(FILES["geheim.png"])
    return content


def _reader(content: Path, **own: Any) -> Any:
    settings = {
        "PATH": str(content),
        "STATIC_PATHS": ["bilder"],
        "CACHE_PATH": str(content.parent / "cache"),
    }
    library = Library(settings, Settings(**own))
    md: Any = Markdown(
        extensions=["extra", "plugins.figures.extension", PicturesExtension(library)],
        output_format="html",
    )
    md.problems, md.reads = [], []
    md.document = SimpleNamespace(file=str(content / "artikel/tief/text.md"), is_out=True)
    return md


def _html(content: Path, text: str, **own: Any) -> str:
    md = _reader(content, **own)
    html: str = md.convert(text)
    assert md.problems == []
    return html


def _one(content: Path, address: str) -> Tag:
    image = BeautifulSoup(_html(content, f"![Alt]({address})"), "html.parser").img
    assert image is not None
    return image


def _problem(content: Path, address: str) -> Any:
    md = _reader(content)
    html = md.convert(f"![Alt]({address})")
    assert "<picture>" not in html
    assert [problem.field for problem in md.problems] == ["Bild"]
    return md.problems[0]


def test_a_photo_has_lighter_copies_the_best_first(content: Path) -> None:
    html = _html(content, '![Ein *Foto*](foto.jpg "So *sieht* es aus")')
    soup = BeautifulSoup(html, "html.parser")
    figure = soup.select_one("figure.picture")
    assert figure is not None
    assert [child.name for child in figure.find_all(recursive=False)] == ["picture", "figcaption"]
    sources = soup.select("figure > picture > source")
    assert [source["type"] for source in sources] == ["image/avif", "image/webp"]
    for source in sources:
        ending = str(source["type"]).removeprefix("image/")
        candidates = [candidate.split() for candidate in str(source["srcset"]).split(",")]
        assert [width for _, width in candidates] == ["600w", "1000w"]
        assert all(
            url.startswith("/bilder/foto-") and url.endswith(ending) for url, _ in candidates
        )
        assert source["sizes"] == Settings().sizes
    image = soup.select_one("picture > img")
    assert image is not None
    assert image.attrs == {
        "alt": "Ein *Foto*",
        "src": "/bilder/foto.jpg",
        "width": "1000",
        "height": "500",
        "decoding": "async",
    }


def test_a_picture_in_one_width_needs_no_sizes(content: Path) -> None:
    html = _html(content, "![Alt](neben.png)")
    assert "sizes" not in html
    assert html.count("srcset=") == 2
    assert " 40w" not in html


def test_a_drawing_has_its_size_and_no_copies(content: Path) -> None:
    assert _html(content, "![Alt](skizze.svg)") == (
        '<p><img alt="Alt" decoding="async" height="25" src="/bilder/skizze.svg" width="72"></p>'
    )


def test_all_but_the_first_wait_until_they_come_near(content: Path) -> None:
    text = "![A](skizze.svg)\n\nText ![B](foto.jpg) und\n\n> ![C](neben.png)\n\n- ![D](skizze.svg){loading=eager}"
    images = BeautifulSoup(_html(content, text), "html.parser").select("img")
    assert [image.get("loading") for image in images] == [None, "lazy", "lazy", "eager"]


def test_text_around_a_picture_stays(content: Path) -> None:
    html = _html(content, "Vor ![A](foto.jpg) *und* nach [![B](neben.png)](/blog/) dem Bild.")
    soup = BeautifulSoup(html, "html.parser")
    assert soup.get_text() == "Vor  und nach  dem Bild."
    assert soup.select_one("a > picture > img[alt=B]")


def test_what_the_author_sets_stays(content: Path) -> None:
    image = _html(content, "![A](foto.jpg){.gross width=300 decoding=sync}")
    assert 'class="gross"' in image
    assert 'width="300"' in image
    assert "height=" not in image
    assert 'decoding="sync"' in image


def test_other_formats_are_a_setting(content: Path) -> None:
    html = _html(content, "![A](foto.jpg)", formats=("webp",), widths=(500,), sizes="50vw")
    assert html.count("<source") == 1
    assert "-500-" in html
    assert 'width="500"' in html
    plain = _html(content, "![A](foto.jpg)", formats=())
    assert "<picture" not in plain
    assert 'src="/bilder/foto.jpg"' in plain


@pytest.mark.parametrize(
    ("address", "src"),
    [
        ("foto.jpg", "/bilder/foto.jpg"),
        ("neben.png", "/artikel/tief/neben.png"),
        ("{static}/bilder/foto.jpg", "/bilder/foto.jpg"),
        ("{static}../../bilder/foto.jpg", "/bilder/foto.jpg"),
        ("{attach}neben.png", "/artikel/tief/neben.png"),
        ("../../bilder/foto.jpg", "/bilder/foto.jpg"),
        ("/bilder/foto.jpg", "/bilder/foto.jpg"),
        ("Größe%201.png", "/bilder/Gr%C3%B6%C3%9Fe%201.png"),
        ("<Größe 1.png>", "/bilder/Gr%C3%B6%C3%9Fe%201.png"),
        ("Gro\u0308ße%201.png", "/bilder/Gr%C3%B6%C3%9Fe%201.png"),
    ],
)
def test_a_picture_is_found_by_what_the_author_calls_it(
    content: Path, address: str, src: str
) -> None:
    assert _one(content, address)["src"] == src


@pytest.mark.parametrize(
    "address",
    ["https://fremd.example/x.jpg", "//fremd.example/x.jpg", "data:image/png;base64,AA==", "/theme/x.svg"],
)  # fmt: skip
def test_what_is_not_the_authors_is_left_to_the_check(content: Path, address: str) -> None:
    assert _one(content, address).attrs == {"alt": "Alt", "src": address}


@pytest.mark.parametrize(
    ("address", "message", "remedy"),
    [
        ("fehlt.jpg", "Das Bild „fehlt.jpg“ gibt es nicht.", "Legen Sie es in content/bilder/"),
        ("Foto.JPG", "Das Bild „Foto.JPG“ gibt es nicht.", "Meinten Sie „foto.jpg“?"),
        ("{static}/bilder/fotos.jpg", "Das Bild „/bilder/fotos.jpg“", "Meinten Sie „foto.jpg“?"),
        ("blatt.pdf", "Die Datei „bilder/blatt.pdf“ ist kein Bild.", "Bilder enden auf .jpg"),
        ("../../../draussen.png", "Das Bild „../../../draussen.png“ gibt es nicht.", "Legen Sie"),
        ("{static}/../draussen.png", "Das Bild „/../draussen.png“ gibt es nicht.", "Legen Sie"),
    ],
)
def test_what_is_missing_is_told_where_it_stands(
    content: Path, address: str, message: str, remedy: str
) -> None:
    problem = _problem(content, address)
    assert problem.message.startswith(message)
    assert problem.remedy.startswith(remedy)
    assert problem.needle == address


def test_a_draft_may_wait_for_its_pictures(content: Path) -> None:
    md = _reader(content)
    md.document.is_out = False
    html = md.convert("![Alt](fehlt.jpg)\n\n![Alt](foto.jpg)")
    assert md.problems == []
    assert 'src="fehlt.jpg"' in html
    assert html.count("<picture>") == 1


def test_what_a_text_depends_on_is_noted(content: Path) -> None:
    """Also where nothing was found: a picture may come."""
    md = _reader(content)
    md.convert("![A](foto.jpg) ![B](/theme/x.svg) ![C](https://fremd.example/x.jpg)")
    assert [kind for kind, _ in md.reads] == ["picture", "picture"]
    library = md.treeprocessors["pictures"]._library
    facts = [library.fact(key) for _, key in md.reads]
    assert facts[0][0] == "bilder/foto.jpg"
    assert facts[1] is None


def test_a_text_without_pictures_is_left_alone(content: Path) -> None:
    md = _reader(content)
    assert md.convert("Ein *Absatz*.") == "<p>Ein <em>Absatz</em>.</p>"
    assert md.reads == []
