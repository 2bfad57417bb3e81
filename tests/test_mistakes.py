"""Each mistake stops `invoke build` with one German message, and the deployed site stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site import Site

Change = Callable[[Site], object]


@dataclass(frozen=True)
class Mistake:
    """A change that breaks the site, and the words of the message that must name it."""

    name: str
    change: Change
    words: tuple[str, ...]


def _replaced(file: str, old: str, new: str) -> Change:
    return lambda site: site.replace(file, old, new)


def _without_plugin(name: str) -> Change:
    return lambda site: site.write_settings(f"PLUGINS = [p for p in PLUGINS if p != {name!r}]\n")


def _appended(file: str, text: str) -> Change:
    return lambda site: site.write(file, (site.content / file).read_text("utf-8") + text)


def _tip(date: str, more: str = "", topic: str = "Stil", text: str = "Kurz.") -> Change:
    return _appended(
        "tipps/2026.yaml",
        f"- date: {date}\n  headword: Neu\n  topic: {topic}\n  tip: {text!r}\n{more}",
    )


def _linked_draft(site: Site) -> None:
    site.replace("artikel/drei.md", "Category: Haus", "Category: Haus\nStatus: draft")
    site.replace(
        "artikel/zwei.md", "Zweiter Absatz.", "Zweiter Absatz.\n\n[Bald]({filename}drei.md)"
    )


EINS, ZWEI, TIPS = "artikel/eins.md", "artikel/zwei.md", "tipps/2026.yaml"

MISTAKES = (
    Mistake(
        "missing_date",
        _replaced(EINS, "date: 2026-01-14\n", ""),
        ("eins.md:2: date: Das Feld fehlt.", "Ergänzen Sie „date: …“"),
    ),
    Mistake(
        "invalid_date",
        _replaced(EINS, "2026-01-14", "14. Januar"),
        ("eins.md:3: date: „14. Januar“ ist kein Datum.", "zum Beispiel 2026-03-04"),
    ),
    Mistake(
        "missing_date_in_pelicans_form",
        _replaced("artikel/drei.md", "Date: 2026-03-11\n", ""),
        ("drei.md:1: date: Das Feld fehlt.", "Ergänzen"),
    ),
    Mistake(
        "missing_title",
        _replaced(EINS, "title: Der erste Beitrag\n", ""),
        ("eins.md:2: title: Das Feld fehlt.", "Ergänzen Sie „title: …“"),
    ),
    Mistake(
        "empty_title",
        _replaced(EINS, "title: Der erste Beitrag", "title:"),
        ("eins.md:2: title: Der Text ist leer.", "Schreiben Sie etwas hinein"),
    ),
    Mistake(
        "title_without_letters",
        _replaced(EINS, "title: Der erste Beitrag", "title: '???'"),
        ("eins.md:2: title: Aus „???“", "Feld „slug“"),
    ),
    Mistake(
        "unknown_key",
        _replaced(EINS, "summary:", "summery:"),
        ("eins.md:6: summery: Das Feld ist unbekannt.", "Meinten Sie „summary“?"),
    ),
    Mistake(
        "unreadable_yaml",
        _replaced(EINS, "title: Der erste Beitrag", "title: Eins: zwei"),
        ("eins.md:2: Das YAML ist nicht lesbar.", "Anführungszeichen"),
    ),
    Mistake(
        "front_matter_not_closed",
        lambda site: site.write(EINS, "---\ntitle: Offen\ndate: 2026-01-01\n\nText.\n"),
        ("eins.md:1: Der Vorspann ist nicht abgeschlossen.", "---"),
    ),
    Mistake(
        "empty_file",
        lambda site: site.write(EINS, ""),
        ("eins.md:1: Der Vorspann mit Titel und Datum fehlt.", "title: …"),
    ),
    Mistake(
        "two_posts_with_one_slug",
        _replaced(EINS, "title: Der erste", "slug: der-dritte-beitrag\ntitle: Der erste"),
        ("eins.md:2: slug: Die Adresse „der-dritte-beitrag“ hat schon:", "drei.md", "eigenes Feld"),
    ),
    Mistake(
        "page_with_a_taken_address",
        _replaced("seiten/ueber-mich.md", "slug: ueber-mich", "slug: tipps"),
        ("Zwei Seiten haben dieselbe Adresse /tipps/.", "ein anderes Feld „slug“"),
    ),
    Mistake(
        "second_main_heading",
        _replaced(ZWEI, "## Über Äpfel", "# Über Äpfel"),
        ("zwei.md:13: Überschrift: „Über Äpfel“", "mit ##"),
    ),
    Mistake(
        "text_that_yaml_would_swallow",
        _replaced(EINS, "title: Der erste Beitrag", "title: Regel #1"),
        ("eins.md:2: Ab „#1“ ginge der Text verloren", "Anführungszeichen"),
    ),
    Mistake(
        "two_tags_with_one_slug",
        _replaced(ZWEI, "[Beete]", "[Straße, strasse]"),
        ("zwei.md:5: tags: Das Schlagwort „strasse“", "„Straße“", "dieselbe Schreibung"),
    ),
    Mistake(
        "two_categories_with_one_slug",
        _replaced(ZWEI, "category: Garten", "category: garten"),
        ("zwei.md:4: category: Die Kategorie „garten“", "„Garten“", "dieselbe Schreibung"),
    ),
    Mistake(
        "taken_series_number",
        _replaced(ZWEI, "series_index: 2", "series_index: 1"),
        ("zwei.md:8: series_index: Die Nummer 1", "eins.md", "frei ist zum Beispiel 2"),
    ),
    Mistake(
        "unknown_series",
        _replaced(ZWEI, "series: garten", "series: gartn"),
        ("zwei.md:7: series: Die Serie „gartn“ gibt es nicht.", "Vorhanden: garten"),
    ),
    Mistake(
        "tip_not_on_a_wednesday",
        _tip("2026-04-02"),
        ("2026.yaml:22: date: Der 2026-04-02 ist ein Donnerstag", "2026-04-01 oder 2026-04-08"),
    ),
    Mistake(
        "tip_twice_in_a_week",
        _tip("2026-03-11"),
        ("2026.yaml:22: date: Für den 2026-03-11 gibt es schon", "freien Mittwoch"),
    ),
    Mistake(
        "tip_too_long",
        _tip("2026-04-01", text="ü" * 281),
        ("2026.yaml:25: tip: Der Tipp ist zu lang für X: 281 von 280", "Kürzen Sie ihn um 1"),
    ),
    Mistake(
        "tip_of_unknown_topic",
        _tip("2026-04-01", topic="Stiel"),
        ("2026.yaml:24: topic: Das Thema „Stiel“ gibt es nicht.", "Möglich sind: Rechtschreibung"),
    ),
    Mistake(
        "tip_with_unknown_key",
        _tip("2026-04-01", "  quelle: nirgends\n"),
        ("2026.yaml:26: quelle: Das Feld ist unbekannt.", "Möglich sind"),
    ),
    Mistake(
        "tip_that_no_one_wrote",
        _tip("2026-04-01", text=""),
        ("2026.yaml:25: tip: Der Text ist leer.", "Schreiben Sie etwas hinein"),
    ),
    Mistake(
        "tip_in_the_wrong_years_file",
        _tip("2027-01-06"),
        ("2026.yaml:22: date: Der 2027-01-06 liegt nicht im Jahr 2026", "2027.yaml"),
    ),
    Mistake(
        "unreadable_tips",
        _appended(TIPS, "- date: [\n"),
        ("2026.yaml:", "Das YAML ist nicht lesbar.", "Klammern"),
    ),
    Mistake(
        "tip_that_points_nowhere",
        _replaced(TIPS, "der-zweite-beitrag]", "der-zweite-betrag]"),
        ("2026.yaml:17: see: „der-zweite-betrag“ ist weder", "2026-kw02"),
    ),
    Mistake(
        "unknown_tip_in_a_post",
        _replaced(EINS, "2026-kw02", "2026-kw33"),
        ("eins.md:16: tipp: Für die Woche 2026-kw33 gibt es keinen Tipp.", "Prüfen Sie die Woche"),
    ),
    Mistake(
        "impossible_week_in_a_post",
        _replaced(EINS, "2026-kw02", "2026-kw60"),
        ("eins.md:16: tipp: „2026-kw60“ ist keine Woche.", "2026-kw02"),
    ),
    Mistake(
        "misspelt_block",
        _replaced(EINS, "/// tipp", "/// tip"),
        ("eins.md:16: block: Der Block „/// tip | 2026-kw02“", "Bekannt sind: tipp, tipps, zitat"),
    ),
    Mistake(
        "dead_link",
        _appended(ZWEI, "\n[Nirgends](/blog/gibt-es-nicht/)\n"),
        ("zwei.md:17: Link: Der Link „/blog/gibt-es-nicht/“ führt ins Leere.", "{filename}"),
    ),
    Mistake(
        "dead_file_link",
        _appended(ZWEI, "\n[Nirgends]({filename}vier.md)\n"),
        ("zwei.md:17: Link:", "vier.md", "führt ins Leere"),
    ),
    Mistake(
        "link_to_a_draft",
        _linked_draft,
        ("zwei.md:17: Link: Der Link führt zu drei.md", "noch nicht erschienen"),
    ),
    Mistake(
        "dead_anchor",
        _replaced(EINS, "#ueber-aepfel", "#ueber-birnen"),
        (
            "eins.md:12: Link: Den Anker „/blog/der-zweite-beitrag/#ueber-birnen“",
            "id der Überschrift",
        ),
    ),
    Mistake(
        "dead_picture",
        _replaced(EINS, "spaten.svg", "harke.svg"),
        ("eins.md:14: Bild:", "harke.svg", "gibt es nicht"),
    ),
    Mistake(
        "picture_without_alt",
        _replaced(EINS, "![Ein Spaten]", "![]"),
        ("eins.md:14: Bild: Dem Bild", "fehlt der Alternativtext", "was zu sehen ist"),
    ),
    Mistake(
        "foreign_picture",
        _appended(ZWEI, "\n![Fremd](https://bilder.example/x.png)\n"),
        ("zwei.md:17: Datei: „https://bilder.example/x.png“ käme von einem fremden Server",),
    ),
    Mistake(
        "plugin_that_is_not_there",
        lambda site: site.write_settings("PLUGINS = [*PLUGINS, 'plugins.nirgends']\n"),
        ("Das Plugin „plugins.nirgends“ lässt sich nicht laden", "Prüfen Sie die Schreibung"),
    ),
    *(
        Mistake(
            f"plugin_taken_out_that_templates_need_{name}",
            _without_plugin(f"plugins.{name}"),
            (
                f"conf.py: PLUGINS: Die Vorlagen brauchen das Plugin „plugins.{name}“ (für |{used}), "
                "und es ist nicht eingetragen.",
                f"Tragen Sie „plugins.{name}“ in den Einstellungen wieder bei PLUGINS ein",
            ),
        )
        for name, used in (("privacy", "practised"), ("machines", "breadcrumb_list"))
    ),
    *(
        Mistake(
            f"plugin_taken_out_that_everything_needs_{name}",
            _without_plugin(f"plugins.{name}"),
            (
                f"conf.py: PLUGINS: Vorlagen und andere Plugins brauchen das Plugin „plugins.{name}“, "
                "und es ist nicht eingetragen.",
                f"Tragen Sie „plugins.{name}“ in den Einstellungen wieder bei PLUGINS ein",
            ),
        )
        for name in ("schedule", "tips", "series", "archive", "assets")
    ),
    Mistake(
        "settings_with_a_syntax_error",
        lambda site: site.write_settings("PLUGINS = [\n"),
        ("conf.py:", "Die Einstellungen sind kein gültiges Python."),
    ),
    Mistake(
        "post_not_in_utf8",
        lambda site: site.write(EINS, b"---\ntitle: \xdcber\ndate: 2026-01-01\n---\n"),
        ("eins.md:2: Die Datei ist nicht in UTF-8 gespeichert (Byte 0xdc).", "UTF-8"),
    ),
    Mistake(
        "tips_not_in_utf8",
        lambda site: site.write(TIPS, b"# Tipps\n- date: 2026-01-07\n  tip: \xfc\n"),
        ("2026.yaml:3: Die Datei ist nicht in UTF-8 gespeichert (Byte 0xfc).", "UTF-8"),
    ),
)


@pytest.fixture(scope="module")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A small site that has been built and deployed; tests put back what they change."""
    site = Site(tmp_path_factory.mktemp("site"))
    result = site.build()
    assert result.status == 0, result.err
    return site


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistake_stops_the_build(built_site: Site, mistake: Mistake) -> None:
    """Exit status 1, one message with file, line, field and remedy, the same bytes in public/."""
    deployed = built_site.deployed()
    target = built_site.public.readlink()
    originals = {path: path.read_bytes() for path in _files(built_site)}
    try:
        mistake.change(built_site)
        result = built_site.build()
    finally:
        for path in set(_files(built_site)) - set(originals):
            path.unlink()
        for path, data in originals.items():
            path.write_bytes(data)
    assert result.status == 1, result.err + result.out
    messages = [line for line in result.err.splitlines() if line.startswith("Fehler: ")]
    assert len(messages) == 1, result.err
    for word in mistake.words:
        assert word in messages[0]
    assert "Traceback" not in result.err
    assert "unverändert" in result.err
    assert built_site.public.readlink() == target
    assert built_site.deployed() == deployed


def _files(site: Site) -> list[Path]:
    return [site.settings, *(path for path in site.content.rglob("*") if path.is_file())]
