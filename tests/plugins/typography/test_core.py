"""The cases in cases/*.md, and the core on plain values."""

import subprocess
import sys
from pathlib import Path

import pytest

from plugins.typography import Settings, SettingsError, render, typeset_html, typeset_text
from plugins.typography.tokens import END, OTHER, START, TEXT, attributes, tokens

CASES = Path(__file__).parent / "cases"


def read_cases(path):
    """
    Yield (title, settings, input, expected) of a table of cases.

    A case is a title, the Markdown and the expected HTML, each followed by a line with a single
    dot. ␣ stands for U+00A0, ¦ for U+202F. The <p> around a single paragraph is left out, "="
    means that nothing changes. "name: value" above the first blank line sets a setting for the
    whole table.
    """
    source = path.read_text(encoding="utf-8").replace("␣", "\u00a0").replace("¦", "\u202f")
    settings = {}
    head, _, body = source.partition("\n\n")
    if "\n.\n" in head or head.endswith("\n."):
        body = source
    else:
        for line in head.splitlines():
            name, _, value = line.partition(": ")
            settings[name] = value == "True" if value in ("True", "False") else value
    parts = ["\n".join(part).strip("\n") for part in split_at_dots(body.splitlines())]
    assert len(parts) % 3 == 0, f"{path.name}: every case has a title, an input and a result"
    for title, text, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield title, settings, text, text if expected == "=" else expected


def split_at_dots(lines):
    part = []
    for line in lines:
        if line == ".":
            yield part
            part = []
        else:
            part.append(line)
    assert not "".join(part).strip(), "a case ends with a line that holds a dot"


ALL_CASES = [
    pytest.param(*case[1:], id=f"{path.stem}: {case[0]}")
    for path in sorted(CASES.glob("*.md"))
    for case in read_cases(path)
]


@pytest.mark.parametrize(("settings", "markdown", "expected"), ALL_CASES)
def test_case(settings, markdown, expected):
    html = render(markdown, **settings)
    assert html in (expected, f"<p>{expected}</p>")
    assert typeset_html(html, Settings(**settings)) == html, "set twice is set once"


def test_there_are_enough_cases():
    assert len(ALL_CASES) >= 150


class TestText:
    def test_markup_characters_are_text(self):
        assert typeset_text('"A & B" <c>') == "„A & B“ <c>"

    def test_entities_are_text(self):
        assert typeset_text("&quot;A&quot;") == "&quot;A&quot;"

    def test_settings_apply(self):
        assert typeset_text('"so" -- 5 %', Settings(lang="en")) == "“so” – 5 %"

    def test_unknown_language_gets_only_its_apostrophes(self):
        assert typeset_text('l\'art "x" -- y', Settings(lang="fr")) == 'l’art "x" -- y'

    @pytest.mark.parametrize("text", ["", " ", "\n", '"', "'", "-", "...", "\x00", "\ud800", "5 "])
    def test_fragments_are_accepted(self, text):
        typeset_text(text)


class TestHtml:
    def test_quotations_reach_across_inline_elements(self):
        html = '<p>"<a href="/x"><b>Eins</b> "zwei</a>"" drei</p>'
        assert typeset_html(html) == '<p>„<a href="/x"><b>Eins</b> „zwei</a>““ drei</p>'

    def test_each_block_starts_afresh(self):
        assert typeset_html('<li>"a</li><li>"b"</li>') == "<li>„a</li><li>„b“</li>"

    def test_quotation_around_another_language_survives(self):
        html = '<p>"so <i lang="en">"what</i>"</p>'
        assert typeset_html(html) == '<p>„so <i lang="en">“what</i>“</p>'

    def test_space_that_reaches_across_a_tag_becomes_one(self):
        assert typeset_html("<b>5 </b> km") == "<b>5\u202f</b>km"

    def test_missing_space_is_set_before_the_sign(self):
        assert typeset_html("<b>5</b>%") == "<b>5</b>\u202f%"

    def test_sign_that_reaches_across_a_tag_stays(self):
        assert typeset_html("a<b>-</b>-b ..<i>.</i>!") == "a<b>-</b>-b\u00a0..<i>.</i>!"

    def test_entity_protects_its_place(self):
        assert typeset_html("<p>5&nbsp;%</p>") == "<p>5&nbsp;%</p>"

    def test_dash_written_as_entity_gets_its_space(self):
        assert typeset_html("<p>a &ndash; b</p>") == "<p>a\u00a0&ndash; b</p>"

    def test_footnote_number_is_invisible(self):
        html = '<p>5 km<sup id="fnref:1"><a>1</a></sup> und "x"<sup id="fnref:2">2</sup>.</p>'
        assert typeset_html(html) == html.replace("5 km", "5\u202fkm").replace('"x"', "„x“")

    def test_unclosed_protected_element_ends_with_its_parent(self):
        html = '<div><p class="no-typo">"a"<p>"b"</p></div>"c"'
        assert typeset_html(html).endswith("</div>„c“")

    def test_nested_protected_elements(self):
        html = '<code>"a" <code>"b"</code> "c"</code> "d"'
        assert typeset_html(html) == html[:-3] + "„d“"

    def test_void_element_with_no_typo_protects_nothing(self):
        html = '<img class="no-typo"> "a"'
        assert typeset_html(html) == '<img class="no-typo"> „a“'

    @pytest.mark.parametrize(
        "html",
        [
            "<",
            "<a",
            "</",
            "<!",
            "<!--",
            "<?",
            "<a b='",
            '"<a b="',
            "<pre>",
            "</p></p>",
            "&",
            "&#;",
            "&#x110000;",
        ],
    )
    def test_broken_markup_is_kept(self, html):
        assert typeset_html(html).endswith(html.lstrip('"'))

    def test_text_without_candidates_is_the_same_object(self):
        html = "<p>Nichts zu tun</p>"
        assert typeset_html(html) is html


class TestTokens:
    def test_kinds(self):
        found = [(kind, name) for kind, _, name in tokens("a<B x='>'>b</B ><!-- > --><br/>")]
        assert found == [
            (TEXT, ""),
            (START, "b"),
            (TEXT, ""),
            (END, "b"),
            (OTHER, ""),
            (START, "br"),
        ]

    def test_less_than_is_text(self):
        assert [kind for kind, _, _ in tokens("a < b <3 <")] == [TEXT]

    def test_apostrophe_in_an_unquoted_value_ends_nothing(self):
        assert [source for _, source, _ in tokens("<a title=it's>b's")] == ["<a title=it's>", "b's"]

    def test_attributes(self):
        tag = '<a CLASS="x y" lang=\'en\' data-a=b title = "\'" hidden>'
        assert attributes(tag) == {"class": "x y", "lang": "en", "data-a": "b", "title": "'"}


class TestSettings:
    @pytest.mark.parametrize("wrong", [{"quotes": "english"}, {"spaces": "thin"}])
    def test_unknown_value_is_refused_with_the_choices(self, wrong):
        with pytest.raises(SettingsError, match="gibt es nicht; möglich: ''"):
            Settings(**wrong)

    @pytest.mark.parametrize(
        ("lang", "expected"),
        [("de-AT", "„a“"), ("DE_ch", "«a»"), ("de-LI", "«a»"), ("en-US", "“a”"), ("la", '"a"')],
    )
    def test_regions(self, lang, expected):
        assert typeset_text('"a"', Settings(lang=lang)) == expected

    def test_narrow_spaces_become_full_ones_typed_ones_too(self):
        assert typeset_text("5 % und 5\u202f%", Settings(spaces="nbsp")) == "5\u00a0% und 5\u00a0%"


def count_calls(html):
    """Return how many calls, Python's and C's, setting *html* takes."""
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        typeset_html(html)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    ['"', "'", " '", "\"'", "'a ", "s' ", "1\" ", "--", " - ", "...", "z. B. ", "A. ", "1 000 ", "0221 ",
     "<b>", "</b>", "<b></i>", "<a", "<a '", '<a ="', "<!--", "&", "<sup>", "<span lang=en>\"", "<code>",
     "x=", "a.b/", "5% "],
)  # fmt: skip
def test_ten_times_the_text_takes_at_most_twelve_times_the_calls(unit):
    assert count_calls(unit * 1000) <= 12 * count_calls(unit * 100) + 1000


def test_core_needs_no_markdown():
    code = "import sys, plugins.typography.core; sys.exit('markdown' in sys.modules)"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
