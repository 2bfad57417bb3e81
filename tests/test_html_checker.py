"""What the W3C's checker says is heard: but for the one rule that it does not know yet."""

from __future__ import annotations

from pathlib import Path

from tests.html_checker import html_errors

PAGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Seite</title>
<style>{0}@view-transition {{navigation: auto}} p {{color: #333}}</style></head>
<body><h1>Titel</h1>{1}</body></html>
"""


def test_faults_are_told_with_file_and_line(tmp_path: Path) -> None:
    sound, faulty = tmp_path / "heil.html", tmp_path / "falsch.html"
    sound.write_text(PAGE.format("", "<p>Text.</p>"), "utf-8")
    faulty.write_text(
        PAGE.format("p {colour: red}", '<img src="bild.png">\n<p>Text.</div>'), "utf-8"
    )
    found = html_errors([sound, faulty])
    assert all(error.startswith(f"file:{faulty}:") for error in found)
    for line, words in ((3, "“colour”"), (4, "“alt”"), (5, "Stray end tag “div”")):
        assert any(f":{line}: " in error and words in error for error in found), found
