"""The house keeps its rules: pure cores, documented settings, tests for every room, full names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from pelican.settings import DEFAULT_CONFIG, get_settings_from_file

PROJECT = Path(__file__).resolve().parent.parent
ROOMS = sorted(path.parent for path in (PROJECT / "plugins").glob("*/__init__.py"))
CORES = [
    *sorted((PROJECT / "plugins").glob("*/core.py")),
    *(PROJECT / f"plugins/{name}.py" for name in ("feeds/calendar", "search/files")),
    PROJECT / "publishing/check/core.py",
    *(PROJECT / f"publishing/browser/{name}.py" for name in ("kinds", "report")),
    *(PROJECT / f"plugins/comments/{name}.py" for name in ("systems", "replies")),
    *(
        PROJECT / f"social/{name}.py"
        for name in ("counting", "facets", "links", "texts", "tlds", "week", "yaml_insert")
    ),
    *(PROJECT / f"{name}.py" for name in ("authoring/tip_calendar", "authoring/tip_schema")),
    *(PROJECT / f"yearbook/{name}.py" for name in ("book", "xhtml")),
]
_SETTINGS = get_settings_from_file(str(PROJECT / "pelicanconf.py"))
PLUGINS = _SETTINGS["PLUGINS"]
# No plugin to Pelican, but the class that it is run by.
RUNNER = "plugins.incremental"
# What a core must not reach for: files, processes, the network, the clock of the machine.
IMPURE = {
    *("pelican", "os", "io", "pathlib", "shutil", "tempfile", "logging", "subprocess", "socket"),
    *("urllib.request", "http", "sqlite3", "time", "random", "django"),
}
# What Pelican and its own templates know, though its defaults do not name it.
_DIRECT = {
    f"{template.upper()}_{part}"
    for template in DEFAULT_CONFIG["DIRECT_TEMPLATES"]
    for part in ("URL", "SAVE_AS")
}
PELICANS = set(DEFAULT_CONFIG) | _DIRECT | {"AUTHOR", "FEED_DOMAIN", "DEBUG"}
SETTING = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*")


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


def _name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_the_rooms_were_found() -> None:
    assert len(ROOMS) >= 13
    assert len(CORES) >= 10


# --- Cores -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("core", CORES, ids=_name)
def test_a_core_imports_neither_pelican_nor_anything_that_reaches_out(core: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(core.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names)}
    assert {name for name in imported if name in IMPURE or name.split(".")[0] in IMPURE} == set()
    assert {name for name in imported if ".adapter" in name} == set()


@pytest.mark.parametrize("core", CORES, ids=_name)
def test_a_core_opens_and_prints_nothing(core: Path) -> None:
    names = {
        node.func.id
        for node in ast.walk(ast.parse(core.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert names.isdisjoint({"open", "print", "input", "exec", "eval", "__import__"})


def test_what_cores_import_does_not_import_pelican_either() -> None:
    """Without Pelican on board, all of them load."""
    program = "\n".join(
        ["import sys", "sys.modules['pelican'] = None", *(f"import {_module(c)}" for c in CORES)]
    )
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=PROJECT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr


# --- Tests -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ROOMS, ids=_name)
@pytest.mark.parametrize("part", ["core", "adapter", "extension"])
def test_every_part_of_a_room_has_its_tests(room: Path, part: str) -> None:
    if (room / f"{part}.py").exists():
        tests = PROJECT / "tests" / "plugins" / room.name / f"test_{part}.py"
        assert "def test_" in tests.read_text("utf-8")


def test_there_are_no_tests_of_rooms_that_are_gone() -> None:
    tested = {path.parent.name for path in (PROJECT / "tests/plugins").glob("*/test_*.py")}
    assert tested <= {room.name for room in ROOMS}


# --- Settings ----------------------------------------------------------------------------------------


def _docstring(room: Path) -> str:
    return ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8"))) or ""


def _documented(room: Path) -> set[str]:
    """Return the settings that a plugin's docstring names: ``LIKE_THIS`` or in a list of them."""
    text = _docstring(room)
    quoted = set(re.findall(rf"``({SETTING.pattern})``", text))
    listed = set(re.findall(rf"^ +({SETTING.pattern})  ", text, re.M))
    return quoted | listed


def _used(room: Path) -> set[str]:
    """Return the settings that a plugin's code reads, or gives a default, or lists."""
    found: set[str] = set()
    for path in room.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found |= {
                key.value
                for key in _keys(node)
                if isinstance(key, ast.Constant)
                and isinstance(key.value, str)
                and SETTING.fullmatch(key.value)
            }
    return found


def _keys(node: ast.AST) -> list[ast.expr | None]:
    """Return the expressions that *node* uses as names of settings."""
    match node:
        case ast.Subscript(value=owner, slice=key, ctx=context) if _has_settings(owner):
            # What a plugin puts into the context is for templates, not for the author.
            is_result = isinstance(context, ast.Store) and ast.unparse(owner).endswith("context")
            return [] if is_result else [key]
        case ast.Call(func=ast.Attribute(value=owner, attr="get" | "setdefault" | "pop")):
            return list(node.args[:1]) if _has_settings(owner) else []
        case ast.Assign(targets=[ast.Name(id="DEFAULTS")], value=ast.Dict(keys=keys)):
            return keys
        case ast.Assign(targets=[ast.Name(id="MENUS")], value=ast.Tuple(elts=names)):
            return list(names)
    return []


def _has_settings(owner: ast.expr) -> bool:
    return ast.unparse(owner).endswith(("settings", "context"))


@pytest.mark.parametrize("room", ROOMS, ids=_name)
def test_every_setting_that_is_documented_is_used(room: Path) -> None:
    assert _documented(room) - _used(room) - PELICANS == set()


@pytest.mark.parametrize("room", ROOMS, ids=_name)
def test_every_setting_that_is_used_is_documented(room: Path) -> None:
    """In its own plugin's docstring or, if another plugin owns it, in that one's."""
    documented = set().union(*map(_documented, ROOMS))
    assert _used(room) - documented - PELICANS == set()


def test_the_search_for_settings_finds_them() -> None:
    """The two tests above would pass if nothing was found."""
    tips = next(room for room in ROOMS if room.name == "tips")
    assert {"TIPS_URL", "TIPS_TOPICS", "SITE_DATE"} <= _used(tips)
    assert {"TIPS_URL", "TIPS_TOPICS", "TIPS_PATH"} <= _documented(tips)
    assert "COMMENTS_FEED" in _documented(PROJECT / "plugins/comments")


def test_every_setting_of_ours_in_pelicanconf_is_used() -> None:
    """A misspelt setting would be passed over in silence."""
    tree = ast.parse((PROJECT / "pelicanconf.py").read_text("utf-8"))
    names = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    files = [
        path
        for room in ("plugins", "publishing", "social")
        for path in (PROJECT / room).rglob("*.py")
    ]
    files += (PROJECT / "theme/templates").rglob("*.html")
    code = "".join(path.read_text("utf-8") for path in files)
    pages = get_settings_from_file(str(PROJECT / "pelicanconf.py"))["DIRECT_TEMPLATES"]
    direct = {f"{page.upper()}_{part}" for page in pages for part in ("URL", "SAVE_AS")}
    ours = names - PELICANS - direct
    assert {name for name in ours if not re.search(rf"\b{name}\b", code)} == set()
    assert ours


def test_no_setting_of_a_running_build_is_the_authors() -> None:
    """What `publishing.build` and plugins tell each other has no place in pelicanconf.py."""
    internal = {
        name for name in _documented(PROJECT / "plugins/incremental") if name not in PELICANS
    }
    assert {"BUILD", "MEMORISE", "READ_FACTS", "RENDER_INPUTS", "PAGE_FACTS"} <= internal
    assert internal.isdisjoint(_SETTINGS)


def test_the_filters_are_documented() -> None:
    german = import_module("plugins.german.adapter")
    docstring = _docstring(PROJECT / "plugins/german")
    assert {name for name in german.FILTERS if f"``{name}``" not in docstring} == set()


# --- Plugins -----------------------------------------------------------------------------------------


def test_plugins_have_their_full_names() -> None:
    """A short name such as „series“ would load a package of that name from anywhere."""
    assert PLUGINS
    for name in PLUGINS:
        assert re.fullmatch(r"plugins\.[a-z_]+", name)
        assert find_spec(name) is not None
        assert callable(import_module(name).register)


def test_every_plugin_with_an_adapter_is_listed_once() -> None:
    adapters = {f"plugins.{room.name}" for room in ROOMS if (room / "adapter.py").exists()}
    module, _, name = _SETTINGS["PELICAN_CLASS"].rpartition(".")
    assert getattr(import_module(module), name).__module__ == f"{RUNNER}.adapter"
    assert set(PLUGINS) == adapters - {RUNNER}
    assert len(PLUGINS) == len(set(PLUGINS))


def test_markdown_extensions_have_their_full_names() -> None:
    markdown = get_settings_from_file(str(PROJECT / "pelicanconf.py"))["MARKDOWN"]
    names = {*markdown["extensions"], *markdown["extension_configs"]}
    ours = {name for name in names if not name.startswith("markdown.") and "." in name}
    assert {"plugins.figures.extension", "plugins.typography"} <= ours
    for name in ours:
        assert callable(import_module(name).makeExtension)


def test_importing_a_plugin_does_not_load_pelican() -> None:
    """Commands and the comment service use cores; they should not wait for Pelican."""
    rooms = [_module(room / "__init__.py").removesuffix(".__init__") for room in ROOMS]
    program = f"import sys\n{''.join(f'import {room}' + chr(10) for room in rooms)}"
    program += "assert 'pelican' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True)
