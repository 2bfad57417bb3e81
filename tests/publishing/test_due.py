"""`invoke build --if-due` does something on the day on which something comes out, or after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.due import Due
from tests.site import Site

_BERLIN = ZoneInfo("Europe/Berlin")
_TIP = """- date: 2026-03-18
  headword: Bindestrich
  topic: Typografie
  tip: "Der Bindestrich verbindet."
"""


@pytest.fixture
def due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Due:
    monkeypatch.delenv("SITE_DATE", raising=False)
    return _due(tmp_path)


def _due(folder: Path) -> Due:
    """Return what a command that begins now sees; its texts were saved a while ago."""
    (folder / "content").mkdir(exist_ok=True)
    (folder / "conf.py").touch()
    due = Due(folder / "conf.py", None, folder / "output", folder)
    due._begun_ns += 10**12
    return due


def _content(folder: Path) -> str:
    return str(folder / "content")


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
def test_the_day_begins_at_midnight_in_the_sites_zone(
    due: Due, tmp_path: Path, now: str, day: str | None
) -> None:
    due.record("2026-03-25", "Europe/Berlin", _content(tmp_path))
    assert due.next_day(_at(now)) == day


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-04-01", "2026-10-28"])
def test_summer_time_moves_no_day(due: Due, tmp_path: Path, day: str) -> None:
    """Around the nights in which an hour is missing, or comes twice."""
    due.record(day, "Europe/Berlin", _content(tmp_path))
    midnight = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), _BERLIN)
    moment = midnight.astimezone(dt.UTC)
    assert due.next_day(moment - dt.timedelta(seconds=1)) == day
    for hours in range(30):
        assert due.next_day(moment + dt.timedelta(hours=hours)) is None


def test_a_plan_without_end_is_none(due: Due, tmp_path: Path) -> None:
    due.record("", "Europe/Berlin", _content(tmp_path))
    assert due.next_day(_at("2099-01-01")) == ""


def test_other_settings_mean_to_build(due: Due, tmp_path: Path) -> None:
    due.record("2026-03-25", "Europe/Berlin", _content(tmp_path))
    settings = tmp_path / "conf.py"
    settings.write_text("DEPLOY = {}\n", "utf-8")
    again = Due(settings, None, tmp_path / "output", tmp_path)
    assert again.next_day(_at("2026-03-01")) is None
    other = Due(settings, tmp_path, tmp_path / "output", tmp_path)
    assert other.next_day(_at("2026-03-01")) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "{",
        lambda text: "[]",
        lambda text: '{"day": 1}',
        lambda text: text.replace("Europe/Berlin", "X/Y"),
        lambda text: text.replace('"texts": {}', '"texts": []'),
        lambda text: text.replace('"texts": {}', '"texts": {"x": []}'),
    ],
)
def test_a_damaged_memory_means_to_build(
    due: Due, tmp_path: Path, change: Callable[[str], str]
) -> None:
    due.record("", "Europe/Berlin", _content(tmp_path))
    (file,) = (tmp_path / "deploy").glob("faellig-*.json")
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    assert due.next_day(_at("2026-03-01")) is None


# --- Texts -----------------------------------------------------------------------------------------


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """A text that was deployed; nothing is planned."""
    due = _due(tmp_path)
    file = tmp_path / "content" / "artikel" / "eins.md"
    file.parent.mkdir()
    file.write_text("Eins", "utf-8")
    due.record("", "Europe/Berlin", _content(tmp_path))
    assert due.next_day(_at("2026-03-01")) == ""
    return file


@pytest.mark.parametrize(
    "save",
    [
        lambda file: file.write_text("Zwei", "utf-8"),
        lambda file: file.with_name("neu.md").write_text("Eins", "utf-8"),
        lambda file: file.unlink(),
        lambda file: file.rename(file.with_name("neu.md")),
    ],
)
def test_another_text_may_be_due(
    text: Path, tmp_path: Path, save: Callable[[Path], object]
) -> None:
    save(text)
    assert _due(tmp_path).next_day(_at("2026-03-01")) is None


def test_the_same_text_with_another_time_is_none(text: Path, tmp_path: Path) -> None:
    """As git leaves it that fetches all files anew, in the CI of a forge."""
    text.with_name("kopie").write_text("Eins", "utf-8")
    text.with_name("kopie").replace(text)
    assert _due(tmp_path).next_day(_at("2026-03-01")) == ""


def test_what_deployments_write_is_no_text(text: Path, tmp_path: Path) -> None:
    for name in ("adressen.txt", "erwaehnungen.txt"):
        (tmp_path / "content" / name).write_text("/neu/", "utf-8")
    assert _due(tmp_path).next_day(_at("2026-03-01")) == ""


def test_a_text_that_was_saved_during_the_build_is_not_known(text: Path, tmp_path: Path) -> None:
    """The build may have read it before."""
    due = _due(tmp_path)
    due._begun_ns = text.stat().st_mtime_ns
    due.record("", "Europe/Berlin", _content(tmp_path))
    assert due.next_day(_at("2026-03-01")) is None
    _due(tmp_path).record("", "Europe/Berlin", _content(tmp_path))
    assert due.next_day(_at("2026-03-01")) == ""


def test_a_missed_wednesday_is_made_up_for_and_a_new_tip_comes_out(small_site: Site) -> None:
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
    # On Friday the author writes one for Wednesday, and does nothing else.
    tips = (site.content / "tipps/2026.yaml").read_text("utf-8")
    site.write("tipps/2026.yaml", tips + _TIP)
    assert "Veröffentlicht in" in build("2026-03-18")
    assert "tipps/2026-kw12/index.html" in site.deployed()
