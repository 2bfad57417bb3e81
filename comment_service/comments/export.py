"""What the build may know: approved comments, since a revision, and which ones are gone."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from comment_service.comments.models import Comment, Counter, State


def changes(since: int = 0) -> dict[str, Any]:
    """
    Return the approved comments changed after revision *since*, and the ids of those gone.

    No e-mail address, and no comment that nobody approved. A comment's parent is its nearest
    approved ancestor.
    """
    # The counter first: what is approved between the two readings comes now and once more.
    counter = Counter.current()
    changed = Comment.objects.filter(revision__gt=since).order_by("created", "id")
    hidden = dict(
        Comment.objects.exclude(state=State.APPROVED)
        .filter(replies__isnull=False)
        .values_list("id", "parent_id")
    )
    fields = ("id", "page", "parent_id", "author", "website", "text", "created")
    return {
        "revision": counter.number,
        "store": counter.store,
        "comments": [
            {
                "id": row["id"],
                "page": row["page"],
                "parent": _visible_parent(row["parent_id"], hidden),
                "author": row["author"],
                "website": row["website"],
                "text": row["text"],
                "created": row["created"].astimezone(UTC).isoformat(),
            }
            for row in changed.filter(state=State.APPROVED).values(*fields)
        ],
        "erased": list(
            changed.exclude(state=State.APPROVED).order_by("id").values_list("id", flat=True)
        ),
    }


def _visible_parent(parent: str | None, hidden: dict[str, str | None]) -> str | None:
    while parent is not None and parent in hidden:
        parent = hidden[parent]
    return parent
