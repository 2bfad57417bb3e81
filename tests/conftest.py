"""What all tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first, so that no process is left alone with one of them at the end."""
    items.sort(key=lambda item: item.path.name != "test_incremental.py")


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Builds in this process freeze what they leave; `invoke serve` thaws it, and so do tests."""
    yield
    gc.unfreeze()


@pytest.fixture
def small_site(tmp_path: Path) -> Site:
    """A small site that has not been built yet."""
    return Site(tmp_path)
