"""German text that was set by people who knew how: Debian's documentation, and this blog's posts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.console import say

#: Debian package → (folder, pattern) of its German pages.
PACKAGES = {
    "debian-handbook": ("/usr/share/doc/debian-handbook/html/de-DE", "*.html"),
    "debian-reference-de": ("/usr/share/debian-reference", "*.de.html"),
    "maint-guide-de": ("/usr/share/doc/maint-guide-de/html", "*.de.html"),
    "developers-reference-de": ("/usr/share/developers-reference/de", "*.html"),
    "debian-faq-de": ("/usr/share/doc/debian/FAQ/de", "*.html"),
    "lilypond-doc-html-de": ("/usr/share/doc/lilypond/html/Documentation", "*/*.de.html"),
}

_BLOCKS = "p, li, dd, dt, td, th, h1, h2, h3, h4, h5, h6, div, section, blockquote, pre, table, ul"
_LEAVES = "p, li, dd, dt, td, h2, h3, h4, div.para"
#: Tags, and elements that are never set.
_MARKUP = re.compile(r"(<(code|pre|kbd|samp|var|tt)\b.*?</\2>|<[^>]*>)", re.DOTALL)
#: Marks of another language or of a keyboard: whoever wrote these did not set the paragraph.
_UNSUITABLE = re.compile("[\"'´`”—]")
_GERMAN = re.compile(
    r"(?<!\w)(?:der|die|das|den|dem|ein|eine|und|oder|nicht|ist|sind|mit|für|auf|von|zu|Sie)(?!\w)"
)


def missing_packages() -> list[str]:
    """Return the packages whose pages are not on this machine."""
    return [package for package in PACKAGES if not pages(package)]


def pages(package: str) -> list[Path]:
    """Return the German pages of *package*."""
    folder, pattern = PACKAGES[package]
    return sorted(Path(folder).glob(pattern))


def ensure_corpus() -> None:
    """
    Install what is missing of the packages.

    Raises:
        AuthorError: There is no apt-get, or the user may not use it.
    """
    missing = missing_packages()
    if not missing:
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Für die Tests der Typografie fehlen deutsche Texte; sie werden jetzt installiert.")
        for command in (
            ["apt-get", "update", "-q"],
            [
                *("apt-get", "install", "-y", "-q", "--no-install-recommends", "--reinstall"),
                # Small images leave documentation out.
                *("-o", "Dpkg::Options::=--path-include=/usr/share/doc/*"),
                *missing,
            ],
        ):
            subprocess.run(
                command,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                check=False,
            )
    if missing := missing_packages():
        raise AuthorError(
            "Für die Tests der Typografie fehlen Debian-Pakete – rufen Sie als root auf: "
            f"apt-get install {' '.join(missing)}"
        )


def paragraphs(html: str) -> list[str]:
    """Return the HTML inside the innermost blocks of a page that are German and well set."""
    from selectolax.lexbor import LexborHTMLParser

    found = []
    for block in LexborHTMLParser(html).css(_LEAVES):
        if len(block.css(_BLOCKS)) > 1:  # itself and another
            continue
        inner = (block.html or "").split(">", 1)[1].rsplit("<", 1)[0]
        # Fixed spaces are a matter of the house (Abschnitt 4), so ours alone sets them.
        inner = re.sub("&nbsp;|[\u00a0\u202f]", " ", inner).strip()
        inner = inner.translate(str.maketrans("»«›‹", "„“‚‘"))
        if is_suitable(inner):
            found.append(inner)
    return found


def is_suitable(html: str) -> bool:
    """Tell whether a paragraph is German, long enough, and set with German marks throughout."""
    text = "".join(text for text, is_text in parts(html) if is_text)
    return (
        len(text) >= 40
        and len(_GERMAN.findall(text)) >= 2
        and not _UNSUITABLE.search(text)
        and text.count("„") == text.count("“")
        and text.count("‚") == text.count("‘")
    )


def parts(html: str) -> list[tuple[str, bool]]:
    """Return *html* in parts: (source, is it text that may be set?)."""
    result = []
    position = 0
    for markup in _MARKUP.finditer(html):
        result.append((html[position : markup.start()], True))
        result.append((markup[0], False))
        position = markup.end()
    result.append((html[position:], True))
    return result


def typewritten(html: str, dash: str) -> str:
    """Return *html* as a keyboard would have it; *dash* is what its author types for " – "."""
    return "".join(_typed(text, dash) if is_text else text for text, is_text in parts(html))


_KEYS = str.maketrans(
    {"„": '"', "“": '"', "‚": "'", "‘": "'", "’": "'", "…": "...", "″": '"', "′": "'"}
    | {"−": "-", "\u00a0": " ", "\u202f": " "}
)


def _typed(text: str, dash: str) -> str:
    text = text.translate(_KEYS)
    text = re.sub(r"(?<=\d)( ?)×( ?)(?=\d)", r"\1x\2", text)
    text = re.sub(r"(?<=\d)–(?=\d)", "-", text)
    text = re.sub(r"(?<=\w)–(?=\w)", "--", text)
    return text.replace("–", dash)
