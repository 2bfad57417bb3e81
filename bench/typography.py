"""
Micro-typography against its likes: what each costs on top of Markdown, for one German post.

    python -m bench.typography

prints a table and writes its section of RESULTS.md. All contenders are measured in turn, round by
round, in the same process, so that a busy machine is busy for all of them.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from html import unescape
from importlib.metadata import version
from pathlib import Path
from statistics import median

from markdown import Markdown

from bench.packages import ensure
from bench.results import machine, write_section
from plugins.typography.extension import TypographyExtension
from publishing.console import say

HERE = Path(__file__).resolve().parent
#: About 700 words, typed on a keyboard.
POST = HERE / "post.md"
GOAL_MS = 6.0
ROUNDS = 25
#: Conversions per round and contender; their mean is one value.
REPEATS = 3

#: What the documentation of smarty recommends for German: „…“ and ‚…‘.
GERMAN_MARKS = {
    "left-single-quote": "&sbquo;",
    "right-single-quote": "&lsquo;",
    "left-double-quote": "&bdquo;",
    "right-double-quote": "&ldquo;",
}
_BASE = ("extra", "sane_lists")
Convert = Callable[[str], str]


def contenders() -> dict[str, Convert]:
    """Return the converters by name, plain Markdown first."""
    from typogrify.filters import typogrify

    plain = _converter(Markdown(extensions=[*_BASE]))
    return {
        "Markdown alone": plain,
        "plugins.typography": _converter(Markdown(extensions=[*_BASE, TypographyExtension()])),
        "smarty, German marks": _converter(
            Markdown(
                extensions=[*_BASE, "smarty"],
                extension_configs={"smarty": {"substitutions": GERMAN_MARKS}},
            )
        ),
        "typogrify": lambda text: str(typogrify(plain(text))),
    }


def _converter(md: Markdown) -> Convert:
    def convert(text: str) -> str:
        return md.reset().convert(text)

    return convert


def letters(html: str) -> str:
    """Return the letters and digits a reader sees, but not an x: it may have become ×."""
    text = unescape(re.sub(r"<[^>]*>", "", html))
    return "".join(sign for sign in text if sign.isalnum() and sign != "x")


def check(converters: dict[str, Convert], post: str) -> None:
    """
    Make sure that everybody did the same work.

    Raises:
        AssertionError: A converter lost or added letters or digits, or changed nothing at all.
    """
    (_, plain), *others = [(name, convert(post)) for name, convert in converters.items()]
    for name, html in others:
        if letters(html) != letters(plain):
            raise AssertionError(f"{name}: other letters or digits than plain Markdown")
        if html == plain:
            raise AssertionError(f"{name}: nothing was set")


def measure(converters: dict[str, Convert], post: str) -> dict[str, list[float]]:
    """Return the CPU milliseconds of each converter, a value a round."""
    times: dict[str, list[float]] = {name: [] for name in converters}
    for convert in converters.values():
        convert(post)  # imports, compiled patterns
    for _ in range(ROUNDS):
        gc.collect()
        for name, convert in converters.items():
            start = time.process_time()
            for _ in range(REPEATS):
                convert(post)
            times[name].append((time.process_time() - start) / REPEATS * 1000)
    return times


def costs(times: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return what each costs on top of plain Markdown, round by round."""
    (_, plain), *others = times.items()
    return {
        name: [own - base for own, base in zip(values, plain, strict=True)]
        for name, values in others
    }


def table(times: dict[str, list[float]]) -> list[tuple[str, str, str, str]]:
    """Return the rows: name, median, range, ratio to ours; milliseconds on top of Markdown."""
    added = costs(times)
    ours = median(added["plugins.typography"])
    plain = times["Markdown alone"]
    rows = [("Markdown alone (whole)", f"{median(plain):.1f}", _span(plain), "")]
    for name, values in added.items():
        ratio = f"{median(values) / ours:.2f}"
        rows.append((name, f"{median(values):.2f}", _span(values), ratio))
    return rows


def _span(values: list[float]) -> str:
    return f"{min(values):.2f}–{max(values):.2f}"


def section(rows: list[tuple[str, str, str, str]], words: int) -> str:
    """Return the section of RESULTS.md."""
    ours = float(rows[1][1])
    verdict = "met" if ours <= GOAL_MS else "missed"
    lines = [
        "## Micro-typography",
        "",
        f"Cost on top of Markdown (extra, sane_lists) for a German post of {words} words; CPU time,",
        f"{ROUNDS} rounds in turn, {REPEATS} conversions each. Every output has the letters and",
        "digits of plain Markdown.",
        "",
        "| | median ms | min–max ms | × ours |",
        "|---|---:|---:|---:|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        f"Goal: at most {GOAL_MS:.0f} ms on top of Markdown; {verdict} ({ours:.2f} ms).",
        "",
        f"{machine()}, Markdown {version('markdown')}, typogrify {version('typogrify')} with",
        f"smartypants {version('smartypants')} (all filters of `typogrify`).",
    ]
    return "\n".join(lines)


def run() -> None:
    """Measure, print, and write the section."""
    from rich.table import Table

    from publishing.console import console

    ensure("typogrify")
    post = POST.read_text("utf-8")
    converters = contenders()
    check(converters, post)
    rows = table(measure(converters, post))
    shown = Table("zusätzlich zu Markdown", "Median ms", "von–bis ms", "× unsere")
    for row in rows:
        shown.add_row(*row)
    console.print(shown)
    write_section("typography", section(rows, len(post.split())))
    say("Die Zahlen stehen in bench/RESULTS.md.", "green")


if __name__ == "__main__":
    run()
