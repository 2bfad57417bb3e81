"""What `invoke typo` shows stands in the author's source, where it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from authoring import typo
from plugins.source.problem import AuthorError
from plugins.typography.core import typeset_html
from plugins.typography.passage import Passage
from publishing.build import PROJECT

CONTENT = PROJECT / "content"
TEXTS = typo.texts_at(CONTENT)
HEAD = "---\ntitle: Ein Titel\ndate: 2026-03-04\ncategory: Sprache\n---\n"
_TYPEWRITER = str.maketrans(
    {"„": '"', "“": '"', "«": '"', "»": '"', "‚": "'", "‘": "'", "‹": "'", "›": "'", "’": "'"}
    | {"–": "-", "…": "...", "×": "x", "\u00a0": " ", "\u202f": " "}
)


@pytest.fixture(scope="module")
def reader() -> typo.Reader:
    return typo.open_reader()


def _changes(reader: typo.Reader, text: str, file: str = "a.md") -> list[typo.Change]:
    return typo.examine(text, file, reader).changes


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


_MARKUP = re.compile(r"<[^>\n]*>|\]\([^)\n]*\)|\[\^\w+\]")


def _assert_placed(text: str, changes: list[typo.Change]) -> None:
    """At each place stands the character named, between the letters that are shown around it."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    for change in changes:
        assert change.column is not None, change
        place = starts[change.line - 1] + change.column - 1
        if change.before:
            character = text[place]
            assert character == change.before[0] or (
                character.isspace() and change.before[0].isspace()
            ), change
        start, end = change.marked_before
        left = _letters(change.words_before[:start])[-3:]
        right = _letters(change.words_before[end:])[:3]
        around = text[max(0, place - 120) : place], text[place : place + 200]
        assert _letters(_MARKUP.sub("", around[0])).endswith(left), change
        assert _letters(_MARKUP.sub("", around[1])).startswith(right), change


# --- Places --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_change_of_the_sites_texts_is_where_it_says(path: Path, reader: typo.Reader) -> None:
    text = path.read_text("utf-8")
    _assert_placed(text, _changes(reader, text, str(path)))


@pytest.mark.parametrize(
    "path", [path for path in TEXTS if path.suffix == ".md"], ids=lambda path: path.stem
)
def test_every_change_of_a_typewritten_text_is_where_it_says(
    path: Path, reader: typo.Reader
) -> None:
    head, line, body = path.read_text("utf-8").partition("\n---\n")
    text = head + line + body.translate(_TYPEWRITER)
    _assert_placed(text, _changes(reader, text, str(path)))


def test_the_sites_texts_have_enough_to_find(reader: typo.Reader) -> None:
    """The tests above would pass if nothing was found."""
    found = [change for path in TEXTS for change in _changes(reader, path.read_text(), str(path))]
    assert len(found) > 100
    assert len({change.rule for change in found}) >= 6


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_sites_texts_are_beyond_doubt(path: Path, reader: typo.Reader) -> None:
    assert typo.examine(path.read_text("utf-8"), str(path), reader).doubts == []


@pytest.mark.parametrize(
    ("body", "place", "before", "after"),
    [
        ('Ein *Wort* "da"', (6, 12), '"', "„"),
        ("Ein\nWort -\nda", (7, 6), "-", "–"),
        ("`-` und -- so", (6, 9), "--", "–"),
        ('> - "Ja"', (6, 5), '"', "„"),
        ("[5 km](https://a.example/5-km)", (6, 3), " ", "\u202f"),
        ('[a](https://a.example/ "geht\'s") b', (6, 29), "'", "’"),
        ('![Das "Bild"](/b.png)', (6, 7), '"', "„"),
        ('![Bild](/b.png "Die 5 km")', (6, 22), " ", "\u202f"),
        ("| a | b |\n|---|---|\n| 5 km | 5 km |", (8, 11), " ", "\u202f"),
        ("Text[^1] da\n\n[^1]: Mit 80% so", (8, 13), "", "\u202f"),
        ("Am\n3. März", (7, 3), " ", "\u00a0"),
        ("1. Am 3. März", (6, 9), " ", "\u00a0"),
        ("5 m<sup>2</sup> da", (6, 2), " ", "\u202f"),
        ("Gr&uuml;&szlig;e - da", (6, 18), "-", "–"),
        ("...", (6, 1), "...", "…"),
        ("/// zitat | Hans' Rad, Werk\n    abgerufen: 2026-03-01\n\nDa.\n///", (6, 17), "'", "’"),
    ],
)
def test_markup_moves_no_column(
    reader: typo.Reader, body: str, place: tuple[int, int], before: str, after: str
) -> None:
    found = _changes(reader, HEAD + body)
    assert (*place, before, after) in [
        (change.line, change.column, change.before, change.after) for change in found
    ]


def test_what_is_not_found_has_a_line_and_no_column(reader: typo.Reader) -> None:
    """Braces that look like attributes, but are text."""
    found = _changes(reader, HEAD + 'Text\n\nDa - da.\n\nMit {wort=1} "da"')
    assert [(change.line, change.column) for change in found] == [
        (8, 3),
        (8, 4),
        (8, None),
        (8, None),
    ]


def test_code_and_addresses_are_not_shown(reader: typo.Reader) -> None:
    body = '`"a" - b`\n\n```\n"a" - b\n```\n\n<kbd>"</kbd> https://a.example/5--x.html\n'
    assert _changes(reader, HEAD + body) == []


def test_title_and_summary_are_shown(reader: typo.Reader) -> None:
    text = '---\ntitle: "Ein \\"Titel\\""\nsummary: >\n  Kurz\n  - und gut.\n---\n\nText'
    found = [(change.line, change.column, change.after) for change in _changes(reader, text)]
    assert found == [(2, 14, "„"), (2, 21, "“"), (4, 7, "\u00a0"), (5, 3, "–")]


def test_pelicans_own_header_is_read(reader: typo.Reader) -> None:
    [change] = _changes(reader, "Title: Geht's\nDate: 2026-03-04\n\nText")
    assert (change.line, change.column, change.rule) == (1, 12, "apostrophe")


def test_the_language_of_the_post_counts(reader: typo.Reader) -> None:
    text = HEAD.replace("category", "lang: de-CH\ncategory") + '"Ja"'
    assert [change.after for change in _changes(reader, text)] == ["«", "»"]


def test_tips_are_shown_but_not_their_wrong_examples(reader: typo.Reader) -> None:
    text = (
        "- date: 2026-03-04\n  headword: Einheit\n  topic: Typografie\n  tip: Es sind 5 km.\n"
        '  wrong: "57€"\n  right: "57 €"\n  more: |\n    Ein *Wort* - da.\n'
    )
    found = [(c.line, c.column, c.rule) for c in _changes(reader, text, "2026.yaml")]
    assert found == [
        (4, 17, "unit"),
        (6, 13, "unit"),
        (8, 15, "space before dash"),
        (8, 16, "dash"),
    ]


# --- Rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('"Ja"', "quote"),
        ("Sie 'wollen' das", "quote"),
        ("geht's", "apostrophe"),
        ('ein 24" breiter', "prime"),
        ("Wort- und so -- da", "dash"),
        ("Köln--Mainz", "joining dash"),
        ("9-12 Uhr", "range"),
        ("Mo-Fr", "range"),
        ("Wort...", "ellipsis"),
        ("Wort …", "space before ellipsis"),
        ("Wort – da", "space before dash"),
        ("z.B.", "abbreviation"),
        ("5 km", "unit"),
        ("7 Uhr", "unit"),
        ("§ 5", "section"),
        ("1 250 000", "digits"),
        ("1. 1. 2024", "date"),
        ("3. März", "date"),
        ("S. 14", "reference"),
        ("Dr. Lindner", "name"),
        ("E. T. A. Hoffmann", "name"),
        ("+49 221 555-18", "phone"),
        ("1200x630", "times"),
        ("es sind -4 °C", "minus"),
    ],
)
def test_each_change_knows_its_rule(text: str, rule: str) -> None:
    passages: list[Passage] = []
    typeset_html(f"<p>{text}</p>", watch=passages.append)
    [passage] = passages
    assert rule in {passage.rules[start] for start, _, _ in passage.written}
    assert rule in typo.RULES


def test_every_rule_has_a_german_name() -> None:
    files = (PROJECT / "plugins/typography").glob("*.py")
    code = "".join(path.read_text("utf-8") for path in files)
    named = set(re.findall(r"\.rule = \"([^\"]+)\"", code))
    assert len(named) > 10
    assert named <= set(typo.RULES)


def test_watching_changes_nothing() -> None:
    html = '<p>"Ja" <b>- z.B.</b> 5 km &quot; &amp;</p><p>Nur Text</p>'
    seen: list[Passage] = []
    assert typeset_html(html, watch=seen.append) == typeset_html(html)
    assert [passage.text for passage in seen][-1] == "Nur Text"


def test_gender_stars_are_shown_where_they_would_be_emphasis(reader: typo.Reader) -> None:
    found = _changes(reader, HEAD + "Autor*innen und Leser*innen sind *da*.")
    assert [(c.column, c.rule) for c in found] == [(6, "gender star"), (22, "gender star")]
    assert _changes(reader, HEAD + "Autor*innen sind da.") == []


# --- Telling -------------------------------------------------------------------------------------------


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.md"
    path.write_text(HEAD + '"Ja": z.B. 5 km [x] - "so\n', "utf-8")
    return path


def test_changes_are_printed_with_visible_spaces_and_counts(
    post: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typo.show("a.md", is_doubts=False, as_json=False)
    out = capsys.readouterr().out
    assert 'a.md:6:1  "Ja": → „Ja“:  Anführungszeichen\n' in out
    assert "a.md:6:9  z.B. → z.¦B.  Abkürzung\n" in out
    assert "a.md:6:20  [x] - → [x]␣–  geschütztes Leerzeichen vor dem Gedankenstrich\n" in out
    assert "7 Stellen in 1 Text " in out
    assert "  3  Anführungszeichen\n" in out


def test_doubts_are_printed_with_reason_and_remedy(
    post: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typo.show("a.md", is_doubts=True, as_json=False)
    out = capsys.readouterr().out
    assert out.startswith('a.md:6:23  "so  Das Anführungszeichen ist am Ende')
    assert "Ergänzen Sie das schließende Zeichen (“)." in out
    assert "1 zweifelhafte Stelle.\n" in out


def test_json_is_for_programs(post: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typo.show("a.md", is_doubts=False, as_json=True)
    entries = json.loads(capsys.readouterr().out)
    assert entries[0] == {
        "file": "a.md",
        "line": 6,
        "column": 1,
        "rule": "Anführungszeichen",
        "before": '"',
        "after": "„",
        "words": ['"Ja":', "„Ja“:"],
    }
    typo.show("a.md", is_doubts=True, as_json=True)
    [doubt] = json.loads(capsys.readouterr().out)
    assert (doubt["file"], doubt["line"], doubt["column"]) == ("a.md", 6, 23)
    assert set(doubt) == {"file", "line", "column", "reason", "remedy", "words"}


def test_nothing_to_do_is_said(post: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post.write_text(HEAD + "Alles gut.", "utf-8")
    typo.show("a.md", is_doubts=False, as_json=False)
    typo.show("a.md", is_doubts=True, as_json=False)
    out = capsys.readouterr().out
    assert out == "Nichts zu setzen in 1 Text.\nKeine zweifelhaften Stellen.\n"


def test_eszett_in_a_block_quotation_is_no_doubt(reader: typo.Reader) -> None:
    head = HEAD.replace("category", "lang: de-CH\ncategory")
    body = "> Große Straße\n\n/// zitat | Wer, Was\n\nGroße Straße\n///\n\nEin großes Haus."
    [doubt] = typo.examine(head + body, "a.md", reader).doubts
    assert (doubt.line, doubt.words) == (14, "großes")


# --- Bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("fehlt.md", None, "Das gibt es nicht"),
        ("bild.png", b"x", "Gelesen werden Texte"),
        ("a.md", "größer".encode("latin-1"), "nicht in UTF-8"),
        ("a.md", b"---\ntitle: Eins: zwei\n---\n", "YAML ist nicht lesbar"),
        ("a.md", b"---\ntitle: Eins\n", "nicht abgeschlossen"),
        ("2026.yaml", b"a: b\n", "keine Sammlung von Tipps"),
        ("leer", "", "keine Texte"),
    ],
)
def test_bad_input_is_answered_in_german_and_with_nothing_else(
    tmp_path: Path,
    name: str,
    data: bytes | str | None,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / name
    if isinstance(data, bytes):
        path.write_bytes(data)
    elif data is not None:
        path.mkdir()
    with pytest.raises(AuthorError, match=message) as caught:
        typo.show(str(path), is_doubts=False, as_json=False)
    assert name in str(caught.value)
    assert capsys.readouterr().out == ""


def test_a_broken_file_does_not_hide_the_others(
    post: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (post.parent / "b.md").write_bytes(b"---\nx\n")
    with pytest.raises(AuthorError, match="nicht abgeschlossen"):
        typo.show(".", is_doubts=False, as_json=False)
    assert "7 Stellen in 1 Text " in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        *("", "---\n---\n", "---\n\n---\n", HEAD.rstrip(), "Title: x", "\ufdd1\ufffc\u2028"),
        *("a" * 9000, '"' * 400 + "- " * 400, "*a*b " * 300, "<code>" * 200),
        *('&quot;&#0;&nbsp;"', "`" * 99 + '"'),
    ],
    ids=range(12),
)
def test_odd_text_is_survived(reader: typo.Reader, text: str) -> None:
    typo.examine(text, "a.md", reader)


def test_pelican_is_loaded_only_when_needed() -> None:
    program = "import sys, authoring.typo; assert 'pelican' not in sys.modules"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
