"""`invoke serve`: what it shows, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from publishing.build import locked
from tests.e2e.conftest import free_port, running
from tests.site import PROJECT, Site

_ENDING = [signal.SIGINT, signal.SIGTERM]


def preview_options(site: Site) -> tuple[str, ...]:
    """Return the options of `invoke serve` for *site* alone."""
    return (
        *("--content", str(site.content), "--settings", str(site.settings)),
        *("--output", str(site.folder / "vorschau")),
    )


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        text: str = response.read().decode()
        return text


def _processes(site: Site) -> list[str]:
    """Return the commands that run for *site*."""
    command = ["ps", "-A", "-ww", "-o", "args"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if str(site.folder) in line]


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _draft(site: Site) -> None:
    site.write(
        "artikel/werkzeuge.md",
        "---\ntitle: Werkzeuge\ndate: 2026-01-01\ncategory: Garten\nsummary: Was man so braucht.\n"
        "status: draft\n---\n\nEin Spaten.\n",
    )


@pytest.mark.parametrize("number", _ENDING)
def test_preview_shows_drafts_and_ends_clean(small_site: Site, number: signal.Signals) -> None:
    """Drafts and future posts have pages here, marked as such; the signal ends all processes."""
    _draft(small_site)
    with running(small_site, options=preview_options(small_site)) as (process, url):
        page = _get(f"{url}/entwurf/werkzeuge/")
        assert "Entwurf&nbsp;– nicht veröffentlicht" in page
        assert "noindex" in page
        log = (small_site.folder / "serve.log").read_text("utf-8")
        assert f"{url}/entwurf/werkzeuge/" in log
        form = _get(f"{url}/kommentare/antworten/?seite=/blog/der-zweite-beitrag/")
        assert "Kommentar schreiben" in form
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
    assert not _processes(small_site)


def test_a_signal_during_the_first_build_ends_all(small_site: Site) -> None:
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "invoke", "serve", "--port", str(free_port())),
            *preview_options(small_site),
        ],
        cwd=PROJECT,
        env={**os.environ, "COMMENTS_DATA": str(small_site.data), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            _until(lambda: any("publishing.live.worker" in line for line in _processes(small_site)))
            process.terminate()
            out, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, out) == (0, "Beendet.\n")
    assert not _processes(small_site)


def test_nothing_outlives_a_server_that_was_killed(small_site: Site) -> None:
    with running(small_site, options=preview_options(small_site)) as (process, _):
        assert len(_processes(small_site)) >= 2
        process.kill()
        _until(lambda: not _processes(small_site))


def test_a_start_that_fails_is_told_and_mended(small_site: Site, browser: Browser) -> None:
    """With nothing to show yet, the browser has at least the reason; here: another preview."""
    other = ExitStack()
    other.enter_context(locked(small_site.folder / "vorschau"))
    with running(small_site, options=preview_options(small_site)) as (_, url):
        page = browser.new_page()
        page.goto(f"{url}/blog/der-zweite-beitrag/")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Eine andere Vorschau baut schon in diesen Ordner.")
        other.close()
        small_site.replace("artikel/zwei.md", "Erster Absatz.", "Endlich.")
        expect(page.get_by_text("Endlich.")).to_be_visible(timeout=20_000)
        expect(alert).to_have_count(0)
        page.close()


def test_an_option_that_names_nothing_is_one_message(small_site: Site) -> None:
    for option in ("--content", "--settings"):
        result = small_site.invoke("serve", "--port", str(free_port()), option, "gibt-es-nicht")
        assert result.status == 1
        assert (
            result.err == f"Fehler: {option}: gibt-es-nicht gibt es nicht – prüfen Sie den Pfad.\n"
        )


def test_changed_code_is_used_and_its_mistakes_are_told(
    small_site: Site, browser: Browser, tmp_path: Path
) -> None:
    """A new process builds then; a broken plugin is told with its line, until it is mended."""
    project = tmp_path / "projekt"
    for name in ("plugins", "publishing", "comment_service", "lektorat", "theme"):
        shutil.copytree(
            PROJECT / name, project / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("tasks.py", "pelicanconf.py", "publishconf.py"):
        shutil.copy(PROJECT / name, project)
    plugin = project / "plugins/german/adapter.py"
    code = plugin.read_text("utf-8")
    with running(small_site, options=preview_options(small_site), project=project) as (_, url):
        page = browser.new_page()
        page.goto(url)
        expect(page.locator("h1")).to_have_text("Mittwochspost")
        alert = page.get_by_role("alert")
        plugin.write_text(code.replace("register() -> None:", "register() -> None"), "utf-8")
        expect(alert).to_contain_text("(adapter.py, line", timeout=20_000)
        commands = project / "publishing/commands.py"
        praise = commands.read_text("utf-8").replace("Gebaut und", "Gelobt und")
        commands.write_text(f"{praise}1 / 0\n", "utf-8")
        line = praise.count("\n") + 1
        expect(alert).to_contain_text(f"publishing/commands.py, Zeile {line}", timeout=20_000)
        expect(alert).to_contain_text("ZeroDivisionError")
        commands.write_text(praise, "utf-8")
        plugin.write_text(code, "utf-8")
        expect(alert).to_have_count(0, timeout=20_000)
        log = (small_site.folder / "serve.log").read_text("utf-8")
        assert "plugins/german/adapter.py hat sich geändert: Der Build beginnt neu." in log
        assert f"Fehler: publishing/commands.py:{line}: Der Code ist hier gescheitert" in log
        assert "Gelobt und geprüft" in log
        page.close()
