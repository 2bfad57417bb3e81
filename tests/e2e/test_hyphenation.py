"""Long words in the theme's own styles, in real browsers: divided at seams, copied clean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from plugins.hyphenation import german
from plugins.hyphenation.markup import hyphenate_html
from tests.e2e.firefox import Firefox, firefox_path
from tests.site import PROJECT

STYLES = PROJECT / "theme" / "static" / "css" / "main.css"
#: Divided where | stands, and nowhere else.
WORDS = """
    Anführungs|zeichen Aus|lassungs|punkte Barriere|freiheit Bild|schirm|lese|programm
    Daten|schutz|erklärung Daten|schutz|grund|verordnung
    Donau|dampf|schiff|fahrts|gesell|schafts|kapitän Druck|erzeugnis Ein|gabe|aufforderung
    Eisen|bahn|unter|führung Empfehlungs|schreiben Erd|rücken Fremd|sprachen|unterricht
    Fuß|noten|verzeichnis Gedanken|strich Groß|schreibung Halb|geviert|strich
    Honorar|verhandlung Infinitiv|gruppe Kraft|fahr|zeug|haft|pflicht|versicherung
    Lauf|zeit|umgebung Nutzungs|rechte|ein|räumung Recht|schreib|prüfung Sekundär|literatur
    Spiel|ende Stau|becken Umsatz|steuer|vor|anmeldung Urlaubs|ende Wörter|verzeichnis
    Zusammen|schreibung
""".split()
#: Fillers of growing width, so that each word meets the end of the line with every seam.
FILLERS = ["und " * whole + "i" * part for whole in range(8) for part in range(6)]

# Where the letters of a word change their line, and whether a hyphen is seen there.
READ_BREAKS = """
const found = [];
for (const probe of document.querySelectorAll('.probe')) {
  const walker = document.createTreeWalker(probe, NodeFilter.SHOW_TEXT);
  const places = [];
  let position = 0, top = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (let i = 0; i < node.length; i++, position++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = [...range.getClientRects()].filter(box => box.width > 0).at(-1);
      if (top !== null && Math.abs(box.top - top) > box.height / 2) {
        const seam = i ? null : node.previousSibling;
        places.push([position, !!seam && seam.getBoundingClientRect().width > 1]);
      }
      top = box.top;
    }
  }
  found.push([probe.textContent, places]);
}
return found;
"""


def plain(word: str) -> str:
    return word.replace("|", "")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All words in running text, headings and cards, with the theme's styles."""
    blocks = []
    for word in WORDS:
        marked = hyphenate_html(plain(word), german(), min_letters=1)
        probe = f'<span class="probe">{marked}</span>'
        blocks += [f"<p>{filler} {probe} steht hier.</p>" for filler in FILLERS]
        blocks.append(f"<h1>Die {probe}</h1><h2>Eine {probe}</h2>")
        blocks.append(
            f'<ol class="article-list"><li><h3 class="article-list__title">{probe}</h3></li></ol>'
        )
    file = tmp_path_factory.mktemp("hyphenation") / "page.html"
    file.write_text(
        '<!doctype html><html lang="de"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Trennung</title>'
        f'<link rel="stylesheet" href="{STYLES.as_uri()}">'
        f'<main class="wrapper"><div class="prose">{"".join(blocks)}</div></main>',
        "utf-8",
    )
    return file


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A headless Firefox: Debian's Chromium has no German hyphenation to compete with ours."""
    path = firefox_path()
    if path is None:
        pytest.fail("No Firefox: run `invoke test`, which installs one", pytrace=False)
    browser = Firefox(path, tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


def check(found: list[tuple[str, list[tuple[int, bool]]]]) -> None:
    wrong = set()
    seen: dict[str, set[int]] = {plain(word): set() for word in WORDS}
    expected = {plain(word): word for word in WORDS}
    for text, places in found:
        pieces = expected[text].split("|")
        allowed = {sum(map(len, pieces[:number])) for number in range(1, len(pieces))}
        for place, has_hyphen in places:
            seen[text].add(place)
            if place not in allowed or not has_hyphen:
                wrong.add(f"{text[:place]}{'-' if has_hyphen else '~'}{text[place:]}")
    assert not wrong
    assert [text for text, places in seen.items() if not places] == []


def test_table_has_thirty_words() -> None:
    assert len(WORDS) == 30


@pytest.mark.parametrize("width_px", [320, 390])
def test_firefox_divides_at_seams(firefox: Firefox, page: Path, width_px: int) -> None:
    firefox.open(page.as_uri(), width_px)
    assert firefox.run("return innerWidth") == width_px
    check(firefox.run(READ_BREAKS))
    assert firefox.run("return document.documentElement.scrollWidth") <= width_px


@pytest.mark.parametrize("width_px", [320, 390])
def test_chromium_divides_at_seams(browser: Browser, page: Path, width_px: int) -> None:
    tab = browser.new_page(viewport={"width": width_px, "height": 800})
    tab.goto(page.as_uri())
    check(tab.evaluate(f"() => {{{READ_BREAKS}}}"))
    assert tab.evaluate("document.documentElement.scrollWidth") <= width_px
    tab.close()


SELECT_ALL = """
const selection = getSelection();
selection.selectAllChildren(document.querySelector('.prose p'));
return selection.toString();
"""


def test_firefox_selects_the_clean_word(firefox: Firefox, page: Path) -> None:
    firefox.open(page.as_uri(), 320)
    assert firefox.run(SELECT_ALL).strip() == "Anführungszeichen steht hier."
    firefox.run("getSelection().removeAllRanges()")
    assert firefox.run("return window.find(arguments[0])", "Rechtschreibprüfung")


def test_chromium_copies_the_clean_word(browser: Browser, page: Path) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.evaluate(f"() => {{{SELECT_ALL}}}")
    tab.keyboard.press("Control+c")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == "Anführungszeichen steht hier."
    context.close()


def test_names_for_screen_readers_are_clean(browser: Browser, page: Path) -> None:
    tab = browser.new_page()
    tab.goto(page.as_uri())
    nodes = tab.context.new_cdp_session(tab).send("Accessibility.getFullAXTree")["nodes"]
    names = [
        node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "heading"
    ]
    assert "Eine Rechtschreibprüfung" in names
    assert not any("\u00ad" in node.get("name", {}).get("value", "") for node in nodes)
    tab.close()
