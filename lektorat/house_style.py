"""The author's house style, content/hausstil.yaml: one gender sign, preferred variants, banned words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import regex
from pydantic import AfterValidator, BeforeValidator, Field

from lektorat.hints import HOUSE_STYLE, Finding
from lektorat.prose import Passage
from lektorat.readability import VERY_LONG, Limits
from lektorat.words import Cover, quotations
from plugins.source.core import Model, OptionalText, Text

_FORM = regex.compile(r"\*?[\p{L}\p{N}’'.%/&-]+\*?(?:,?[ ]\*?[\p{L}\p{N}’'.%/&-]+\*?)*")


def _check_form(value: str) -> str:
    if not _FORM.fullmatch(value):
        raise ValueError(
            f"„{value}“ ist kein Wort und keine Wortgruppe."
            "|Schreiben Sie Wörter, mit * am Anfang oder Ende für beliebige Buchstaben: selbständig*."
        )
    return value


Form = Annotated[Text, AfterValidator(_check_form)]


def _as_list(value: object) -> object:
    """Accept one word for a list of one."""
    return [value] if isinstance(value, str) else value


Forms = Annotated[list[Form], BeforeValidator(_as_list), Field(min_length=1)]


class Variant(Model):
    """A spelling that this house prefers among those that are right."""

    kind: ClassVar[str] = "eine Schreibweise"
    write: Form
    instead_of: Forms
    reason: OptionalText = None


class Banned(Model):
    """A word or phrase that this house does not use, with the reason and what to write."""

    kind: ClassVar[str] = "ein unerwünschtes Wort"
    words: Forms
    reason: Text
    remedy: OptionalText = None


class SentenceLimits(Model):
    """From which numbers on a sentence gets a hint."""

    kind: ClassVar[str] = "die Grenzen"
    long_sentence: int = Field(default=VERY_LONG, ge=5)
    fillers: int = Field(default=3, ge=1)
    nominal: int = Field(default=4, ge=1)
    passive_row: int = Field(default=3, ge=1)


_STYLES = ("Paarform", "Doppelpunkt", "Stern", "Unterstrich", "Schrägstrich", "Binnen-I")


class HouseStyle(Model):
    """The whole file; every field may be missing."""

    kind: ClassVar[str] = "den Hausstil"
    gender: Literal[
        "Paarform", "Doppelpunkt", "Stern", "Unterstrich", "Schrägstrich", "Binnen-I"
    ] = "Paarform"
    variants: list[Variant] = Field(default_factory=list)
    banned: list[Banned] = Field(default_factory=list)
    limits: SentenceLimits = Field(default_factory=SentenceLimits)
    tip_patterns: dict[str, list[Text]] = Field(default_factory=dict)

    def sentence_limits(self) -> Limits:
        """Return the limits in the form that readability takes."""
        return Limits(**self.limits.model_dump())


# Each: the sign between stem and ending.
_GENDER_SIGNS = {
    "Doppelpunkt": regex.compile(r"\p{L}{2,}:(?:in(?:nen)?|[rn])(?![\p{L}\p{N}])"),
    "Stern": regex.compile(r"\p{L}{2,}\*(?:in(?:nen)?|[rn])(?![\p{L}\p{N}])"),
    "Unterstrich": regex.compile(r"\p{L}{2,}_(?:in(?:nen)?|[rn])(?![\p{L}\p{N}])"),
    "Schrägstrich": regex.compile(
        r"\p{L}{2,}(?:/-?|\((?=in(?:nen)?\)))in(?:nen)?\)?(?![\p{L}\p{N}])"
    ),
    "Binnen-I": regex.compile(r"\p{Lu}\p{Ll}+In(?:nen)?(?![\p{L}\p{N}])"),
}
_SIGNS = {"Doppelpunkt": ":", "Stern": "*", "Unterstrich": "_", "Schrägstrich": "/-"}
_ENDING = regex.compile(r"^(\p{L}+?)(?:[:*_]|/-?|\()?([Ii]n(?:nen)?|[rn])\)?$")


def _in_house_form(word: str, style: str) -> tuple[str, ...]:
    """Return *word*, written with some gender sign, in the house's *style*."""
    match = _ENDING.match(word)
    if match is None:
        return ()
    stem, ending = match[1], match[2].lower()
    if style == "Paarform":
        return (f"{stem}{ending}",) if ending.startswith("in") else ()
    if style == "Binnen-I":
        return (f"{stem}{ending.capitalize()}",)
    return (f"{stem}{_SIGNS[style]}{ending}",)


def _pattern(form: str) -> regex.Pattern[str]:
    """Return the pattern of a *form*: „selbständig*“ with any ending, small or capital at the start."""
    words = [
        regex.escape(word).replace(r"\*", r"\p{L}*") if "*" in word else regex.escape(word)
        for word in form.split(" ")
    ]
    first = form.lstrip("*")[0]
    body = r"\s+".join(words)
    if form.split(" ")[0].islower() and not form.startswith("*"):
        body = f"[{first}{first.upper()}]" + body[len(regex.escape(first)) :]
    return regex.compile(rf"(?<![\p{{L}}\p{{N}}]){body}(?![\p{{L}}\p{{N}}])")


class _Rule:
    """One form to look for, and what to say of it."""

    def __init__(self, form: str, message: str, write: str = "") -> None:
        self.pattern = _pattern(form)
        self.message = message
        self._stem, self._write = form.replace("*", ""), write.replace("*", "")

    def suggestions(self, found: str) -> tuple[str, ...]:
        """Return *found* with the preferred stem in the place of the other."""
        if not self._write:
            return ()
        for old, new in (
            (self._stem, self._write),
            (self._stem.capitalize(), self._write[:1].upper() + self._write[1:]),
        ):
            if old in found:
                return (found.replace(old, new),)
        return (self._write,)


class HouseRules:
    """The patterns of a house style, made once for all texts."""

    def __init__(self, style: HouseStyle) -> None:
        self._style = style
        self._rules = [
            _Rule(form, variant.reason or "", variant.write)
            for variant in style.variants
            for form in variant.instead_of
        ]
        self._rules += [
            _Rule(form, _banned_message(banned)) for banned in style.banned for form in banned.words
        ]

    def findings(self, passage: Passage) -> Iterator[Finding]:
        """
        Return where *passage* leaves the house style.

        Other people's words and words that are spoken of stay as they are: quotations, block
        quotes, italics.
        """
        if passage.role == "quote":
            return
        foreign = Cover([*passage.emphasis, *quotations(passage.text)])
        yield from self._gender(passage, foreign)
        for rule in self._rules:
            for match in rule.pattern.finditer(passage.text):
                if match.span() not in foreign:
                    suggestions = rule.suggestions(match[0])
                    message = rule.message
                    if suggestions:
                        message = f"Dieses Haus schreibt „{suggestions[0]}“. {message}".strip()
                    yield Finding(*match.span(), HOUSE_STYLE, message, suggestions)

    def _gender(self, passage: Passage, foreign: Cover) -> Iterator[Finding]:
        style = self._style.gender
        for name, pattern in _GENDER_SIGNS.items():
            if name == style:
                continue
            for match in pattern.finditer(passage.text):
                if match.span() in foreign:
                    continue
                suggestions = _in_house_form(match[0], style)
                message = _GENDER_MESSAGE[style].format(name=name)
                yield Finding(*match.span(), HOUSE_STYLE, message, suggestions)


_GENDER_MESSAGE: dict[str, str] = dict.fromkeys(_STYLES, "{name} statt der Form des Hauses.") | {
    "Paarform": "{name}: Das Haus schreibt beide Formen aus („Kolleginnen und Kollegen“) oder neutral."
}


def _banned_message(banned: Banned) -> str:
    return f"{banned.reason} {banned.remedy or ''}".strip()
