"""Read the author's files, or take what was read before."""

from __future__ import annotations

import logging
import os
import pickle
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, cast

from pelican.contents import Content, SkipStub, Static
from pelican.contents import Page as PelicanPage
from pelican.readers import Readers

from plugins.incremental import contents, core, parallel, scan
from plugins.incremental.session import Session
from plugins.incremental.store import DamagedError, Source

#: Reading on all cores pays from this number of files on.
MANY = 8
# After so many texts, those that are new go to the store at once.
_MOST_TEXTS = 500
#: (logger, level, message): what was said while a file was read; it is said again in each build.
Said = tuple[str, int, str]


@dataclass(frozen=True)
class Read:
    """A file just read: what to keep of it, and how long it took."""

    source: Source
    kept: contents.Kept
    seconds: float


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep *record*."""
        self.records.append(record)


@contextmanager
def _listening() -> Iterator[list[logging.LogRecord]]:
    """Hold back what is logged in the block."""
    root = logging.getLogger()
    before, listener = root.handlers, _Listener()
    root.handlers = [listener]
    try:
        yield listener.records
    finally:
        root.handlers = before


def _say(records: Iterable[logging.LogRecord]) -> None:
    for record in records:
        logging.getLogger(record.name).handle(record)


class Reading:
    """All posts, pages and series of one build."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known = session.store.sources()
        # What was looked at just now need not be looked at again.
        self._stamps: Mapping[str, scan.Stamp] = session.settings.get("BUILD_STAMPS", {})
        #: What the store had, where that is no longer the case.
        self.replaced: dict[str, Source] = {}
        self._asked: set[str] = set()
        self._cards: dict[str, dict[str, Any]] = {}
        self._thaw = contents.Thaw(session.settings)
        self._facts: dict[tuple[str, str], Any] = {}
        #: Everything that was asked for, by its `fact_key`, with its file.
        self.contents: dict[str, tuple[str, Content]] = {}
        # By file, those whose texts nobody has asked for before the pages were written.
        self._unloaded: dict[str, Any] = {}
        # The files whose texts were loaded in a block of `released`.
        self._loaded: list[str] = []

    def content(
        self,
        path: str,
        content_class: type[Content],
        context: dict[str, Any],
        read: Callable[[], Content],
    ) -> Content:
        """Return the content of the file *path*: made of what is kept, or else of what *read* returns."""
        source = self._current(path)
        if source is None:
            result = self._read(path, read)
            if isinstance(result, Content):
                return result
            source = self._keep(path, result)
        card = self._card(path, source)
        for name, level, message in card.get("said", ()):
            logging.getLogger(name).log(level, "%s", message)
        make: Any = contents.cached_class(cast(Hashable, content_class))
        content = make(path, card, self._load, settings=self._session.settings, _context=context)
        self.contents[content.fact_key] = (path, content)
        return content

    def note_loaded(self) -> None:
        """Note whose texts plugins have asked for: what they made of them can be anywhere."""
        self._unloaded = {
            path: content
            for path, content in self.contents.values()
            if isinstance(content, contents.Cached) and not content.is_loaded
        }

    @contextmanager
    def released(self) -> Iterator[None]:
        """
        Forget, after the block, the texts that were loaded in it: all of a site's would take much memory.

        Those that plugins have asked for before stay, with what they have made of them.
        """
        before, self._loaded = self._loaded, []
        try:
            yield
        finally:
            for path in self._loaded:
                if (content := self._unloaded.get(path)) is not None:
                    content.release(self._load)
            self._loaded = before

    def read_text(self, path: str, read: Callable[[], Content]) -> Read | None:
        """Return what *read* reads from the file, or None if more than its text may differ by that."""
        if path not in self._unloaded:
            return None
        result = self._attempt({path: read}, path)
        if result is None or self._thaw.attributes(result.source.card) != self._card(
            path, self._known[path]
        ):
            return None
        return result

    def renew(self, path: str, read: Read) -> tuple[Any, set[str]]:
        """Let the content of the file have the text *read*; return it, and which attributes differ."""
        content = self._unloaded[path]
        state, body = self.text(path)
        names = core.changed_attributes(pickle.loads(state), pickle.loads(read.kept.state))
        if body != read.kept.body:
            names |= {"content", core.ANYTHING}
        self._keep(path, read)
        content.unload(self._load)
        return content, names

    def source(self, path: str) -> Source:
        """Return what is known now of a file that was asked for."""
        return self._known[path]

    def forget_missing(self) -> None:
        """Forget the files that nobody asked for: they are gone."""
        for path in self._known.keys() - self._asked:
            self._session.changes.sources[path] = None
            self._session.changes.texts[path] = None

    def prefetch(self, read: Mapping[str, Callable[[], Content]]) -> None:
        """Read those of the files (with how to read each) that are not current, on all cores if many."""
        stage = "Beiträge lesen"
        with self._session.times.stage(stage):
            stale = [path for path in read if self._current(path) is None]
            results = parallel.each(
                partial(self._attempt, read),
                stale,
                at_least=MANY,
                prepare=self._session.store.after_fork,
            )
            for done, (path, result) in enumerate(results, 1):
                if result is not None:
                    self._keep(path, result)
                if done % _MOST_TEXTS == 0:
                    self._put_new_away()
                self._session.progress(stage, done, len(stale))

    def _put_new_away(self) -> None:
        """
        Put what was read for the first time into the store, rather than keep all of it in memory.

        What was read again waits for the end: what it was before is still to be compared with.
        """
        changes, store = self._session.changes, self._session.store
        new = changes.texts.keys() - self.replaced.keys()
        sources = {path: changes.sources[path] for path in new}
        texts = {path: changes.texts[path] for path in new}
        if store.put_texts(sources, texts):
            for path in new:
                del changes.sources[path], changes.texts[path]

    def _attempt(self, read: Mapping[str, Callable[[], Content]], path: str) -> Read | None:
        """Return what was read, or None: then reading again will say what is wrong."""
        try:
            with _listening():
                result = self._read(path, read[path])
        except Exception:
            return None
        return result if isinstance(result, Read) else None

    def _read(self, path: str, read: Callable[[], Content]) -> Read | Content:
        """Return what to keep of the file; the content itself if it is none to be kept."""
        started, seen_ns = time.perf_counter(), time.time_ns()
        stamp = scan.stamp(path)
        digest = scan.digest(Path(path).read_bytes()) if stamp else b""
        said: list[logging.LogRecord] = []
        try:
            with _listening() as said:
                content = read()
                is_kept = not isinstance(content, SkipStub) and content.is_valid()
        except BaseException:
            _say(said)
            raise
        if stamp is None or not is_kept:
            _say(said)
            return content
        if scan.stamp(path) != stamp:
            # Saved meanwhile: nobody knows which text was read, so it is read again next time.
            digest = b""
            stamp = (0, 0, 0, 0)
        self._note_reads(content)
        content.said = tuple((r.name, r.levelno, r.getMessage()) for r in said)
        kept = contents.keep(content)
        all_of_it = scan.digest(b"\0".join((kept.card, kept.state, kept.body.encode())))
        source = Source(stamp, seen_ns, digest, all_of_it, kept.card)
        return Read(source, kept, time.perf_counter() - started)

    def _note_reads(self, content: Content) -> None:
        """Put beside each thing that reading depended on what it was."""
        reads = content.metadata.pop("reads", ())
        content.reads = tuple(
            (kind, key, self._fact(kind, key)) for kind, key in dict.fromkeys(reads)
        )

    def _keep(self, path: str, read: Read) -> Source:
        changes = self._session.changes
        if path in self._known:
            self.replaced.setdefault(path, self._known[path])
        self._known[path] = changes.sources[path] = read.source
        changes.texts[path] = (read.kept.state, read.kept.body)
        self._cards.pop(path, None)
        self._asked.add(path)
        self._session.times.files[path] = read.seconds
        return read.source

    def _current(self, path: str) -> Source | None:
        """Return what is kept of the file *path*, if reading it would give the same."""
        if path in self._asked:
            return self._known[path]
        source = self._known.get(path)
        stamp = self._stamps.get(path) or scan.stamp(path)
        if source is None or stamp is None:
            return None
        if source.stamp != stamp or scan.is_racy(stamp, source.seen_ns):
            seen_ns, stamp = time.time_ns(), scan.stamp(path) or stamp
            if scan.digest(Path(path).read_bytes()) != source.digest:
                return None
            source = source._replace(stamp=stamp, seen_ns=seen_ns)
            self._session.changes.sources[path] = self._known[path] = source
        reads = self._card(path, source).get("reads", ())
        if not all(self._fact(kind, key) == value for kind, key, value in reads):
            return None
        self._asked.add(path)
        return source

    def _fact(self, kind: str, key: str) -> Any:
        """Return what reading depended on, as it is now; `READ_FACTS` has a function for each kind."""
        fact = (kind, key)
        if fact not in self._facts:
            self._facts[fact] = self._session.settings["READ_FACTS"][kind](key)
        return self._facts[fact]

    def _card(self, path: str, source: Source) -> dict[str, Any]:
        card = self._cards.get(path)
        if card is None:
            card = self._cards[path] = self._thaw.attributes(source.card)
        return card

    def _load(self, path: str) -> tuple[dict[str, Any], str]:
        """Return the rest of the attributes of the content of *path*, and its HTML."""
        self._loaded.append(path)
        state, body = self.text(path)
        return self._thaw.attributes(state), body

    def text(self, path: str) -> tuple[bytes, str]:
        """Return what is kept of the file *path* beside its card."""
        text = self._session.changes.texts.get(path) or self._session.store.text(path)
        if text is None:
            raise DamagedError(path)
        return text


class CachedReaders:
    """Stands in for Pelican's `Readers` of one generator."""

    def __init__(self, readers: Readers, reading: Reading) -> None:
        #: Pelican's own.
        self.uncached = readers
        self.reading = reading

    def __getattr__(self, name: str) -> Any:
        """Return what Pelican's own readers have."""
        return getattr(self.uncached, name)

    def read_file(
        self,
        base_path: str,
        path: str,
        content_class: type[Content] = PelicanPage,
        fmt: str | None = None,
        context: dict[str, Any] | None = None,
        **signals: Any,
    ) -> Content:
        """Return the content of a file, as Pelican's method of this name does."""
        read = partial(
            self.uncached.read_file,
            base_path=base_path,
            path=path,
            content_class=content_class,
            fmt=fmt,
            context=context,
            **signals,
        )
        if fmt is not None or context is None or issubclass(content_class, Static):
            return read()
        return self.reading.content(_full(base_path, path), content_class, context, read)

    def prefetch(self, base_path: str, paths: Iterable[str], **options: Any) -> None:
        """Read ahead what `read_file` will be asked for, with the same *options*."""
        read = {
            _full(base_path, path): partial(
                self.uncached.read_file, base_path=base_path, path=path, **options
            )
            for path in paths
        }
        self.reading.prefetch(read)


# Asked for each file twice: for reading ahead, and for reading.
@lru_cache(50_000)
def _full(base_path: str, path: str) -> str:
    return os.path.abspath(os.path.join(base_path, path))  # noqa: PTH100, PTH118
