"""
The ledger of a site in an S3 store: which releases are there, which one is live, who is at work.

One small object, written only if it is as it was read (If-Match). Whoever has written a name into it
holds the store for as long as a lease lasts, and renews that while working. A holder that was killed
is succeeded at once by the next deployment from the same machine, where a lock of the system shows
that nobody is left, and by others when the lease has run out, by the clock of the store.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path

from publishing.deploy.result import DeployError
from publishing.deploy.store import ConflictError, Found, MissingError, Store

#: Seconds after which a holder that has not been heard of has gone.
LEASE_S = 60.0
_PAUSE_S = 1.0
#: Seconds that somebody else may go on.
_PATIENCE_S = 150.0


@dataclass
class State:
    """What is in the ledger."""

    #: The release that readers see, or "".
    live: str = ""
    #: Releases that readers may see parts of, because a switch to them did not end.
    pending: list[str] = field(default_factory=list)
    #: Complete releases: pages, files, bytes.
    releases: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    #: Objects that no page needs any more, and since when, in seconds since 1970.
    gone: dict[str, float] = field(default_factory=dict)
    #: Who is at work, and on which machine; both "" if nobody is.
    holder: str = ""
    machine: str = ""
    #: Whether work was interrupted, so that there may be objects that nothing names.
    is_untidy: bool = False
    serial: int = 0


class Ledger:
    """The ledger at *key* of a store."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._key = key
        self._etag = ""
        self._me = uuid.uuid4().hex
        self._written = 0.0
        self.state = State()
        #: The time by the clock of the store, when the ledger was read.
        self.now = dt.datetime.now(dt.UTC)

    def read(self) -> Found | None:
        """Read the ledger, if there is one."""
        try:
            found = self._store.get(self._key)
        except MissingError:
            self.state, self._etag = State(), ""
            return None
        self.state = _parsed(found.data)
        self._etag, self.now = found.etag, found.now
        return found

    def claim(self) -> None:
        """
        Write our name into the ledger, as soon as nobody else's is in it.

        Raises:
            DeployError: Somebody else is at work, and stays.
        """
        end = time.monotonic() + _PATIENCE_S
        while True:
            found = self.read()
            if self._is_free(found):
                self.state.is_untidy |= bool(self.state.holder)
                self.state.holder, self.state.machine = self._me, _machine()
                try:
                    self.write()
                    return
                except ConflictError:
                    continue
            if time.monotonic() > end:
                raise DeployError(
                    "Eine andere Veröffentlichung läuft gerade – warten Sie, bis sie fertig ist."
                )
            time.sleep(_PAUSE_S)

    def _is_free(self, found: Found | None) -> bool:
        if found is None or not self.state.holder or self.state.machine == _machine():
            return True
        return (found.now - found.modified).total_seconds() > LEASE_S

    def write(self) -> None:
        """
        Write the ledger.

        Raises:
            ConflictError: Somebody else has.
        """
        self.state.serial += 1
        data = json.dumps(asdict(self.state), ensure_ascii=False).encode()
        condition = {"IfMatch": self._etag} if self._etag else {"IfNoneMatch": "*"}
        started = time.monotonic()
        try:
            self._etag = self._store.put(
                self._key, data, ContentType="application/json", **condition
            )
        except ConflictError:
            # A request that got through although its answer did not is repeated by boto3.
            found = self._store.get(self._key)
            if found.data != data:
                raise
            self._etag = found.etag
        self._written = started

    def renew(self) -> None:
        """Write the ledger if the lease is half over."""
        if time.monotonic() - self._written > LEASE_S / 2:
            self.write()

    def check_lease(self) -> None:
        """
        Make sure that the lease is still ours; threads call it before each request.

        Raises:
            DeployError: It is not, because this machine slept.
        """
        if time.monotonic() - self._written > 0.8 * LEASE_S:
            raise DeployError(
                "Die Veröffentlichung war zu lange unterbrochen – rufen Sie den Befehl noch einmal "
                "auf."
            )

    def release(self, is_untidy: bool) -> None:
        """Take our name out."""
        self.state.is_untidy |= is_untidy
        self.state.holder = self.state.machine = ""
        self.write()


def _parsed(data: bytes) -> State:
    try:
        return State(**json.loads(data))
    except (ValueError, TypeError):
        raise DeployError(
            "Das Verzeichnis der Ausgaben im Speicher ist nicht lesbar – löschen Sie dort "
            ".mittwochspost/ausgaben.json; die nächste Veröffentlichung schreibt es neu."
        ) from None


def _machine() -> str:
    """Return a name for this machine since it was started, which says nothing about it."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    parts = (platform.node(), f"{uuid.getnode()}", boot.read_text() if boot.exists() else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
