"""From samples to the sections of RESULTS.md, with the goals and what became of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.build import figures
from bench.build.figures import Goal, rounded, spread
from bench.build.measure import Sample

OURS = "Mittwochspost"
HUGO = "Hugo"
PELICAN = "Pelican"
NO_CHANGE = "no change"
EDIT = "one edit"

Samples = Mapping[str, Sequence[Sample]]


@dataclass(frozen=True)
class Section:
    """A part of RESULTS.md: text, a table with *head* and *rows*, and the goals."""

    title: str
    text: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    goals: Sequence[Goal]

    def markdown(self, made_with: str) -> str:
        """Return the section; *made_with* says on which machine, with which programs."""
        # Columns without a heading are words.
        sides = "".join("r" if name else "l" for name in self.head)
        parts = [
            f"## {self.title}",
            self.text,
            "\n".join(figures.table(self.head, self.rows, sides)),
            "\n".join(figures.goal_table(self.goals)),
            made_with,
        ]
        return "\n\n".join(parts)


def cpu(samples: Sequence[Sample]) -> list[float]:
    """Return the CPU seconds of each."""
    return [sample.cpu_s for sample in samples]


def wall(samples: Sequence[Sample]) -> list[float]:
    """Return the seconds of the clock of each."""
    return [sample.wall_s for sample in samples]


def peak(samples: Sequence[Sample]) -> float:
    """Return the highest memory in MiB."""
    return max(sample.peak_mib for sample in samples)


_TAKEN = ("CPU s", "wall s", "peak MiB")


def _rounds(count: int) -> str:
    return f"{count} rounds" if count > 1 else "1 round"


def _taken(samples: Sequence[Sample]) -> tuple[str, str, str]:
    return spread(cpu(samples)), spread(wall(samples)), rounded(peak(samples))


def cold(size: str, samples: Samples, pages: Mapping[str, int]) -> Section:
    """Return the section on cold builds; *samples* and *pages* are by program."""
    own = samples[OURS]
    rows = [
        (
            name,
            f"{pages[name]:,}",
            *_taken(found),
            spread(figures.ratios(cpu(own), cpu(found))),
        )
        for name, found in samples.items()
    ]
    near = spread(figures.ratios(cpu(samples[HUGO]), cpu(own)))
    goals = [
        figures.times_faster(
            "cold build, wall time",
            4,
            figures.ratios(wall(own), wall(samples[PELICAN])),
            "stock Pelican with typogrify",
        ),
        figures.told("how near to Hugo", f"{near} × its CPU time"),
    ]
    text = (
        f"{_rounds(len(own))} in turn; median (lowest–highest). The peers write the same files: a page\n"
        "a post, lists of 20, years, a feed. Ours also has tips, series, comments, German typography,\n"
        "hyphenation, and the check of all links."
    )
    return Section(
        f"Cold builds of {size}", text, ("", "pages", *_TAKEN, "CPU × ours"), rows, goals
    )


def changes(size: str, ours: Samples, peers: Samples) -> Section:
    """Return the section on builds after a change: *ours* by case, *peers* (one edit) by program."""
    edit = cpu(ours[EDIT])
    rows = [
        (program, case, *_taken(found), spread(figures.ratios(edit, cpu(found))))
        for program, case, found in (
            *((OURS, case, found) for case, found in ours.items()),
            *((program, EDIT, found) for program, found in peers.items()),
        )
    ]
    faster = figures.ratios(edit, cpu(peers[HUGO]))
    goals = [
        figures.times_faster("one edit, new process, CPU", 14, faster, "Hugo's build"),
        figures.times_faster("the same, stretch", 30, faster, "Hugo's build"),
        figures.at_most("no change, new process", 0.35, cpu(ours[NO_CHANGE]), "CPU s"),
    ]
    goals += [
        figures.at_most(case, 1.5, cpu(found), "CPU s")
        for case, found in ours.items()
        if case not in (NO_CHANGE, EDIT)
    ]
    text = (
        f"{_rounds(len(edit))} in turn; median (lowest–highest). Hugo and Eleventy build the whole site,\n"
        "Pelican has its reader cache. At the end our output was compared with a clean build, byte for byte."
    )
    return Section(
        f"One change, a new process, {size}",
        text,
        ("", "", *_TAKEN, "CPU × our edit"),
        rows,
        goals,
    )


PAGE = "page"
LISTS = "lists and feed"


def serving(size: str, seconds: Mapping[tuple[str, str], Sequence[float]]) -> Section:
    """Return the section on previews; *seconds* by program and by what was waited for."""
    own = seconds[OURS, PAGE]
    goals = [
        figures.at_most("save → page", 0.25, own, "s"),
        figures.times_faster(
            "save → page", 4, figures.ratios(own, seconds[HUGO, PAGE]), "`hugo server`"
        ),
        figures.at_most("save → lists and feed right as well", 0.25, seconds[OURS, LISTS], "s"),
    ]
    text = (
        f"{_rounds(len(own))} in turn after a first one; seconds of the clock from the end of saving until\n"
        "HTTP gives the new words: median (lowest–highest). Lists are home page and category."
    )
    rows = [(program, what, spread(found)) for (program, what), found in seconds.items()]
    return Section(
        f"Save → page in `invoke serve` and `hugo server`, {size}",
        text,
        ("", "", "wall s"),
        rows,
        goals,
    )


COLD = "cold"


def growth(sizes: Sequence[int], samples: Mapping[tuple[int, str], Sequence[Sample]]) -> Section:
    """Return the section on growth; *samples* by number of posts and by kind, COLD or EDIT."""
    per_post = {posts: median(cpu(samples[posts, COLD])) / posts * 1000 for posts in sizes}
    rows = [
        (
            f"{posts:,} posts",
            kind,
            *_taken(samples[posts, kind]),
            rounded(per_post[posts]) if kind == COLD else "",
        )
        for posts in sizes
        for kind in (COLD, EDIT)
    ]
    before, last = sizes[-2:]
    edit = median(cpu(samples[before, EDIT]))
    memory = max(peak(samples[last, COLD]), peak(samples[last, EDIT])) / 1024
    goals = [
        figures.at_most(
            f"cold, CPU a post: {last:,} to {before:,} posts (linear)",
            1.1,
            [per_post[last] / per_post[before]],
            "×",
        ),
        figures.at_most(
            f"one edit, CPU: {last:,} to {before:,} posts",
            2.5,
            [value / edit for value in cpu(samples[last, EDIT])],
            "×",
        ),
        figures.at_most(f"peak memory at {last:,} posts", 1.5, [memory], "GiB"),
    ]
    text = (
        "Ours, each in a new process; memory of all processes together. Every site was compared with\n"
        "a clean build, byte for byte."
    )
    return Section("Growth", text, ("", "", *_TAKEN, "CPU ms a post"), rows, goals)


def small(posts: int, samples: Samples) -> Section:
    """Return the section on a small site; *samples* by COLD and EDIT."""
    goals = [
        figures.at_most("`invoke build`", 2, wall(samples[COLD]), "s"),
        figures.at_most("the same after an edit", 0.7, wall(samples[EDIT]), "s"),
    ]
    text = (
        f"Our own content, {posts} posts with tips, series and pages. `invoke build`, deployment\n"
        f"included; {_rounds(len(samples[COLD]))}, median (lowest–highest)."
    )
    rows = [(kind, *_taken(found)) for kind, found in samples.items()]
    return Section("A small site", text, ("", *_TAKEN), rows, goals)
