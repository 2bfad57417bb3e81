"""A build renders only what has changed, and gives what a clean build gives, whatever it finds."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pelican import signals
from pelican.generators import Generator
from pelican.writers import FileOverwriteFailedError

from plugins.incremental.adapter import Build, equip
from plugins.incremental.store import Store
from tests.plugins.pelican_site import PROJECT, Built, PelicanSite

FIRST, SECOND = "blog/der-erste-beitrag/index.html", "blog/der-zweite-beitrag/index.html"
THIRD, APOSTROPHE = "blog/der-dritte-beitrag/index.html", "tipps/2026-kw02/index.html"
ARTICLE_FEEDS = ("feeds/artikel.atom.xml", "feeds/artikel.json")


def _build(site: PelicanSite, **settings: Any) -> tuple[Built, set[str]]:
    """Return what a build wrote, and the pages that it rendered; it must be what a clean one writes."""
    built = site.build(**settings)
    shutil.rmtree(site.folder / "sauber", ignore_errors=True)
    output = site.folder / "output"
    output.rename(site.folder / "aufgehoben")
    clean = site.build(**settings, CACHE_PATH=str(site.folder / "sauber"))
    shutil.rmtree(output)
    (site.folder / "aufgehoben").rename(output)
    assert built.output == clean.output
    assert (built.problems, built.warnings) == (clean.problems, clean.warnings)
    return built, set(_run(built).writer.rendered)


def _run(built: Built) -> Build:
    build: Build = built.context["BUILD"]
    return build


def _template(site: PelicanSite, name: str, text: str) -> None:
    site.write(f"../theme/templates/{name}", text)


@pytest.fixture
def site(pelican_site: PelicanSite) -> PelicanSite:
    """The small site, built once."""
    pelican_site.build()
    return pelican_site


# -- What is rendered -------------------------------------------------------------------------------


def test_the_first_build_renders_everything(pelican_site: PelicanSite) -> None:
    built, rendered = _build(pelican_site)
    pages = {name for name in built.output if name.endswith((".html", ".xml", ".json"))}
    # The list of all pages and the index of the search have no template.
    indices = {name for name in pages if name.startswith("suche/") and name.endswith(".json")}
    assert rendered == pages - {"sitemap.xml"} - indices


def test_without_a_change_nothing_is_rendered_and_no_file_is_touched(site: PelicanSite) -> None:
    files = list((site.folder / "output").rglob("*"))
    before = {path: path.stat().st_mtime_ns for path in files}
    built = site.build()
    assert _run(built).writer.rendered == []
    assert {path: path.stat().st_mtime_ns for path in files} == before


@pytest.mark.parametrize(
    ("file", "old", "new", "rendered"),
    [
        (
            "artikel/zwei.md",
            "Kurz.",
            "Länger.",
            {SECOND, *ARTICLE_FEEDS, "feeds/serie-garten.atom.xml"},
        ),
        (
            "artikel/tief/drei.md",
            "Title: Der dritte Beitrag",
            "Slug: der-dritte-beitrag\nTitle: Der neue Beitrag",
            {THIRD, *ARTICLE_FEEDS},
        ),
        # It is related to parts of the series no more, and feeds are compared with all that their posts know.
        (
            "artikel/tief/drei.md",
            "Tags: Zaun, Beete",
            "Tags: Zaun",
            {*ARTICLE_FEEDS, "schlagwort/beete/index.html", "feeds/serie-garten.atom.xml"},
        ),
        # What shows its week is rendered, too: that is not followed apart from the rest of a tip.
        (
            "tipps/2026.yaml",
            "mit h.",
            "mit einem h.",
            {
                *(f"tipps/2026-kw06/{name}" for name in ("index.html", "tipp.json", "oembed.json")),
                *("feeds/tipps.atom.xml", "feeds/tipps.json", "tipps/index.json"),
                "feeds/tipps-rechtschreibung.atom.xml",
                "tipps/2026/index.html",
                "tipps/thema/rechtschreibung/index.html",
            },
        ),
        ("seiten/ueber-mich.md", "Ein Beispiel.", "Zwei.", {"ueber-mich/index.html"}),
        ("serien/garten.md", "Der Winter", "Der Herbst", {"serien/garten/index.html"}),
        ("bilder/spaten.svg", "/>", " />", set()),
        ("../theme/templates/tag.html", "{{ tag }}", "{{ tag }}!", "schlagwort"),
        ("../theme/templates/404.html", "404", "405", {"404.html"}),
    ],
)
def test_a_change_renders_what_shows_it(
    site: PelicanSite, file: str, old: str, new: str, rendered: set[str] | str
) -> None:
    site.replace(file, old, new)
    _, found = _build(site)
    if isinstance(rendered, str):
        assert found
        assert all(name.startswith(rendered) for name in found)
    else:
        assert found == rendered


def test_a_setting_renders_everything(site: PelicanSite) -> None:
    built, rendered = _build(site, SITENAME="Anders")
    assert {name for name in built.output if name.endswith(".html")} <= rendered


def test_a_page_whose_file_somebody_touched_is_rendered(site: PelicanSite) -> None:
    (site.folder / "output" / SECOND).write_text("fremd")
    (site.folder / "output" / THIRD).unlink()
    _, rendered = _build(site)
    assert rendered == {SECOND, THIRD}


def test_who_reads_no_texts_writes_once_where_only_texts_change(
    site: PelicanSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it wrote stays; the random walk compares all files with those of a clean build."""
    built = site.build()
    wrote: list[str] = []
    for generator in _run(built).generators:
        if write := getattr(generator, "generate_output", None):
            noted = _noted(type(generator).__name__, write, wrote)
            monkeypatch.setattr(generator, "generate_output", noted)
    output = site.folder / "output"
    sitemap = (output / "sitemap.xml").read_bytes()
    for word in ("Eins.", "Zwei.", "Drei."):
        site.write(
            "artikel/zwei.md", (site.content / "artikel/zwei.md").read_text("utf-8") + f"\n{word}\n"
        )
        assert built.pelican.run_again([str(site.content / "artikel/zwei.md")])
        assert word in (output / SECOND).read_text("utf-8")
    assert wrote.count("MachinesGenerator") == wrote.count("ArticlesGenerator") == 1
    assert wrote.count("SearchGenerator") == 3
    assert word in (output / ARTICLE_FEEDS[0]).read_text("utf-8")
    assert (output / "sitemap.xml").read_bytes() == sitemap


def _noted(name: str, write: Callable[[Any], None], wrote: list[str]) -> Callable[[Any], None]:
    def noted(writer: Any) -> None:
        wrote.append(name)
        write(writer)

    return noted


# -- What cannot be followed --------------------------------------------------------------------------


def test_a_page_that_calls_a_method_is_rendered_each_time(site: PelicanSite) -> None:
    _template(site, "article.html", "{{ article.get_content('') }}{{ article.title }}")
    site.build()
    _, rendered = _build(site)
    assert rendered == {FIRST, SECOND, THIRD}


def test_a_page_that_gives_posts_to_a_function_is_rendered_each_time(site: PelicanSite) -> None:
    """Which reads what it likes of them, also if it gets them in a list."""
    _template(site, "index.html", "{{ articles|titles }}")
    settings = {"JINJA_FILTERS": {"titles": lambda articles: [a.title for a in articles]}}
    site.build(**settings)
    site.replace("artikel/zwei.md", "Der zweite Beitrag", "Ganz anders")
    site.replace("artikel/zwei.md", "category:", "slug: der-zweite-beitrag\ncategory:")
    built, rendered = _build(site, **settings)
    assert "index.html" in rendered
    assert "Ganz anders" in built.text("index.html")


def test_a_page_that_asks_for_what_is_not_there_sees_it_come(site: PelicanSite) -> None:
    """An attribute that only some posts have, and a name that nobody has set so far."""
    _template(
        site,
        "article.html",
        "{{ article.title }}{% if article.author is defined %}von {{ article.author }}{% endif %}{{ FREMD }}",
    )
    site.build()
    site.replace("artikel/zwei.md", "category:", "author: Ada\ncategory:")
    built, rendered = _build(site)
    assert "von Ada" in built.text(SECOND)
    assert SECOND in rendered
    assert FIRST not in rendered


def test_a_value_without_a_fingerprint_is_rendered_each_time(site: PelicanSite) -> None:
    """A plugin puts an object into the context that nobody knows."""

    class Odd:
        text = "seltsam"

    def put(generators: list[Generator]) -> None:
        generators[0].context["odd"] = Odd()

    signals.all_generators_finalized.connect(put)
    _template(site, "404.html", "{{ odd.text }}")
    site.build()
    Odd.text = "noch seltsamer"
    built, rendered = _build(site)
    assert rendered == {"404.html"}
    assert built.text("404.html") == "noch seltsamer"


def test_an_attribute_that_a_plugin_sets_is_followed(site: PelicanSite) -> None:
    """Also if it is an object without a fingerprint: then what reads it is rendered each time."""
    marks: dict[str, object] = {"der-erste-beitrag": 1}

    def mark(generators: list[Generator]) -> None:
        for article in generators[0].context["articles"]:
            article.mark = marks.get(article.slug, 0)

    signals.all_generators_finalized.connect(mark)
    _template(site, "article.html", "{{ article.mark }}")
    site.build()
    marks["der-zweite-beitrag"] = 2
    assert _build(site)[1] == {SECOND, "feeds/artikel.atom.xml", "feeds/serie-garten.atom.xml"}
    marks["der-erste-beitrag"] = type("Odd", (), {"__str__": lambda self: "seltsam"})()
    for _ in range(2):
        built, rendered = _build(site)
        assert FIRST in rendered
        assert built.text(FIRST) == "seltsam"


# -- Mistakes and bad moments --------------------------------------------------------------------------


def test_a_build_that_fails_is_forgotten_by_the_next(site: PelicanSite) -> None:
    """What it read stays read; what it would have compared with is that of the last good one."""
    before = site.build().output
    site.replace("artikel/zwei.md", "Kurz.", "Lang.")
    site.replace("artikel/eins.md", "series: garten", "series: gibtesnicht")
    assert len(site.build().problems) == 1
    site.replace("artikel/eins.md", "series: gibtesnicht", "series: garten")
    built, _ = _build(site)
    assert "Lang." in built.text(SECOND)
    site.replace("artikel/zwei.md", "Lang.", "Kurz.")
    built, _ = _build(site)
    assert built.output == before


def test_a_template_that_fails_leaves_the_rest_to_the_next_build(site: PelicanSite) -> None:
    text = (site.theme / "templates/tip.html").read_text()
    _template(site, "tip.html", "{{ tip.headword.gibt.es.nicht }}")
    site.replace("artikel/zwei.md", "Kurz.", "Lang.")
    for _ in range(2):
        with pytest.raises(Exception, match="has no attribute 'gibt'"):
            site.build()
    _template(site, "tip.html", text)
    built, _ = _build(site)
    assert "Lang." in built.text(SECOND)


def test_two_pages_with_one_address_are_refused_also_if_nothing_changed(site: PelicanSite) -> None:
    """A page that is current has its address, too."""
    site.write("seiten/tipps.md", "---\ntitle: Tipps\nslug: tipps\n---\n\nText.\n")
    for _ in range(2):
        with pytest.raises(FileOverwriteFailedError, match="to be overwritten"):
            site.build()
    (site.content / "seiten/tipps.md").unlink()
    _build(site)


def test_a_build_leaves_the_process_as_it_was(site: PelicanSite) -> None:
    """Whether it succeeds or fails: its handler is gone, garbage is collected."""
    assert gc.isenabled()
    assert equip not in list(signals.generator_init.receivers_for(None))
    _template(site, "404.html", "{{ 1 / 0 }}")
    with pytest.raises(ZeroDivisionError):
        site.build()
    assert gc.isenabled()
    assert equip not in list(signals.generator_init.receivers_for(None))


def _cache(site: PelicanSite) -> Path:
    (path,) = (site.folder / "cache").glob("*.sqlite")
    return path


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    random = Random(1)
    for _ in range(2000):
        data[random.randrange(100, len(data))] = random.randrange(256)
    path.write_bytes(data)


def _lose(table: str) -> Callable[[Path], None]:
    """Return what makes the rows of a table vanish, as a wrong byte can, unnoticed by SQLite."""

    def lose(path: Path) -> None:
        store = Store(path, _key(path))
        store._run(f"DELETE FROM {table}")
        store.close()

    return lose


def _lose_meta(path: Path) -> None:
    store = Store(path, _key(path))
    store._run("DELETE FROM meta WHERE key != 'key'")
    store.close()


def _key(path: Path) -> bytes:
    found = Store.peek(path, ("key",))
    assert found is not None
    key: bytes = found[0]
    return key


@pytest.mark.parametrize(
    "damage",
    [
        *(_cut, _garble, Path.unlink, lambda path: path.write_bytes(b"")),
        *(_lose(table) for table in ("sources", "texts", "objects", "pages", "facts", "memo")),
        _lose_meta,
    ],
)
def test_a_damaged_cache_makes_no_difference(
    site: PelicanSite, damage: Callable[[Path], object]
) -> None:
    """Everything changed since, so that nothing of the old output is right."""
    for name in ("eins", "zwei", "tief/drei"):
        text = (site.content / f"artikel/{name}.md").read_text("utf-8")
        site.write(f"artikel/{name}.md", text + "\nMehr.\n")
    site.replace("tipps/2026.yaml", "Die Ähre", "Eine Ähre")
    damage(_cache(site))
    _build(site)


def test_a_folder_in_the_place_of_the_cache_is_a_warning(site: PelicanSite) -> None:
    path = _cache(site)
    path.unlink()
    (path / "fremd").mkdir(parents=True)
    before = site.build()
    assert len(before.warnings) == 1
    assert "lässt sich nicht schreiben" in before.warnings[0]
    assert (path / "fremd").is_dir()
    shutil.rmtree(path)
    after = site.build()
    assert after.output == before.output
    assert after.warnings == []


# -- Other processes ---------------------------------------------------------------------------------------


def _pelican(site: PelicanSite, seed: str) -> None:
    """Run Pelican's own command, in a process of its own."""
    conf = site.folder / "conf.py"
    conf.write_text(
        f"import sys\nsys.path.append({str(PROJECT)!r})\nfrom pelicanconf import *\n"
        f"THEME = {str(site.theme)!r}\nSITE_DATE = '2026-06-30'\nNAVIGATION = FOOTER_NAVIGATION = ()\n"
        "PLUGINS = [name for name in PLUGINS if 'comments' not in name]\n"
        f"CACHE_PATH = {str(site.folder / 'cache')!r}\n",
        "utf-8",
    )
    output = site.folder / "output"
    subprocess.run(
        [sys.executable, "-m", "pelican", str(site.content), "-s", str(conf), "-o", str(output)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=site.folder,
        check=True,
        capture_output=True,
    )


def test_in_another_process_everything_is_still_current(pelican_site: PelicanSite) -> None:
    """Sets and dictionaries have another order there."""
    _pelican(pelican_site, "1")
    files = list((pelican_site.folder / "output").rglob("*"))
    before = {path: path.stat() for path in files}
    _pelican(pelican_site, "2")
    assert {path: path.stat().st_mtime_ns for path in files} == {
        path: found.st_mtime_ns for path, found in before.items()
    }
    pelican_site.replace("artikel/zwei.md", "Kurz.", "Lang.")
    _pelican(pelican_site, "3")
    changed = {
        path.relative_to(pelican_site.folder / "output").as_posix()
        for path in files
        if path.is_file() and path.stat().st_mtime_ns != before[path].st_mtime_ns
    }
    index = {"suche/woerter/0.json", "suche/seiten/0.json"}
    assert changed == {SECOND, *ARTICLE_FEEDS, "feeds/serie-garten.atom.xml", *index}


def test_many_pages_are_rendered_in_other_processes_with_the_same_result(
    pelican_site: PelicanSite,
) -> None:
    for number in range(70):
        head = f"Title: Nummer {number}\nDate: 2026-05-01\nCategory: Garten\nTags: T{number}\n"
        pelican_site.write(f"artikel/viele/{number}.md", f"{head}\nText {number}.\n")
    many = pelican_site.build()
    assert len(_run(many).writer.rendered) > 140
    shutil.rmtree(pelican_site.folder / "output")
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        one = pelican_site.build(CACHE_PATH=str(pelican_site.folder / "anderer-cache"))
    finally:
        os.sched_setaffinity(0, cores)
    assert one.output == many.output
    pelican_site.replace("artikel/viele/17.md", "Text 17.", "Anders.")
    # The cache of the first build; the output is the second one's.
    again = pelican_site.build()
    assert "Anders." in again.text("blog/nummer-17/index.html")
    assert _run(pelican_site.build()).writer.rendered == []


def test_a_page_that_fails_in_another_process_fails_here(pelican_site: PelicanSite) -> None:
    for number in range(70):
        head = f"Title: Nummer {number}\nDate: 2026-05-01\nCategory: Garten\n"
        pelican_site.write(f"artikel/viele/{number}.md", f"{head}\nText {number}.\n")
    _template(pelican_site, "article.html", "{{ article.title.gibt.es.nicht }}")
    with pytest.raises(Exception, match="has no attribute 'gibt'"):
        pelican_site.build()
