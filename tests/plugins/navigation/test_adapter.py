"""Menus keep what leads somewhere and say what they leave out."""

from __future__ import annotations

from tests.plugins.pelican_site import Built, PelicanSite


def _menu(built: Built, name: str = "NAVIGATION") -> list[str]:
    return [url for _, url in built.context[name]]


def test_an_entry_without_a_page_is_left_out_with_a_warning(pelican_site: PelicanSite) -> None:
    menus = {
        "NAVIGATION": (("Ich", "/ueber-mich/"), ("Nirgends", "/nirgends/")),
        "FOOTER_NAVIGATION": (("Impressum", "/impressum/"),),
    }
    for _ in range(2):
        built = pelican_site.build(**menus)
        assert _menu(built) == ["/ueber-mich/"]
        assert _menu(built, "FOOTER_NAVIGATION") == []
        assert built.warnings == [
            "NAVIGATION: Den Eintrag „Nirgends“ zeigt das Menü nicht; es gibt keine Seite /nirgends/.",
            "FOOTER_NAVIGATION: Den Eintrag „Impressum“ zeigt das Menü nicht; es gibt keine Seite "
            "/impressum/.",
        ]


ALIVE = (
    *("/", "/archiv/", "/feeds/", "/serien/", "/serien/garten/"),
    *("/tipps/", "/tipps/a-z/", "/tipps/2026/", "/tipps/2026-kw02/"),
    *("/tipps/thema/rechtschreibung/", "/themen/garten/", "/schlagwort/beete/"),
    *(
        "/archiv/2026/",
        "/blog/der-erste-beitrag/",
        "/ueber-mich/",
        "/ueber-mich/#kontakt",
        "/archiv/?jahr=2026",
    ),
    *("https://a.example/", "mailto:post@mittwochspost.example", "#top"),
    # Files are not pages; the check of the built site knows whether they are there.
    *("/bilder/spaten.svg", "/feeds/artikel.atom.xml"),
)


def test_every_page_of_the_site_may_be_in_a_menu(pelican_site: PelicanSite) -> None:
    built = pelican_site.build(NAVIGATION=tuple(("Ziel", url) for url in ALIVE))
    assert (_menu(built), built.warnings) == (list(ALIVE), [])


def test_what_is_not_out_is_not_in_the_menu(pelican_site: PelicanSite) -> None:
    pelican_site.write("seiten/spaeter.md", "---\ntitle: Spaeter\ndate: 2027-01-01\n---\n")
    urls = ("/spaeter/", "/tipps/2026-kw53/", "/tipps/thema/stil/")
    built = pelican_site.build(NAVIGATION=tuple(("Ziel", url) for url in urls))
    assert _menu(built) == []
    assert len(built.warnings) == 3


def test_without_series_there_is_no_page_of_them(pelican_site: PelicanSite) -> None:
    (pelican_site.content / "serien/garten.md").unlink()
    for name in ("eins", "zwei"):
        pelican_site.replace(f"artikel/{name}.md", "series: garten\n", "")
    pelican_site.replace("artikel/eins.md", "series_index: 1\n", "")
    built = pelican_site.build(NAVIGATION=(("Serien", "/serien/"),))
    assert (built.problems, _menu(built)) == ([], [])


def test_templates_know_which_pages_there_are(pelican_site: PelicanSite) -> None:
    context = pelican_site.build().context
    assert {"/", "/ueber-mich/", "/archiv/", "/tipps/"} <= context["site_pages"]
    assert "/datenschutz/" not in context["site_pages"]
    assert not context["has_privacy_page"]
    pelican_site.write("seiten/datenschutz.md", "---\ntitle: Datenschutz\n---\n\nWenig.\n")
    assert pelican_site.build().context["has_privacy_page"]


def test_the_plugin_works_without_tips_and_series(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/eins.md", "/// tipp | 2026-kw02\n///", "")
    built = pelican_site.build(
        PLUGINS=["plugins.source", "plugins.german", "plugins.schedule", "plugins.navigation"],
        NAVIGATION=(("Tipps", "/tipps/"), ("Ich", "/ueber-mich/")),
        DIRECT_TEMPLATES=["404"],
    )
    assert _menu(built) == ["/ueber-mich/"]
