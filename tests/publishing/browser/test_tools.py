"""Missing tools are named, with the command that installs them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from publishing.browser import tools


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    with pytest.raises(
        tools.ToolsError, match=r"Playwright und Node .* -r requirements-browser\.txt"
    ):
        tools.ensure_tools()


def test_a_missing_browser_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    from playwright.sync_api import sync_playwright

    monkeypatch.setattr(tools, "browser_path", lambda: "/nirgends/chromium")
    with (
        sync_playwright() as playwright,
        pytest.raises(tools.ToolsError, match="apt-get install chromium"),
    ):
        tools.launch(playwright)


def test_packages_are_installed_once_for_each_lock_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text("1")
    (tmp_path / "node_modules").mkdir()
    calls: list[object] = []

    def run(command: object, **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        return subprocess.CompletedProcess([], len(calls) == 3)

    monkeypatch.setattr(tools, "_PROJECT", tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    tools.ensure_packages(tmp_path)
    tools.ensure_packages(tmp_path)
    assert len(calls) == 1
    lock.write_text("2")
    tools.ensure_packages(tmp_path)
    assert len(calls) == 2
    lock.write_text("3")
    with pytest.raises(tools.ToolsError, match="npm konnte"):
        tools.ensure_packages(tmp_path)
