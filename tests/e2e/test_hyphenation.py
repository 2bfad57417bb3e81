"""Long words in the theme's own styles, in real browsers: divided at seams, copied clean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from plugins.hyphenation import german
from plugins.hyphenation.core import Hyphenator, read_exceptions
from plugins.hyphenation.markup import BODY_LETTERS, TITLE_LETTERS, hyphenate_html
from plugins.typography import render, typeset_text
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


#: Of the longest words in tips and titles, all places at which they may be divided.
LONGEST = """
    Abkürzungs|punkt An|führungs|zeichen Anrede|pro|no|men Aus|lassungs|punkte Aus|ru|fe|zei|chen
    Band|wurm|sät|ze Bank|ver|bin|dun|gen Barriere|frei|heit bei|sam|men|bleibt
    Berufs|haft|pflicht|ver|si|che|rung Diens|tag|abend durch|ge|kop|pelt ein|falls|reich
    ein|ge|deutsch|ten Ein|ge|klam|mer|ten ein|ver|stan|den Er|gän|zungs|strich
    Funk|ti|ons|verb|ge|fü|ge funk|tio|nie|ren Gar|ten|par|tys Ge|braucht|mö|bel|händ|ler
    Ge|dan|ken|strich Ge|sprächs|the|ma Ge|stal|tungs|re|geln gleich|zei|ti|ges Goe|the|stra|ße
    Groß|buch|sta|ben groß|ge|schrie|ben halb|jähr|li|che Halb|ge|viert|strich Her|kunfts|an|ga|ben
    Höf|lich|keits|for|mel hun|dert|pro|zen|tig In|fi|ni|tiv|grup|pen
    In|for|ma|ti|ons|ver|ar|bei|tung ita|lie|ni|scher Klein|schrei|bung Kor|rek|tur|le|sen
    Miss|ver|ständ|nis Mitt|wochs|post Mitt|wochs|tipp Mitt|wochs|tipps nach|drück|li|cher
    Na|mens|schil|der ne|ben|ein|an|der öster|rei|chi|sches Plus|quam|per|fekt Prä|po|si|tio|nen
    Pres|se|mit|tei|lung Pro|zent|zei|chen Recht|schreib|re|form Recht|schrei|bung
    Re|la|tiv|pro|no|men Sach|tex|ten Schreib|ma|schi|ne Schreib|tisch|men|schen schwei|ze|ri|schen
    selbst|ver|ständ|lich Son|der|zei|chen Sprach|wis|sen|schaft sub|stan|ti|vier|ten
    um|gangs|sprach|lich Un|ein|heit|li|che un|re|gel|mä|ßi|ge Un|ter|schei|dung Ver|an|stal|tun|gen
    Ver|brau|cher|schlich|tung vier|stö|cki|ger Vor|schlag|ham|mer Weih|nachts|baum
    Wie|der|ho|lun|gen Wör|ter|ver|zeich|nis Zei|chen|set|zung Zei|tungs|spal|ten zu|rück|schi|cken
    zu|rück|über|set|zen Zu|sam|men|set|zung zwan|zig|jäh|rig zwei|mo|nat|li|cher
""".split()
# Where tokens between two spaces change their line, but for code and what is not in German.
READ_TOKENS = """
const found = [];
for (const block of document.querySelectorAll('main :is(h1, h2, p, li)')) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let token = '', top = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const isOther = node.parentElement.closest('code, [lang]:not(html)');
    for (let i = 0; i < node.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = [...range.getClientRects()].filter(box => box.width > 0).at(-1);
      if (isOther || !box || /\\s/.test(node.data[i])) {
        if (token.includes('|')) found.push(token);
        [token, top] = ['', null];
        continue;
      }
      if (top !== null && box.top - top > box.height / 2) token += '|';
      [token, top] = [token + node.data[i], box.top];
    }
  }
  if (token.includes('|')) found.push(token);
}
return found;
"""
ONLY_WHERE_ALLOWED = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('* {overflow-wrap: normal !important; word-break: normal !important}');
document.adoptedStyleSheets = [sheet];
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
    return _written(tmp_path_factory.mktemp("hyphenation") / "page.html", blocks)


def _written(file: Path, blocks: list[str]) -> Path:
    file.write_text(
        '<!doctype html><html lang="de"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Trennung</title>'
        f'<link rel="stylesheet" href="{STYLES.as_uri()}">'
        f'<main class="wrapper"><div class="prose">{"".join(blocks)}</div></main>',
        "utf-8",
    )
    return file


@pytest.fixture(scope="module")
def hyphenator() -> Hyphenator:
    """With the blog's own exceptions."""
    own = yaml.safe_load((PROJECT / "content" / "trennung.yaml").read_text("utf-8"))
    return german().with_exceptions(read_exceptions(own))


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory, hyphenator: Hyphenator) -> Path:
    """All tips, and the titles of all posts, with the theme's styles."""
    content = PROJECT / "content"
    blocks = []
    for path in (*content.glob("artikel/**/*.md"), *content.glob("serien/*.md")):
        title = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])["title"]
        blocks.append(_titles(title, hyphenator))
    tips: list[dict[str, Any]] = [
        tip for path in content.glob("tipps/*.yaml") for tip in yaml.safe_load(path.read_bytes())
    ]
    for tip in tips:
        blocks.append(_titles(tip["headword"], hyphenator))
        for html in (render(tip["tip"]), render(tip.get("more", ""))):
            blocks.append(hyphenate_html(html, hyphenator, BODY_LETTERS))
    assert len(tips) > 50
    return _written(tmp_path_factory.mktemp("texts") / "page.html", blocks)


def _titles(title: str, hyphenator: Hyphenator) -> str:
    marked = hyphenate_html(typeset_text(title), hyphenator, TITLE_LETTERS)
    return f"<h1>{marked}</h1><h2>{marked}</h2>"


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
        allowed = _places(expected[text])
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


@pytest.mark.parametrize("width_px", [320, 390])
def test_tips_and_titles_fit_and_each_division_has_its_hyphen(
    firefox: Firefox, texts: Path, width_px: int
) -> None:
    """Nothing is broken just to fit, and no hyphen that begins a word stays behind: „-ung“."""
    firefox.open(texts.as_uri(), width_px)
    divided = firefox.run(READ_TOKENS)
    assert len(divided) > 100
    assert [token for token in divided if token.lstrip("„‚(").startswith("-|")] == []
    firefox.run(ONLY_WHERE_ALLOWED)
    assert firefox.run(READ_TOKENS) == divided
    assert firefox.run("return document.documentElement.scrollWidth") <= width_px


def test_the_longest_words_are_divided_nowhere_else(
    firefox: Firefox, hyphenator: Hyphenator, tmp_path: Path
) -> None:
    """Where there is room for one letter, Firefox shows every place at which it would divide."""
    words = [hyphenate_html(plain(word), hyphenator) for word in LONGEST]
    probes = [f'<p style="inline-size: 1px">{word}</p>' for word in words]
    firefox.open(_written(tmp_path / "page.html", probes).as_uri(), 390)
    firefox.run(ONLY_WHERE_ALLOWED)
    found: list[str] = firefox.run(READ_TOKENS)
    assert [plain(word) for word in found] == [plain(word) for word in LONGEST]
    wrong = [
        word
        for word, allowed in zip(found, LONGEST, strict=True)
        if not _places(word) <= _places(allowed)
    ]
    assert wrong == []


def _places(divided: str) -> set[int]:
    pieces = divided.split("|")
    return {sum(map(len, pieces[:number])) for number in range(1, len(pieces))}


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
