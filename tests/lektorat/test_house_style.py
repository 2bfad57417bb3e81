"""The author's house style, and what is wrong with its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from lektorat.adapter import read_house_style
from lektorat.house_style import HouseRules, HouseStyle
from plugins.source.problem import SourceError
from tests.lektorat.desks import passage


def _found(text: str, **values: object) -> list[tuple[str, tuple[str, ...]]]:
    found = passage(text)
    rules = HouseRules(HouseStyle.model_validate(values))
    return [(found.text[hit.start : hit.end], hit.suggestions) for hit in rules.findings(found)]


@pytest.mark.parametrize(
    ("style", "text", "found"),
    [
        ("Paarform", "Kolleg:innen", [("Kolleg:innen", ("Kolleginnen",))]),
        ("Paarform", "Kund*innen", [("Kund*innen", ("Kundinnen",))]),
        ("Paarform", "Autor_in", [("Autor_in", ("Autorin",))]),
        ("Paarform", "LeserInnen", [("LeserInnen", ("Leserinnen",))]),
        ("Paarform", "Leser/-innen", [("Leser/-innen", ("Leserinnen",))]),
        ("Paarform", "jede:r", [("jede:r", ())]),
        ("Paarform", "Kolleginnen und Kollegen", []),
        ("Doppelpunkt", "Kund*innen", [("Kund*innen", ("Kund:innen",))]),
        ("Doppelpunkt", "Kund:innen, jede:r", []),
        (
            "Stern",
            "Kund:innen und KundInnen",
            [("Kund:innen", ("Kund*innen",)), ("KundInnen", ("Kund*innen",))],
        ),
        ("Binnen-I", "Kund:innen", [("Kund:innen", ("KundInnen",))]),
        ("Schrägstrich", "Kund:innen, Leser/-innen", [("Kund:innen", ("Kund/-innen",))]),
        ("Paarform", "„Kolleg:innen“ schreibt sie, *Kund:innen* auch", []),
        ("Paarform", "In: innen und außen, 3:2, Berlin:in", [("Berlin:in", ("Berlinin",))]),
    ],
)
def test_one_gender_sign_is_the_houses(style: str, text: str, found: list[object]) -> None:
    assert _found(text, gender=style) == found


def test_variants_keep_ending_and_capital() -> None:
    variants = [{"write": "selbstständig*", "instead_of": "selbständig*"}]
    assert _found("Selbständige sind selbständig, Selbständigkeit!", variants=variants) == [
        ("Selbständige", ("Selbstständige",)),
        ("selbständig", ("selbstständig",)),
        ("Selbständigkeit", ("Selbstständigkeit",)),
    ]
    assert _found("selbstständig", variants=variants) == []


def test_variants_of_several_words_stand_across_a_line_break() -> None:
    variants = [{"write": "aufgrund", "instead_of": "auf Grund"}]
    assert _found("Es fiel auf\nGrund des Regens aus.", variants=variants) == [
        ("auf\nGrund", ("aufgrund",))
    ]


def test_banned_words_say_why_and_what_instead() -> None:
    banned = [{"words": "zeitnah", "reason": "Unklar.", "remedy": "Nennen Sie den Tag."}]
    rules = HouseRules(HouseStyle.model_validate({"banned": banned}))
    (hit,) = rules.findings(passage("Wir melden uns zeitnah."))
    assert hit.message == "Unklar. Nennen Sie den Tag."
    assert list(rules.findings(passage("> Wir melden uns zeitnah."))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "gender: Sternchen",
            "hausstil.yaml:1: gender: „Sternchen“ ist hier nicht möglich. Erlaubt: ",
        ),
        (
            "variants:\n  - {write: a, insted_of: b}",
            "hausstil.yaml:2: variants.insted_of: Das Feld ist unbekannt.",
        ),
        ("banned:\n  - {words: x}", "hausstil.yaml:2: banned.reason: Das Feld fehlt."),
        ("banned:\n  - {words: [], reason: x}", "hausstil.yaml:2: banned.words"),
        (
            "banned:\n  - {words: '(x', reason: x}",
            "hausstil.yaml:2: banned.words: „(x“ ist kein Wort",
        ),
        ("limits: {fillers: 0}", "hausstil.yaml:1: limits.fillers: „0“ ist zu klein."),
        ("gender: [", "hausstil.yaml:2: Das YAML ist nicht lesbar."),
        ("- a", "hausstil.yaml"),
    ],
)
def test_a_mistake_in_the_file_is_told_in_german(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    (tmp_path / "hausstil.yaml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError) as caught:
        read_house_style(Path())
    assert str(caught.value).startswith(message)


def test_no_file_and_an_empty_file_are_the_defaults(tmp_path: Path) -> None:
    assert read_house_style(tmp_path) == HouseStyle()
    (tmp_path / "hausstil.yaml").write_text("# nichts\n", "utf-8")
    assert read_house_style(tmp_path) == HouseStyle()
