"""
Make the fonts of ``THEME_FONT = "serif"``, once: they change only when somebody changes this file.

Done by hand, and the result kept: it takes tools that no build needs (pip install fonttools brotli) and the fonts of
Source Serif 4, 42 MB (npm pack source-serif@4.5.1). ``python theme/fonts/make.py FOLDER`` reads the ``VAR/`` of that
package and writes the .woff2 files beside this one. With folders of fonts that stand in until they are loaded, it
prints what serif.css has to say of these: Gelasio has the widths of Georgia, Liberation Serif those of Times.

What is left out, for the weight: optical sizes (all text is drawn as for 18 px), weights above 600, hinting, ligatures
(they would join what German compounds keep apart) and kerning that German texts hardly need: of some 3,000 pairs the
`PAIRS` that move most in the texts of this project, at one weight; they do 98 % of the work. Numerals are old style;
``tnum`` makes them lining and of one width, for tables. Characters that most German texts do without are in fonts of
their own, which browsers load when they meet one.

Source is a reserved name, and these are other fonts: they are called Mittwoch.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from string import digits
from typing import Any

from characters import OTHER, USUAL, ranges
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
SIZE_PX = 18
WEIGHTS: dict[str, tuple[int, int] | int] = {"Roman": (400, 600), "Italic": 400}
PAIRS = 300
#: Letters by how often they occur in German, in thousandths; with spaces, as in a text.
FREQUENCY = {
    **{" ": 165, "e": 142, "n": 84, "i": 63, "s": 56, "r": 60, "t": 52, "a": 48, "h": 38, "d": 37},
    **{"u": 32, "l": 30, "g": 25, "c": 25, "m": 21, "o": 20, "b": 15, "f": 14, "w": 13, "k": 11},
    **{"z": 10, "v": 6, "p": 6, "ü": 6, "ä": 5, "ö": 3, "ß": 1, "j": 2, "y": 1, ",": 11, ".": 10},
    **{"S": 5, "D": 5, "E": 4, "A": 4, "B": 3, "M": 3, "K": 3, "W": 3, "G": 3, "V": 2, "T": 2},
}


def made(source: Path, style: str, text: str, weight: tuple[int, int] | int) -> TTFont:
    """Return the font of *style* with the characters of *text*."""
    font = TTFont(source / "VAR" / f"SourceSerif4Variable-{style}.ttf")
    lining = {code: name for code, name in font.getBestCmap().items() if chr(code) in digits}
    for table in font["cmap"].tables:
        table.cmap |= {code: f"{name}.osf" for code, name in lining.items() if code in table.cmap}
    options = Options(
        layout_features=["kern"],
        hinting=False,
        name_IDs=[0],
        drop_tables=[*Options().drop_tables, "STAT", "MVAR", "HVAR", "GSUB", "meta"],
    )
    subsetter = Subsetter(options)
    has_digits = digits in text
    subsetter.populate(text=text, glyphs=lining.values() if has_digits else ())
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"opsz": SIZE_PX, "wght": weight})
    rules = [f"pos {first} {second} {by};" for (first, second), by in _kerning(font).items()]
    features = f"feature kern {{ {' '.join(rules)} }} kern;" if rules else ""
    if has_digits:
        substitutes = " ".join(f"sub {name}.osf by {name};" for name in lining.values())
        features += f"feature tnum {{ {substitutes} }} tnum;"
    del font["GPOS"]
    addOpenTypeFeaturesFromString(font, features, tables=["GPOS", "GSUB"])
    return font


def _kerning(font: TTFont) -> dict[tuple[str, str], int]:
    """Return the pairs of glyphs that move most in the project's texts, and by how much."""
    names = font.getBestCmap()
    values = _pairs(font)
    moved: Counter[tuple[str, str]] = Counter()
    for (first, second), times in Counter(pairwise(_texts())).items():
        pair = names.get(ord(first)), names.get(ord(second))
        moved[pair] += abs(values.get(pair, 0)) * times
    return {pair: values[pair] for pair, by in moved.most_common(PAIRS) if by}


def _texts() -> str:
    project = HERE.parent.parent
    files = [project / "HANDBUCH.md", *sorted(project.glob("content/**/*.md"))]
    return "".join(file.read_text("utf-8") for file in files)


def _pairs(font: TTFont) -> dict[tuple[str, str], int]:
    """Return the kerning of all pairs at the font's regular weight; the first table that knows a pair counts."""
    found: dict[tuple[str, str], int] = {}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in (getattr(table, "ExtSubTable", table) for table in lookup.SubTable):
            if table.LookupType != 2:
                continue
            for first, second, value in _entries(table, font.getGlyphOrder()):
                found.setdefault((first, second), getattr(value, "XAdvance", 0) or 0)
    return found


def _entries(table: Any, glyphs: list[str]) -> Iterator[tuple[str, str, Any]]:
    if table.Format == 1:
        for first, pairs in zip(table.Coverage.glyphs, table.PairSet, strict=True):
            for record in pairs.PairValueRecord:
                yield first, record.SecondGlyph, record.Value1
        return
    firsts, seconds = table.ClassDef1.classDefs, table.ClassDef2.classDefs
    for first in table.Coverage.glyphs:
        records = table.Class1Record[firsts.get(first, 0)].Class2Record
        for second in glyphs:
            yield first, second, records[seconds.get(second, 0)].Value1


def name(font: TTFont, file: str) -> None:
    """Give *font* names of its own; the copyright stays."""
    table = font["name"]
    for number, text in ((1, "Mittwoch"), (2, "Regular"), (4, file), (6, file)):
        table.setName(text, number, 3, 1, 0x409)
    table.names = [record for record in table.names if record.platformID == 3]


def width(font: TTFont) -> float:
    """Return how wide a character of German text is on average, in units of the font's size."""
    widths, characters = font["hmtx"], font.getBestCmap()
    total = sum(widths[characters[ord(sign)]][0] * often for sign, often in FREQUENCY.items())
    return total / sum(FREQUENCY.values()) / font["head"].unitsPerEm


def main(source: Path, folders: list[Path]) -> None:
    """Write the fonts, and print what serif.css has to say of those that stand in for them."""
    for style, weight in WEIGHTS.items():
        for part, text in (("", USUAL), ("-more", "".join(sorted(set(OTHER) - set(USUAL))))):
            font = made(source, style, text, weight)
            file = f"mittwoch-{style.lower()}{part}"
            name(font, file)
            font.flavor = "woff2"
            font.save(HERE / f"{file}.woff2")
            print(file, (HERE / f"{file}.woff2").stat().st_size, "bytes")
    print(f"unicode-range: {ranges()}")
    for style, weight in (("Roman", 400), ("Roman", 600), ("Italic", 400)):
        ours = made(source, style, USUAL, weight)
        print(f"{style} {weight}: a character is {width(ours):.3f}em wide")
        for file in sorted(file for folder in folders for file in folder.iterdir()):
            if file.suffix in (".woff2", ".ttf"):
                print(f"  {file.name}: {_adjusted(ours, TTFont(file))}")


def _adjusted(ours: TTFont, other: TTFont) -> str:
    adjust = width(ours) / width(other)
    ascent, descent = ours["hhea"].ascent / 1000, -ours["hhea"].descent / 1000
    return (
        f"size-adjust: {adjust:.1%}; ascent-override: {ascent / adjust:.1%}; "
        f"descent-override: {descent / adjust:.1%}; line-gap-override: 0%"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
