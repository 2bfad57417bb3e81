"""What `invoke tips.calendar` and `invoke tips.schema` do."""

from __future__ import annotations

import datetime as dt

from rich import box
from rich.table import Table

from authoring.collection import load_settings, read_tips, tips_folder, today
from authoring.tip_calendar import Calendar, Topic, calendar, holidays_of_week
from authoring.tip_schema import FILE, as_text, with_schema_line
from plugins.german.core import date as shown_date
from plugins.german.core import plural, week
from plugins.source.adapter import read_text
from plugins.source.problem import shown_path
from plugins.tips.core import Tip
from publishing.console import console, say
from social.ledger import write_whole

_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_SHOWN = 10


def show_calendar(content: str, weeks: int) -> None:
    """Print the next *weeks* Wednesdays, the queue, gaps, old tips and topics."""
    settings = load_settings(content)
    found = calendar((entry.tip for entry in read_tips(settings).values()), today(settings))
    _print(_weeks_table(found, weeks))
    say(_queue(found))
    if found.gaps:
        say(f"Lücken: {_listed([_week_and_day(day) for day in found.gaps])}.", "yellow")
    if found.stale:
        tips = _listed([f"{tip.week} {tip.headword}" for tip in found.stale])
        say(f"Seit zwei Jahren nicht geprüft: {tips}.", "yellow")
    elif found.tips:
        say("Alle Tipps sind in den letzten zwei Jahren geprüft.")
    console.print()
    _print(_topics_table(found.topics(settings["TIPS_TOPICS"]), found.today))


def _print(table: Table) -> None:
    console.print(table, soft_wrap=False, crop=False)


def _table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left")
    return table


def _weeks_table(found: Calendar, weeks: int) -> Table:
    table = _table("KW", "Mittwoch", "Tipp", "Thema", "Feiertage", right=("KW",))
    for day in found.coming(weeks):
        tip = found.tips.get(day)
        texts = (tip.headword, tip.topic) if tip else ("[dim]frei[/dim]", "")
        table.add_row(
            str(day.isocalendar().week), _short(day), *(_plain(tip, texts)), _holidays(day)
        )
    return table


def _plain(tip: Tip | None, texts: tuple[str, str]) -> tuple[str, str]:
    """Keep brackets in the author's words from being markup."""
    return texts if tip is None else (texts[0].replace("[", r"\["), texts[1].replace("[", r"\["))


def _short(day: dt.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _holidays(wednesday: dt.date) -> str:
    return ", ".join(
        f"{_DAYS[day.weekday()]} {name}" for day, name in holidays_of_week(wednesday).items()
    )


def _queue(found: Calendar) -> str:
    free = found.next_free
    queue = plural(len(found.queue), "Tipp", "Tipps")
    return (
        f"\nVorrat: {queue}. Der nächste freie Mittwoch ist der {shown_date(free)} ({week(free)})."
    )


def _week_and_day(day: dt.date) -> str:
    return f"{week(day)} ({shown_date(day)})"


def _listed(items: list[str]) -> str:
    """Return the first items, and how many more there are."""
    more = len(items) - _SHOWN
    return ", ".join(items[:_SHOWN]) + (f" und {more} weitere" if more > 0 else "")


def _topics_table(topics: list[Topic], day: dt.date) -> Table:
    numbers = ("Tipps", "letztes halbes Jahr", "im Vorrat")
    table = _table("Thema", *numbers, "zuletzt", right=numbers)
    for topic in topics:
        table.add_row(
            topic.name.replace("[", r"\["),
            *(str(number) for number in (topic.count, topic.recent, topic.queued)),
            _weeks_ago(topic.latest, day),
        )
    return table


def _weeks_ago(latest: dt.date | None, day: dt.date) -> str:
    if latest is None:
        return "noch nie"
    weeks = (day - latest).days // 7
    return "diese Woche" if weeks == 0 else f"vor {plural(weeks, 'Woche', 'Wochen')}"


def write_schema(content: str) -> None:
    """Write the schema beside the year files, and name it in each of them."""
    settings = load_settings(content)
    folder = tips_folder(settings)
    path = folder / FILE
    write_whole(path, as_text(settings["TIPS_TOPICS"]).encode())
    say(f"Geschrieben: {shown_path(path)}.", "green")
    for year in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        read_text(year)  # tells what is wrong with its bytes
        text = year.read_bytes().decode("utf-8")
        new = with_schema_line(text)
        if new != text:
            write_whole(year, new.encode())
            say(f"{shown_path(year)} nennt es jetzt in der ersten Zeile.", "green")
