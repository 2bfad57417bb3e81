"""SVG goes out with what draws, and nothing else; its size is known."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as etree
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.pictures import raster
from plugins.pictures.core import Look, PictureError, Settings
from plugins.pictures.drawing import cleaned
from tests.plugins.pictures.drawn import SECRET, SVG, opened, saved, talkative
from tests.site import PROJECT

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
CLEAN = partial(raster.rewritten, settings=Settings())


def _cleaned(inside: str, attributes: str = "") -> str:
    """Return what is left between the tags of the root."""
    data, _ = cleaned(f"<svg {SVG} {XLINK} {attributes}>{inside}</svg>".encode(), CLEAN)
    text = data.decode().strip()
    return text.partition(">")[2].removesuffix("</svg>")


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0h4" fill="url(#a)" style="stroke:#c00;filter:url(#b)" />',
        '<g transform="translate(1, 2) rotate(3)" clip-path="url(#c)"><title>Ein Titel</title></g>',
        '<text xml:lang="de" xml:space="preserve" font-size="12">Gr\u00f6\u00dfe &lt; <tspan dy="1em">5</tspan> m</text>',
        '<defs><linearGradient id="a"><stop offset="0" stop-color="red" /></linearGradient></defs>',
        '<style>@media (prefers-color-scheme: dark) { .a &gt; b { fill: url("#x") } }</style>'.replace(
            '"#x"', "'#x'"
        ),
        "<style>@font-face { src: url(data:font/woff2;base64,AA==) }</style>",
        '<use href="#teil" x="1" /><switch><text systemLanguage="de">ja</text></switch>',
        '<filter id="b"><feGaussianBlur in="SourceAlpha" stdDeviation="2" /></filter>',
    ],
)
def test_what_draws_stays(inside: str) -> None:
    assert _cleaned(inside) == inside


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<script>x()</script>", ""),
        ("<SCRIPT>x()</SCRIPT><Script/>", ""),
        ('<script href="https://fremd.example/x.js"/>', ""),
        ('<script xmlns="http://www.w3.org/1999/xhtml">x()</script>', ""),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml">x()</h:script>', ""),
        ('<rect onclick="x()" ONLOAD="x()" onbegin="x()"/>', "<rect />"),
        ('<a href="javascript:x()"><rect/></a>', "<g><rect /></g>"),
        ('<a xlink:href="https://fremd.example/"><text>T</text></a>', "<g><text>T</text></g>"),
        ('<a href="#x"><animate attributeName="href" to="javascript:x()"/></a>', "<g />"),
        ('<rect><set attributeName="onclick" to="x()"/></rect>', "<rect />"),
        ('<use href="https://fremd.example/x.svg#a"/>', "<use />"),
        ('<use xlink:href="data:image/svg+xml,&lt;svg/>#a"/>', "<use />"),
        ('<use xlink:href="#a"/>', '<use href="#a" />'),
        ('<rect fill="url(https://fremd.example/#a)"/>', '<rect fill="none" />'),
        ("<rect fill=\"URL( 'https://fremd.example/' )\"/>", '<rect fill="none" />'),
        ('<rect fill="u\\72l(https://fremd.example/)"/>', "<rect />"),
        ('<rect style="fill:red;mask:url(//fremd.example/)"/>', '<rect style="fill:red;mask:none" />'),
        ('<rect style="fill:u\\72l(https://fremd.example/)"/>', "<rect />"),
        ('<rect style="background:image-set(&quot;https://fremd.example/&quot; 1x)"/>', "<rect />"),
        ('<rect style="fill:url(https://fremd.example/"/>', '<rect style="fill:none" />'),
        (
            '<style>@import url("https://fremd.example/a;b.css") screen; a{fill:red}</style>',
            "<style> a{fill:red}</style>",
        ),
        ("<style>@IMPORT 'https://fremd.example/'</style>", "<style />"),
        ("<style>/* geheim */a{b:url(x)}/* offen</style>", "<style>a{b:none}</style>"),
        (
            "<style><![CDATA[a{b:url(x)}</style><script>]]></style>",
            "<style>a{b:none}&lt;/style&gt;&lt;script&gt;</style>",
        ),
        ("<style>a{b:url(x)}<script>x()</script></style>", "<style>a{b:none}</style>"),
        ('<style>a{b:c}@import "https://fremd.example/</style>', "<style>a{b:c}</style>"),
        ("<style>a{b:c}@import url('https://fremd.example/</style>", "<style>a{b:c}</style>"),
        ('<style>@im@import "x";port "https://fremd.example/";</style>', "<style />"),
        ("<style>@im/**/port 'https://fremd.example/';a{b:c}</style>", "<style>a{b:c}</style>"),
        ('<style>a{b:url("https://fremd.example/</style>', "<style />"),
        ("<style>a{b:url( 'https://fremd.example/)</style>", "<style />"),
        ("<!-- geheim --><?php x() ?><g/>", "<g />"),
        ("<metadata><rdf/></metadata><sodipodi:x xmlns:sodipodi='urn:x'/>", ""),
        ('<g data-a="1" inkscape:b="2" xmlns:inkscape="urn:x" xml:base="https://x/" href="x"/>', "<g />"),
        ("<switch><foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>"
         "<text>T</text></switch>", "<switch><text>T</text></switch>"),
        ("<iframe src='x'/><video/><audio/><feImage href='https://x/'/><handler/>", ""),
    ],
)  # fmt: skip
def test_what_does_more_than_draw_goes(inside: str, expected: str) -> None:
    assert _cleaned(inside) == expected


def test_nothing_runs_in_the_root_either() -> None:
    data, _ = cleaned(f'<svg {SVG} onload="x()" viewBox="0 0 1 1"/>'.encode(), CLEAN)
    assert data.decode() == f'<svg viewBox="0 0 1 1" {SVG} />\n'


_LETTERS = st.text(alphabet="abjurl(:;#\"'/\\@*%)<&> \n", max_size=30)


@settings(max_examples=60)
@given(_LETTERS, _LETTERS)
def test_no_address_gets_through_by_odd_signs(before: str, after: str) -> None:
    """Whatever stands around it, an address in a style goes with what would load it, or all goes."""
    for address in ("url(https://fremd.example/)", '@import "https://fremd.example/"'):
        style = etree.Element("style")
        style.text = f"{before} {address}{after}"
        left = etree.fromstring(_cleaned(etree.tostring(style, encoding="unicode"))).text or ""
        assert "url(https" not in left
        assert "@import" not in left


def test_an_embedded_photo_tells_nothing() -> None:
    photo = base64.b64encode(talkative("JPEG")).decode()
    inside = _cleaned(
        f'<image width="80" height="40" xlink:href="data:image/jpeg;base64,{photo}"/>'
    )
    data = base64.b64decode(inside.partition("base64,")[2].partition('"')[0])
    assert opened(data).size == (80, 40)
    assert SECRET.encode() not in data


@pytest.mark.parametrize(
    ("width", "height", "view_box", "size"),
    [
        ("720", "250", "", (720, 250)),
        ("720px", "250px", "0 0 1 1", (720, 250)),
        ("", "", "0 0 720 250", (720, 250)),
        ("", "", "-10,-10, 20,10", (20, 10)),
        ("100%", "100%", "0 0 72 25", (72, 25)),
        ("144", "", "0 0 72 25", (144, 50)),
        ("", "5e1", "0 0 72 25", (144, 50)),
        ("2.54cm", "25.4mm", "", (96, 96)),
        ("72pt", "1in", "", (96, 96)),
        ("", "", "", (300, 150)),
        ("-5", "0", "0 0 0 nan", (300, 150)),
        ("0.1", "0.1", "", (1, 1)),
        ("1e99", "50", "", (300, 50)),
    ],
)
def test_the_size_is_what_browsers_make_of_it(
    width: str, height: str, view_box: str, size: tuple[int, int]
) -> None:
    named = {"width": width, "height": height, "viewBox": view_box}
    attributes = " ".join(f'{name}="{value}"' for name, value in named.items() if value)
    assert cleaned(f"<svg {SVG} {attributes}/>".encode(), CLEAN)[1] == Look(*size, "drawing")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Die Datei ist kein lesbares SVG"),
        (b"<svg", "Die Datei ist kein lesbares SVG (Zeile 1 der Bilddatei)."),
        (f"<svg {SVG}>\n<g></svg>".encode(), "Die Datei ist kein lesbares SVG (Zeile 2 der Bilddatei)."),
        (f"<svg {SVG}>&nbsp;</svg>".encode(), "Die Datei ist kein lesbares SVG"),
        (f'<?xml version="1.0" encoding="quatsch"?><svg {SVG}/>'.encode(), "Die Datei ist kein lesbares SVG"),
        (b"<svg/>", "Die Datei ist kein SVG."),
        (b"<html><svg/></html>", "Die Datei ist kein SVG."),
        (
            f'<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><svg {SVG}>&c;</svg>'.encode(),
            "Das SVG hat eigene Abkürzungen",
        ),
        (
            f'<!DOCTYPE svg [<!ENTITY a SYSTEM "/etc/passwd">]><svg {SVG}>&a;</svg>'.encode(),
            "Das SVG hat eigene Abkürzungen",
        ),
        (f"<svg {SVG}>{'<g>' * 100}{'</g>' * 100}</svg>".encode(), "Das SVG ist zu tief verschachtelt."),
        (f"<svg {SVG}><foreignObject/></svg>".encode(), "Das SVG enthält HTML"),
        (f'<svg {SVG}><image href="x.png"/></svg>'.encode(), "Das SVG zeigt ein Bild, das nicht in ihm"),
        (f'<svg {SVG}><image href="data:image/svg+xml,x"/></svg>'.encode(), "Das SVG zeigt ein Bild"),
        (f'<svg {SVG}><image href="data:image/png;base64,AAAA"/></svg>'.encode(), "Die Datei ist kein Bild"),
        (f'<svg {SVG}><image href="data:image/png;base64,A"/></svg>'.encode(), "Die Bilddatei ist leer."),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_cannot_be_cleaned_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PictureError) as caught:
        cleaned(data, CLEAN)
    assert caught.value.message.startswith(message)
    assert caught.value.remedy


def test_other_encodings_and_a_doctype_are_read() -> None:
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    text = (
        f'<?xml version="1.0" encoding="iso-8859-1"?>{doctype}<svg {SVG}><title>Maß</title></svg>'
    )
    data, _ = cleaned(text.encode("latin-1"), CLEAN)
    assert data.decode() == f"<svg {SVG}><title>Maß</title></svg>\n"


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "content/bilder").glob("*.svg")), ids=lambda p: p.name
)
def test_our_own_drawings_lose_nothing(path: Path) -> None:
    source = etree.fromstring(path.read_text("utf-8"))
    data, look = cleaned(path.read_bytes(), CLEAN)
    clean = etree.fromstring(data.decode())
    assert [(e.tag, e.attrib, e.text) for e in clean.iter()] == [
        (e.tag, e.attrib, e.text) for e in source.iter()
    ]
    assert (str(look.width), str(look.height)) == (source.get("width"), source.get("height"))


def test_a_drawing_that_was_cleaned_stays_as_it_is() -> None:
    photo = base64.b64encode(saved(opened(talkative("PNG")), "PNG")).decode()
    inside = f'<image href="data:image/png;base64,{photo}" /><style>a{{b:url(#c)}}</style>'
    assert _cleaned(_cleaned(inside)) == _cleaned(inside)
