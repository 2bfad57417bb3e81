"""What tests and lint need around them: a browser, Node tools, and the order of commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.browser.tools import browser_path, ensure_packages
from publishing.console import say

PROJECT = Path(__file__).resolve().parent.parent
E2E = PROJECT / "tests" / "e2e"
PDS = PROJECT / "tests" / "social" / "pds"
NODE_TOOLS = (E2E, PDS, PROJECT / "publishing" / "browser")
_CORES = (
    *("plugins/*/core.py", "plugins/search/files.py", "publishing/check/core.py"),
    *("publishing/browser/kinds.py", "publishing/browser/report.py"),
    # All but the commands, which lead to Pelican.
    *("social/[!c]*.py", "social/counting.py", "authoring/tip_[!t]*.py"),
    *("yearbook/book.py", "yearbook/epub.py", "yearbook/xhtml.py"),
    *("plugins/comments/systems.py", "plugins/comments/replies.py", "plugins/comments/mastodon.py"),
    "plugins/comments/snapshot.py",
    "migration/*.py",
)


def install_debian(*packages: str) -> None:
    """Install Debian packages, where this is Debian and we may; otherwise do nothing."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    say(f"Für die Tests wird installiert: {', '.join(packages)}.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=False)


def ensure_firefox() -> None:
    """Install Firefox if there is none: Chromium here has no German hyphenation."""
    from tests.e2e.firefox import firefox_path

    if firefox_path() is None:
        install_debian("firefox-esr")


def ensure_servers() -> None:
    """Install what we are tested against, if it is missing: sshd and rsync, PostgreSQL, nginx, systemd."""
    if not (shutil.which("rsync") and shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")):
        install_debian("openssh-server", "rsync")
    if not _has_nginx():
        install_debian("nginx-light", "libnginx-mod-http-brotli-static", "openssl")
    if shutil.which("systemd-analyze") is None:
        install_debian("systemd")
    from tests.comment_service.postgres import program

    if program("initdb") is None:
        install_debian("postgresql")


def _has_nginx() -> bool:
    has_brotli = any(Path("/etc/nginx/modules-enabled").glob("*brotli-static*"))
    return has_brotli and shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is not None


def ensure_java() -> None:
    """Install Java if there is none: EPUBCheck and the checker of HTML are written in it."""
    if shutil.which("java") is None:
        install_debian("default-jre-headless")


def ensure_browser() -> None:
    """
    Install a browser if there is none: Debian's where that is possible, Playwright's otherwise.

    Raises:
        AuthorError: Neither can be had.
    """
    if browser_path() or _has_playwrights():
        return
    install_debian("chromium")
    if not browser_path():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not browser_path() and not _has_playwrights():
        raise AuthorError(
            "Für die Tests ließ sich kein Browser installieren – installieren Sie Chromium von Hand "
            "(Debian: apt-get install chromium), und rufen Sie invoke test noch einmal auf."
        )


def _has_playwrights() -> bool:
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            return Path(playwright.chromium.executable_path).exists()
    except Error:
        return False


def ensure_node_tools() -> None:
    """
    Install what the package-lock.json of each folder in NODE_TOOLS names, if it is not there.

    Raises:
        ToolsError: npm fails.
    """
    for folder in NODE_TOOLS:
        ensure_packages(folder)


def run_tests(only: str = "") -> None:
    """Run pytest with everything it needs; exit with its status."""
    from tests.plugins.typography.corpus import ensure_corpus

    ensure_browser()
    ensure_firefox()
    ensure_servers()
    ensure_java()
    ensure_node_tools()
    ensure_corpus()
    # One file in one process: what a file has built and started serves all its tests. One process more than
    # there are cores, because half of the time some test waits for a server or a browser.
    processes = str((os.cpu_count() or 1) + 1)
    command = [sys.executable, "-m", "pytest", "--numprocesses", processes, "--dist", "loadfile"]
    command += ["-k", only] if only else []
    sys.exit(subprocess.run(command, cwd=PROJECT, check=False).returncode)


def run_lint() -> None:
    """Run ruff and mypy, all of them, and exit with the worst status."""
    cores = sorted(str(path) for pattern in _CORES for path in PROJECT.glob(pattern))
    commands = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", *cores],
    )
    statuses = [
        subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, check=False).returncode
        for command in commands
    ]
    sys.exit(max(statuses))


def lock_requirements() -> None:
    """Pin all requirement files with hashes, for all systems, without naming an index."""
    for name in (
        *("requirements", "requirements-lektorat", "requirements-postgres", "requirements-s3"),
        "requirements-browser",
        "requirements-dev",
        *("bench/requirements", "bench/requirements-isso"),
    ):
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", f"{name}.in", "-o", f"{name}.txt"),
            *("--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade"),
            *("--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
        ]
        subprocess.run(command, cwd=PROJECT, check=True)
    say("Alle requirements-Dateien sind neu geschrieben.", "green")
