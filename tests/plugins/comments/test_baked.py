"""What is kept of comments is what they are now, whatever happens to the snapshot, the cache and the code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from plugins.comments import baked, core, snapshot
from plugins.hyphenation import adapter as hyphenation
from plugins.hyphenation import german
from plugins.incremental.core import Fingerprints
from tests.plugins.comments.test_adapter import COMMENTS, PAGE

BERLIN = ZoneInfo("Europe/Berlin")
OTHER = "/blog/zweiter/"


class Made:
    """Counts what is made."""

    def __init__(self, monkeypatch):
        self.checked = self.rendered = 0
        check, render = snapshot.comments_of, core.render_text

        def comments_of(raw):
            self.checked += 1
            return check(raw)

        def render_text(text):
            self.rendered += 1
            return render(text)

        monkeypatch.setattr(snapshot, "comments_of", comments_of)
        monkeypatch.setattr(core, "render_text", render_text)

    def since(self):
        """Return how many pages were checked, and how many texts rendered, since this was asked for."""
        found = self.checked, self.rendered
        self.checked = self.rendered = 0
        return found


@pytest.fixture
def made(monkeypatch):
    return Made(monkeypatch)


class Cache:
    """A build's settings, with its own memory; `state` is what a new build has."""

    def __init__(self, folder):
        self.folder = folder
        self.exceptions = []
        self.memory = {}

    def settings(self):
        def hyphenate_html(html):
            exceptions = dict(self.exceptions)
            return hyphenation.hyphenate_html(lambda: german().with_exceptions(exceptions), html)

        hyphenate_html.func = hyphenation.hyphenate_html
        return {
            "CACHE_PATH": str(self.folder),
            "JINJA_FILTERS": {"hyphenate_html": hyphenate_html},
            "RENDER_INPUTS": {"hyphenation": self.exceptions},
            "MEMORISE": self.memorise,
        }

    def memorise(self, key, make):
        if key not in self.memory:
            self.memory[key] = make()
        return self.memory[key]

    def state(self, comments=COMMENTS, **settings):
        data = json.dumps({"revision": 1, "comments": comments, "erased": []}).encode()
        return baked.State(data, "kommentare.json", self.settings() | settings, BERLIN)

    def files(self, folder="kommentare"):
        return sorted(path for path in (self.folder / folder).iterdir())


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path)


def shown(state, page=PAGE):
    """Return what a template sees of the comments on a page."""
    threads, _ = state.of(page)
    return [
        (t.comment.id, t.comment.author, t.comment.date.isoformat(), t.comment.html)
        for t in core.walk(threads)
    ]


FIRST = [
    (
        "aaa",
        "Ida <b>Beispiel</b>",
        "2026-03-05T00:30:00+01:00",
        "<p>Das ist <em>„gut“</em> &lt;script&gt;alert(1)&lt;/script&gt;</p>",
    ),
    ("bbb", "Jo", "2026-03-05T09:00:00+01:00", "<p>Finde ich auch.</p>"),
]


def test_what_is_kept_is_what_was_made(cache, made):
    assert shown(cache.state()) == FIRST
    assert made.since() == (2, 2)
    again = cache.state()
    assert shown(again) == FIRST
    assert made.since() == (0, 0)
    assert [c.in_zone(BERLIN) for c in again.of(PAGE)[0].comments()] == [
        comment.in_zone(BERLIN) for comment in snapshot.comments_of(COMMENTS[:2])
    ]


def test_it_outlives_the_cache_of_builds(cache, made):
    shown(cache.state())
    made.since()
    cache.memory.clear()
    assert shown(cache.state()) == FIRST
    assert made.since() == (0, 0)


def test_a_new_comment_makes_its_page_and_no_other(cache, made):
    both = cache.state()
    assert shown(both) + shown(both, OTHER)
    made.since()
    new = COMMENTS[2] | {"id": "ddd", "text": "Neu."}
    state = cache.state([*COMMENTS, new])
    assert made.since() == (1, 0)
    assert shown(state) == FIRST
    assert made.since() == (0, 0)
    assert [entry[0] for entry in shown(state, OTHER)] == ["ccc", "ddd"]
    assert made.since() == (0, 2)


@pytest.mark.parametrize("change", [{"text": "Anders."}, {"author": "X"}, {"by_author": True}])
def test_any_other_field_is_another_page(cache, change):
    first = cache.state().of(PAGE)[0]
    second = cache.state([COMMENTS[0] | change, *COMMENTS[1:]]).of(PAGE)[0]
    assert first.digest != second.digest
    prints = Fingerprints()
    assert prints.of(first) != prints.of(second)
    assert prints.of(first) == prints.of(cache.state().of(PAGE)[0])


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"RENDER_INPUTS": {"hyphenation": [("wort", ((2,), False))]}}, True),
        ({"JINJA_FILTERS": {}}, True),
        ({"JINJA_FILTERS": {"hyphenate_html": lambda html: html}}, True),
        ({"RENDER_INPUTS": {"hyphenation": [], "style": "b {}"}}, False),
        ({"SITENAME": "Anders", "SITEURL": "https://anders.example"}, False),
    ],
)
def test_a_setting_counts_if_something_of_it_is_seen(cache, change, counts):
    digests = {cache.state(**settings).of(PAGE)[0].digest for settings in ({}, change)}
    assert len(digests) == 1 + counts


def test_the_zone_counts(cache):
    data = json.dumps({"revision": 1, "comments": COMMENTS, "erased": []}).encode()
    zones = (BERLIN, ZoneInfo("UTC"))
    states = [baked.State(data, "kommentare.json", cache.settings(), zone) for zone in zones]
    assert len({state.of(PAGE)[0].digest for state in states}) == 2


def test_nothing_is_made_of_comments_that_no_page_shows(cache, made):
    cache.state()
    made.since()
    threads, count = cache.state().of(PAGE)
    assert (bool(threads), count) == (True, 2)
    assert Fingerprints().of(threads)
    assert made.since() == (0, 0)


def test_a_page_without_comments_has_none(cache):
    threads, count = cache.state().of("/blog/dritter/")
    assert (bool(threads), count, list(threads), len(threads)) == (False, 0, [], 0)
    assert cache.state().pages == {PAGE, OTHER}


def test_threads_are_a_sequence(cache):
    threads = cache.state().of(PAGE)[0]
    assert len(threads) == 1
    assert threads[0].comment.id == threads[:1][0].comment.id == "aaa"
    assert threads[0].replies[0].comment.id == "bbb"


def test_the_newest_can_be_told_without_looking(cache):
    threads = cache.state().of(PAGE)[0]
    assert threads.newest == max(c.created for c in threads.comments()).timestamp()


def test_long_words_are_marked(cache, made):
    comments = [COMMENTS[0] | {"text": "Rechtschreibprüfung"}]
    (comment,) = cache.state(comments).of(PAGE)[0].comments()
    assert comment.divisible_html == (
        '<p><span class="word">Recht<i></i>schreib<i></i>prüfung</span></p>'
    )
    assert comment.html == "<p>Rechtschreibprüfung</p>"


def test_another_exception_marks_them_anew(cache):
    comments = [COMMENTS[0] | {"text": "Rechtschreibprüfung"}]
    cache.state(comments).of(PAGE)[0].comments()
    cache.exceptions = [("rechtschreibprüfung", ((12,), False))]
    (comment,) = cache.state(comments).of(PAGE)[0].comments()
    assert ">Rechtschreib<i></i>prüfung<" in comment.divisible_html


def test_of_the_authors_own_filter_nothing_is_kept(cache):
    """Nobody would notice that it does something else now."""
    for sign in "!?":
        own = {"hyphenate_html": lambda html, sign=sign: Markup(html + sign)}
        (comment, _) = cache.state(JINJA_FILTERS=own).of(PAGE)[0].comments()
        assert comment.divisible_html.endswith(sign)


def test_without_hyphenation_words_are_as_they_are(cache):
    (_, comment) = cache.state(JINJA_FILTERS={}).of(PAGE)[0].comments()
    assert comment.divisible_html == comment.html == "<p>Finde ich auch.</p>"


@pytest.mark.parametrize("damage", [b"", b"x", b"[]"])
@pytest.mark.parametrize("folder", ["kommentare", "kommentare-stand"])
def test_what_is_damaged_is_made_again(cache, damage, folder):
    shown(cache.state())
    for path in cache.files(folder):
        path.write_bytes(damage if damage != b"x" else path.read_bytes()[:-1] + b"x")
    assert shown(cache.state()) == FIRST


def test_where_nothing_can_be_written_everything_is_made(tmp_path, made):
    (tmp_path / "datei").touch()
    cache = Cache(tmp_path / "datei")
    for _ in range(2):
        assert shown(cache.state()) == FIRST
        assert made.since()[1] == 2


def test_other_code_makes_everything_anew(cache, made, monkeypatch, tmp_path):
    shown(cache.state())
    made.since()
    rooms = tmp_path / "plugins"
    for room in baked.ROOMS:
        shutil.copytree(baked._PLUGINS / room, rooms / room)
    (rooms / "typography" / "neu.py").touch()
    monkeypatch.setattr(baked, "_PLUGINS", rooms)
    cache.memory.clear()
    assert shown(cache.state()) == FIRST
    assert made.since() == (2, 2)


def test_the_code_that_counts_is_all_that_makes_html():
    """What rendering and marking words import of ours lies in the rooms that the key stands for."""
    program = (
        "import sys; from plugins.comments.core import render_text; render_text('x')\n"
        "from plugins.hyphenation.markup import hyphenate_html\n"
        "print(*(name for name in sys.modules if name.startswith('plugins.')))"
    )
    project = Path(baked.__file__).resolve().parents[2]
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=True
    )
    # These read the author's files; what they find is in the exceptions.
    readers = {"source", "aliases"}
    rooms = {name.split(".")[1] for name in result.stdout.split()}
    assert "hyphenation" in rooms
    assert rooms - readers <= set(baked.ROOMS)


def test_what_was_kept_of_old_states_goes(cache, monkeypatch):
    monkeypatch.setattr(baked, "STATES", 2)
    for number in range(9):
        text = {"text": f"Fassung {number}"}
        shown(cache.state([COMMENTS[0] | text]))
    assert len(cache.files("kommentare-stand")) == 2
    (path,) = cache.files()
    assert b"Fassung 8" in path.read_bytes()


def test_a_wrong_comment_is_named(cache):
    with pytest.raises(core.SnapshotError) as caught:
        cache.state([*COMMENTS, COMMENTS[0] | {"id": "x y"}])
    assert caught.value.field == "comments.3.id"
    with pytest.raises(core.SnapshotError):
        cache.state([*COMMENTS, COMMENTS[0]])
    assert not (cache.folder / "kommentare-stand").exists()
