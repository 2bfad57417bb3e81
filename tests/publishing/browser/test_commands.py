"""`invoke check --browser` ends with the faults, or with one line that says what was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.browser.commands import BrowserError, look_at_site

SETTINGS = {"SITEURL": "https://blog.example", "COMMENTS_SYSTEMS": {}}
PAGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Seite</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Titel</h1><p>Text.</p>{0}</main></body></html>
"""


@pytest.mark.browser
def test_each_fault_is_told_and_the_command_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "index.html"
    page.write_text(PAGE.format('<img src="/fehlt.png" alt="">'), "utf-8")
    with pytest.raises(BrowserError, match=r"Im Browser: 1.Fehler \(1.Seite von 1"):
        look_at_site(tmp_path, SETTINGS, is_checked=True)
    assert capsys.readouterr().err == (
        "Fehler: / (390 px breit): Datei: „/fehlt.png“ ruft die Seite ab, und es gibt sie nicht. "
        "Prüfen Sie die Adresse in der Vorlage (theme/) oder im Text.\n"
    )
    page.write_text(PAGE.format(""), "utf-8")
    look_at_site(tmp_path, SETTINGS, is_checked=True)
    assert capsys.readouterr().out.startswith("Im Browser geprüft: 1\u00a0Seite von 1")
