"""What is never set: addresses, paths, file names, identifiers, options, numbers that are names."""

from __future__ import annotations

import re

from .passage import BREAKABLE, Passage
from .rare import Rare
from .words import FILE_ENDINGS, TOP_LEVEL_DOMAINS

_WORD = re.compile(r'[^\s"″„“”»«<>]+')
#: A word without one of these is never literal.
_SPECIAL = re.compile(r"[@#/\\_=$]|\w\.\w|(?<!\w)--?\w|[:;]['\"]")
#: The same for a whole passage, coarser and faster.
_SIGN = re.compile(r"[@#/\\_=$]|\.\w|[:;]['\"]")
_OPENING = "([{'‚‘›‹’*–—"
_TRAILING = ".,;:!?…)]}*'’‘"

_ENDINGS = "|".join(sorted(FILE_ENDINGS, key=len, reverse=True))
_DOMAINS = "|".join(sorted(TOP_LEVEL_DOMAINS, key=len, reverse=True))
_SEGMENT = r"[\w.@+~%-]++"

# The first pattern that matches at the beginning of a word decides; the second value tells
# whether punctuation at its end still belongs to the sentence.
_LITERALS: tuple[tuple[Rare, bool], ...] = tuple(
    (Rare(pattern, re.VERBOSE), is_open)
    for pattern, is_open in (
        # Addresses with a scheme; www.
        (r"\S*?\w://\S+", True),
        (r"(?:mailto|tel|sms|doi|urn|xmpp|magnet|data|news|geo|file|acct):\S*\w\S*", True),
        (r"www\.\S+", True),
        # E-mail, fediverse and git addresses, then a mention.
        (r"@?[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+(?::\S+)?", True),
        (r"@\w+(?:[.-]\w+|-+\w+)*", False),
        (r"\#\w+(?:-+\w+)*", False),
        # DOI, Windows path, TeX command.
        (r"10\.\d{4,9}/\S+", True),
        (r"\S*\\\S*", True),
        # Paths from a root; relative ones that end in a slash or a file name.
        (rf"(?:~|\.{{1,3}})?/(?=[\w.@+~%/-]*\w)(?:{_SEGMENT}/?)+", True),
        (rf"(?:{_SEGMENT}/)+[\w.+~-]*\.(?:{_ENDINGS})(?!\w)", False),
        (rf"(?=[a-z]){_SEGMENT}/(?:{_SEGMENT}/)+(?!\w)", False),
        # Hosts with port, path, query; file names.
        (rf"(?:[\w-]+\.)+(?:{_DOMAINS})(?::\d+)?(?:[/?\#]\S*|(?![\w]))", True),
        (rf"[\w.+-]*\w\.(?:{_ENDINGS})(?!\w)", False),
        # Command-line options, assignments and equations, identifiers with underscores.
        (r"-{1,2}[A-Za-z][\w-]*(?:=\S*)?", True),
        (r"\$?[\w.+\[\]()-]+[=!<>]?=\S+", True),
        (r"[^\s=]*=[^\s'’‘′‹›]*['’‘′‹›]\S*", True),
        (r"\$\w[\w-]*", False),
        (r"[\w.$-]*\w_\w[\w.-]*", False),
        (r"_+\w+", False),
        # Smileys with a tear.
        (r"[:;]['\"]-?[()DPp/|]", False),
    )
)
#: key="several words", with spaces inside the quotation marks.
_ASSIGNMENT = Rare(r"""[\w-]=("[^"\n]*+"|'[^'\n]*+')""")

_GAP = rf"[{BREAKABLE}\u00a0\u202f]"
# Numbers that are names. A standard's part ("ISO 9241-110") is not a range.
_NUMBER_NAMES = Rare(
    rf"""
    (?<!\w)(?:
      [A-Z]{{2}}\d\d (?: {_GAP}? (?=[A-Z]{{0,3}}\d)[\dA-Z]{{4}} ){{2,7}} (?: {_GAP}? \d{{1,3}} )? (?!\w)  # IBAN
    | (?:ISBN|ISSN|ISMN|GTIN|EAN)(?:-1[03])? :? {_GAP}? \d[\dXx\-‐–]* (?: {_GAP} [\dXx][\dXx-]* ){{0,4}}
    | 97[89] (?: [ -]\d{{1,7}} ){{3}} [ -][\dX](?!\w)
    | (?:DIN|ISO|EN|IEC|IEEE|ÖNORM|SN|VDE|VDI|RFC|ANSI|ASTM|FIPS|NIST|ITU|UTF|UCS|CVE|RAL|ETSI)
      (?: [ /-](?:DIN|EN|ISO|IEC|SPEC|VDE|PAS|TR|TS|VDI) ){{0,3}} {_GAP}? -?\d+ (?: [-:.]\d+ )*
    | (?:Version|Versionen|Release|Revision|Rev\.|Ver\.) {_GAP} \d[\w.+~-]*
    | (?:[A-Za-zäöü]+-)? (?i:kunden|bestell|artikel|rechnungs|vorgangs|telefon|fax|konto|modell|serien|
        auftrags|mitglieds|ticket|matrikel|steuer|vertrags|policen|versicherungs|liefer|bank|akten|
        durchwahl|handy|mobil|ruf)
      (?:nummer|zeichen|nr\.)? :? {_GAP}{{1,2}} \d+ (?: [-/]\d+ )+
    | (?:Tel|Fax|Az|Mobil|Fon|Telefon|Aktenzeichen|Drucksache|Durchwahl|Kd\.-Nr|Art\.-Nr|Best\.-Nr|USt-IdNr)
      \.? :? {_GAP}{{1,2}} \d+ (?: [-/]\d+ )+
    )
    """,
    re.VERBOSE,
)

_PHONE = Rare(
    rf"(?<![\w+.,:/…×–-])(?:\+{_GAP}?\d{{1,3}}|00\d{{2}}|\(?0[1-9]\d{{0,4}}\)?(?:{_GAP}-{_GAP}(?=\d{{3}}))?)"
    rf"(?:(?:{_GAP}?/{_GAP}?|–|-{{1,2}}|{_GAP}?\(0\){_GAP}?|{_GAP}|(?<=[- ]))\d+)++(?![\w×])"
)
_GROUPED_NUMBER = Rare(rf"\+?\d{{1,3}}(?:{_GAP}\d{{3}})*{_GAP}000")
_SPACE = re.compile(rf"[{BREAKABLE}]+")


def mark_literals(passage: Passage) -> None:
    """Close the literal parts of *passage* to all rules."""
    text = passage.text
    if "--" not in text and not _SIGN.search(text):
        return
    for word in _WORD.finditer(text):
        source = word[0]
        if source.isalpha() or not _SPECIAL.search(source):
            continue
        start = word.start() + len(source) - len(source.lstrip(_OPENING))
        for pattern, is_open in _LITERALS:
            found = pattern.match(text, start, word.end())
            if found:
                end = found.end()
                if is_open:
                    end = _without_punctuation(text, start, end)
                passage.mark_literal(start, end)
                break
    if "=" in text:
        for assignment in _ASSIGNMENT.finditer(text):
            passage.mark_literal(*assignment.span())


def mark_numbers(passage: Passage) -> None:
    """Bind telephone numbers, then close them and other numbers that are names to all rules."""
    text = passage.text
    passage.rule = "phone"
    for name in _NUMBER_NAMES.finditer(text):
        passage.mark_literal(*name.span())
    if "+" not in text and "0" not in text:
        return
    for phone in _PHONE.finditer(text):
        source = phone[0]
        if _is_phone_number(source):
            # DIN 5008: groups by function, separated by spaces.
            for space in _SPACE.finditer(source):
                passage.bind(phone.start() + space.start())
            passage.mark_literal(*phone.span())


def _is_phone_number(source: str) -> bool:
    digits = sum(map(str.isdigit, source))
    if source[0] == "+":
        return 7 <= digits <= 15 and not _GROUPED_NUMBER.fullmatch(source)
    return 6 <= digits <= 15


def _without_punctuation(text: str, start: int, end: int) -> int:
    """Return the end of an address without the punctuation of the sentence around it."""
    while end > start and text[end - 1] in _TRAILING:
        mark = text[end - 1]
        if mark == ")" and text.count("(", start, end) >= text.count(")", start, end):
            break
        if mark == "'" and text.count("'", start, end) % 2 == 0:
            break
        end -= 1
    return end
