"""From samples to the tables of RESULTS.md: medians, spreads, ratios, goals. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


def rounded(value: float) -> str:
    """Return *value* with as many digits as it is worth: 0.274, 1.52, 23.4, 1,208."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.{1 if size >= 10 else 2 if size >= 1 else 3}f}"


def spread(values: Sequence[float]) -> str:
    """Return „median (lowest–highest)“; a single value has no spread."""
    middle = rounded(median(values))
    if len(values) < 2:
        return middle
    return f"{middle} ({rounded(min(values))}–{rounded(max(values))})"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return how many times as much theirs took, round by round; both were measured in turn."""
    return [other / own for own, other in zip(ours, theirs, strict=True)]


@dataclass(frozen=True)
class Goal:
    """A promise and what became of it; *is_met* is None for what is only told."""

    case: str
    goal: str
    measured: str
    is_met: bool | None


def at_most(case: str, limit: float, values: Sequence[float], unit: str) -> Goal:
    """Return the goal that the median of *values* is at most *limit*."""
    return Goal(
        case,
        f"≤ {limit:g} {unit}",
        f"{spread(values)} {unit}",
        median(values) <= limit,
    )


def times_faster(case: str, factor: float, found: Sequence[float], than: str) -> Goal:
    """Return the goal that we need at most 1/*factor* of what *than* needs; *found* are ratios."""
    middle = median(found)
    # „1/0.2“ would be hard to read.
    measured = f"1/{spread(found)}" if middle >= 1 else f"{spread([1 / one for one in found])} ×"
    return Goal(case, f"≤ 1/{factor:g} of {than}", measured, middle >= factor)


def told(case: str, measured: str) -> Goal:
    """Return a figure without a goal."""
    return Goal(case, "", measured, None)


_VERDICTS = {True: "met", False: "**not met**", None: ""}


def goal_table(goals: Iterable[Goal]) -> list[str]:
    """Return the lines of a Markdown table."""
    rows = [(goal.case, goal.goal, goal.measured, _VERDICTS[goal.is_met]) for goal in goals]
    return table(("case", "goal", "measured", ""), rows, "lrrl")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], sides: str) -> list[str]:
    """Return the lines of a Markdown table; *sides* has l or r for each column."""
    marks = {"l": "---", "r": "---:"}
    lines = [tuple(head), tuple(marks[side] for side in sides), *map(tuple, rows)]
    return [f"| {' | '.join(line)} |" for line in lines]
