"""Passages of a text hold, or do not, for a site with certain practices."""

from __future__ import annotations

import pytest

from plugins.privacy.core import PRACTICES, holds, practised, untold


@pytest.mark.parametrize(
    ("condition", "practices", "expected"),
    [
        ("kommentare", {"kommentare"}, True),
        ("kommentare", {"mastodon"}, False),
        ("nicht kommentare", {"mastodon"}, True),
        ("nicht kommentare", {"kommentare"}, False),
    ],
)
def test_conditions(condition: str, practices: set[str], expected: bool) -> None:
    assert holds(condition, practices) is expected


def test_passages_lose_their_frame_or_are_gone() -> None:
    html = (
        '<p>A &amp; B</p><div data-wenn="kommentare"><p>C</p><div data-wenn="kommentar-mails">'
        '<p>D</p></div></div><div data-wenn="nicht kommentare"><p>E</p></div>'
    )
    assert practised(html, ["kommentare"]) == "<p>A &amp; B</p><p>C</p>"
    both = ["kommentare", "kommentar-mails"]
    assert practised(html, both) == "<p>A &amp; B</p><p>C</p><p>D</p>"
    assert practised(html, ["kommentar-mails"]) == "<p>A &amp; B</p><p>E</p>"


def test_a_text_without_conditions_is_left_alone() -> None:
    assert practised("<p>ä<br>&nbsp;</p>", ["kommentare"]) == "<p>ä<br>&nbsp;</p>"


def test_what_the_text_does_not_speak_of() -> None:
    text = "/// wenn | kommentare\nA\n///\n\n//// wenn|mastodon\n////\n\n/// wenn | nicht vg-wort\n///\n"
    # The page names other services by itself.
    assert untold(text, PRACTICES) == ["serverprotokoll", "kommentar-mails", "vg-wort"]
