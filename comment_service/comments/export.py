"""What the build may know: approved comments, since a revision, and which ones are gone."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from django.db.models import CharField, Func

from comment_service.comments.models import Comment, Counter, State


class _Moment(Func):
    """A time as Python's ``isoformat`` gives it, in UTC; made by the database, because that is quicker."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        """Return the expression for SQLite, which has text: 2026-03-04 23:30:00.123456."""
        template = "replace(%(expressions)s, ' ', 'T') || '+00:00'"
        return self.as_sql(compiler, connection, template=template, **options)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        """Return the expression for PostgreSQL, which has microseconds, also where they are none."""
        moment = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
        template = f"replace({moment}, '.000000', '') || '+00:00'"
        return self.as_sql(compiler, connection, template=template, **options)


_FIELDS = (
    *("state", "id", "page", "parent_id", "author", "website", "text", "by_author"),
    _Moment("created"),
)
#: Of these: the later, the higher, also as text.
_by_date = itemgetter(-1, 1)
#: SQLite takes some 250,000 values in a statement, older ones 999.
_AT_ONCE = 900


def etag(since: int = 0) -> str:
    """Return what tells this answer from every other, without making it."""
    counter = Counter.current()
    return f"{counter.store}-{counter.number}-{since}"


def changes(since: int = 0) -> dict[str, Any]:
    """
    Return the approved comments changed after revision *since*, and the ids of those gone.

    No e-mail address, and no comment that nobody approved. A comment's parent is its nearest
    approved ancestor.
    """
    # The counter first: what is approved between the two readings comes now and once more.
    counter = Counter.current()
    # Sorted here and by nothing else selected: so that the index of revisions is used, which makes
    # a delta cheap.
    rows = sorted(Comment.objects.filter(revision__gt=since).values_list(*_FIELDS), key=_by_date)
    public = [row for row in rows if row[0] == State.APPROVED]
    hidden = _hidden({row[3] for row in public if row[3]} - {row[1] for row in public})
    return {
        "revision": counter.number,
        "store": counter.store,
        "comments": [
            {
                "id": comment_id,
                "page": page,
                "parent": _visible_parent(parent, hidden),
                "author": author,
                "website": website,
                "text": text,
                "by_author": by_author,
                "created": created,
            }
            for _, comment_id, page, parent, author, website, text, by_author, created in public
        ],
        "erased": sorted(row[1] for row in rows if row[0] != State.APPROVED),
    }


def _hidden(parents: Iterable[str]) -> dict[str, str | None]:
    """Return those of *parents*, and of their ancestors, that are not public: id → parent."""
    hidden: dict[str, str | None] = {}
    unknown = set(parents)
    while unknown:
        found: dict[str, str | None] = {}
        ordered = sorted(unknown)
        for start in range(0, len(ordered), _AT_ONCE):
            ids = ordered[start : start + _AT_ONCE]
            rows = Comment.objects.filter(pk__in=ids).exclude(state=State.APPROVED)
            found |= dict(rows.values_list("id", "parent_id"))
        hidden |= found
        unknown = {parent for parent in found.values() if parent} - hidden.keys()
    return hidden


def _visible_parent(parent: str | None, hidden: dict[str, str | None]) -> str | None:
    while parent is not None and parent in hidden:
        parent = hidden[parent]
    return parent
