"""Any text is read or answered with a German message that says file, line, field and remedy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from plugins.source import core
from plugins.source.problem import Problem, SourceError
from tests.plugins.case_tables import cases

CASES = Path(__file__).parent / "cases"


def _post(text: str) -> core.Post:
    return core.validate(core.Post, core.split(text, "post.md").front_matter, "post.md")


def _refusal(function: Any, *args: Any) -> str:
    with pytest.raises(SourceError) as caught:
        function(*args)
    return str(caught.value)


@pytest.mark.parametrize(("text", "message"), cases(CASES / "front_matter.md"))
def test_a_mistake_is_one_message(text: str, message: str) -> None:
    """Each line of the expected text is one problem."""
    assert _refusal(_post, text) == message


@pytest.mark.parametrize("value", ["no", "yes", "null", "~", "1.10", "12:30", "0x1f", "2026-01-01"])
def test_scalars_stay_what_the_author_wrote(value: str) -> None:
    assert _post(f"---\ntitle: {value}\ndate: 2026-01-01\n---\n").title == value


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("[Beete, Zaun]", ["Beete", "Zaun"]),
        ("Beete, Zaun,", ["Beete", "Zaun"]),
        ("Beete", ["Beete"]),
        ("\n  - Beete\n  - Zaun", ["Beete", "Zaun"]),
        ("\n- Beete", ["Beete"]),
        ('["Eins, zwei", no]', ["Eins, zwei", "no"]),
        ("", []),
        ("[]", []),
    ],
)
def test_tags_are_a_list_in_any_notation(written: str, tags: list[str]) -> None:
    assert _post(f"---\ntitle: Eins\ndate: 2026-01-01\ntags: {written}\n---\n").tags == tags


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-02-11", dt.datetime(2026, 2, 11)),
        ("2026-02-11 08:00", dt.datetime(2026, 2, 11, 8)),
        ("2026-02-11T08:00:30", dt.datetime(2026, 2, 11, 8, 0, 30)),
        ("2026-02-11T08:00Z", dt.datetime(2026, 2, 11, 8, tzinfo=dt.UTC)),
        (
            "2026-02-11 23:30-05:00",
            dt.datetime(2026, 2, 11, 23, 30, tzinfo=dt.timezone(-dt.timedelta(hours=5))),
        ),
        ("2026-02-11   # geplant", dt.datetime(2026, 2, 11)),
        ('"2026-02-11"', dt.datetime(2026, 2, 11)),
        ("2028-02-29", dt.datetime(2028, 2, 29)),
    ],
)
def test_dates_may_have_a_time_and_a_zone(written: str, moment: dt.datetime) -> None:
    date = _post(f"---\ntitle: Eins\ndate: {written}\n---\n").date
    assert (date, date.utcoffset()) == (moment, moment.utcoffset())


def test_defaults_are_a_published_german_post_with_comments_as_everywhere() -> None:
    post = _post("---\ntitle: Eins\ndate: 2026-01-01\n---\n")
    assert (post.lang, post.status, post.comments) == ("de", "published", None)
    assert (post.slug, post.category, post.summary, post.series) == (None, None, None, None)


def test_an_empty_summary_is_none() -> None:
    assert _post("---\ntitle: Eins\ndate: 2026-01-01\nsummary:\n---\n").summary is None


def test_text_is_stripped() -> None:
    assert _post('---\ntitle: "  Eins "\ndate: 2026-01-01\n---\n').title == "Eins"


def test_a_long_value_is_quoted_in_short() -> None:
    message = _refusal(_post, f"---\ntitle: Eins\ndate: 2026-01-01\nlang: {'x' * 5000}\n---\n")
    assert f"„{'x' * 60}…“ ist hier nicht möglich." in message
    assert len(message) < 200


# --- The two parts of a file ------------------------------------------------------------------


def test_the_body_begins_after_the_front_matter() -> None:
    source = core.split("---\ntitle: Eins\n---\n\nText.\n---\nMehr.", "f")
    assert source.body == "\nText.\n---\nMehr."
    assert source.body_line == 4
    assert source.front_matter.line(("title",)) == 2


def test_the_delimiters_may_have_spaces_behind() -> None:
    source = core.split("---  \ntitle: Eins\n---\t\nText.", "f")
    assert (source.front_matter.value, source.body) == ({"title": "Eins"}, "Text.")


def test_pelicans_form_ends_with_an_empty_line() -> None:
    source = core.split("Title: Eins: zwei\nTags: a,\n    b\nDate: 2026-01-01\n\nText: ja.\n", "f")
    assert source.front_matter.value == {
        "title": "Eins: zwei",
        "tags": "a, b",
        "date": "2026-01-01",
    }
    assert source.front_matter.line(("date",)) == 4
    assert source.body == "\nText: ja.\n"
    assert source.body_line == 5


@pytest.mark.parametrize("end", ["", "\n"])
def test_pelicans_form_may_be_all_there_is(end: str) -> None:
    """The last field must not turn up again as the text of the post."""
    source = core.split(f"Title: Eins\nDate: 2026-01-01{end}", "f")
    assert source.front_matter.value == {"title": "Eins", "date": "2026-01-01"}
    assert source.body == ""


def test_pelicans_form_is_not_yaml() -> None:
    assert core.split("Title: [no] *Eins*\n", "f").front_matter.value == {"title": "[no] *Eins*"}


# --- Bytes -------------------------------------------------------------------------------------


def test_a_byte_order_mark_and_foreign_line_ends_do_not_matter() -> None:
    data = b"\xef\xbb\xbf---\r\ntitle: \xc3\x9cber\r\ndate: 2026-01-01\r---\r\nText.\r\n"
    source = core.split(core.decode(data, "f"), "f")
    assert source.front_matter.value == {"title": "Über", "date": "2026-01-01"}
    assert source.body == "Text.\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"---\ntitle: \xdcber\n", "f:2: Die Datei ist nicht in UTF-8 gespeichert (Byte 0xdc)."),
        ("---\ntitle: Über".encode("utf-16"), "f:1: Die Datei ist nicht in UTF-8 gespeichert"),
        (b"a\n\nb\0c", "f:3: Der Text enthält ein Steuerzeichen (U+0000)."),
        (b"a\r\nb\x02", "f:2: Der Text enthält ein Steuerzeichen (U+0002)."),
        ("a\n\x85".encode(), "f:2: Der Text enthält ein Steuerzeichen (U+0085)."),
        ("\ufffe".encode(), "f:1: Der Text enthält ein Steuerzeichen (U+FFFE)."),
        (b"\xed\xa0\x80", "f:1: Die Datei ist nicht in UTF-8 gespeichert (Byte 0xed)."),
    ],
)
def test_bytes_that_are_no_text_are_reported_with_their_line(data: bytes, message: str) -> None:
    refusal = _refusal(core.decode, data, "f")
    assert refusal.startswith(message)
    assert refusal != message, "the remedy is missing"


@pytest.mark.parametrize("sign", ["\t", "\u00ad", "\u200d", "\u202f", "\ufeff", "😀", "\u2028"])
def test_invisible_signs_of_typography_are_text(sign: str) -> None:
    assert core.decode(f"a{sign}b".encode(), "f") == f"a{sign}b"


def test_ten_megabytes_are_read() -> None:
    line = "Ein Satz mit einigen Wörtern und einem Ende.\n"
    text = "---\ntitle: Eins\n---\n" + line * (10_000_000 // len(line))
    source = core.split(core.decode(text.encode(), "f"), "f")
    assert source.body_line == 4
    assert len(source.body) == len(text) - len("---\ntitle: Eins\n---\n")


# --- YAML ----------------------------------------------------------------------------------------


def test_every_value_has_its_line() -> None:
    document = core.load_yaml("# Kopf\n- a: 1\n  b:\n    - x\n    - y: 2\n- c: 3\n", "f", 10)
    assert document.value == [{"a": "1", "b": ["x", {"y": "2"}]}, {"c": "3"}]
    assert document.line((0,)) == 11
    assert document.line((0, "b")) == 12
    assert document.line((0, "b", 1, "y")) == 14
    assert document.line((1, "c")) == 15


def test_what_is_not_there_has_the_line_around_it() -> None:
    document = core.load_yaml("a: 1\nb:\n  c: 2\n", "f")
    assert document.line(("b", "z")) == 2
    assert document.line(("z", "z")) == 1
    assert core.Document({}, {}).line(("z",)) is None


def test_each_repeated_key_is_reported_once_and_deep_ones_too() -> None:
    message = _refusal(core.load_yaml, "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "f")
    assert message.splitlines() == [
        "f:4: c: Das Feld steht schon in Zeile 3. Löschen Sie eines von beiden.",
        "f:5: a: Das Feld steht schon in Zeile 1. Löschen Sie eines von beiden.",
    ]


def test_many_laughs_are_not_told() -> None:
    """Nine lines of aliases would be 10^9 values; the first anchor is refused."""
    bomb = 'a: &a ["x", "x"]\n' + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert _refusal(core.load_yaml, bomb, "f").startswith("f:1: Ein Wert beginnt mit *, & oder !")


@pytest.mark.parametrize(
    "text",
    ["a: &x [*x]", "a: *x", "<<: *x", "a: !!python/object/apply:os.abort []", "a: !<x", "a: & Co"],
)
def test_anchors_aliases_and_tags_are_refused(text: str) -> None:
    assert _refusal(core.load_yaml, f"\n{text}\n", "f").startswith("f:2: Ein Wert beginnt mit")


@pytest.mark.parametrize("depth", [21, 1_000, 200_000])
@pytest.mark.parametrize("pattern", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(depth: int, pattern: str) -> None:
    """libyaml's composer would crash the process at some ten thousand levels."""
    if pattern == "- ":
        depth = min(depth, 1_000)  # each level is an indentation; libyaml takes quadratic time
    message = _refusal(core.load_yaml, pattern * depth, "f")
    assert "zu tief verschachtelt. Setzen Sie Text mit eckigen" in message


def test_twenty_levels_are_enough_for_anyone() -> None:
    value = core.load_yaml("[" * 20 + "]" * 20, "f").value
    for _ in range(19):
        (value,) = value
    assert value == []


@pytest.mark.parametrize(
    "text",
    ["a:\n\tb: 1", "\ta: 1", "a: 1\n---\nb: 2", "a: [1", 'a: "1', "a: 1\n b: 2", "@a", "a: {b"],
)
def test_what_is_not_yaml_has_a_line_and_a_remedy(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        core.load_yaml(text, "f", 5)
    (problem,) = caught.value.problems
    assert problem.message == "Das YAML ist nicht lesbar."
    assert problem.line in range(5, 6 + text.count("\n") + 1)
    assert problem.remedy


def test_tabs_are_named_as_the_cause() -> None:
    assert "mit Leerzeichen statt mit Tabulatoren" in _refusal(core.load_yaml, "a:\n\tb: 1", "f")


def test_surrogates_are_refused() -> None:
    """The command line gives them for bytes that are not UTF-8."""
    assert _refusal(core.load_yaml, "a: \udcfc", "f") == "f: Der Text ist kein gültiges Unicode."


YAML_SIGNS = st.text(st.sampled_from("ab: -\n\t#[]{}&*!|>'\"%@`,?~\\<=.0\u2028ü😀"), max_size=40)


@given(st.one_of(st.text(), YAML_SIGNS))
@example("? - a")
@example("a: |\n  x\n y")
def test_yaml_of_any_text_is_a_document_or_a_source_error(text: str) -> None:
    try:
        document = core.load_yaml(text, "f")
    except SourceError as error:
        _check(error, text)
    else:
        assert _only_strings(document.value)


def _only_strings(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _only_strings(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(_only_strings, value))
    return value is None or isinstance(value, str)


@given(st.one_of(st.text(), YAML_SIGNS), st.sampled_from(["---\n{}\n---\n", "Title: {}", "{}"]))
def test_splitting_any_text_gives_parts_or_a_source_error(text: str, frame: str) -> None:
    text = frame.format(text)
    try:
        source = core.split(text, "f")
    except SourceError as error:
        _check(error, text)
    else:
        assert text.endswith(source.body)
        # The body is what begins at its line: nothing of the front matter, nothing lost.
        assert "\n".join(text.split("\n")[source.body_line - 1 :]) == source.body


@given(st.binary())
def test_decoding_any_bytes_gives_text_or_a_source_error(data: bytes) -> None:
    try:
        text = core.decode(data, "f")
    except SourceError as error:
        _check_line(error, data.count(b"\n") + data.count(b"\r") + 1)
    else:
        assert "\r" not in text
        assert "\0" not in text


VALUES = st.recursive(
    st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from([*core.Post.model_fields, "Title", "datum", ""]), VALUES, max_size=8
    )
)
def test_validating_any_fields_gives_a_post_or_a_source_error(fields: dict[str, Any]) -> None:
    document = core.load_yaml(yaml.safe_dump(fields, allow_unicode=True), "f")
    try:
        post = core.validate(core.Post, document, "f")
    except SourceError as error:
        _check_fields(error, fields)
    else:
        assert post.title == post.title.strip() != ""
        assert post.slug is None or core.SLUG.fullmatch(post.slug)


def _check_line(error: SourceError, last: int) -> None:
    for problem in error.problems:
        assert problem.line in range(1, last + 1)


def _check_fields(error: SourceError, fields: dict[str, Any]) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.field is not None or "" in fields
        assert problem.field is None or problem.field.startswith((*fields, "title", "date"))
        assert problem.remedy


def _check(error: SourceError, text: str) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.file == "f"
        # U+2028 ends lines in YAML, but not in editors.
        assert problem.line in range(1, text.count("\n") + text.count("\u2028") * 3 + 5)


@pytest.mark.parametrize(
    "text",
    [
        "a: x # y",
        "a: x  # 1",
        "a: x #",
        "a: 'x #1'",
        "a: x#1",
        "a: |\n  x #1",
        "a: b\n#1",
        "a: b\n  #1",
    ],
)
def test_remarks_and_signs_in_words_stay(text: str) -> None:
    assert "a" in core.load_yaml(text, "f").value


@pytest.mark.parametrize("text", ["a: Größe #1", "- x\t#y", "a: [1, 2] \nb: 😀 über #1 und"])
def test_text_that_would_be_lost_is_told(text: str) -> None:
    message = _refusal(core.load_yaml, text, "f")
    assert "ginge der Text verloren" in message
    assert message.startswith(f"f:{text.count(chr(10)) + 1}: Ab „#")


# --- Small things ------------------------------------------------------------------------------


def test_the_line_of_a_passage_is_that_of_its_first_place() -> None:
    assert core.line_of("a\nb\nc b", "b") == 2
    assert core.line_of("a\nb", "a\nb", start=7) == 7
    assert core.line_of("a\nb", "c") is None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ein Satz.", "Ein Satz."),
        ("", ""),
        ('a < b & „c“ "d"\n e', 'a &lt; b &amp; „c“ "d" e'),
        ("Wort " * 40, " ".join(["Wort"] * 40)),
        ("Wort " * 41, " ".join(["Wort"] * 40) + "\u00a0…"),
    ],
)
def test_a_lead_is_the_first_forty_words(text: str, html: str) -> None:
    assert core.lead(text) == html


def test_nested_fields_are_suggested_from_their_own_model() -> None:
    class Inner(core.Model):
        title: str = ""

    class Outer(core.Model):
        parts: list[Inner] = []

    document = core.load_yaml("parts:\n  - titel: a\n", "f")
    message = _refusal(core.validate, Outer, document, "f")
    assert message == "f:2: parts.titel: Das Feld ist unbekannt. Meinten Sie „title“?"


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (Problem("f", "Falsch."), "f: Falsch."),
        (Problem("f", "Falsch.", 3, "x", "Besser."), "f:3: x: Falsch. Besser."),
        (Problem("f", "Falsch.", field="x"), "f: x: Falsch."),
    ],
)
def test_a_problem_says_where_what_and_what_helps(problem: Problem, message: str) -> None:
    assert str(problem) == message


def test_an_error_tells_all_its_problems() -> None:
    error = SourceError(Problem("f", text) for text in ("Eins.", "Zwei."))
    assert len(error.problems) == 2
    assert str(error) == "f: Eins.\nf: Zwei."
