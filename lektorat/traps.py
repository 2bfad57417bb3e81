"""
Misspellings that many make, with what is right.

Many of them a hunspell dictionary takes for compounds (Satz + Eichen), or they are words of
another kind (weis, ließt, Packet). Facts: the rules and the word list of 2024.
"""

from __future__ import annotations

from typing import NamedTuple

import regex


class Trap(NamedTuple):
    """What is right, and why; *right* may be empty."""

    right: str
    reason: str = ""


# wrong right, one pair in a line; small letters stand for both, capitals only for capitals.
_PAIRS = """
abschliesend abschließend
Addresse Adresse
aggresiv aggressiv
agressiv aggressiv
Akkustik Akustik
akkustisch akustisch
Algorhythmus Algorithmus
Algorythmus Algorithmus
allmählig allmählich
anderst anders
Anektode Anekdote
Annulation Annullierung
annulieren annullieren
Apartement Apartment
aquirieren akquirieren
Aquise Akquise
Athmosphäre Atmosphäre
Atmossphäre Atmosphäre
aufjedenfall auf jeden Fall
Aufwandt Aufwand
Ausname Ausnahme
ausnamsweise ausnahmsweise
ausversehen aus Versehen
authorisieren autorisieren
authorisiert autorisiert
Autorisation Autorisierung
Babies Babys
bekanntmaßen bekanntermaßen
Besserwissser Besserwisser
Billiard Billard
Bindestich Bindestrich
Bindestiche Bindestriche
bischen bisschen
bißchen bisschen
brilliant brillant
Brilliant Brillant
Chirug Chirurg
definitv definitiv
desweiteren des Weiteren
detailiert detailliert
detalliert detailliert
dh d. h.
dikutieren diskutieren
Dilletant Dilettant
dilletantisch dilettantisch
Diskusion Diskussion
einzigste einzige
einzigsten einzigen
einzigster einziger
einzigstes einziges
Entgeld Entgelt
entgeldlich entgeltlich
entgültig endgültig
entäuschen enttäuschen
entäuscht enttäuscht
Entäuschung Enttäuschung
Ergebniss Ergebnis
Erlebniss Erlebnis
erwiedern erwidern
erwiedert erwidert
erwiederte erwiderte
Erwiederung Erwiderung
Etiket Etikett
exellent exzellent
Exestenz Existenz
exestieren existieren
extrordinär extraordinär
exzelent exzellent
Fahrad Fahrrad
Fisur Frisur
Flexibelität Flexibilität
Gallerie Galerie
garkein gar kein
garkeine gar keine
garnicht gar nicht
garnichts gar nichts
Gedankenstich Gedankenstrich
Gedankenstiche Gedankenstriche
Geheimniss Geheimnis
genausogut genauso gut
Grafick Grafik
Gramatik Grammatik
Gramatikalisch grammatikalisch
gramatisch grammatisch
Grislibär Grizzlybär
grösstenteils größtenteils
Handies Handys
Haupsache Hauptsache
haupsächlich hauptsächlich
heraussragend herausragend
herraus heraus
herrausfordernd herausfordernd
Herrausforderung Herausforderung
hinundwieder hin und wieder
Hobbies Hobbys
hälst hältst
hübch hübsch
Ideall Ideal
imens immens
immernoch immer noch
Immitation Imitation
immitieren imitieren
Imobilie Immobilie
Imobilien Immobilien
infolgedem infolgedessen
insich in sich
Intelligents Intelligenz
interesant interessant
interressant interessant
Interresse Interesse
intressant interessant
irgendwelchene irgendwelche
Jogurt Joghurt
Jogurts Joghurts
kapput kaputt
Karrikatur Karikatur
Karriäre Karriere
Karussel Karussell
Katastrofe Katastrophe
Ketschup Ketchup
Komission Kommission
Komittee Komitee
Kommision Kommission
Kommitee Komitee
Kommpetenz Kompetenz
Kommunikaton Kommunikation
Komunikation Kommunikation
Konkurent Konkurrent
Konkurenz Konkurrenz
Konsequents Konsequenz
Korektorat Korrektorat
Korektur Korrektur
Korrecktur Korrektur
Labtop Laptop
Ladies Ladys
Lehrzeichen Leerzeichen
Lektorrat Lektorat
Lizens Lizenz
Lizensen Lizenzen
lizensieren lizenzieren
lizensiert lizenziert
Lizensierung Lizenzierung
Majonäse Mayonnaise
Maschiene Maschine
Maschienen Maschinen
Maßname Maßnahme
Maßnamen Maßnahmen
Mechnik Mechanik
meißt meist
meißtens meistens
meistends meistens
Missverständniss Missverständnis
morgends morgens
Nachahmnung Nachahmung
nocheinmal noch einmal
nochmahl nochmal
nochmahls nochmals
nähmlich nämlich
obligtorisch obligatorisch
Orginal Original
orginal original
Packet Paket
Packete Pakete
Packeten Paketen
Packets Pakets
paralel parallel
Paralell parallel
parralel parallel
parrallel parallel
Parties Partys
Perspecktive Perspektive
Portait Porträt
Porzelan Porzellan
projezieren projizieren
projeziert projiziert
Qualtität Qualität
Qualtiät Qualität
Rabbat Rabatt
Rabbatt Rabatt
Reabilitation Rehabilitation
rechcherchieren recherchieren
Recherge Recherche
recherschieren recherchieren
Rechtschreibeform Rechtschreibreform
Recource Ressource
Refferenz Referenz
Reflektion Reflexion
Reflektionen Reflexionen
Reklammation Reklamation
Reperatur Reparatur
Reperaturen Reparaturen
reperieren reparieren
Resource Ressource
Resourcen Ressourcen
Ressurce Ressource
Ressurcen Ressourcen
rhytmisch rhythmisch
Rhytmus Rhythmus
Rythmus Rhythmus
Rückgrad Rückgrat
Rückrad Rückgrat
Satelit Satellit
Sattelit Satellit
Satzeichen Satzzeichen
Satzeichens Satzzeichens
Schiffahrt Schifffahrt
Schlüßel Schlüssel
selbstverständtlich selbstverständlich
selbsverständlich selbstverständlich
seperat separat
seperate separate
seperaten separaten
seperater separater
seperates separates
sodas sodass
sodaß sodass
Sovenir Souvenir
sowiso sowieso
spaetestens spätestens
Spagetti Spaghetti
spührbar spürbar
spühren spüren
standarisieren standardisieren
standarisiert standardisiert
Standart Standard
standartisieren standardisieren
standartisiert standardisiert
standartmäßig standardmäßig
Standarts Standards
Stehgreif Stegreif
Stories Storys
subsummieren subsumieren
Sylvester Silvester
Symetrie Symmetrie
symetrisch symmetrisch
sympathsich sympathisch
sympatisch sympathisch
tatsählich tatsächlich
tatzächlich tatsächlich
Teminologie Terminologie
Terasse Terrasse
Terrase Terrasse
Tip Tipp
Tips Tipps
Todschlag Totschlag
tollerant tolerant
Tolleranz Toleranz
toternst todernst
totkrank todkrank
totlangweilig todlangweilig
totmüde todmüde
totsicher todsicher
Tunfisch Thunfisch
tödtlich tödlich
ummso umso
umzugehn umzugehen
unentgeldlich unentgeltlich
Unterichtung Unterrichtung
unwiederruflich unwiderruflich
unwiederstehlich unwiderstehlich
verhällt verhält
Verhältniss Verhältnis
verliehren verlieren
verliehrt verliert
verlohren verloren
Verpäckung Verpackung
Verschleiss Verschleiß
Verständniss Verständnis
verwand verwandt
Verwandschaft Verwandtschaft
vieleicht vielleicht
viellmehr vielmehr
vileicht vielleicht
villeicht vielleicht
voralledem vor alledem
vorallem vor allem
vorran voran
Vorraus Voraus
vorraus voraus
vorrausgehend vorausgehend
vorrausgesetzt vorausgesetzt
vorraussetzen voraussetzen
Vorraussetzung Voraussetzung
Vorraussetzungen Voraussetzungen
vorraussichtlich voraussichtlich
vorrübergehend vorübergehend
wahrscheinlig wahrscheinlich
Wandalismus Vandalismus
warscheinlich wahrscheinlich
Warscheinlichkeit Wahrscheinlichkeit
weis weiß
weiterhinn weiterhin
Widergabe Wiedergabe
widergeben wiedergeben
widerholen wiederholen
widerholt wiederholt
Widerholung Wiederholung
Widerholungen Wiederholungen
Widersehen Wiedersehen
widerverwenden wiederverwenden
Widerverwendung Wiederverwendung
wiedergespiegelt widergespiegelt
wiederlegen widerlegen
wiederlegt widerlegt
wiederlich widerlich
wiederrechtlich widerrechtlich
Wiederruf Widerruf
wiederrufen widerrufen
wiederspiegeln widerspiegeln
wiederspiegelt widerspiegelt
wiederspiegelte widerspiegelte
wiedersprach widersprach
wiedersprechen widersprechen
wiederspricht widerspricht
wiedersprochen widersprochen
Wiederspruch Widerspruch
Wiedersprüche Widersprüche
wiedersprüchlich widersprüchlich
Wiederstand Widerstand
wiederstehen widerstehen
Wiederstände Widerstände
Wiederwille Widerwille
Wiederwillen Widerwillen
wiederwillig widerwillig
wiedrum wiederum
wieviel wie viel
wieviele wie viele
wohlmöglich womöglich
wommöglich womöglich
zB z. B.
Zeugniss Zeugnis
Ziehl Ziel
ziehmlich ziemlich
Zuckerguß Zuckerguss
zuende zu Ende
zumindestens zumindest
zurverfügung zur Verfügung
zusammengfasst zusammengefasst
zuverläßig zuverlässig
zwichen zwischen
öffters öfters
überaschend überraschend
überascht überrascht
Überaschung Überraschung
Übersprungen übersprungen
"""

_REASONS = {
    "Standart": "Mit t schreibt sich nur die Standarte, eine Fahne.",
    "Packet": "„Packet“ schreibt man im Englischen.",
    "Rückrad": "Der Grat, nicht das Rad, hält den Rücken.",
    "Rückgrad": "Gemeint ist der Grat, nicht der Grad.",
    "Stehgreif": "Gemeint ist der Stegreif, ein alter Steigbügel.",
    "Entgeld": "Das Wort kommt von „entgelten“, nicht von Geld.",
    "Satzeichen": "Zwei z: Satz und Zeichen.",
    "Gedankenstich": "Es ist ein Strich, kein Stich.",
    "Bindestich": "Es ist ein Strich, kein Stich.",
    "Lehrzeichen": "Gemeint ist, was leer ist.",
    "Jogurt": "Die Form ohne h ist seit 2024 gestrichen.",
    "Spagetti": "Die Form ohne h ist seit 2024 gestrichen.",
    "Tunfisch": "Die Form ohne h ist seit 2024 gestrichen.",
    "einzigste": "„Einzig“ lässt sich nicht steigern.",
    "weis": "Mit s nur in „naseweis“ und „weismachen“.",
    "Schiffahrt": "Alle drei f bleiben stehen.",
    "Reflektion": "Trotz „reflektieren“ mit x.",
}


def _read_pairs() -> dict[str, Trap]:
    traps = {}
    for line in _PAIRS.strip().splitlines():
        wrong, right = line.split(" ", 1)
        traps[wrong] = Trap(right, _REASONS.get(wrong, ""))
    return traps


TRAPS = _read_pairs()

# Parts that give a word away wherever they stand in it: (pattern, replacement, reason).
_PARTS = [
    (
        r"(?i)wieder(?=spr[aeiouü]ch|spieg[eln]|stand|ständ|rechtlich)",
        "wider",
        "Gegen heißt „wider“.",
    ),
    (r"(?i)(?<=[a-zäöü])standart(?!e)", "standard", _REASONS["Standart"]),
    (r"(?i)(?<=[a-zäöü])packet(?=$|e|s$|en$)", "paket", _REASONS["Packet"]),
    (r"(?i)satzeichen", "satzzeichen", "Zwei z: Satz und Zeichen."),
    (r"(?<=\p{L}{2}n)iss$", "is", "Auf -nis endet die Einzahl mit einem s."),
    (r"(?<=\p{Ll})parties$", "partys", "Im Deutschen hängt man an -y ein s."),
    (r"(?<=\p{Ll})hobbies$", "hobbys", "Im Deutschen hängt man an -y ein s."),
]
_PART_PATTERNS = [(regex.compile(pattern), right, reason) for pattern, right, reason in _PARTS]


def trap(word: str) -> Trap | None:
    """Return what is known against *word*, or None."""
    for form in (word, word[:1].lower() + word[1:]):
        if found := TRAPS.get(form):
            right = found.right
            if word[0].isupper() and form != word:
                right = right[:1].upper() + right[1:]
            return Trap(right, found.reason)
    for pattern, right, reason in _PART_PATTERNS:
        match = pattern.search(word)
        if match is not None:
            start = right.capitalize() if match[0][:1].isupper() else right
            return Trap(word[: match.start()] + start + word[match.end() :], reason)
    return None
