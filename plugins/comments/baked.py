"""
A snapshot's comments by page: objects and HTML are made of those that a page shows anew, and kept by content.

What is kept outlives the cache of builds, and ``--clean``: 100,000 comments take a minute. It is found by keys
that stand for the comments and for all code that makes HTML of them.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from plugins.comments import core
from plugins.comments.core import Comment, Thread
from plugins.hyphenation.adapter import hyphenate_html
from plugins.incremental import scan
from plugins.incremental.core import packed
from plugins.incremental.session import plain
from plugins.incremental.shelf import Shelf
from plugins.source.adapter import memorised

if TYPE_CHECKING:
    from plugins.comments.snapshot import RawComment

#: So many states of the whole snapshot are kept: the preview may have another one.
STATES = 4
_PLUGINS = Path(__file__).resolve().parent.parent
#: The rooms of the code that makes a comment's HTML.
ROOMS = ("comments", "typography", "hyphenation")


@dataclass(init=False, eq=False)
class PageComments(Sequence[Thread]):
    """
    The threads of one page, oldest first; nothing of them is made before somebody looks, nor kept afterwards.

    A fingerprint of it is one of its *digest*, its only field: it stands for all that can be seen of them, so
    for what the snapshot has, and for the settings that count beside it.
    """

    digest: str

    def __init__(
        self,
        digest: str,
        newest: float,
        comments: Callable[[], list[Comment]],
        plain: Callable[[], list[Comment]],
    ) -> None:
        self.digest = digest
        #: When the newest was written, in seconds since 1970.
        self.newest = newest
        #: Return the comments, in any order, with their HTML; and for who needs that of a few only.
        self.comments, self.plain = comments, plain
        # Python asks for it whenever it makes a list.
        self._length: int | None = None

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.digest)

    def __len__(self) -> int:
        """Return how many threads there are."""
        if self._length is None:
            self._length = len(core.threads(self.comments()))
        return self._length

    def __iter__(self) -> Iterator[Thread]:
        """Yield the threads."""
        threads = core.threads(self.comments())
        self._length = len(threads)
        return iter(threads)

    @overload
    def __getitem__(self, place: int) -> Thread: ...
    @overload
    def __getitem__(self, place: slice) -> list[Thread]: ...
    def __getitem__(self, place: int | slice) -> Thread | list[Thread]:
        """Return a thread, or several."""
        return core.threads(self.comments())[place]


NONE = PageComments("", 0.0, list, list)


class State:
    """
    The comments in *data*, the bytes of a snapshot; *name* says in messages where they are from.

    Raises:
        SnapshotError: It is no snapshot.
    """

    def __init__(self, data: bytes, name: str, settings: Mapping[str, Any], zone: tzinfo) -> None:
        self._data = data
        self._name = name
        self._settings = settings
        self._zone = zone
        self._divide: Callable[[str], str] = settings["JINJA_FILTERS"].get("hyphenate_html", str)
        self._code = _code_key()
        self._way = self._code + _way(settings) if _is_ours(self._divide) else b""
        self._look = repr((self._way or plain(self._divide), zone)).encode()
        cache = Path(settings["CACHE_PATH"])
        self._states = Shelf(cache / "kommentare-stand")
        self._pages = Shelf(cache / "kommentare")
        # Made to be checked; who shows them then needs not make them again.
        self._made: dict[str, list[Comment]] = {}
        key = self._code + sha256(data).digest()
        #: By page: the digest of its comments, how many there are, and when the newest was written.
        self._index: dict[str, tuple[str, int, float]] = json.loads(
            self._states.kept(key, self._new_index)
        )

    @property
    def pages(self) -> set[str]:
        """The pages that have comments."""
        return set(self._index)

    def of(self, page: str) -> tuple[PageComments, int]:
        """Return the comments on *page*, and how many there are."""
        if page not in self._index:
            return NONE, 0
        digest, count, newest = self._index[page]
        comments, unbaked = (
            partial(make, page, digest) for make in (self._comments, self._plain_comments)
        )
        seen = scan.digest(self._look + digest.encode()).hex()
        return PageComments(seen, newest, comments, unbaked), count

    # -- What the snapshot has -----------------------------------------------------------------------

    def _new_index(self) -> bytes:
        # Imported here and below: a build in which nobody has commented needs none of it.
        from plugins.comments.snapshot import raw_pages

        found = raw_pages(self._data, self._name, self._described)
        self._states.forget_oldest(STATES - 1)
        # Nothing stays of what was erased.
        self._pages.forget_others(self._key(digest) for _, (digest, _) in found.values())
        return json.dumps(
            {page: (digest, len(raw), newest) for page, (raw, (digest, newest)) in found.items()}
        ).encode()

    def _described(self, raw: list[RawComment]) -> tuple[str, float]:
        """Return the digest of a page's comments, and when the newest was written."""
        digest = scan.digest(packed(tuple(raw))).hex()
        make = partial(self._newest, digest, raw)
        return digest, memorised(self._settings, f"comments {digest}", make)

    def _newest(self, digest: str, raw: list[RawComment]) -> float:
        from plugins.comments.snapshot import comments_of

        comments = self._made[digest] = comments_of(raw)
        return max(comment.created for comment in comments).timestamp()

    @cached_property
    def _raw(self) -> dict[str, list[RawComment]]:
        """The comments of each page; that they are right was known when the index was made."""
        from plugins.comments.snapshot import raw_pages

        pages = raw_pages(self._data, self._name, lambda raw: None)
        return {page: raw for page, (raw, _) in pages.items()}

    # -- What pages show -----------------------------------------------------------------------------

    def _comments(self, page: str, digest: str) -> list[Comment]:
        """Return the comments on *page* with their HTML, made now or before."""
        make = partial(self._baked, page, digest)
        baked = self._pages.kept(self._key(digest), make) if self._way else make()
        return self._opened(baked)

    def _plain_comments(self, page: str, digest: str) -> list[Comment]:
        """Return the comments on *page*; their HTML is made when it is asked for, if it was not before."""
        baked = self._pages.found(self._key(digest)) if self._way else None
        if baked is not None:
            return self._opened(baked)
        comments = [comment.in_zone(self._zone) for comment in self._of_page(page, digest)]
        # With the HTML that is made of some of them.
        self._made[digest] = comments
        return comments

    def _key(self, digest: str) -> bytes:
        return self._way + digest.encode()

    def _baked(self, page: str, digest: str) -> bytes:
        comments = self._of_page(page, digest)
        self._made.pop(digest, None)
        return json.dumps([self._fields(comment) for comment in comments]).encode()

    def _of_page(self, page: str, digest: str) -> list[Comment]:
        from plugins.comments.snapshot import comments_of

        return self._made.get(digest) or comments_of(self._raw[page])

    def _fields(self, comment: Comment) -> dict[str, Any]:
        html = comment.html
        fields = {field.name: getattr(comment, field.name) for field in dataclasses.fields(comment)}
        created = comment.created.isoformat()
        return {**fields, "created": created, "html": (html, str(self._divide(html)))}

    def _opened(self, baked: bytes) -> list[Comment]:
        return [self._comment(fields) for fields in json.loads(baked)]

    def _comment(self, fields: dict[str, Any]) -> Comment:
        html = fields.pop("html")
        created = datetime.fromisoformat(fields.pop("created")).astimezone(self._zone)
        return Comment(**fields, created=created).with_html(*html)


def _is_ours(divide: Callable[[str], str]) -> bool:
    """Return whether *divide* is `plugins.hyphenation`'s, and none of the author's own settings."""
    return getattr(divide, "func", None) is hyphenate_html


def _way(settings: Mapping[str, Any]) -> bytes:
    """Return what a comment's HTML depends on beside its text and code."""
    return scan.digest(repr(settings.get("RENDER_INPUTS", {}).get("hyphenation")).encode())


def _code_key() -> bytes:
    """Return what stands for all code that checks a comment and makes its HTML."""
    code = [
        str(path)
        for room in ROOMS
        for path in (_PLUGINS / room).iterdir()
        if path.suffix in (".py", ".txt")
    ]
    libraries = sorted(
        path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    )
    return scan.digest(repr((sys.version, libraries, scan.contents_key(code))).encode())
