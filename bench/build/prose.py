"""
German prose by the metre, typed as on a keyboard: our own sentences, shuffled, with new compounds.

The sentences are frozen in sentences.txt, so that a corpus stays the same when our texts change.
German makes new nouns every day: compounds keep the vocabulary growing with the corpus, as it does
in a real one, so that no cache of words looks better than it is.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent

_FIRST_PARTS = """
Abend Abgabe Abschluss Absatz Adress Akten Alltags Amts Anfangs Anfrage Angebots Arbeits Archiv
Aufgaben Auftrags Ausgaben Basis Beispiel Berater Berufs Besprechungs Betriebs Bewerbungs Bilder
Block Brief Broschüren Buch Büro Chef Daten Dauer Dienst Druck Eingangs Einzel Entwurfs Erfahrungs
Ersatz Fach Farb Fehler Ferien Fest Firmen Formular Frage Freitags Garten Gast Gebrauchs Gehalts
Geschäfts Gesprächs Glücks Grund Gruppen Hand Handwerks Haupt Haus Herbst Honorar Idee Jahres
Kalender Karten Kern Klammer Komma Konferenz Konto Korrektur Kosten Kunden Kurs Leser Lieblings
Listen Markt Material Messe Mittags Mitglieder Monats Morgen Muster Nachmittags Netzwerk Notiz
Nutzer Papier Pausen Praxis Preis Presse Probe Projekt Protokoll Prüf Quartals Rahmen Rand Rechnungs
Rechtschreib Redaktions Reise Sach Satz Schluss Schreib Schul Seiten Sommer Sonder Speise Sprach
Stadt Standard Stunden Such Tages Team Telefon Termin Test Text Themen Titel Übergangs Umfrage
Unterrichts Ursprungs Vereins Verlags Versand Vertrags Vorlagen Vorschau Vortrags Wahl Warte Werbe
Werkstatt Winter Wochen Wohn Wort Zeichen Zeit Zeitungs Ziel Zusatz Zwischen
""".split()

# Capitalised in the middle of a sentence, and no noun; or not to be joined to one.
_NO_NOUNS = frozenset(
    "Sie Ihnen Ihr Ihre Ihrem Ihren Ihrer Ihres Abs Art Nr UStG UrhG DSGVO Henrike Voss".split()
)
_NOUN = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{3,}(?![\w.-])")

# {n}: a number of two or three digits, {m}: another one, {t}: thousands, {k}: a small one.
_WITH_NUMBERS = (
    "Das kostet {t} €, d. h. rund {n} % mehr als im Jahr davor.",
    "Bei {n} Seiten sind das etwa {k} Stunden, bei {m} Seiten entsprechend mehr.",
    "Nehmen Sie z. B. einen Text mit {t} Zeichen: Der braucht {k} Stunden und {n} Minuten.",
    "Von {n} Antworten waren {k} brauchbar, d. h. ungefähr jede zehnte.",
    "Der Rand misst {k} cm, die Zeile {n} mm, und das reicht i. d. R. auch auf Papier.",
    "Im Durchschnitt waren es {k},5 Fehler auf 1000 Wörter, u. a. lauter fehlende Kommas.",
    "Die Datei hat {n} MB, das Bild darin allein {m} KB.",
    "Um {k} Uhr waren es noch {m} Anfragen, am Abend z. T. doppelt so viele.",
    "Nach § {n} Abs. {k} genügt die Textform, vgl. auch S. {m}.",
    "Mein Stundensatz lag damals bei {n} Euro - heute rechne ich mit {m} Euro.",
    'Auf Seite {n} steht "vgl. S. {m}", und dort steht nichts dergleichen.',
    "Gemessen habe ich {k} Wochen lang: {n} km mit dem Rad, {m} km mit der Bahn.",
)

_HEADINGS = (
    "Was {noun} mit {other} zu tun hat",
    "{noun} oder {other}?",
    "Warum ich {noun} inzwischen anders sehe",
    "Drei Fragen zu {noun}",
    "Ein Wort zu {noun}",
    '"{noun}" - und was dahintersteckt',
    "Der Weg von {noun} zu {other}",
    "Wenn {noun} nicht hilft",
    "{noun}, Schritt für Schritt",
    "Und wo bleibt {other}?",
    "Was am Ende von {noun} bleibt",
    "Ein Beispiel: {noun}",
)


@cache
def _sentences() -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]:
    """Return each sentence, and where its nouns are."""
    lines = (HERE / "sentences.txt").read_text("utf-8").splitlines()
    return tuple(
        (line, tuple(m.span() for m in _NOUN.finditer(line) if m[0] not in _NO_NOUNS))
        for line in lines
    )


@cache
def _nouns() -> tuple[str, ...]:
    found = {line[start:end] for line, spans in _sentences() for start, end in spans}
    return tuple(sorted(found))


def compound(rng: random.Random) -> str:
    """Return a noun that may never have been written before."""
    return rng.choice(_FIRST_PARTS) + noun(rng).lower()


def noun(rng: random.Random) -> str:
    """Return a noun of our sentences, in one of its forms."""
    return rng.choice(_nouns())


def sentence(rng: random.Random) -> str:
    """Return a sentence; every other one has a new compound, every twelfth has numbers."""
    if rng.random() < 1 / 12:
        return rng.choice(_WITH_NUMBERS).format(
            n=rng.randint(10, 480),
            m=rng.randint(10, 480),
            k=rng.randint(2, 12),
            t=f"{rng.randint(1, 48)}.{rng.randint(0, 999):03d}",
        )
    text, nouns = rng.choice(_sentences())
    if nouns and rng.random() < 1 / 2:
        start, end = rng.choice(nouns)
        text = f"{text[:start]}{rng.choice(_FIRST_PARTS)}{text[start:end].lower()}{text[end:]}"
    return text


def paragraph(rng: random.Random, sentences: int) -> str:
    """Return a paragraph of that many *sentences*."""
    return " ".join(sentence(rng) for _ in range(sentences))


def phrase(rng: random.Random, words: int) -> str:
    """Return some words from the middle of a sentence, without marks: for links and cells."""
    text = re.sub(r'[*"()]', "", sentence(rng)).split()
    start = rng.randrange(max(1, len(text) - words))
    return " ".join(text[start : start + words]).strip(" .,;:!?-'")


def heading(rng: random.Random) -> str:
    """Return a heading."""
    return rng.choice(_HEADINGS).format(noun=compound(rng), other=noun(rng))
