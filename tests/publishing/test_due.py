"""`invoke build --if-due` does something on the day on which something comes out, or after it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.due import Due
from tests.site import Site

_BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Due:
    monkeypatch.delenv("SITE_DATE", raising=False)
    settings = tmp_path / "conf.py"
    settings.touch()
    return Due(settings, None, tmp_path / "output", tmp_path)


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_nothing_known_means_to_build(due: Due) -> None:
    assert due.next_day(_at("2026-03-04")) is None


@pytest.mark.parametrize(
    ("now", "day"),
    [
        # Winter: Wednesday begins at 23:00 UTC; summer: at 22:00.
        ("2026-03-24 22:59", "2026-03-25"),
        ("2026-03-24 23:00", None),
        ("2026-03-26 12:00", None),
    ],
)
def test_the_day_begins_at_midnight_in_the_sites_zone(due: Due, now: str, day: str | None) -> None:
    due.record("2026-03-25", "Europe/Berlin")
    assert due.next_day(_at(now)) == day


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-04-01", "2026-10-28"])
def test_summer_time_moves_no_day(due: Due, day: str) -> None:
    """Around the nights in which an hour is missing, or comes twice."""
    due.record(day, "Europe/Berlin")
    midnight = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), _BERLIN)
    moment = midnight.astimezone(dt.UTC)
    assert due.next_day(moment - dt.timedelta(seconds=1)) == day
    for hours in range(30):
        assert due.next_day(moment + dt.timedelta(hours=hours)) is None


def test_a_plan_without_end_is_none(due: Due) -> None:
    due.record("", "Europe/Berlin")
    assert due.next_day(_at("2099-01-01")) == ""


def test_other_settings_mean_to_build(due: Due, tmp_path: Path) -> None:
    due.record("2026-03-25", "Europe/Berlin")
    settings = tmp_path / "conf.py"
    settings.write_text("DEPLOY = {}\n", "utf-8")
    again = Due(settings, None, tmp_path / "output", tmp_path)
    assert again.next_day(_at("2026-03-01")) is None
    other = Due(settings, tmp_path, tmp_path / "output", tmp_path)
    assert other.next_day(_at("2026-03-01")) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"day": 1}', '{"day":"","zone":"X/Y","settings":""}']
)
def test_a_damaged_memory_means_to_build(due: Due, tmp_path: Path, text: str) -> None:
    due.record("", "Europe/Berlin")
    (file,) = (tmp_path / "deploy").glob("faellig-*.json")
    file.write_text(text, "utf-8")
    assert due.next_day(_at("2026-03-01")) is None


def test_a_missed_wednesday_is_made_up_for(small_site: Site) -> None:
    site = small_site
    text = site.settings.read_text("utf-8")
    site.settings.write_text(text.replace("SITE_DATE = '2026-06-30'\n", ""), "utf-8")

    def build(day: str) -> str:
        result = site.build("--if-due", SITE_DATE=day)
        assert result.status == 0, result.err
        return result.out.replace("\xa0", " ")

    assert "Veröffentlicht in" in build("2026-03-01")
    assert build("2026-03-10") == "Nichts ist fällig; das nächste Mal am 11. März 2026.\n"
    site.write("artikel/neu.md", "---\ntitle: Neu\n---\n")
    failed = site.build("--if-due", SITE_DATE="2026-03-12")
    assert failed.status == 1
    (site.content / "artikel/neu.md").unlink()
    # On Wednesday it failed; on Thursday it comes out.
    assert "Veröffentlicht in" in build("2026-03-12")
    assert "tipps/2026-kw11/index.html" in site.deployed()
    assert build("2026-12-31") == "Nichts ist fällig; geplant ist nichts.\n"
