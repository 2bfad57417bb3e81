"""A file is read again only if it, or what it quotes, has changed; what is said about it is said in each build."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pelican import signals
from pelican.contents import Article
from pelican.readers import HTMLReader, Readers

from plugins.incremental import reading
from plugins.incremental.adapter import Build
from plugins.incremental.store import Store
from plugins.source.adapter import MarkdownReader
from tests.plugins.pelican_site import Built, PelicanSite

#: The files that were read, by name.
READ: list[str] = []
#: What happens just before a file is read, by name.
BEFORE: dict[str, Callable[[Path], object]] = {}


class _Noting(MarkdownReader):
    """Our reader, noting what it reads."""

    def read(self, source_path: str) -> tuple[str, dict[str, object]]:
        """Note the file, and read it."""
        path = Path(source_path)
        READ.append(path.name)
        BEFORE.get(path.name, Path.name.fget)(path)  # type: ignore[attr-defined]
        content, metadata = super().read(source_path)
        return content, metadata


def _use_noting(readers: Readers) -> None:
    readers.reader_classes["md"] = _Noting


@pytest.fixture
def site(pelican_site: PelicanSite) -> Iterator[PelicanSite]:
    """The small site, read by a reader that notes what it reads."""
    # Connected last: our plugins' reader is put in first.
    pelican_site.build()
    signals.readers_init.connect(_use_noting)
    BEFORE.clear()
    yield pelican_site
    signals.readers_init.disconnect(_use_noting)


def _build(site: PelicanSite, **settings: object) -> tuple[Built, list[str]]:
    """Return what a build wrote, and the names of the files that it read."""
    READ.clear()
    built = site.build(**settings)
    return built, sorted(READ)


def test_nothing_is_read_twice(site: PelicanSite) -> None:
    built, read = _build(site)
    assert read == []
    assert built.output == site.build().output


@pytest.mark.parametrize("name", ["artikel/eins.md", "serien/garten.md", "seiten/ueber-mich.md"])
def test_only_what_changed_is_read(site: PelicanSite, name: str) -> None:
    text = (site.content / name).read_text("utf-8")
    site.write(name, f"{text}\nNeu.\n")
    built, read = _build(site)
    assert read == [Path(name).name]
    content = next(c for c in built.context["BUILD"].reading.contents.values() if name in c[0])[1]
    assert "Neu." in content.content
    assert _build(site)[1] == []


def test_a_file_with_a_new_time_and_the_same_text_is_not_read(site: PelicanSite) -> None:
    """Nor looked into a second time: its new time is known from then on."""
    path = site.content / "artikel/eins.md"
    os.utime(path, ns=(1, 1))
    assert _build(site)[1] == []
    path.write_bytes(path.read_bytes())
    assert _build(site)[1] == []


def test_a_file_of_the_same_length_and_time_is_read(site: PelicanSite) -> None:
    path = site.content / "artikel/zwei.md"
    before = path.stat().st_mtime_ns
    site.replace("artikel/zwei.md", "Kurz.", "Lang.")
    os.utime(path, ns=(before, before))
    built, read = _build(site)
    assert read == ["zwei.md"]
    assert "Lang." in built.text("blog/der-zweite-beitrag/index.html")


def test_two_edits_around_a_build_are_both_seen(site: PelicanSite) -> None:
    """However fast they follow on each other; the length is the same."""
    for word in ("Lang.", "Rund.", "Spitz", "Eckig", "Kurz."):
        path = site.content / "artikel/zwei.md"
        text = path.read_text("utf-8")
        site.write("artikel/zwei.md", f"{text[: text.rindex('---')]}---\n\n{word}\n")
        built, _ = _build(site)
        assert word in built.text("blog/der-zweite-beitrag/index.html")


def test_a_new_name_is_a_new_file(site: PelicanSite) -> None:
    (site.content / "artikel/zwei.md").rename(site.content / "artikel/neu.md")
    site.replace("artikel/eins.md", "{filename}zwei.md", "{filename}neu.md")
    built, read = _build(site)
    assert read == ["eins.md", "neu.md"]
    assert "blog/der-zweite-beitrag/index.html" in built.output
    assert built.problems == []


def test_a_file_that_went_and_came_back_is_there_again(site: PelicanSite) -> None:
    text = (site.content / "artikel/tief/drei.md").read_bytes()
    (site.content / "artikel/tief/drei.md").unlink()
    built, _ = _build(site)
    assert "blog/der-dritte-beitrag/index.html" not in built.output
    site.write("artikel/tief/drei.md", text)
    built, read = _build(site)
    assert read == ["drei.md"]
    assert "blog/der-dritte-beitrag/index.html" in built.output


def test_a_text_saved_while_it_was_read_is_read_again(site: PelicanSite) -> None:
    """Even if it becomes what it was: nobody knows which of the two texts was read."""
    path = site.content / "artikel/zwei.md"
    old = path.read_text("utf-8").replace("Kurz.", "Alt.")
    site.write("artikel/zwei.md", old)
    time.sleep(0.06)

    def save(path: Path) -> None:
        path.write_text(old.replace("Alt.", "Neu, und länger."), "utf-8")

    BEFORE["zwei.md"] = save
    _build(site)
    BEFORE.clear()
    site.write("artikel/zwei.md", old)
    built, read = _build(site)
    assert read == ["zwei.md"]
    assert "Alt." in built.text("blog/der-zweite-beitrag/index.html")


# -- What a text depends on ---------------------------------------------------------------------------


def test_a_post_is_out_when_its_day_has_come(site: PelicanSite) -> None:
    """And is held back again if the day is an earlier one; other posts are not read again."""
    page = "blog/der-dritte-beitrag/index.html"
    for day, is_out in (("2026-03-10", False), ("2026-03-11", True), ("2026-03-01", False)):
        built, read = _build(site, SITE_DATE=day)
        assert (page in built.output) == is_out
        assert ("dritte" in built.text("index.html")) == is_out
        assert set(read) <= {"drei.md"}
    assert _build(site, SITE_DATE="2026-03-02")[1] == []


def test_a_post_is_read_again_when_a_tip_that_it_quotes_changes(site: PelicanSite) -> None:
    site.replace("tipps/2026.yaml", "Der Genitiv kommt", "Ein Genitiv kommt")
    built, read = _build(site)
    assert read == ["eins.md"]
    assert "Ein Genitiv kommt" in built.text("blog/der-erste-beitrag/index.html")


def test_a_post_is_not_read_again_when_another_tip_changes(site: PelicanSite) -> None:
    site.replace("tipps/2026.yaml", "Die Ähre schreibt", "Eine Ähre schreibt")
    built, read = _build(site)
    assert read == []
    assert "Eine Ähre schreibt" in built.text("tipps/2026-kw06/index.html")


def test_a_post_that_quotes_a_tip_that_is_gone_is_a_mistake(site: PelicanSite) -> None:
    text = (site.content / "tipps/2026.yaml").read_text("utf-8")
    site.write("tipps/2026.yaml", text[text.index("- date: 2026-02-04") :])
    site.replace("tipps/2026.yaml", "2026-kw02, ", "")
    for _ in range(2):
        built, read = _build(site)
        assert [problem.message for problem in built.problems] == [
            "Für die Woche 2026-kw02 gibt es keinen Tipp."
        ]
        assert "eins.md" in read
    site.write("tipps/2026.yaml", text)
    built, _ = _build(site)
    assert built.problems == []
    assert "Der Genitiv kommt" in built.text("blog/der-erste-beitrag/index.html")


def test_a_tip_that_quotes_a_tip_follows_it(site: PelicanSite) -> None:
    site.replace(
        "tipps/2026.yaml",
        "  see: [2026-kw02",
        "  more: |\n    /// tipp | 2026-kw02\n    ///\n  see: [2026-kw02",
    )
    built, _ = _build(site)
    assert "Der Genitiv kommt" in built.text("tipps/2026-kw06/index.html")
    site.replace("tipps/2026.yaml", "Der Genitiv kommt", "Ein Genitiv kommt")
    built, _ = _build(site)
    assert "Ein Genitiv kommt" in built.text("tipps/2026-kw06/index.html")


def test_a_link_follows_the_address_of_another_post(site: PelicanSite) -> None:
    """The post with the link is not read again, but its page is another one."""
    site.replace("tipps/2026.yaml", "(/blog/der-zweite-beitrag/)", "(/tipps/)")
    site.replace("tipps/2026.yaml", "2026-kw02, der-zweite-beitrag", "2026-kw02")
    site.build()
    site.replace("artikel/zwei.md", "category:", "slug: umgezogen\ncategory:")
    built, read = _build(site)
    assert read == ["zwei.md"]
    assert '"/blog/umgezogen/"' in built.text("blog/der-erste-beitrag/index.html")


# -- What is said about files -----------------------------------------------------------------------


_HTML = """<html><head><title>Fremde Form</title>
<meta name="date" content="2026-04-01 08:00"><meta name="category" content="Garten">
<meta content="ohne Namen">%s</head><body><p>%s</p></body></html>
"""


def test_posts_of_other_readers_are_kept_too(pelican_site: PelicanSite) -> None:
    """And what they warn of is said each time."""
    pelican_site.write("artikel/fremd.html", _HTML % ("", "Eins."))
    first = pelican_site.build()
    second = pelican_site.build()
    assert "Eins." in first.text("blog/fremde-form/index.html")
    assert second.output == first.output
    assert len(first.warnings) == 1
    assert "does not have a 'name' attribute" in first.warnings[0]
    assert second.warnings == first.warnings
    pelican_site.write("artikel/fremd.html", _HTML % ("", "Zwei."))
    third = pelican_site.build()
    assert "Zwei." in third.text("blog/fremde-form/index.html")
    assert third.warnings == first.warnings


def test_a_warning_goes_with_its_cause(pelican_site: PelicanSite) -> None:
    pelican_site.write("artikel/fremd.html", _HTML % ("", "Eins."))
    assert len(pelican_site.build().warnings) == 1
    pelican_site.write(
        "artikel/fremd.html", (_HTML % ("", "Eins.")).replace('<meta content="ohne Namen">', "")
    )
    assert pelican_site.build().warnings == []
    pelican_site.write("artikel/fremd.html", _HTML % ("", "Eins."))
    (pelican_site.content / "artikel/fremd.html").unlink()
    assert pelican_site.build().warnings == []


def test_a_post_without_a_date_is_refused_in_each_build(pelican_site: PelicanSite) -> None:
    """Pelican's own readers let it through; Pelican then says what is missing, and leaves it out."""
    pelican_site.write(
        "artikel/fremd.html", (_HTML % ("", "Eins.")).replace('name="date"', 'name="tag"')
    )
    said = [pelican_site.build().warnings for _ in range(3)]
    assert said[1] == said[0]
    assert said[2] == said[0]
    assert any("date" in warning for warning in said[0])


def test_mistakes_are_told_in_each_build_and_gone_when_mended(pelican_site: PelicanSite) -> None:
    first = pelican_site.build()
    pelican_site.replace("artikel/zwei.md", "tags: [Beete]", "tag: Beete")
    told = [[str(p) for p in pelican_site.build().problems] for _ in range(2)]
    assert told[0] == told[1]
    assert len(told[0]) == 1
    assert "zwei.md:5: tag: Das Feld ist unbekannt." in told[0][0]
    pelican_site.replace("artikel/zwei.md", "tag: Beete", "tags: [Beete]")
    assert pelican_site.build().output == first.output


def test_a_reader_that_raises_is_told_in_each_build(pelican_site: PelicanSite) -> None:
    """One of Pelican's own, with a text that it cannot read."""

    class Failing(HTMLReader):  # type: ignore[misc]
        def read(self, filename: str) -> tuple[str, dict[str, object]]:
            raise ValueError("So geht das nicht")

    def use(readers: Readers) -> None:
        readers.reader_classes["html"] = Failing

    signals.readers_init.connect(use)
    pelican_site.write("artikel/fremd.html", _HTML % ("", "Eins."))
    pages = [set(pelican_site.build().output) for _ in range(2)]
    signals.readers_init.disconnect(use)
    assert pages[0] == pages[1]
    assert "blog/fremde-form/index.html" not in pages[0]


def _many(site: PelicanSite, count: int) -> None:
    for number in range(count):
        head = f"Title: Nummer {number}\nDate: 2026-05-01 08:{number % 60:02}\nCategory: Garten\n"
        site.write(f"artikel/viele/n{number:03}.md", f"{head}\nText {number}, „{number}“ ist's.\n")
        site.write(
            f"artikel/viele/h{number:03}.html",
            (_HTML % ("", f"Nummer {number}")).replace("Fremde Form", f"Fremd {number}"),
        )


def test_many_files_are_read_in_other_processes_with_the_same_result(
    pelican_site: PelicanSite, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As one process would read them: pages, warnings, mistakes."""
    _many(pelican_site, 40)
    pids = tmp_path_factory.mktemp("pids")

    class Noting(HTMLReader):  # type: ignore[misc]
        def read(self, filename: str) -> tuple[str, dict[str, object]]:
            (pids / str(os.getpid())).touch()
            content, metadata = super().read(filename)
            return content, metadata

    def use(readers: Readers) -> None:
        readers.reader_classes["html"] = Noting

    signals.readers_init.connect(use)
    many = pelican_site.build()
    assert str(os.getpid()) not in {path.name for path in pids.iterdir()}
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        one = pelican_site.build(CACHE_PATH=str(pelican_site.folder / "anderer-cache"))
    finally:
        os.sched_setaffinity(0, cores)
        signals.readers_init.disconnect(use)
    assert str(os.getpid()) in {path.name for path in pids.iterdir()}
    assert one.output == many.output
    assert len(one.warnings) == 40
    assert one.warnings == many.warnings


def test_mistakes_in_many_files_are_told_as_one_process_would(pelican_site: PelicanSite) -> None:
    _many(pelican_site, 40)
    for number in (3, 17, 33):
        pelican_site.replace(f"artikel/viele/n{number:03}.md", "Category:", "Kategorie:")
    many = [str(problem) for problem in pelican_site.build().problems]
    assert len(many) == 3
    assert [str(problem) for problem in pelican_site.build().problems] == many
    assert all(f"n{number:03}.md:3" in text for number, text in zip((3, 17, 33), many, strict=True))


class _EndedError(BaseException):
    """The end of a process, as by kill -9: nothing more is kept."""


def test_a_build_that_was_killed_is_gone_on_with(
    site: PelicanSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read for the first time is in the cache before all has been read."""
    monkeypatch.setattr(reading, "_MOST_TEXTS", 2)
    for number in range(5):
        head = f"Title: Nummer {number}\nDate: 2026-05-01 08:0{number}\nCategory: Garten\n"
        site.write(f"artikel/neu-{number}.md", f"{head}\nText {number}.\n")
    site.replace("artikel/eins.md", "title: Der erste", "title: Der allererste")

    def end(_path: Path) -> None:
        raise _EndedError

    BEFORE["neu-4.md"] = end
    with monkeypatch.context() as patch:
        patch.setattr(Build, "keep_read", lambda build: None)
        with pytest.raises(_EndedError):
            site.build()
    BEFORE.clear()
    built, read = _build(site)
    # One that was read before waits for the end: what has changed in it is to be found out.
    assert read == ["eins.md", "neu-3.md", "neu-4.md"]
    assert built.output == site.build(CACHE_PATH=str(site.folder / "anderer-cache")).output


@pytest.mark.parametrize("is_room", [True, False])
def test_texts_that_are_put_away_early_change_nothing(
    pelican_site: PelicanSite, monkeypatch: pytest.MonkeyPatch, is_room: bool
) -> None:
    usual = pelican_site.build(CACHE_PATH=str(pelican_site.folder / "anderer-cache"))
    monkeypatch.setattr(reading, "_MOST_TEXTS", 1)
    if not is_room:
        monkeypatch.setattr(Store, "put_texts", lambda store, sources, texts: False)
    built = pelican_site.build()
    assert built.output == usual.output
    changes = built.context["BUILD"].session.changes
    assert ("eins.md" in {Path(path).name for path in changes.texts}) is not is_room


def test_pages_that_were_written_leave_no_texts_in_memory(pelican_site: PelicanSite) -> None:
    build = pelican_site.build(FEED_MAX_ITEMS=1).context["BUILD"]
    articles = {one.slug: one for one in build.context["articles"]}
    assert len(articles) == 3
    # Of the others, the feeds of all posts and of a series have asked for the newest before pages were written.
    assert not articles["der-erste-beitrag"].is_loaded
    # Lists asked for summaries; these stay, and a text comes back when it is asked for.
    article = articles["der-erste-beitrag"]
    assert "summary" in vars(article)
    assert "<a href=" in article.content
    assert article.is_loaded


def test_what_a_plugin_makes_of_a_text_at_the_last_moment_stays(pelican_site: PelicanSite) -> None:
    """With the signal that is sent for each post right before its page would be written."""

    def append(_generator: object, content: Article) -> None:
        content._content = f"{content._content}<p>Anhang zu {content.slug}.</p>"
        # Whoever listens in Pelican may have seen the old one already.
        vars(content).pop("content", None)

    signals.article_generator_write_article.connect(append)
    try:
        output = pelican_site.build().output
    finally:
        signals.article_generator_write_article.disconnect(append)
    for slug in ("der-erste-beitrag", "der-zweite-beitrag", "der-dritte-beitrag"):
        assert f"Anhang zu {slug}.".encode() in output[f"blog/{slug}/index.html"]
