"""What all tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.incremental.recording import Bytecode
from tests.site import Site

#: Many builds, deployments that are watched for minutes, every page in a browser.
_LONGEST = ("test_incremental.py", "test_faults.py", "test_pages.py", "test_comments.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first, so that no process is left alone with one of them at the end."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Sites have their templates and caches in folders of their own; compiling is half of a small build."""
    from plugins.incremental import adapter

    folder = tmp_path_factory.mktemp("compiled")

    class Shared(Bytecode):
        def __init__(self, _folder: Path, prefix: str) -> None:
            super().__init__(folder, prefix)

        def get_cache_key(self, name: str, filename: str | None = None) -> str:
            return super().get_cache_key(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter, "Bytecode", Shared)
        yield


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Builds in this process freeze what they leave; `invoke serve` thaws it, and so do tests."""
    yield
    gc.unfreeze()


@pytest.fixture
def small_site(tmp_path: Path) -> Site:
    """A small site that has not been built yet."""
    return Site(tmp_path)
