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
    for step in steps:
        if "run" in step:
            subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)
    assert flow["concurrency"]["cancel-in-progress"] is False


def test_the_pipeline_is_what_gitlab_reads() -> None:
    job = yaml.safe_load(files.gitlab_pipeline())["plan"]
    assert job["resource_group"]


def _forges() -> dict[str, tuple[str, str]]:
    """Return what each forge runs, and the variable in which it says why."""
    steps = yaml.safe_load(files.github_workflow())["jobs"]["plan"]["steps"]
    runs = {step["name"]: step["run"] for step in steps if "run" in step}
    pipeline = yaml.safe_load(files.gitlab_pipeline())["plan"]
    return {
        "ssh": (runs["Den Weg zum Server vorbereiten"], ""),
        "github": (runs["Bauen und veröffentlichen"], "GITHUB_EVENT_NAME"),
        "gitlab": ("\n".join(pipeline["script"]), "CI_PIPELINE_SOURCE"),
    }


def _run(folder: Path, script: str, **environment: str) -> list[str]:
    """Run a *script* of a forge in *folder*; return the commands that it called of Python's."""
    fake = folder / "bin" / "python3"
    if not fake.exists():
        fake.parent.mkdir()
        (folder / ".venv" / "bin").mkdir(parents=True)
        for path in (fake, folder / ".venv/bin/pip", folder / ".venv/bin/python"):
            path.write_text(f'#!/bin/sh\necho "$*" >>{folder}/calls\n', "utf-8")
            path.chmod(0o755)
        (fake.parent / "rsync").symlink_to("/bin/true")
    (folder / "calls").write_text("", "utf-8")
    own = {"PATH": f"{fake.parent}:/usr/bin:/bin", "HOME": str(folder)}
    command = ["bash", "-eo", "pipefail", "-c", script]
    subprocess.run(command, cwd=folder, env=own | environment, check=True)
    return (folder / "calls").read_text("utf-8").splitlines()


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_a_push_is_built_and_the_schedule_builds_what_is_due(forge: str, tmp_path: Path) -> None:
    script, why = _forges()[forge]
    keys = {"AWS_ACCESS_KEY_ID": "x"}
    on_push = _run(tmp_path, script, **{why: "push"})
    assert on_push[-1] == "-m invoke build"
    assert on_push[-2].endswith("-r requirements.txt")
    on_time = _run(tmp_path, script, **{why: "schedule"}, **keys)
    assert on_time[-1] == "-m invoke build --if-due"
    assert on_time[-2].endswith("-r requirements-s3.txt")


@pytest.mark.parametrize("forge", ["ssh", "gitlab"])
def test_the_key_for_rsync_comes_from_a_secret(forge: str, tmp_path: Path) -> None:
    script, _ = _forges()[forge]
    _run(tmp_path, script)
    assert not (tmp_path / ".ssh").exists()
    _run(tmp_path, script, DEPLOY_SSH_KEY="-----\nabc", DEPLOY_KNOWN_HOSTS="host ssh-ed25519 A")
    key = tmp_path / ".ssh" / "id_ed25519"
    assert (key.stat().st_mode & 0o777, key.read_text("utf-8")) == (0o600, "-----\nabc\n")
    assert (tmp_path / ".ssh/known_hosts").read_text("utf-8") == "host ssh-ed25519 A\n"


def test_each_kind_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("cron", "github", "forgejo", "gitlab"):
        files.print_schedule(kind, Path("/srv/blog/publishconf.py"))
        assert "--if-due" in capsys.readouterr().out
    with pytest.raises(AuthorError, match="möglich sind cron, github, forgejo, gitlab"):
        files.print_schedule("at", Path("publishconf.py"))
