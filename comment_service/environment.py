"""What the environment variables mean: each function turns one text into settings, or refuses it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SQLITE_OPTIONS = {
    # With the default, DEFERRED, two writers that both read first cannot wait for each other: one
    # of them fails at once with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: an acknowledged comment survives a power cut. secure_delete: an erased one is
    # overwritten, not merely forgotten. A log larger than 16 MB is cut when it is rewound.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
        "PRAGMA journal_size_limit=16777216;"
    ),
}


def origin(value: str) -> str:
    """
    Return scheme and host of the site, as browsers send them in Origin.

    Raises:
        ImproperlyConfigured: There is more to it, or less.
    """
    parts = urlsplit(value.rstrip("/").lower())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            f"COMMENTS_ORIGIN: Das ist kein Ursprung: {value!r} – schreiben Sie ihn wie "
            "https://mittwochspost.example, ohne Pfad."
        )
    return f"{parts.scheme}://{parts.netloc}"


def database(url: str, default: Path) -> dict[str, Any]:
    """
    Return Django's entry for *url*; for an empty one, SQLite in the file *default*.

    Raises:
        ImproperlyConfigured: There is no such kind of database, or its driver is missing.
    """
    parts = urlsplit(url)
    if not url:
        return _sqlite(default)
    if parts.scheme == "sqlite" and not parts.netloc and parts.path.strip("/"):
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in ("postgres", "postgresql") and parts.path.strip("/"):
        return _postgresql(parts)
    raise ImproperlyConfigured(
        f"DATABASE_URL: Art {parts.scheme!r} kennt der Dienst nicht – möglich sind "
        "sqlite:////voller/pfad/zur/datei.sqlite3 und postgresql://name:passwort@host/datenbank."
    )


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": 60,
        "OPTIONS": SQLITE_OPTIONS,
    }


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    if not find_spec("psycopg"):
        raise ImproperlyConfigured(
            "DATABASE_URL: Für PostgreSQL fehlt ein Paket – installieren Sie es mit "
            "pip install --require-hashes -r requirements-postgres.txt."
        )
    options: dict[str, str] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder with the server's socket does not fit before the path: ?host=/run/postgresql
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10"} | options,
    }


@dataclass(frozen=True)
class Mail:
    """How mail leaves; without a host none does."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    is_tls: bool = False
    is_ssl: bool = False


def mail(url: str) -> Mail:
    """
    Return the SMTP server that *url* names; none for an empty one.

    smtp:// begins in the clear and must go on with STARTTLS, except on this machine; smtps:// is
    encrypted from the start.

    Raises:
        ImproperlyConfigured: It is no such address.
    """
    if not url:
        return Mail()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise ImproperlyConfigured(
            "COMMENTS_MAIL: Das ist kein Postausgang – schreiben Sie ihn wie "
            "smtp://name:passwort@mail.beispiel.example:587 oder smtps://…"
        )
    is_ssl = parts.scheme == "smtps"
    return Mail(
        host=host,
        port=port or (465 if is_ssl else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=not is_ssl and host not in ("localhost", "127.0.0.1", "::1"),
        is_ssl=is_ssl,
    )


def networks(value: str) -> tuple[Network, ...]:
    """
    Return the networks that *value* lists, separated by commas or spaces.

    Raises:
        ImproperlyConfigured: One of them is none.
    """
    try:
        return tuple(ipaddress.ip_network(part) for part in value.replace(",", " ").split())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"COMMENTS_PROXY: Das ist keine Adresse: {value!r} – schreiben Sie sie wie 127.0.0.1 "
            "oder 10.0.0.0/8, mehrere mit Komma."
        ) from error


def number(name: str, value: str, default: float) -> float:
    """
    Return *value* as a number that is not negative; *default* for an empty one.

    Raises:
        ImproperlyConfigured: It is none.
    """
    if not value:
        return default
    try:
        found = float(value.replace(",", "."))
    except ValueError:
        found = -1
    if not 0 <= found < float("inf"):
        raise ImproperlyConfigured(f"{name}: Das ist keine Zahl ab 0: {value!r}.")
    return found
