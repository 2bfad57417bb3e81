"""The JSON Schema of the tips, by which editors complete and check a year file as it is typed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from plugins.tips.core import Source, Tip

FILE = "tipps.schema.json"
#: The first line of a year file: the YAML language server, in VS Code and others, looks for it.
SCHEMA_LINE = f"# yaml-language-server: $schema={FILE}"

_DESCRIPTIONS = {
    "date": "Ein Mittwoch, Jahr-Monat-Tag. Er bestimmt Woche und Adresse.",
    "headword": "Das Stichwort: Überschrift des Tipps und Eintrag im Register A–Z.",
    "topic": "Eines der Themen aus TIPS_TOPICS (pelicanconf.py).",
    "tip": "Der Tipp selbst, reiner Text. Er passt auf X (280), Bluesky (300) und Mastodon (500).",
    "wrong": "Das Beispiel, wie man es nicht schreibt; wird genau so gezeigt. Nur zusammen mit „right“.",
    "right": "Dasselbe Beispiel, richtig. Nur zusammen mit „wrong“.",
    "more": "Die Erklärung, mit Markdown. Beginnen Sie sie mit | und rücken Sie den Text darunter ein.",
    "source": "Wo man nachlesen kann, was der Tipp behauptet.",
    "see": "Verwandte Tipps (2026-kw02) und Beiträge (ihr Slug).",
    "shared": "Wo der Tipp geteilt wurde; `invoke tips.share --send` trägt es ein.",
    "checked": "Wann Sie den Tipp zuletzt geprüft haben; nach dem Erscheinen gilt er damit als geändert.",
    "valid_since": "Seit wann die Regel gilt, wenn sie sich geändert hat.",
}
_SOURCE_DESCRIPTIONS = {
    "title": "Der Titel der Quelle.",
    "url": "Ihre Webadresse.",
    "accessed": "Wann Sie dort nachgesehen haben.",
}
_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_ADDRESS = r"^https?://"
_SEE = r"^(\d{4}-kw\d{2}|[a-z0-9]+(-[a-z0-9]+)*)$"
_NOT_BLANK = r"\S"
_PATTERNS = {
    **dict.fromkeys(("date", "accessed", "checked", "valid_since"), _DAY),
    **dict.fromkeys(("headword", "tip", "wrong", "right", "more", "title"), _NOT_BLANK),
    "url": _ADDRESS,
}
_NETWORKS = ("x", "mastodon", "bluesky", "threads", "linkedin")


def schema(topics: Sequence[str]) -> dict[str, Any]:
    """Return the schema of a year file (draft 07, which editors know best)."""
    generated = Tip.model_json_schema()
    tip = _described(generated, _DESCRIPTIONS)
    properties = tip["properties"]
    properties["topic"] |= {"enum": list(topics)}
    properties["see"]["items"] |= {"pattern": _SEE}
    address = {"type": "string", "format": "uri", "pattern": _ADDRESS}
    properties["shared"] |= {
        "properties": dict.fromkeys(_NETWORKS, address),
        "additionalProperties": address,
    }
    source = _described(generated["$defs"]["Source"], _SOURCE_DESCRIPTIONS)
    properties["source"] = {
        "description": _DESCRIPTIONS["source"],
        "anyOf": [source, {"type": "null"}],
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Mittwochstipps eines Jahres",
        "description": "Je Mittwoch ein Tipp. Mehr dazu im HANDBUCH.md, „Tipps“.",
        "type": ["array", "null"],
        "items": tip | {"dependencies": {"wrong": ["right"], "right": ["wrong"]}},
    }


def _described(model: dict[str, Any], descriptions: dict[str, str]) -> dict[str, Any]:
    """Return an object's schema with what we know of its fields."""
    properties = {
        name: {"description": descriptions[name], **_field(name, value)}
        for name, value in model["properties"].items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": model["required"],
        "additionalProperties": False,
    }


def _field(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return a field's schema: what Pydantic says, less its English titles, and our pattern."""
    kinds = [_kind(name, kind) for kind in value.get("anyOf", [value])]
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _kind(name: str, value: dict[str, Any]) -> dict[str, Any]:
    kind: dict[str, Any] = {key: value[key] for key in ("type", "format") if key in value}
    if value.get("items"):
        kind["items"] = {"type": "string"}
    if kind.get("type") == "string" and name in _PATTERNS:
        kind["pattern"] = _PATTERNS[name]
    return kind


def as_text(topics: Sequence[str]) -> str:
    """Return the schema as a file's text."""
    return f"{json.dumps(schema(topics), ensure_ascii=False, indent=2)}\n"


def with_schema_line(text: str) -> str:
    """Return a year file's text with the line that names the schema, at the top."""
    if SCHEMA_LINE in text:
        return text
    bom = text[:1] if text.startswith("\ufeff") else ""
    line_break = "\r\n" if "\r\n" in text else "\n"
    return f"{bom}{SCHEMA_LINE}{line_break}{text.removeprefix(bom)}"


assert set(_DESCRIPTIONS) == set(Tip.model_fields)
assert set(_SOURCE_DESCRIPTIONS) == set(Source.model_fields)
