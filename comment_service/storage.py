"""The folder with the service's own files, and the secret key in it."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

KEY_FILE = "schluessel"


def data_folder(path: Path) -> Path:
    """Return *path*, made if need be so that nobody else can look into it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret_key(folder: Path) -> str:
    """
    Return the secret key in *folder*, made on first use.

    Several processes may start at once: the first key written is everybody's key.
    """
    target = folder / KEY_FILE
    try:
        return _read(target)
    except FileNotFoundError:
        pass
    # Made by mkstemp, so with mode 0600 from the start.
    handle, name = tempfile.mkstemp(prefix=f".{KEY_FILE}.", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces the key that another process has just written.
        os.link(name, target)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
    return _read(target)


def _read(path: Path) -> str:
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 50:
        raise ValueError(
            f"{path}: Der Schlüssel ist unvollständig – löschen Sie die Datei, dann legt der "
            "Dienst eine neue an."
        )
    return key
