"""Which characters are in the fonts that `make.py` makes, and what serif.css has to say of them."""

from __future__ import annotations

from string import ascii_letters, digits

#: What German texts are made of, and what the pages of this theme say.
USUAL = f"{ascii_letters}{digits}ÄÖÜäöüß .,:;!?-–…·()[]/„“”‚‘’\"'*>%&§€+=©\u00a0\u00ad\u2009\u202f\u2010"
#: What else may occur: the rest of ASCII, other languages' letters, ẞ, signs.
OTHER = "".join(
    [
        *map(chr, range(0x21, 0x7F)),
        *map(chr, range(0xA1, 0x180)),
        "ẞ‒—”‹›«»−×÷≈≠≤≥†‡•′″‰→←↑↓№™½¼¾",
    ]
)
#: What our pages have and these fonts do not: nothing is to be loaded for it.
ELSEWHERE = "↩✓✗"


def ranges() -> str:
    """Return the characters that are not in the usual fonts, in few ranges; those between may be in none."""
    usual = sorted(map(ord, f"{USUAL}{ELSEWHERE}"))
    other = sorted(ord(sign) for sign in set(OTHER) - set(USUAL))
    found: list[tuple[int, int]] = []
    for code in other:
        if found and not any(found[-1][1] < one < code for one in usual):
            found[-1] = found[-1][0], code
        else:
            found.append((code, code))
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in found)
