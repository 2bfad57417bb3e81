"""The collection becomes pages and a feed; what is not out yet is nowhere."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from pelicanconf import PLUGINS
from plugins.source.problem import SourceError
from plugins.tips.adapter import shared_text
from tests.plugins.pelican_site import Built, PelicanSite
from tests.site import PROJECT

TIPS = "tipps/2026.yaml"
ATOM = "{http://www.w3.org/2005/Atom}"


def _tip(date: str, more: str = "", headword: str = "Neu") -> str:
    return f"- date: {date}\n  headword: {headword}\n  topic: Stil\n  tip: Kurz.\n{more}"


def _append(site: PelicanSite, text: str) -> None:
    site.write(TIPS, (site.content / TIPS).read_text("utf-8") + text)


def _pages(built: Built) -> list[str]:
    """Return the tips' pages for people."""
    return [path for path in built.output if path.startswith("tipps/") and path.endswith(".html")]


def _refusal(site: PelicanSite) -> list[str]:
    with pytest.raises(SourceError) as caught:
        site.build()
    return [str(problem) for problem in caught.value.problems]


def test_every_tip_that_is_out_has_a_page(pelican_site: PelicanSite) -> None:
    for _ in range(2):
        built = pelican_site.build()
        assert built.problems == []
        assert _pages(built) == [
            "tipps/2026/index.html",
            "tipps/2026-kw01/index.html",
            "tipps/2026-kw02/index.html",
            "tipps/2026-kw06/index.html",
            "tipps/a-z/index.html",
            "tipps/index.html",
            "tipps/quiz/index.html",
            "tipps/thema/rechtschreibung/index.html",
            "tipps/thema/zeichensetzung/index.html",
            "tipps/zufall/index.html",
        ]
        assert built.text("tipps/2026/index.html") == "2026: 2026-kw06 2026-kw02 2026-kw01 "
        assert built.text("tipps/thema/rechtschreibung/index.html").endswith("2026-kw06 2026-kw01 ")
        assert built.text("tipps/a-z/index.html").startswith("A: Ähre Apostroph ")


def test_what_is_not_out_leaves_no_trace(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    for path, data in built.output.items():
        assert "2026-kw53" not in path
        for trace in ("2026-kw53", "Zukunft", "steht noch aus"):
            assert trace.encode() not in data, path
    later = pelican_site.build(SITE_DATE="2026-12-30")
    assert "tipps/2026-kw53/index.html" in later.output
    assert later.context["tip_of_the_week"].week == "2026-kw53"
    assert pelican_site.build().output == built.output


def test_a_tip_is_typeset_and_knows_its_neighbours(pelican_site: PelicanSite) -> None:
    _append(pelican_site, _tip("2026-02-11").replace("Kurz.", "'Schreiben Sie \"so\" ...'"))
    built = pelican_site.build()
    oldest, apostroph, aehre, newest = built.context["tip_pages"]
    assert newest.tip == "Schreiben Sie „so“\u00a0…"
    assert (oldest.older, oldest.newer, newest.newer) == (None, apostroph, None)
    assert (aehre.older, aehre.newer) == (apostroph, newest)
    assert built.context["tip_of_the_week"] is newest
    assert apostroph.wrong == "Peter's Buch"
    assert (apostroph.label, apostroph.year, apostroph.topic.url) == (
        "KW\u00a02/2026",
        2026,
        "tipps/thema/zeichensetzung/",
    )


def test_tips_and_posts_are_related(pelican_site: PelicanSite) -> None:
    """What is not out is not linked, though a tip may name it already."""
    built = pelican_site.build()
    _, apostroph, aehre = built.context["tip_pages"]
    assert [(link.title, link.url) for link in aehre.related] == [
        ("Apostroph", "tipps/2026-kw02/"),
        ("Der zweite Beitrag", "blog/der-zweite-beitrag/"),
    ]
    assert [article.slug for article in apostroph.quoted_in] == ["der-erste-beitrag"]
    assert aehre.quoted_in == []
    later = pelican_site.build(SITE_DATE="2026-12-30").context["tip_pages"]
    assert later[-1].last_year.week == "2026-kw01"
    assert later[2].related[-1].url == "tipps/2026-kw53/"


def test_a_tip_knows_others_of_its_topic_but_none_twice(pelican_site: PelicanSite) -> None:
    _append(pelican_site, _tip("2026-03-04", "  see: [2026-kw11]\n"))
    _append(pelican_site, _tip("2026-03-11", headword="Zweiter"))
    _append(pelican_site, _tip("2026-03-18", headword="Dritter"))
    pages = {page.week: page for page in pelican_site.build().context["tip_pages"]}
    assert [link.title for link in pages["2026-kw10"].related] == ["Zweiter"]
    assert [link.title for link in pages["2026-kw10"].same_topic] == ["Dritter"]
    assert [link.url for link in pages["2026-kw11"].same_topic] == [
        "tipps/2026-kw12/",
        "tipps/2026-kw10/",
    ]
    assert pages["2026-kw02"].same_topic == []


def test_a_tip_says_where_it_was_shared(pelican_site: PelicanSite) -> None:
    shared = "  shared: {linkedin: 'https://a.example/1', x: 'https://b.example/2', pixelfed: 'https://c.example/3'}\n"
    _append(pelican_site, _tip("2026-03-04", shared))
    assert [
        (link.title, link.url) for link in pelican_site.build().context["tip_pages"][-1].shared_at
    ] == [
        ("LinkedIn", "https://a.example/1"),
        ("X", "https://b.example/2"),
        ("Pixelfed", "https://c.example/3"),
    ]


def test_a_post_that_links_a_tip_quotes_it_until_it_does_not(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/zwei.md", "Kurz.", "Siehe [dort](/tipps/2026-kw06/).")
    page = pelican_site.build().context["tip_pages"][-1]
    assert [article.slug for article in page.quoted_in] == ["der-zweite-beitrag"]
    pelican_site.replace("artikel/zwei.md", "Siehe [dort](/tipps/2026-kw06/).", "Kurz.")
    assert pelican_site.build().context["tip_pages"][-1].quoted_in == []


def test_the_lot_stays_for_a_day(pelican_site: PelicanSite) -> None:
    days = [f"2026-06-{day}" for day in range(10, 16)]
    drawn = [pelican_site.build(SITE_DATE=day).text("tipps/zufall/index.html") for day in days]
    assert drawn[0] == pelican_site.build(SITE_DATE=days[0]).text("tipps/zufall/index.html")
    assert [text[:10] for text in drawn] == days
    assert all(text.endswith(" of 2026-kw01 2026-kw02 2026-kw06") for text in drawn)
    # The newest has its day as the tip of the week.
    assert {text[12:21] for text in drawn} == {"2026-kw01", "2026-kw02"}


def test_the_quiz_has_the_pairs_that_are_out(pelican_site: PelicanSite) -> None:
    pair = "  wrong: so\n  right: So\n"
    _append(pelican_site, _tip("2026-03-04", pair))
    _append(pelican_site, _tip("2026-12-23", pair))
    lines = pelican_site.build().text("tipps/quiz/index.html").splitlines()
    assert [line.split()[0] for line in lines] == ["2026-kw10", "2026-kw02"]


def test_a_post_that_quotes_a_tip_twice_is_named_once(pelican_site: PelicanSite) -> None:
    text = (pelican_site.content / "artikel/eins.md").read_text("utf-8")
    pelican_site.write("artikel/eins.md", f"{text}\nText.\n\n/// tipp | 2026-kw02\n///\n")
    built = pelican_site.build()
    assert len(built.context["tip_pages"][1].quoted_in) == 1


def test_tips_may_see_drafts(pelican_site: PelicanSite) -> None:
    pelican_site.replace("artikel/zwei.md", "series:", "status: draft\nseries:")
    pelican_site.replace("artikel/eins.md", "[Link]({filename}zwei.md)", "Link")
    built = pelican_site.build()
    assert built.problems == []
    assert len(built.context["tip_pages"][2].related) == 1


def test_a_tip_that_sees_nothing_is_reported(pelican_site: PelicanSite) -> None:
    _append(pelican_site, _tip("2026-03-04", "  see:\n    - 2026-kw02\n    - nirgends\n"))
    (problem,) = pelican_site.build().problems
    assert str(problem) == (
        "content/tipps/2026.yaml:23: see: „nirgends“ ist weder ein Tipp noch ein Beitrag. "
        "Schreiben Sie die Woche eines Tipps (2026-kw02) oder den slug eines Beitrags."
    )


def test_a_post_that_cannot_be_read_is_one_problem(pelican_site: PelicanSite) -> None:
    """The tip that sees it is not at fault."""
    pelican_site.replace("artikel/zwei.md", "date: 2026-02-11", "date: gestern")
    (problem,) = pelican_site.build().problems
    assert problem.field == "date"


def test_the_explanation_is_markdown(pelican_site: PelicanSite) -> None:
    more = "  more: |\n    *Betont*, [Post]({filename}/artikel/zwei.md).\n\n    - Punkt\n"
    _append(pelican_site, _tip("2026-03-04", more))
    built = pelican_site.build()
    html = built.context["tip_pages"][-1].more_html
    assert "<em>Betont</em>" in html
    assert "<li>Punkt</li>" in html


def test_a_mistake_in_the_explanation_has_its_line(pelican_site: PelicanSite) -> None:
    _append(pelican_site, _tip("2026-03-04", "  more: |\n    Text.\n\n    /// tip | 2026-kw02\n"))
    (problem,) = pelican_site.build().problems
    assert (problem.file, problem.field) == ("content/tipps/2026.yaml", "block")
    assert problem.line == 24


def test_the_feed_has_all_tips(pelican_site: PelicanSite) -> None:
    feed = ElementTree.fromstring(pelican_site.build().output["feeds/tipps.atom.xml"])
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Ähre",
        "Apostroph",
        "Silvester",
    ]
    assert entries[1].findtext(f"{ATOM}published") == "2026-01-07T07:00:00+01:00"
    assert entries[1].find(f"{ATOM}link").get("href") == (  # type: ignore[union-attr]
        "https://mittwochspost.example/tipps/2026-kw02/"
    )
    assert "https://mittwochspost.example/blog/" in (entries[1].findtext(f"{ATOM}content") or "")


def test_mistakes_of_all_files_are_told_before_anything_is_read(pelican_site: PelicanSite) -> None:
    _append(pelican_site, _tip("2026-03-05"))
    pelican_site.write("tipps/2027.yml", "- date: [\n")
    pelican_site.write("tipps/2028.yaml", b"\xff")
    messages = _refusal(pelican_site)
    assert [message.split(" ", 1)[0] for message in messages] == [
        "content/tipps/2026.yaml:17:",
        "content/tipps/2027.yml:2:",
        "content/tipps/2028.yaml:1:",
    ]


def test_a_day_may_be_taken_in_another_file(pelican_site: PelicanSite) -> None:
    pelican_site.write("tipps/sammlung.yml", _tip("2026-01-07"))
    (message,) = _refusal(pelican_site)
    assert message.startswith(
        "content/tipps/sammlung.yml:1: date: Für den 2026-01-07 gibt es schon einen Tipp "
        "(content/tipps/2026.yaml:1)."
    )


@pytest.mark.parametrize("name", ["²026", "２０２６", "neu", "2026-alt"])
def test_any_file_name_will_do(name: str, pelican_site: PelicanSite) -> None:
    pelican_site.write(f"tipps/{name}.yaml", _tip("2026-03-04"))
    assert pelican_site.build().problems == []


def test_without_tips_there_are_empty_pages(pelican_site: PelicanSite) -> None:
    for path in [*(pelican_site.content / "tipps").iterdir()]:
        path.unlink()
    (pelican_site.content / "tipps").rmdir()
    pelican_site.replace("artikel/eins.md", "/// tipp | 2026-kw02\n///", "")
    built = pelican_site.build()
    assert built.problems == []
    assert built.context["tip_of_the_week"] is None
    assert _pages(built) == [
        "tipps/a-z/index.html",
        "tipps/index.html",
        "tipps/quiz/index.html",
        "tipps/zufall/index.html",
    ]


def test_without_tips_none_was_drawn(pelican_site: PelicanSite) -> None:
    for path in [*(pelican_site.content / "tipps").iterdir()]:
        path.unlink()
    pelican_site.replace("artikel/eins.md", "/// tipp | 2026-kw02\n///", "")
    left_out = ("plugins.comments", "plugins.share_images")
    built = pelican_site.build(
        THEME=str(PROJECT / "theme"), PLUGINS=[name for name in PLUGINS if name not in left_out]
    )
    page = built.text("tipps/zufall/index.html")
    assert "Noch ist kein Tipp erschienen." in page
    assert "Gezogen am" not in page


def test_settings_decide_names_and_places(pelican_site: PelicanSite) -> None:
    (pelican_site.content / "tipps").rename(pelican_site.content / "ratschlag")
    built = pelican_site.build(
        TIPS_PATH="ratschlag", TIPS_URL="rat/", TIPS_FEED_ATOM="",
        TIPS_TOPICS=["Zeichensetzung", "Rechtschreibung", "Stil"],
    )  # fmt: skip
    assert built.problems == []
    assert "rat/2026-kw02/index.html" in built.output
    # The card in a post links to the page, wherever that is.
    page = built.text("blog/der-erste-beitrag/index.html")
    assert 'href="/rat/2026-kw02/"' in page
    assert not [path for path in built.output if path.startswith("tipps")]


def test_other_readers_posts_do_no_harm(pelican_site: PelicanSite) -> None:
    pelican_site.write(
        "artikel/vier.html",
        "<html><head><title>Vier</title><meta name='date' content='2026-01-01'></head>"
        "<body><p>Text.</p></body></html>",
    )
    built = pelican_site.build()
    assert built.problems == []
    assert built.article("vier").reading_minutes == 1


def test_shared_text_has_ordinary_spaces() -> None:
    """Narrow ones would count twice on X."""
    assert shared_text('Schreiben Sie "z.B." ...', {}) == "Schreiben Sie „z. B.“ …"
