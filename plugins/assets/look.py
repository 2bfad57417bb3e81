"""What the author may say about the look: colours, font, measure and logo, checked, as CSS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plugins.assets.core import custom_properties, is_root
from plugins.source.problem import Problem

SCHEMES = ("light", "dark")
_DARK = "@media(prefers-color-scheme:dark)"
_COLOR = "--color-"
_HEX = re.compile(r"#[0-9a-f]{6}", re.I)
#: What has to be told from what, and by how much: text as WCAG 2.2 asks, the edges of controls, too.
_BACKGROUNDS = ("paper", "tint", "highlight")
_CONTRASTS = {
    **{(text, ground): 4.5 for text in ("ink", "quiet", "accent") for ground in _BACKGROUNDS},
    ("control", "paper"): 3.0,
}
_GERMAN = {"light": "hell", "dark": "dunkel"}
_LEAST_CHARACTERS, _MOST_CHARACTERS = 40, 80

#: Colours by scheme and name: {"light": {"paper": "#fdfdfb"}}.
Palette = Mapping[str, Mapping[str, str]]


class LookError(Exception):
    """A setting about the look cannot be used; *problem* says why."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        self.problem = Problem("pelicanconf.py", message, field=field, remedy=remedy)
        super().__init__(str(self.problem))


def palette(css: str) -> dict[str, dict[str, str]]:
    """Return the colours that *css*, made small, sets for the page, by scheme."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for rules, name, value in custom_properties(css):
        if not name.startswith(_COLOR):
            continue
        if is_root(rules):
            found["light"][name.removeprefix(_COLOR)] = value
        elif is_root(tuple(rule for rule in rules if rule != _DARK)):
            found["dark"][name.removeprefix(_COLOR)] = value
    found["dark"] = found["light"] | found["dark"]
    return found


def colors(chosen: Any, theme: Palette) -> str:
    """
    Return the CSS for the colours that the author has *chosen*, {"accent": ("#a81f30", "#f2918f")}.

    Raises:
        LookError: A name or value is not one, or something could not be read.
    """
    field = "THEME_COLORS"
    if not isinstance(chosen, Mapping):
        raise LookError(field, "Das sind keine Farben.", _example())
    for name, value in chosen.items():
        if name not in theme["light"]:
            known = ", ".join(theme["light"])
            raise LookError(field, f"Die Farbe „{name}“ gibt es nicht.", f"Möglich sind: {known}.")
        for one in _pair(value):
            if not (isinstance(one, str) and _HEX.fullmatch(one)):
                raise LookError(field, f"„{one}“ ist keine Farbe (bei „{name}“).", _example())
        if len(_pair(value)) != len(SCHEMES):
            raise LookError(field, f"„{name}“ hat keine zwei Farben.", _example())
    by_scheme = {
        scheme: {name: _pair(value)[place] for name, value in chosen.items()}
        for place, scheme in enumerate(SCHEMES)
    }
    for scheme in SCHEMES:
        _check_contrast(scheme, {**theme[scheme], **by_scheme[scheme]}, chosen)
    light, dark = (_declarations(by_scheme[scheme]) for scheme in SCHEMES)
    if not light:
        return ""
    return f":root{{{light}}}@media (prefers-color-scheme: dark){{:root{{{dark}}}}}"


def _example() -> str:
    return (
        'Zum Beispiel: {"accent": ("#a81f30", "#f2918f")}, jeweils die Farbe für Hell und die für '
        "Dunkel, sechsstellig mit #."
    )


def _pair(value: Any) -> tuple[Any, ...]:
    """Return a colour for each scheme; one alone is for both."""
    if isinstance(value, str):
        return (value, value)
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _declarations(values: Mapping[str, str]) -> str:
    return "".join(f"{_COLOR}{name}:{value.lower()};" for name, value in values.items())


def _check_contrast(scheme: str, values: Mapping[str, str], chosen: Iterable[str]) -> None:
    for (front, back), least in _CONTRASTS.items():
        if not {front, back} & set(chosen) or not {front, back} <= set(values):
            continue
        is_known = all(_HEX.fullmatch(values[name]) for name in (front, back))
        if is_known and (ratio := contrast(values[front], values[back])) < least:
            shown = f"{int(ratio * 10) / 10}".replace(".", ",")
            needed = f"{least:g}".replace(".", ",")
            raise LookError(
                "THEME_COLORS",
                f"„{front}“ ({values[front]}) ist auf „{back}“ ({values[back]}) schlecht zu lesen "
                f"({_GERMAN[scheme]}; Kontrast {shown} : 1).",
                f"Nötig sind {needed} : 1; wählen Sie eine "
                f"{'dunklere' if scheme == 'light' else 'hellere'} Farbe für „{front}“.",
            )


def contrast(one: str, other: str) -> float:
    """Return how much two colours („#1d1f23“) differ in brightness, from 1 to 21, as WCAG counts it."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure(characters: Any) -> str:
    """
    Return the CSS for lines of so many *characters*; none for None.

    Raises:
        LookError: That is no number, or nobody could read such lines.
    """
    if characters is None:
        return ""
    is_number = isinstance(characters, int) and not isinstance(characters, bool)
    if is_number and _LEAST_CHARACTERS <= characters <= _MOST_CHARACTERS:
        return f":root{{--characters:{characters}}}"
    raise LookError(
        "THEME_MEASURE",
        f"Mit „{characters}“ Zeichen in der Zeile liest sich kein Text gut.",
        f"Möglich sind {_LEAST_CHARACTERS} bis {_MOST_CHARACTERS}; am besten sind 60 bis 70.",
    )


def font_addresses(css: str) -> Iterator[str]:
    """Yield the files that the faces in *css* name, as in src: url("x.woff2")."""
    yield from dict.fromkeys(_URL.findall(css))


def with_addresses(css: str, addresses: Mapping[str, str]) -> str:
    """Return *css* with other *addresses* for the files of its faces."""
    return _URL.sub(lambda match: f"url({addresses[match[1]]})", css)


_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_FACE = re.compile(r"@font-face\s*\{([^}]*)\}")


def preloads(css: str) -> list[tuple[str, bool]]:
    """
    Return the files of *css* to be loaded with the page, each with whether only pages with italics need it.

    Faces for some characters only are not among them.
    """
    faces = [face for face in _FACE.findall(css) if "unicode-range" not in face]
    return [
        (address, re.search(r"font-style:\s*italic", face) is not None)
        for face in faces
        for address in _URL.findall(face)
    ]
