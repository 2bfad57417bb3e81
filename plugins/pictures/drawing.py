"""
SVG that only draws: elements and attributes of an allow list, no scripts, nothing from elsewhere.

What goes is nothing that a reader would see in a page, where a picture can neither run nor load anything: scripts,
events, animation, links, comments, what drawing programs note for themselves. What would be missed is refused.
Allowed are the names of SVG 2 (https://www.w3.org/TR/SVG2/eltindex.html and attindex.html) that draw.
"""

from __future__ import annotations

import base64
import binascii
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from plugins.pictures.core import Look, PictureError

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_ELEMENTS = frozenset(
    """
    svg g a defs symbol use switch title desc style image
    path rect circle ellipse line polyline polygon text tspan textPath marker
    linearGradient radialGradient stop pattern clipPath mask filter
    feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
    feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode
    feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence
    """.split()
)
_ATTRIBUTES = frozenset(
    """
    id class lang role style viewBox preserveAspectRatio version width height x y
    aria-label aria-labelledby aria-describedby aria-hidden
    d cx cy r rx ry x1 y1 x2 y2 points pathLength transform transform-origin transform-box
    dx dy rotate textLength lengthAdjust startOffset method spacing side
    systemLanguage requiredExtensions requiredFeatures media type
    fill fill-opacity fill-rule stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width color opacity paint-order vector-effect visibility display
    overflow clip clip-path clip-rule mask mask-type filter isolation mix-blend-mode enable-background
    color-interpolation color-interpolation-filters color-rendering image-rendering shape-rendering text-rendering
    font font-family font-feature-settings font-kerning font-size font-size-adjust font-stretch font-style
    font-variant font-variant-caps font-variant-ligatures font-variant-numeric font-weight
    alignment-baseline baseline-shift dominant-baseline direction glyph-orientation-horizontal
    glyph-orientation-vertical inline-size letter-spacing line-height text-align text-anchor text-decoration
    text-overflow unicode-bidi white-space word-spacing writing-mode
    marker marker-start marker-mid marker-end markerHeight markerUnits markerWidth orient refX refY
    gradientTransform gradientUnits spreadMethod offset stop-color stop-opacity fx fy fr
    patternContentUnits patternTransform patternUnits clipPathUnits maskContentUnits maskUnits
    amplitude azimuth baseFrequency bias diffuseConstant divisor edgeMode elevation exponent filterUnits
    flood-color flood-opacity in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength lighting-color
    limitingConeAngle mode numOctaves operator order pointsAtX pointsAtY pointsAtZ preserveAlpha primitiveUnits
    radius result scale seed slope specularConstant specularExponent stdDeviation stitchTiles surfaceScale
    tableValues targetX targetY values xChannelSelector yChannelSelector z
    """.split()
)
_MAX_DEPTH = 100

_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|webp|gif|avif)(?:;[\w=-]+)*?(;base64)?,(.*)", re.S)
# At the end of a style, what is open counts as closed.
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_CSS_IMPORT = re.compile(
    r"""@import\b(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|\([^)]*(?:\)|\Z)|[^;"'(])*(?:;|\Z)""", re.I
)
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')]*))\s*(?:\)|\Z)""", re.I)
# What could hide an address from these expressions, or load one in another way.
_CSS_TRICK = re.compile(
    r"\\|@import|(?:^|[^\w-])(?:-\w+-)?(?:image|image-set|src|cross-fade)\(", re.I
)
_LOCAL = r"(?:#|data:(?:font/|application/(?:x-)?font|application/vnd\.ms-fontobject))"
_IS_LOCAL = re.compile(_LOCAL, re.I)
_FOREIGN_URL = re.compile(rf"url\((?!['\"]?{_LOCAL})", re.I)

_NUMBER = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*([a-zA-Z%]*)\s*")
#: Pixels of a unit, as CSS has them.
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
}
#: The size of a drawing that says none, by CSS 2.2, 10.3.2.
_DEFAULT_SIZE = (300.0, 150.0)

#: Returns the bytes of an embedded picture without what is not to be seen in it.
Cleaner = Callable[[bytes], bytes]


def cleaned(data: bytes, clean: Cleaner) -> tuple[bytes, Look]:
    """
    Return the drawing *data* without what it should not have, and its size in CSS pixels.

    *clean* does the same for pictures that are embedded in it; it may raise PictureError.

    Raises:
        PictureError: It is no SVG, or one that cannot be cleaned without losing something.
    """
    reader = _Reader(clean)
    try:
        reader.read(data)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # ValueError: an encoding of several bytes; LookupError: one that nobody knows.
        line = getattr(error, "lineno", None)
        place = f" (Zeile {line} der Bilddatei)" if line else ""
        raise PictureError(
            f"Die Datei ist kein lesbares SVG{place}.",
            "Speichern Sie die Zeichnung noch einmal als einfaches SVG.",
        ) from None
    root = reader.root
    if root is None or root.tag != "svg":
        raise PictureError(
            "Die Datei ist kein SVG.",
            f'Ist es die richtige Datei? Sie muss mit <svg xmlns="{_SVG}"> beginnen.',
        )
    root.set("xmlns", _SVG)
    text = etree.tostring(root, encoding="unicode")
    return f"{text}\n".encode(), _look(root)


class _Reader:
    """Builds a tree of what is allowed, while the parser reads."""

    def __init__(self, clean: Cleaner) -> None:
        self.root: etree.Element | None = None
        self._clean = clean
        self._open: list[etree.Element] = []
        #: How deep the parser is in something that is left out.
        self._left_out = 0

    def read(self, data: bytes) -> None:
        """
        Read the document *data*.

        Raises:
            PictureError: It has what cannot be left out.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._refuse_entity
        parser.Parse(data, True)

    def _refuse_entity(self, *declaration: object) -> None:
        # They can grow without end („billion laughs“), and read files.
        raise PictureError(
            "Das SVG hat eigene Abkürzungen (<!ENTITY …>).",
            "Speichern Sie die Zeichnung noch einmal als einfaches SVG.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self._left_out or not self._is_allowed(space, tag):
            self._left_out += 1
            return
        if len(self._open) == _MAX_DEPTH:
            raise PictureError(
                "Das SVG ist zu tief verschachtelt.",
                "Lösen Sie in Ihrem Zeichenprogramm die Gruppen auf, und speichern Sie es neu.",
            )
        # What a link encloses stays.
        element = etree.Element("g" if tag == "a" else tag, self._kept(attributes, tag))
        if self._open:
            self._open[-1].append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)

    def _is_allowed(self, space: str, tag: str) -> bool:
        if space == _SVG and tag == "foreignObject" and not self._is_in("switch"):
            raise PictureError(
                "Das SVG enthält HTML (<foreignObject>), das nicht veröffentlicht wird.",
                "Wandeln Sie solchen Text in Ihrem Zeichenprogramm in SVG-Text oder in Pfade um.",
            )
        return space == _SVG and tag in _ELEMENTS

    def _is_in(self, tag: str) -> bool:
        return any(element.tag == tag for element in self._open)

    def _kept(self, attributes: dict[str, str], tag: str) -> dict[str, str]:
        kept = {}
        for name, value in attributes.items():
            space, _, local = name.rpartition(" ")
            if local == "href" and space in ("", _XLINK):
                if target := self._target(value.strip(), tag):
                    kept["href"] = target
            elif not space and local in _ATTRIBUTES:
                harmless = _css(value) if local == "style" else _address(value)
                if harmless:
                    kept[local] = harmless
            elif space == _XML and local in ("lang", "space"):
                kept[f"xml:{local}"] = value
        return kept

    def _target(self, address: str, tag: str) -> str:
        """Return the address if it is in the drawing itself, else "" (a picture elsewhere is not loaded)."""
        if tag == "image":
            return self._embedded(address)
        return address if address.startswith("#") and tag != "a" else ""

    def _embedded(self, address: str) -> str:
        match = _EMBEDDED.fullmatch(address)
        if match is None:
            raise PictureError(
                "Das SVG zeigt ein Bild, das nicht in ihm selbst steckt.",
                "Betten Sie das Bild im Zeichenprogramm ein, statt es zu verknüpfen.",
            )
        try:
            data = base64.b64decode(match[2]) if match[1] else unquote_to_bytes(match[2])
        except binascii.Error:
            data = b""
        clean = self._clean(data)
        kind = address[: address.index(",")].partition(";")[0]
        return f"{kind};base64,{base64.b64encode(clean).decode()}"

    def _end(self, name: str) -> None:
        if self._left_out:
            self._left_out -= 1
            return
        element = self._open.pop()
        if element.tag == "style":
            element.text = _css(element.text or "")

    def _text(self, text: str) -> None:
        if self._left_out or not self._open:
            return
        element = self._open[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text


def _css(css: str) -> str:
    """Return *css* without addresses of what is elsewhere; nothing if there is a trick in it."""
    css = _CSS_COMMENT.sub("", css)
    css = _CSS_IMPORT.sub("", css)
    if _CSS_TRICK.search(css):
        return ""
    css = _CSS_URL.sub(_local_url, css)
    return "" if _FOREIGN_URL.search(css) else css


def _local_url(match: re.Match[str]) -> str:
    address = (match[1] or match[2] or match[3] or "").strip()
    if not _IS_LOCAL.match(address):
        return "none"
    quote = "'" if '"' in match[0] or "'" in match[0] else ""
    return f"url({quote}{address}{quote})"


def _address(value: str) -> str:
    """Return the value of an attribute, or nothing if it leads elsewhere: fill="url(https://…)"."""
    if "(" not in value and "\\" not in value:
        return value
    return _css(value)


def _look(root: etree.Element) -> Look:
    """Return the size at which browsers draw."""
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    box = _box(root.get("viewBox", ""))
    if box is not None:
        ratio = box[1] / box[0]
        if width and not height:
            height = width * ratio
        elif height and not width:
            width = height / ratio
        elif not width:
            width, height = box
    width, height = width or _DEFAULT_SIZE[0], height or _DEFAULT_SIZE[1]
    return Look(max(1, round(width)), max(1, round(height)), "drawing")


def _pixels(length: str) -> float | None:
    match = _NUMBER.fullmatch(length)
    if match is None or match[2].lower() not in _UNITS:
        return None
    pixels = float(match[1]) * _UNITS[match[2].lower()]
    return pixels if 0 < pixels < 1e6 else None


def _box(view_box: str) -> tuple[float, float] | None:
    """Return width and height of a viewBox."""
    try:
        _, _, width, height = (float(part) for part in view_box.replace(",", " ").split())
    except ValueError:
        return None
    # Written so that „nan“ does not pass.
    return (width, height) if 0 < width < 1e6 and 0 < height < 1e6 else None
