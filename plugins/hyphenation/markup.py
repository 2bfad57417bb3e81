r"""
Long words of a page, marked so that browsers divide them at their seams.

    <span class="word">Rechtschreib<i></i>prüfung</span>

    .word { hyphens: manual; }
    .word > i::after { content: "\00AD"; content: "\00AD" / ""; }

The soft hyphen comes from the style sheet because one in the text does harm, as tried with Chromium
156 and Firefox ESR 153: it is copied to the clipboard, as text and as HTML, and it is part of the
names of headings and links that screen readers get. With the empty element both browsers divide with
a visible hyphen, copy the clean word and find it with a search in the page; names are clean, though
the word is two runs of text, as with emphasis inside a word. It costs 34 bytes a word, 6 when
compressed; soft hyphens would cost 2.

`hyphens: manual` because a browser that knows German would divide at any syllable that fills the
line better. Chromium forgets the hyphen of a generated soft hyphen where it weighs lines
(`text-wrap: balance` or `pretty`), so word.css sets `wrap` for what has such a word.

What begins with a hyphen, or with one character and a hyphen, is kept in one line by the style, too, because browsers end
lines after such hyphens; not by U+2011, which many fonts lack and searches miss:

    <span class="unbroken">E-Mail</span>-Adresse, <span class="unbroken">-ung</span>
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape, unescape

from plugins.hyphenation.core import Hyphenator
from plugins.typography.tokens import END, START, TEXT, attributes, tokens

#: Words with fewer letters are left to the browser in running text; in headings they fit, large as they are.
BODY_LETTERS, TITLE_LETTERS = 14, 16
WORD_CLASS, UNBROKEN_CLASS = "word", "unbroken"
_OPEN, _SEAM, _CLOSE = f'<span class="{WORD_CLASS}">', "<i></i>", "</span>"
_OPEN_UNBROKEN = f'<span class="{UNBROKEN_CLASS}">'
_MARKED = re.compile(rf"(?:{_OPEN}|{_OPEN_UNBROKEN})([^<>]+(?:{_SEAM}[^<>]+)*){_CLOSE}")
# „E-Mail“, „8-seitig“; „-ung“, or the rest of „Möbel und -geräte“. Not so long that it might not fit into a line, and no
# part of an address.
_LETTERS = rf"[^\W\d_]{{%d,{BODY_LETTERS - 1}}}+"
_UNBROKEN = re.compile(
    rf"(?<![^\s(\[„“‚‘»«›‹\"'])((?:[^\W_]-{_LETTERS % 2}(?![@/=]|[.:]\w)|-{_LETTERS % 1}(?!-|&shy;))(?![\w\xad]))"
)
# Stands for a word in the tokens before, which nothing parts from what follows.
_WORD_BEFORE = "_"

_SKIPPED_ELEMENTS = frozenset(
    """
    code pre kbd samp var tt script style template title textarea option svg math iframe object
    noscript xmp
    """.split()
)
# Their content is no HTML: what looks like their start tag inside is none.
_RAW = frozenset("script style textarea title iframe noscript xmp".split())
_SKIPPED_CLASSES = frozenset(("no-typo", WORD_CLASS, UNBROKEN_CLASS))
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

# What stands between two spaces or quotation marks, with so many characters at least.
_CHUNK = r"[^\s<>\"'„“”‚‘’«»‹›()\[\]]{%d,}"
# An address, a path, a file name, an identifier.
_LITERAL = re.compile(r"://|@|^www\.|[^\W\d_]\.[^\W\d_]|[\\_=#]|/.*/|^/")
_JOINERS = "\u200b\u200c\u200d\u2060"
_ENTITY = re.compile(r"&#?\w+;")
_SOFT_HYPHEN = re.compile(r"\u00ad|&(?:shy|#0*173|#[xX]0*[aA][dD]);")
_WORD = re.compile(rf"[^\W\d_]+(?:(?:{_SOFT_HYPHEN.pattern})[^\W\d_]+)*|{_ENTITY.pattern}")


def hyphenate_html(
    html: str, hyphenator: Hyphenator, min_letters: int = BODY_LETTERS, lang: str = "de"
) -> str:
    """
    Return *html* with its German words of *min_letters* or more marked, all exceptions, and suffixes.

    A word with soft hyphens set by hand is marked with these, whatever its length. Everything else
    is kept byte for byte: tags, code, addresses, text in another language. Linear in the length
    of *html*, for any input.
    """
    marker = _Marker(hyphenator, min_letters, lang)
    return "".join(marker.token(*token) for token in tokens(html))


def hyphenate_text(
    text: str, hyphenator: Hyphenator, min_letters: int = TITLE_LETTERS, lang: str = "de"
) -> str:
    """Return plain *text* as HTML with its words marked."""
    return hyphenate_html(escape(text), hyphenator, min_letters, lang)


def without_marks(html: str) -> str:
    """Return *html* as it was before its words were marked; soft hyphens set by hand are gone."""
    return _MARKED.sub(lambda marked: marked[1].replace(_SEAM, ""), html)


class _Marker:
    """Reads the tokens of one document."""

    def __init__(self, hyphenator: Hyphenator, min_letters: int, lang: str) -> None:
        self.hyphenator = hyphenator
        self.min_letters = min_letters
        self.shortest = max(1, min(min_letters, hyphenator.shortest_exception))
        self.lang = lang
        #: Elements that changed the language: name, open ones of this name inside, language before.
        self.changes: list[tuple[str, int, str]] = []
        #: The element whose content is skipped, and how many of its name are open.
        self.skipped = ""
        self.depth = 0
        #: The kind of the token before.
        self.last = START

    def token(self, kind: int, source: str, name: str) -> str:
        """Return the *source* of the next token, with its words marked if it is text."""
        last, self.last = self.last, kind
        if self.skipped:
            self._skip(kind, name)
        elif kind == TEXT:
            if _is_german(self.lang):
                shortest = 1 if _has_soft_hyphen(source) else self.shortest
                return self._words(source, _chunks(shortest), is_first=last != END)
        elif kind == START:
            self._enter(source, name)
        elif kind == END:
            self._count(name, -1)
        return source

    def _skip(self, kind: int, name: str) -> None:
        if name != self.skipped or (kind == START and name in _RAW):
            return
        self.depth += 1 if kind == START else -1
        if not self.depth:
            self.skipped = ""

    def _enter(self, source: str, name: str) -> None:
        if name in _VOID or (source.endswith("/>") and name in ("svg", "math")):
            return
        given = attributes(source) if "=" in source else {}
        if name in _SKIPPED_ELEMENTS or _SKIPPED_CLASSES & set(given.get("class", "").split()):
            self.skipped, self.depth = name, 1
        elif "lang" in given:
            self.changes.append((name, 1, self.lang))
            self.lang = given["lang"]
        else:
            self._count(name, 1)

    def _count(self, name: str, step: int) -> None:
        """Count elements inside the one that changed the language, to find its end."""
        if self.changes and self.changes[-1][0] == name:
            _, depth, before = self.changes.pop()
            if depth + step:
                self.changes.append((name, depth + step, before))
            else:
                self.lang = before

    def _words(self, source: str, chunks: re.Pattern[str], is_first: bool) -> str:
        """Return the text *source* with its words marked; unless it *is_first*, it goes on with a word before."""
        if "-" not in source:
            return chunks.sub(self._mark, source)
        pieces = _UNBROKEN.split(source if is_first else f"{_WORD_BEFORE}{source}")
        if not is_first:
            pieces[0] = pieces[0].removeprefix(_WORD_BEFORE)
        pieces[::2] = (chunks.sub(self._mark, piece) for piece in pieces[::2])
        pieces[1::2] = (f"{_OPEN_UNBROKEN}{whole}{_CLOSE}" for whole in pieces[1::2])
        return "".join(pieces)

    def _mark(self, found: re.Match[str]) -> str:
        return _marked_chunk(self.hyphenator, self.min_letters, found[0])


@lru_cache
def _chunks(shortest: int) -> re.Pattern[str]:
    return re.compile(_CHUNK % shortest)


def _has_soft_hyphen(source: str) -> bool:
    return "\u00ad" in source or ("&" in source and bool(_SOFT_HYPHEN.search(source)))


# Nine of ten words of a post were in the one before.
@lru_cache(50_000)
def _marked_chunk(hyphenator: Hyphenator, min_letters: int, chunk: str) -> str:
    """Return what stands between two spaces with its words marked."""
    if _LITERAL.search(_ENTITY.sub(" ", chunk)) or any(mark in chunk for mark in _JOINERS):
        return chunk
    if "&" in chunk and any(map(_is_letter, _ENTITY.findall(chunk))):
        return chunk
    return _WORD.sub(lambda found: _marked_word(hyphenator, min_letters, found[0]), chunk)


def _marked_word(hyphenator: Hyphenator, min_letters: int, word: str) -> str:
    if word[0] == "&":
        return word
    if not word.isalpha():
        return _marked(_SOFT_HYPHEN.split(word))
    if not (word[1:].islower() or word.isupper()):
        return word  # an abbreviation or a name: HTML, JavaScript, TextWerk
    divisions = hyphenator.exception(word)
    if divisions is None:
        if len(word) < min_letters:
            return word
        found_divisions = hyphenator.divisions(word)
        if not found_divisions:
            return word
        divisions = tuple(found_divisions)
    ends = [*divisions, len(word)]
    return _marked(word[start:end] for start, end in zip([0, *divisions], ends, strict=True))


def _marked(pieces: Iterable[str]) -> str:
    return f"{_OPEN}{_SEAM.join(pieces)}{_CLOSE}"


def _is_letter(entity: str) -> bool:
    """Tell „&auml;“, which belongs to a word, from „&nbsp;“ and „&shy;“."""
    character = unescape(entity)
    return character.isalpha() or character in _JOINERS


def _is_german(lang: str) -> bool:
    return lang.lower().partition("-")[0] == "de"
