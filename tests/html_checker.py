"""The W3C's checker of HTML and CSS (vnu), of npm's package, in one run for all pages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from publishing.browser.tools import ensure_packages, pinned
from tests.environment import E2E, ensure_java

_JAR = E2E / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
#: CSS that browsers know and the checker does not yet.
_UNKNOWN = "Unrecognized at-rule “@view-transition”"


def ensure() -> None:
    """Install the checker and Java if they are not there."""
    ensure_java()
    ensure_packages(E2E)


def html_errors(pages: Iterable[Path]) -> list[str]:
    """Return the errors in *pages*: file, line, what is wrong."""
    command = ["java", "-Xss4m", "-jar", str(_JAR), "--format", "json", "--exit-zero-always"]
    # Of a file that is not there it says nothing.
    names = [str(page.resolve(strict=True)) for page in pages]
    result = subprocess.run(
        [*command, *names], capture_output=True, text=True, timeout=180, check=True
    )
    # Its report comes on stderr.
    messages: list[dict[str, str]] = json.loads(result.stderr)["messages"]
    return [
        f"{message['url']}:{message.get('lastLine', '')}: {message['message']}"
        for message in messages
        if message["type"] != "info" and _UNKNOWN not in message["message"]
    ]


def version() -> str:
    """Return the checker's pinned version."""
    return pinned(E2E, "vnu-jar")
