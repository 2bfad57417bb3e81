"""The Markdown extension together with others."""

import pytest
from markdown import Markdown

from plugins.typography import SettingsError, makeExtension, render
from plugins.typography.extension import TypographyExtension, set_language

EXTENSIONS = ["extra", "sane_lists", "toc", "codehilite"]


def converter(**settings):
    return Markdown(extensions=[*EXTENSIONS, TypographyExtension(**settings)])


def test_it_is_found_by_name():
    md = Markdown(
        extensions=["plugins.typography"],
        extension_configs={"plugins.typography": {"quotes": "guillemets"}},
    )
    assert md.convert('"so"') == "<p>»so«</p>"


def test_make_extension_takes_the_settings():
    assert Markdown(extensions=[makeExtension(lang="en")]).convert('"so"') == "<p>“so”</p>"


def test_wrong_setting_stops_the_build():
    with pytest.raises(SettingsError, match="quotes='x' gibt es nicht"):
        render("Text", quotes="x")


def test_unknown_setting_stops_the_build():
    with pytest.raises(KeyError):
        render("Text", quoted="x")


class TestLanguageOfADocument:
    def test_it_overrides_the_setting(self):
        md = converter()
        set_language(md, "en")
        assert md.convert('"so"') == "<p>“so”</p>"

    def test_reset_takes_it_back(self):
        md = converter(lang="de-CH")
        set_language(md, "en")
        md.reset()
        assert md.convert('"so"') == "<p>«so»</p>"

    def test_other_settings_stay(self):
        md = converter(spaces="nbsp")
        set_language(md, "de-CH")
        assert md.convert('"so" z.B. 5 %') == "<p>«so» z.\u00a0B. 5\u00a0%</p>"

    def test_attributes_follow(self):
        md = converter()
        set_language(md, "en")
        assert 'alt="a “b”"' in md.convert('![a "b"](/c.png)')


class TestAttributes:
    def test_raw_html_keeps_its_own(self):
        html = '<img alt="Ein \'Bild\' -- rot" src="a"> "so"'
        assert render(html) == f"<p>{html[:-4]}„so“</p>"

    def test_language_of_the_element_counts(self):
        html = render('![a "b"](/c.png){lang=en}')
        assert 'alt="a “b”"' in html

    def test_no_typo_counts(self):
        assert 'alt="a &quot;b&quot;"' in render('![a "b"](/c.png){.no-typo}')

    def test_escaped_characters(self):
        assert 'alt="Autor*innen *und*"' in render("![Autor*innen \\*und\\*](/c.png)")


class TestOtherExtensions:
    def test_toc_ids_come_from_the_typed_text(self):
        html = converter().convert('[TOC]\n\n## Der "Titel" -- kurz')
        assert '<h2 id="der-titel-kurz">Der „Titel“\u00a0– kurz</h2>' in html
        assert '<a href="#der-titel-kurz">Der „Titel“\u00a0– kurz</a>' in html

    def test_highlighted_code_stays(self):
        html = converter().convert('```python\nprint("z. B. -- ...")\n```')
        assert "z. B. -- ..." in html
        assert "„" not in html

    def test_footnotes_are_set_and_their_links_stay(self):
        html = converter().convert('"So."[^a--b]\n\n[^a--b]: Ein "Satz" -- kurz.')
        assert '„So.“<sup id="fnref:a--b">' in html
        assert 'Ein „Satz“\u00a0– kurz.&#160;<a class="footnote-backref"' in html

    def test_markdown_in_html(self):
        html = converter().convert('<div markdown="1">\n"So" z.B.\n</div>')
        assert "<p>„So“ z.\u202fB.</p>" in html

    def test_abbreviations_inside_a_quotation(self):
        html = converter().convert('Das "HTML" ist gut.\n\n*[HTML]: Die Sprache')
        assert "„<abbr" in html
        assert "</abbr>“ ist" in html


class TestGenderStar:
    @pytest.mark.parametrize(
        "word",
        ["Autor*innen", "jede*r", "ein*e", "eine*n", "der*die", "Bürger*innenrat", "Arzt*Ärztin",
         "Kolleg*in", "Sänger*in-Songwriter*in", "frau*man"],
    )  # fmt: skip
    def test_two_in_a_line_are_no_emphasis(self, word):
        assert render(f"{word} und {word}") == f"<p>{word} und {word}</p>"

    @pytest.mark.parametrize("word", ["un*glaub*lich", "*Wort*teil", "Auto*r*en", "**Wort**teil"])
    def test_emphasis_inside_a_word_stays(self, word):
        assert "<" in render(word)[3:-4]

    def test_link_targets_stay(self):
        html = render("[Leser*innen](/leser*innen/) und Leser*innen")
        assert html == '<p><a href="/leser*innen/">Leser*innen</a> und Leser*innen</p>'


def test_set_html_converted_again_is_the_same():
    html = render('"Eins" -- zwei ... 5 % und z.B. \'drei\'\n\n- Max\' "Liste"\n\n> Zitat')
    assert render(html) == html
