"""What only the words beside it show."""

from __future__ import annotations

import pytest

from lektorat.phrases import findings
from tests.lektorat.desks import passage


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("Ich glaube, das wir gehen.", "das", "dass"),
        ("Wir hoffen sehr, das Sie kommen.", "das", "dass"),
        ("Er geht, ohne das er es weiß.", "das", "dass"),
        ("Es regnet, so das wir gehen.", "so das", "sodass"),
        ("Dass kann nicht sein.", "Dass", "Das"),
        ("Ich denke dass es geht.", "denke dass", "denke, dass"),
        ("Wir wissen das er kommt.", "wissen das", "wissen, dass"),
        ("Ich will, das du gehst.", "das", "dass"),
        ("Es ist Platz für dass Bild.", "dass", "das"),
        ("Das ist dass Haus.", "ist dass", "ist das"),
        ("Seid wann sind Sie hier?", "Seid", "Seit"),
        ("Seit ihr schon da?", "Seit", "Seid"),
        ("Seid 2016 arbeite ich frei.", "Seid", "Seit"),
        ("Ihr seit herzlich eingeladen.", "seit", "seid"),
        ("Sie ließt gern.", "ließt", "liest"),
        ("Am selben Tag: das selbe Buch.", "das selbe", "dasselbe"),
        ("Ich komme heute abend.", "heute abend", "heute Abend"),
        ("Am Montag abend um acht.", "Montag abend", "Montagabend"),
        ("Vielen Dank im voraus.", "im voraus", "im Voraus"),
        ("Im folgenden geht es um mehr.", "Im folgenden", "Im Folgenden"),
        ("Sie fragt des öfteren nach.", "des öfteren", "des Öfteren"),
        ("Sagen Sie es auf deutsch.", "auf deutsch", "auf Deutsch"),
        ("In bezug auf Ihr Schreiben.", "In bezug", "In Bezug"),
        ("Es gibt nichts besonderes.", "nichts besonderes", "nichts Besonderes"),
        ("So geht es am Einfachsten.", "am Einfachsten", "am einfachsten"),
        ("Das tut mir Leid.", "tut mir Leid", "tut mir leid"),
        ("Vor Allem der Anfang.", "Vor Allem", "Vor allem"),
        ("Er ist größer wie ich.", "größer wie", "größer als"),
    ],
)
def test_sure_mistakes_are_found_with_their_remedy(text: str, wrong: str, right: str) -> None:
    (hit,) = findings(passage(text))
    assert text[hit.start : hit.end] == wrong
    assert hit.suggestions[0] == right


@pytest.mark.parametrize(
    "text",
    [
        "Das Heft, das wir kennen.",
        "Ich weiß, das ist viel.",
        "Wir lesen das Buch, das Sie empfehlen.",
        "Wenn er das Buch findet, das wir suchen.",
        "Dass das so ist, weiß ich.",
        "So dass es passt.",
        "Seid pünktlich. Ihr seid seit Jahren da.",
        "Ihr seit Jahren treuer Kunde.",
        "Ihr ließt ihn gehen.",
        "Im folgenden Abschnitt, im allgemeinen Teil, im stillen Kämmerlein.",
        "Am besten Platz.",
        "Etwas neues Papier liegt da.",
        "Auf deutschen Straßen.",
        "Der, die, das selbst.",
        "Im *im voraus* steckt ein Fehler, auch in „heute abend“.",
        "Vor allem das.",
        "Seit ihr Mann da ist, geht es.",
        "Auf dass Friede werde, ohne dass Sie kommen.",
        "Wir wissen das. Sie wollen das, was er will.",
        "Wir wollen das Buch, das er will.",
        "Schön ist, dass Sie kommen.",
    ],
)
def test_what_is_right_or_spoken_of_is_let_be(text: str) -> None:
    assert list(findings(passage(text))) == []
