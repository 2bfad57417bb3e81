"""Names that change with what is in a file, so that browsers may keep it for good."""

from __future__ import annotations

import hashlib

_LENGTH = 8


def fingerprinted(name: str, data: bytes) -> str:
    """
    Return *name* with a part of the digest of *data* before its ending: ``js/quiz.1f2e3d4c.js``.

    Web servers and stores know it by figures and letters in it; one without either might be a date or a word.
    """
    digest = hashlib.sha256(data).hexdigest()
    length = _LENGTH
    while digest[:length].isdigit() or digest[:length].isalpha():
        length += 1
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{digest[:length]}.{ending}"
