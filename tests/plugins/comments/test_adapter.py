"""A site of three articles, built with Pelican, twice in one process."""

from __future__ import annotations

import json
import logging
import marshal
import re
import shutil
import xml.etree.ElementTree as ET
import zlib
from contextlib import contextmanager
from pathlib import Path

import pytest
from blinker import ANY, Signal
from bs4 import BeautifulSoup
from pelican.plugins import signals as pelican_signals
from pelican.settings import read_settings

from plugins.comments import adapter, core
from plugins.incremental.adapter import Pelican

PROJECT = Path(__file__).resolve().parents[3]
PARTIALS = PROJECT / "theme" / "templates" / "partials"
PAGE = "/blog/erster/"
ATOM = "{http://www.w3.org/2005/Atom}"

ARTICLES = {
    "erster.md": "Title: Der „erste“ & <em>beste</em>\nDate: 2026-03-01 10:00\nSlug: erster",
    "zweiter.md": "Title: Zweiter\nDate: 2026-03-02\nSlug: zweiter\nComments: closed",
    "dritter.md": "Title: Dritter\nDate: 2026-03-03\nSlug: dritter",
    "entwurf.md": "Title: Entwurf\nDate: 2026-03-04\nSlug: entwurf\nStatus: draft",
}

COMMENTS = [
    {
        "id": "aaa",
        "page": PAGE,
        "parent": None,
        "author": "Ida <b>Beispiel</b>",
        "website": "https://beispiel.example/?a=1&b=2",
        "text": 'Das ist *"gut"* <script>alert(1)</script>',
        "created": "2026-03-04T23:30:00+00:00",
    },
    {
        "id": "bbb",
        "page": PAGE,
        "parent": "aaa",
        "author": "Jo",
        "website": "",
        "text": "Finde ich auch.",
        "created": "2026-03-05T08:00:00+00:00",
    },
    {
        "id": "ccc",
        "page": "/blog/zweiter/",
        "parent": None,
        "author": "Kim",
        "website": "",
        "text": "Schon geschlossen?",
        "created": "2026-03-06T08:00:00+00:00",
    },
]


@pytest.fixture(autouse=True)
def _own_signals():
    """Other tests' plugins stay out of these builds, and this one out of theirs."""
    all_signals = [s for s in vars(pelican_signals).values() if isinstance(s, Signal)]
    before = {signal: list(signal.receivers_for(ANY)) for signal in all_signals}
    for signal, receivers in before.items():
        for receiver in receivers:
            signal.disconnect(receiver)
    yield
    for signal, receivers in before.items():
        for receiver in list(signal.receivers_for(ANY)):
            signal.disconnect(receiver)
        for receiver in receivers:
            signal.connect(receiver)


class Site:
    """A site's folder; `build` runs Pelican on it and returns the pages' soup."""

    def __init__(self, folder):
        self.folder = folder
        self.output = folder / "output"
        self.snapshot = folder / "kommentare.json"
        (folder / "content").mkdir()
        for name, head in ARTICLES.items():
            self.write(name, head)
        templates = folder / "theme" / "templates"
        (templates / "partials").mkdir(parents=True)
        for partial in ("comments", "comment_threads", "mastodon_replies"):
            shutil.copy(PARTIALS / f"{partial}.html", templates / "partials")
        shutil.copytree(PROJECT / "theme" / "static" / "js", folder / "theme" / "static" / "js")
        (templates / "article.html").write_text(
            '<!doctype html><html lang="de"><title>x</title>{{ article.comment_count }}'
            '{% include "partials/comments.html" %}'
        )
        self.keep(COMMENTS)

    def write(self, name, head):
        (self.folder / "content" / name).write_text(f"{head}\n\nText.", encoding="utf-8")

    def index(self):
        """Return what the service may take comments on: address → open or closed."""
        value = json.loads((self.output / "blog" / "index.json").read_text("utf-8"))
        return {post["url"]: post["comments"] for post in value["posts"]}

    def keep(self, comments):
        value = {"revision": 1, "comments": comments, "erased": []}
        self.snapshot.write_text(json.dumps(value), encoding="utf-8")

    def build(self, **settings):
        settings = {
            "PATH": str(self.folder / "content"),
            "OUTPUT_PATH": str(self.output),
            "CACHE_PATH": str(self.folder / "cache"),
            "THEME": str(self.folder / "theme"),
            "PLUGINS": [
                f"plugins.{name}" for name in ("german", "hyphenation", "comments", "assets")
            ],
            "SITENAME": "Mittwochspost",
            "SITEURL": "https://mittwochspost.example",
            "FEED_DOMAIN": "https://mittwochspost.example",
            "TIMEZONE": "Europe/Berlin",
            "DEFAULT_LANG": "de",
            "DELETE_OUTPUT_DIRECTORY": True,
            "ARTICLE_URL": "blog/{slug}/",
            "ARTICLE_SAVE_AS": "blog/{slug}/index.html",
            "DRAFT_URL": "entwurf/{slug}/",
            "DRAFT_SAVE_AS": "entwurf/{slug}/index.html",
            "FEED_ALL_ATOM": None,
            "CATEGORY_FEED_ATOM": None,
            "TRANSLATION_FEED_ATOM": None,
            "AUTHOR_FEED_ATOM": None,
            "AUTHOR_FEED_RSS": None,
            "DIRECT_TEMPLATES": [],
            "CATEGORY_SAVE_AS": "",
            "AUTHOR_SAVE_AS": "",
            "TAG_SAVE_AS": "",
            "THEME_STATIC_PATHS": [],
            "JINJA_ENVIRONMENT": {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True},
            "COMMENTS_SNAPSHOT": str(self.snapshot),
        } | settings
        Pelican(read_settings(override=settings)).run()
        return self

    def page(self, slug, folder="blog"):
        text = (self.output / folder / slug / "index.html").read_text(encoding="utf-8")
        return BeautifulSoup(text, "html.parser")

    def feed(self, path="feeds/kommentare.atom.xml"):
        return ET.parse(self.output / path).getroot()


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Site(tmp_path)


@contextmanager
def logged(caplog, level=logging.WARNING):
    found = []
    caplog.clear()
    yield found
    found += [r.getMessage() for r in caplog.records if r.levelno >= level]


def test_comments_are_in_the_page_as_threads(site):
    soup = site.build().page("erster")
    assert soup.h2.get_text(strip=True) == "2\u00a0Kommentare"
    first = soup.select_one("#kommentar-aaa")
    assert first.select_one(".p-name").get_text() == "Ida <b>Beispiel</b>"
    assert first.select_one(".p-name")["href"] == "https://beispiel.example/?a=1&b=2"
    assert first.select_one(".p-name")["rel"] == ["nofollow", "ugc", "noopener"]
    assert first.select_one(".e-content em").get_text() == "„gut“"
    assert first.time["datetime"] == "2026-03-05T00:30:00+01:00"
    assert first.time.get_text() == "5.\u00a0März 2026, 0:30\u00a0Uhr"
    reply = soup.select_one(".comments__list > li > .comments__replies > li > article")
    assert reply["id"] == "kommentar-bbb"
    assert not soup.select("article script, b")


@pytest.mark.parametrize(
    ("change", "is_drawn"),
    [
        ({"TIMEZONE": "UTC"}, True),
        ({"COMMENTS_BY_AUTHOR": "von der Autorin"}, True),
        ({"COMMENTS_FORM_URL": "https://dienst.example/vorschau/"}, True),
        ({"JINJA_ENVIRONMENT": {"autoescape": True, "trim_blocks": False}}, True),
        ({"SITENAME": "Anders", "SITEURL": "https://anders.example"}, False),
        ({"THEME_MEASURE": 60, "ANYTHING": "else"}, False),
    ],
)
def test_comments_are_drawn_anew_where_a_setting_counts(site, monkeypatch, change, is_drawn):
    """And the pages are those of a build from nothing."""
    site.build()
    drawn = []
    threads = core.threads
    monkeypatch.setattr(core, "threads", lambda found: drawn.append(found) or threads(found))
    page = str(site.build(**change).page("erster"))
    assert bool(drawn) == is_drawn
    assert page == str(site.build(**change, CACHE_PATH=str(site.folder / "neu")).page("erster"))


def test_nothing_of_an_erased_comment_stays_in_the_cache(site):
    """Neither beside others on its page, nor alone."""
    site.keep([*COMMENTS, COMMENTS[2] | {"id": "ddd", "page": "/blog/dritter/", "text": "Allein."}])
    site.build()
    words = ("Finde ich auch", "Allein.", "Das ist")
    assert [word in _cached(site) for word in words] == [True, True, True]
    site.keep([COMMENTS[0], COMMENTS[2]])
    site.build()
    assert [word in _cached(site) for word in words] == [False, False, True]


def _cached(site):
    """Return all that is in the cache, as text."""
    found = []
    for path in (site.folder / "cache").rglob("*"):
        if path.is_file():
            found.append(path.read_bytes())
        if path.parent.name.endswith("-teile"):
            # After a digest: by key, compressed, and what was found in it.
            fragments = marshal.loads(path.read_bytes()[16:])
            found += [zlib.decompress(packed) for packed, _ in fragments.values()]
    return b"\n".join(found).decode("utf-8", "replace")


def test_a_comment_can_be_answered(site):
    soup = site.build().page("erster")
    link = soup.select_one("#kommentar-bbb .comment__reply a")
    assert link["href"] == "/kommentare/antworten/?seite=/blog/erster/&auf=bbb"
    assert "auf Jo" in link.get_text()


def test_the_form_is_complete_without_script(site):
    # plugins.navigation says which pages there are.
    form = site.build(has_privacy_page=True).page("dritter").form
    assert (form["method"], form["action"]) == ("post", "/kommentare/vorschau/")
    assert form.select_one("[name=page]")["value"] == "/blog/dritter/"
    names = {field["name"] for field in form.select("[name]")}
    assert names == {"page", "name", "email", "website", "text", "subject"}
    for field in form.select("input:not([type=hidden]), textarea"):
        assert form.find("label", attrs={"for": field["id"]})
    assert {f["name"] for f in form.select("[required]")} == {"name", "text"}
    limits = {f["name"]: f["maxlength"] for f in form.select("[maxlength]")}
    assert limits == {"name": "80", "email": "254", "website": "200", "text": "6000"}
    assert form.find("a", href="/datenschutz/")
    assert not form.select("[style]")
    help_texts = [f["aria-describedby"] for f in form.select("[aria-describedby]")]
    assert all(form.find(id=name) for name in help_texts)


def test_a_page_without_comments_says_so(site):
    soup = site.build().page("dritter")
    assert soup.h2.get_text(strip=True) == "Kommentare"
    assert not soup.select("ol")
    assert "Noch hat niemand" in soup.get_text()


def test_a_closed_page_keeps_its_comments_and_has_no_form(site):
    soup = site.build().page("zweiter")
    assert soup.h2.get_text(strip=True) == "1\u00a0Kommentar"
    assert soup.select_one("#kommentar-ccc")
    assert not soup.select("form, .comment__reply")
    assert "Die Kommentare sind geschlossen." in soup.get_text()


def test_a_draft_shows_neither(site):
    assert not site.build().page("entwurf", "entwurf").select("section, form")


def test_deep_replies_name_what_they_answer(site):
    chain = [
        COMMENTS[1] | {"id": f"c{n}", "parent": f"c{n - 1}" if n else None, "author": f"A{n}"}
        for n in range(6)
    ]
    site.keep(chain)
    soup = site.build().page("erster")
    assert len(soup.select("article")) == 6
    assert soup.select_one("#kommentar-c5 .u-in-reply-to")["href"] == "#kommentar-c4"
    assert soup.select_one("#kommentar-c5 .u-in-reply-to").get_text() == "Antwort auf A4"
    assert not soup.select("#kommentar-c3 .u-in-reply-to")
    depth = len(soup.select_one("#kommentar-c5").find_parents("ol"))
    assert depth == 4


def test_the_service_learns_which_pages_there_are(site):
    site.build()
    index = json.loads((site.output / "blog" / "index.json").read_text(encoding="utf-8"))
    days = [post.pop("date") for post in index["posts"]]
    assert days == ["2026-03-03", "2026-03-02", "2026-03-01"]
    assert index == {
        "site": "Mittwochspost",
        "by_author": "von der Redaktion",
        "footer": [],
        "posts": [
            {"url": "/blog/dritter/", "title": "Dritter", "comments": "open"},
            {"url": "/blog/zweiter/", "title": "Zweiter", "comments": "closed"},
            {"url": "/blog/erster/", "title": "Der „erste“ & beste", "comments": "open"},
        ],
    }


def test_the_feed_has_the_newest_first(site):
    feed = site.build().feed()
    entries = feed.findall(f"{ATOM}entry")
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert links == [
        "https://mittwochspost.example/blog/zweiter/#kommentar-ccc",
        "https://mittwochspost.example/blog/erster/#kommentar-bbb",
        "https://mittwochspost.example/blog/erster/#kommentar-aaa",
    ]
    last = entries[-1]
    assert last.findtext(f"{ATOM}title") == "Ida <b>Beispiel</b> zu „Der „erste“ & beste“"
    assert last.findtext(f"{ATOM}author/{ATOM}name") == "Ida <b>Beispiel</b>"
    assert last.findtext(f"{ATOM}updated") == "2026-03-05T00:30:00+01:00"
    content = last.findtext(f"{ATOM}content")
    assert "<em>„gut“</em>" in content
    assert "<script>" not in content
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 3
    assert all(i.startswith("tag:mittwochspost.example,2026-03-0") for i in ids)


def test_the_feed_has_fifty_entries_at_most(site):
    site.keep([COMMENTS[1] | {"id": f"c{n}", "parent": None} for n in range(60)])
    assert len(site.build().feed().findall(f"{ATOM}entry")) == 50


def test_a_feed_without_comments_is_a_feed(site):
    site.keep([])
    feed = site.build().feed()
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}updated")
    assert not feed.findall(f"{ATOM}entry")


def test_a_second_build_in_the_process_starts_clean(site):
    site.build()
    before = {p: p.read_bytes() for p in site.output.rglob("*") if p.is_file()}
    site.build()
    assert before == {p: p.read_bytes() for p in site.output.rglob("*") if p.is_file()}
    site.keep(COMMENTS[2:])
    site.build()
    assert not site.page("erster").select("article")
    assert len(site.feed().findall(f"{ATOM}entry")) == 1
    assert site.page("zweiter").select_one("#kommentar-ccc")


def test_a_missing_snapshot_is_a_warning(site, caplog):
    site.snapshot.unlink()
    with logged(caplog) as messages:
        site.build()
    assert len(messages) == 1
    assert "noch keinen Stand der Kommentare (kommentare.json)" in messages[0]
    assert site.page("erster").form


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("{", "kommentare.json: Das ist kein lesbares JSON (ab Zeile 1)."),
        ("[]", "kommentare.json: Das kann hier nicht stehen: []."),
        ('{"revision": 1, "erased": []}', "kommentare.json: comments: Dieses Feld fehlt."),
    ],
)
def test_a_poisoned_snapshot_is_one_error(data, expected, site, caplog):
    site.snapshot.write_text(data)
    with logged(caplog, logging.ERROR) as messages:
        site.build()
    assert len(messages) == 1
    assert messages[0].startswith(f"{expected} Stellen Sie die Datei")


def test_an_unreadable_snapshot_is_one_error(site, caplog):
    site.snapshot.unlink()
    site.snapshot.mkdir()
    with logged(caplog, logging.ERROR) as messages:
        site.build()
    assert len(messages) == 1
    assert "nicht lesbar" in messages[0]


def test_comments_on_a_page_that_is_gone_are_reported(site, caplog):
    site.keep([*COMMENTS, COMMENTS[2] | {"id": "ddd", "page": "/blog/weg/"}])
    with logged(caplog) as messages:
        site.build()
    assert messages == [
        "Zu diesen Seiten gibt es Kommentare, aber keinen Beitrag (mehr): /blog/weg/"
    ]
    assert len(site.feed().findall(f"{ATOM}entry")) == 3


def test_settings_are_used(site):
    site.build(COMMENTS_FEED="k.xml", COMMENTS_FORM_URL="https://dienst.example/k/vorschau/")
    assert len(site.feed("k.xml").findall(f"{ATOM}entry")) == 3
    assert site.page("erster").form["action"] == "https://dienst.example/k/vorschau/"
    link = site.page("erster").select_one(".comment__reply a")["href"]
    assert link.startswith("https://dienst.example/k/antworten/?seite=")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"COMMENTS_SNAPSHOT": 7}, "COMMENTS_SNAPSHOT: Das ist kein Dateiname: 7."),
        ({"COMMENTS_FEED": "/feeds/x.xml"}, "COMMENTS_FEED: Das ist kein Pfad"),
        ({"COMMENTS_FEED": None}, "COMMENTS_FEED: Das ist kein Pfad"),
        ({"COMMENTS_FORM_URL": "/kommentare"}, "COMMENTS_FORM_URL: Diese Adresse muss mit /"),
    ],
)
def test_a_wrong_setting_stops_the_build(settings, message, site):
    with pytest.raises(adapter.SettingsError, match=f"^{message}"):
        site.build(**settings)


# -- Comments elsewhere ---------------------------------------------------------------------------

SYSTEMS = {
    "utterances": {"repo": "voss/mittwochspost"},
    "mastodon": {"servers": ["social.example"], "bake": True},
}
THREAD = "https://social.example/@voss/1"


def test_a_card_takes_the_place_of_the_form(site):
    site.write(
        "dritter.md", "Title: Dritter\nDate: 2026-03-03\nSlug: dritter\nComments: utterances"
    )
    soup = site.build(COMMENTS_SYSTEMS=SYSTEMS).page("dritter")
    (card,) = soup.select("section.comment-embed")
    assert not soup.select("form, .comments__closed")
    assert "Noch hat niemand" not in soup.get_text()
    assert card.button["type"] == "button"
    assert card.button.has_attr("hidden")
    assert json.loads(card["data-embed"])["attributes"]["repo"] == "voss/mittwochspost"
    assert card.a["href"].startswith("https://github.com/voss/mittwochspost/issues?")
    assert soup.find(id=card["aria-labelledby"]).get_text() == "Kommentare bei utterances"
    (script,) = soup.select("script")
    assert re.fullmatch(r"/theme/js/comment-embed\.\w+\.js", str(script["src"]))
    assert not site.page("erster").select("script[src*=embed], .comment-embed")
    assert site.index()["/blog/dritter/"] == "closed"


def test_a_system_may_hold_for_all_posts_that_say_nothing_else(site):
    site.write("dritter.md", "Title: Dritter\nDate: 2026-03-03\nSlug: dritter\nComments: open")
    site.build(COMMENTS_SYSTEMS=SYSTEMS, COMMENTS_DEFAULT="utterances")
    first = site.page("erster")
    assert first.select_one(".comment-embed")
    assert len(first.select("article")) == 2, "what is there stays"
    assert not first.select("form, .comment__reply")
    assert not site.page("zweiter").select("form, .comment-embed")
    assert site.page("dritter").form


def test_a_thread_stands_beside_the_form_with_approved_replies(site):
    site.write("dritter.md", f"Title: Dritter\nDate: 2026-03-03\nSlug: dritter\nMastodon: {THREAD}")
    (site.folder / "content" / "mastodon.txt").write_text("https://b.example/@kim/2  Kim\n")
    replies = [
        {
            "url": f"https://b.example/@kim/{number}",
            "author": "Kim <i>",
            "author_url": "https://b.example/@kim",
            "created": "2026-03-05T08:00:00Z",
            "content": f"<p onclick=x>Antwort {number}<script>1</script></p>",
            "warning": "Kuchen",
            "lang": "en",
        }
        for number in (1, 2)
    ]
    thread = {"address": THREAD, "fetched": "2026-03-06T08:00:00Z", "replies": replies}
    (site.folder / "mastodon.json").write_text(json.dumps([thread]))
    soup = site.build(COMMENTS_SYSTEMS=SYSTEMS).page("dritter")
    assert soup.form
    assert soup.select_one(".comment-embed a")["href"] == THREAD
    (reply,) = soup.select("article.comment")
    assert reply.h4.get_text() == "Kim <i>"
    assert str(reply.select_one(".prose")) == (
        '<div class="prose flow e-content" lang="en"><p>Antwort 2</p></div>'
    )
    assert reply.summary.get_text() == "Inhaltswarnung: Kuchen"
    assert "5. März 2026, 9:00" in reply.time.get_text().replace("\u00a0", " ")
    (site.folder / "content" / "mastodon.txt").unlink()
    assert not site.build(COMMENTS_SYSTEMS=SYSTEMS).page("dritter").select("article.comment")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Comments: isso", "dritter.md:4: comments: Der Kommentardienst „isso“ ist nicht einger"),
        ("Mastodon: https://a.example/@b/1", "dritter.md:4: mastodon: Der Server a.example ist"),
        ("Mastodon: voss", "dritter.md:4: mastodon: „voss“ ist keine Adresse eines Beitrags"),
    ],
)
def test_what_is_not_set_up_is_one_error_with_its_line(line, message, site, caplog):
    site.write("dritter.md", f"Title: Dritter\nDate: 2026-03-03\nSlug: dritter\n{line}")
    with logged(caplog, logging.ERROR) as messages:
        site.build(COMMENTS_SYSTEMS=SYSTEMS)
    (found,) = messages
    assert message in found


def test_a_thread_without_mastodon_is_one_error(site, caplog):
    site.write("dritter.md", f"Title: Dritter\nDate: 2026-03-03\nMastodon: {THREAD}")
    with logged(caplog, logging.ERROR) as messages:
        site.build()
    assert "dritter.md:3: mastodon: Der Kommentardienst „mastodon“" in messages[0]


def test_a_broken_file_of_replies_is_one_error(site, caplog):
    (site.folder / "mastodon.json").write_text("{")
    site.write("dritter.md", f"Title: Dritter\nDate: 2026-03-03\nMastodon: {THREAD}")
    with logged(caplog, logging.ERROR) as messages:
        site.build(COMMENTS_SYSTEMS=SYSTEMS)
    assert messages[0].startswith("mastodon.json: Das ist kein Stand der Antworten")


def test_templates_know_which_systems_posts_use(site):
    template = site.folder / "theme" / "templates" / "article.html"
    template.write_text("{% for one in COMMENT_RECIPIENTS %}{{ one.name }} {% endfor %}")
    site.build(COMMENTS_SYSTEMS=SYSTEMS)
    assert site.page("erster").get_text() == ""
    site.write("dritter.md", "Title: Dritter\nDate: 2026-03-03\nComments: utterances")
    site.build(COMMENTS_SYSTEMS=SYSTEMS)
    assert site.page("erster").get_text() == "utterances "


def test_the_authors_own_comments_are_marked_in_words(site):
    site.keep([COMMENTS[0], COMMENTS[1] | {"by_author": True}])
    soup = site.build(COMMENTS_BY_AUTHOR="von der Autorin").page("erster")
    (mark,) = soup.select(".comment__by")
    assert mark.get_text() == "von der Autorin"
    assert mark.find_parent("article")["id"] == "kommentar-bbb"
    titles = [entry.findtext(f"{ATOM}title") for entry in site.feed().findall(f"{ATOM}entry")]
    assert titles[0] == "Jo (von der Autorin) zu „Der „erste“ & beste“"
    assert "Autorin" not in titles[1]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"COMMENTS_BY_AUTHOR": " "}, "COMMENTS_BY_AUTHOR: Das ist kein Text"),
        ({"COMMENTS_SYSTEMS": {"x": {}}}, "COMMENTS_SYSTEMS: „x“ gibt es nicht"),
        ({"COMMENTS_DEFAULT": "zu"}, "COMMENTS_DEFAULT: 'zu' ist nicht möglich – nehmen Sie open"),
        (
            {"COMMENTS_DEFAULT": "mastodon", "COMMENTS_SYSTEMS": SYSTEMS},
            "COMMENTS_DEFAULT: 'mastodon' ist nicht möglich – nehmen Sie open oder closed oder utt",
        ),
    ],
)
def test_a_wrong_setting_of_another_system_stops_the_build(settings, message, site):
    with pytest.raises(adapter.SettingsError, match=f"^{message}"):
        site.build(**settings)


# -- What is made once ------------------------------------------------------------------------------


@pytest.fixture
def rendered(monkeypatch):
    """The texts that were rendered."""
    found = []
    render = core.render_text
    monkeypatch.setattr(core, "render_text", lambda text: found.append(text) or render(text))
    return found


def test_a_theme_may_draw_comments_its_own_way(site):
    template = site.folder / "theme" / "templates" / "article.html"
    template.write_text(
        "{% for thread in article.comment_threads recursive %}[{{ thread.comment.author }}: "
        "{{ thread.comment.html|hyphenate_html }}{{ loop(thread.replies) }}]{% endfor %}"
    )
    texts = "<p>Das ist <em>„gut“</em> &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    site.build()
    page = site.output / "blog" / "erster" / "index.html"
    names = "Ida &lt;b&gt;Beispiel&lt;/b&gt;"
    assert page.read_text("utf-8") == f"[{names}: {texts}[Jo: <p>Finde ich auch.</p>]]"
    site.keep([COMMENTS[0] | {"author": "Ada"}, *COMMENTS[1:]])
    site.build()
    assert page.read_text("utf-8").startswith("[Ada: ")


def test_what_a_comment_says_is_rendered_once(site, rendered):
    site.build()
    assert sorted(rendered) == sorted(comment["text"] for comment in COMMENTS)
    rendered.clear()
    template = site.folder / "theme" / "templates" / "article.html"
    template.write_text(template.read_text() + "!")
    site.build()
    site.build(SITENAME="Anders")
    assert rendered == []
    before = site.page("erster")
    site.keep([*COMMENTS, COMMENTS[2] | {"id": "ddd", "text": "Neu."}])
    site.build(SITENAME="Anders")
    assert set(rendered) == {"Neu.", COMMENTS[2]["text"]}
    assert site.page("erster") == before
    assert site.page("zweiter").select_one("#kommentar-ddd")


def test_what_comments_show_beside_their_texts_is_followed(site):
    site.build()
    site.build(COMMENTS_BY_AUTHOR="von der Autorin", COMMENTS_FORM_URL="/k/vorschau/")
    link = site.page("erster").select_one(".comment__reply a")
    assert link["href"].startswith("/k/antworten/?seite=")
    site.write("erster.md", ARTICLES["erster.md"] + "\nComments: closed")
    site.build(COMMENTS_BY_AUTHOR="von der Autorin", COMMENTS_FORM_URL="/k/vorschau/")
    assert not site.page("erster").select(".comment__reply")
    assert len(site.page("erster").select("article")) == 2
