"""Fetch the threads that posts name, and keep the last good state of each."""

from __future__ import annotations

import http.client
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from plugins.comments.download import TooMuchError, download
from plugins.comments.pull import default_snapshot, write
from plugins.comments.replies import (
    APPROVALS,
    ApprovalError,
    RepliesError,
    Reply,
    Thread,
    dump_threads,
    parse_approvals,
    parse_context,
    parse_threads,
)
from plugins.comments.systems import Mastodon, SystemsError, read
from plugins.source.problem import AuthorError, Problem, SourceError, shown_path

#: A thread is not fetched again before that: servers of others are not ours to burden.
REST = timedelta(minutes=10)
#: So many threads in one build, those that waited longest; a build must not take minutes.
AT_ONCE = 20
MAX_BYTES = 8 * 1024 * 1024
#: So long a server may say nothing, and so long a thread may take.
SILENCE_S = 5.0
WITHIN_S = 10.0

_FRONT_MATTER_BYTES = 4096
_KEY = re.compile(rb"^mastodon:[ \t]*[\"']?(https://[^\s\"']+)", re.MULTILINE | re.IGNORECASE)


class MastodonError(AuthorError):
    """Replies cannot be fetched or approved; the message is German and complete."""


def configured(settings: Mapping[str, Any]) -> Mastodon | None:
    """
    Return Mastodon as it is set up, if replies are to become part of pages.

    Raises:
        MastodonError: The setting is wrong.
    """
    try:
        system = read(settings.get("COMMENTS_SYSTEMS", {})).get(Mastodon.key)
    except SystemsError as error:
        raise MastodonError(str(error)) from None
    return system if isinstance(system, Mastodon) and system.bake else None


def snapshot_path(settings: Mapping[str, Any]) -> Path:
    """Return the file with the threads: beside that of the comments."""
    comments = Path(settings.get("COMMENTS_SNAPSHOT") or default_snapshot())
    return comments.with_name("mastodon.json")


def load_threads(path: Path) -> dict[str, Thread]:
    """
    Return the threads that were fetched last: address → thread.

    Raises:
        SourceError: The file is not what it should be.
    """
    try:
        return parse_threads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (RepliesError, OSError) as error:
        remedy = "Löschen Sie die Datei: Der nächste Build holt die Antworten neu."
        raise SourceError([Problem(shown_path(path), str(error), remedy=remedy)]) from error


def load_approvals(settings: Mapping[str, Any]) -> dict[str, int]:
    """
    Return the replies that the author approved: address → line of her list.

    Raises:
        SourceError: The list cannot be read.
    """
    path = Path(settings["PATH"]) / APPROVALS
    try:
        return parse_approvals(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except ApprovalError as error:
        message = f"„{error.word}“ ist keine Adresse."
        remedy = "In jeder Zeile steht zuerst die Adresse einer Antwort, dahinter, was Sie möchten."
        raise SourceError([Problem(shown_path(path), message, error.line, remedy=remedy)]) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(shown_path(path), f"Die Liste ist nicht lesbar: {error}.")
        raise SourceError([problem]) from error


def approve(settings: Mapping[str, Any], addresses: list[str]) -> int:
    """
    Add the replies at *addresses* to the author's list; return how many were new.

    Raises:
        MastodonError: One is no reply that was fetched; then nothing was changed.
    """
    threads = load_threads(snapshot_path(settings))
    known = {reply.url: reply for thread in threads.values() for reply in thread.replies}
    if unknown := [address for address in addresses if address not in known]:
        raise MastodonError(
            f"Diese Antwort ist nicht bekannt: {unknown[0]}. Es wurde nichts geändert; welche es "
            "gibt, zeigt „invoke comments.mastodon“."
        )
    approvals = load_approvals(settings)
    new = [address for address in dict.fromkeys(addresses) if address not in approvals]
    path = Path(settings["PATH"]) / APPROVALS
    before = path.read_text("utf-8-sig") if path.exists() else _HEAD
    lines = "".join(f"{url}  {known[url].author}\n" for url in new)
    if new:
        write(path, before + ("" if before.endswith("\n") else "\n") + lines)
    return len(new)


_HEAD = "# Freigegebene Antworten bei Mastodon: eine Adresse in jeder Zeile, dahinter Ihre Notiz.\n"


# -- Fetching -------------------------------------------------------------------------------------


def pull(settings: Mapping[str, Any], now: datetime | None = None) -> str:
    """
    Bring the file of threads up to date, if there are any; return a German note on what failed.

    Raises:
        MastodonError: A setting is wrong, or the file cannot be written.
        SourceError: It cannot be read.
    """
    system = configured(settings)
    if system is None:
        return ""
    now = now or datetime.now(UTC)
    path = snapshot_path(settings)
    known = load_threads(path)
    wanted = sorted({*_wanted(settings)})
    due = [one for one in wanted if one not in known or now - known[one].fetched >= REST]
    due.sort(key=lambda one: known[one].fetched.timestamp() if one in known else 0)
    kept = {one: known[one] for one in wanted if one in known}
    failed: dict[str, str] = {}
    with ThreadPoolExecutor(4) as pool:
        for address, found in zip(
            due, pool.map(lambda one: _fetched(system, one), due[:AT_ONCE]), strict=False
        ):
            if isinstance(found, str):
                failed[address] = found
            else:
                kept[address] = Thread(address=address, fetched=now, replies=found)
    if kept != known:
        try:
            write(path, dump_threads(kept.values()).decode())
        except OSError as error:
            raise MastodonError(
                f"{shown_path(path)}: Die Antworten von Mastodon lassen sich nicht speichern "
                f"({error.strerror})."
            ) from error
    return _note(failed)


def _note(failed: Mapping[str, str]) -> str:
    if not failed:
        return ""
    address, reason = next(iter(failed.items()))
    more = f" und {len(failed) - 1} weitere" if len(failed) > 1 else ""
    return (
        f"Die Antworten bei Mastodon waren nicht zu holen: {address}{more} ({reason}). Es bleibt "
        "beim letzten guten Stand."
    )


def _wanted(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the threads that posts name; the front matter is checked when the post is read."""
    root = Path(settings["PATH"])
    for folder in settings["ARTICLE_PATHS"]:
        for parent, _, names in os.walk(root / folder):
            for name in names:
                if name.endswith(".md"):
                    with Path(parent, name).open("rb") as file:
                        head = file.read(_FRONT_MATTER_BYTES)
                    if found := _KEY.search(head.partition(b"\n---")[0]):
                        yield found[1].decode("utf-8", "replace")


def _fetched(system: Mastodon, address: str) -> tuple[Reply, ...] | str:
    """Return the replies to the post at *address*, or in German why there are none to be had."""
    try:
        host, number = system.thread(address)
    except SystemsError as error:
        return str(error).partition("|")[0]
    url = f"https://{host}/api/v1/statuses/{number}/context"
    try:
        return parse_context(_get(url))
    except urllib.error.HTTPError as error:
        with error:
            return f"der Server meldet {error.code}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return str(getattr(error, "reason", error))


def _get(url: str) -> bytes:
    """
    Return the body at *url*.

    Raises:
        OSError: No answer.
        ValueError: Too long.
    """
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    until = time.monotonic() + WITHIN_S
    try:
        return download(request, silence_s=SILENCE_S, until=until, max_bytes=MAX_BYTES)
    except TooMuchError as error:
        raise ValueError("der Server schickt zu viele Daten") from error
