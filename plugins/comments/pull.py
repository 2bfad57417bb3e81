"""Refresh the snapshot of approved comments, from the database here or from a server."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from plugins.comments import core
from plugins.comments.download import TooMuchError, download
from plugins.incremental import scan
from plugins.source.problem import AuthorError

LOCAL = "local"
PROJECT = Path(__file__).resolve().parents[2]

#: More than a hundred thousand comments; a server that sends more is not ours.
MAX_BYTES = 256 * 1024 * 1024
#: So long a server may say nothing, and so long all it says may take: a build must come to an end.
SILENCE_S = 10.0
WITHIN_S = 60.0

#: A revision that none has: who asks for what came after it gets the state, and no comments.
_NO_REVISION = 10**18 - 1


class PullError(AuthorError):
    """There is no snapshot to build with, and none to be had. The message is German, complete."""


class SourceError(Exception):
    """The source gave no usable answer; the message is German and says why."""


@dataclass(frozen=True)
class PullResult:
    """What a pull came to; *message* is a German sentence for the author."""

    snapshot: Path
    revision: int
    count: int
    #: The file has other comments than before.
    is_changed: bool
    #: False: the source could not be used, and the last good snapshot was kept.
    is_fresh: bool
    message: str


def default_snapshot() -> Path:
    """Return the snapshot's usual place: in the folder with the service's data."""
    return Path(os.environ.get("COMMENTS_DATA") or PROJECT / "data") / "kommentare.json"


def pull(
    source: str = LOCAL,
    snapshot: str | os.PathLike[str] | None = None,
    *,
    token: str | None = None,
) -> PullResult:
    """
    Bring the file *snapshot* up to date from *source*: "local" or the address of an export.

    An address is that of the service (https://…) or of its export (…/kommentare/export/); plain
    http is accepted from this machine only. *token* defaults to the environment's COMMENTS_TOKEN.

    Raises:
        PullError: The source cannot be used, and there is no usable snapshot to go on with; or
            the snapshot cannot be written.
    """
    path = Path(snapshot) if snapshot is not None else default_snapshot()
    seen_ns = time.time_ns()
    if source == LOCAL and (known := _known_if_unchanged(path)) is not None:
        revision, count = known
        message = f"Kommentare unverändert: {_counted(count)}."
        return PullResult(path, revision, count, False, True, message)
    old, complaint = _load(path)
    try:
        new = _fetch(source, old, token)
        if old is not None:
            _refuse_loss(old, new, path)
    except SourceError as error:
        if old is None:
            raise PullError(" ".join(filter(None, (complaint, str(error))))) from error
        count = len(old.comments)
        kept = f"{error} Es bleibt beim letzten guten Stand: {_counted(count)}."
        return PullResult(path, old.revision, count, False, False, kept)

    is_changed = old is None or old.comments != new.comments
    if old != new:
        try:
            write(path, core.dump_snapshot(new))
        except OSError as error:
            raise PullError(
                f"{path}: Die Kommentare lassen sich nicht speichern ({error.strerror})."
            ) from error
    count = len(new.comments)
    if source == LOCAL:
        _note(path, new.revision, count, seen_ns)
    what = "Kommentare geholt" if is_changed else "Kommentare unverändert"
    message = f"{what}: {_counted(count)}."
    return PullResult(path, new.revision, count, is_changed, True, message)


def _database_file() -> Path:
    return default_snapshot().with_name("kommentare.sqlite3")


def _stamps(path: Path) -> list[scan.Stamp | None]:
    """Return the stamps of the snapshot and of the database with the file that SQLite keeps beside it."""
    database = _database_file()
    files = (path, database, database.with_name(f"{database.name}-wal"))
    return [scan.stamp(str(file)) for file in files]


def _note_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.stand")


def _note(path: Path, revision: int, count: int, seen_ns: int) -> None:
    """Note which database the snapshot *path* was made of, for `_known_if_unchanged`."""
    from comment_service import moderation

    if moderation.database_file() != str(_database_file()):
        return
    note = {"stamps": _stamps(path), "revision": revision, "count": count, "seen_ns": seen_ns}
    with contextlib.suppress(OSError):
        write(_note_path(path), json.dumps(note))


def _known_if_unchanged(path: Path) -> tuple[int, int] | None:
    """
    Return revision and number of comments if database and snapshot are still those of the last pull, else None.

    So a build in which nobody has commented need not load Django.
    """
    if os.environ.get("DATABASE_URL"):
        return None
    try:
        note = json.loads(_note_path(path).read_bytes())
        stamps = _stamps(path)
        known = [stamp and tuple(stamp) for stamp in note["stamps"]]
        is_same = known == stamps and None not in stamps[:2]
        is_racy = any(stamp and scan.is_racy(stamp, note["seen_ns"]) for stamp in stamps[1:])
        return (int(note["revision"]), int(note["count"])) if is_same and not is_racy else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _counted(count: int) -> str:
    return "1 Kommentar" if count == 1 else f"{count} Kommentare"


def _load(path: Path) -> tuple[core.Snapshot | None, str]:
    """Return the snapshot there is, or why there is none."""
    try:
        return core.parse_snapshot(path.read_bytes(), str(path)), ""
    except FileNotFoundError:
        return None, ""
    except core.SnapshotError as error:
        return None, str(error)
    except OSError as error:
        return None, f"{path}: nicht lesbar ({error.strerror})."


def state(source: str = LOCAL, *, token: str | None = None) -> str:
    """
    Return what stands for all comments that are approved now: one more or less, and it is another.

    *source* and *token* are those of `pull`.

    Raises:
        PullError: The source cannot be used.
    """
    try:
        found = _export(source, token)(_NO_REVISION)
    except SourceError as error:
        raise PullError(str(error)) from error
    return f"{found.store}-{found.revision}"


def _export(source: str, token: str | None) -> Callable[[int], core.Snapshot]:
    """Return what gives the changes since a revision."""
    return _local_export if source == LOCAL else _Server(source, token).export


def _fetch(source: str, old: core.Snapshot | None, token: str | None) -> core.Snapshot:
    """Return the new snapshot: the old one with what changed since, or a whole one."""
    fetch = _export(source, token)
    if old is not None:
        delta = fetch(old.revision)
        if core.is_newer(old, delta):
            return core.apply_delta(old, delta)
        # An earlier state of the database was restored, or it is another one.
    return fetch(0)


def _refuse_loss(old: core.Snapshot, new: core.Snapshot, path: Path) -> None:
    """
    Stop what would empty the site: a database that is new, or not the one it was.

    One that is only older (a restored backup) may lose the comments since.
    """
    lost = core.lost(old, new)
    if lost and (_origin(new) != _origin(old) or not new.comments):
        raise SourceError(
            "Die Quelle der Kommentare ist nicht mehr dieselbe: Von den bisher "
            f"{len(old.comments)} veröffentlichten Kommentaren fehlen {lost}, ohne dass sie jemand "
            f"gelöscht hat. Wenn das so sein soll, löschen Sie {path} und bauen neu."
        )


def _origin(snapshot: core.Snapshot) -> str:
    """Return what stays the same when a backup is restored: the name without what follows a dot."""
    return snapshot.store.partition(".")[0]


def _local_export(since: int) -> core.Snapshot:
    # Imported here: whoever pulls from a server needs no Django.
    from comment_service import moderation

    try:
        return core.Snapshot.model_validate(moderation.changes(since))
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

    def export(self, since: int) -> core.Snapshot:
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
            return core.parse_snapshot(self._get(since), self._url)
        except core.SnapshotError as error:
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


def write(path: Path, text: str) -> None:
    """Replace the file at once: who reads it meanwhile has the old one or the new one, whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
