"""Programs find each tip that is out, all there is to it, and a quotation of it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, HttpUrl, PositiveInt
from selectolax.lexbor import LexborHTMLParser

from plugins.source.problem import shown_path
from tests.plugins.pelican_site import Built, PelicanSite
from tests.site import PROJECT

HOST = "https://mittwochspost.example"
TIPS = "tipps/2026.yaml"


class RichOembed(BaseModel):
    """What https://oembed.com/ asks of a response of type rich, and what it allows."""

    model_config = ConfigDict(extra="forbid")
    type: str
    version: str
    html: str
    width: PositiveInt
    height: PositiveInt
    title: str | None = None
    author_name: str | None = None
    author_url: HttpUrl | None = None
    provider_name: str | None = None
    provider_url: HttpUrl | None = None
    cache_age: int | None = None
    thumbnail_url: HttpUrl | None = None
    thumbnail_width: PositiveInt | None = None
    thumbnail_height: PositiveInt | None = None
    url: HttpUrl | None = None


def _json(built: Built, path: str) -> Any:
    return json.loads(built.output[path])


def test_all_tips_are_listed_newest_first(pelican_site: PelicanSite) -> None:
    listed = _json(pelican_site.build(), "tipps/index.json")
    assert (listed["version"], listed["url"]) == (1, f"{HOST}/tipps/")
    assert [tip["week"] for tip in listed["tips"]] == ["2026-kw06", "2026-kw02", "2026-kw01"]
    assert listed["tips"][1] == {
        "week": "2026-kw02",
        "date": "2026-01-07",
        "headword": "Apostroph",
        "topic": "Zeichensetzung",
        "json": f"{HOST}/tipps/2026-kw02/tipp.json",
    }


def test_a_tip_is_there_whole_and_what_it_lacks_is_left_out(pelican_site: PelicanSite) -> None:
    pelican_site.replace(
        TIPS,
        '  tip: "Die Ähre',
        "  more: 'Siehe [dort](/blog/der-zweite-beitrag/), mit \"h\".'\n"
        "  source: {title: Duden, url: 'https://a.example/', accessed: 2026-02-01}\n"
        '  checked: 2026-02-02\n  valid_since: 2024-07-01\n  tip: "Die Ähre',
    )
    built = pelican_site.build(SHARE_IMAGE="bild.png")
    tip = _json(built, "tipps/2026-kw06/tipp.json")
    assert tip == {
        "version": 1,
        "week": "2026-kw06",
        "date": "2026-02-04",
        "headword": "Ähre",
        "topic": "Rechtschreibung",
        "tip": "Die Ähre schreibt sich mit h.",
        "more_html": f'<p>Siehe <a href="{HOST}/blog/der-zweite-beitrag/">dort</a>, mit „h“.</p>',
        "source": {"title": "Duden", "url": "https://a.example/", "accessed": "2026-02-01"},
        "checked": "2026-02-02",
        "valid_since": "2024-07-01",
        "author": "Henrike Voss",
        "language": "de",
        "url": f"{HOST}/tipps/2026-kw06/",
        "image": f"{HOST}/tipps/2026-kw06/bild.png",
        "oembed": f"{HOST}/tipps/2026-kw06/oembed.json",
        "older": f"{HOST}/tipps/2026-kw02/tipp.json",
    }
    other = _json(built, "tipps/2026-kw02/tipp.json")
    assert (other["wrong"], other["right"]) == ("Peter's Buch", "Peters Buch")
    assert other.keys().isdisjoint({"source", "checked", "valid_since"})


def test_oembed_is_what_the_specification_asks_for(pelican_site: PelicanSite) -> None:
    built = pelican_site.build(SHARE_IMAGE="bild.png")
    for week in ("2026-kw01", "2026-kw02", "2026-kw06"):
        found = RichOembed.model_validate_json(built.output[f"tipps/{week}/oembed.json"])
        assert (found.type, found.version, str(found.url)) == (
            "rich",
            "1.0",
            f"{HOST}/tipps/{week}/",
        )
        assert str(found.thumbnail_url).removeprefix(f"{HOST}/") in built.output
        tree = LexborHTMLParser(found.html, is_fragment=True)
        # It needs nothing that is not in it.
        assert not tree.css("script, style, link, img, iframe, [class], [id]")
        assert {a.attributes["href"] for a in tree.css("a")} == {f"{HOST}/tipps/{week}/"}
        assert "Henrike Voss" in tree.html  # type: ignore[operator]


def test_hostile_words_stay_words(pelican_site: PelicanSite) -> None:
    words = '</script><script>alert(1)</script> & "so"'
    pelican_site.replace(TIPS, "headword: Ähre", f"headword: '{words}'")
    built = pelican_site.build()
    tip = _json(built, "tipps/2026-kw06/tipp.json")
    assert "<script>" in tip["headword"]
    oembed = _json(built, "tipps/2026-kw06/oembed.json")
    tree = LexborHTMLParser(oembed["html"], is_fragment=True)
    assert not tree.css("script")
    assert "alert(1)" in tree.text()


def test_a_change_reaches_the_files(pelican_site: PelicanSite) -> None:
    before = pelican_site.build().output
    pelican_site.replace(TIPS, "Die Ähre schreibt", "Jede Ähre schreibt")
    after = pelican_site.build().output
    assert pelican_site.build(BUILD_CLEAN=True).output == after
    changed = {path for path in after if path.endswith(".json") and before[path] != after[path]}
    assert changed - {"suche/seiten/0.json"} == {
        "feeds/tipps.json",
        *(f"tipps/2026-kw06/{n}.json" for n in ("tipp", "oembed")),
    }


def test_what_is_switched_off_is_not_named(pelican_site: PelicanSite) -> None:
    built = pelican_site.build(SHARE_IMAGE="")
    assert "image" not in _json(built, "tipps/2026-kw02/tipp.json")
    assert "thumbnail_width" not in _json(built, "tipps/2026-kw02/oembed.json")
    built = pelican_site.build(TIPS_API=False)
    assert not [path for path in built.output if path.startswith("tipps/") and "json" in path]


def test_the_manual_names_every_field() -> None:
    template = (PROJECT / "theme/templates/api/tip.json").read_text("utf-8")
    names = {line.split('"')[1] for line in template.splitlines() if line.startswith('  "')}
    manual = PROJECT / "HANDBUCH.md"
    text = manual.read_text("utf-8")
    assert len(names) > 15
    assert {name for name in names if f"`{name}`" not in text} == set(), shown_path(manual)
