"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import Site


@pytest.fixture
def small_site(tmp_path: Path) -> Site:
    """A small site that has not been built yet."""
    return Site(tmp_path)
