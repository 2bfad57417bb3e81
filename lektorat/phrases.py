"""Mistakes that only the words beside them show, where that is sure: das/dass, seit/seid, capitals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex

from lektorat.hints import SPELLING, Finding
from lektorat.prose import Passage
from lektorat.words import Cover, quotations

_Fix = Callable[[regex.Match[str]], tuple[str, ...]]

_SUBJECT = r"(?:[Ii]ch|[Dd]u|[Ee]r|[Ss]ie|[Ww]ir|[Ii]hr|[Ee]s|[Mm]an)"
# Verbs that say, think or feel; behind them „das“ would need a noun to refer to.
_SAYING = (
    r"(?:glaub(?:e|st|t|en|te|ten)|denk(?:e|st|t|en)|dachten?|hoff(?:e|st|t|en|te|ten)|mein(?:e|st|t|en|te|ten)"
    r"|wei(?:ß|ßt|ss|sst)|wissen|wusste[nst]*|sag(?:e|st|t|en|te|ten)|find(?:e|est|et|en)|fand(?:en)?"
    r"|fürcht(?:e|est|et|en|ete|eten)|vermut(?:e|est|et|en|ete|eten)|behaupt(?:e|est|et|en|ete|eten)"
    r"|bedauer(?:e|st|t|n|te|ten)|wünsch(?:e|t|en|te|ten)|bestätig(?:e|t|en|te|ten)|versprech(?:e|en)|verspricht"
    r"|versprach(?:en)?|erwart(?:e|est|et|en|ete|eten)|beton(?:e|t|en|te|ten)|ahn(?:e|t|en|te|ten)"
    r"|möchten?|möchtest|will|willst|wollen|wollte[nst]*)"
)
_ADVERB = r"(?:\s+(?:auch|nicht|nur|ja|doch|schon|immer|sehr|mir|uns|Ihnen|ihm|ihr|oft|manchmal))?"
_VERBS_BEHIND_DAS = (
    r"(?:ist|sind|war|waren|wird|hat|kann|heißt|bedeutet|stimmt|geht|gilt|soll|muss)"
)
_DAYS = r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)"
_MONTHS = r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
_TIMES = r"(?:morgens|abend|mittag|nacht|vormittag|nachmittag)"
# A small word or the end: no noun follows that an adjective could belong to.
_NO_NOUN = r"(?=\s*[.,;:!?)–…]|\s*$|\s+(?!\p{Ll}*(?:e[nrsm]?)\b)\p{Ll})"


def _capitalised(match: regex.Match[str]) -> tuple[str, ...]:
    head, _, last = match[0].rpartition(" ")
    return (f"{head} {last[:1].upper()}{last[1:]}",)


def _small(match: regex.Match[str]) -> tuple[str, ...]:
    head, _, last = match[0].rpartition(" ")
    return (f"{head} {last[:1].lower()}{last[1:]}",)


def _replaced(old: str, new: str) -> _Fix:
    def fix(match: regex.Match[str]) -> tuple[str, ...]:
        replacement = match[0].replace(old, new).replace(old.capitalize(), new.capitalize())
        return (replacement,)

    return fix


def _none(match: regex.Match[str]) -> tuple[str, ...]:
    return ()


# Each: what is wrong (the named group „wrong“ is what is marked), the reason, the remedy.
_RULES: list[tuple[str, str, _Fix]] = [
    (
        rf"(?<=\b{_SUBJECT}\s+{_SAYING}{_ADVERB},\s+)(?P<wrong>das)(?=\s+{_SUBJECT}\s)",
        "Hier leitet „dass“ einen Nebensatz ein; „das“ brauchte ein Wort, auf das es sich bezieht.",
        _replaced("das", "dass"),
    ),
    (
        rf"\b{_SUBJECT}\s+(?P<wrong>{_SAYING}\s+das)(?=\s+{_SUBJECT}\s)",
        "Hier leitet „dass“ einen Nebensatz ein, mit Komma davor.",
        lambda match: (regex.sub(r"\s+das$", ", dass", match["wrong"]),),
    ),
    (
        r"(?<=\b(?:für|in|um|durch|über|unter|vor|hinter|neben|zwischen|gegen)\s+)(?P<wrong>dass)(?=\s+\p{Lu})",
        "Das ist ein Artikel: „das“ mit einem s.",
        _replaced("dass", "das"),
    ),
    (
        r"\b(?P<wrong>(?:ist|war|sind|waren)\s+dass)\b",
        "Ist es ein Artikel, genügt ein s; folgt ein Nebensatz, fehlt das Komma.",
        lambda match: tuple(
            regex.sub(r"\s+dass$", right, match["wrong"]) for right in (" das", ", dass")
        ),
    ),
    (
        rf"(?<=\b(?:ohne|anstatt|außer|als\s+ob)\s+)(?P<wrong>das)(?=\s+{_SUBJECT}\s)",
        "Nach „ohne“, „anstatt“, „außer“ leitet „dass“ den Nebensatz ein.",
        _replaced("das", "dass"),
    ),
    (
        r"\b(?P<wrong>so\s+das|sodas)(?=\s+(?:ich|du|er|wir|man)\s)",
        "Gemeint ist „sodass“ oder „so dass“.",
        lambda match: ("sodass", "so dass"),
    ),
    (
        rf"\b(?P<wrong>[Dd]ass)(?=\s+{_VERBS_BEHIND_DAS}\b)",
        "Vor dem Verb steht „das“; „dass“ leitet einen Nebensatz ein.",
        _replaced("dass", "das"),
    ),
    (
        rf"\b{_SUBJECT}\s+(?P<wrong>{_SAYING}\s+dass)\b",
        "Vor „dass“ steht hier ein Komma.",
        lambda match: (regex.sub(r"\s+dass$", ", dass", match["wrong"]),),
    ),
    (
        rf"\b(?P<wrong>[Ss]eid)(?=\s+(?:dem\b|wann\b|gestern|heute|Jahren|Jahrzehnten|Monaten|Wochen|Tagen|Stunden"
        rf"|Anfang|Ende|Mitte|einem\b|einer\b|einigen|langem|Langem|kurzem|Kurzem|letzte[mnr]|{_DAYS}"
        rf"|{_MONTHS}|\d))",
        "Die Zeit schreibt sich „seit“; „seid“ kommt von „sein“.",
        _replaced("seid", "seit"),
    ),
    (
        r"(?<=(?:^|[.!?…“]\s+)[Ii]hr\s+)(?P<wrong>seit)"
        r"(?=\s+(?:alle|nicht|so|ja|hier|da|immer|herzlich|willkommen|eingeladen|mir|uns)\b)",
        "„Ihr seid“ kommt von „sein“; „seit“ nennt eine Zeit.",
        _replaced("seit", "seid"),
    ),
    (
        r"(?<=(?:^|[.!?…“]\s+))(?P<wrong>Seit)(?=\s+ihr\s+(?:schon|noch|alle|auch|sicher|bereit|einverstanden|fertig)\b)",
        "„Seid ihr“ kommt von „sein“; „seit“ nennt eine Zeit.",
        _replaced("seit", "seid"),
    ),
    (
        r"(?<=\b(?:[Ee]r|[Ss]ie|[Ee]s|[Mm]an|[Ww]er|[Jj]emand|[Nn]iemand|[Kk]einer|[Dd]u)\s+"
        r"(?:(?:auch|nur|gern|das|es|den|die|nicht)\s+)?)(?P<wrong>ließt)\b",
        "„Liest“ kommt von „lesen“; „ließt“ wäre eine Form von „lassen“.",
        _replaced("ließt", "liest"),
    ),
    (
        r"\b(?P<wrong>(?:der|die|das|dem|den|des)\s+selben?)\b(?!\s*[,.])",
        "Das schreibt man in einem Wort.",
        lambda match: (regex.sub(r"\s+", "", match["wrong"]),),
    ),
    (
        rf"\b(?P<wrong>(?:heute|gestern|vorgestern|morgen|übermorgen)\s+{_TIMES})\b",
        "Nach „heute“, „gestern“, „morgen“ ist die Tageszeit ein Substantiv.",
        _capitalised,
    ),
    (
        rf"\b(?P<wrong>{_DAYS}\s+(?:abend|Abend|mittag|morgen|nachmittag|Nachmittag|vormittag|nacht))\b",
        "Wochentag und Tageszeit schreibt man in einem Wort.",
        lambda match: (regex.sub(r"\s+(\w)", lambda part: part[1].lower(), match["wrong"]),),
    ),
    (
        rf"\b(?P<wrong>[Ii]m\s+(?:allgemeinen|besonderen|einzelnen|folgenden|übrigen|wesentlichen|weiteren"
        rf"|stillen)){_NO_NOUN}",
        "Nach „im“ wird das Adjektiv zum Substantiv, wenn keines folgt.",
        _capitalised,
    ),
    (
        r"\b(?P<wrong>[Ii]m\s+(?:voraus|nachhinein|vorhinein|vornherein|grunde))\b",
        "Nach „im“ steht hier ein Substantiv.",
        _capitalised,
    ),
    (
        rf"\b(?P<wrong>[Dd]es\s+(?:öfteren|weiteren)){_NO_NOUN}",
        "Nach „des“ wird das Adjektiv zum Substantiv.",
        _capitalised,
    ),
    (
        r"\b(?P<wrong>[Aa]uf\s+(?:deutsch|englisch|französisch|italienisch|spanisch))\b",
        "Nach „auf“ ist der Name der Sprache ein Substantiv.",
        _capitalised,
    ),
    (
        r"\b(?P<wrong>[Ii]n\s+bezug|zum\s+beispiel|[Zz]u\s+hause|[Nn]ach\s+hause)\b",
        "Hier steht ein Substantiv.",
        _capitalised,
    ),
    (
        r"\b(?P<wrong>(?:etwas|nichts|allerlei|viel|wenig)\s+(?:neues|gutes|schönes|besonderes|wichtiges"
        r"|interessantes|besseres|schlimmes|ähnliches|passendes|falsches|richtiges))(?=\s*[.,;:!?)–…“]|\s*$)",
        "Nach „etwas“, „nichts“, „viel“ wird das Adjektiv zum Substantiv.",
        _capitalised,
    ),
    (
        r"\b(?P<wrong>[Aa]m\s+(?:Besten|Liebsten|Meisten|Schnellsten|Einfachsten|Schönsten|Wenigsten|Ehesten"
        r"|Häufigsten|Wichtigsten|Größten))(?=\s*[.,;:!?)–…“]|\s*$|\s+\p{Ll})",
        "Auf „Wie?“ antwortet der Superlativ klein.",
        _small,
    ),
    (
        r"\b(?P<wrong>[Tt](?:ut|at)\s+(?:mir|uns|ihm|ihr|ihnen|Ihnen)(?:\s+sehr)?\s+Leid)\b",
        "In „leidtun“ ist „leid“ kein Substantiv.",
        _small,
    ),
    (
        r"\b(?P<wrong>[Vv]or\s+Allem)\b",
        "„Vor allem“ schreibt man klein.",
        _small,
    ),
    (
        r"\b(?P<wrong>[Gg]rößer\s+wie|[Kk]leiner\s+wie|[Bb]esser\s+wie|[Ll]änger\s+wie"
        r"|[Ss]chneller\s+wie|[Aa]nders\s+wie|[Hh]öher\s+wie)\s+(?:der|die|das|ein|eine|ich|wir|im|am)\b",
        "Nach einem Komparativ steht „als“.",
        _replaced("wie", "als"),
    ),
]
# A longer quotation is a sentence, and somebody's mistake.
_SHORT = 30
_PATTERNS = [(regex.compile(pattern), reason, fix) for pattern, reason, fix in _RULES]


def findings(passage: Passage) -> Iterator[Finding]:
    """Return the sure mistakes in *passage*; words that are spoken of, in italics or quoted alone, are let be."""
    cited = [*passage.emphasis, *quotations(passage.text)]
    short = Cover(span for span in cited if span[1] - span[0] <= _SHORT)
    for pattern, reason, fix in _PATTERNS:
        for match in pattern.finditer(passage.text):
            span = match.span("wrong")
            if span in short:
                continue
            wrong = " ".join(match["wrong"].split())
            right = fix(regex.fullmatch(r"(?P<wrong>.*)", wrong) or match)
            message = f"Richtig ist {' oder '.join(f'„{form}“' for form in right)}. {reason}"
            yield Finding(*span, SPELLING, message, right)
