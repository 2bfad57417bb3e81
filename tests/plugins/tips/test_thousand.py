"""A thousand tips, ten still to come: every type of page and file, the register's order, no trace of the future."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from plugins.tips.core import week_key
from tests.plugins.tips.quick_images import card
from tests.site import Site

HOST = "https://mittwochspost.example"
LAST = dt.date(2026, 9, 2)
TODAY = dt.date(2026, 6, 30)
TOPICS = ("Rechtschreibung", "Zeichensetzung", "Grammatik", "Stil", "Wortwahl", "Typografie")
#: What stands in every field of a tip that is still to come, and nowhere else.
FUTURE = "Zukunftsmusik"

#: Drawing a thousand takes longer than all the rest, and would drive the author's own out of the cache.
QUICK_IMAGES = """
from plugins.share_images import adapter as _images
from tests.plugins.tips.quick_images import QuickImages as _QuickImages
_images.Drawn = _QuickImages
"""

# The order of DIN 5007-1 for dictionaries and registers, by these rules; after a word, the rule that places it.
#   letters  Compared are letters: ä ö ü as a o u, ß as ss, é as e, æ and œ as ae and oe; capitals as small ones.
#   space    A space comes before every letter: a register goes word by word.
#   signs    Hyphens, apostrophes, points, dashes, strokes have no value: what they join is one word.
#   plain    What is equal by then: the letter itself comes before the one that counts like it.
#   small    And the small letter before the capital.
#   digits   Digits, one by one, before letters; in the register they are a group of their own.
HARD_WORDS = """
1000-mal            digits: 1 before 2, whatever the number
24/7                digits: 2 4
2-Zimmer-Wohnung    digits: 4 before z
3-D                 digits
50er-Jahre          digits
à la carte          space
Aerosol             letters: ae is a and e, no umlaut
Affe                letters
AG                  letters: the capital counts as a small one
Ähre                letters: ahre, after ag
Aktie               letters
am Ende             space: am, before amb
Amboss              letters
Apfel               letters
Äpfel               plain: after Apfel
Apfelbaum           letters: longer than both
A–Z                 signs: az
Bar                 letters
Bär                 plain: after Bar
Bar-Code            signs: barcode, after both
Bargeld             letters
bis auf Weiteres    space
bis zu              space
bisschen            letters: after all that begins with the word bis
Café                letters: cafe
CD-ROM              signs: cdrom
Chance              letters
das                 letters
dass                letters
daß                 plain: after dass
du                  letters
Du                  small: after du
Ehre                letters
E-Mail              signs: email
Emil                letters
Émile               letters: emile, after emil
Eszett              letters
Fuß                 letters: fuss
Fussel              letters: fusse
Fußnote             letters: fussn
geht’s              signs: gehts
Goethe              letters: oe is o and e
Gold                letters
Göthe               letters: gothe
Maß                 letters: mass
Massage             letters: massa
Masse               letters: masse
Maße                plain: after Masse
Mull                letters
Müll                plain: after Mull
Müller              letters: longer than both
Muße                letters: musse
Neu Ulm             space: neu, before neub
Neubau              letters
Œuvre               letters: oeuvre
Ofen                letters
Öfen                plain: after Ofen
Strasse             letters
Straße              plain: after Strasse
Straßenbahn         letters: longer than both
über                letters: uber
Uhr                 letters
weg                 letters
Weg                 small: after weg
z. B.               signs and space: z b
Zahl                letters
"""
REGISTER = [line[:20].strip() for line in HARD_WORDS.strip().splitlines()]


def _tip(number: int, day: dt.date) -> dict[str, object]:
    word = REGISTER[number] if number < len(REGISTER) else f"Stichwort {number}"
    if day > TODAY:
        word = f"{FUTURE} {number}"
    tip: dict[str, object] = {
        "date": day,
        "headword": word,
        "topic": TOPICS[number % len(TOPICS)],
        "tip": f"{word}: Das ist der Rat mit der Nummer {number}.",
        "checked": day - dt.timedelta(days=2),
    }
    if number % 3 == 0:
        tip |= {"wrong": f"falsch {word}", "right": f"richtig {word}"}
    if number % 10 == 0 or day > TODAY:
        tip["more"] = f"{word} ist ein *Beispiel*."
    return tip


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site with a thousand tips in place of its own, built and checked."""
    site = Site(tmp_path_factory.mktemp("tausend"))
    site.write_settings(QUICK_IMAGES)
    years: dict[int, list[dict[str, object]]] = {}
    for number in range(1000):
        day = LAST - dt.timedelta(weeks=999 - number)
        years.setdefault(day.year, []).append(_tip(number, day))
    for year, tips in years.items():
        text = yaml.safe_dump(tips, allow_unicode=True, sort_keys=False)
        site.write(f"tipps/{year}.yaml", text)
    site.replace(
        "artikel/zwei.md",
        "Zweiter Absatz.",
        "Wie in „{tipp}2026-kw03“ und [hier](/tipps/2026-kw02/).\n\n"
        "/// tipps | thema=Stil, anzahl=3\n///",
    )
    result = site.build("--no-deploy")
    assert result.status == 0, result.err
    assert "990\u00a0Tipps" in result.out
    return site.output


def _page(output: Path, path: str) -> LexborHTMLParser:
    return LexborHTMLParser((output / path / "index.html").read_text("utf-8"))


def _texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [
        node.text().replace("\u202f", " ").replace("\u00a0", " ") for node in page.css(selector)
    ]


def _links(page: LexborHTMLParser, selector: str) -> list[str]:
    return [node.attributes["href"] or "" for node in page.css(selector)]


def test_the_register_has_the_order_of_din_5007_1(output: Path) -> None:
    page = _page(output, "tipps/a-z")
    hard = [word for word in _texts(page, ".register a") if word in REGISTER]
    assert len(REGISTER) == len(set(REGISTER)) >= 60
    assert hard == REGISTER


def test_the_letters_lead_to_their_words(output: Path) -> None:
    page = _page(output, "tipps/a-z")
    letters = _texts(page, ".register-nav a")
    assert letters == ["0–9", *"ABCDEFGMNOSUWZ"]
    assert letters == _texts(page, ".register h2")
    ids = [f"#{node.attributes['id']}" for node in page.css(".register h2")]
    assert _links(page, ".register-nav a") == ids
    first = [section.css_first("a").text() for section in page.css(".register section")]
    assert first[:3] == ["1000-mal", "à la carte", "Bar"]


def test_every_tip_has_its_page_between_its_neighbours(output: Path) -> None:
    """From the newest, „Älter“ leads through all of them; each names the one of the year before."""
    path, seen = f"/tipps/{week_key(dt.date(2026, 6, 24))}/", []
    while True:
        page = _page(output, path[1:-1])
        seen.append(path)
        older = _links(page, ".pager a[rel=prev]")
        if not older:
            break
        (path,) = older
    assert len(seen) == 990
    assert seen == sorted(seen, reverse=True)
    assert "Vor einem Jahr" in _texts(_page(output, "tipps/2026-kw26"), ".facts dt")
    assert "Vor einem Jahr" not in _texts(_page(output, seen[-1][1:-1]), ".facts dt")


def test_every_tip_is_there_for_programs_too(output: Path) -> None:
    """Data that lead from the newest to the oldest, an entry in the list, a quotation, an image of its words."""
    listed = json.loads((output / "tipps/index.json").read_text("utf-8"))["tips"]
    address: str | None = listed[0]["json"]
    seen = []
    while address:
        folder = output / address.removeprefix(HOST).strip("/").removesuffix("tipp.json")
        tip = json.loads((folder / "tipp.json").read_text("utf-8"))
        oembed = json.loads((folder / "oembed.json").read_text("utf-8"))
        image = card(folder / "bild.png")
        seen.append({name: tip[name] for name in ("week", "date", "headword", "topic")})
        seen[-1]["json"] = address
        assert oembed["url"] == tip["url"] == f"{HOST}/tipps/{tip['week']}/"
        assert tip["tip"] in oembed["html"].replace("&amp;", "&")
        assert (image["title"], image["text"]) == (tip["headword"], tip["tip"])
        assert (image["wrong"], image["right"]) == (tip.get("wrong", ""), tip.get("right", ""))
        address = tip.get("older")
    assert seen == listed
    assert len(seen) == 990


def _alternates(page: LexborHTMLParser) -> dict[str, str]:
    """Return the forms that a page names for programs: address and type."""
    links = [node.attributes for node in page.css("link[rel=alternate]")]
    assert all(link["title"] for link in links)
    return {(link["href"] or "").removeprefix(HOST): link["type"] or "" for link in links}


def test_pages_name_all_forms_in_which_there_are_tips(output: Path) -> None:
    """The list names those of all tips, topics and tips their own, /feeds/ all feeds."""
    atom = "application/atom+xml"
    everywhere = {f"/feeds/{name}.atom.xml": atom for name in ("artikel", "tipps")}
    topics = {f"/feeds/tipps-{topic.lower()}.atom.xml": atom for topic in TOPICS}
    forms = {"/feeds/tipps.json": "application/feed+json", "/feeds/tipps.ics": "text/calendar"}
    data = {"/tipps/index.json": "application/json"}
    tip = "/tipps/2026-kw26/"
    stil = {"/feeds/tipps-stil.atom.xml": atom}
    expected = {
        "/tipps/": {**everywhere, **forms, **topics, **data},
        "/tipps/thema/stil/": {**everywhere, **stil},
        "/tipps/2026/": everywhere,
        "/tipps/a-z/": everywhere,
        "/tipps/zufall/": everywhere,
        "/tipps/quiz/": everywhere,
        "/feeds/": {
            **everywhere,
            **forms,
            **topics,
            "/feeds/artikel.json": "application/feed+json",
            "/feeds/kommentare.atom.xml": atom,
            "/feeds/serie-garten.atom.xml": atom,
        },
        tip: {
            **everywhere,
            f"/feeds/tipps-{TOPICS[989 % len(TOPICS)].lower()}.atom.xml": atom,
            f"{tip}tipp.json": "application/json",
            f"{tip}oembed.json": "application/json+oembed",
        },
    }
    found = {path: _alternates(_page(output, path.strip("/"))) for path in expected}
    assert found == expected
    # And there is no form that no page names.
    pages = [path.parent.relative_to(output).as_posix() for path in output.rglob("index.html")]
    named = {path for page in pages for path in _alternates(_page(output, page))}
    written = {
        f"/{path.relative_to(output).as_posix()}"
        for path in (*output.glob("feeds/*.*"), *output.glob("tipps/**/*.json"))
        if path.name != "index.html"
    }
    assert named == written


def test_the_front_page_has_a_hundred_tips_and_names_the_other_years(output: Path) -> None:
    page = _page(output, "tipps")
    assert _links(page, ".tip a") == ["/tipps/2026-kw26/"]
    weeks = _texts(page, ".tip-list__week")
    assert 100 <= len(weeks) <= 152
    assert weeks[0] == "KW 26"
    others = _links(page, "[aria-labelledby=frueher] a")
    shown = _links(page, ".year a")
    assert [*shown, *others] == [f"/tipps/{year}/" for year in range(2026, 2006, -1)]
    counts = Counter(path.name[:4] for path in (output / "tipps").glob("20*-kw*"))
    for link, count in zip(others, _texts(page, "[aria-labelledby=frueher] span"), strict=True):
        year = link.split("/")[2]
        assert int(count) == counts[year] == len(_texts(_page(output, f"tipps/{year}"), "li h2"))


def test_topics_have_all_tips_between_them(output: Path) -> None:
    folders = sorted((output / "tipps/thema").iterdir())
    assert [folder.name for folder in folders] == sorted(topic.lower() for topic in TOPICS)
    links = [link for folder in folders for link in _links(LexborHTMLParser((folder / "index.html").read_text("utf-8")), "li h2 a")]  # fmt: skip
    assert len(links) == len(set(links)) == 990


def test_the_lot_falls_on_a_tip_that_is_out_and_may_fall_on_each(output: Path) -> None:
    page = _page(output, "tipps/zufall")
    weeks = (page.css_first("[data-weeks]").attributes["data-weeks"] or "").split()
    assert len(weeks) == 990
    (drawn,) = _links(page, ".tip a")
    assert drawn.split("/")[2] in weeks


def test_the_quiz_asks_about_the_newest_pairs_in_both_orders(output: Path) -> None:
    page = _page(output, "tipps/quiz")
    questions = page.css(".quiz__question")
    assert len(questions) == 52
    rights = Counter(question.attributes["data-right"] for question in questions)
    assert min(rights["A"], rights["B"]) >= 10
    for question in questions:
        answers = [answer.text() for answer in question.css(".quiz__answers li")]
        place = "AB".index(question.attributes["data-right"] or "")
        assert answers[place].startswith("richtig")
        assert answers[1 - place].startswith("falsch")
        assert f"Richtig ist {'AB'[place]}." in question.css_first("details").text()


def test_a_tip_names_the_posts_that_show_or_link_it(output: Path) -> None:
    zwei, eins = "/blog/der-zweite-beitrag/", "/blog/der-erste-beitrag/"
    assert {zwei, eins} <= set(_links(_page(output, "tipps/2026-kw02"), ".facts a"))
    assert zwei in _links(_page(output, "tipps/2026-kw03"), ".facts a")
    listed = _links(_page(output, zwei[1:-1]), ".tips a")
    assert len(listed) == 3
    assert all(zwei not in _links(_page(output, link[1:-1]), ".facts a") for link in listed)


def test_no_file_has_a_trace_of_a_tip_that_is_still_to_come(output: Path) -> None:
    """Not pages, lists, register, quiz, lot, feeds, data or images."""
    weeks = [week_key(TODAY + dt.timedelta(days=1, weeks=number)) for number in range(10)]
    traces = [trace.encode() for trace in (FUTURE, *weeks)]
    files = [path for path in output.rglob("*") if path.is_file()]
    assert len(files) > 4 * 990
    for path in files:
        data = path.read_bytes()
        assert not any(trace in data for trace in traces), path
    assert not any(week in path.as_posix() for path in files for week in weeks)
