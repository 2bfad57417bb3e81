"""The JSON Schema of the tips says what the model and the HANDBUCH say."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pelican.settings import get_settings_from_file

from authoring.tip_schema import FILE, SCHEMA_LINE, as_text, schema, with_schema_line
from plugins.source.core import load_yaml
from plugins.source.problem import SourceError
from plugins.tips import core
from plugins.tips.adapter import DEFAULTS
from plugins.tips.core import Source, Tip, read_year
from publishing.browser.tools import node_command
from tests.environment import E2E
from tests.site import PROJECT, Site

TIPS = PROJECT / "content/tipps"
TOPICS = (DEFAULTS | get_settings_from_file(str(PROJECT / "pelicanconf.py")))["TIPS_TOPICS"]


def _handbook_fields() -> dict[str, str]:
    """Return the fields that the HANDBUCH explains under „Tipps“, with their row."""
    text = (PROJECT / "HANDBUCH.md").read_text("utf-8")
    chapter = text[text.index("\n## Tipps\n") :]
    table = chapter[chapter.index("| Feld |") :].split("\n\n")[0]
    rows = [row for row in table.splitlines()[2:] if row.startswith("| `")]
    return {name: row for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def test_schema_model_and_handbook_have_the_same_fields() -> None:
    tip = schema(TOPICS)["items"]
    assert list(tip["properties"]) == list(Tip.model_fields)
    assert set(_handbook_fields()) == set(Tip.model_fields)
    required = {name for name, field in Tip.model_fields.items() if field.is_required()}
    assert set(tip["required"]) == required
    assert {name for name, row in _handbook_fields().items() if "| Fehler |" in row} == required
    source = tip["properties"]["source"]["anyOf"][0]
    assert list(source["properties"]) == list(Source.model_fields)
    assert all(f"`{name}`" in _handbook_fields()["source"] for name in Source.model_fields)


def test_every_field_is_explained_in_german() -> None:
    tip = schema(TOPICS)["items"]
    source = tip["properties"]["source"]["anyOf"][0]
    for value in [*tip["properties"].values(), *source["properties"].values()]:
        assert value["description"].endswith(".")
    assert "title" not in json.dumps(tip["properties"]["date"])


def test_the_topics_are_those_of_the_setting() -> None:
    assert schema(["Eins", "Zwei"])["items"]["properties"]["topic"]["enum"] == ["Eins", "Zwei"]
    assert all(topic in _handbook_fields()["topic"] for topic in TOPICS)


def test_the_file_in_content_is_up_to_date() -> None:
    """After a change: `invoke tips.schema`."""
    assert (TIPS / FILE).read_text("utf-8") == as_text(TOPICS)


def test_our_year_files_name_the_schema() -> None:
    for path in TIPS.glob("*.yaml"):
        assert path.read_text("utf-8").startswith(f"{SCHEMA_LINE}\n"), path.name


# --- What an editor would say -----------------------------------------------------------------------

_VALIDATE = """
const Ajv = require("ajv");
const { schema, values } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const validate = new Ajv({ validateFormats: false, strict: true, allowUnionTypes: true }).compile(schema);
console.log(JSON.stringify(values.map((value) => validate(value) ? "" : validate.errors[0].keyword)));
"""


def _verdicts(values: list[Any]) -> list[str]:
    """Return for each value "" or the keyword of the schema that it breaks."""
    process = subprocess.run(
        [*node_command(), "-e", _VALIDATE],
        cwd=E2E,
        input=json.dumps({"schema": schema(TOPICS), "values": values}),
        capture_output=True,
        text=True,
        check=True,
    )
    verdicts: list[str] = json.loads(process.stdout)
    return verdicts


class _Loader(yaml.SafeLoader):
    """Reads YAML as editors do, by version 1.2: dates are text."""


_Loader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _as_an_editor(text: str) -> Any:
    return yaml.load(text, _Loader)


def test_our_own_tips_are_valid() -> None:
    years = [_as_an_editor(path.read_text("utf-8")) for path in sorted(TIPS.glob("*.yaml"))]
    assert sum(map(len, years)) > 60
    assert _verdicts(years) == [""] * len(years)


GOOD = """- date: 2026-01-07
  headword: Apostroph
  topic: Zeichensetzung
  tip: Kurz.
"""

CASES = {
    "as it should be": (GOOD, ""),
    "empty file": ("# Noch keiner\n", ""),
    "all fields": (
        f"{GOOD}  wrong: a\n  right: b\n  more: |\n    c\n  see: [2026-kw02, ein-beitrag]\n"
        "  source: {title: T, url: https://a.example, accessed: 2026-01-03}\n"
        "  shared: {mastodon: https://a.example/1}\n  checked: 2026-01-03\n  valid_since: 2024-07-01\n",
        "",
    ),
    "empty optional fields": (f"{GOOD}  more:\n  checked:\n  source: {{title: T, accessed: }}\n", ""),
    "unknown field": (f"{GOOD}  hedword: A\n", "additionalProperties"),
    "missing field": (GOOD.replace("  tip: Kurz.\n", ""), "required"),
    "blank text": (GOOD.replace("Kurz.", '" "'), "pattern"),
    "German date": (GOOD.replace("2026-01-07", "7.1.2026"), "pattern"),
    "thirteenth month": (GOOD.replace("2026-01-07", "2026-13-07"), "pattern"),
    "unknown topic": (GOOD.replace("Zeichensetzung", "Garten"), "enum"),
    "half a pair": (f"{GOOD}  wrong: a\n", "dependencies"),
    "not an address": (f"{GOOD}  source: {{title: T, url: a.example}}\n", "pattern"),
    "source without title": (f"{GOOD}  source: {{url: https://a.example}}\n", "required"),
    "see is no list": (f"{GOOD}  see: 2026-kw02\n", "type"),
    "see names no week": (f"{GOOD}  see: [KW 2]\n", "pattern"),
    "shared is no address": (f"{GOOD}  shared: {{mastodon: ja}}\n", "pattern"),
    "not a list": ("date: 2026-01-07\n", "type"),
}  # fmt: skip


def test_editors_say_what_the_build_says() -> None:
    verdicts = _verdicts([_as_an_editor(text) for text, _ in CASES.values()])
    assert dict(zip(CASES, verdicts, strict=True)) == {
        name: keyword for name, (_, keyword) in CASES.items()
    }
    for text, keyword in CASES.values():
        assert _is_refused_by_the_build(text) == bool(keyword), text


def _is_refused_by_the_build(text: str) -> bool:
    document = load_yaml(text, "f")
    try:
        tips = read_year(document, "f", 2026)
    except SourceError:
        return True
    entries = [core.Entry(tip, "f", line, document, n) for n, (tip, line) in enumerate(tips)]
    return bool(
        core.problems(entries, TOPICS, str)
        or core.see_problems(entries, lambda name: name == "ein-beitrag", ["2026-kw02"])
    )


# --- The command ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- a\n", f"{SCHEMA_LINE}\n- a\n"),
        ("- a\r\n", f"{SCHEMA_LINE}\r\n- a\r\n"),
        ("\ufeff- a\n", f"\ufeff{SCHEMA_LINE}\n- a\n"),
        ("", f"{SCHEMA_LINE}\n"),
        (f"# Erst\n{SCHEMA_LINE}\n- a\n", f"# Erst\n{SCHEMA_LINE}\n- a\n"),
    ],
)
def test_a_year_file_gets_its_line_once(before: str, after: str) -> None:
    assert with_schema_line(before) == after
    assert with_schema_line(after) == after


def test_the_command_writes_schema_and_lines(small_site: Site) -> None:
    before = (small_site.content / "tipps/2026.yaml").read_text("utf-8")
    for _ in range(2):
        result = small_site.invoke("tips.schema", "--content", str(small_site.content))
        assert result.status == 0, result.err
        assert (small_site.content / "tipps" / FILE).read_text("utf-8") == as_text(TOPICS)
        text = (small_site.content / "tipps/2026.yaml").read_text("utf-8")
        assert text == f"{SCHEMA_LINE}\n{before}"
    assert small_site.build("--no-deploy").status == 0
    assert not any("schema" in path.name for path in small_site.output.rglob("*"))


def test_a_file_that_is_not_utf_8_is_told(small_site: Site) -> None:
    small_site.write("tipps/2025.yaml", b"\xff")
    result = small_site.invoke("tips.schema", "--content", str(small_site.content))
    assert result.status == 1
    assert "2025.yaml:1: Die Datei ist nicht in UTF-8 gespeichert" in result.err
    assert Path(small_site.content / "tipps/2025.yaml").read_bytes() == b"\xff"
