"""Faults in the browser are told in German, once each, with pages and remedy."""

from __future__ import annotations

from typing import get_args

import pytest

from publishing.browser.report import Fault, Kind, problems


def test_a_fault_on_many_pages_is_told_once() -> None:
    fault = Fault("kept", "besucher")
    seen = [
        ("/a/", "390 px breit", fault),
        ("/a/", "320 px breit", fault),
        ("/b/", "390 px breit", fault),
    ]
    seen += [("/c/", "390 px breit", fault)]
    (problem,) = problems(seen)
    assert str(problem) == (
        "/a/ (390 px breit) und 2\u00a0weitere Seiten: Gespeichert: Die Seite legt „besucher“ im Browser "
        "ab, bevor jemand zugestimmt hat. Nehmen Sie heraus, was das Cookie oder den Eintrag setzt; ohne "
        "Einwilligung darf es nicht sein."
    )


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_fault_has_its_words(kind: Kind) -> None:
    (problem,) = problems([("/a/", "hell", Fault(kind, "{was}", "<p>", "Das hilft."))])
    assert "{was}" in problem.message
    assert problem.field
    assert problem.remedy


def test_there_is_no_problem_without_a_fault() -> None:
    assert problems([]) == []
