"""
The closed lists: what a proofreader knows by heart.

Sources: Duden (abbreviations, titles, apostrophe), DIN 5008 (units, references, dates),
DIN 1301 (unit symbols). Abbreviations are written here as they are set, a space between parts.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of *text*."""
    return frozenset(text.split())


#: Multi-part abbreviations, without their spaces ("z.B."). Set with a narrow no-break space.
ABBREVIATIONS = word_set(
    """
    a. A. / a. a. / a. a. O. / a. c. / a. Chr. / a. D. / a. d. / a. d. D. / A. d. Hg. /
    A. d. Ü. / A. d. V. / a. F. / a. G. / a. l. / a. M. / a. n. g. / a. o. / a. ö. / ä. ö. /
    a. Rh. / a. s. / A. T. / a. u. S. / Anm. d. Hg. / Anm. d. Hrsg. / Anm. d. Red. / Anm. d. Ü. /
    Anm. d. Übers. / Anm. d. Verf. / B. A. / b. a. w. / B. Ed. / B. Eng. / B. F. A. / B. Mus. /
    b. R. / B. Sc. / b. w. / c. l. / c. t. / d. A. / d. Ä. / d. E. / d. f. / d. G. / d. Gr. /
    d. h. / d. i. / d. J. / d. M. / d. O. / d. R. / d. V. / d. Verf. / d. Vf. / e. A. / e. G. /
    E. h. / e. h. / e. K. / e. Kfm. / e. Kfr. / e. o. / e. p. / e. U. / e. V. / e. Wz. /
    f. d. D. / f. d. R. / f. d. R. d. A. / g. g. A. / G. m. b. H. / g. t. S. / g. U. / g. v. /
    h. a. / h. c. / h. c. mult. / h. L. / h. l. / h. M. / i. A. / i. a. / i. Allg. / i. allg. /
    i. B. / i. Br. / i. Chr. / i. D. / i. d. F. / i. d. F. v. / i. d. M. / i. d. R. / i. d. S. /
    i. e. / i. e. L. / i. e. S. / i. Erg. / i. F. / i. G. / i. H. / i. H. d. / i. H. v. / i. J. /
    i. L. / i. M. / i. N. / i. O. / i. R. / i. S. / i. S. d. / i. S. d. G. / i. S. e. / i. S. v. / i. Tr. /
    i. U. / i. Ü. / i. ü. / i. V. / i. v. / i. V. m. / i. W. / i. w. S. / i. Z. / i. Z. m. /
    k. A. / k. g. V. / k. k. / k. o. / k. u. k. / k. W. / l. c. / l. J. / l. M. / l. o. / l. S. /
    LL. B. / LL. M. / M. A. / m. A. / m. a. W. / M. B. A. / m. b. H. / M. d. B. / m. d. B. u. /
    m. d. F. b. / M. d. L. / m. d. W. d. G. b. / m. E. / M. Ed. / M. Eng. / M. F. A. / m. H. /
    m. M. / M. Mus. / m. N. / M. Sc. / m. ü. M. / m. V. / m. W. / m. w. H. / m. w. N. /
    m. W. v. / m. Z. / n. a. / N. B. / n. B. / n. b. / n. Br. / n. Chr. / n. d. / n. d. Z. /
    n. F. / n. i. O. / n. J. / n. M. / N. N. / n. n. b. / n. ö. / n. r. / N. T. / n. u. Z. /
    n. V. / n. v. / o. a. / o. Ä. / o. ä. / o. Abb. / o. B. / o. b. / ö. b. u. v. / o. D. /
    o. d. T. / o. desgl. / o. dgl. / o. E. / o. g. / o. J. / o. k. / o. l. / ö. L. / o. M. /
    o. m. / o. O. / o. O. o. J. / o. O. u. J. / o. P. / o. Prof. / o. r. / o. S. / o. T. /
    ö. u. v. / o. V. / o. Verf. / p. A. / p. a. / p. c. / p. Chr. / p. m. / P. P. / p. p. /
    p. p. a. / p. r. / P. S. / Ph. D. / q. e. d. / q. s. / q. v. / R. I. P. / r. k. / r. o. /
    r. u. / rer. agr. / rer. cur. / rer. forest. / rer. hort. / rer. medic. / rer. nat. /
    rer. oec. / rer. pol. / rer. soc. / s. A. / s. a. / s. a. l. / S. D. / s. d. / S. E. /
    s. e. e. o. / S. H. / S. J. / s. l. / s. l. e. a. / S. M. / s. n. / s. o. / s. p. / s. str. /
    s. t. / s. u. / s. v. / s. v. v. / s. Z. / sc. agr. / sc. hum. / sc. mus. / sc. pol. /
    st. Rspr. / u. A. / u. a. / u. Ä. / u. ä. / u. a. m. / u. Ä. m. / U. A. w. g. / u. A. w. g. /
    u. d. g. / u. d. M. / ü. d. M. / u. desgl. / u. dgl. / u. dgl. m. / u. E. / u. ff. / u. g. /
    u. M. / ü. M. / ü. NHN. / ü. NN. / u. ö. / u. R. / u. r. / U. S. / U. S. A. / u. s. f. /
    u. s. w. / u. U. / u. v. a. / u. v. a. m. / u. v. m. / u. W. / u. Z. / u. z. / v. A. /
    v. a. / v. Chr. / v. d. Z. / v. g. u. / v. H. / V. i. S. d. M. / v. i. S. d. M. /
    V. i. S. d. P. / v. i. S. d. P. / v. i. S. d. PresseG. / v. J. / v. l. n. r. / v. M. /
    v. o. / v. o. n. u. / v. r. n. l. / v. s. / v. T. / v. u. / v. u. n. o. / v. u. Z. / v. v. /
    w. L. / w. o. / w. u. / w. z. b. w. / w. z. z. w. / z. A. / z. B. / z. b. V. / z. d. A. /
    z. E. / z. H. / z. Hd. / z. Hd. v. / z. Hdn. / z. K. / z. Kts. / Z. n. / z. S. / z. T. /
    z. Tl. / z. U. / z. V. / z. v. / z. w. V. / z. Wv. / z. Z. / z. z. / z. Zt. / z. Zt. n.
    """.replace(". ", ".").replace("/", " ")
)

#: At the beginning of a sentence ("Z. B. so") these two-part forms are no initials.
SENTENCE_ABBREVIATIONS = word_set("Z.B. U.U. Z.T. O.Ä. U.Ä. M.E. Z.Z. P.S. N.N. I.O. U.E.")

#: Titles before a name or another title, without the full stop.
TITLES = word_set("""
    Dr Dres Prof Hr Hrn Fr Frl Fam Fa Mag Ing Dipl Lic St Skt Pfr Pfrn Abg Bgm Bgmin Msgr Mgr Kard
    Mr Mrs Ms Mme Mlle Hptm Ltn Oblt Sr Br Doz Präs Sen Hl hl
    Priv.-Doz Univ.-Prof Univ.-Doz Ao.Univ.-Prof Tit.-Prof Tit.-Doz Hon.-Prof Apl.-Prof apl.Prof
    Dipl.-Ing Dipl.-Kfm Dipl.-Kffr Dipl.-Psych Dipl.-Phys Dipl.-Math Dipl.-Inf Dipl.-Päd
    Dipl.-Bibl Dipl.-Biol Dipl.-Chem Dipl.-Volksw Dipl.-Betriebsw Dipl.-Des Dipl.-Dolm
    Dipl.-Übers Dipl.-Journ Dipl.-Soz Dipl.-Wirt Dipl.-Wirtsch Dr.-Ing Dr.-Ingin
""")

#: What stands between "Dr." and the name.
DEGREES = word_set("""
    med phil jur iur theol habil mult rer nat pol oec vet dent sc hum techn paed päd math agr forest
    publ utr Ing h c e mont troph psych soc disc pharm cult art mus ing mach biol phys chem
""")

#: References before a number; "Nr." also as the last part of "Haus-Nr.".
REFERENCES = word_set("""
    Nr Nrn Abs S Bd Bde Kap Abb Art Anm ca Tab Taf Fig Rn Rdnr Rdn Rz Ziff Sp Bl Anh Anl Lfg Lit lit
    Abschn Unterabs Jg Pos Gl Hs Fn Teilbd
""")

MONTHS = word_set("""
    Januar Jänner Februar Feber März April Mai Juni Juno Juli Julei August September Oktober
    November Dezember Januars Februars Märzes Aprils Maies Junis Julis Augusts Septembers Oktobers
    Novembers Dezembers Jan Jän Feb Febr Mär Mrz Apr Jun Jul Aug Sep Sept Okt Nov Dez
""")
WEEKDAYS = word_set("""
    Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonnabend Sonntag
    Mo Di Mi Do Fr Sa So
""")
ENGLISH_MONTHS = word_set("""
    January February March April May June July August September October November December
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
""")
ENGLISH_WEEKDAYS = word_set("""
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun Mo Tu We Th Fr Sa Su
""")

#: After an ordinal number, besides the months.
ORDINAL_NOUNS = word_set("""
    Jahrhundert Jahrhunderts Jahrhunderte Jahrhunderten Jh Jhs Jhd Jhdt Jahrh
    Jahrtausend Jahrtausends Jahrtausende Jahrtausenden Jt Jtsd Auflage Auflagen Aufl
""")

#: Number words and units written out, after a number: an ordinary no-break space.
NUMBER_NOUNS = word_set("""
    Uhr Euro Euros Cent Cents Franken Rappen Dollar Prozent Promille
    Tsd Mio Mill Mrd Md Bio Million Millionen Milliarde Milliarden Billion Billionen
    Billiarde Billiarden Trillion Trillionen
""")

#: Unit symbols after a number. "in", "pm" and "am" are words, "a", "d" and "u" too risky.
UNITS = word_set("""
    m km dm cm mm µm μm nm ha l L cl dl ml mL hl µl μl
    m² km² dm² cm² mm² m³ km³ dm³ cm³ mm³ qm qkm ccm cbm fm rm
    kg g mg µg μg ng t Mt dt dag dkg lb lbs oz
    s ms µs μs ns min h Hz kHz MHz GHz THz
    W mW kW MW GW TW Wh kWh MWh GWh TWh Wp kWp VA kVA V mV kV A mA µA μA Ah mAh
    Ω kΩ MΩ µF μF nF pF K N kN MN Nm J kJ MJ GJ eV keV MeV GeV TeV cal kcal PS
    Pa hPa kPa MPa bar mbar psi mmHg atm
    bit kbit Mbit Gbit Tbit kbps Mbps Gbps Tbps bps kBit MBit GBit B kB KB MB GB TB PB EB
    KiB MiB GiB TiB PiB Kibit Mibit Gibit kByte MByte GByte TByte
    px pt pc em rem vh vw dpi ppi lpi fps Mpx
    dB lm lx cd mol mmol Bq kBq Gy Sv mSv µSv μSv ppm ppb rpm Bft kn
    EUR USD CHF GBP TEUR ct Rp DM ATS
    kph mph
""")

#: Signs after a number; a missing space is added for the first four only.
ADDED_SIGNS = ("%", "‰", "€", "°C")
UNIT_SIGNS = (*ADDED_SIGNS, "°F", "°", "$", "£", "¥", "₣", "㎡")

#: Words that begin with an apostrophe and are never written without one: German, then English.
ELISIONS = {
    True: word_set("""
        s n ne nen nem ner nes m t k nauf naus nunter nüber tschuldigung schuldigung türlich zefix
        tach nabend
    """),
    False: word_set("tis twas twere twill twould em til n nuff s d ll re ve"),
}
#: Words that may stand without it as well: an apostrophe unless a closing mark follows.
POSSIBLE_ELISIONS = {
    True: word_set("""
        rein raus rauf ran rum rüber runter mal was drauf dran drin drum drüber drunter wär
    """),
    False: word_set("cause bout round cos cuz neath tween gainst"),
}
#: Words that lose their last letter, so that a mark after them is an apostrophe if it can be.
SHORTENED = word_set("""
    hab geh komm mach sag lass wär hätt könnt möcht würd wollt sollt müsst dürft ging käm gäb heut
    glaub find steh seh fahr bring freu lieb hol frag nehm denk werd wünsch brauch leb schreib les
    ruf bleib schlaf spiel such trag zieh halt hör fühl kenn mein wart zeig stell leg setz red
    ohn eh all solch manch welch nich un is jed ein freud lieb ruh seel tür straß erd näh mühl
    aug höh wies sonn sach kirch schul stub reis woch gern bald lang vorn hint unt ob
    goin nothin doin comin somethin talkin ol an
""")
#: A word after which 'n' is a quoted letter, not "and" (Rock 'n' Roll).
ARTICLES = word_set("""
    das dem des den der die ein eine einem einen einer kein keinem keinen ohne mit von statt und oder
    als buchstabe buchstaben laut zeichen variable konsonant stumme stummes kleine kleines große
    großes letzte letztes doppelte doppeltes the a an letter
""")
#: A quotation that begins with one of these words was meant as one even if it is never closed.
SENTENCE_STARTS = word_set("""
    Der Die Das Den Dem Des Ein Eine Einen Einem Einer Ich Du Er Sie Es Wir Ihr Man Wer Was Wie Wo
    Wann Warum Wenn Weil Dass Ob Und Aber Oder Doch Denn Nicht Kein Keine Nein Ja Im In Am An Auf
    Aus Bei Mit Nach Von Vor Zu Zum Zur Für Um Über Unter Als Auch Nur Noch Schon Jetzt Heute
    Morgen Hier Da Dann So Alle Alles Mein Meine Dein Deine Sein Seine Ihre Unser Unsere Dieser
    Diese Dieses Jeder Jede Jedes Viele Manche
    The A I We You He She It They This That These Those My Your His Her Our Their If When Why How
    What Who There Here And But Or Not No Yes
""")

#: Endings of file names that make a word with a dot literal.
FILE_ENDINGS = word_set("""
    md markdown rst txt log csv tsv json jsonl yaml yml toml ini cfg conf xml xsl xslt xsd svg
    html htm xhtml php asp aspx jsp css scss sass less js mjs cjs ts tsx jsx vue py pyc ipynb rb pl
    sh bash zsh fish bat cmd ps1 cc cpp hpp cs java kt swift rs lua sql db sqlite sqlite3
    jpg jpeg png gif webp avif bmp tif tiff ico psd eps heic mp3 mp4 m4a m4v ogg oga ogv opus
    flac wav webm mov avi mkv pdf doc docx odt ods odp odg xls xlsx ppt pptx rtf epub mobi azw3 tex
    bib indd idml zip gz tgz tar bz2 xz 7z rar zst iso img dmg exe msi deb rpm apk jar war dll
    bak tmp pem crt ics vcf eml mbox woff woff2 ttf otf eot po mo pot diff patch srt vtt
    gpx kml
""")
#: Top-level domains that make a word with a dot a host name.
TOP_LEVEL_DOMAINS = word_set("""
    de ch li eu com org net info biz io dev app blog tv cc ly uk fr nl es pl cz
    dk se fi pt ru ua jp cn au ca br int edu gov mil museum berlin hamburg koeln cologne
    bayern wien tirol swiss saarland ruhr nrw shop store online site website page cloud digital
    agency media news email social example test invalid localhost onion arpa xyz club team
    wiki academy
""")
