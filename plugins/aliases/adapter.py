"""Pelican's side: collect old addresses, write their pages and the file that lists them."""

from __future__ import annotations

from pathlib import Path

from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.aliases import core
from plugins.aliases.files import read_moves
from plugins.incremental.writer import IncrementalWriter
from plugins.source.adapter import read_text, report
from plugins.source.core import line_of
from plugins.source.problem import Problem, SourceError, shown_path

TEMPLATE = "redirect"


def collect(generators: list[Generator]) -> None:
    """Put the author's old addresses into the context."""
    context = generators[0].context
    moves = []
    try:
        moves += read_moves(Path(context["PATH"]) / core.FILE)
    except SourceError as error:
        for problem in error.problems:
            report(problem)
    context["gone_addresses"] = {move.old for move in moves if move.goal is None}
    for content in (*context["articles"], *context["pages"]):
        moves += [
            core.Move(alias, f"/{content.url}", content.source_path)
            for alias in getattr(content, "aliases", ())
        ]
    goals, wrong = core.followed(moves)
    for move, reason in wrong:
        report(_problem(move, reason, "Nehmen Sie sie an einer Stelle heraus."))
    context["redirects"] = goals
    context["moves"] = {move.old: move for move in moves}


def _problem(move: core.Move, message: str, remedy: str) -> Problem:
    """Return the problem of an old address, with the line where the author wrote it."""
    if move.line is None:
        text = read_text(move.file)
        return Problem(shown_path(move.file), message, line_of(text, move.old), "aliases", remedy)
    return Problem(move.file, message, move.line, move.old, remedy)


class RedirectsGenerator(Generator):  # type: ignore[misc]
    """Writes a page for each old address, after all others: none of them may be in its place."""

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write what `collect` found."""
        goals: dict[str, str] = self.context["redirects"]
        if not goals:
            return
        template = self.get_template(TEMPLATE)
        # They are copied after all pages.
        self._copied = {static.save_as for static in self.context["staticfiles"]}
        for old, goal in goals.items():
            if self._is_possible(writer, old, goal) and (name := core.page_file(old)):
                writer.write_file(
                    name, template, self.context, self.settings["RELATIVE_URLS"], goal=goal
                )
        writer.write_bytes(core.RULES, core.rules(goals).encode())

    def _is_possible(self, writer: IncrementalWriter, old: str, goal: str) -> bool:
        """Return whether nothing else is at *old* and something at *goal*; report what is wrong."""
        move = self.context["moves"][old]
        if self._has(writer, core.page_file(old) or old.removeprefix("/")):
            message = f"Unter {old} steht eine Seite; als alte Adresse geht das nicht."
            report(_problem(move, message, "Nehmen Sie die Zeile heraus."))
            return False
        target = core.target_file(goal)
        if target is not None and not self._has(writer, target):
            message = f"Die alte Adresse {old} führt zu {goal}, und dort ist nichts."
            report(_problem(move, message, "Prüfen Sie das Ziel, oder schreiben Sie „entfernt“."))
            return False
        return True

    def _has(self, writer: IncrementalWriter, name: str) -> bool:
        return writer.has(name) or name in self._copied


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return RedirectsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(collect)
    signals.get_generators.connect(get_generators)
