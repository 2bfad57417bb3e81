"""Webmentions: tell sites that a post links to, each once."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import socket
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from publishing.announce.web import TROUBLE, open_, post, reason
from publishing.release import address

_MOST_BYTES = 1_000_000
#: One deployment tells no more sites than that; the next one goes on.
_MOST_MENTIONS = 50
_LINK = re.compile(r"<([^>]*)>\s*((?:;[^,<]*)*)")


class _Mention(NamedTuple):
    """A link from one of our pages to another site."""

    source: str
    target: str


class Mentions:
    """
    The ledger of mentions: a line for each, with a day and what came of it.

    „gesendet“; „ohne“: the other site takes none; „abgelehnt“. A site that cannot be reached has
    „offen“, and is asked again by the next deployment. „begonnen“ is what was being sent when a
    deployment was ended: it may have arrived, so it is not sent again.
    """

    def __init__(self, file: Path, today: dt.date) -> None:
        self._file, self._today = file, today
        self._known: dict[_Mention, tuple[str, str]] = {}
        if file.is_file():
            for line in file.read_text("utf-8").splitlines():
                if len(words := line.split()) == 4 and not line.startswith("#"):
                    self._known[_Mention(words[2], words[3])] = (words[0], words[1])

    def send(self, siteurl: str, pages: list[str], output: Path) -> tuple[list[str], list[str]]:
        """Tell the sites that *pages* link to, if they have not been told; return targets and failures."""
        own = urlsplit(siteurl).netloc
        wanted = {mention for mention, (_, state) in self._known.items() if state == "offen"}
        for page in pages:
            links = links_of((output / page).read_bytes(), own)
            wanted |= {
                m for link in links if (m := _Mention(address(page), link)) not in self._known
            }
        sent, failed = [], []
        for mention in sorted(wanted)[:_MOST_MENTIONS]:
            state, trouble = self._tell(siteurl, mention)
            self._note(mention, state)
            if state == "gesendet":
                sent.append(mention.target)
            elif trouble:
                failed.append(f"Webmention an {mention.target} ging nicht ({trouble}).")
        return sent, failed

    def _tell(self, siteurl: str, mention: _Mention) -> tuple[str, str]:
        try:
            endpoint = endpoint_of(mention.target)
            if endpoint is None:
                return "ohne", ""
            fields = {"source": f"{siteurl}{mention.source}", "target": mention.target}
            _check_public(endpoint)
            # Before it is sent: whoever is killed here tells nobody twice.
            self._note(mention, "begonnen")
            post(endpoint, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        except urllib.error.HTTPError as error:
            error.close()
            is_final = 400 <= error.code < 500 and error.code != 429
            return ("abgelehnt" if is_final else "offen"), reason(error)
        except TROUBLE as error:
            return "offen", reason(error)
        return "gesendet", ""

    def _note(self, mention: _Mention, state: str) -> None:
        self._known[mention] = (self._today.isoformat(), state)
        self._save()

    def _save(self) -> None:
        lines = [
            f"{day} {state} {mention.source} {mention.target}\n"
            for mention, (day, state) in sorted(self._known.items())
        ]
        half = self._file.with_name(f".{self._file.name}.neu")
        half.write_text(
            "# Webmentions: wem schon gesagt ist, dass wir verlinken.\n" + "".join(lines), "utf-8"
        )
        half.replace(self._file)


def links_of(page: bytes, own: str) -> set[str]:
    """Return the links to other sites than *own* in a post's text; readers' comments do not count."""
    found = set()
    for node in LexborHTMLParser(page).css(".e-content a[href]"):
        link = (node.attributes.get("href") or "").strip()
        with suppress(ValueError):
            parts = urlsplit(link)
            is_other = parts.scheme in ("http", "https") and parts.netloc not in ("", own)
            if is_other and not any(map(str.isspace, link)):
                found.add(link.partition("#")[0])
    return found


def endpoint_of(target: str) -> str | None:
    """Return where *target* takes mentions, by its header or its HTML; None if it takes none."""
    _check_public(target)
    with open_(urllib.request.Request(target)) as answer:
        place = answer.geturl()
        for header in answer.headers.get_all("Link") or ():
            for link, options in _LINK.findall(header):
                if re.search(
                    r"""\brel\s*=\s*(?:"[^"]*\bwebmention\b[^"]*"|webmention\b)""", options
                ):
                    return str(urljoin(place, link))
        if "html" not in answer.headers.get("Content-Type", ""):
            return None
        page = answer.read(_MOST_BYTES)
    for node in LexborHTMLParser(page).css("link[rel][href], a[rel][href]"):
        if "webmention" in (node.attributes.get("rel") or "").lower().split():
            return str(urljoin(place, node.attributes.get("href") or ""))
    return None


def _check_public(url: str) -> None:
    """
    Make sure that *url*, which somebody else wrote, leads to nobody in our own network.

    Raises:
        ValueError: It does, or it is no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"keine Adresse: {url[:80]}")
    for *_, place in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM):
        if not _is_public(str(place[0])):
            raise ValueError("die Adresse ist keine öffentliche")


def _is_public(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_global
