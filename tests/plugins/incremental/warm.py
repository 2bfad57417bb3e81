"""A random walk of a process that stays: where only texts were saved, it goes on from its last build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from publishing.build import Report
from tests.plugins.incremental.walk import Walk

#: Steps that change what the author has; nobody else touches output and cache of a process that stays.
_OTHERS = """
    edit_title edit_tags edit_date edit_status rename_post add_post delete_post link_and_move quote_tip
    edit_tip edit_landing edit_page edit_template edit_setting edit_exceptions approve_comment
    show_picture edit_other_fields make_a_mistake mend nothing move_date
""".split()
_TEXTS = ("edit_body", "edit_summary")
#: One of so many builds that go on from the last is not kept.
_KILLED = 6


class WarmWalk(Walk):
    """A walk whose builds are those of one process; most steps change a text, or several."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._last: Report | None = None
        self._built: dict[str, bytes] = {}
        self._day = ""
        #: How many builds went on from the last one.
        self.continued = 0
        super().__init__(folder, seed)

    def plan(self, steps: int) -> Iterator[tuple[int, str]]:
        """Yield numbers and names of steps; three of four change a text."""
        random = Random(self.seed)
        for number in range(steps):
            kinds = random.choice((_TEXTS, _TEXTS, _TEXTS, _OTHERS))
            yield number, random.choice(kinds)

    def _report(
        self, output: Path, cache: Path, progress: Callable[[str], None], **settings: object
    ) -> Report:
        if output != self.output:
            return super()._report(output, cache, progress, **settings)
        last, self._last = self._last, None
        before, self._built = self._built, self._files
        day, self._day = self._day, self.blog.today.isoformat()
        changed = [
            str(self.folder / name)
            for name in before.keys() | self._files.keys()
            if before.get(name) != self._files.get(name)
        ]
        report = last.again(changed) if last and changed and day == self._day else None
        if report is None:
            report = super()._report(output, cache, progress, **settings)
        else:
            self.continued += 1
            if self.continued % _KILLED == 0:
                # As if the process were killed before it could keep what it knows.
                return report
            report.keep()
        self._last = report
        return report

    def early_exit(self) -> None:
        """Say that a build is needed: a process that stays knows what was saved."""
        self._sync()
