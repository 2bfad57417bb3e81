"""Jinja's environment, noting what a template reads while it is rendered."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import GeneratorType
from typing import Any

from jinja2 import BaseLoader, BytecodeCache, Environment, meta, nodes
from jinja2.bccache import Bucket
from jinja2.runtime import Context, Undefined

from plugins.incremental import scan
from plugins.incremental.core import ANYTHING, EXISTS

#: The function of `fragments`, for templates.
FRAGMENT = "fragment"
#: Bytes of the digest before compiled templates.
_SEAL = 16
_WATCHED = "_watched_function"


class Reads:
    """What one page read: names of the context, and attributes of objects that are followed."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        #: False once something was read whose changes nobody would notice.
        self.is_sure = True


class RecordingContext(Context):
    """A context that notes the names it is asked for."""

    environment: RecordingEnvironment

    def resolve_or_missing(self, key: str) -> Any:
        """Return the value of *key*, and note it."""
        reads = self.environment.reads
        if reads is not None:
            reads.names.add(key)
        return super().resolve_or_missing(key)


class RecordingEnvironment(Environment):
    """
    An environment that notes what is read while `recorded` is active.

    Templates reach objects through this class only. Filters, tests and functions of our own get values;
    one that gets an object that is followed, or something that holds one, could read anything, so the
    page that does it is built again each time.
    """

    context_class = RecordingContext

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reads: Reads | None = None
        self._followed: dict[type, bool] = {}
        # It looks for attributes itself, and does not say so if there is none.
        self.filters |= self.watch({"attr": self.filters["attr"]})

    @contextmanager
    def recorded(self) -> Iterator[Reads]:
        """Note what is read in the block."""
        self.reads = Reads()
        try:
            yield self.reads
        finally:
            self.reads = None

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Note nothing in the block."""
        reads, self.reads = self.reads, None
        try:
            yield
        finally:
            self.reads = reads

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return *attribute* of *obj*, as ``{{ obj.attribute }}`` asks."""
        value = super().getattr(obj, attribute)
        if self.reads is not None and self._is_followed(obj):
            self._note(obj, attribute, value)
        return value

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return ``{{ obj[argument] }}``; filters like ``map(attribute=…)`` ask like this, too."""
        value = super().getitem(obj, argument)
        if self.reads is not None and self._is_followed(obj):
            self._note(obj, str(argument), value)
        return value

    def _is_followed(self, obj: Any) -> bool:
        kind = type(obj)
        known = self._followed.get(kind)
        if known is None:
            known = self._followed[kind] = hasattr(kind, "fact_key")
        return known

    def holds_followed(self, value: Any) -> bool:
        """Return whether an object that is followed can be reached from *value*."""
        if isinstance(value, str) or value is None:
            return False
        if self._is_followed(value):
            return True
        # No mapping in general: Jinja's context is one.
        if isinstance(value, dict):
            return any(map(self.holds_followed, (*value, *value.values())))
        if isinstance(value, list | tuple | set | frozenset):
            return any(map(self.holds_followed, value))
        if is_dataclass(value):
            return any(self.holds_followed(getattr(value, f.name)) for f in fields(value))
        return False

    def _note(self, obj: Any, attribute: str, value: Any) -> None:
        assert self.reads is not None
        key = obj.fact_key
        noted = self.reads.attributes
        noted.add((key, EXISTS))
        if isinstance(value, Undefined) or attribute in obj.__dict__:
            noted.add((key, attribute))
        elif callable(value):
            self.reads.is_sure = False
        else:
            # Computed from other attributes.
            noted.add((key, ANYTHING))

    def watch(self, functions: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
        """Return *functions* (filters, tests, globals) so that none of them reads an object unnoticed."""
        return {
            name: self._watched(value) if callable(value) else value
            for name, value in functions.items()
        }

    def _watched(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if self.reads is not None:
                # What another filter yields, as it is asked for, is looked at first.
                args = tuple(list(a) if isinstance(a, GeneratorType) else a for a in args)
                if any(map(self.holds_followed, (*args, *kwargs.values()))):
                    self.reads.is_sure = False
            return function(*args, **kwargs)

        # Jinja marks functions that want the context or the environment with an attribute.
        call.__dict__.update(getattr(function, "__dict__", {}))
        call.__dict__[_WATCHED] = function
        return call


def unwatched(function: Any) -> Any:
    """Return *function* as it was before `RecordingEnvironment.watch` had it."""
    return getattr(function, _WATCHED, function)


class ReadOnce(BaseLoader):
    """Reads each template once, so that what a page is made of is what was compared, whatever is saved meanwhile."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader
        self._sources: dict[str, tuple[str, str | None]] = {}

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool]]:
        """Return the source, the name of its file, and a function that says that it is current."""
        if template not in self._sources:
            self._sources[template] = self._loader.get_source(environment, template)[:2]
        return *self._sources[template], lambda: True

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return self._loader.list_templates()


#: A statement that names other templates.
_REFERENCE = re.compile(r"{%[-+]?\s*(?:extends|include|import|from)\b.*?%}", re.S)


class Bytecode(BytecodeCache):
    """Compiled templates in the files of *folder*; a wrong byte in one would be executed, so they are sealed."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{self._prefix}-{bucket.key}.cache"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill *bucket* if there is something to fill it with."""
        with suppress(OSError):
            data = self._path(bucket).read_bytes()
            if data[:_SEAL] == scan.digest(data[_SEAL:]):
                bucket.bytecode_from_string(data[_SEAL:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in *bucket*; where nothing can be written, it is compiled each time."""
        path = self._path(bucket)
        data = bucket.bytecode_to_string()
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            # Other processes write the same file.
            new = path.with_suffix(f".{os.getpid()}")
            new.write_bytes(scan.digest(data) + data)
            new.replace(path)


def template_keys(
    environment: Environment, memorise: Callable[[bytes, Callable[[], Any]], Any]
) -> dict[str, bytes]:
    """
    Return, for each template, what stands for its source and the sources of all it can include.

    *memorise* keeps what is found in a source, because finding it means to parse it.
    """
    sources: dict[str, bytes] = {}
    uses: dict[str, set[str]] = {}
    names = environment.list_templates()
    for name in names:
        assert environment.loader is not None
        try:
            source = environment.loader.get_source(environment, name)[0]
        except UnicodeDecodeError:
            # Jinja will say so to whoever uses it.
            continue
        sources[name] = scan.digest(source.encode())
        found = memorise(
            b"template" + sources[name], functools.partial(references, environment, source)
        )
        # A name that is computed may be any.
        uses[name] = set(names) if found is None else set(found)

    def key(name: str) -> bytes:
        found = reachable(name, lambda one: uses.get(one, ()))
        return scan.digest(b"".join(one.encode() + sources.get(one, b"-") for one in sorted(found)))

    return {name: key(name) for name in sources}


def reachable(start: str, includes: Callable[[str], Iterable[str]]) -> set[str]:
    """Return *start* and all templates that it *includes*, directly or by others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        if (name := waiting.pop()) not in seen:
            seen.add(name)
            waiting.extend(includes(name))
    return seen


def references(environment: Environment, source: str) -> list[str] | None:
    """Return the templates that *source* can include; None if that may be any."""
    marks = (environment.block_start_string, environment.block_end_string)
    if marks == ("{%", "%}") and FRAGMENT not in source:
        # Five times as quick as with all the rest; what stands in a comment does no harm.
        source = "".join(_REFERENCE.findall(source))
    try:
        tree = environment.parse(source)
        found = [*meta.find_referenced_templates(tree), *_fragments(tree)]
    except Exception:
        # A template that Jinja cannot parse; rendering will say so.
        return None
    return None if None in found else [name for name in found if name is not None]


def _fragments(tree: nodes.Template) -> Iterator[str | None]:
    """Yield the templates of fragments in *tree*; None for one that is computed."""
    called = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == FRAGMENT:
            called.add(id(call.node))
            first = call.args[0] if call.args else None
            yield first.value if isinstance(first, nodes.Const) else None
    if any(name.name == FRAGMENT and id(name) not in called for name in tree.find_all(nodes.Name)):
        yield None
