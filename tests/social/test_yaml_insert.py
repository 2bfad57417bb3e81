"""A post's address is put into the tip, and not one other character of the file changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.source.core import load_yaml
from social.yaml_insert import NoPlaceError, with_shared

PROJECT = Path(__file__).resolve().parents[2]
YEARS = sorted((PROJECT / "content/tipps").glob("*.yaml"))
DAY = dt.date(2026, 1, 14)
URL = "https://social.example/@henrike/1001"
LINE = f'  shared: {{mastodon: "{URL}"}}\n'


def _is_insertion(old: str, new: str) -> bool:
    """Return whether *new* is *old* with characters inserted at one place."""
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    added = len(new) - len(old)
    # What was inserted may begin with the character that follows it.
    return any(old == new[:n] + new[n + added :] for n in range(same, -1, -1))


def _value(text: str) -> Any:
    return load_yaml(text, "").value


@pytest.mark.parametrize("path", YEARS, ids=lambda path: path.name)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_our_own_tips_can_be_noted(path: Path, line_break: str) -> None:
    """Twice, for two networks; each time the file is the same but for one insertion."""
    text = path.read_text("utf-8").replace("\n", line_break)
    # Every fourth, other ones with the other line break: it takes a while.
    for number, tip in list(enumerate(_value(text)))[len(line_break) :: 4]:
        day = dt.date.fromisoformat(tip["date"])
        once = with_shared(text, day, "mastodon", URL)
        twice = with_shared(once, day, "bluesky", f"{URL}2")
        assert len(once) == len(text) + len(LINE) - 1 + len(line_break)
        assert _is_insertion(text, once)
        assert _is_insertion(once, twice)
        expected = _value(text)
        expected[number]["shared"] = {"mastodon": URL, "bluesky": f"{URL}2"}
        assert _value(twice) == expected
        assert "\n" not in twice.replace(line_break, "")


TIP = "- date: 2026-01-14\n  headword: A\n  tip: K\n"
AFTER = "\n# Vor dem nächsten\n- date: 2026-01-21\n  headword: B\n  tip: K\n"

NOTATIONS = {
    "last in the file": (TIP, TIP + LINE),
    "before another": (TIP + AFTER, TIP + LINE + AFTER),
    "no line break at the end": (TIP[:-1], TIP + LINE[:-1]),
    "byte-order mark": (f"\ufeff{TIP}", f"\ufeff{TIP}{LINE}"),
    "comment behind": (
        f"{TIP[:-1]}  # so ist's gut\n  # noch einer\n{AFTER}",
        f"{TIP[:-1]}  # so ist's gut\n{LINE}  # noch einer\n{AFTER}",
    ),
    "folded at the end": (
        f"{TIP}  more: >\n    Eins\n    zwei\n\n{AFTER}",
        f"{TIP}  more: >\n    Eins\n    zwei\n{LINE}\n{AFTER}",
    ),
    "kept empty lines": (
        f"{TIP}  more: |+\n    Eins\n\n\n{AFTER}",
        f"{TIP}{LINE}  more: |+\n    Eins\n\n\n{AFTER}",
    ),
    "quoted over two lines": (
        '- date: 2026-01-14\n  tip: "Eins\n    zwei"\n' + AFTER,
        '- date: 2026-01-14\n  tip: "Eins\n    zwei"\n' + LINE + AFTER,
    ),
    "list at the end": (
        f"{TIP}  see:\n    - eins\n    - zwei\n{AFTER}",
        f"{TIP}  see:\n    - eins\n    - zwei\n{LINE}{AFTER}",
    ),
    "empty value at the end": (f"{TIP}  checked:\n{AFTER}", f"{TIP}  checked:\n{LINE}{AFTER}"),
    "indented list": (
        "  - date: 2026-01-14\n    tip: K\n",
        f"  - date: 2026-01-14\n    tip: K\n  {LINE}",
    ),
    "dash alone": ("-\n  date: 2026-01-14\n  tip: K\n", f"-\n  date: 2026-01-14\n  tip: K\n{LINE}"),
    "in braces": (
        "- {date: 2026-01-14, tip: K}  # kurz\n",
        f'- {{date: 2026-01-14, tip: K, shared: {{mastodon: "{URL}"}}}}  # kurz\n',
    ),
    "comma before the brace": (
        "- {date: 2026-01-14, tip: K,}\n",
        f'- {{date: 2026-01-14, tip: K, shared: {{mastodon: "{URL}"}}}}\n',
    ),
    "shared already, in braces": (
        f'{TIP}  shared: {{x: "https://x.example/1"}} # von Hand\n',
        f'{TIP}  shared: {{x: "https://x.example/1", mastodon: "{URL}"}} # von Hand\n',
    ),
    "shared already, in lines": (
        f"{TIP}  shared:\n    x: https://x.example/1\n  checked: 2026-01-01\n",
        f'{TIP}  shared:\n    x: https://x.example/1\n    mastodon: "{URL}"\n'
        "  checked: 2026-01-01\n",
    ),
    "shared, empty": (f"{TIP}  shared:\n", f'{TIP}  shared: {{mastodon: "{URL}"}}\n'),
    "shared, empty braces": (f"{TIP}  shared: {{}}\n", f'{TIP}  shared: {{mastodon: "{URL}"}}\n'),
    "noted already": (
        f"{TIP}  shared: {{mastodon: https://anders.example}}\n",
        f"{TIP}  shared: {{mastodon: https://anders.example}}\n",
    ),
    "document marks": (f"---\n{TIP}...\n", f"---\n{TIP}{LINE}...\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTATIONS)
def test_every_notation_is_kept(name: str) -> None:
    old, new = NOTATIONS[name]
    result = with_shared(old, DAY, "mastodon", URL)
    assert result == new
    assert _is_insertion(old, result)


@pytest.mark.parametrize(
    "text", ["", "# nur so\n", "date: 2026-01-14\n", "- date: 2026-01-07\n", "- [", "- eins\n"]
)
def test_without_such_a_tip_there_is_no_place(text: str) -> None:
    with pytest.raises(NoPlaceError):
        with_shared(text, DAY, "mastodon", URL)


VALUES = st.sampled_from(
    ["K", '"Eins: zwei"', "'ja'", "|\n    Eins\n\n    zwei", ">-\n    Eins\n", "[a, b]", "{a: b}", "",
     "\n    - a\n    - b", '"a\n    b"', "K # nein", "|2\n      Eins", "|+\n    Eins\n\n"]
)  # fmt: skip


@given(
    st.lists(VALUES, min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n", "\n  # so\n", "\n# so\n\n"]),
    st.booleans(),
)
def test_whatever_the_last_field_is(
    values: list[str], line_break: str, between: str, is_last: bool
) -> None:
    fields = "".join(f"  f{number}: {value}\n" for number, value in enumerate(values))
    rest = "" if is_last else f"{between}- date: 2026-01-21\n  tip: K\n"
    text = f"# Anfang\n- date: 2026-01-14\n{fields}{rest}".replace("\n", line_break)
    try:
        before = _value(text)
    except Exception:
        return  # not YAML at all, such as a comment where a block begins
    new = with_shared(text, DAY, "mastodon", URL)
    assert _is_insertion(text, new)
    before[0]["shared"] = {"mastodon": URL}
    assert _value(new) == before
