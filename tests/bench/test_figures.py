"""Medians, ratios, verdicts, and the sections that are made of them."""

from __future__ import annotations

import pytest

from bench.build import figures, report
from bench.build.figures import Goal
from bench.build.measure import Sample
from bench.build.report import COLD, EDIT, HUGO, LISTS, NO_CHANGE, OURS, PAGE, PELICAN


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.2744, "0.274"), (1.525, "1.52"), (23.44, "23.4"), (208.4, "208"), (1208.4, "1,208")],
)
def test_a_figure_has_as_many_digits_as_it_is_worth(value: float, shown: str) -> None:
    assert figures.rounded(value) == shown


def test_a_spread_is_median_lowest_and_highest() -> None:
    assert figures.spread([3, 1, 9]) == "3.00 (1.00–9.00)"
    assert figures.spread([1, 2]) == "1.50 (1.00–2.00)"
    assert figures.spread([4]) == "4.00"


def test_ratios_are_taken_round_by_round() -> None:
    """A busy second round slows both; the ratio does not mind."""
    assert figures.ratios([1, 2], [10, 20]) == [10, 10]
    with pytest.raises(ValueError, match="longer"):
        figures.ratios([1], [1, 2])


@pytest.mark.parametrize(("values", "is_met"), [([0.2, 0.25, 9], True), ([0.26, 0.3], False)])
def test_the_median_must_keep_the_limit(values: list[float], is_met: bool) -> None:
    goal = figures.at_most("save", 0.25, values, "s")
    assert (goal.goal, goal.is_met) == ("≤ 0.25 s", is_met)


@pytest.mark.parametrize(
    ("found", "measured", "is_met"),
    [
        ([14, 15, 20], "1/15.0 (14.0–20.0)", True),
        ([13, 13.9], "1/13.4 (13.0–13.9)", False),
        ([0.5], "2.00 ×", False),
    ],
)
def test_a_goal_of_ratios(found: list[float], measured: str, is_met: bool) -> None:
    goal = figures.times_faster("edit", 14, found, "Hugo's build")
    assert goal == Goal("edit", "≤ 1/14 of Hugo's build", measured, is_met)


def test_the_goals_are_a_table_with_verdicts() -> None:
    goals = [Goal("a", "≤ 1 s", "2 s", False), Goal("b", "≤ 1 s", "1 s", True)]
    assert figures.goal_table([*goals, figures.told("c", "3")])[2:] == [
        "| a | ≤ 1 s | 2 s | **not met** |",
        "| b | ≤ 1 s | 1 s | met |",
        "| c |  | 3 |  |",
    ]


def _samples(*seconds: float, wall: float = 1, peak: float = 100) -> list[Sample]:
    return [Sample(wall, one, peak) for one in seconds]


def _verdicts(section: report.Section) -> dict[str, bool | None]:
    return {goal.case: goal.is_met for goal in section.goals}


def test_cold_builds_are_compared_with_pelican_by_the_clock() -> None:
    samples = {
        OURS: _samples(20, wall=10),
        HUGO: _samples(16),
        PELICAN: _samples(75, wall=40),
    }
    section = report.cold("5,000 posts", samples, dict.fromkeys(samples, 5_400))
    assert _verdicts(section) == {"cold build, wall time": True, "how near to Hugo": None}
    assert section.goals[1].measured == "1.25 × its CPU time"
    assert [row[-1] for row in section.rows] == ["1.00", "0.800", "3.75"]
    slower = samples | {OURS: _samples(20, wall=11)}
    section = report.cold("5,000 posts", slower, dict.fromkeys(samples, 5_400))
    assert section.goals[0].is_met is False


def test_changes_are_compared_with_hugos_whole_build() -> None:
    ours = {
        NO_CHANGE: _samples(0.3, 0.4, 0.35),
        EDIT: _samples(1, 2, 1),
        "new post": _samples(1.4, 1.6, 1.6),
    }
    theirs = {HUGO: _samples(15, 30, 16), PELICAN: _samples(47, 47, 47)}
    section = report.changes("5,000 posts", ours, theirs)
    assert _verdicts(section) == {
        "one edit, new process, CPU": True,
        "the same, stretch": False,
        "no change, new process": True,
        "new post": False,
    }
    assert section.goals[0].measured == "1/15.0 (15.0–16.0)"
    assert [row[:2] for row in section.rows][-2:] == [(HUGO, EDIT), (PELICAN, EDIT)]


def test_saving_is_compared_with_hugos_server() -> None:
    seconds = {
        (OURS, PAGE): [0.2, 0.2],
        (OURS, LISTS): [0.26, 0.3],
        (HUGO, PAGE): [1, 0.7],
        (HUGO, LISTS): [1.2, 1.2],
    }
    section = report.serving("5,000 posts", seconds)
    assert [goal.is_met for goal in section.goals] == [True, True, False]


def test_growth_is_told_by_post_and_by_edit() -> None:
    samples = {
        (500, COLD): _samples(5),
        (500, EDIT): _samples(0.5),
        (5_000, COLD): _samples(20),
        (5_000, EDIT): _samples(1, 1),
        (20_000, COLD): _samples(88, peak=1_600),
        (20_000, EDIT): _samples(2.4, 2.6, peak=900),
    }
    section = report.growth((500, 5_000, 20_000), samples)
    assert [goal.is_met for goal in section.goals] == [True, True, False]
    assert section.goals[0].measured == "1.10 ×"
    assert section.goals[1].measured == "2.50 (2.40–2.60) ×"
    assert [row[-1] for row in section.rows] == ["10.0", "", "4.00", "", "4.40", ""]


def test_a_small_site_is_measured_by_the_clock() -> None:
    section = report.small(30, {COLD: _samples(9, wall=1.9), EDIT: _samples(9, wall=0.8)})
    assert [goal.is_met for goal in section.goals] == [True, False]


def test_a_section_has_text_figures_goals_and_machine() -> None:
    section = report.small(30, {COLD: _samples(9, wall=1.9), EDIT: _samples(9, wall=0.8)})
    text = section.markdown("2026, two cores")
    assert text.startswith("## A small site\n\nOur own content, 30 posts")
    assert "|  | CPU s | wall s | peak MiB |\n| --- | ---: | ---: | ---: |\n| cold | 9.00" in text
    assert "| the same after an edit | ≤ 0.7 s | 0.800 s | **not met** |" in text
    assert text.endswith("\n\n2026, two cores")
