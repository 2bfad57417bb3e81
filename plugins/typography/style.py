"""The author's switches, and the characters each language is set with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"

_QUOTES = ("", "guillemets")
_SPACES = ("", "nbsp")


class SettingsError(ValueError):
    """A setting has a value this room does not know."""


@dataclass(frozen=True)
class Settings:
    """
    How a text is set.

    Raises:
        SettingsError: *quotes* or *spaces* is none of the values below.
    """

    #: Language of the text: `de`, `de-CH` or `en`, with or without a region (`de-AT` is `de`).
    #: In any other language only the apostrophe between two letters is set.
    lang: str = "de"
    #: `""` for „…“ ‚…‘, `"guillemets"` for »…« ›…‹. Only German as written outside Switzerland.
    quotes: str = ""
    #: `""`, or `"nbsp"` for fonts without U+202F: every one becomes U+00A0.
    spaces: str = ""
    #: Join the last two words of a longer paragraph. Default is CSS `text-wrap: pretty`.
    widow: bool = False

    def __post_init__(self) -> None:
        for name, value, known in (
            ("quotes", self.quotes, _QUOTES),
            ("spaces", self.spaces, _SPACES),
        ):
            if value not in known:
                choices = " oder ".join(repr(choice) for choice in known)
                raise SettingsError(
                    f"typography: {name}={value!r} gibt es nicht; möglich: {choices}"
                )


@dataclass(frozen=True, eq=False)
class Style:
    """
    The characters of one language.

    Compared by identity: `style_for` returns one object per language and settings.
    """

    #: Opening and closing double, then single quotation mark.
    double: tuple[str, str]
    single: tuple[str, str]
    #: Stands inside one token (z. B., 5 km).
    narrow: str
    #: German spaces, abbreviations and titles are set.
    is_german: bool
    #: Quotation marks, dashes and signs are set; otherwise only the apostrophe inside a word.
    is_known: bool


_MARKS = {
    "de": (("„", "“"), ("‚", "‘")),
    "de-ch": (("«", "»"), ("‹", "›")),
    "en": (("“", "”"), ("‘", "’")),
    "": (('"', '"'), ("'", "'")),
}


@lru_cache(maxsize=256)
def style_for(lang: str, settings: Settings) -> Style:
    """Return the style of a language tag (BCP 47, any case)."""
    tag = lang.strip().lower().replace("_", "-")
    primary = tag.split("-", 1)[0]
    # Liechtenstein writes like Switzerland.
    key = "de-ch" if tag.startswith(("de-ch", "de-li")) else primary
    if key not in _MARKS:
        key = ""
    double, single = _MARKS[key]
    if key == "de" and settings.quotes == "guillemets":
        double, single = ("»", "«"), ("›", "‹")
    return Style(
        double=double,
        single=single,
        narrow=NO_BREAK_SPACE if settings.spaces == "nbsp" else NARROW_NO_BREAK_SPACE,
        is_german=primary == "de",
        is_known=bool(key),
    )
