"""The check finds what is wrong in a built site and says where the author wrote it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.source.core import load_yaml
from plugins.tips.adapter import Collection
from plugins.tips.core import Entry, Tip
from publishing.check.core import Finding, Site, findings, is_same, parse
from publishing.check.files import origins, page_facts, read_site, unpublished
from publishing.check.report import Origin, problems_and_warnings

URL = "https://a.example"
FILES = {
    "index.html": '<main id="start">Start</main>',
    "blog/eins/index.html": '<h2 id="über-äpfel">Ä</h2><h2 id="zwei">Z</h2><a name="alt">A</a>',
    "blog/ähre/index.html": "Ähre",
    "404.html": "Weg",
    "bilder/a.svg": "<svg/>",
    "theme/css/main.css": "",
}
PAGE = "blog/eins/index.html"


def _found(html: str, url: str = URL, page: str = PAGE) -> list[tuple[str, str]]:
    """Return what is wrong with *page* if it holds *html* besides its own text."""
    files = FILES | {page: FILES.get(page, "") + html}
    pages = {name: parse(name, text, url) for name, text in files.items() if name.endswith(".html")}
    return [(found.kind, found.value) for found in findings(Site(pages, files.keys()))]


# --- Pages in parts --------------------------------------------------------------------------------

COMMENTS = '<ol><li id="k1"><a href="#k1">1</a> <a href="#eins">2</a><li id="k2">Zwei</ol>'


class _Kept:
    """Takes a part out of a page, of which it keeps what was found."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.value: bytes | None = None

    def split(self, html: str, find: Callable[[str], bytes]) -> tuple[str, list[bytes]]:
        """Do what `Fragments.found` does."""
        if self.value is None:
            self.value = find(self.part)
        return (html.replace(self.part, ""), [self.value]) if self.value else (html, [])


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        '<h1 id="eins">A</h1>{}<p><a href="#k2">Zum zweiten</a> <a href="#k3">Weg</a>',
        '<main id="eins"><p>{}</main><img src="x.png"><script src="/x.js"></script>',
        '<p id="k1">{}</p>',
        '<p id="eins">{}</p><p id="eins">[[Name]]</p>',
        "<!-- {} -->",
        "<template>{}</template>",
        "<textarea>{}</textarea>",
        "<table>{}</table>",
        "<p title='{}'>",
    ],
)
@pytest.mark.parametrize(
    "part",
    [
        COMMENTS,
        '<tr id="k1"><td id="k2"><a href="/x/">X</a></td></tr>',
        '<p id="k1"><p id="k1">',
        "<h1>Noch eine</h1>",
        '<div id="k1"><!--',
        '<template><p id="k1">',
        '<p>[[Name]] <img src="y.png"><a href="/y/">Y</a></p>',
    ],
)
def test_a_part_that_is_known_makes_no_difference(around: str, part: str) -> None:
    kept = _Kept(part)
    html = around.format(part)
    for _ in range(2):
        found = pickle.loads(page_facts(PAGE, html, URL, kept.split))
        assert is_same(found, parse(PAGE, html, URL))


def test_a_part_is_looked_at_once() -> None:
    kept = _Kept(COMMENTS)
    page_facts(PAGE, f"<p>A</p>{COMMENTS}", URL, kept.split)
    value = kept.value
    assert value
    found = pickle.loads(page_facts(PAGE, f'<p id="b">B</p>{COMMENTS}', URL, kept.split))
    assert found.ids == {"b", "k1", "k2"}
    assert [link for link, *_ in found.links] == ["#eins"]
    # Only the whole page can tell which ids are there twice.
    found = pickle.loads(page_facts(PAGE, f'<p id="k1">B</p>{COMMENTS}', URL, kept.split))
    assert found.duplicate_ids == ("k1",)


# --- Links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "/",
        "",
        "#",
        "#top",
        "#zwei",
        "#alt",
        "#über-äpfel",
        "#%C3%BCber-%C3%A4pfel",
        "#:~:text=Ein%20Satz",
        "#zwei:~:text=Ein%20Satz",
        "?seite=2",
        "/blog/eins/",
        "/blog/eins/?a=b#zwei",
        "/blog/eins/?a=b#top",
        "/kommentare/antworten/?seite=/blog/weg/&amp;auf=c1",
        "/blog/eins/index.html#zwei",
        "/blog/ähre/",
        "/blog/%C3%A4hre/",
        "../../",
        "../ähre/",
        "../../../../../",
        "./",
        " /blog/eins/ ",
        "/404.html",
        "/bilder/a.svg#irgendwas",
        "https://a.example",
        "https://a.example/blog/eins/#zwei",
        "https://b.example/nirgends",
        "//b.example/x",
        "http://a.example/x",
        "mailto:post@a.example",
        "tel:+49123",
        "webcal://a.example/x.ics",
        "magnet:?xt=1",
        "/kommentare/antworten/?seite=/blog/eins/",
    ],
)
def test_a_link_that_leads_somewhere_is_fine(link: str) -> None:
    assert _found(f'<a href="{link}">X</a>') == []


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("/nirgends/", "link"),
        ("/blog/eins", "link"),
        ("/blog/", "link"),
        ("/Blog/eins/", "link"),
        ("nirgends/", "link"),
        ("../zwei/", "link"),
        ("/bilder/", "link"),
        ("/bilder/b.svg", "link"),
        ("/blog/eins/nirgends.html", "link"),
        ("https://a.example/nirgends", "link"),
        ("http://[kaputt/", "link"),
        ("/kommentarefeld/", "link"),
        ("#drei", "anchor"),
        ("#Zwei", "anchor"),
        ("/#zwei", "anchor"),
        ("/blog/eins/#drei", "anchor"),
        ("/blog/eins/?a=#drei", "anchor"),
        ("/nirgends/?a=b", "link"),
        ("/#eins?zwei", "anchor"),
        ("https://a.example/#drei", "anchor"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str, kind: str) -> None:
    assert _found(f'<a href="{link}">X</a>') == [(kind, link)]
    assert _found(f'<map><area href="{link}" alt="X"></map>') == [(kind, link)]


def test_a_link_is_found_once_on_each_page() -> None:
    assert _found('<a href="/x/">X</a><a href="/x/">Y</a>') == [("link", "/x/")]


@pytest.mark.parametrize(
    ("link", "kinds"),
    [
        ("/unter/blog/eins/#zwei", []),
        ("https://a.example/unter/", []),
        ("/unter", []),
        ("../../", []),
        ("/unter/nirgends/", ["link"]),
        # Beside the site, not in it: that is another's.
        ("/blog/eins/", []),
        ("/unterwegs/", []),
        ("/", []),
    ],
)
def test_a_site_may_live_in_a_folder(link: str, kinds: list[str]) -> None:
    found = _found(f'<a href="{link}">X</a>', url="https://a.example/unter")
    assert [kind for kind, _ in found] == kinds


# --- What the browser fetches ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        '<img src="/bilder/a.svg" alt="A">',
        '<img src="../../bilder/a.svg" srcset="/bilder/a.svg 1x, /bilder/a.svg?x 2x" alt="A">',
        '<img src="data:image/svg+xml,x" alt="A">',
        '<link rel="stylesheet" href="/theme/css/main.css">',
        '<link rel="canonical" href="https://b.example/">',
        '<link rel="me" href="https://b.example/">',
        '<a href="https://b.example/">B</a>',
        '<form action="https://b.example/"></form>',
        '<blockquote cite="https://b.example/">Q</blockquote>',
        '<div style="background: url(/bilder/a.svg)"></div>',
        "<style>.x { background: url('data:image/svg+xml,x') }</style>",
        "<pre>background: url(https://b.example/x)</pre>",
    ],
)
def test_our_own_files_may_be_fetched(html: str) -> None:
    assert _found(html) == []


@pytest.mark.parametrize(
    "html",
    [
        '<img src="{}" alt="A">',
        '<img src="/bilder/a.svg" srcset="/bilder/a.svg 1x, {} 2x" alt="A">',
        '<picture><source srcset="{}"></picture>',
        '<video src="{}"></video>',
        '<video poster="{}"></video>',
        '<audio src="{}"></audio>',
        '<script src="{}"></script>',
        '<iframe src="{}"></iframe>',
        '<embed src="{}">',
        '<object data="{}"></object>',
        '<track src="{}">',
        '<input type="image" src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<link rel="STYLESHEET" href="{}">',
        '<link rel="shortcut icon" href="{}">',
        '<link rel="preconnect" href="{}">',
        '<link rel="dns-prefetch" href="{}">',
        '<link rel="prefetch" href="{}">',
        '<svg><image href="{}"></image></svg>',
        '<svg><use href="{}"></use></svg>',
        '<div style="background: url({})"></div>',
        "<div style=\"background: url( '{}' )\"></div>",
        '<style>@import "{}";</style>',
        "<style>.x {{ background: url({}) }}</style>",
    ],
)
@pytest.mark.parametrize(
    "url", ["https://b.example/x.js", "//b.example/x.js", "http://a.example/x"]
)
def test_nothing_is_fetched_from_others(html: str, url: str) -> None:
    """Nobody asked the reader; http would be another origin, too."""
    assert _found(html.format(url)) == [("foreign", url)]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<img src="/bilder/b.svg" alt="B">', "picture"),
        ('<picture><source srcset="/bilder/b.svg 2x"></picture>', "picture"),
        ('<script src="/bilder/b.svg"></script>', "file"),
        ('<link rel="stylesheet" href="/bilder/b.svg">', "file"),
    ],
)
def test_a_file_that_is_not_there_is_found(html: str, kind: str) -> None:
    assert _found(html) == [(kind, "/bilder/b.svg")]


# --- The rest ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="/bilder/a.svg">', ["/bilder/a.svg"]),
        ('<img src="/bilder/a.svg" alt="">', ["/bilder/a.svg"]),
        ('<img src="/bilder/a.svg" alt=" \u00a0">', ["/bilder/a.svg"]),
        ('<pre><img src="/bilder/a.svg"></pre>', ["/bilder/a.svg"]),
        ('<img src="/bilder/a.svg" alt="A">', []),
        ('<img src="/bilder/a.svg" alt="" role="presentation">', []),
    ],
)
def test_pictures_need_a_text(html: str, expected: list[str]) -> None:
    assert _found(html) == [("alt", value) for value in expected]


def test_ids_are_there_once() -> None:
    assert _found('<p id="zwei">Z</p><p id="zwei">Z</p><p id="drei">D</p>') == [
        ("duplicate_id", "zwei")
    ]


def test_placeholders_are_found_where_readers_see_them() -> None:
    html = "<p>[[Straße]] und [[Ort]] und [[Straße]]</p>"
    assert _found(html) == [("placeholder", "[[Straße]]"), ("placeholder", "[[Ort]]")]


@pytest.mark.parametrize(
    "html",
    [
        "<pre><code>if [[ -f x ]]; then</code></pre>",
        "<p><code>[[Wiki]]</code></p>",
        "<script>x = [[1]]</script>",
        "<style>a[[b]]</style>",
        "<p>[Eins] [[]] [[\n]]</p>",
    ],
)
def test_brackets_in_code_are_no_placeholders(html: str) -> None:
    assert _found(html) == []


ATTRIBUTE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@settings(deadline=None)
@example("http://[x", "https://a.example")
@given(ATTRIBUTE, st.sampled_from(["https://a.example", "https://a.example/unter"]))
def test_no_address_breaks_the_check(value: str, url: str) -> None:
    quoted = value.replace("&", "&amp;").replace('"', "&quot;")
    html = f'<a href="{quoted}">X</a><img src="{quoted}" alt="X">'
    files = {PAGE: html}
    site = Site({PAGE: parse(PAGE, html, url)}, files.keys())
    problems, _ = problems_and_warnings(findings(site), lambda page: None, {})
    assert len(problems) <= 2


# --- Messages ----------------------------------------------------------------------------------------


def _told(
    *found: Finding, text: str = "", sources: Mapping[str, str] | None = None
) -> tuple[list[str], list[str]]:
    def origin(page: str) -> Origin | None:
        return Origin("eins.md", text, 10) if page == PAGE else None

    problems, warnings = problems_and_warnings(found, origin, sources or {})
    return [str(problem) for problem in problems], [str(warning) for warning in warnings]


@pytest.mark.parametrize(
    ("kind", "value", "text", "start"),
    [
        ("link", "/x/", "a\n[X](/x/)", "eins.md:11: Link: Der Link „/x/“ führt ins Leere."),
        ("link", "/%C3%A4/", "[Ä](/ä/)", "eins.md:10: Link: Der Link „/ä/“ führt ins Leere."),
        ("link", "http://[x/", "[X](http://[x/)", "eins.md:10: Link: Der Link „http://[x/“ führt"),
        ("anchor", "/x/#y", "a\n[X]({filename}x.md#y)", "eins.md:11: Link: Den Anker „/x/#y“ gibt"),
        ("anchor", "#%C3%A4", "[X](#ä)", "eins.md:10: Link: Den Anker „#ä“ gibt es"),
        (
            "picture",
            "/bilder/x.svg",
            "![X]({static}/bilder/x.svg)",
            "eins.md:10: Bild: Das Bild „/bilder/x.svg“ gibt es nicht.",
        ),
        ("alt", "/bilder/x.svg", "a\n![]({static}/bilder/x.svg)", "eins.md:11: Bild: Dem Bild „"),
        ("alt", "", "a", "eins.md: Bild: Dem Bild „“ fehlt"),
        ("file", "/x.js", "<script src=/x.js>", "eins.md:10: Datei: Die Datei „/x.js“ gibt es"),
        (
            "foreign",
            "https://b/x",
            "![X](https://b/x)",
            "eins.md:10: Datei: „https://b/x“ käme von",
        ),
        ("duplicate_id", "x", "## X {#y}", "eins.md: id: Die id „x“ kommt auf der Seite mehrmals"),
    ],
)
def test_a_finding_has_file_line_and_remedy(kind: Any, value: str, text: str, start: str) -> None:
    (problem,), warnings = _told(Finding(kind, PAGE, value), text=text)
    assert problem.startswith(start)
    assert len(problem) > len(start) + 20, "the remedy is missing"
    assert warnings == []
    assert "{{" not in problem


def test_a_link_to_a_draft_is_named_by_its_file() -> None:
    (problem,), _ = _told(
        Finding("link", PAGE, "/entwurf/zwei/#x"),
        text="a\n[Zwei]({filename}zwei.md#x)",
        sources={"/entwurf/zwei/": "zwei.md"},
    )
    assert problem == (
        "eins.md:11: Link: Der Link führt zu zwei.md, und das ist noch nicht erschienen. "
        "Nehmen Sie den Link heraus, oder veröffentlichen Sie das Ziel zuerst."
    )


def test_what_the_theme_did_is_told_once() -> None:
    found = [Finding("link", page, "/x/") for page in ("a.html", "b.html", PAGE, "c.html")]
    (problem,), _ = _told(*found, text="Nichts davon.")
    assert problem.startswith("a.html und 3 weitere: Link: Der Link „/x/“ führt ins Leere.")


def test_the_author_is_told_of_her_own_line_even_if_the_theme_repeats_it() -> None:
    found = [Finding("link", PAGE, "/x/"), Finding("link", "index.html", "/x/")]
    problems, _ = _told(*found, text="[X](/x/)")
    assert [problem.split(": ")[0] for problem in problems] == ["eins.md:10", "index.html"]


def test_placeholders_are_one_warning_for_each_file() -> None:
    found = [Finding("placeholder", PAGE, text) for text in ("[[Straße]]", "[[z.\u00a0B. Ort]]")]
    problems, warnings = _told(*found, text="a\n[[Straße]]\n[[z. B. Ort]]")
    assert problems == []
    assert warnings == ["eins.md:11: Noch auszufüllen: [[Straße]], [[z.\u00a0B. Ort]]."]


# --- Files ------------------------------------------------------------------------------------------


def test_a_site_is_read_from_its_folder(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    site = read_site(tmp_path, FILES.keys(), "https://a.example/")
    assert set(site.files) == set(FILES)
    assert set(site.pages) == {name for name in FILES if name.endswith(".html")}
    assert findings(site) == []


class _Content:
    """What the check asks of Pelican's contents."""

    def __init__(self, file: Path, save_as: str, status: str = "published") -> None:
        self.source_path, self.save_as, self.status = str(file), save_as, status
        self.url = save_as.removesuffix("index.html")


def test_pages_have_the_authors_files_behind_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("eins.md").write_text("Eins", "utf-8")
    year = "- date: 2026-01-07\n  tip: A\n# Kopf\n- date: 2026-01-14\n  tip: B\n"
    Path("2026.yaml").write_text(year, "utf-8")
    document = load_yaml(year, "2026.yaml")
    tips = [
        Tip.model_validate({"date": date, "headword": "A", "topic": "B", "tip": "C"})
        for date in ("2026-01-07", "2026-01-14")
    ]
    entries = {
        tip.week: Entry(tip, "2026.yaml", 1, document, number) for number, tip in enumerate(tips)
    }
    origin = origins(
        {
            "generated_content": {
                "eins.md": _Content(tmp_path / "eins.md", "blog/eins/index.html"),
                "kaputt.md": None,
            },
            "TIPS_COLLECTION": Collection(entries),
            "TIPS_URL": "tipps/",
        }
    )
    assert origin("blog/eins/index.html") == Origin("eins.md", "Eins")
    assert origin("tipps/2026-kw02/index.html") == Origin(
        "2026.yaml", "- date: 2026-01-07\n  tip: A\n# Kopf", 1
    )
    assert origin("tipps/2026-kw03/index.html") == Origin(
        "2026.yaml", "- date: 2026-01-14\n  tip: B\n", 4
    )
    assert origin("tipps/2026-kw04/index.html") is None
    assert origin("tipps/index.html") is None
    assert origin("archiv/index.html") is None


def test_without_tips_pages_still_have_files() -> None:
    assert origins({"generated_content": {}})("tipps/2026-kw02/index.html") is None


def test_drafts_are_known_by_their_address() -> None:
    contents = {
        "a": _Content(Path("x/eins.md"), "blog/eins/index.html"),
        "b": _Content(Path("x/zwei.md"), "entwurf/zwei/index.html", "draft"),
        "c": None,
    }
    assert unpublished({"generated_content": contents}) == {"/entwurf/zwei/": "zwei.md"}
