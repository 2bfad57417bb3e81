"""The lot of the day, neighbours in a topic, lists, and the questions of the quiz."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from plugins.tips import choice
from plugins.tips.core import Tip

DAY = dt.date(2026, 1, 7)


def _tip(week: int, topic: str = "Stil", pair: bool = False) -> Tip:
    fields = {"wrong": "so", "right": "So"} if pair else {}
    return Tip.model_validate(
        {
            "date": DAY + dt.timedelta(weeks=week),
            "headword": f"Wort {week}",
            "topic": topic,
            "tip": "Kurz.",
            **fields,
        }
    )


TIPS = [_tip(week) for week in range(52)]


def _days(count: int) -> list[dt.date]:
    return [DAY + dt.timedelta(days=number) for number in range(count)]


def test_the_same_day_has_the_same_tip() -> None:
    assert choice.of_the_day(TIPS, DAY) == choice.of_the_day(list(TIPS), DAY)
    drawn = {choice.of_the_day(TIPS, day).week for day in _days(400)}  # type: ignore[union-attr]
    assert len(drawn) >= 45


def test_the_lot_leaves_the_newest_alone_if_there_are_others() -> None:
    assert all(choice.of_the_day(TIPS[:2], day) is TIPS[0] for day in _days(20))
    assert choice.of_the_day(TIPS[:1], DAY) is TIPS[0]
    assert choice.of_the_day([], DAY) is None


def test_a_new_tip_changes_the_draw_of_few_days() -> None:
    more = [*TIPS, _tip(52)]
    changed = [day for day in _days(400) if choice.of_the_day(TIPS, day) != choice.of_the_day(more, day)]  # fmt: skip
    assert 0 < len(changed) < 40


def test_neighbours_are_one_newer_and_two_older_tips_of_the_topic() -> None:
    tips = [*TIPS[:6], _tip(6, "Typografie"), _tip(7, "Typografie"), _tip(8, "Grammatik")]
    found = {week: [int(tip.headword[5:]) for tip in group] for week, group in choice.neighbours_in_topic(tips).items()}  # fmt: skip
    assert [found[tip.week] for tip in tips] == [
        [3, 2, 1],
        [3, 2, 0],
        [3, 1, 0],
        [4, 2, 1],
        [5, 3, 2],
        [4, 3, 2],
        [7],
        [6],
        [],
    ]


def test_a_new_tip_changes_the_neighbours_of_few() -> None:
    before, after = (
        choice.neighbours_in_topic(TIPS),
        choice.neighbours_in_topic([*TIPS, _tip(52)]),
    )
    assert [week for week, group in before.items() if after[week] != group] == [
        TIPS[51].week,
    ]


def test_a_list_has_the_newest_of_a_topic_or_of_all() -> None:
    tips = [_tip(3, "Typografie"), _tip(1), _tip(2)]
    assert [tip.headword for tip in choice.newest(tips, None, 2)] == ["Wort 3", "Wort 2"]
    assert [tip.headword for tip in choice.newest(tips, "Stil", 9)] == ["Wort 2", "Wort 1"]
    assert choice.newest(tips, "Grammatik", 9) == []


def test_questions_come_from_pairs_and_stay_as_they_are() -> None:
    tips = [_tip(week, pair=week % 2 == 0) for week in range(200)]
    found = choice.questions(tips)
    assert [question.tip.headword for question in found[:2]] == ["Wort 198", "Wort 196"]
    assert len(found) == choice.QUIZ_LENGTH
    orders = Counter(question.is_right_first for question in found)
    assert min(orders.values()) >= 15
    later = choice.questions([*tips, _tip(200, pair=True)])
    assert later[1:] == found[:-1]
