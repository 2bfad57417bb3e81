"""
Go on from a finished build, in the process that keeps it: only the texts of some posts were saved since.

Nothing else is read or compared then. Lists, neighbours and all that plugins have made of posts is as it
was, for they knew nothing of these texts: `Reading.note_loaded` has noted whose texts they asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from plugins.incremental.generators import ArticlesGenerator
from plugins.incremental.reading import CachedReaders, Read

if TYPE_CHECKING:
    from plugins.incremental.adapter import Build


def take_texts(build: Build, paths: Collection[str]) -> bool:
    """
    Take the texts of the posts *paths* into the finished *build*; `Build.write` is next.

    Returns False, with *build* as it was, where something else than a post's text may have changed:
    only a build from the start can tell.
    """
    texts = {path: _text(build, path) for path in paths}
    if None in texts.values():
        return False
    build.session.begin_again()
    build.comparison.begin_again()
    build.renewed = []
    for path, read in texts.items():
        assert read is not None
        content, names = build.reading.renew(path, read)
        build.comparison.renew(content.fact_key, read.source.kept, names)
        build.renewed.append(content)
    return True


def _text(build: Build, path: str) -> Read | None:
    """Return what was read from the post *path*, or None if more than its text may have changed."""
    for generator in build.generators:
        if isinstance(generator, ArticlesGenerator):
            readers = generator.readers
            assert isinstance(readers, CachedReaders)
            options = generator.reading_options()
            read = partial(readers.uncached.read_file, path=path, **options)
            return build.reading.read_text(path, read)
    return None
