"""Each doubt is found where it is, and correct German raises none."""

from __future__ import annotations

import pytest

from authoring import doubts
from plugins.typography import Settings, typeset_html
from plugins.typography.passage import Passage


def _doubts(*paragraphs: str, lang: str = "de") -> list[tuple[str, str]]:
    """Return (what is doubtful, reason) in a text of *paragraphs* (HTML)."""
    passages: list[Passage] = []
    html = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    typeset_html(html, Settings(lang=lang), passages.append)
    passages = [passage for passage in passages if passage.text.strip()]
    return [
        (passages[number].text[doubt.start : doubt.end], doubt.reason)
        for number, doubt in doubts.find(passages)
    ]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('Er sagte: "Ja, gern.', '"', "noch offen"),
        ("Er sagte: „Ja, gern.", "„", "noch offen"),
        ("Er sagte ja“, und ging.", "“", "nicht geöffnet"),
        ("Kolleginnen--Kollegen", "--", "Zwei Bindestriche"),
        ("So z.B hier.", "z.B", "fehlt ein Punkt"),
        ("So z. B hier.", "z. B", "fehlt ein Punkt"),
        ("Das gilt d.h immer.", "d.h", "fehlt ein Punkt"),
        ("So zB hier.", "zB", "fehlt ein Punkt"),
        ('Ein " allein.', '"', "gerade Zeichen"),
        ("Ein Wort....", "....", "sind drei"),
        ("Ein Wort ….", "….", "sind drei"),
        ("Ein Wort , dann Pause.", " ", "Leerzeichen"),
        ("Wirklich ?", " ", "Vor dem Satzzeichen"),
        ("Ende .", " ", "Vor dem Satzzeichen"),
        ("Ein  Wort.", "  ", "zwei Leerzeichen"),
        ("Ein Wort– und Schluss.", "–", "nur auf einer Seite"),
        ("Ein Wort –und Schluss.", "–", "nur auf einer Seite"),
        ("Ein Wort- es war spät.", "-", "klebt am Wort davor"),
        ("Ein Wort -und Schluss.", "-", "klebt am Wort dahinter"),
    ],
)
def test_a_doubtful_place_is_found_once(text: str, place: str, reason: str) -> None:
    [found] = _doubts(text)
    assert found[0] == place
    assert reason in found[1]


@pytest.mark.parametrize(
    "text",
    [
        "Er sagte: \"Ja, 'gern'\", und ging - z.B. gestern.",
        "Vor- und Nachteile, Haupt- zum Nebensatz, ein- bis zweimal, Text und -fassung.",
        "Die Endungen -ung und -er; 80.– Franken; 9–12 Uhr, Köln–Mainz, −4 °C.",
        "Also z. B. dies, d. h. das, u. a. jenes ... und so weiter.",
        "Das Zeichen „ steht unten, » zeigt nach rechts.",
        "Andere setzen »so« und ›so‹, auf Englisch “so”.",
        "6.000 € : 100 Stunden = 60 € und 16 : 9; ein Smiley :) und .htaccess sind kein Satzzeichen.",
        "Geht's? Rock 'n' Roll, Hans' Rad und die '68er.",
        '<code>a  b , "c" z.B</code> und <kbd>--x</kbd>',
        "Siehe https://mittwochspost.example/a--b.html und git --amend.",
        "Kolleg:innen und Autor:innen",
        "Das bleibt &quot;gerade&quot;.",
        "Fragen Sie Paul: Max und Moritz (S. 5) kommen um 9:30.",
    ],
)
def test_correct_text_raises_no_doubt(text: str) -> None:
    assert _doubts(text) == []


def test_a_quotation_over_paragraphs_is_told_once() -> None:
    found = _doubts("Er sagte: „Ja.", "Und er blieb.", "Dann ging er.“")
    assert [place for place, _ in found] == ["„"]


def test_mixed_gender_signs_are_told_at_the_rarer_one() -> None:
    found = _doubts("Autor:innen und Leser:innen", "Kolleg*innen", "LehrerInnen, Maler/-innen")
    assert [place for place, _ in found] == ["*", "I", "/"]
    assert all("(Doppelpunkt)" in reason for _, reason in found)


def test_eszett_is_doubtful_in_swiss_texts_outside_quotations() -> None:
    assert _doubts("Die große Straße", lang="de") == []
    assert [place for place, _ in _doubts("Die große Straße", lang="de-CH")] == ["ß", "ß"]
    assert _doubts('Sie heisst "Weiß".', lang="de-CH") == []
    assert _doubts('Im <span lang="de">Großen</span> und Ganzen', lang="de-CH") == []


def test_english_text_knows_no_german_abbreviations() -> None:
    assert _doubts("It says z.B here", lang="en") == []
    assert _doubts("Either user- xor developer-specific -and so on", lang="en") == []
    assert [place for place, _ in _doubts('He said: "Yes.', lang="en")] == ['"']
