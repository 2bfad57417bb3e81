"""`invoke smoke`: see whether readers get what was deployed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from plugins.german.core import plural
from plugins.source.problem import AuthorError
from publishing import build as builder
from publishing import deploy, setting
from publishing.console import complain, say, stages
from publishing.fetch import Answer, attempt, fetch
from publishing.front import Options
from publishing.release import Manifest, address, is_page

#: Pages that are compared beside those that everybody sees first.
_SAMPLE = 12
_FIRST = ("index.html", "archiv/index.html", "tipps/index.html", "feeds/index.html")
_NOWHERE = "/diese-seite-gibt-es-nicht/"
#: What the front should send with each page, and what must be in it.
_HEADERS = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin",
}


class SmokeError(AuthorError):
    """Readers do not get what was deployed; the message is German."""


def check_site(url: str, settings: str) -> None:
    """
    Compare the site at *url* (by default SITEURL) with the live release; say what was looked at.

    Raises:
        SmokeError: Something is wrong.
    """
    file = Path(settings).resolve()
    loaded = builder.load_settings(file)
    server = setting.read("SERVER", Options, loaded.get("SERVER", {}))
    has_comments = bool(server.service) and "plugins.comments" in loaded["PLUGINS"]
    site = (url or loaded["SITEURL"]).rstrip("/")
    with stages() as stage:
        stage("Nachsehen, was veröffentlicht ist")
        release, manifest = deploy.live(loaded.get("DEPLOY", {}), file.parent)
        stage(f"{site} ansehen")
        wrong = list(faults(site, manifest, has_comments, fetch))
    for fault in wrong:
        complain(f"✗ {fault}", "red")
    if wrong:
        count = plural(len(wrong), "Stelle", "Stellen")
        raise SmokeError(f"{site}: An {count} stimmt etwas nicht; veröffentlicht ist {release}.")
    say(
        f"{site} zeigt {release}: {plural(len(_looked_at(manifest)), 'Datei', 'Dateien')} verglichen.",
        "green",
    )


def _looked_at(manifest: Manifest) -> list[str]:
    """Return the files to be compared: entry pages, feeds, styles, and a few pages of every kind."""
    files = sorted(manifest.files)
    pages = [path for path in files if is_page(path) and path != "404.html"]
    some = pages[:: max(1, len(pages) // _SAMPLE)]
    feeds = [path for path in files if path.startswith("feeds/") and path.endswith(".atom.xml")][:4]
    styles = [path for path in files if path.endswith(".css")][:2]
    first = [path for path in _FIRST if path in manifest.files]
    return list(dict.fromkeys((*first, *feeds, *styles, *some)))


def faults(
    site: str, manifest: Manifest, has_comments: bool, get: Callable[[str], Answer]
) -> Iterator[str]:
    """Yield what is wrong with the *site*, in German; *get* fetches an address."""
    for path in _looked_at(manifest):
        where = address(path)
        answer = attempt(get, f"{site}{where}")
        if isinstance(answer, str):
            yield f"{where} ist nicht zu erreichen ({answer})."
            if path == "index.html":
                return
        elif answer.status != 200:
            yield f"{where} antwortet mit Status {answer.status}."
        elif hashlib.sha256(answer.body).hexdigest() != manifest.files[path]:
            yield f"{where} ist nicht das, was veröffentlicht wurde; ist ein CDN davor, warten Sie kurz."
        if path == "index.html" and isinstance(answer, Answer):
            yield from _header_faults(site, answer)
    missing = attempt(get, f"{site}{_NOWHERE}")
    if isinstance(missing, str):
        yield f"Wer eine falsche Adresse aufruft, bekommt keine Antwort ({missing})."
    elif missing.status != 404:
        yield f"Was es nicht gibt, antwortet mit Status {missing.status} statt 404."
    if has_comments:
        service = attempt(get, f"{site}/kommentare/danke/")
        if isinstance(service, str):
            yield f"Der Kommentardienst ist nicht zu erreichen ({service}); läuft er?"
        elif service.status != 200:
            yield f"Der Kommentardienst antwortet mit Status {service.status}; läuft er?"


def _header_faults(site: str, answer: Answer) -> Iterator[str]:
    wanted = dict(_HEADERS)
    if site.startswith("https:"):
        wanted["strict-transport-security"] = "max-age="
    for name, part in wanted.items():
        if part not in answer.headers.get(name, ""):
            yield f"Die Kopfzeile {name} fehlt oder sagt etwas anderes; invoke server.config hilft."
