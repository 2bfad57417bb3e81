"""Skeletons are valid, stand in the right place, and change nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from authoring.skeleton import SkeletonError, new_post, new_tip, next_free_wednesday
from plugins.german.core import slug
from plugins.source.core import Post, load_yaml, split, validate
from plugins.source.problem import SourceError
from plugins.tips.core import Tip, read_year

TODAY = dt.date(2026, 11, 22)
SUNDAY, WEDNESDAY = TODAY, dt.date(2026, 11, 25)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "serien").mkdir()
    (tmp_path / "serien/garten.md").write_text('---\ntitle: "Garten: Teil"\n---\n', "utf-8")
    (tmp_path / "serien/haus.md").write_text("---\ntitle: Haus\n---\n", "utf-8")
    (tmp_path / "artikel").mkdir()
    (tmp_path / "tipps").mkdir()
    return tmp_path


def _post(path: Path) -> Post:
    return validate(Post, split(path.read_text("utf-8"), "f").front_matter, "f")


def _write_part(content: Path, name: str, fields: str) -> None:
    path = content / "artikel" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: T\ndate: 2026-01-01\n{fields}\n---\n", "utf-8")


# --- Posts ---------------------------------------------------------------------------------------


def test_a_post_is_a_valid_draft_of_today(content: Path) -> None:
    path = new_post(content, "Über Größe: ja, „nein“ & so", TODAY)
    assert path == content / "artikel/ueber-groesse-ja-nein-und-so.md"
    post = _post(path)
    assert (post.title, post.status) == ("Über Größe: ja, „nein“ & so", "draft")
    assert post.date == dt.datetime(2026, 11, 22)
    assert (post.category, post.tags, post.summary, post.series) == ("Sprache", [], None, None)
    assert path.read_text("utf-8").endswith("---\n\n")


def test_the_folder_need_not_be_there(tmp_path: Path) -> None:
    assert new_post(tmp_path / "neu", "Eins", TODAY).is_file()


TITLES = st.text(st.characters(exclude_categories=("Cs",)), max_size=60).filter(slug)


@settings(deadline=None)
@given(TITLES | st.text(st.sampled_from("aß:#'\"-?![]{}*&|>%@`, \n\t…😀"), min_size=1).filter(slug))
@example("no")
@example("2026-01-01")
@example("a\nb")
@example("a # b")
@example("\u0085a")
@example("a\x07")
@example("!Achtung")
def test_any_title_makes_a_valid_post_or_none(title: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            path = new_post(Path(folder), title, TODAY)
        except (SkeletonError, SourceError) as error:
            assert "Steuerzeichen" in str(error)  # noqa: PT017
            assert not list(Path(folder).rglob("*.md"))
        else:
            one_line = " ".join(title.split())
            assert _post(path).title == one_line
            assert path.stem == slug(one_line)


@pytest.mark.parametrize("title", ["", "   ", "???", "☃"])
def test_a_title_needs_a_letter(title: str, content: Path) -> None:
    with pytest.raises(SkeletonError, match="lässt sich keine Adresse bilden – nehmen Sie Buchst"):
        new_post(content, title, TODAY)


def test_a_post_that_is_there_stays(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(content)
    _write_part(content, "tief/unten/groesse", "")
    before = (content / "artikel/tief/unten/groesse.md").read_bytes()
    with pytest.raises(SkeletonError) as caught:
        new_post(content, "Größe", TODAY)
    assert str(caught.value) == (
        "Diesen Beitrag gibt es schon: artikel/tief/unten/groesse.md – wählen Sie einen anderen Titel."
    )
    assert (content / "artikel/tief/unten/groesse.md").read_bytes() == before


def test_a_part_has_the_next_number_of_its_series(content: Path) -> None:
    """Drafts, future parts and gaps count; other series and broken files do not."""
    _write_part(content, "garten/eins", "series: garten\nseries_index: 1")
    _write_part(content, "vier", "series: garten\nseries_index: 4\nstatus: draft")
    _write_part(content, "ohne", "series: garten")
    _write_part(content, "haus", "series: haus\nseries_index: 9")
    _write_part(content, "kaputt", "series: [garten")
    _write_part(content, "hoch", "series: garten\nseries_index: ²")
    (content / "artikel/latin.md").write_bytes(b"---\ntitle: \xfc\n---\n")
    path = new_post(content, "Fünf", TODAY, "garten")
    assert path == content / "artikel/garten/fuenf.md"
    post = _post(path)
    assert (post.series, post.series_index, post.category) == ("garten", 5, "Garten: Teil")


def test_the_first_part_is_number_one(content: Path) -> None:
    assert _post(new_post(content, "Eins", TODAY, "haus")).series_index == 1


@pytest.mark.parametrize("series", ["gartn", "", "../serien/garten", "Garten", "garten.md"])
def test_a_series_must_be_there(series: str, content: Path) -> None:
    with pytest.raises(SkeletonError) as caught:
        new_post(content, "Eins", TODAY, series)
    assert str(caught.value) == (f"Die Serie „{series}“ gibt es nicht – vorhanden: garten, haus.")
    assert not list((content / "artikel").rglob("*"))


def test_a_broken_series_is_told(content: Path) -> None:
    (content / "serien/haus.md").write_text("---\ntitle: a: b\n---\n", "utf-8")
    with pytest.raises(SourceError, match=r"haus\.md:2: Das YAML ist nicht lesbar"):
        new_post(content, "Eins", TODAY, "haus")


# --- Tips ----------------------------------------------------------------------------------------

YEAR = """# Die Mittwochstipps 2026

- date: 2026-11-18  # 2026-kw47
  headword: A
  topic: Stil
  tip: Kurz.

# Advent
- date: 2026-12-02
  headword: B
  topic: Stil
  tip: |
    Kurz.
"""


def _tip(date: str | dt.date = WEDNESDAY, tip: str = "Neu.", **fields: str) -> Tip:
    values = {"date": str(date), "headword": "N", "topic": "Stil", "tip": tip}
    return Tip.model_validate(values | fields)


def _tips(path: Path) -> list[Tip]:
    return [tip for tip, _ in read_year(load_yaml(path.read_text("utf-8"), "f"), "f", None)]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (SUNDAY, WEDNESDAY),
        (WEDNESDAY, WEDNESDAY),
        (dt.date(2026, 11, 26), dt.date(2026, 12, 9)),
        (dt.date(2026, 11, 18), WEDNESDAY),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 13)),
    ],
)
def test_the_next_free_wednesday(today: dt.date, expected: dt.date, content: Path) -> None:
    (content / "tipps/2026.yaml").write_text(YEAR, "utf-8")
    (content / "tipps/2027.yml").write_text("- date: 2027-01-06\n- Unsinn\n", "utf-8")
    assert next_free_wednesday(content / "tipps", today) == expected


def test_without_tips_every_wednesday_is_free(tmp_path: Path) -> None:
    assert next_free_wednesday(tmp_path / "nirgends", SUNDAY) == WEDNESDAY


def test_a_day_counts_however_it_is_written(content: Path) -> None:
    (content / "tipps/2026.yaml").write_text("- date: 20261125\n- date: '2026-12-02 '\n", "utf-8")
    assert next_free_wednesday(content / "tipps", SUNDAY) == dt.date(2026, 12, 9)


def test_a_broken_year_is_told(content: Path) -> None:
    (content / "tipps/2026.yaml").write_text("- date: [", "utf-8")
    with pytest.raises(SourceError, match="Das YAML ist nicht lesbar"):
        next_free_wednesday(content / "tipps", TODAY)
    with pytest.raises(SourceError, match="Das YAML ist nicht lesbar"):
        new_tip(content / "tipps", _tip())


def test_a_tip_stands_between_its_neighbours_and_the_rest_stays(content: Path) -> None:
    path = content / "tipps/2026.yaml"
    path.write_text(YEAR, "utf-8")
    assert new_tip(content / "tipps", _tip(wrong="x: y", right="z")) == path
    new = (
        "- date: 2026-11-25  # 2026-kw48\n  headword: N\n  topic: Stil\n  tip: Neu.\n"
        "  wrong: 'x: y'\n  right: z\n\n"
    )
    assert path.read_text("utf-8") == YEAR.replace("- date: 2026-12-02", f"{new}- date: 2026-12-02")
    assert sorted(file.name for file in path.parent.iterdir()) == ["2026.yaml"]


@pytest.mark.parametrize(
    ("date", "dates"),
    [
        ("2026-11-11", ["2026-11-11", "2026-11-18", "2026-12-02"]),
        ("2026-12-30", ["2026-11-18", "2026-12-02", "2026-12-30"]),
    ],
)
def test_a_tip_may_be_the_first_or_the_last(date: str, dates: list[str], content: Path) -> None:
    path = content / "tipps/2026.yaml"
    path.write_text(YEAR, "utf-8")
    new_tip(content / "tipps", _tip(date))
    assert [str(tip.date) for tip in _tips(path)] == dates
    text = path.read_text("utf-8")
    assert all(line in text for line in YEAR.splitlines())


def test_the_first_tip_of_a_year_begins_a_file(tmp_path: Path) -> None:
    """The file is that of the day's year, whatever the year of its week."""
    path = new_tip(tmp_path / "tipps", _tip("2025-12-31"))
    assert path == tmp_path / "tipps/2025.yaml"
    assert path.read_text("utf-8") == (
        "# yaml-language-server: $schema=tipps.schema.json\n"
        "# Die Mittwochstipps 2025\n"
        "- date: 2025-12-31  # 2026-kw01\n  headword: N\n  topic: Stil\n  tip: Neu.\n"
    )


@pytest.mark.parametrize("text", ["", "\n", "# Nur ein Kommentar", "[]\n"])
def test_an_empty_year_takes_a_tip_or_is_left_alone(text: str, content: Path) -> None:
    path = content / "tipps/2026.yaml"
    path.write_text(text, "utf-8")
    if text == "[]\n":
        with pytest.raises(SkeletonError, match="tragen Sie ihn von Hand ein"):
            new_tip(content / "tipps", _tip())
        assert path.read_text("utf-8") == text
    else:
        new_tip(content / "tipps", _tip())
        assert len(_tips(path)) == 1


def test_a_week_has_one_tip(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(content)
    path = content / "tipps/2026.yaml"
    path.write_text(YEAR, "utf-8")
    with pytest.raises(SkeletonError) as caught:
        new_tip(content / "tipps", _tip("2026-12-02"))
    assert str(caught.value) == "tipps/2026.yaml: Für den 2026-12-02 gibt es schon einen Tipp."
    assert path.read_text("utf-8") == YEAR


NOTATIONS = {
    "indented": "  - date: 2026-11-18\n    headword: A\n    topic: Stil\n    tip: K\n"
    "  - date: 2026-12-02\n    headword: B\n    topic: Stil\n    tip: K\n",
    "dash_alone": "-\n  date: 2026-11-18\n  headword: A\n  topic: Stil\n  tip: K\n"
    "- # Advent\n  date: 2026-12-02\n  headword: B\n  topic: Stil\n  tip: K\n",
    "other_key_first": "- headword: A\n  date: 2026-11-18\n  topic: Stil\n  tip: K\n"
    "- headword: B\n  topic: Stil\n  date: 2026-12-02\n  tip: K\n",
    "flow_items": "- {date: 2026-11-18, headword: A, topic: Stil, tip: K}\n"
    "- {date: 2026-12-02, headword: B, topic: Stil, tip: K}\n",
    "document_marks": "---\n- {date: 2026-11-18, headword: A, topic: Stil, tip: K}\n"
    "- {date: 2026-12-02, headword: B, topic: Stil, tip: K}\n...\n",
    "flow_list": "[{date: 2026-11-18, headword: A, topic: Stil, tip: K},\n"
    "{date: 2026-12-02, headword: B, topic: Stil, tip: K}]\n",
}


@pytest.mark.parametrize("date", ["2026-11-11", "2026-11-25", "2026-12-30"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_notation_is_understood_or_left_alone(
    notation: str, date: str, content: Path
) -> None:
    path = content / "tipps/2026.yaml"
    path.write_text(NOTATIONS[notation], "utf-8")
    must_fail = notation == "flow_list" or (notation, date) == ("document_marks", "2026-12-30")
    if must_fail:
        with pytest.raises(SkeletonError, match="tragen Sie ihn von Hand ein"):
            new_tip(content / "tipps", _tip(date))
        assert path.read_text("utf-8") == NOTATIONS[notation]
    else:
        new_tip(content / "tipps", _tip(date))
        dates = ["2026-11-18", "2026-12-02"]
        assert [str(tip.date) for tip in _tips(path)] == sorted([*dates, date])
        text = path.read_text("utf-8")
        assert all(line in text for line in NOTATIONS[notation].splitlines())


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60) | st.text(
    st.sampled_from("a:#'\"-?![]{}*&|>%@`, \n…😀\u2028\ufeff"), min_size=1
)


@settings(deadline=None)
@given(TEXTS.filter(lambda text: text.strip() and not set(text) & set("\ufffe\uffff")))
@example("a\n\n  b")
@example("- a\n- b")
@example("no")
@example("\u2028x")
@example("😀 \ufeff")
def test_any_text_survives(text: str) -> None:
    with TemporaryDirectory() as folder:
        tips = Path(folder)
        (tips / "2026.yaml").write_text(YEAR, "utf-8")
        tip = _tip(tip=text, headword=text, wrong=text, right=text)
        new_tip(tips, tip)
        assert _tips(tips / "2026.yaml")[1] == tip
