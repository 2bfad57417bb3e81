"""What can be found, and that only what has changed is taken apart and written again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from plugins.search import adapter, files
from plugins.search.core import Document, Terms, term
from plugins.search.files import DIGITS, cell_letters, file_number
from tests.plugins.pelican_site import Built, PelicanSite

OUT = {
    *("blog/der-erste-beitrag/", "blog/der-zweite-beitrag/", "blog/der-dritte-beitrag/"),
    *("serien/garten/", "ueber-mich/"),
    *("tipps/2026-kw01/", "tipps/2026-kw02/", "tipps/2026-kw06/"),
}


def _entries(built: Built) -> dict[str, list[str]]:
    """Return what results can show, by the address of the page."""
    names = (name for name in built.output if name.startswith("suche/seiten/"))
    entries = [entry for name in names for entry in json.loads(built.output[name]).values()]
    entries += built_json(built, "neueste")["seiten"].values()
    return {entry[0]: entry for entry in entries}


def _found(built: Built, word: str) -> set[str]:
    """Return the addresses that a search for *word* finds."""
    one = term(word)
    count = sum(name.startswith("suche/woerter/") for name in built.output)
    number = file_number(one[: cell_letters(one)], count)
    postings: str = built_json(built, f"woerter/{number}").get(one, "")
    postings += built_json(built, "neueste")["woerter"].get(one, "")
    return set(_urls(built, (postings[at : at + 3] for at in range(0, len(postings), 4))))


def _urls(built: Built, ids: Iterable[str]) -> Iterator[str]:
    for one, two, three in ids:
        if one + two == files.LATEST_ID:
            yield built_json(built, "neueste")["seiten"][three][0]
            continue
        number = DIGITS.index(one) * 64 + DIGITS.index(two)
        yield built_json(built, f"seiten/{number}")[three][0]


def built_json(built: Built, name: str) -> Any:
    """Return what is in a file of the index."""
    return json.loads(built.output[f"suche/{name}.json"])


@pytest.fixture
def taken_apart(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the pages that builds take apart."""
    titles: list[str] = []
    impacts = Terms.impacts

    def note(self: Terms, document: Document) -> dict[str, int]:
        titles.append(document.shown.title)
        return impacts(self, document)

    monkeypatch.setattr(Terms, "impacts", note)
    return titles


# -- What can be found ----------------------------------------------------------------------------


def test_everything_that_is_out_can_be_found(pelican_site: PelicanSite) -> None:
    entries = _entries(pelican_site.build())
    assert entries.keys() == OUT
    assert entries["tipps/2026-kw02/"] == [
        "tipps/2026-kw02/",
        "Mittwochstipp\u00a0· KW\u00a02/2026\u00a0· Zeichensetzung",
        "Apostroph",
        "Der Genitiv kommt ohne Apostroph aus.",
    ]
    assert entries["blog/der-erste-beitrag/"] == [
        "blog/der-erste-beitrag/",
        "Beitrag\u00a0· 14.\u00a0Januar 2026\u00a0· Garten",
        "Der erste Beitrag",
        "Worum es zuerst geht.",
    ]
    assert entries["serien/garten/"][1:3] == ["Serie", "Der Garten"]
    assert entries["ueber-mich/"][1:3] == ["Seite", "Über mich"]


def test_drafts_and_what_is_still_to_come_are_nowhere(pelican_site: PelicanSite) -> None:
    pelican_site.write(
        "artikel/entwurf.md",
        "---\ntitle: Geheimnis\ndate: 2026-01-01\ncategory: Garten\nstatus: draft\n---\n\nVerrat.\n",
    )
    pelican_site.write(
        "artikel/morgen.md",
        "---\ntitle: Morgenrot\ndate: 2026-07-01\ncategory: Garten\n---\n\nVerfrüht.\n",
    )
    built = pelican_site.build()
    index = b"".join(data for name, data in built.output.items() if name.startswith("suche/"))
    for word in ("Geheimnis", "Verrat", "Morgenrot", "Verfrüht", "Zukunft", "aussteh"):
        assert term(word).encode() not in index
        assert word.encode() not in index


def test_a_word_is_found_in_all_fields(pelican_site: PelicanSite) -> None:
    pelican_site.write(
        "artikel/vier.md",
        "---\ntitle: Vier Ziele\nslug: ganz-anders\ndate: 2026-02-02\ncategory: Kategorie\n"
        f"tags: [Schlagwort]\nsummary: Eine *Vorschau*. {'Wort ' * 100}\n---\n\n"
        "## Überschrift\n\nIm Fließtext.\n",
    )
    pelican_site.replace("tipps/2026.yaml", "headword: Ähre", "headword: '<b>&amp;</script>'")
    pelican_site.replace("artikel/zwei.md", "Kurz.", "Ein Blumentopferde.")
    pelican_site.write("trennung.yaml", "- Blument|opferde\n")
    built = pelican_site.build()
    words = "Ziel anders Kategorien Schlagwörter Vorschau Überschriften FLIESSTEXTE"
    for word in words.split():
        assert _found(built, word) == {"blog/ganz-anders/"}, word
    # The part of a compound, as our list and as the author divide it.
    assert "blog/ganz-anders/" in _found(built, "Text")
    assert _found(built, "Opferde") == {"blog/der-zweite-beitrag/"}
    # Who looks for a mistake finds what is right.
    assert "tipps/2026-kw02/" in _found(built, "Peter's")
    # A long summary is cut between words; the author's signs stay signs.
    text = _entries(built)["blog/ganz-anders/"][3]
    assert len(text) <= 302
    assert text.endswith("Wort\u00a0…")
    assert _entries(built)["tipps/2026-kw06/"][2] == "<b>&amp;</script>"


def test_a_site_without_anything_has_an_empty_index(pelican_site: PelicanSite) -> None:
    for name in ("artikel/eins.md", "artikel/zwei.md", "artikel/tief/drei.md", "serien/garten.md"):
        (pelican_site.content / name).unlink()
    for name in ("tipps/2025.yaml", "tipps/2026.yaml", "seiten/ueber-mich.md"):
        (pelican_site.content / name).unlink()
    built = pelican_site.build()
    assert _entries(built) == {}
    assert built.text("suche/index.html").startswith("1 1 ")


# -- Again ----------------------------------------------------------------------------------------


def _index(built: Built) -> dict[str, bytes]:
    return {name: data for name, data in built.output.items() if name.startswith("suche/")}


def test_only_what_has_changed_is_taken_apart(
    pelican_site: PelicanSite, taken_apart: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pelican_site.build()
    assert len(taken_apart) == len(OUT)
    taken_apart.clear()
    assert _index(pelican_site.build()) == _index(before)
    # A file that somebody touched is written again, of what is known.
    folder = pelican_site.folder / "output/suche"
    (folder / "woerter/0.json").unlink()
    (folder / "enden/0.json").write_text("[]")
    assert _index(pelican_site.build()) == _index(before)
    assert taken_apart == []
    pelican_site.replace("tipps/2026.yaml", "Die Ähre schreibt", "Jede Garbe schreibt")
    pelican_site.replace("artikel/zwei.md", "Kurz.", "Kurzum.")
    # A build that fails has read the new texts, and is no good to go on from.
    with monkeypatch.context() as patch:
        patch.setattr(adapter.Index, "files", _fail)
        with pytest.raises(OSError, match="Platte"):
            pelican_site.build()
    taken_apart.clear()
    built = pelican_site.build()
    assert sorted(taken_apart) == ["Der zweite Beitrag", "Ähre"]
    assert _found(built, "Garbe") == {"tipps/2026-kw06/"}
    assert _found(built, "Kurzum") == {"blog/der-zweite-beitrag/"}
    assert _found(built, "Kurz") == set()
    assert _index(pelican_site.build(BUILD_CLEAN=True)) == _index(built)


def _fail(index: Any) -> None:
    raise OSError("Die Platte ist voll.")


def test_what_is_gone_is_not_found_and_what_comes_out_is(
    pelican_site: PelicanSite, taken_apart: list[str]
) -> None:
    pelican_site.build()
    taken_apart.clear()
    (pelican_site.content / "artikel/tief/drei.md").unlink()
    built = pelican_site.build(SITE_DATE="2026-12-30")
    assert _entries(built).keys() == OUT - {"blog/der-dritte-beitrag/"} | {"tipps/2026-kw53/"}
    assert taken_apart == ["Zukunft"]


def test_a_file_that_somebody_touched_is_written_again(
    pelican_site: PelicanSite, taken_apart: list[str]
) -> None:
    before = pelican_site.build()
    taken_apart.clear()
    folder = pelican_site.folder / "output/suche"
    (folder / "woerter/0.json").unlink()
    (folder / "enden/0.json").write_text("[]")
    assert _index(pelican_site.build()) == _index(before)
    assert taken_apart == []


def test_few_changes_touch_few_files(pelican_site: PelicanSite) -> None:
    for number in range(20):
        pelican_site.write(
            f"artikel/p{number}.md",
            f"---\ntitle: Beitrag {number}\ndate: 2025-01-01\ncategory: Garten\n---\n\n"
            f"Wort{number} und noch etwas Text.\n",
        )
    before = _index(pelican_site.build())
    pelican_site.replace("artikel/p7.md", "Wort7", "Anders")
    after = _index(pelican_site.build())
    # Of four files of words, those of two words; and one with their ends.
    assert len([name for name in after if name.startswith("suche/woerter/")]) == 4
    assert 0 < sum(before[name] != after[name] for name in after) <= 3
    assert before.keys() == after.keys()


def _post(number: int, day: str = "2026-06-01") -> tuple[str, str]:
    head = f"title: Beitrag {number}\ndate: {day} 08:{number:02d}\ncategory: Garten"
    return f"artikel/p{number}.md", f"---\n{head}\n---\n\nWort{number} und noch etwas Text.\n"


def _keep_newest(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Have a file of the newest on a site of a few pages, too, until there are so many of them."""
    monkeypatch.setattr(files, "_FEWEST_PAGES", 2)
    monkeypatch.setattr(files, "_MOST_LATEST", most)


def test_a_new_post_changes_one_file_until_that_is_full(
    pelican_site: PelicanSite, taken_apart: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep_newest(monkeypatch, 4)
    # With three posts and three tips, two are new.
    before = pelican_site.build()
    assert len(built_json(before, "neueste")["seiten"]) == 2
    pelican_site.write(*_post(7))
    taken_apart.clear()
    after = pelican_site.build()
    changed = [name for name, data in _index(after).items() if before.output[name] != data]
    assert changed == ["suche/neueste.json"]
    assert taken_apart == ["Beitrag 7"]
    assert _found(after, "Wort7") == {"blog/beitrag-7/"}
    assert _entries(after).keys() == OUT | {"blog/beitrag-7/"}
    assert _index(pelican_site.build(BUILD_CLEAN=True)) == _index(after)
    # The eighth: all four move, and nothing has to be taken apart again.
    pelican_site.build()
    pelican_site.write(*_post(8))
    taken_apart.clear()
    full = pelican_site.build()
    assert taken_apart == ["Beitrag 8"]
    assert built_json(full, "neueste") == {"woerter": {}, "seiten": {}}
    assert _entries(full).keys() == OUT | {"blog/beitrag-7/", "blog/beitrag-8/"}
    assert _found(full, "Wort7") == {"blog/beitrag-7/"}
    # One less: what was old is new again.
    (pelican_site.content / "artikel/eins.md").unlink()
    fewer = pelican_site.build()
    assert len(built_json(fewer, "neueste")["seiten"]) == 3
    assert _index(pelican_site.build(BUILD_CLEAN=True)) == _index(fewer)


@pytest.mark.parametrize("most_latest", [1, 4])
def test_a_process_that_stays_takes_apart_what_was_saved(
    pelican_site: PelicanSite,
    taken_apart: list[str],
    monkeypatch: pytest.MonkeyPatch,
    most_latest: int,
) -> None:
    """Whether a post is one of the newest or not; a draft is none that can be found."""
    _keep_newest(monkeypatch, most_latest)
    pelican_site.write(
        "artikel/entwurf.md",
        "---\ntitle: Entwurf\ndate: 2026-05-01\ncategory: Haus\nstatus: draft\n---\n\nNoch nicht.\n",
    )
    built = pelican_site.build()
    # With three posts and three tips, two or none are in the file of the newest.
    assert len(built_json(built, "neueste")["seiten"]) == 6 % most_latest
    draft = pelican_site.content / "artikel/entwurf.md"
    for number, name in enumerate(("eins", "zwei", "tief/drei", "zwei")):
        post = pelican_site.content / f"artikel/{name}.md"
        for path in (post, draft):
            path.write_text(path.read_text("utf-8") + f"\nFundwort{number}.\n", "utf-8")
        taken_apart.clear()
        assert built.pelican.run_again([str(post), str(draft)])
        assert len(taken_apart) == 1
    built.pelican.keep()
    again = _index(pelican_site.build())
    assert taken_apart == ["Der zweite Beitrag"]
    clean = pelican_site.build(BUILD_CLEAN=True)
    assert again == _index(clean)
    assert [len(_found(clean, f"Fundwort{number}")) for number in range(4)] == [1, 1, 1, 1]


def test_a_file_of_the_newest_that_somebody_touched_is_written_again(
    pelican_site: PelicanSite, taken_apart: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep_newest(monkeypatch, 4)
    before = pelican_site.build()
    taken_apart.clear()
    (pelican_site.folder / "output/suche/neueste.json").write_text("{}")
    assert _index(pelican_site.build()) == _index(before)
    assert taken_apart == []
