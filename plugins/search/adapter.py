"""Pelican's side: which pages have changed, and the files of the index."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import astuple
from pathlib import Path
from typing import Any, NamedTuple

from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.hyphenation.adapter import site_hyphenator
from plugins.incremental import parallel
from plugins.incremental.core import digest
from plugins.incremental.store import DamagedError
from plugins.incremental.writer import IncrementalWriter
from plugins.search.core import COMMON, Shown, Terms
from plugins.search.files import LATEST, LATEST_ID, Index, Size, ids, latest, latest_file
from plugins.search.sources import Source, renewed_sources, sources

DEFAULTS = {"SEARCH_URL": "suche/"}
TEMPLATE = "search"
#: Taking words apart on all cores pays from this number of pages on.
MANY = 64
# Of so many pages, a new index is made sooner than the files of the old one are changed.
_MOST_CHANGES = 0.1
# What is kept beside the index: of all pages by their addresses, and of each what was found in it.
_STATE, _PAGE = "search-2", "search "
#: Of a page, as it is kept: its id in the index, and what stands for all that can be found in it.
Known = tuple[str, bytes]


class Found(NamedTuple):
    """What was found in a page: what results show, and what each term says about it."""

    shown: tuple[str, str, str, str, str]
    impacts: dict[str, int]


def _packed(found: Found) -> bytes:
    """Return *found* in a tenth of the memory: of thousands of pages, that is much."""
    return marshal.dumps(tuple(found))


def _unpacked(data: bytes) -> Found:
    return Found(*marshal.loads(data))


def _read(data: bytes) -> tuple[Shown, dict[str, int]]:
    shown, impacts = _unpacked(data)
    return Shown(*shown), impacts


def _is_newest(known: Known) -> bool:
    """Return whether a page is in the file of the newest."""
    return known[0].startswith(LATEST_ID)


def use_defaults(pelican: Pelican) -> None:
    """Complete the settings."""
    for name, value in DEFAULTS.items():
        pelican.settings.setdefault(name, value)


class SearchGenerator(Generator):  # type: ignore[misc]
    """Writes the index, and the page for searching in it."""

    #: What has written the index, for a build that goes on from this one.
    _update: Update | None = None

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write what has changed."""
        url = self.settings["SEARCH_URL"]
        build = self.settings["BUILD"]
        with build.session.times.stage("Suche"):
            if build.renewed is not None and self._update:
                size = self._update.renew(writer, renewed_sources(build))
            else:
                self._update = Update(self.settings, writer, url)
                size = self._update.write(sources(self.context))
        writer.write_file(
            f"{url}index.html",
            self.get_template(TEMPLATE),
            self.context,
            self.settings["RELATIVE_URLS"],
            url=url,
            word_files=size.words,
            end_files=size.ends,
            common_words=" ".join(sorted(COMMON)),
        )


class Update:
    """Brings the index below the address *url* from what the last good build left to what it is to be."""

    def __init__(self, settings: Mapping[str, Any], writer: IncrementalWriter, url: str) -> None:
        self._settings = settings
        self._writer = writer
        self._url = url
        self._session = settings["BUILD"].session
        self._exceptions = dict(settings.get("RENDER_INPUTS", {}).get("hyphenation", ()))
        #: What terms depend on beside texts, code and settings.
        self._way = digest(repr(sorted(self._exceptions.items())))
        kept: tuple[bytes, tuple[int, ...], dict[str, Known]]
        kept = self._session.store.kept(_STATE) or (b"", (), {})
        self._pages_kept: Set[str] = kept[2].keys()
        is_same_way = kept[0] == self._way
        self._before: dict[str, Known] = kept[2] if is_same_way else {}
        self._size = Size(*kept[1]) if is_same_way else None
        self._wanted: dict[str, Source] = {}

    def write(self, wanted: dict[str, Source]) -> Size:
        """Write what is not as it is to be now that these are the pages, and return the size of the index."""
        newest = latest({page: source.published for page, source in wanted.items()})
        size, places = ids(page for page in wanted if page not in newest)
        places |= newest
        now = {page: (places[page], source.inputs) for page, source in wanted.items()}
        before = self._before
        changed = [page for page, known in now.items() if before.get(page) != known]
        gone = [page for page, known in before.items() if now.get(page) != known]
        self._wanted = wanted
        self._bring(size, now, changed, gone)
        return size

    def renew(self, writer: IncrementalWriter, others: Mapping[str, Source]) -> Size:
        """Do it again in the next build of this process, if nothing has changed but the texts of *others*."""
        assert self._size
        self._writer = writer
        before = self._before
        now = dict(before)
        # Drafts, for instance, cannot be found.
        for page in others.keys() & before.keys():
            self._wanted[page] = others[page]
            now[page] = (before[page][0], others[page].inputs)
        changed = [page for page in others if before.get(page) != now.get(page)]
        self._bring(self._size, now, changed, changed)
        return self._size

    def _bring(
        self, size: Size, now: dict[str, Known], changed: Sequence[str], gone: Sequence[str]
    ) -> None:
        """Write the files that are not as they are to be: in them, pages have *changed*, or are *gone*."""
        before = self._before
        came = [page for page in changed if not _is_newest(now[page])]
        went = [page for page in gone if not _is_newest(before[page])]
        is_latest = (
            len(came) == len(changed)
            and len(went) == len(gone)
            and self._writer.output.intact(f"{self._url}{LATEST}") is not None
        )
        is_new = self._is_new(size, len(came) + len(went), len(now))
        newest = [] if is_latest else [page for page in now if _is_newest(now[page])]
        if is_new:
            came = [page for page in now if not _is_newest(now[page])]
        found = self._found([*came, *newest], now)
        if is_new:
            index = Index(size)
            for page in came:
                index.add(now[page][0], *_read(found[page]))
        else:
            index = Index(size, self._load)
            self._change(index, went, now, {page: found[page] for page in came})
        self._write_files(index)
        if is_latest:
            self._writer.leave_file(f"{self._url}{LATEST}")
        else:
            data = latest_file({now[page][0]: _read(found[page]) for page in newest})
            self._writer.write_bytes(f"{self._url}{LATEST}", data)
        if changed or gone or size != self._size:
            self._keep(size, now, found)
        self._before, self._size = now, size

    def _change(
        self,
        index: Index,
        gone: Iterable[str],
        now: Mapping[str, Known],
        found: Mapping[str, bytes],
    ) -> None:
        """Take what is *gone* out of *index*, and put in what was *found*; what stays is not touched."""
        stays: dict[str, Set[tuple[str, int]]] = {}
        for page in gone:
            terms = _unpacked(self._kept(page)).impacts.items()
            if page in now and now[page][0] == self._before[page][0]:
                stays[page] = terms & _unpacked(found[page]).impacts.items()
            kept = stays.get(page, ())
            index.remove(self._before[page][0], [one[0] for one in terms if one not in kept])
        # Only now: an id may go from one page to another.
        for page, data in found.items():
            kept = stays.get(page, ())
            shown, impacts = _read(data)
            new = {term: impact for term, impact in impacts.items() if (term, impact) not in kept}
            index.add(now[page][0], shown, new)

    def _is_new(self, size: Size, changes: int, pages: int) -> bool:
        """Return whether there is no index of that *size*, or too little of it will stay."""
        intact = self._writer.output.intact
        return (
            size != self._size
            or changes > max(1, _MOST_CHANGES * pages)
            or not all(intact(f"{self._url}{name}") for name in size.names())
        )

    def _load(self, name: str) -> Any:
        return json.loads(Path(self._writer.output_path, self._url, name).read_bytes())

    def _kept(self, page: str) -> bytes:
        """
        Return what was found in a *page* of the last good build.

        Raises:
            DamagedError: The cache has forgotten it.
        """
        kept: bytes | None = self._session.store.kept(_PAGE + page)
        if kept is None:
            raise DamagedError(page)
        return kept

    def _found(self, pages: Iterable[str], now: Mapping[str, Known]) -> dict[str, bytes]:
        """Return what there is to find in *pages*, of which only those that are not as before are read."""
        before = self._before
        found = {
            page: self._kept(page)
            for page in pages
            if page in before and before[page][1] == now[page][1]
        }
        new = [page for page in pages if page not in found]
        if not new:
            return found
        terms = Terms(site_hyphenator(self._settings, self._exceptions).parts)
        reading = self._settings["BUILD"].reading

        def find(page: str) -> bytes:
            with reading.released():
                document = self._wanted[page].read()
            return _packed(Found(astuple(document.shown), terms.impacts(document)))

        results = parallel.each(find, new, at_least=MANY, prepare=self._session.store.after_fork)
        for done, (page, result) in enumerate(results, 1):
            found[page] = result
            self._session.progress("Suche vorbereiten", done, len(new))
        return found

    def _write_files(self, index: Index) -> None:
        written = dict(index.files())
        for name in index.size.names():
            if name in written:
                self._writer.write_bytes(f"{self._url}{name}", written[name])
            else:
                self._writer.leave_file(f"{self._url}{name}")

    def _keep(self, size: Size, now: Mapping[str, Known], found: Mapping[str, bytes]) -> None:
        kept = self._session.changes.kept
        kept[_STATE] = (self._way, astuple(size), dict(now))
        for page in self._pages_kept - now.keys():
            kept[_PAGE + page] = None
        kept.update((_PAGE + page, data) for page, data in found.items())
        self._pages_kept = now.keys()


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return SearchGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.get_generators.connect(get_generators)
