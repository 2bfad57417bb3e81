"""
How much anybody may do: an allowance that fills up again, so nobody is locked out for good.

Kept in the database, as there may be several processes; under hashes that mean nothing tomorrow.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from math import ceil

from django.db import connection

from comment_service.comments.models import Allowance, Salt

HOUR_S = 3600

# Leaks since the last time, then takes one more; in one statement, so that two at once both count.
_TAKE = """
    INSERT INTO comments_allowance (key, level, at) VALUES (%(key)s, 1, %(now)s)
    ON CONFLICT (key) DO UPDATE SET
        level = 1 + CASE
            WHEN comments_allowance.level > (excluded.at - comments_allowance.at) * %(rate)s
            THEN comments_allowance.level - (excluded.at - comments_allowance.at) * %(rate)s
            ELSE 0 END,
        at = excluded.at
    RETURNING level
"""


class TooManyError(Exception):
    """The allowance is used up for the moment."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"again in {wait_s} s")
        #: When it will be enough again.
        self.wait_s = wait_s


@dataclass(frozen=True)
class Limit:
    """So much at once; all of it comes back within *period_s* seconds."""

    burst: float
    period_s: float = HOUR_S

    @property
    def rate(self) -> float:
        """How much comes back in a second."""
        return self.burst / self.period_s


def take(what: str, who: str, limit: Limit) -> None:
    """
    Take one off the allowance of *who* for *what*; no limit is a burst of 0.

    Raises:
        TooManyError: Nothing is left. The transaction around should be undone: being refused
            must not use up what comes back.
    """
    if not limit.burst:
        return
    values = {"key": _key(what, who), "now": time.time(), "rate": limit.rate}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        level: float = cursor.fetchone()[0]
    if level > limit.burst:
        raise TooManyError(ceil((level - limit.burst) / limit.rate))


def forget(now: datetime) -> None:
    """Delete all that is older than a day."""
    Salt.objects.filter(day__lt=now.astimezone(UTC).date()).delete()
    Allowance.objects.filter(at__lt=now.timestamp() - 24 * HOUR_S).delete()


def _key(what: str, who: str) -> str:
    today = datetime.now(UTC).date()
    return hmac.new(_salt(today), f"{what}\0{who}".encode(), sha256).hexdigest()[:32]


# The day's salt, so that it is read once by each process.
_known: tuple[date, bytes] | None = None


def _salt(day: date) -> bytes:
    global _known
    if _known is None or _known[0] != day:
        salt, _ = Salt.objects.get_or_create(day=day, defaults={"value": secrets.token_urlsafe(32)})
        _known = (day, salt.value.encode())
    return _known[1]
