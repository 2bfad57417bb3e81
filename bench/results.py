"""RESULTS.md: every benchmark writes its own section, between two comments, and leaves the others."""

from __future__ import annotations

import os
import platform
import re
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
_HEAD = "# Benchmarks\n\nWritten by the programs in this folder; do not edit.\n"


def machine() -> str:
    """Return date, Python, system and processor, without anybody's names or paths."""
    return (
        f"{date.today().isoformat()}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores"
    )


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or "unknown processor"


def write_section(name: str, text: str, results: Path = RESULTS) -> None:
    """Put *text* in the place of the section *name*, or at the end."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    new = f"{begin}\n{text}\n{end}"
    old = results.read_text("utf-8") if results.exists() else _HEAD
    before, found, rest = old.partition(begin)
    if found:
        _, _, after = rest.partition(end)
        result = before + new + after
    else:
        result = f"{old.rstrip()}\n\n{new}\n"
    results.write_text(result, "utf-8")
