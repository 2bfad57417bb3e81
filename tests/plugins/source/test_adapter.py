"""Pelican reads posts, pages and series with our reader, and every mistake is one problem."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.source.problem import shown_path
from tests.plugins.pelican_site import Built, PelicanSite

EINS = "artikel/eins.md"
HEAD = "---\ntitle: Eins\ndate: 2026-01-14\ncategory: Garten\nslug: eins\n"


def _read(site: PelicanSite, more: str = "", body: str = "") -> Built:
    """Build the site with only one post (and what it needs)."""
    for name in ("artikel/zwei.md", "artikel/tief/drei.md", "tipps/2026.yaml"):
        (site.content / name).unlink(missing_ok=True)
    site.write(EINS, f"{HEAD}{more}---\n{body}")
    return site.build()


def test_both_notations_become_pelicans_objects(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    assert (built.problems, built.warnings) == ([], [])
    eins, drei = built.article("der-erste-beitrag"), built.article("der-dritte-beitrag")
    assert (eins.title, eins.lang, eins.status) == ("Der erste Beitrag", "de", "published")
    assert [(tag.name, tag.slug) for tag in eins.tags] == [("Beete", "beete"), ("Äxte", "aexte")]
    assert (drei.category.name, drei.category.slug) == ("Ähren", "aehren")
    assert [tag.name for tag in drei.tags] == ["Zaun", "Beete"]
    assert (drei.date.date(), drei.date.utcoffset()) == (
        dt.date(2026, 3, 11),
        dt.timedelta(hours=1),
    )
    assert eins.summary == "Worum es <em>zuerst</em> geht."
    assert eins.metadata["quoted_tips"] == ("2026-kw02",)


def test_two_builds_in_one_process_write_the_same(pelican_site: PelicanSite) -> None:
    first, second = pelican_site.build(), pelican_site.build()
    assert first.output == second.output
    assert len(first.output) > 20


def test_nothing_of_a_post_stays_for_the_next_one(pelican_site: PelicanSite) -> None:
    """One parser serves all: footnotes, ids of headings, link definitions and language start anew."""
    body = (
        'Wort[^1] und [Ziel][z].\n\n## Gleich\n\n[^1]: Fußnote\n\n[z]: https://a.example\n\n"so"\n'
    )
    for name in ("a", "b"):
        lang = "lang: en\n" if name == "a" else ""
        pelican_site.write(
            f"artikel/{name}.md", f"---\ntitle: {name}\ndate: 2026-01-01\n{lang}---\n{body}"
        )
    pelican_site.write("artikel/c.md", "---\ntitle: c\ndate: 2026-01-01\n---\nWort[^1], [Ziel][z].")
    built = pelican_site.build()
    a, b, c = (built.article(name).content for name in "abc")
    assert "“so”" in a
    assert "„so“" in b
    assert 'id="gleich"' in a
    assert 'id="gleich"' in b
    assert b.count('class="footnote"') == 1
    assert "Wort[^1], [Ziel][z]." in c


def test_folders_decide_which_fields_there_are(pelican_site: PelicanSite) -> None:
    pelican_site.write("seiten/a.md", "---\ntitle: A\ntags: [x]\n---\n")
    pelican_site.write("serien/b.md", "---\ntitle: B\ndate: 2026-01-01\n---\n")
    problems = pelican_site.build().problems
    assert sorted((p.file, p.field, p.message) for p in problems) == [
        ("content/seiten/a.md", "tags", "Das Feld ist unbekannt."),
        ("content/serien/b.md", "date", "Das Feld ist unbekannt."),
    ]


def test_a_page_needs_only_a_title(pelican_site: PelicanSite) -> None:
    pelican_site.write("seiten/a.md", "---\ntitle: Größe & Maß\n---\nText.")
    built = pelican_site.build()
    assert built.problems == []
    assert "groesse-und-mass/index.html" in built.output


BAD_FILES = {
    "leer": (b"", "1: Der Vorspann mit Titel und Datum fehlt."),
    "null": (b"\0\0\0", "1: Der Text enthält ein Steuerzeichen (U+0000)."),
    "null-im-text": (
        HEAD.encode() + b"---\n\nText\0.\n",
        "8: Der Text enthält ein Steuerzeichen (U+0000).",
    ),
    "utf-16": (b"\xff\xfe-\0-\0-\0", "1: Die Datei ist nicht in UTF-8"),
    "datum": (b"---\ntitle: a\ndate: 2026-02-30\n---\n", "3: date: „2026-02-30“ ist kein Datum."),
    "bombe": (
        b"---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
        "2: Ein Wert beginnt mit *, & oder !",
    ),
    "kategorie": (
        "---\ntitle: a\ndate: 2026-01-01\ncategory: ☃\n---\n".encode(),
        "4: category: Aus „☃“ lässt sich keine Adresse bilden.",
    ),
    "schlagwort": (
        b"---\ntitle: a\ndate: 2026-01-01\ntags: [b, '+']\n---\n",
        "4: tags: Aus „+“ lässt sich keine Adresse bilden.",
    ),
    "titel": (
        b"---\ntitle: '???'\ndate: 2026-01-01\n---\n",
        "2: title: Aus „???“ lässt sich keine Adresse bilden.",
    ),
    "liste-als-zusammenfassung": (
        f"{HEAD}summary: 1. Mai ist Feiertag.\n---\n".encode(),
        "6: summary: Die Zusammenfassung ist nicht einfach ein Absatz.",
    ),
    "zwei-absaetze-als-zusammenfassung": (
        f"{HEAD}summary: |\n  Eins.\n\n  Zwei.\n---\n".encode(),
        "7: summary: Die Zusammenfassung ist nicht einfach ein Absatz.",
    ),
    "block-als-zusammenfassung": (
        f"{HEAD}tags: [a]\nsummary: <div>x</div>\n---\n".encode(),
        "7: summary: Die Zusammenfassung ist nicht einfach ein Absatz.",
    ),
    "text": (
        f"{HEAD}---\n\nText.\n\n/// tipp | 2026-kw60\n///\n".encode(),
        "10: tipp: „2026-kw60“ ist keine Woche.",
    ),
    "zusammenfassung": (
        f'{HEAD}tags: [a]\nsummary: "/// tipp"\n---\n'.encode(),
        "7: block: Der Block „/// tipp“ ist nicht lesbar.",
    ),
}


def test_each_bad_file_is_one_problem_and_the_others_are_read(pelican_site: PelicanSite) -> None:
    """Every problem has file, line, message and remedy; there is no traceback in the log."""
    for name, (data, _) in BAD_FILES.items():
        pelican_site.write(f"artikel/x-{name}.md", data)
    built = pelican_site.build()
    problems = {problem.file: problem for problem in built.problems}
    assert len(built.problems) == len(problems) == len(BAD_FILES)
    for name, (_, start) in BAD_FILES.items():
        file = f"content/artikel/x-{name}.md"
        assert str(problems[file]).startswith(f"{file}:{start}")
        assert problems[file].remedy
    assert built.warnings == []
    assert len(built.context["articles"]) == 3


def test_a_byte_order_mark_and_windows_line_ends_are_read(pelican_site: PelicanSite) -> None:
    text = pelican_site.content.joinpath(EINS).read_text("utf-8")
    plain = pelican_site.build()
    pelican_site.write(EINS, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    windows = pelican_site.build()
    assert windows.problems == []
    assert windows.output == plain.output


def test_aware_dates_keep_their_moment(pelican_site: PelicanSite) -> None:
    pelican_site.replace(EINS, "date: 2026-01-14", "date: 2026-01-14 23:30-05:00")
    article = pelican_site.build().article("der-erste-beitrag")
    assert article.date.astimezone(dt.UTC) == dt.datetime(2026, 1, 15, 4, 30, tzinfo=dt.UTC)


def test_a_tag_that_is_named_twice_counts_once(pelican_site: PelicanSite) -> None:
    built = _read(pelican_site, "tags: [Beete, Zaun, Beete]\n")
    assert [tag.name for tag in built.article("eins").tags] == ["Beete", "Zaun"]
    assert built.text("schlagwort/beete/index.html") == "Beete: eins "


def test_authors_come_in_their_order(pelican_site: PelicanSite) -> None:
    built = _read(pelican_site, "author: Ida\nauthors: [Jo, Kim]\n")
    article = built.article("eins")
    assert article.author.name == "Ida"
    assert [author.name for author in article.authors] == ["Ida", "Jo", "Kim"]


def test_titles_are_typeset_in_the_posts_language(pelican_site: PelicanSite) -> None:
    pelican_site.write("artikel/en.md", '---\ntitle: The "end"\ndate: 2026-01-01\nlang: en\n---\n')
    pelican_site.write("artikel/de.md", '---\ntitle: Das "Ende"\ndate: 2026-01-01\n---\n')
    built = pelican_site.build(TYPOGRAPHY={"lang": "de"})
    assert built.problems == []
    assert built.article("the-end").title == "The “end”"
    assert built.article("das-ende").title == "Das „Ende“"


@pytest.mark.parametrize(
    ("summary", "html"),
    [
        (r"1\. Mai ist Feiertag.", "1. Mai ist Feiertag."),
        ("|\n  Eins.\n  Zwei.", "Eins.\nZwei."),
        ("Ein [Link](https://a.example).", 'Ein <a href="https://a.example">Link</a>.'),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_a_summary_is_inline_markdown(summary: str, html: str, pelican_site: PelicanSite) -> None:
    built = _read(pelican_site, f"summary: {summary}\n")
    assert built.problems == []
    assert built.article("eins").metadata["summary"].replace("\u00a0", " ") == html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Der *erste* Absatz.[^1]\n\nDer zweite.\n\n[^1]: Note", "Der erste Absatz."),
        ("## Eins\n\n- Punkt\n\n> Zitat\n\n/// zitat | Ida\nQ\n///\n\nErst hier.", "Erst hier."),
        ("a < b & c", "a &lt; b &amp; c"),
        ("- Nur\n- Punkte", ""),
        ("", ""),
    ],
)
def test_without_a_summary_the_first_paragraph_leads(
    body: str, html: str, pelican_site: PelicanSite
) -> None:
    built = _read(pelican_site, body=body)
    assert built.problems == []
    metadata = built.article("eins").metadata
    assert (metadata["summary"], metadata["has_own_summary"]) == (html, False)


def test_paths_are_shown_from_the_current_folder_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hier").mkdir()
    monkeypatch.chdir(tmp_path / "hier")
    assert shown_path(tmp_path / "hier" / "a" / "b.md") == "a/b.md"
    assert shown_path(tmp_path / "dort" / "b.md") == str(tmp_path / "dort" / "b.md")
