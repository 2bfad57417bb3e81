"""What the tests of plugins share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.plugins.pelican_site import PelicanSite, own_signals

# This machine may be busy; no test is about time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def pelican_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PelicanSite]:
    """A small site that has not been built yet; the current folder is its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SITE_DATE", raising=False)
    with own_signals():
        yield PelicanSite(tmp_path)
