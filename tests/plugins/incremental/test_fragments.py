"""A fragment is what its template makes of its values now; what is the same is drawn once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from jinja2 import DictLoader, FileSystemLoader, pass_context
from jinja2.runtime import Context

from plugins.german import core as german_core
from plugins.incremental import functions, parallel, scan
from plugins.incremental.core import Fingerprints, UnsureError
from plugins.incremental.recording import FRAGMENT, RecordingEnvironment
from tests.plugins.pelican_site import PROJECT, Built, PelicanSite

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
    def kept(self) -> list[Path]:
        """The files of fragments, one for each page."""
        return list((self.site.folder / "cache").glob("bau-*-teile/*"))


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
    assert len(site.kept) == 3
    (site.site.content / "artikel/zwei.md").unlink()
    site.site.replace("artikel/eins.md", "Ein [Link]({filename}zwei.md).", "Text.")
    site.site.replace("tipps/2026.yaml", "Mehr im [Beitrag](/blog/der-zweite-beitrag/).", "Mehr.")
    site.site.replace("tipps/2026.yaml", "der-zweite-beitrag, ", "")
    site.build()
    assert len(site.kept) == 2
    # Nor does it stay when nobody knows any more what there was.
    (site.site.content / "artikel/tief/drei.md").unlink()
    site.build(SITENAME="Anders")
    assert len(site.kept) == 1
    site.article("{{ article.title }}")
    site.build(SITENAME="Anders")
    assert site.kept == []


def _garble(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [Path.unlink, _garble, _empty])
def test_damaged_fragments_are_drawn_again(site: Site, damage: Callable[[Path], None]) -> None:
    for path in site.kept:
        damage(path)
    site.article(ARTICLE.replace(":", " –"))
    assert len(site.drawn()) == 5
    assert site.build().text(FIRST) == "Der erste Beitrag – Beete Äxte "


def test_where_nothing_can_be_kept_all_is_drawn(site: Site) -> None:
    for path in site.kept:
        path.unlink()
    (folder,) = (site.site.folder / "cache").glob("bau-*-teile")
    folder.rmdir()
    folder.touch()
    site.article(ARTICLE.replace(":", " –"))
    assert len(site.drawn()) == 5


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


# -- What functions know --------------------------------------------------------------------------

NOTED: list[str] = []


def noted(value: object, end: str = "") -> str:
    """Stand in for a filter of ours, which knows its arguments and nothing else."""
    NOTED.append(str(value))
    return f"{value}{end}"


@pytest.fixture
def sure(pelican_site: PelicanSite, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Build a site whose fragments call `noted`, and return how many tags were drawn."""
    monkeypatch.setattr(functions, "_ROOMS", {"tests"})
    pelican_site.write("../theme/templates/article.html", ARTICLE)
    pelican_site.write("../theme/templates/partials/tags.html", TAGS.replace("drawn", "noted"))

    def drawn(**settings: object) -> int:
        NOTED.clear()
        pelican_site.build(**{"JINJA_FILTERS": {"noted": noted}, **settings})
        return len(NOTED)

    assert drawn() == 5
    return drawn


@pytest.mark.parametrize(
    "more",
    [
        {"SITENAME": "Anders"},
        {"SITEURL": "https://anders.example"},
        {"TIMEZONE": "Europe/Zurich"},
        {"THEME_MEASURE": 60},
        {"JINJA_GLOBALS": {"unused": 1}},
        {"JINJA_FILTERS": {"noted": noted, "unused": lambda value: value}},
        {"BUILD_CLEAN": True},
    ],
)
def test_settings_that_no_function_knows_draw_nothing(
    sure: Callable[..., int], more: dict[str, object]
) -> None:
    assert sure(**more) == 0
    assert sure(**more) == 0


def test_what_other_parts_of_pages_depend_on_draws_nothing(
    sure: Callable[..., int], pelican_site: PelicanSite
) -> None:
    """Neither exceptions of hyphenation, nor the style sheet."""
    pelican_site.write("trennung.yaml", "- Bee|te\n")
    assert sure() == 0
    pelican_site.write("../theme/static/css/main.css", "b { color: red }")
    assert sure() == 0


@pytest.mark.parametrize(
    "more",
    [
        {"JINJA_FILTERS": {"noted": partial(noted, end="!")}},
        # Who knows what these know? But they are other ones now.
        {"JINJA_FILTERS": {"noted": lambda value: noted(value)}},
        {"JINJA_ENVIRONMENT": {"autoescape": True, "trim_blocks": False}},
    ],
)
def test_another_function_draws_all(sure: Callable[..., int], more: dict[str, object]) -> None:
    assert sure(**more) == 5
    # A partial is made again, too.
    assert sure(**more) == 0


def test_another_value_for_all_templates_draws_all(
    sure: Callable[..., int], pelican_site: PelicanSite
) -> None:
    text = TAGS.replace("drawn", "noted(end)")
    pelican_site.write("../theme/templates/partials/tags.html", text)
    assert sure(JINJA_GLOBALS={"end": "!"}) == 5
    assert sure(JINJA_GLOBALS={"end": "!", "unused": 1}) == 0
    assert sure(JINJA_GLOBALS={"end": "?"}) == 5


def test_a_tag_has_the_address_of_the_settings(pelican_site: PelicanSite) -> None:
    """It is told by its name, which says nothing of that."""
    call = "{{ fragment('partials/tags.html', tag=article.tags[0]) }}"
    pelican_site.write("../theme/templates/article.html", call)
    pelican_site.write("../theme/templates/partials/tags.html", "{{ tag.url }}")
    for folder in "ab":
        built = pelican_site.build(TAG_URL=f"{folder}/{{slug}}/")
        assert built.text(FIRST) == f"{folder}/beete/"


def plain(value: object) -> str:
    """Stand in for a function of ours."""
    return str(value)


@pass_context
def asking(context: Context, value: object) -> str:
    """Stand in for one that asks for the context."""
    return f"{context.parent}{value}"


def _key(templates: dict[str, str], filters: Mapping[str, Any] = MappingProxyType({})) -> object:
    environment = RecordingEnvironment(loader=DictLoader(templates))
    environment.filters |= environment.watch({"mine": plain, **filters})
    environment.tests |= environment.watch({"mine": plain})
    environment.globals |= {FRAGMENT: plain, "known": 1, "other": object()}
    return functions.functions_key(environment, "a", Fingerprints())


@pytest.fixture
def of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count functions of tests as ours."""
    monkeypatch.setattr(functions, "_ROOMS", {"tests"})


@pytest.mark.usefixtures("of_tests")
@pytest.mark.parametrize(
    ("template", "count"),
    [
        ("{{ x|upper|length|attr('y') }}{% if x is defined %}{{ range(2) }}{% endif %}", 0),
        ("{{ x|mine }}{{ y|mine }}", 1),
        ("{% if x is mine %}{{ x|mine }}{% endif %}", 2),
        ("{% include 'b' %}", 1),
        ("{{ fragment('b') }}", 1),
        ("{{ known }}", 1),
    ],
)
def test_all_functions_of_a_template_count(template: str, count: int) -> None:
    found = _key({"a": template, "b": "{{ x|mine }}{% include 'a' %}"})
    assert isinstance(found, tuple)
    assert len(found) == count


@pytest.mark.usefixtures("of_tests")
@pytest.mark.parametrize(
    "template",
    [
        "{{ x|closure }}",
        "{{ x|asking }}",
        "{{ x|bound }}",
        "{{ x|other }}",
        "{{ x|hidden }}",
        "{{ x|foreign }}",
        # A filter of Jinja's that is another one now.
        "{{ x|upper }}",
        "{{ other }}",
        "{{ x|map('mine') }}",
        "{% include x %}",
        "{% include 'b' %}",
        "{% include 'nirgends' %}",
        "{{ x|",
    ],
)
def test_of_what_may_know_more_nothing_is_said(template: str) -> None:
    filters = {
        "closure": lambda value: template,
        "asking": asking,
        "bound": Drawing(Path()).since,
        "other": Drawing(Path()),
        "hidden": partial(plain, object()),
        "foreign": scan.digest,
        "upper": scan.digest,
    }
    with pytest.raises(UnsureError):
        _key({"a": template, "b": "{{ x|closure }}"}, filters)


def test_our_lists_of_comments_know_no_settings() -> None:
    """Else each change of a setting would draw all of them anew."""
    german = {name: getattr(german_core, name) for name in ("date", "time", "iso")}
    environment = RecordingEnvironment(loader=FileSystemLoader(PROJECT / "theme/templates"))
    environment.filters |= environment.watch(german)
    name = "partials/comment_threads.html"
    assert functions.functions_key(environment, name, Fingerprints()) == (
        (("Filter", "date"), "plugins.german.core.date"),
        (("Filter", "iso"), "plugins.german.core.iso"),
        (("Filter", "time"), "plugins.german.core.time"),
    )


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


def test_what_is_found_depends_on_what_the_check_was_told(site: Site) -> None:
    site.tags("<b>{{ names|join }}</b>")
    for url, count in (
        ("https://a.example", 3),
        ("https://b.example", 3),
        ("https://b.example", 0),
    ):
        site.article(f"<p>{ARTICLE}</p>" + "!" * (count == 0))
        finding = Finding(url)
        site.build(PAGE_FACTS=finding, SITEURL=url)
        assert len(finding.asked) == count
        assert finding.rests[FIRST][1] == [f"{url}: <b>BeeteÄxte</b>"]


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
