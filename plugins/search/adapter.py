"""Pelican's side: which pages have changed, and the files of the index."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterable, Mapping, Set
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
from plugins.search.sources import Source, sources

DEFAULTS = {"SEARCH_URL": "suche/"}
TEMPLATE = "search"
#: Taking words apart on all cores pays from this number of pages on.
MANY = 64
# Of so many pages, a new index is made sooner than the files of the old one are changed.
_MOST_CHANGES = 0.1
# What is kept beside the index: of all pages by their addresses, and of each what was found in it.
_STATE, _PAGE = "search", "search "
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


def _parted(pages: Mapping[str, Known]) -> tuple[dict[str, Known], dict[str, Known]]:
    """Return the newest of *pages*, and the others."""
    parts: tuple[dict[str, Known], dict[str, Known]] = ({}, {})
    for page, known in pages.items():
        parts[not known[0].startswith(LATEST_ID)][page] = known
    return parts


def use_defaults(pelican: Pelican) -> None:
    """Complete the settings."""
    for name, value in DEFAULTS.items():
        pelican.settings.setdefault(name, value)


class SearchGenerator(Generator):  # type: ignore[misc]
    """Writes the index, and the page for searching in it."""

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write what has changed."""
        url = self.settings["SEARCH_URL"]
        with self.settings["BUILD"].session.times.stage("Suche"):
            size = Update(self.settings, writer, url).write(sources(self.context))
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
        kept: tuple[bytes, dict[str, Known]]
        kept = self._session.store.kept(_STATE) or (b"", {})
        self._pages_kept: Set[str] = kept[1].keys()
        self._before: dict[str, Known] = kept[1] if kept[0] == self._way else {}

    def write(self, wanted: Mapping[str, Source]) -> Size:
        """Write what is not as it is to be now that these are the pages, and return the size of the index."""
        newest = latest({page: source.published for page, source in wanted.items()})
        size, places = ids(page for page in wanted if page not in newest)
        places |= newest
        now = {page: (places[page], source.inputs) for page, source in wanted.items()}
        found = self._write_index(size, *_parted(now), wanted)
        if now != self._before:
            self._keep(now, found)
        return size

    def _write_index(
        self,
        size: Size,
        newest: Mapping[str, Known],
        older: Mapping[str, Known],
        wanted: Mapping[str, Source],
    ) -> dict[str, bytes]:
        """Write the files that are not as they are to be, and return what was found in changed pages."""
        newest_before, before = _parted(self._before)
        changed = [page for page, known in older.items() if before.get(page) != known]
        gone = [page for page, known in before.items() if older.get(page) != known]
        is_new = self._is_new(size, len(changed) + len(gone), older)
        is_latest = newest == newest_before and self._writer.output.intact(f"{self._url}{LATEST}")
        pages = [*(older if is_new else changed), *(() if is_latest else newest)]
        found = self._found(pages, {**newest, **older}, wanted)
        if is_new:
            index = Index(size)
            for page in older:
                index.add(older[page][0], *_read(found[page]))
        else:
            index = Index(size, self._load)
            self._change(index, gone, older, {page: found[page] for page in changed})
        self._write_files(index)
        if is_latest:
            self._writer.leave_file(f"{self._url}{LATEST}")
        else:
            data = latest_file({newest[page][0]: _read(found[page]) for page in newest})
            self._writer.write_bytes(f"{self._url}{LATEST}", data)
        return found

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

    def _is_new(self, size: Size, changes: int, now: Mapping[str, Known]) -> bool:
        """Return whether there is no index of that *size*, or too little of it will stay."""
        intact = self._writer.output.intact
        before = _parted(self._before)[1]
        return (
            not before
            or changes > max(1, _MOST_CHANGES * len(now))
            or (before.keys() != now.keys() and ids(before)[0] != size)
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

    def _found(
        self, pages: Iterable[str], now: Mapping[str, Known], wanted: Mapping[str, Source]
    ) -> dict[str, bytes]:
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

        def find(page: str) -> bytes:
            document = wanted[page].read()
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

    def _keep(self, now: Mapping[str, Known], found: Mapping[str, bytes]) -> None:
        kept = self._session.changes.kept
        kept[_STATE] = (self._way, dict(now))
        for page in self._pages_kept - now.keys():
            kept[_PAGE + page] = None
        kept.update((_PAGE + page, data) for page, data in found.items())


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return SearchGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.get_generators.connect(get_generators)
