"""A fragment is what its template makes of its values now; what is the same is drawn once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.incremental import parallel
from plugins.incremental.store import DamagedError, Drawn, Store
from tests.plugins.pelican_site import Built, PelicanSite

FIRST = "blog/der-erste-beitrag/index.html"
ARTICLE = "{{ article.title }}: {{ fragment('partials/tags.html', names=article.tags|map('string')|list) }}"
TAGS = "{% for name in names %}{{ name|drawn }} {% endfor %}"


class Drawing:
    """A filter that notes in a file, also from other processes, what was drawn."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, value: object) -> str:
        """Note *value*, and return it."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{value}\n")
        return str(value)

    def since(self) -> list[str]:
        """Return what was noted since this was asked for last."""
        lines = self.path.read_text("utf-8").split() if self.path.exists() else []
        self.path.unlink(missing_ok=True)
        return sorted(lines)


class Site:
    """The small site; the page of each post has a fragment."""

    def __init__(self, site: PelicanSite) -> None:
        self.site = site
        self.drawing = Drawing(site.folder / "drawn.txt")
        self.article(ARTICLE)
        self.tags(TAGS)

    def article(self, text: str) -> None:
        """Set the template of posts."""
        self.site.write("../theme/templates/article.html", text)

    def tags(self, text: str) -> None:
        """Set the template of fragments."""
        self.site.write("../theme/templates/partials/tags.html", text)

    def build(self, **settings: object) -> Built:
        """Build the site."""
        return self.site.build(JINJA_FILTERS={"drawn": self.drawing}, **settings)

    def drawn(self, **settings: object) -> list[str]:
        """Build, and return the tags that were drawn."""
        self.drawing.since()
        self.build(**settings)
        return self.drawing.since()

    @property
    def cache(self) -> Path:
        """The file of the cache."""
        (path,) = (self.site.folder / "cache").glob("bau-*.sqlite")
        return path


@pytest.fixture
def site(pelican_site: PelicanSite) -> Site:
    """The site, built once."""
    found = Site(pelican_site)
    assert found.drawn() == ["Beete", "Beete", "Beete", "Zaun", "Äxte"]
    return found


def test_another_page_around_it_leaves_a_fragment_as_it_was(site: Site) -> None:
    site.article(ARTICLE.replace(":", " –"))
    assert site.drawn() == []
    assert site.build().text(FIRST) == "Der erste Beitrag – Beete Äxte "


def test_another_text_of_the_page_leaves_a_fragment_as_it_was(site: Site) -> None:
    site.site.replace("artikel/eins.md", "title: Der erste", "slug: der-erste-beitrag\ntitle: Ein")
    assert site.drawn() == []
    assert site.build().text(FIRST) == "Ein Beitrag: Beete Äxte "


def test_other_values_draw_their_fragment(site: Site) -> None:
    site.site.replace("artikel/eins.md", "[Beete, Äxte]", "[Birnen, Äxte]")
    assert site.drawn() == ["Birnen", "Äxte"]
    assert site.build().text(FIRST) == "Der erste Beitrag: Birnen Äxte "


def test_another_template_of_fragments_renders_their_pages(site: Site) -> None:
    site.tags(TAGS.replace("}} ", "}}!"))
    assert site.build().text(FIRST) == "Der erste Beitrag: Beete!Äxte!"


@pytest.mark.parametrize(
    "more", ["{% include 'partials/end.html' %}", "{{ fragment('partials/end.html') }}"]
)
def test_what_the_template_includes_counts(site: Site, more: str) -> None:
    """A fragment in a fragment, too."""
    site.site.write("../theme/templates/partials/end.html", ".")
    site.tags(TAGS + more)
    assert site.build().text(FIRST).endswith("Äxte .")
    site.site.write("../theme/templates/partials/end.html", "!")
    assert site.build().text(FIRST).endswith("Äxte !")


@pytest.mark.parametrize(
    "call",
    [
        "fragment('partials/' ~ 'tags.html', names=['a'])",
        "(fragment)('partials/tags.html', names=['a'])",
        "([fragment]|first)('partials/tags.html', names=['a'])",
    ],
)
def test_a_template_with_a_name_that_is_computed_may_be_any(site: Site, call: str) -> None:
    site.article(f"{{{{ {call} }}}}")
    assert site.build().text(FIRST) == "a "
    site.tags("anders")
    assert site.build().text(FIRST) == "anders"


def test_what_all_pages_depend_on_draws_all(site: Site) -> None:
    site.site.write("trennung.yaml", "- Bee|te\n")
    assert len(site.drawn()) == 5


@pytest.mark.parametrize("more", [{"SITENAME": "Anders"}, {"BUILD_CLEAN": True}])
def test_settings_and_a_clean_build_draw_all(site: Site, more: dict[str, object]) -> None:
    assert len(site.drawn(**more)) == 5


def test_a_fragment_sees_its_values_and_nothing_else(site: Site) -> None:
    site.tags("{{ names|length }}{{ SITENAME }}{{ article }}")
    assert site.build().text(FIRST) == "Der erste Beitrag: 2"


def test_a_post_as_a_value_is_read_in_each_build(site: Site) -> None:
    """Only its name would count: pages would not notice another title."""
    site.article("{{ fragment('partials/tags.html', post=article.older) }}")
    site.tags("{{ post.title|drawn if post }}")
    assert site.build().text("blog/der-zweite-beitrag/index.html") == "Der erste Beitrag"
    site.site.replace("artikel/eins.md", "Der erste", "Ein erster")
    site.site.replace("artikel/eins.md", "date:", "slug: der-erste-beitrag\ndate:")
    assert site.build().text("blog/der-zweite-beitrag/index.html") == "Ein erster Beitrag"


def test_a_value_without_a_fingerprint_is_drawn_each_time(site: Site) -> None:
    site.article("{{ fragment('partials/tags.html', names=names_of(article.title)) }}")
    state = ["a"]

    class Names:
        def __iter__(self) -> object:
            return iter(list(state))

    more = {"JINJA_GLOBALS": {"names_of": lambda title: Names()}}
    assert site.build(**more).text(FIRST) == "a "
    state[:] = ["b"]
    site.article("{{ fragment('partials/tags.html', names=names_of(article.title)) }}!")
    assert site.build(**more).text(FIRST) == "b !"


def test_values_are_escaped_and_markup_is_not_escaped_again(site: Site) -> None:
    site.site.replace("artikel/eins.md", "[Beete, Äxte]", "[A & B]")
    site.tags("<b>{{ names|join }}</b>")
    assert site.build().text(FIRST) == "Der erste Beitrag: <b>A &amp; B</b>"
    site.article(ARTICLE + "!")
    assert site.build().text(FIRST) == "Der erste Beitrag: <b>A &amp; B</b>!"


def test_two_fragments_of_a_page_are_two(site: Site) -> None:
    two = "{{ fragment('partials/tags.html', names=[1]) }}{{ fragment('partials/tags.html', names=[2]) }}"
    site.article(two)
    assert site.build().text(FIRST) == "1 2 "
    site.article(f"{two}!")
    assert site.drawn() == []
    site.article(two.replace("[1]", "[3]"))
    assert site.drawn() == ["3", "3", "3"]
    assert site.build().text(FIRST) == "3 2 "


def test_what_pages_show_no_more_is_forgotten(site: Site) -> None:
    def kept() -> int:
        store = Store(site.cache, _key(site.cache))
        try:
            return len(list(store._all("fragments")))
        finally:
            store.close()

    assert kept() == 3
    (site.site.content / "artikel/zwei.md").unlink()
    site.site.replace("artikel/eins.md", "Ein [Link]({filename}zwei.md).", "Text.")
    site.site.replace("tipps/2026.yaml", "Mehr im [Beitrag](/blog/der-zweite-beitrag/).", "Mehr.")
    site.site.replace("tipps/2026.yaml", "der-zweite-beitrag, ", "")
    site.build()
    assert kept() == 2
    site.article("{{ article.title }}")
    site.build()
    assert kept() == 0


def _key(path: Path) -> bytes:
    found = Store.peek(path, ("key",))
    assert found is not None
    return bytes(found[0])


def _lose(store: Store) -> None:
    store._run("DELETE FROM fragments")


def _garble(store: Store) -> None:
    """Put bytes that were sealed, and are no fragments."""
    rows = store._run("SELECT key FROM fragments")
    values = {
        name: dict.fromkeys(store.fragments(name) or {}, (b"kein zlib", {})) for (name,) in rows
    }
    with store.transaction():
        store._put("fragments", values)


def _change(store: Store) -> None:
    store._run("UPDATE fragments SET value = value || X'00'")


@pytest.mark.parametrize("damage", [_lose, _garble, _change])
def test_damaged_fragments_are_drawn_again(site: Site, damage: Callable[[Store], None]) -> None:
    store = Store(site.cache, _key(site.cache))
    damage(store)
    store.close()
    site.article(ARTICLE.replace(":", " –"))
    assert len(site.drawn()) == 5
    assert site.build().text(FIRST) == "Der erste Beitrag – Beete Äxte "


def test_fragments_are_drawn_and_found_in_other_processes(
    pelican_site: PelicanSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    site = Site(pelican_site)
    for number in range(80):
        text = f"Title: Beitrag {number}\nDate: 2026-01-02\nCategory: X\nTags: t{number}\n\nEin Absatz.\n"
        pelican_site.write(f"artikel/viele/{number}.md", text)
    site.tags(TAGS + "{{ ''|process }}")
    monkeypatch.setattr(
        site,
        "build",
        lambda **more: pelican_site.build(
            JINJA_FILTERS={"drawn": site.drawing, "process": lambda _: os.getpid()}, **more
        ),
    )
    first = site.build()
    processes = {first.text(f"blog/beitrag-{n}/index.html").split()[-1] for n in range(80)}
    assert str(os.getpid()) not in processes
    site.article(ARTICLE.replace(":", " –"))
    assert site.drawn() == []
    assert site.build().text("blog/beitrag-7/index.html").startswith("Beitrag 7 – t7 ")


def test_a_wrong_byte_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path / "bau.sqlite", b"key")
    with store.transaction():
        store._put("fragments", {"x.html": {b"1": (b"2", {})}})
    assert store.fragments("x.html") == {b"1": Drawn(b"2", {})}
    assert store.fragments("y.html") is None
    store._run("UPDATE fragments SET value = X'00'")
    with pytest.raises(DamagedError):
        store.fragments("x.html")


# -- What is found in a fragment --------------------------------------------------------------------


class Finding:
    """Stands in for a check: notes what it is asked to look at."""

    def __init__(self, value: str = "found") -> None:
        self.value = value
        self.asked: list[str] = []
        self.rests: dict[str, tuple[str, list[str]]] = {}

    def __call__(self, name: str, html: str, url: str, split: Callable[..., object]) -> bytes:
        """Look at a page."""
        self.rests[name] = split(html, self.find)
        return b""

    def find(self, part: str) -> str:
        """Look at a fragment."""
        self.asked.append(part)
        return self.value and f"{self.value}: {part}"


def test_a_check_looks_at_a_fragment_once(site: Site) -> None:
    site.tags("\n<b>{{ names|join(' ') }}</b>\n")
    site.article(f"<p>{ARTICLE}</p>")
    finding = Finding()
    site.build(PAGE_FACTS=finding)
    part = "<b>Beete Äxte</b>"
    assert part in finding.asked
    assert finding.rests[FIRST] == ("<p>Der erste Beitrag: \n</p>", [f"found: {part}"])
    site.article(f"<div>{ARTICLE}</div>")
    again = Finding()
    site.build(PAGE_FACTS=again)
    assert again.asked == []
    assert again.rests[FIRST] == ("<div>Der erste Beitrag: \n</div>", [f"found: {part}"])


@pytest.mark.parametrize(
    ("tags", "article"),
    [
        # Text alone may be part of anything around it.
        ("{{ names|join }}", ARTICLE),
        ("<b>{{ names|join }}", ARTICLE),
        # Which of them is the fragment?
        ("<b></b>", ARTICLE + "<b></b>"),
        # A filter has changed it.
        ("<b>x</b>", ARTICLE.replace(" }}", "|upper }}")),
        ("", ARTICLE),
    ],
)
def test_what_cannot_be_taken_out_stays_in_the_page(site: Site, tags: str, article: str) -> None:
    site.tags(tags)
    site.article(article)
    finding = Finding()
    page = site.build(PAGE_FACTS=finding).text(FIRST)
    assert finding.rests[FIRST] == (page, [])
    assert finding.asked == []


def test_what_a_check_cannot_tell_stays_in_the_page(site: Site) -> None:
    site.tags("<b>{{ names|join }}</b>")
    for end in ("", "!"):
        site.article(ARTICLE + end)
        finding = Finding("")
        page = site.build(PAGE_FACTS=finding).text(FIRST)
        assert finding.rests[FIRST] == (page, [])
