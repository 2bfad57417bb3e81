"""The theme's files are in the output, the stylesheets as one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from jinja2 import TemplateError

from plugins.assets.adapter import _style
from publishing.deploy import objects
from publishing.deploy.objects import Body
from tests.plugins.pelican_site import PROJECT, PelicanSite


def _static(site: PelicanSite, name: str, text: str | bytes) -> Path:
    return site.write(f"../theme/static/{name}", text)


def test_files_are_copied_and_stylesheets_bundled(pelican_site: PelicanSite) -> None:
    _static(pelican_site, "css/main.css", '@import url("blocks/a.css") layer(blocks);\n')
    _static(pelican_site, "css/blocks/a.css", "  .a { color: red; }\n\n")
    _static(pelican_site, "fonts/x.woff2", b"\0\1\2")
    _static(pelican_site, "favicon.svg", "<svg/>")
    for _ in range(2):
        output = pelican_site.build().output
        theme = {path: data for path, data in output.items() if path.startswith("theme/")}
        assert theme == {
            "theme/css/main.css": b"@layer blocks{.a{color:red}}\n",
            "theme/favicon.svg": b"<svg/>",
            "theme/fonts/x.woff2": b"\0\1\2",
        }


def test_a_script_has_another_name_when_it_is_another_one(pelican_site: PelicanSite) -> None:
    pelican_site.write("../theme/templates/page.html", '<script src="{{ ASSETS["js/x.js"] }}">')
    seen = set()
    for text in ("eins()", "zwei()"):
        _static(pelican_site, "js/x.js", text)
        built = pelican_site.build()
        (name,) = (path for path in built.output if path.startswith("theme/"))
        assert re.fullmatch(r"theme/js/x\.[0-9a-f]{8,}\.js", name)
        assert built.output[name] == text.encode()
        pages = [path for path in built.output if f"/{name}".encode() in built.output[path]]
        assert pages
        assert objects.headers(name, Body(""))["CacheControl"].endswith("immutable")
        seen.add(name)
    assert len(seen) == 2


def test_a_template_can_name_no_script_that_is_not_there(pelican_site: PelicanSite) -> None:
    pelican_site.write("../theme/templates/page.html", '<script src="{{ ASSETS["js/y.js"] }}">')
    with pytest.raises(TemplateError, match=r"„js/y\.js“ gibt es in theme/static/ nicht"):
        pelican_site.build()


def test_a_theme_may_have_no_stylesheet(pelican_site: PelicanSite) -> None:
    built = pelican_site.build()
    assert built.problems == []
    assert not [path for path in built.output if path.startswith("theme/")]


@pytest.mark.parametrize(
    ("css", "cause"),
    [
        (b'@import "fehlt.css";', "fehlt.css"),
        (b'@import "main.css";', "importiert sich selbst"),
        (b'@import "ordner";', "ordner"),
        (b'@import url("https://fonts.example/x.css");', "https://fonts.example/x.css"),
        (b'.x { content: "\xfc" }', "UTF-8"),
    ],
)
def test_a_broken_stylesheet_is_one_german_problem(
    css: bytes, cause: str, pelican_site: PelicanSite
) -> None:
    _static(pelican_site, "css/main.css", css)
    _static(pelican_site, "css/ordner/x.css", "")
    (problem,) = pelican_site.build().problems
    assert problem.file == "theme/static/css/main.css"
    assert problem.message.startswith("Das Stylesheet lässt sich nicht zusammensetzen: ")
    assert cause in problem.message
    assert problem.remedy
    for english in ("Errno", "No such file", "codec", "Is a directory"):
        assert english not in problem.message


def test_the_projects_own_stylesheets_become_one(pelican_site: PelicanSite) -> None:
    shutil.copytree(PROJECT / "theme/static", pelican_site.theme / "static", dirs_exist_ok=True)
    built = pelican_site.build()
    assert built.problems == []
    css = built.text("theme/css/main.css")
    assert "@import" not in css
    assert css.count("{") == css.count("}") > 100
    assert [path for path in built.output if path.endswith(".css")] == ["theme/css/main.css"]


PAGE = "{% set body %}<body><p class='a'>{{ page.content|safe }}</p></body>{% endset %}{{ body|styles }}{{ body }}"


def _styled(site: PelicanSite) -> None:
    site.write("../theme/templates/page.html", PAGE)
    _static(site, "css/main.css", '@import "a.css";\n\n@import "b.css";\n\n@import "c.css";\n')
    _static(
        site, "css/a.css", ":root { --color-paper: #fff; }\n.x { color: var(--color-paper); }\n"
    )
    _static(site, "css/b.css", ".b { color: red; }\n")
    _static(site, "css/c.css", "table { color: blue; }\n")


def _styles(html: str) -> list[str]:
    return re.findall("<style>(.*?)</style>", html, re.S)


def test_pages_bring_the_sheets_that_they_need(pelican_site: PelicanSite) -> None:
    _styled(pelican_site)
    always = ".x{color:#fff}"
    text = "---\ntitle: Seite\nslug: seite\n---\n\n"
    for body, more in (("Kurz.", []), ("|A|\n|---|\n|1|\n", ["table{color:blue}"])):
        pelican_site.write("seiten/seite.md", text + body)
        html = pelican_site.build().text("seite/index.html")
        assert _styles(html) == [always, *more]
        assert '<meta name="theme-color" content="#fff">' in html
        assert "<link" not in html


def test_a_changed_stylesheet_changes_the_pages(pelican_site: PelicanSite) -> None:
    _styled(pelican_site)
    pelican_site.build()
    _static(pelican_site, "css/a.css", ".x { color: green; }\n")
    html = pelican_site.build().text("ueber-mich/index.html")
    assert _styles(html) == [".x{color:green}"]
    assert "theme-color" not in html


def test_a_preview_links_to_the_stylesheet(pelican_site: PelicanSite) -> None:
    """Then a changed stylesheet leaves the pages as they are, and is exchanged alone."""
    _styled(pelican_site)
    before = pelican_site.build(STYLES_INLINE=False).output
    html = before["ueber-mich/index.html"].decode()
    assert '<link rel="stylesheet" href="/theme/css/main.css">' in html
    assert _styles(html) == []
    _static(pelican_site, "css/b.css", ".b { color: green; }\n")
    after = pelican_site.build(STYLES_INLINE=False).output
    assert {path for path in after if after[path] != before.get(path)} == {"theme/css/main.css"}


def test_the_project_needs_few_hashes_in_its_policy() -> None:
    """Each style element of a page is named in the policy; their number must not grow with the pages."""
    style = _style(PROJECT / "theme/static/css", {})
    assert 1 < len(style.sheets) < 20
    assert len({sheet.css for sheet in style.sheets}) == len(style.sheets)


def test_a_fragment_brings_its_style(pelican_site: PelicanSite) -> None:
    """It is looked at once: also when the page around it is another one, its style is there."""
    _static(
        pelican_site,
        "css/main.css",
        '@import url("a.css") layer(x);\n\n@import url("b.css") layer(x);\n\n'
        '@import url("c.css") layer(x);\n\n@import url("d.css") layer(x);\n',
    )
    for name in "abcd":
        _static(pelican_site, f"css/{name}.css", f".{name} {{ color: red; }}\n")
    pelican_site.write("../theme/templates/part.html", "<b class=c>{{ name }}</b>")
    page = "{%% set body %%}<p class=b>%s{{ fragment('part.html', name=page.slug) }}{%% endset %%}"
    sheets = []
    for text in ("", "Mehr.", '<i class="d">'):
        template = page % text + "{{ body|styles }}{{ body }}"
        pelican_site.write("../theme/templates/page.html", template)
        html = pelican_site.build(STYLES_INLINE=True).text("ueber-mich/index.html")
        assert "<b class=c>ueber-mich</b>" in html
        sheets.append([name for name in "bcd" if f".{name}{{" in html])
    assert sheets == [["b", "c"], ["b", "c"], ["b", "c", "d"]]
