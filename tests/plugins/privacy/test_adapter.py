"""The privacy page follows the switches; where it cannot, the build says so."""

from __future__ import annotations

import re

import pytest

from plugins.privacy.core import PRACTICES, untold
from tests.plugins.pelican_site import PROJECT, PelicanSite

PLUGINS = [
    *("plugins.source", "plugins.german", "plugins.schedule", "plugins.tips", "plugins.embeds"),
    *("plugins.comments", "plugins.navigation", "plugins.privacy"),
]
PAGE = "---\ntitle: Datenschutz\nslug: datenschutz\n---\n\n"
TEMPLATE = "{{ page.content|practised(practices) }}"


def _site(site: PelicanSite, text: str) -> PelicanSite:
    site.write("../theme/templates/page.html", TEMPLATE)
    site.write("seiten/datenschutz.md", PAGE + text)
    # What needs plugins that are left out here.
    for name in ("artikel/eins.md", "artikel/zwei.md", "serien/garten.md", "tipps/2026.yaml"):
        (site.content / name).unlink()
    return site


BOTH = (
    "/// wenn | kommentare\nMit.\n///\n\n/// wenn | nicht kommentare\nOhne.\n///\n\n"
    "/// wenn | serverprotokoll\nProtokoll.\n///\n"
)


def test_the_page_follows_the_switches(pelican_site: PelicanSite) -> None:
    site = _site(pelican_site, BOTH)
    more = {"PLUGINS": PLUGINS, "COMMENTS_SNAPSHOT": str(site.folder / "keine.json")}
    for settings, words in (
        ({"PRIVACY": ["serverprotokoll"]}, "Mit. Protokoll."),
        ({"PRIVACY": []}, "Mit."),
        ({"PRIVACY": [], "COMMENTS_DEFAULT": "closed"}, "Ohne."),
    ):
        built = site.build(**more, **settings)
        assert built.problems == []
        shown = re.sub("<[^>]+>", " ", built.text("datenschutz/index.html"))
        assert " ".join(shown.split()) == words
        assert not [one for one in built.warnings if "Datenschutzseite" in one]


def test_a_practice_without_a_passage_is_a_warning(pelican_site: PelicanSite) -> None:
    site = _site(pelican_site, BOTH)
    plugins = [name for name in PLUGINS if name != "plugins.comments"]
    built = site.build(PLUGINS=plugins, PRIVACY=["serverprotokoll", "vg-wort"])
    (warning,) = (one for one in built.warnings if "Datenschutzseite" in one)
    assert "seiten/datenschutz.md" in warning
    assert "Texte tragen Zählmarken der VG Wort" in warning
    assert "/// wenn | vg-wort" in warning


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("/// wenn | komentare\nX\n///\n", "„komentare“ ist keine Bedingung"),
        ("/// wenn | kommentare\nX\n", "nicht abgeschlossen"),
        ("/// wenn\nX\n///\n", "„“ ist keine Bedingung"),
    ],
)
def test_a_wrong_condition_is_a_problem(text: str, cause: str, pelican_site: PelicanSite) -> None:
    (problem,) = _site(pelican_site, f"Davor.\n\n{text}").build(PLUGINS=PLUGINS[:5]).problems
    assert (problem.file, problem.line) == ("content/seiten/datenschutz.md", 8)
    assert cause in problem.message


@pytest.mark.parametrize("wrong", ["vg-wort", ["kommentare"]])
def test_a_wrong_setting_is_a_problem(wrong: object, pelican_site: PelicanSite) -> None:
    plugins = ["plugins.source", "plugins.german", "plugins.navigation", "plugins.privacy"]
    (problem,) = pelican_site.build(PRIVACY=wrong, PLUGINS=plugins).problems
    assert problem.field == "PRIVACY"


def test_the_projects_own_page_speaks_of_everything() -> None:
    text = (PROJECT / "content/seiten/datenschutz.md").read_text("utf-8")
    assert untold(text, PRACTICES) == []
