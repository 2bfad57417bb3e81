"""`invoke lektorat`: what it prints, its exit status, and what it says of files it cannot read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lektorat import adapter
from lektorat.commands import proofread
from lektorat.optional_path import _has_path
from plugins.source.problem import AuthorError
from tests.lektorat.desks import SITE

POST = "---\ntitle: Titel\ndate: 2026-01-07\nlang: {lang}\n---\n{text}\n"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty content folder, in the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content" / "artikel").mkdir(parents=True)
    return Path("content")


def _post(content: Path, text: str, lang: str = "de") -> str:
    path = content / "artikel" / "a.md"
    path.write_text(POST.format(text=text, lang=lang), "utf-8")
    return str(path)


def test_hints_are_grouped_and_aligned(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _post(content, "Das ist ein Packet.\n\nUnd und noch etwas.")
    proofread(path, content, as_json=False, is_strict=False)
    out = capsys.readouterr().out.splitlines()
    assert out[:3] == [
        "content/artikel/a.md",
        "  6:13  Rechtschreibung  „Packet“: Richtig ist „Paket“. „Packet“ schreibt man im Englischen.",
        "  8:1   Wiederholung     „Und und“: „Und“ steht zweimal.",
    ]
    assert out[3].startswith(
        "  Lesbarkeit: 8\u00a0Wörter in 2\u00a0Sätzen; im Mittel 4,0 Wörter je Satz"
    )
    assert out[-1] == (
        "1\u00a0Datei, 9\u00a0Wörter gelesen, 2\u00a0Hinweise: "
        "1\u00a0× Rechtschreibung und 1\u00a0× Wiederholung."
    )


def test_json_is_a_list_of_hints_and_nothing_else(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proofread(_post(content, "Das ist ein Packet."), content, as_json=True, is_strict=False)
    assert json.loads(capsys.readouterr().out) == [
        {
            "file": "content/artikel/a.md",
            "line": 6,
            "column": 13,
            "kind": "spelling",
            "text": "Packet",
            "message": "Richtig ist „Paket“. „Packet“ schreibt man im Englischen.",
            "suggestions": ["Paket"],
        }
    ]


def test_strict_is_about_spelling_and_house_style_only(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proofread(_post(content, "Und und so weiter."), content, as_json=False, is_strict=True)
    path = _post(content, "Das ist ein Packet.")
    proofread(path, content, as_json=False, is_strict=False)
    with pytest.raises(SystemExit) as caught:
        proofread(path, content, as_json=False, is_strict=True)
    assert caught.value.code == 1
    assert "Packet" in capsys.readouterr().out


def test_english_posts_get_no_german_hints(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _post(content, "This is a packet.", lang="en")
    proofread(path, content, as_json=True, is_strict=True)
    assert json.loads(capsys.readouterr().out) == []


def test_all_texts_are_read_without_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    proofread(None, SITE, as_json=False, is_strict=False)
    out = capsys.readouterr().out
    assert "fehler.md" in out
    assert "sauber.md" not in out  # it has no hints
    assert "3\u00a0Dateien" in out


def test_tips_of_the_front_matter_are_names(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = content / "artikel" / "a.md"
    path.write_text(
        "---\ntitle: Titel\ntags: [Xylwort]\n---\nEin Xylwort und ein Xylwrt.\n", "utf-8"
    )
    proofread(str(path), content, as_json=True, is_strict=False)
    assert [hint["text"] for hint in json.loads(capsys.readouterr().out)] == ["Xylwrt"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("leer.md", b"", "leer.md: Die Datei ist leer."),
        ("leer.md", b" \n\n", "leer.md: Die Datei ist leer."),
        (
            "latin.md",
            "Größe".encode("latin-1"),
            "latin.md:1: Die Datei ist nicht in UTF-8 gespeichert",
        ),
        ("null.md", b"a\x00b", "null.md:1: Der Text enthält ein Steuerzeichen"),
        ("bild.png", b"\x89PNG", "bild.png: Das Lektorat liest Texte"),
        ("gross.md", b"Wort " * 2_000_000, "gross.md: Die Datei ist mit 10 MB zu groß"),
        ("offen.md", b"---\ntitle: x\n", "offen.md:1: Der Vorspann ist nicht abgeschlossen."),
        ("yaml.md", b"---\ntitle: 'a\n---\n", "yaml.md:2: Das YAML ist nicht lesbar."),
        ("keine.yaml", b"a: b", "keine.yaml:1: Das ist keine Sammlung von Tipps."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_message(
    content: Path, name: str, data: bytes, message: str
) -> None:
    Path(name).write_bytes(data)
    with pytest.raises(AuthorError) as caught:
        proofread(name, content, as_json=False, is_strict=False)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_missing_files_and_empty_folders_are_told(content: Path) -> None:
    for path, message in (
        ("nichts.md", "nichts.md: Diese Datei gibt es nicht"),
        ("content", "content: Hier liegen keine Texte"),
        (None, "content: Hier liegen keine Texte"),
    ):
        with pytest.raises(AuthorError) as caught:
            proofread(path, content, as_json=False, is_strict=False)
        assert str(caught.value).startswith(message)


def test_one_bad_file_does_not_hide_the_hints_on_the_others(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _post(content, "Das ist ein Packet.")
    (content / "artikel" / "b.md").write_bytes(b"\xff")
    with pytest.raises(AuthorError, match=r"b\.md:1: Die Datei ist nicht in UTF-8"):
        proofread(None, content, as_json=False, is_strict=False)
    assert "Packet" in capsys.readouterr().out


def test_no_dictionary_at_all_is_told(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_DICTIONARY_PACKAGE", "no_such_package")
    monkeypatch.setattr(adapter, "_SYSTEM_FOLDERS", ())
    with pytest.raises(AuthorError, match="fehlt das deutsche Wörterbuch"):
        proofread(_post(content, "Ein Satz."), content, as_json=False, is_strict=False)


@pytest.mark.parametrize(
    ("words", "has_path"),
    [
        (["lektorat"], False),
        (["lektorat", "--json"], False),
        (["lektorat", "a.md"], True),
        (["lektorat", "--json", "a.md"], True),
        (["lektorat", "--content", "x"], False),
        (["lektorat", "--content", "x", "a.md"], True),
        (["lektorat", "--content=x", "a.md"], True),
        (["check"], False),
    ],
)
def test_a_path_may_be_left_out(words: list[str], has_path: bool) -> None:
    assert _has_path(words, "lektorat") == has_path
