"""Time is an input: with SITE_DATE the site is as it was that day, and nothing later is in it."""

from __future__ import annotations

import datetime as dt
import html
import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from plugins.source.core import load_yaml, split
from plugins.tips.core import week_key
from tests.site import PROJECT, Result, Site, tree

DAY = dt.date(2026, 3, 4)
CONTENT = PROJECT / "content"


@pytest.fixture(scope="module")
def on_that_day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Result]:
    """The blog's own content, built with SITE_DATE=2026-03-04."""
    site = Site(tmp_path_factory.mktemp("dated"))
    site.content = CONTENT
    site.settings.write_text(
        f"import sys\nsys.path.append({str(PROJECT)!r})\nfrom publishconf import *\n"
        # What is deployed here is not published.
        "ADDRESSES_FILE = ''\n"
        f"THEME = {str(PROJECT / 'theme')!r}\n"
        f"COMMENTS_SNAPSHOT = {str(site.data / 'kommentare.json')!r}\n",
        "utf-8",
    )
    return site, site.build(SITE_DATE=DAY.isoformat())


def _plain(text: str) -> str:
    """Return *text* with its words only: no tags, no marks, one space between words."""
    # A long word is marked at its seams by empty elements: no space there.
    text = re.sub(r"</?(?:i|span)\b[^>]*>", "", html.unescape(text))
    text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return " ".join(re.findall(r"\w+", text.replace("\u00ad", "")))


def _posts() -> dict[Path, tuple[dict[str, str], str]]:
    """Return front matter and body of all posts."""
    posts = {}
    for path in sorted((CONTENT / "artikel").rglob("*.md")):
        source = split(path.read_text("utf-8"), path.name)
        posts[path] = source.front_matter.value, source.body
    return posts


def _tips() -> list[dict[str, str]]:
    tips: list[dict[str, str]] = []
    for path in sorted((CONTENT / "tipps").glob("*.yaml")):
        tips += load_yaml(path.read_text("utf-8"), path.name).value
    return tips


def _is_later(fields: dict[str, str]) -> bool:
    return dt.date.fromisoformat(fields["date"][:10]) > DAY


def _sentences(body: str) -> list[str]:
    """Return the plain paragraphs of *body* that are long enough to be nobody else's."""
    paragraphs = [p for p in body.split("\n\n") if p[:1].isalpha() and "](" not in p]
    return [plain for p in paragraphs if len(plain := _plain(p.replace("`", ""))) > 60]


def test_the_tip_of_that_wednesday_is_on_the_home_page(on_that_day: tuple[Site, Result]) -> None:
    """The newest tip is the one of that day, on the home page and at its own address."""
    site, result = on_that_day
    assert result.status == 0, result.err
    tip = next(tip for tip in _tips() if tip["date"] == DAY.isoformat())
    files = site.deployed()
    assert _plain(tip["tip"]) in _plain(files["index.html"].decode())
    assert f"tipps/{week_key(DAY)}/index.html" in files


def test_nothing_later_is_anywhere(on_that_day: tuple[Site, Result]) -> None:
    """No title, text or address of a later post or tip is in any file, nor a draft's."""
    site, result = on_that_day
    assert result.status == 0, result.err
    files = tree(site.public)
    names = "\n".join(files)
    everything = "\n".join(_plain(data.decode("utf-8", "replace")) for data in files.values())
    raw = "\n".join(data.decode("utf-8", "replace") for data in files.values())
    hidden = [
        (fields, body)
        for fields, body in _posts().values()
        if _is_later(fields) or fields.get("status") == "draft"
    ]
    assert len(hidden) >= 8
    checked = 0
    for fields, body in hidden:
        assert _plain(fields["title"]) not in everything
        assert _plain(fields["summary"]) not in everything
        assert f"blog/{fields['slug']}/" not in raw + names
        for sentence in _sentences(body):
            assert sentence not in everything
            checked += 1
    assert checked > 40
    later_tips = [tip for tip in _tips() if _is_later(tip)]
    assert len(later_tips) > 30
    for tip in later_tips:
        assert _plain(tip["tip"]) not in everything
        for field in ("wrong", "right", "more"):
            if len(text := _plain(tip.get(field, ""))) > 25:
                assert text not in everything
        assert week_key(dt.date.fromisoformat(tip["date"])) not in raw + names


def test_what_is_out_is_there(on_that_day: tuple[Site, Result]) -> None:
    """The same search does find what is out: the test above can fail."""
    site, _ = on_that_day
    everything = "\n".join(
        _plain(data.decode("utf-8", "replace")) for data in site.deployed().values()
    )
    out = [
        (fields, body)
        for fields, body in _posts().values()
        if not _is_later(fields) and fields.get("status") != "draft"
    ]
    assert out
    for fields, body in out:
        assert _plain(fields["title"]) in everything
        sentences = _sentences(body)
        assert sum(sentence in everything for sentence in sentences) >= 0.9 * len(sentences)


def test_a_wrong_date_is_one_message(small_site: Site) -> None:
    """SITE_DATE=gestern is answered in German, with exit status 1."""
    result = small_site.build(SITE_DATE="gestern")
    assert result.status == 1
    assert "SITE_DATE: „gestern“ ist kein Datum." in result.err
    assert not small_site.public.exists()


def test_every_wednesday_has_a_tip() -> None:
    """From October 2025 into 2027 no week is missing, and there are at least 60 tips."""
    days = sorted(dt.date.fromisoformat(tip["date"]) for tip in _tips())
    assert days[0] <= dt.date(2025, 10, 1)
    assert days[-1] >= dt.date(2027, 1, 6)
    assert len(days) >= 60
    assert all((after - before).days == 7 for before, after in pairwise(days))


def test_the_collection_is_plain_yaml() -> None:
    """Other programs read the collection, too: PyYAML's safe loader sees the same number of tips."""
    counts = [
        len(yaml.safe_load(path.read_text("utf-8")))
        for path in sorted((CONTENT / "tipps").glob("*.yaml"))
    ]
    assert sum(counts) == len(_tips())
