"""One build: what the last one left, what is computed from its inputs alone, and what is to be kept."""

from __future__ import annotations

import gc
import hashlib
import pickle
import shutil
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from plugins.incremental import core, scan
from plugins.incremental.store import Changes, DamagedError, Store

_WEEK_S = 7 * 24 * 3600

PLUGINS = Path(__file__).resolve().parent.parent
#: Settings that change nothing in what is read and rendered, or whose changes are followed one by one.
FOLLOWED = {
    *("SITE_DATE", "OUTPUT_PATH", "CACHE_PATH", "OUTPUT_RETENTION", "DEPLOY", "DEBUG"),
    *("COMMENTS_SNAPSHOT", "COMMENTS_SOURCE", "PORT", "BIND", "AUTORELOAD", "FATAL"),
    *("BUILD_CLEAN", "BUILD_CACHE", "BUILD_STORE", "BUILD_PROGRESS", "BUILD_TIMES", "PAGE_FACTS"),
    *("SERVER", "ANNOUNCE", "ADDRESSES_FILE", "ADDRESSES_LEDGER"),
    *("BUILD", "BUILD_STAMPS", "MEMORISE", "READ_FACTS", "RENDER_INPUTS"),
}


def plain(value: Any) -> core.Print:
    """Return what stands for a setting; a function counts by its name, because its code is counted, too."""
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value)}"
    if isinstance(value, Mapping):
        return tuple((str(name), plain(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(plain(one) for one in value)
    return repr(value)


def code_key(settings: Mapping[str, Any]) -> bytes:
    """Return what stands for our code and the installed libraries."""
    rooms = (PLUGINS, PLUGINS.with_name("social"))
    code = [
        str(p) for room in rooms for p in room.rglob("*") if p.suffix in (".py", ".txt", ".ttf")
    ]
    if facts := settings.get("PAGE_FACTS"):
        code += map(str, Path(str(sys.modules[facts.__module__].__file__)).parent.glob("*.py"))
    libraries = sorted(
        path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    )
    return core.digest((sys.version, tuple(libraries), scan.contents_key(code)))


def cache_key(settings: Mapping[str, Any], code: bytes) -> bytes:
    """
    Return what everything in a cache depends on: *code*, settings, and the current folder, because
    messages name files as seen from there.
    """
    values = sorted((name, plain(v)) for name, v in settings.items() if name not in FOLLOWED)
    return core.digest((code, str(Path.cwd()), repr(values)))


def cache_path(settings: Mapping[str, Any]) -> Path:
    """Return the file of the cache for the output folder of *settings*."""
    if "BUILD_CACHE" in settings:
        return Path(settings["BUILD_CACHE"])
    name = hashlib.sha256(str(Path(settings["OUTPUT_PATH"]).resolve()).encode()).hexdigest()[:16]
    return Path(settings["CACHE_PATH"]) / f"bau-{name}.sqlite"


def fragments_path(cache: Path) -> Path:
    """Return the folder of the fragments that belong to the file of a cache."""
    return cache.with_name(f"{cache.stem}-teile")


def forget_lonely(folder: Path) -> None:
    """Delete the caches in *folder* whose output is gone, or that no build has finished for a week."""
    for path in folder.glob("bau-*.sqlite"):
        try:
            kept = Store.peek(path, ("output",))
        except DamagedError:
            kept = None
        with suppress(OSError):
            is_old = path.stat().st_mtime < time.time() - _WEEK_S
            if not Path(kept[0]).is_dir() if kept else is_old:
                path.unlink()
                shutil.rmtree(fragments_path(path), ignore_errors=True)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage in the block: nothing of a build is, before its end, and looking takes a tenth of it."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


class Times:
    """Where the time of a build went: seconds by stage, and by file read or page rendered."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.files: dict[str, float] = {}
        #: For each stage that has begun and not ended, the outermost first: what stages in it took.
        self._inner: list[float] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of the block to the stage *name*, without that of stages in it."""
        self.stages.setdefault(name, 0.0)
        self._inner.append(0.0)
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.stages[name] += spent - self._inner.pop()
            if self._inner:
                self._inner[-1] += spent


class Session:
    """What a build knows and learns. *settings* are Pelican's, before any plugin has touched them."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.progress: Callable[[str, int, int], None] = settings.get(
            "BUILD_PROGRESS", lambda stage, done, total: None
        )
        self.times: Times = settings.get("BUILD_TIMES") or Times()
        #: What stands for our code and the installed libraries.
        self.code = code_key(settings)
        key = cache_key(settings, self.code)
        store = settings.get("BUILD_STORE")
        if not store or store.key != key:
            path = cache_path(settings)
            if not path.exists():
                forget_lonely(path.parent)
            store = Store(path, key)
        if settings.get("BUILD_CLEAN"):
            store.forget()
        self.store: Store = store
        self.changes = Changes()
        self._memo: dict[bytes, Any] = {}

    def begin_again(self) -> None:
        """Begin a build that goes on from this one, whose changes have been kept."""
        self.changes = Changes()

    def memorise(self, key: bytes, make: Callable[[], Any]) -> Any:
        """
        Return what *make* returns, now or in an earlier build.

        *key* stands for everything that the result depends on, except code and settings.
        """
        digest = scan.digest(key)
        if digest in self._memo:
            return self._memo[digest]
        kept = self.store.memorised(digest)
        if kept is None:
            value = make()
            self.changes.memo[digest] = pickle.dumps(value)
        else:
            value = pickle.loads(kept)
            self.changes.used_memo.add(digest)
        self._memo[digest] = value
        return value
