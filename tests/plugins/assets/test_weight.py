"""What a post weighs on the wire: bytes, which are the same on every machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from publishing.deploy import packed
from tests.site import PROJECT

#: Posts of about 600 words, as other themes were measured.
WORDS = 600
SHORTEST, LONGEST = 550, 650
#: For text with headings, lists, tables, footnotes; a word more costs so much.
PAGE_BYTES, WORD_BYTES = 6_500, 3.5
#: What a tip with its pair or highlighted code may add.
RICH_BYTES = 500
#: The same with the serif: page and fonts.
ALL_BYTES = 31_000


def _built(folder: Path, font: str) -> dict[str, tuple[str, LexborNode]]:
    """Return the posts of this blog that have about 600 words, and their texts, by slug."""
    settings = {"CACHE_PATH": folder / "cache", "THEME_FONT": font, "SHARE_IMAGE": "bild.png"}
    command = [sys.executable, "-m", "pelican", "content", "-s", "publishconf.py"]
    command += ["-o", str(folder / "output"), "-e"]
    command += [f'{name}="{value}"' for name, value in settings.items()]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    posts = {}
    for path in sorted(folder.glob("output/blog/*/index.html")):
        html = path.read_text("utf-8")
        (text,) = LexborHTMLParser(html).css(".e-content")
        if SHORTEST <= _words(text) <= LONGEST:
            posts[path.parent.name] = html, text
    assert len(posts) >= 4, "too few posts of this length to say anything"
    return posts


def _words(text: LexborNode) -> int:
    return len(text.text(separator=" ").split())


def _packed(html: str) -> int:
    return len(packed.forms(html.encode())[".br"])


def test_a_post_of_600_words_is_one_light_response(tmp_path: Path) -> None:
    """All of its style is in it, and nothing else is loaded: no font, no sheet, no script."""
    for slug, (html, text) in _built(tmp_path, "system").items():
        assert "<style>" in html
        assert not re.findall(r'rel="(?:stylesheet|preload)"|<script[^>]* src=', html), slug
        budget = PAGE_BYTES + WORD_BYTES * max(0, _words(text) - WORDS)
        if text.css_first(".tip, pre"):
            budget += RICH_BYTES
        assert _packed(html) <= budget, slug


def test_the_same_post_with_the_serif_is_still_light(tmp_path: Path) -> None:
    """The page with its style and all fonts that it loads at once."""
    posts = _built(tmp_path, "serif")
    weights = {}
    for slug, (html, _) in posts.items():
        fonts = re.findall(r'<link rel="preload" href="/([^"]*\.woff2)"', html)
        assert fonts
        weights[slug] = _packed(html) + sum(
            (tmp_path / "output" / font).stat().st_size for font in fonts
        )
    assert {slug: weight for slug, weight in weights.items() if weight > ALL_BYTES} == {}
