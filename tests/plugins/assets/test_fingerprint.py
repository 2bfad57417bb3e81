"""Fingerprints are told from dates and words."""

from __future__ import annotations

import re

from plugins.assets.fingerprint import fingerprinted
from publishing.front.headers import IMMUTABLE, KEPT, LONGER


def test_any_content_gives_a_name_that_is_kept_for_good() -> None:
    # Among so many there are digests that begin with eight figures.
    for number in range(300):
        name = fingerprinted("js/such-index.js", f"{number}".encode())
        kept = next((value for pattern, value in KEPT if re.search(pattern, f"/{name}")), LONGER)
        assert (name[:14], name[-3:], kept) == ("js/such-index.", ".js", IMMUTABLE)
