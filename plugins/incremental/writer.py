"""Pelican's writer that leaves alone what is current, and renders the rest at the end, on all cores."""

from __future__ import annotations

import io
import time
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from jinja2 import Template
from pelican.plugins import signals
from pelican.utils import sanitised_join
from pelican.writers import FileOverwriteFailedError, Writer

from plugins.incremental import core, parallel
from plugins.incremental.comparing import EVERYTHING, NAME, TEMPLATE, Comparison
from plugins.incremental.fragments import Fragments
from plugins.incremental.output import Output
from plugins.incremental.readers import PageReaders, is_reader
from plugins.incremental.reading import Reading
from plugins.incremental.recording import RecordingEnvironment
from plugins.incremental.session import Session
from plugins.incremental.store import File, Page

if TYPE_CHECKING:
    from pelican.generators import Generator

#: Rendering on all cores pays from this number of pages on.
MANY = 64
#: The template of what is written without one: feeds and pictures.
FEED, MADE = "(feed)", "(made)"


class _Job(NamedTuple):
    """A page to be rendered: *own* are the variables that only this page has."""

    name: str
    template: Template
    context: Mapping[str, Any]
    own: dict[str, Any]


@dataclass
class _Script:
    """What a generator wrote whose own code reads no texts: what it would write where only texts changed."""

    pages: dict[str, _Job] = field(default_factory=dict)
    #: The arguments of `write_feed`.
    feeds: list[tuple[Any, ...]] = field(default_factory=list)
    #: Paths, and names for `IncrementalWriter`; those of feeds are not among them.
    written: set[str] = field(default_factory=set)
    #: The same as names in the output's folder.
    files: tuple[str, ...] = ()
    overridden: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    #: Whether this is all that it wrote.
    is_whole: bool = True


class _Rendered(NamedTuple):
    """A page that was rendered and written; *names* are those of the context that it read."""

    page: Page
    names: tuple[str, ...]
    file: File
    facts: bytes | None
    seconds: float


class IncrementalWriter(Writer):
    """
    Writes pages and feeds whose inputs have changed.

    A page is current if its template, the variables of its own that it read, and all facts that it read
    are what they were, and its file is as it was left.
    """

    def __init__(
        self,
        output_path: str,
        settings: dict[str, Any],
        session: Session,
        reading: Reading,
        comparison: Comparison,
        fragments: Fragments,
        before: IncrementalWriter | None = None,
    ) -> None:
        super().__init__(output_path, settings)
        self._session = session
        self._reading = reading
        self._comparison = comparison
        self._fragments = fragments
        if before is None:
            store = session.store
            self._known = store.pages()
            files, folders = store.files(), store.meta("folders") or {}
            self._own: dict[str, Mapping[str, Any]] = {}
            self._scripts: dict[Generator, _Script] = {}
            self._readers: PageReaders | None = None
        else:
            self._known, self._own = before._now, before._own
            self._scripts = before._scripts
            self._readers = before._readers
            if self._readers:
                self._readers.note(before.rendered)
            files, folders = before.output.files, before.folders
        # Looking at all files would take longer than writing those that changed.
        self.output: Output = Output(output_path, files, folders, is_ours=before is not None)
        self.folders: dict[str, int] = {}
        self._now: dict[str, Page] = {}
        self._jobs: list[_Job] = []
        self._pages: set[str] = set()
        self._script = _Script()
        #: The pages that this build has rendered.
        self.rendered: list[str] = []

    def next(self) -> IncrementalWriter:
        """Return the writer of a build that goes on from this one, which was kept."""
        return IncrementalWriter(
            self.output_path,
            self.settings,
            self._session,
            self._reading,
            self._comparison,
            self._fragments,
            before=self,
        )

    def let_write(self, generator: Generator) -> None:
        """
        Let *generator* write, in a build that goes on from another: only texts of posts have changed.

        One whose attribute ``reads_no_texts`` is true does so only the first time. After that it would write
        the same pages and feeds from the same lists; so those that show a changed text are written, and all
        the rest is left alone.
        """
        script = self._scripts.get(generator)
        if script and self._follow(script):
            return
        self._script = script = _Script()
        before = set(self._written_files), set(self._overridden_files), set(self._pages)
        generator.generate_output(self)
        if script.is_whole and getattr(generator, "reads_no_texts", False):
            feeds = {feed[2] for feed in script.feeds}
            script.written = self._written_files - before[0]
            script.written -= {f"{self.output_path}/{name}" for name in feeds}
            script.files = tuple(p.removeprefix(f"{self.output_path}/") for p in script.written)
            script.overridden = self._overridden_files - before[1]
            script.names = self._pages - before[2] - feeds
            self._scripts[generator] = script

    def _follow(self, script: _Script) -> bool:
        """Write what of *script* shows a changed text; return whether that was possible."""
        if (files := self.output.all_of_ours(script.files)) is None:
            return False
        self._written_files |= script.written
        self._overridden_files |= script.overridden
        self._pages |= script.names
        self.output.files.update(files)
        self._jobs += (job for name, job in script.pages.items() if name in self._showing)
        for feed in script.feeds:
            self.write_feed(*feed)
        return True

    @cached_property
    def _showing(self) -> set[str]:
        """The pages that show something that has changed."""
        if self._readers is None:
            self._readers = PageReaders(self._known)
        return self._readers.of(self._comparison.changed, self._known)

    # -- Files without a template -------------------------------------------------------------------

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write *data* to the file *name* of the output."""
        self._claim(name)
        self.output.write(name, data)

    def copy_file(self, source: str, name: str) -> None:
        """Copy the file *source* to the file *name* of the output."""
        self._claim(name)
        self.output.copy(source, name)

    def leave_file(self, name: str) -> None:
        """Leave the file *name* alone, of which `Output.intact` says that it is as the last build left it."""
        file = self.output.intact(name)
        assert file is not None
        self._claim(name)
        self.output.leave(name, file)

    def has(self, name: str) -> bool:
        """Return whether this build writes, or has written, the file *name*."""
        return f"{self.output_path}/{name}" in self._written_files

    def make_files(
        self,
        wanted: Mapping[str, bytes],
        maker: Callable[[], Callable[[str], bytes]],
        stage: str,
        *,
        are_slow: bool = False,
    ) -> None:
        """
        Write the files *wanted*, with what stands for all that each depends on, except code and settings.

        If some are not there yet, *maker* is asked for the function that makes the file of a name; it works
        on all cores; even of two files if they *are_slow* to make. *stage* is what the author reads meanwhile.
        """
        stale = [name for name, inputs in wanted.items() if not self._is_made_of(name, inputs)]
        if not stale:
            return
        prepare = self._session.store.after_fork
        at_least = 2 if are_slow else MANY
        with self._session.times.stage(stage):
            results = parallel.each(maker(), stale, at_least=at_least, prepare=prepare)
            for done, (name, data) in enumerate(results, 1):
                self.write_bytes(name, data)
                self._session.changes.pages[name] = Page(MADE, (), wanted[name], b"")
                self._session.progress(stage, done, len(stale))

    def _is_made_of(self, name: str, inputs: bytes | None, override: bool = False) -> bool:
        """Return whether the file *name* was made of *inputs*, and leave it alone if so."""
        self._pages.add(name)
        known = self._known.get(name)
        if known is None or inputs is None or known.inputs != inputs or known.reads is None:
            return False
        file = self.output.intact(name)
        if file is None or not self._claim(name, override):
            return False
        self.output.leave(name, file)
        return True

    def _make_folder(self, name: str) -> None:
        """Make the folder of the file *name*: Pelican's own methods cannot if a file is in its place."""
        self.output.make_folder(name.rpartition("/")[0])

    def _claim(self, name: str, override: bool = False) -> bool:
        """
        Return whether *name* is to be written; Pelican's rules for pages with their own ``save_as``.

        Raises:
            FileOverwriteFailedError: Another page has the address.
        """
        path = f"{self.output_path}/{name}"
        if ".." in name or name.startswith("/"):
            path = sanitised_join(self.output_path, name)
        if path in self._overridden_files:
            if override:
                raise FileOverwriteFailedError(f'Failed to overwrite "{path}" a second time')
            return False
        if path in self._written_files and not override:
            raise FileOverwriteFailedError(f'File "{path}" is to be overwritten')
        if override:
            self._overridden_files.add(path)
        self._written_files.add(path)
        return True

    # -- Pages -------------------------------------------------------------------------------------

    def write_file(
        self,
        name: str,
        template: Template,
        context: dict[str, Any],
        relative_urls: bool = False,
        paginated: dict[str, Any] | None = None,
        template_name: str | None = None,
        override_output: bool = False,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Leave the page alone, or put it on the list of those to be rendered; see Pelican's method."""
        if not name:
            return
        if relative_urls or template_name in self.settings["PAGINATED_TEMPLATES"]:
            # Pelican's own paging and relative links: right, but rendered in each build.
            self._script.is_whole = False
            self._make_folder(name)
            super().write_file(
                name,
                template,
                context,
                relative_urls,
                paginated,
                template_name,
                override_output,
                url,
                **kwargs,
            )
            return
        if not self._claim(name, override_output):
            return
        kwargs["output_file"] = name
        self._script.pages[name] = job = _Job(name, template, context, kwargs)
        if not self._is_current(name, template.name or "", kwargs):
            self._jobs.append(job)

    def _is_current(self, name: str, template: str, own: Mapping[str, Any]) -> bool:
        self._pages.add(name)
        before, self._own[name] = self._own.get(name), own
        page = self._known.get(name)
        if page is None or page.template != template:
            return False
        if is_reader(page, self._comparison.changed):
            return False
        if not _are_same(before, own) and self._inputs(page.names, own) != page.inputs:
            return False
        file = self.output.intact(name)
        if file is None:
            return False
        self.output.leave(name, file)
        return True

    def _inputs(self, names: tuple[str, ...], own: Mapping[str, Any]) -> bytes | None:
        """Return what stands for the variables *names* of a page; None if nothing does."""
        try:
            return core.packed(tuple([self._comparison.prints.of(own.get(name)) for name in names]))
        except core.UnsureError:
            return None

    def finish(self) -> None:
        """Render what is to be rendered; `tidy` is to follow."""
        is_listened_to = bool(signals.content_written.receivers)
        results = parallel.each(
            self._render,
            self._jobs,
            # Whoever listens wants to hear it in this process.
            at_least=len(self._jobs) + 1 if is_listened_to else MANY,
            prepare=self._session.store.after_fork,
        )
        for done, (job, result) in enumerate(results, 1):
            self._keep(job.name, result)
            self._session.progress("Seiten schreiben", done, len(self._jobs))
        changes = self._session.changes
        for name in self._known.keys() - self._pages:
            changes.pages[name] = changes.facts[name] = None
            self._fragments.forget(name)
        if not self._known:
            # The cache knew no pages; there may be fragments of some.
            self._fragments.forget_others(self._pages)
        now = self._known | changes.pages
        self._now = {name: page for name, page in now.items() if page is not None}

    def tidy(self) -> None:
        """Delete what nobody wrote."""
        self.folders = self.output.clean(self.settings["OUTPUT_RETENTION"])

    def _render(self, job: _Job) -> _Rendered:
        started = time.perf_counter()
        values = {**job.context, **job.own}
        environment = cast(RecordingEnvironment, job.template.environment)
        with (
            self._reading.released(),
            self._fragments.of_page(job.name),
            environment.recorded() as reads,
        ):
            text = job.template.render(values)
        file = self.output.write(job.name, text.encode())
        if signals.content_written.receivers:
            signals.content_written.send(f"{self.output_path}/{job.name}", context=values)
        own = tuple(sorted(reads.names & job.own.keys() - {"output_file"}))
        names = tuple(sorted(reads.names - job.own.keys()))
        inputs = self._inputs(own, job.own)
        page = Page(job.template.name or "", own, inputs or b"", None)
        if reads.is_sure and inputs is not None:
            facts = [core.fact(owner, attribute) for owner, attribute in reads.attributes]
            facts += [core.fact(NAME, name) for name in names]
            facts += [core.fact(TEMPLATE, page.template), core.fact(EVERYTHING, "")]
            if {owner for owner, _ in reads.attributes} <= self._comparison.keys:
                page = page._replace(reads=array("q", facts).tobytes())
        find = self.settings.get("PAGE_FACTS") if job.name.endswith(".html") else None
        url = self.settings["SITEURL"]
        split = partial(self._fragments.found, "check", inputs=url)
        found = find(job.name, text, url, split) if find else None
        self._fragments.keep(job.name)
        seconds = time.perf_counter() - started
        return _Rendered(page, names, file, found, seconds)

    def _keep(self, name: str, result: _Rendered) -> None:
        page = result.page
        # All are asked, so that the next build will compare all of them.
        are_sure = [self._comparison.is_sure(name) for name in result.names]
        if not all(are_sure):
            page = page._replace(reads=None)
        changes = self._session.changes
        changes.pages[name], changes.facts[name] = page, result.facts
        self.output.leave(name, result.file)
        self._session.times.files[name] = result.seconds
        self.rendered.append(name)

    # -- Feeds -------------------------------------------------------------------------------------

    def write_feed(
        self,
        elements: list[Any],
        context: dict[str, Any],
        path: str | None = None,
        url: str | None = None,
        feed_type: str = "atom",
        override_output: bool = False,
        feed_title: str | None = None,
    ) -> Any:
        """Write a feed, unless it would be the same; see Pelican's method."""
        shown = elements[: self.settings["FEED_MAX_ITEMS"]]
        if path is None:
            self._script.is_whole = False
            return super().write_feed(
                shown, context, path, url, feed_type, override_output, feed_title
            )
        self._script.feeds.append(
            (elements, context, path, url, feed_type, override_output, feed_title)
        )
        inputs = self._feed_inputs(
            shown, (str(url), feed_type, feed_title, str(context.get("SITE_DATE")))
        )
        if self._is_made_of(path, inputs, override_output):
            return None
        self._make_folder(path)
        feed = super().write_feed(shown, context, path, url, feed_type, override_output, feed_title)
        page = Page(FEED, (), inputs or b"", None if inputs is None else b"")
        self._session.changes.pages[path] = page
        self.rendered.append(path)
        return feed

    def _feed_inputs(self, elements: list[Any], options: tuple[str | None, ...]) -> bytes | None:
        """Return what stands for a feed: its entries with everything in them."""
        try:
            entries = [self._comparison.whole(element) for element in elements]
        except core.UnsureError:
            return None
        # An empty feed is dated by the day of the site.
        self._comparison.is_dated |= not elements
        return core.digest((options if not elements else options[:-1], tuple(entries)))

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> io.StringIO:
        """Return a file for `write_feed` and for Pelican's own `write_file`."""
        name = filename.removeprefix(f"{self.output_path}/")
        return _Buffer(self.output, name if self._claim(name, override) else None)


def _are_same(before: Mapping[str, Any] | None, own: Mapping[str, Any]) -> bool:
    """Return whether a page's variables are the very objects that they were in the build before."""
    return (
        before is not None
        and before.keys() == own.keys()
        and all(
            before[key] is value or (type(value) is str and before[key] == value)
            for key, value in own.items()
        )
    )


class _Buffer(io.StringIO):
    """A text that becomes a file of the output when it is closed."""

    def __init__(self, output: Output, name: str | None) -> None:
        super().__init__()
        self._output, self._name = output, name

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None and self._name is not None:
            self._output.write(self._name, self.getvalue().encode())
        super().__exit__(kind, error, trace)
