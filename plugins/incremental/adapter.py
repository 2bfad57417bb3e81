"""Pelican's side: the class that runs a build."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection
from typing import Any

import pelican
from pelican import generators, signals
from pelican.contents import Content
from pelican.generators import Generator

from plugins.incremental.again import take_texts
from plugins.incremental.comparing import Comparison
from plugins.incremental.core import digest
from plugins.incremental.fragments import Fragments
from plugins.incremental.generators import ArticlesGenerator, StaticGenerator
from plugins.incremental.reading import CachedReaders, Reading
from plugins.incremental.recording import (
    FRAGMENT,
    Bytecode,
    ReadOnce,
    RecordingEnvironment,
    template_keys,
)
from plugins.incremental.session import Session, cache_path, uncollected
from plugins.incremental.store import DamagedError, Store
from plugins.incremental.writer import IncrementalWriter

_OURS = {
    generators.ArticlesGenerator: ArticlesGenerator,
    generators.StaticGenerator: StaticGenerator,
}


class Build:
    """The parts of one build that generators share; in ``settings["BUILD"]`` while it runs."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.session = Session(settings)
        self.reading = Reading(self.session)
        self.comparison = Comparison(self.session, self.reading)
        self.environment: RecordingEnvironment | None = None
        self.fragments: Fragments | None = None
        self.generators: list[Generator] = []
        self.context: dict[str, Any] = {}
        #: In a build that goes on from another: the posts whose texts, and nothing else, have changed since.
        self.renewed: list[Content] | None = None
        self._writer: IncrementalWriter | None = None
        settings["BUILD"] = self
        settings["MEMORISE"] = self.session.memorise
        settings.setdefault("READ_FACTS", {})
        settings.setdefault("RENDER_INPUTS", {})
        signals.generator_init.connect(equip)

    @property
    def writer(self) -> IncrementalWriter:
        """The writer, once there is something to write."""
        assert self._writer is not None
        return self._writer

    @writer.setter
    def writer(self, writer: IncrementalWriter) -> None:
        self._writer = writer

    def keep_read(self) -> None:
        """Keep what was read, also if the build goes on to fail."""
        store = self.session.store
        with store.transaction():
            store.put_read(self.session.changes)

    def keep(self, **more: Any) -> None:
        """Keep everything, and *more* plain values, at the end of a build that did not fail."""
        self.reading.forget_missing()
        store = self.session.store
        with store.transaction():
            store.put_read(self.session.changes)
            store.put_rendered(self.session.changes)
            self.comparison.keep()
            store.put_files(self.writer.output.files, self.writer.folders)
            store.put_meta(**{"checked": None, "output": self.writer.output.folder, **more})


def equip(generator: Generator) -> None:
    """Give a new generator the readers and the templates that all share."""
    build: Build | None = generator.settings.get("BUILD")
    if build is None:
        return
    build.context = generator.context
    build.generators.append(generator)
    generator.readers = CachedReaders(generator.readers, build.reading)
    if build.environment is None:
        build.environment = _environment(generator)
        build.fragments = Fragments(build.session, build.comparison.prints, build.environment)
        own = {FRAGMENT: build.fragments.fragment}
        build.environment.globals.update(build.environment.watch(own))
    generator.env = build.environment


def _environment(generator: Generator) -> RecordingEnvironment:
    """Return the environment for all templates, with what Pelican has put into *generator*'s own."""
    before = generator.env
    settings = generator.settings
    folder = generator.settings["BUILD"].session.store.path.with_name("templates")
    options = {**settings["JINJA_ENVIRONMENT"]}
    name = digest(repr(sorted(options.items()))).hex()[:8]
    options.setdefault("bytecode_cache", Bytecode(folder, name))
    environment = RecordingEnvironment(loader=ReadOnce(before.loader), **options)
    for mine, theirs in (
        (environment.filters, before.filters),
        (environment.tests, before.tests),
        (environment.globals, before.globals),
    ):
        # Jinja's own ask the environment; all else does not.
        added = {name: value for name, value in theirs.items() if mine.get(name) is not value}
        mine.update(environment.watch(added))
    return environment


class Pelican(pelican.Pelican):
    """Pelican, building only what has changed."""

    #: Looks at the finished output, and returns what to keep beside it; may raise to keep nothing.
    check: Callable[[Build], dict[str, Any]] | None = None

    def __init__(self, settings: dict[str, Any]) -> None:
        self._given = dict(settings)
        try:
            self._start(settings)
        except DamagedError:
            self._start(self._without_cache())

    def _start(self, settings: dict[str, Any]) -> None:
        #: What the check has found in a build that is not kept yet.
        self._found: dict[str, Any] | None = None
        self.build = Build(settings)
        super().__init__(settings)

    def _without_cache(self) -> dict[str, Any]:
        """Forget the cache, and return the settings as they were before plugins saw them."""
        Store(cache_path(self._given), b"").forget()
        return dict(self._given)

    def run(self) -> None:
        """Build the site; with a damaged cache, build it again without."""
        try:
            self._run()
        except DamagedError:
            self._start(self._without_cache())
            self._run()

    def _run(self) -> None:
        try:
            with uncollected():
                with self.build.session.times.stage("Vorbereiten"):
                    super().run()
                self._finish()
                self.keep()
        except DamagedError:
            raise
        except BaseException:
            self.build.keep_read()
            raise
        finally:
            signals.generator_init.disconnect(equip)
            # What the next build of this process goes on from will never be garbage: no need to look again.
            gc.freeze()

    def run_again(self, paths: Collection[str]) -> bool:
        """
        Bring the built site up to date after the files *paths* were saved, and nothing else since.

        Returns False, with nothing done, if that takes more than writing anew what shows these texts. An
        exception leaves a build from which none can go on. What is gone is deleted by `keep`, which should follow soon.
        """
        self.keep()
        if not take_texts(self.build, paths):
            return False
        self.build.writer = self.build.writer.next()
        for generator in self.build.generators:
            if hasattr(generator, "generate_output"):
                self.build.writer.let_write(generator)
        signals.finalized.send(self)
        self._finish()
        return True

    def _finish(self) -> None:
        times = self.build.session.times
        with times.stage("Seiten schreiben"):
            self.build.writer.finish()
        with times.stage("Prüfen"):
            self._found = self.check(self.build) if self.check else {}

    def keep(self) -> None:
        """Tidy up, and keep what the last build has found out, unless that is done: the next one needs it."""
        if (found := self._found) is None:
            return
        with self.build.session.times.stage("Merken"):
            self.build.writer.tidy()
            self.build.keep(**found)
        self._found = None

    def _get_generator_classes(self) -> list[type[Generator]]:
        return [_OURS.get(one, one) for one in super()._get_generator_classes()]

    def _get_writer(self) -> IncrementalWriter:
        """Return the writer, now that everything that pages can read is there."""
        build = self.build
        assert build.environment is not None
        assert build.fragments is not None
        with build.session.times.stage("Vergleichen"):
            templates = template_keys(build.environment, build.session.memorise)
            rest = digest(repr(sorted(self.settings["RENDER_INPUTS"].items())))
            build.reading.note_loaded()
            build.comparison.compare(build.context, templates, rest)
            build.fragments.begin(templates, rest)
        build.writer = IncrementalWriter(
            self.output_path,
            self.settings,
            build.session,
            build.reading,
            build.comparison,
            build.fragments,
        )
        return build.writer
