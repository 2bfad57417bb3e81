"""How hard a German text is to read: syllables, two formulas, long sentences, passive, nouns, fillers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from lektorat.hints import STYLE, Finding
from lektorat.prose import Passage
from lektorat.words import Cover, Sentence, quotations, sentences

# --- Syllables ------------------------------------------------------------------------------------

# One vowel sound each; what is not listed is two (The-a-ter, Na-ti-on, Du-ell).
_NUCLEUS = regex.compile(
    r"eau|aa|ai|au|äu|ay|ee|ei|eu|ey|ie|oi|oo|ou|oy|[aeiouyäöüáàâéèêëíìîïóòôúùûœæø]"
)
# Where two vowels that look like one are two, a dot parts them: be.urteilen, Famili.e.
_PARTED = [
    (r"(?<=qu?)u(?=[aeiouäöü])", ""),
    (
        r"\b(be|ge)(?=(?:urt|unr|urk|urla|url|inh|inf|inn|ins|irr|impf|end|erb|ehr|eil|ebn|elt|erd|eign))",
        r"\1.",
    ),
    (r"\bge\.(?=ign|il)", "ge"),
    (r"\bbe\.(?=il(?!t|e[nr]?\b))", "be"),
    (r"(?<=[^aeiou])ie(?=n(?:t|ten|tin|tinnen)\b)(?<=(?:pat|kl|quot|or|amb|gred|rez)ie)", "i.e"),
    (r"orient", "ori.ent"),
    (r"(hyg|amb|spez|mater|kar|premi|barr|ser)ie(?=[nrt])", r"\1i.e"),
    # Plurals and countries in -ien, Galerien and Spanien; not „erschien“, „geschrien“.
    (r"(?<=[aeiouyäöü]\w{0,9})(?<!sch|schr|sp|kn)ie(?=n\b)", "i.e"),
    (
        r"\b(fer|lin|ser|stud|med|fol|span|ital|ind|as|bakter|kriter)ie(?=n[bdfhklmpsvwzr])",
        r"\1i.e",
    ),
    (
        r"(famil|\blin|\bstud|\bser|prämi?|\bakt|petersil|mater|\bfol|hortens|\blil|tragöd|komöd|immobil)ie\b",
        r"\1i.e",
    ),
    (r"ee(?=n\b)", "e.e"),
    (r"(?<=\bre|\bide)e(?=ll)", ".e"),
    (r"eu(?=m\b|ms\b)", "e.u"),
    (r"\bko(?=o[pr])", "ko."),
    (r"\bzo(?=olog)", "zo."),
    (r"(?<=[iu])ie(?=[rt])", ".ie"),
    (r"\bhome(?=office|page)", "hom"),
    (r"office\b", "offis"),
    (r"\by(?=[aeiou])", "j"),
    (r"(?<=karr|prem)ie(?=re)", "i.e"),
    (r"(on|dead|off|hot|air|pipe|time|guide)lin(e)(?=s?\b)", r"\1lin"),
    (r"\b(soft|hard|free|share)ware", r"\1war"),
    (r"site(?=s?\b)", "sit"),
    (r"(?<=\bup|\bdown)date(?=s?\b)", "dat"),
]
_PARTING = [(regex.compile(pattern), replacement) for pattern, replacement in _PARTED]


@lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """Return the number of syllables of a German *word*, at least 1."""
    text = word.lower()
    for pattern, replacement in _PARTING:
        text = pattern.sub(replacement, text)
    return max(1, len(_NUCLEUS.findall(text)))


# --- Formulas -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """What the formulas are made of; shares are percentages of all words."""

    words: int
    sentences: int
    syllables: int
    long_words: int
    """More than six letters."""
    polysyllables: int
    """Three syllables or more."""
    monosyllables: int

    @property
    def sentence_length(self) -> float:
        """Words a sentence (ASL, SL)."""
        return self.words / self.sentences if self.sentences else 0.0

    def share(self, part: int) -> float:
        """Return *part* of all words as a percentage."""
        return 100 * part / self.words if self.words else 0.0


def count(found: Iterable[Sentence]) -> Counts:
    """Return the counts of these sentences."""
    with_words = [sentence for sentence in found if sentence.words]
    all_words = [word for sentence in with_words for word in sentence.words]
    lengths = [syllables(word) for word in all_words]
    return Counts(
        words=len(all_words),
        sentences=len(with_words),
        syllables=sum(lengths),
        long_words=sum(len(word) > 6 for word in all_words),
        polysyllables=sum(length >= 3 for length in lengths),
        monosyllables=sum(length == 1 for length in lengths),
    )


def amstad(counts: Counts) -> float:
    """Return Flesch's reading ease for German by Amstad: 0 is very hard, 100 very easy."""
    if not counts.words:
        return 0.0
    return 180 - counts.sentence_length - 58.5 * counts.syllables / counts.words


def wiener_sachtextformel(counts: Counts) -> float:
    """Return the first Wiener Sachtextformel: the school year that understands the text, 4 to 15."""
    if not counts.words:
        return 0.0
    return (
        0.1935 * counts.share(counts.polysyllables)
        + 0.1672 * counts.sentence_length
        + 0.1297 * counts.share(counts.long_words)
        - 0.0327 * counts.share(counts.monosyllables)
        - 0.875
    )


def ease(value: float) -> str:
    """Return what an Amstad *value* means, in a German word."""
    for limit, name in ((70, "leicht"), (60, "eher leicht"), (50, "mittel"), (30, "eher schwer")):
        if value >= limit:
            return name
    return "schwer"


# --- Style ----------------------------------------------------------------------------------------

_WERDEN = regex.compile(
    r"\b(?:wird|werden|werde|wirst|werdet|wurden?|wurdest|wurdet|worden|würden?)\b",
    regex.IGNORECASE,
)
_STRONG_PARTICIPLES = (
    "beschlossen besprochen beschrieben begonnen verschoben vergessen verlassen vertrieben verworfen "
    "verboten verloren vermieden verstanden versprochen verwiesen überwiesen erhoben erlassen empfohlen "
    "entschieden entworfen entnommen übernommen unternommen unterschrieben unterbrochen überschrieben "
    "bewiesen bewogen betroffen betrieben behoben besessen erwogen erfunden empfangen enthoben"
).split()
_PARTICIPLE = regex.compile(
    r"\b(?:\p{Ll}*ge\p{Ll}{2,}(?:t|en)|(?:be|ver|er|ent|zer|miss|über|unter|wider)\p{Ll}{2,}(?<!st)t"
    rf"|\p{{Ll}}{{2,}}iert|{'|'.join(_STRONG_PARTICIPLES)})\b"
)
# Infinitives and others that look like participles: „wird gehen“, „wird geben“.
_NO_PARTICIPLES = frozenset(
    "gehen geben gegen gelten genießen gewinnen gestalten gelingen genügen geschehen gehören gefallen "
    "gelangen geraten genau gerade gern gesamten gestern gestehen gewöhnen geeignet gemeint recht "
    "eingehen ausgehen vorgehen umgehen nachgehen angeben ausgeben abgeben aufgeben eingeben weitergeben "
    "zurückgeben weitergehen gehalten gesamt geringen großen angehen hergeben berechtigt bereit "
    "bekannt beliebt bewusst übrigen einigen morgen wegen dagegen hingegen entgegen verpflichtet "
    "ergeben begegnen übergeben vergeben erkältet verliebt gutgehen besorgt".split()
)
_NOMINAL = regex.compile(
    r"\b\p{Lu}\p{Ll}{2,}(?:ung|ungen|heit|heiten|keit|keiten|tion|tionen|ierung|nahme|nahmen|ismus|ität|itäten)\b"
)
_NO_NOMINAL = frozenset(
    "Zeitung Zeitungen Wohnung Wohnungen Rechnung Rechnungen Kleidung Meinung Meinungen Abteilung "
    "Abteilungen Einheit Einheiten Mehrheit Minderheit Redaktion Station Stationen Überschrift "
    "Gemeinheit Freiheit Schwung Heizung Sitzung Sitzungen Leistung Leistungen Erfahrung Erfahrungen "
    "Universität Endung Endungen Fassung Fassungen Wendung Wendungen Übung Übungen Ahnung Rechtschreibung "
    "Zeichensetzung Silbentrennung Zusammensetzung Zusammensetzungen Bedeutung Bedeutungen Sammlung "
    "Satzung Lösung Lösungen Ordnung Richtung Stellung Zeitungen Verbindung".split()
)
_STRETCHED = regex.compile(
    r"\b(?:zur|zum|in|unter|einer|eine)\s+(?:\p{Lu}\p{Ll}+ung|Einsatz|Abschluss|Ausdruck|Beweis|Anwendung)"
    r"\s+(?:bringen|gebracht|brachten?|bringt|gelangen|gelangt|kommen|kommt|stellen|stellt|unterziehen"
    r"|unterzogen|unterzieht|vornehmen|vorgenommen)\b"
)
FILLERS = frozenset(
    "eigentlich natürlich quasi halt eben irgendwie irgendwo sozusagen gewissermaßen selbstverständlich "
    "durchaus ziemlich wirklich einfach eh ja doch mal wohl nun überhaupt regelrecht schlichtweg "
    "letztlich letztendlich grundsätzlich prinzipiell praktisch praktischerweise bekanntlich offenbar "
    "offensichtlich gewiss sicherlich zweifellos allerdings insbesondere ohnehin sowieso relativ absolut "
    "total extrem völlig ungemein recht einigermaßen".split()
)
LONG, VERY_LONG = 25, 35


def is_passive(sentence: str) -> bool:
    """Tell whether *sentence* has a form of „werden“ with a past participle."""
    if not _WERDEN.search(sentence):
        return False
    return any(match[0] not in _NO_PARTICIPLES for match in _PARTICIPLE.finditer(sentence))


def nominal_words(sentence: str) -> list[str]:
    """Return the nouns of *sentence* that hide a verb or an adjective: Durchführung, Möglichkeit."""
    return [match[0] for match in _NOMINAL.finditer(sentence) if match[0] not in _NO_NOMINAL]


def filler_words(words: Iterable[str]) -> list[str]:
    """Return the words that a sentence can mostly do without."""
    return [word for word in words if word.lower() in FILLERS]


@dataclass(frozen=True)
class Limits:
    """Above which numbers a sentence, or a row of sentences, gets a hint."""

    long_sentence: int = VERY_LONG
    fillers: int = 3
    nominal: int = 4
    passive_row: int = 3


def findings(passage: Passage, limits: Limits) -> Iterator[Finding]:
    """Return what makes *passage* hard to read, a finding for each sentence or row of sentences."""
    if passage.role not in ("paragraph", "item", "summary"):
        return
    # The full stop of a quoted sentence may stand behind its quotation mark.
    quoted = Cover((start, end + 1) for start, end in quotations(passage.text))
    row = 0
    for sentence in sentences(passage.text):
        span = (sentence.start, sentence.end)
        text = passage.text[slice(*span)]
        length = len(sentence.words)
        # Examples and other people's words are as they are.
        if span in quoted:
            continue
        if length > limits.long_sentence:
            yield _at(span, f"Der Satz hat {length} Wörter. Lässt er sich teilen?")
        fillers = filler_words(sentence.words)
        if len(fillers) >= limits.fillers:
            listed = ", ".join(f"„{word}“" for word in fillers)
            yield _at(span, f"{len(fillers)} Füllwörter in einem Satz: {listed}. Was davon trägt?")
        nominal = nominal_words(text)
        if len(nominal) >= limits.nominal:
            listed = ", ".join(f"„{word}“" for word in nominal)
            yield _at(span, f"Nominalstil: {listed}. Lässt sich das mit Verben sagen?")
        elif stretched := _STRETCHED.search(text):
            yield _at(span, f"„{stretched[0]}“ ist ein Streckverb. Ein Verb genügt.")
        row = row + 1 if is_passive(text) else 0
        if row == limits.passive_row:
            yield _at(span, f"{row} Sätze nacheinander im Passiv. Wer tut etwas?")


def _at(span: tuple[int, int], message: str) -> Finding:
    return Finding(*span, STYLE, message)


# --- A whole file ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """What a file is like; the shares of sentences and words are percentages."""

    counts: Counts
    over_long: int
    over_very_long: int
    passive: float
    nominal: float
    fillers: float
    quoted: float

    @property
    def amstad(self) -> float:
        """See `amstad`."""
        return amstad(self.counts)

    @property
    def wiener(self) -> float:
        """See `wiener_sachtextformel`."""
        return wiener_sachtextformel(self.counts)


def summary(passages: Iterable[Passage], quoted: float) -> Summary:
    """Return the summary of the running text of a file: paragraphs and lists; *quoted* is its share of quotes."""
    texts: list[str] = []
    found: list[Sentence] = []
    for passage in passages:
        if passage.role not in ("paragraph", "item"):
            continue
        for sentence in sentences(passage.text):
            if sentence.words:
                found.append(sentence)
                texts.append(passage.text[sentence.start : sentence.end])
    counts = count(found)
    lengths = [len(sentence.words) for sentence in found]
    total = max(1, len(found))
    return Summary(
        counts,
        over_long=sum(length > LONG for length in lengths),
        over_very_long=sum(length > VERY_LONG for length in lengths),
        passive=100 * sum(map(is_passive, texts)) / total,
        nominal=counts.share(sum(len(nominal_words(text)) for text in texts)),
        fillers=counts.share(sum(len(filler_words(sentence.words)) for sentence in found)),
        quoted=100 * quoted,
    )
