"""The model of a tip, the rules of the collection, and what its pages list."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from plugins.german.core import register_letter, sort_key
from plugins.source.core import (
    Day,
    Document,
    Model,
    OptionalText,
    Text,
    validate,
)
from plugins.source.problem import Problem, SourceError

WEDNESDAY = 2
#: Before a tip's week, how texts refer to it: „{tipp}2026-kw02“.
TIP_SIGN = "{tipp}"
_NETWORK_NAMES = {"linkedin": "LinkedIn"}
_WEEK = re.compile(r"(\d{4})-kw(\d{2})")
_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def _check_wednesday(day: dt.date) -> dt.date:
    if day.weekday() != WEDNESDAY:
        before = day - dt.timedelta((day.weekday() - WEDNESDAY) % 7)
        after = before + dt.timedelta(7)
        raise ValueError(
            f"Der {day.isoformat()} ist ein {_WEEKDAYS[day.weekday()]}; Tipps erscheinen mittwochs."
            f"|Nehmen Sie {before.isoformat()} oder {after.isoformat()}."
        )
    return day


def _check_address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError(
            f"„{url}“ ist keine Webadresse.|Beginnen Sie mit https://, oder löschen Sie das Feld."
        )
    return url


Wednesday = Annotated[Day, AfterValidator(_check_wednesday)]
OptionalDay = Annotated[Day | None, BeforeValidator(lambda value: None if value == "" else value)]
Address = Annotated[Text, AfterValidator(_check_address)]


class Source(Model):
    """Where a tip's claim can be looked up."""

    title: Text
    url: Address | None = None
    accessed: OptionalDay = None


class Tip(Model):
    """An entry of the collection."""

    kind: ClassVar[str] = "ein Tipp"
    date: Wednesday
    headword: Text
    topic: Text
    tip: Text
    wrong: OptionalText = None
    right: OptionalText = None
    more: OptionalText = None
    source: Source | None = None
    see: list[Text] = Field(default_factory=list)
    shared: dict[str, Address] = Field(default_factory=dict)
    checked: OptionalDay = None
    valid_since: OptionalDay = None

    @property
    def week(self) -> str:
        """The key in URLs, ISO 8601: the tip of 2025-12-31 is „2026-kw01“."""
        return week_key(self.date)

    @property
    def year(self) -> int:
        """The ISO year: 2026 for 2025-12-31."""
        return self.date.isocalendar().year

    @property
    def label(self) -> str:
        """The week as people read it, „KW 1/2026“."""
        return f"KW\u00a0{self.date.isocalendar().week}/{self.year}"


def network_name(key: str) -> str:
    """Return how people write the network with the key „mastodon“."""
    return _NETWORK_NAMES.get(key, key[:1].upper() + key[1:])


def week_key(day: dt.date) -> str:
    """Return the ISO week of *day* as „2026-kw02“."""
    year, week, _ = day.isocalendar()
    return f"{year}-kw{week:02d}"


def week_day(key: str) -> dt.date | None:
    """Return the Wednesday of the week *key* („2026-kw02“), or None if there is no such week."""
    match = _WEEK.fullmatch(key)
    if match is None:
        return None
    try:
        return dt.date.fromisocalendar(int(match[1]), int(match[2]), WEDNESDAY + 1)
    except ValueError:
        return None


def read_year(document: Document, file: str, year: int | None) -> list[tuple[Tip, int]]:
    """
    Return the tips of one file, each with its line; *year* is the one in the file's name.

    Raises:
        SourceError: With one problem for each mistake.
    """
    if document.value in (None, ""):
        return []
    if not isinstance(document.value, list):
        raise SourceError(
            [
                Problem(
                    file,
                    "Die Datei ist keine Liste von Tipps.",
                    1,
                    remedy="Beginnen Sie jeden Tipp mit „- date: 2026-01-07“.",
                )
            ]
        )
    tips = []
    problems: list[Problem] = []
    for number in range(len(document.value)):
        try:
            tip = validate(Tip, document, file, (number,))
        except SourceError as error:
            problems.extend(error.problems)
            continue
        tips.append((tip, document.line((number, "date")) or 1))
        if year is not None and tip.date.year != year:
            problems.append(
                Problem(
                    file,
                    f"Der {tip.date.isoformat()} liegt nicht im Jahr {year} dieser Datei.",
                    document.line((number, "date")),
                    "date",
                    f"Verschieben Sie den Tipp nach {tip.date.year}.yaml.",
                )
            )
    if problems:
        raise SourceError(problems)
    return tips


@dataclass(frozen=True)
class Entry:
    """A tip and where it stands."""

    tip: Tip
    file: str
    line: int
    document: Document
    number: int

    def problem(self, field: str, message: str, remedy: str) -> Problem:
        """Return a problem with *field* of this tip."""
        line = self.document.line((self.number, field))
        return Problem(self.file, message, line, field, remedy)


def date_clashes(entries: Iterable[Entry]) -> list[Problem]:
    """Return a problem for each tip whose Wednesday an earlier one has."""
    found = []
    by_date: dict[dt.date, Entry] = {}
    for entry in entries:
        tip = entry.tip
        other = by_date.setdefault(tip.date, entry)
        if other is not entry:
            found.append(
                entry.problem(
                    "date",
                    f"Für den {tip.date.isoformat()} gibt es schon einen Tipp "
                    f"({other.file}:{other.line}).",
                    "Wählen Sie einen freien Mittwoch.",
                )
            )
    return found


def problems(
    entries: Iterable[Entry], topics: Sequence[str], shared_text: Callable[[str], str]
) -> list[Problem]:
    """
    Return what is wrong with each of *entries*.

    *shared_text* turns a tip's text into what the networks get; their limits are checked on that.
    """
    found = []
    for entry in entries:
        tip = entry.tip
        if tip.topic not in topics:
            found.append(
                entry.problem(
                    "topic",
                    f"Das Thema „{tip.topic}“ gibt es nicht.",
                    f"Möglich sind: {', '.join(topics)} (Einstellung TIPS_TOPICS).",
                )
            )
        if (tip.wrong is None) != (tip.right is None):
            lonely, missing = ("wrong", "right") if tip.wrong else ("right", "wrong")
            found.append(
                entry.problem(
                    lonely,
                    f"Zu „{lonely}“ fehlt „{missing}“.",
                    "Geben Sie beide an oder keines.",
                )
            )
        found.extend(_too_long(entry, shared_text(tip.tip)))
    return found


def _too_long(entry: Entry, text: str) -> list[Problem]:
    # Counting links needs all top-level domains; most builds count nothing.
    from social.counting import TIP_NETWORKS

    return [
        entry.problem(
            "tip",
            f"Der Tipp ist zu lang für {network.name}: {length} von {network.limit} Zeichen.",
            f"Kürzen Sie ihn um {length - network.limit} Zeichen.",
        )
        for network in TIP_NETWORKS
        if (length := network.length(text)) > network.limit
    ]


def see_problems(
    entries: Iterable[Entry], is_post: Callable[[str], bool], known_weeks: Iterable[str]
) -> list[Problem]:
    """Return a problem for each „see“ that names neither a tip's week nor a post's slug."""
    weeks = set(known_weeks)
    return [
        Problem(
            entry.file,
            f"„{name}“ ist weder ein Tipp noch ein Beitrag.",
            entry.document.line((entry.number, "see", position)),
            "see",
            "Schreiben Sie die Woche eines Tipps (2026-kw02) oder den slug eines Beitrags.",
        )
        for entry in entries
        for position, name in enumerate(entry.tip.see)
        if name not in weeks and not is_post(name)
    ]


def by_year(tips: Iterable[Tip]) -> dict[int, list[Tip]]:
    """Return the tips by ISO year, newest year and newest tip first."""
    years: dict[int, list[Tip]] = {}
    for tip in sorted(tips, key=lambda tip: tip.date, reverse=True):
        years.setdefault(tip.year, []).append(tip)
    return years


def by_topic(tips: Iterable[Tip], topics: Sequence[str]) -> dict[str, list[Tip]]:
    """Return the tips of each topic that has any, in the order of *topics*, newest first."""
    newest_first = sorted(tips, key=lambda tip: tip.date, reverse=True)
    groups = {topic: [tip for tip in newest_first if tip.topic == topic] for topic in topics}
    return {topic: group for topic, group in groups.items() if group}


def register(tips: Iterable[Tip]) -> dict[str, list[Tip]]:
    """Return the tips by letter, in the order of DIN 5007-1."""
    letters: dict[str, list[Tip]] = {}
    for tip in sorted(tips, key=lambda tip: sort_key(tip.headword)):
        letters.setdefault(register_letter(tip.headword), []).append(tip)
    return letters


def last_change(tip: Tip, today: dt.date) -> dt.date:
    """
    Return when *tip* was last put right: the day it was checked, if that was after it came out.

    Otherwise the day it came out; a check that lies after *today* does not count yet.
    """
    if tip.checked and tip.date < tip.checked <= today:
        return tip.checked
    return tip.date


def week_a_year_before(tip: Tip) -> str:
    """Return the week 52 weeks earlier, „vor einem Jahr“: a Wednesday, too."""
    return week_key(tip.date - dt.timedelta(weeks=52))
