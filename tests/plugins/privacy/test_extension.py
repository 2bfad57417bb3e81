"""The block „wenn“ frames a passage with its condition."""

from __future__ import annotations

from markdown import Markdown


def _html(text: str) -> str:
    return Markdown(extensions=["plugins.embeds.extension"], output_format="html").convert(text)


def test_a_passage_has_its_condition() -> None:
    html = _html("Davor.\n\n/// wenn | nicht kommentare\n## Titel\n\nText.\n///\n\nDanach.")
    assert html.replace("\n", "") == (
        '<p>Davor.</p><div data-wenn="nicht kommentare"><h2>Titel</h2><p>Text.</p></div>'
        "<p>Danach.</p>"
    )


def test_a_passage_may_stand_in_another() -> None:
    html = _html("//// wenn | kommentare\nA\n\n/// wenn | kommentar-mails\nB\n///\n////")
    assert html.replace("\n", "") == (
        '<div data-wenn="kommentare"><p>A</p><div data-wenn="kommentar-mails"><p>B</p></div></div>'
    )
