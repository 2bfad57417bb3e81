"""Degrade and restore: correctly set German, typed on a keyboard and set again, is the same."""

from functools import cache
from pathlib import Path

import pytest
from markdown import markdown

from plugins.typography import typeset_html

from .corpus import PACKAGES, missing_packages, pages, paragraphs, typewritten

ARTICLES = Path(__file__).resolve().parents[3] / "content" / "artikel"
#: What an author types for a dash between spaces.
DASHES = ("-", "--")

#: Paragraphs that do not come back, by words of theirs, and why none of them is our mistake.
EXPLAINED = {
    # The original is wrong: two apostrophes are no German quotation marks; ours are „1“.
    "wenn sie weniger oder gleich": "’1’ in the original",
    "werden soll („place“) ist die": "an apostrophe inside quotation marks: ‚’articulations‘",
    # The original is wrong: a space is missing after the dash; "(-" alone may be a sign.
    "nach der Note setzt ein Kreuz": "„(– das“ typed as „(- das“ could be a minus",
}


@cache
def corpus() -> dict[str, list[str]]:
    """Return the paragraphs of each package, each of them once."""
    if missing := missing_packages():
        pytest.fail(
            "The German texts for this test are missing: run `invoke test` as root, or "
            f"`apt-get install {' '.join(missing)}`",
            pytrace=False,
        )
    return {
        package: list(
            dict.fromkeys(
                paragraph
                for page in pages(package)
                for paragraph in paragraphs(page.read_text("utf-8", errors="replace"))
            )
        )
        for package in PACKAGES
    }


def own_paragraphs() -> list[str]:
    """Return those of this blog's posts, as its author typed and we set them."""
    found = []
    for path in sorted(ARTICLES.rglob("*.md")):
        head, body = path.read_text("utf-8").split("\n---\n", 1)
        if "\nlang:" in head:  # other marks: Switzerland, English
            continue
        html = typeset_html(markdown(body, extensions=["extra", "sane_lists"]))
        found += paragraphs(html)
    return list(dict.fromkeys(found))


def outcomes(found):
    """Return (how many paragraphs a keyboard changes, those that do not come back)."""
    changed, lost = 0, []
    for paragraph in found:
        typed = {typewritten(paragraph, dash) for dash in DASHES}
        if typed == {paragraph}:
            continue
        changed += 1
        target = typeset_html(f"<p>{paragraph}</p>")
        if any(typeset_html(f"<p>{text}</p>") != target for text in typed):
            lost.append(paragraph)
    return changed, lost


def is_explained(paragraph: str) -> bool:
    flat = " ".join(paragraph.split())
    return any(words in flat for words in EXPLAINED)


def test_books_come_back():
    """At least 99 % of all paragraphs, and of those that a keyboard changes; the rest is explained."""
    found = [paragraph for texts in corpus().values() for paragraph in texts]
    changed, lost = outcomes(found)
    assert len(found) > 9000
    assert changed > 1000
    assert 1 - len(lost) / len(found) >= 0.99
    assert 1 - len(lost) / changed >= 0.99
    assert not [paragraph for paragraph in lost if not is_explained(paragraph)]


def test_every_package_has_its_part():
    assert {package: len(found) > 500 for package, found in corpus().items()} == dict.fromkeys(
        PACKAGES, True
    )


def test_every_explanation_is_needed():
    _, lost = outcomes(
        [text for texts in corpus().values() for text in texts if is_explained(text)]
    )
    for words in EXPLAINED:
        assert any(words in " ".join(paragraph.split()) for paragraph in lost), words


def test_our_own_posts_come_back():
    """Wherever the books are missing, these are there."""
    found = own_paragraphs()
    changed, lost = outcomes(found)
    assert len(found) > 200
    assert changed > 50
    assert not lost


def test_a_keyboard_does_change_a_paragraph():
    """What the test above starts from is typewriting indeed."""
    text = "„Ja“, so Max’ Rat\u00a0– ‚oft‘, S.\u00a03–5, 9\u202f×\u202f13, −8\u202f°C, <code>„a“</code> …"
    assert typewritten(text, "-") == (
        "\"Ja\", so Max' Rat - 'oft', S. 3-5, 9 x 13, -8 °C, <code>„a“</code> ..."
    )
