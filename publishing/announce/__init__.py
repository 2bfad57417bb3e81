"""
What is told to others after a deployment, each only if the setting ``ANNOUNCE`` asks for it.

WebSub: a hub hears which feeds have changed (www.w3.org/TR/websub, 2018). IndexNow: search engines hear
which pages have (indexnow.org). Webmention: a site that a post links to hears of that, once
(www.w3.org/TR/webmention, 2017). Whatever goes wrong here, the site is deployed; it is a note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publishing import setting
from publishing.release import Manifest, address, is_page
from publishing.setting import SettingError

#: The ledger of mentions, beside the author's texts.
MENTIONS = "erwaehnungen.txt"
_FEED = re.compile(r"feeds/.*\.atom\.xml")


@dataclass(frozen=True)
class Announce:
    """
    What ``ANNOUNCE`` says: *websub*, the address of a hub; *indexnow*, a key of your own; *engine*,
    who takes it; *webmentions*, whether linked sites are told.
    """

    websub: str = ""
    indexnow: str = ""
    engine: str = "https://api.indexnow.org/indexnow"
    webmentions: bool = False

    def __bool__(self) -> bool:
        return bool(self.websub or self.indexnow or self.webmentions)


def read(settings: Mapping[str, Any]) -> Announce:
    """
    Return the setting ``ANNOUNCE``.

    Raises:
        SettingError: It is wrong.
    """
    found = setting.read("ANNOUNCE", Announce, settings.get("ANNOUNCE", {}))
    for name in ("websub", "engine"):
        value = getattr(found, name)
        if value and not re.fullmatch(r"https?://[^\s\"<>\\]+", value):
            raise SettingError(
                f"ANNOUNCE: {name} ist {value!r} – schreiben Sie eine Adresse mit https://."
            )
    if not re.fullmatch(r"[A-Za-z0-9-]{8,128}|", found.indexnow):
        raise SettingError(
            f"ANNOUNCE: indexnow ist {found.indexnow!r} – nehmen Sie 8 bis 128 Buchstaben und Ziffern."
        )
    return found


def key_file(wanted: Announce) -> dict[str, bytes]:
    """Return the file by which a search engine knows that the site is ours."""
    key = wanted.indexnow
    return {f"{key}.txt": key.encode()} if key else {}


class Memory:
    """The pages and feeds that have been announced, by their digests, in a file that may be lost."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._known = dict(json.loads(file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            self._known = {}

    def changed(self, site: Manifest, new: Iterable[str]) -> list[str]:
        """Return the files to be announced; without a memory, those at *new* addresses."""
        told = {path: digest for path, digest in site.files.items() if _is_told(path)}
        if self._known:
            return [path for path, digest in told.items() if self._known.get(path) != digest]
        addresses = set(new)
        return [path for path in told if address(path) in addresses]

    def save(self, site: Manifest) -> None:
        """Remember what *site* consists of."""
        told = {path: digest for path, digest in site.files.items() if _is_told(path)}
        if told == self._known:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            half = self._file.with_suffix(".neu")
            half.write_text(json.dumps(told), "utf-8")
            half.replace(self._file)


def _is_told(path: str) -> bool:
    return (is_page(path) and path != "404.html") or is_feed(path)


def is_feed(path: str) -> bool:
    """Return whether a hub is told of that file."""
    return _FEED.fullmatch(path) is not None
