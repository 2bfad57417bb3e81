"""What follows a deployment that went well: it is written down, and told to those who asked for it."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.aliases import core as aliases
from plugins.schedule.core import site_date
from plugins.source.problem import AuthorError
from publishing import addresses, announce, setting
from publishing.console import complain, say
from publishing.deploy import Deployed
from publishing.front import Options, headers, host_files, survey


def more_files(settings: Mapping[str, Any], output: Path) -> dict[str, bytes]:
    """
    Return the files that are deployed beside what was built.

    Raises:
        AuthorError: A setting is wrong.
    """
    wanted = announce.read(settings)
    server = setting.read("SERVER", Options, settings.get("SERVER", {}))
    found = announce.key_file(wanted)
    if server.headers_file and (output / "index.html").is_file():
        policy = headers.policy(survey.used(output), headers.foreign(settings))
        found[host_files.NAME] = host_files.headers_file(
            policy, server.preload, wanted.websub, headers.opener(settings)
        )
    return found


def finish(deployed: Deployed, settings: Mapping[str, Any], output: Path, base: Path) -> None:
    """Write down which addresses are out, and announce what has changed; say what was done."""
    if deployed.site is None:
        return
    day = os.environ.get("SITE_DATE") or settings.get("SITE_DATE")
    today = site_date(day, dt.datetime.now(dt.UTC), settings["TIMEZONE"])
    new = _record(deployed, settings, today)
    if not (wanted := announce.read(settings)):
        return
    name = hashlib.sha256(str(output.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    memory = announce.Memory(base / ".cache" / "deploy" / f"angekuendigt-{name[:16]}.json")
    rules = output / aliases.RULES
    # Here: nothing is told unless a setting asks for it, and HTTP is slow to import.
    from publishing.announce.round import announce as tell

    result = tell(
        wanted,
        settings["SITEURL"].rstrip("/"),
        memory.changed(deployed.site, new),
        output,
        Path(settings["PATH"]) / announce.MENTIONS,
        today,
        aliases.parse_rules(rules.read_text("utf-8")) if rules.is_file() else (),
    )
    if result.is_complete:
        memory.save(deployed.site)
    for sentence in result.done:
        say(sentence)
    for sentence in result.failed:
        complain(f"Hinweis: {sentence}", "yellow")


def _record(deployed: Deployed, settings: Mapping[str, Any], today: dt.date) -> set[str]:
    file = addresses.ledger(settings)
    if file is None or deployed.site is None:
        return set()
    try:
        return addresses.record(file, deployed.site.files, today)
    except (AuthorError, OSError) as error:
        complain(f"Hinweis: Die Adressen ließen sich nicht aufschreiben: {error}", "yellow")
        return set()
