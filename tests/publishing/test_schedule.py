"""Files for systemd, cron and the CI of forges are what those programs understand."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from plugins.source.problem import AuthorError
from publishing.schedule import files
from publishing.schedule.systemd import Host, units

HOST = Host(
    site="mittwochspost.example",
    zone="Europe/Berlin",
    project="/srv/mittwochspost",
    user="mittwochspost",
    settings="/srv/mittwochspost/publishconf.py",
    writable=("/srv/www",),
)


def _analyze(*arguments: str) -> str:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is missing: apt-get install systemd"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The units as files; what they run is there."""
    project = tmp_path / "projekt"
    host = Host(**{**vars(HOST), "project": str(project), "settings": f"{project}/publishconf.py"})
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(0o755)
    for name, text in units(host).items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_systemd_has_nothing_to_say_against_the_units(folder: Path) -> None:
    made = sorted(map(str, folder.glob("mittwochspost-*")))
    assert len(made) == 4
    said = _analyze("verify", "--man=no", *made)
    assert [line for line in said.splitlines() if "mittwochspost-" in line] == []


def test_no_service_can_do_what_it_need_not(folder: Path) -> None:
    """systemd's own score: 0 is locked up, 10 is free to do everything."""
    for unit in sorted(folder.glob("*.service")):
        _analyze("security", "--offline=yes", "--no-pager", "--threshold=20", str(unit))


def test_the_timer_goes_by_the_sites_clock(folder: Path) -> None:
    timer = (folder / "mittwochspost-plan.timer").read_text("utf-8")
    assert "Persistent=yes" in timer
    (rule,) = re.findall(r"OnCalendar=(.*)", timer)
    said = _analyze("calendar", "--base-time=2026-03-28 23:30:00 UTC", "--iterations=2", rule)
    # The night in which summer time begins: six o'clock is an hour earlier in UTC.
    assert "2026-03-29 04:05:00 UTC" in said.replace("(in UTC): Sun ", "")
    said = _analyze("calendar", "--base-time=2026-10-24 23:30:00 UTC", "--iterations=2", rule)
    assert "2026-10-25 05:05:00 UTC" in said.replace("(in UTC): Sun ", "")


def test_without_a_comment_service_there_is_nothing_to_watch() -> None:
    made = units(Host(**{**vars(HOST), "service": ""}))
    assert sorted(made) == ["mittwochspost-plan.service", "mittwochspost-plan.timer"]


def test_cron_gets_one_line() -> None:
    line = files.cron_line("/srv/mein blog", "/srv/mein blog/publish%conf.py")
    minute, hours, *days, command = line.split(" ", 5)
    assert (minute, hours, days) == ("5", "6-23", ["*", "*", "*"])
    assert line.endswith("\n")
    assert "%" not in re.sub(r"\\%", "", command)
    words = shlex.split(command.replace("\\%", "%"))
    assert words[:3] == ["cd", "/srv/mein blog", "&&"]
    assert "--if-due" in words


def test_the_workflow_is_what_forges_read() -> None:
    flow = yaml.safe_load(files.github_workflow())
    # YAML 1.1 reads „on“ as a truth value; forges do not.
    times = [entry["cron"] for entry in flow[True]["schedule"]]
    assert all(re.fullmatch(r"\d+ \d+ \* \* \*", time) for time in times)
    steps = flow["jobs"]["plan"]["steps"]
    runs = "\n".join(step.get("run", "") for step in steps)
    assert "build --if-due" in runs
    for step in steps:
        if "run" in step:
            subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)
    assert flow["concurrency"]["cancel-in-progress"] is False


def test_the_pipeline_is_what_gitlab_reads() -> None:
    job = yaml.safe_load(files.gitlab_pipeline())["plan"]
    assert any("--if-due" in line for line in job["script"])
    assert job["resource_group"]


def test_each_kind_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("cron", "github", "forgejo", "gitlab"):
        files.print_schedule(kind, Path("/srv/blog/publishconf.py"))
        assert "--if-due" in capsys.readouterr().out
    with pytest.raises(AuthorError, match="möglich sind cron, github, forgejo, gitlab"):
        files.print_schedule("at", Path("publishconf.py"))
