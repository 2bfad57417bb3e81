"""Where approved comments come from: the database here, or a comment_service elsewhere."""

from __future__ import annotations

import http.client
import ipaddress
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from plugins.comments import snapshot as snapshots
from plugins.comments.core import SnapshotError
from plugins.comments.download import TooMuchError, download
from plugins.comments.pull import LOCAL, SourceError
from plugins.comments.snapshot import Snapshot

#: More than a hundred thousand comments; a server that sends more is not ours.
MAX_BYTES = 256 * 1024 * 1024
#: So long a server may say nothing, and so long all it says may take: a build must come to an end.
SILENCE_S = 10.0
WITHIN_S = 60.0


def export(source: str, token: str | None) -> Callable[[int], Snapshot]:
    """Return what gives the changes since a revision."""
    return _local_export if source == LOCAL else _Server(source, token).export


def fetch(source: str, old: Snapshot | None, path: Path, token: str | None) -> Snapshot:
    """
    Return the new snapshot: the *old* one, in the file *path*, with what changed since, or a whole one.

    Raises:
        SourceError: No answer, none that can be used, or one that would empty the site.
    """
    changes = export(source, token)
    if old is None:
        return changes(0)
    delta = changes(old.revision)
    # If it is not newer, an earlier state of the database was restored, or it is another one.
    is_newer = snapshots.is_newer(old, delta)
    new = snapshots.apply_delta(old, delta) if is_newer else changes(0)
    _refuse_loss(old, new, path)
    return new


def _refuse_loss(old: Snapshot, new: Snapshot, path: Path) -> None:
    """
    Stop what would empty the site: a database that is new, or not the one it was.

    One that is only older (a restored backup) may lose the comments since.
    """
    lost = snapshots.lost(old, new)
    if lost and (_origin(new) != _origin(old) or not new.comments):
        raise SourceError(
            "Die Quelle der Kommentare ist nicht mehr dieselbe: Von den bisher "
            f"{len(old.comments)} veröffentlichten Kommentaren fehlen {lost}, ohne dass sie jemand "
            f"gelöscht hat. Wenn das so sein soll, löschen Sie {path} und bauen neu."
        )


def _origin(snapshot: Snapshot) -> str:
    """Return what stays the same when a backup is restored: the name without what follows a dot."""
    return snapshot.store.partition(".")[0]


def _local_export(since: int) -> Snapshot:
    # Imported here: whoever pulls from a server needs no Django.
    from comment_service import moderation

    try:
        return Snapshot.model_validate(moderation.changes(since))
    except (moderation.ModerationError, ValueError) as error:
        raise SourceError(f"Die Kommentare sind nicht lesbar: {error}") from error
    finally:
        # Closing writes back what SQLite keeps beside the file: from now on the file stays as it is.
        moderation.close()


class _Server:
    """The export of a comment_service elsewhere."""

    def __init__(self, address: str, token: str | None) -> None:
        self._url = _export_url(address)
        self._token = token or os.environ.get("COMMENTS_TOKEN", "")
        # For all that is asked, together.
        self._until = time.monotonic() + WITHIN_S

    def export(self, since: int) -> Snapshot:
        """
        Return what changed since that revision; all there is since 0.

        Raises:
            SourceError: No answer, or none that can be used.
        """
        if not self._token:
            raise SourceError(
                "Zum Abholen der Kommentare fehlt das Kennwort (Umgebungsvariable COMMENTS_TOKEN)."
            )
        try:
            return snapshots.parse_snapshot(self._get(since), self._url)
        except SnapshotError as error:
            raise SourceError(f"Der Kommentarserver antwortet unverständlich: {error}") from error

    def _get(self, since: int) -> bytes:
        request = urllib.request.Request(
            f"{self._url}?{urlencode({'seit': since})}",
            headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json"},
        )
        try:
            return download(request, silence_s=SILENCE_S, until=self._until, max_bytes=MAX_BYTES)
        except TooMuchError as error:
            raise SourceError(f"Der Kommentarserver {self._url} schickt zu viele Daten.") from error
        except urllib.error.HTTPError as error:
            with error:
                raise SourceError(_refusal(self._url, error.code)) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise SourceError(
                f"Der Kommentarserver {self._url} ist nicht erreichbar ({reason})."
            ) from error


def _refusal(url: str, code: int) -> str:
    if code in (401, 403):
        return (
            f"Der Kommentarserver {url} lehnt das Kennwort ab ({code}); COMMENTS_TOKEN muss hier "
            "dasselbe sein wie dort COMMENTS_EXPORT_TOKEN."
        )
    if 300 <= code < 400:
        return f"Der Kommentarserver {url} leitet weiter ({code}); tragen Sie die neue Adresse ein."
    return f"Der Kommentarserver {url} meldet einen Fehler ({code})."


def _export_url(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))
    if not host or not is_safe or "@" in parts.netloc or parts.query or parts.fragment:
        raise SourceError(
            f"Das ist keine Quelle für Kommentare: {address!r}. Möglich sind „{LOCAL}“ und eine "
            "Adresse, die mit https:// beginnt."
        )
    path = parts.path.rstrip("/")
    if not path.endswith("/export"):
        path += "/kommentare/export"
    return f"{parts.scheme}://{parts.netloc}{path}/"


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
