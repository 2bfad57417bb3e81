"""What a template reads is noted, by whatever way it reads it; where that cannot be, the page is not sure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, TemplateSyntaxError, pass_context

from plugins.incremental.core import ANYTHING, EXISTS
from plugins.incremental.recording import (
    Bytecode,
    ReadOnce,
    Reads,
    RecordingEnvironment,
    template_keys,
)


class Post:
    """Followed, like a post: its class has a key."""

    fact_key = ""

    def __init__(self, key: str, **attributes: Any) -> None:
        self.__dict__.update(attributes)
        self.fact_key = key

    @property
    def length(self) -> int:
        """Computed from something else."""
        return len(self.__dict__["title"])

    def method(self) -> str:
        """Reads whatever it likes."""
        return str(self.__dict__)


@dataclass
class Part:
    """Not followed on its own: it counts with all that is in it."""

    title: str
    post: Post | None = None


OLD = Post("@old", title="Alt", url="alt/", tags=["a"])
NEW = Post("@new", title="Neu", url="neu/", tags=["b"], older=OLD)
CONTEXT: Mapping[str, Any] = {
    "post": NEW,
    "posts": [NEW, OLD],
    "parts": [Part("Neu", NEW), Part("Geplant")],
    "by_year": {2026: [NEW, OLD]},
    "SITENAME": "Blog",
    "names": ["a", "b"],
    "number": 3,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "shout": lambda text: f"{text}!",
    "count": lambda things: len(list(things)),
    "title_of": lambda post: post.title,
    "titles_of": lambda posts: [post.title for post in posts],
}


@pass_context
def _sitename(context: Any) -> str:
    return str(context["SITENAME"])


def _environment(templates: Mapping[str, str]) -> RecordingEnvironment:
    environment = RecordingEnvironment(loader=DictLoader(dict(templates)), autoescape=True)
    environment.filters |= environment.watch(FILTERS)
    environment.tests |= environment.watch({"new": lambda post: post.title == "Neu"})
    environment.globals |= environment.watch(
        {"sitename": _sitename, "title": lambda post: post.title, "WORDS": ("a", "b")}
    )
    return environment


def _read(template: str, **others: str) -> tuple[str, Reads]:
    """Return the text and the reads of *template*; *others* are further ones, called name.html."""
    files = {"page.html": template} | {f"{name}.html": text for name, text in others.items()}
    environment = _environment(files)
    with environment.recorded() as reads:
        text = environment.get_template("page.html").render(CONTEXT)
    return text, reads


NEW_ = ("@new", EXISTS)
OLD_ = ("@old", EXISTS)


@pytest.mark.parametrize(
    ("template", "names", "attributes"),
    [
        ("Nichts", set(), set()),
        ("{{ SITENAME }}", {"SITENAME"}, set()),
        ("{{ nirgends }}", {"nirgends"}, set()),
        ("{{ nirgends is defined }}", {"nirgends"}, set()),
        ("{{ nirgends|default('x') }}", {"nirgends"}, set()),
        ("{% if number > 5 %}{{ SITENAME }}{% endif %}", {"number", "SITENAME"}, set()),
        ("{% set x = SITENAME %}{{ x }}", {"SITENAME"}, set()),
        ("{{ post.title }}", {"post"}, {NEW_, ("@new", "title")}),
        ("{{ post['title'] }}", {"post"}, {NEW_, ("@new", "title")}),
        ("{{ post.subtitle }}", {"post"}, {NEW_, ("@new", "subtitle")}),
        ("{{ post['subtitle'] }}", {"post"}, {NEW_, ("@new", "subtitle")}),
        ("{{ post.subtitle is defined }}", {"post"}, {NEW_, ("@new", "subtitle")}),
        ("{{ post.length }}", {"post"}, {NEW_, ("@new", ANYTHING)}),
        ("{{ post.tags[0] }}", {"post"}, {NEW_, ("@new", "tags")}),
        (
            "{{ post.older.title }}",
            {"post"},
            {NEW_, ("@new", "older"), OLD_, ("@old", "title")},
        ),
        ("{% if post %}{% endif %}", {"post"}, set()),
        ("{% for p in posts %}{% endfor %}", {"posts"}, set()),
        ("{{ posts|length }}", {"posts"}, set()),
        (
            "{% for p in posts %}{{ p.url }}{% endfor %}",
            {"posts"},
            {NEW_, OLD_, ("@new", "url"), ("@old", "url")},
        ),
        ("{{ posts[:1]|map(attribute='url')|first }}", {"posts"}, {NEW_, ("@new", "url")}),
        (
            "{{ posts|map(attribute='url')|join }}",
            {"posts"},
            {NEW_, OLD_, ("@new", "url"), ("@old", "url")},
        ),
        (
            "{{ posts|map(attribute='subtitle', default='-')|join }}",
            {"posts"},
            {NEW_, OLD_, ("@new", "subtitle"), ("@old", "subtitle")},
        ),
        (
            "{{ posts|selectattr('url')|list|length }}",
            {"posts"},
            {NEW_, OLD_, ("@new", "url"), ("@old", "url")},
        ),
        (
            "{{ posts|rejectattr('subtitle')|list|length }}",
            {"posts"},
            {NEW_, OLD_, ("@new", "subtitle"), ("@old", "subtitle")},
        ),
        (
            "{% for p in posts|sort(attribute='title') %}{% endfor %}",
            {"posts"},
            {NEW_, OLD_, ("@new", "title"), ("@old", "title")},
        ),
        (
            "{% for k, ps in posts|groupby('url') %}{{ k }}{% endfor %}",
            {"posts"},
            {NEW_, OLD_, ("@new", "url"), ("@old", "url")},
        ),
        (
            "{{ posts|map(attribute='older.title', default='')|join }}",
            {"posts"},
            {NEW_, OLD_, ("@new", "older"), ("@old", "older"), ("@old", "title")},
        ),
        (
            "{{ (posts|sum(attribute='length')) }}",
            {"posts"},
            {NEW_, OLD_, ("@new", ANYTHING), ("@old", ANYTHING)},
        ),
        (
            "{% for p in by_year[2026] %}{{ p.title }}{% endfor %}",
            {"by_year"},
            {NEW_, OLD_, ("@new", "title"), ("@old", "title")},
        ),
        (
            "{% for part in parts %}{{ part.title }}{{ part.post.url }}{% endfor %}",
            {"parts"},
            {NEW_, ("@new", "url")},
        ),
        ("{{ number|shout }}", {"number"}, set()),
        ("{{ names|count }}", {"names"}, set()),
        ("{{ post.title|shout }}", {"post"}, {NEW_, ("@new", "title")}),
        (
            "{{ posts|map(attribute='title')|count }}",
            {"posts"},
            {NEW_, OLD_, ("@new", "title"), ("@old", "title")},
        ),
        ("{{ parts[1:]|count }}", {"parts"}, set()),
        ("{{ sitename() }}", {"sitename", "SITENAME"}, set()),
        ("{{ WORDS[0] }}", {"WORDS"}, set()),
        (
            "{% macro m(p) %}{{ p.url }}{% endmacro %}{{ m(post) }}",
            {"post"},
            {NEW_, ("@new", "url")},
        ),
    ],
)
def test_what_is_read_is_noted(
    template: str, names: set[str], attributes: set[tuple[str, str]]
) -> None:
    _, reads = _read(template)
    assert reads.names == names
    assert reads.attributes == attributes
    assert reads.is_sure


@pytest.mark.parametrize(
    "template",
    [
        *("{{ post.method() }}", "{{ post.method }}", "{{ posts|map('title_of')|join }}"),
        *("{{ post|title_of }}", "{{ posts|titles_of|join }}", "{{ title(post) }}"),
        *("{{ title(post=post) }}", "{{ by_year|count }}", "{{ parts|count }}"),
        *("{{ (post, 1)|count }}", "{{ {'x': [post]}|count }}", "{{ post is new }}"),
        *("{{ posts|select('new')|list|length }}", "{{ posts|map(attribute='older')|count }}"),
        *("{{ post|attr('title') }}", "{{ post|attr('subtitle') }}", "{{ post|attr('method') }}"),
    ],
)
def test_what_a_function_could_read_makes_a_page_unsure(template: str) -> None:
    """A function of ours that gets a post, or something with a post in it, may read anything."""
    _, reads = _read(template)
    assert not reads.is_sure


MACROS = "{% macro link(p) %}<a href='{{ p.url }}'>{{ SITENAME }}</a>{% endmacro %}"


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{% import 'other.html' as m %}{{ m.link(post) }}", {"post", "SITENAME"}),
        ("{% from 'other.html' import link %}{{ link(post) }}", {"post", "SITENAME"}),
        ("{% from 'other.html' import link with context %}{{ link(post) }}", {"post", "SITENAME"}),
    ],
)
def test_what_an_imported_macro_reads_is_noted(template: str, names: set[str]) -> None:
    """A macro that was imported without the context finds no name in it, and asks nevertheless."""
    text, reads = _read(template, other=MACROS)
    assert text.startswith("<a href='neu/'>")
    assert names - {"SITENAME"} <= reads.names <= names | {"link"}
    assert reads.attributes == {NEW_, ("@new", "url")}
    assert reads.is_sure
    assert ("Blog" in text) == ("with context" in template)
    if "with context" in template:
        assert "SITENAME" in reads.names


@pytest.mark.parametrize(
    "template",
    [
        "{% include 'other.html' %}",
        "{% set name = 'other.html' %}{% include name %}",
        "{% include ['nirgends.html', 'other.html'] %}",
        "{% include 'nirgends.html' ignore missing %}{% include 'other.html' %}",
        "{% for p in [post] %}{% include 'inner.html' %}{% endfor %}{{ SITENAME }}",
    ],
)
def test_what_is_included_is_noted(template: str) -> None:
    text, reads = _read(
        template, other="{{ SITENAME }}{{ post.title }}", inner="{{ p.title }}{{ number }}"
    )
    assert "Neu" in text
    assert {"SITENAME", "post"} <= reads.names
    assert reads.attributes == {NEW_, ("@new", "title")}
    assert ("number" in reads.names) == ("inner" in template)


def test_what_parents_and_blocks_read_is_noted() -> None:
    """By `extends`, `super()`, `self.block()` and by a block that only the parent fills."""
    base = "{{ SITENAME }}{% block a %}{{ post.title }}{% endblock %}{% block b %}{{ number }}{% endblock %}"
    text, reads = _read(
        "{% extends 'base.html' %}{% block a %}{{ super() }}{{ post.url }}{{ self.b() }}{% endblock %}",
        base=base,
    )
    assert text == "BlogNeuneu/33"
    assert reads.names == {"SITENAME", "post", "number"}
    assert reads.attributes == {NEW_, ("@new", "title"), ("@new", "url")}


def test_a_block_that_is_replaced_is_not_read() -> None:
    base = "{% block a %}{{ post.title }}{% endblock %}"
    _, reads = _read("{% extends 'base.html' %}{% block a %}{% endblock %}", base=base)
    assert reads.names == set()


def test_a_variable_with_the_name_of_a_global_is_noted() -> None:
    """The context goes before what every template knows."""
    environment = _environment({"page.html": "{{ range }}{{ WORDS }}"})
    with environment.recorded() as reads:
        assert environment.get_template("page.html").render({"range": 1, "WORDS": 2}) == "12"
    assert reads.names == {"range", "WORDS"}


def test_each_page_has_its_own_notes() -> None:
    """A template that was rendered before, and its imported macros, are noted again."""
    environment = _environment(
        {"page.html": "{% from 'm.html' import link %}{{ link(post) }}", "m.html": MACROS}
    )
    template = environment.get_template("page.html")
    notes = []
    for post in (NEW, OLD):
        with environment.recorded() as reads:
            template.render(post=post)
        notes.append(reads.attributes)
    assert notes == [{NEW_, ("@new", "url")}, {OLD_, ("@old", "url")}]


def test_outside_of_a_page_nothing_is_noted() -> None:
    environment = _environment({"page.html": "{{ post.title }}{{ post|title_of }}"})
    with environment.recorded() as reads:
        pass
    assert environment.get_template("page.html").render(CONTEXT) == "NeuNeu"
    assert reads.names == reads.attributes == set()
    assert reads.is_sure


def test_notes_end_with_a_page_that_fails() -> None:
    environment = _environment({"page.html": "{{ 1 / 0 }}", "gut.html": "{{ SITENAME }}"})
    with pytest.raises(ZeroDivisionError), environment.recorded():
        environment.get_template("page.html").render(CONTEXT)
    assert environment.reads is None


def test_watching_changes_nothing_else() -> None:
    """Functions that want the context or the environment still get it, others keep their arguments."""
    text, _ = _read(
        "{{ sitename() }} {{ 'a'|shout }} {{ posts|titles_of|join('+') }} {{ title(post=post) }} "
        "{{ posts|map(attribute='title')|count }} {{ post is new }}"
    )
    assert text == "Blog a! Neu+Alt Neu 2 True"


# -- Keys of templates ----------------------------------------------------------------------------


TEMPLATES = {
    "base.html": "{% block main %}{% endblock %}",
    "page.html": "{% extends 'base.html' %}{% from 'macros/link.html' import link %}",
    "other.html": "{% extends 'base.html' %}",
    "partial.html": "Teil",
    "list.html": "{% include 'partial.html' %}",
    "macros/link.html": "{% import 'macros/deep.html' as deep %}",
    "macros/deep.html": "tief",
    "alone.html": "allein",
    "missing.html": "{% include 'kommt-noch.html' ignore missing %}",
    "part.html": "{{ fragment('alone.html', name=1) }}",
    "any.html": "{% include name %}",
    "any_part.html": "{{ fragment(name) }}",
    "choice.html": "{% extends ['weg.html', 'base.html'] %}",
    "circle.html": "{% include 'circle.html' %}",
    "broken.html": "{% block %",
}


def _keys(templates: Mapping[str, str], memo: dict[bytes, Any] | None = None) -> dict[str, bytes]:
    kept: dict[bytes, Any] = {} if memo is None else memo

    def memorise(key: bytes, make: Callable[[], Any]) -> Any:
        if key not in kept:
            kept[key] = make()
        return kept[key]

    return template_keys(_environment(templates), memorise)


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        ("alone.html", {"alone.html", "part.html"}),
        ("base.html", {"base.html", "page.html", "other.html", "choice.html"}),
        ("macros/deep.html", {"macros/deep.html", "macros/link.html", "page.html"}),
        ("partial.html", {"partial.html", "list.html"}),
        ("circle.html", {"circle.html"}),
        ("kommt-noch.html", {"kommt-noch.html", "missing.html"}),
        ("weg.html", {"weg.html", "choice.html"}),
    ],
)
def test_a_key_stands_for_all_that_a_template_can_include(edited: str, changed: set[str]) -> None:
    """What is included by a computed name may be anything, so its key changes each time."""
    before = _keys(TEMPLATES)
    after = _keys(TEMPLATES | {edited: "anders"})
    different = {name for name in after if before.get(name) != after[name]}
    assert different == changed | {"any.html", "any_part.html"}


def test_keys_are_equal_for_equal_templates() -> None:
    assert _keys(TEMPLATES) == _keys(dict(reversed(TEMPLATES.items())))


def test_each_source_is_parsed_once() -> None:
    """What a template includes is memorised by its source."""
    memo: dict[bytes, Any] = {}
    first = _keys(TEMPLATES, memo)
    parsed = dict(memo)
    assert _keys(TEMPLATES, memo) == first
    assert memo == parsed


def test_a_broken_template_is_told_by_who_uses_it() -> None:
    environment = _environment(TEMPLATES)
    assert "broken.html" in _keys(TEMPLATES)
    with pytest.raises(TemplateSyntaxError):
        environment.get_template("broken.html")


# -- Templates in files ----------------------------------------------------------------------------


def test_a_template_is_read_once_in_a_build() -> None:
    """What somebody saves while a build is at work counts for the next one."""
    templates = {"page.html": "alt", "andere.html": "{% include 'page.html' %}"}
    environment = RecordingEnvironment(loader=ReadOnce(DictLoader(templates)))
    before = template_keys(environment, lambda key, make: make())
    templates["page.html"] = "neu"
    assert environment.get_template("page.html").render() == "alt"
    assert environment.get_template("andere.html").render() == "alt"
    assert template_keys(environment, lambda key, make: make()) == before
    assert environment.list_templates() == ["andere.html", "page.html"]


def _with_bytecode(folder: Path, source: str) -> str:
    environment = RecordingEnvironment(
        loader=DictLoader({"page.html": source}), bytecode_cache=Bytecode(folder, "x")
    )
    return environment.get_template("page.html").render(SITENAME="Blog")


def test_compiled_templates_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "neu" / "templates"
    assert _with_bytecode(folder, "{{ SITENAME }}") == "Blog"
    (path,) = folder.iterdir()
    before = path.read_bytes()
    assert _with_bytecode(folder, "{{ SITENAME }}") == "Blog"
    assert path.read_bytes() == before
    assert _with_bytecode(folder, "{{ SITENAME }}!") == "Blog!"
    assert path.read_bytes() != before
    assert _with_bytecode(folder, "{{ SITENAME }}") == "Blog"


def test_wrong_bytes_in_a_compiled_template_are_never_executed(tmp_path: Path) -> None:
    """One in each of its places: unnoticed, some would print something else, or end the program."""
    _with_bytecode(tmp_path, "{{ SITENAME }} und mehr")
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for place in range(0, len(whole), 5):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        path.write_bytes(data)
        assert _with_bytecode(tmp_path, "{{ SITENAME }} und mehr") == "Blog und mehr"
        assert path.read_bytes() == whole
    for end in (0, 1, 16, 17, len(whole) - 1):
        path.write_bytes(whole[:end])
        assert _with_bytecode(tmp_path, "{{ SITENAME }} und mehr") == "Blog und mehr"


def test_where_nothing_can_be_written_templates_are_compiled_each_time(tmp_path: Path) -> None:
    (tmp_path / "templates").write_text("eine Datei")
    assert _with_bytecode(tmp_path / "templates", "{{ SITENAME }}") == "Blog"
