"""
The comments of an invented site in a database, as if readers had written them.

    COMMENTS_DATA=FOLDER python -m bench.build.database FOLDER fill
    COMMENTS_DATA=FOLDER python -m bench.build.database FOLDER approve PAGE TEXT

`fill` makes the database that FOLDER's snapshot is of; `approve` adds one approved comment.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from comment_service import moderation


def fill(folder: Path) -> None:
    """Write the comments of the snapshot in *folder* to its database."""
    moderation.setup()
    from comment_service.comments.models import Comment, Counter, State
    from plugins.comments.snapshot import parse_snapshot

    snapshot = parse_snapshot((folder / "kommentare.json").read_bytes(), "kommentare.json")
    Counter.objects.update_or_create(
        pk=1, defaults={"number": snapshot.revision, "store": snapshot.store}
    )
    # Oldest first: an answer comes after what it answers.
    Comment.objects.bulk_create(
        Comment(
            id=comment.id,
            page=comment.page,
            parent_id=comment.parent,
            author=comment.author,
            text=comment.text,
            state=State.APPROVED,
            created=comment.created,
            revision=number,
        )
        for number, comment in enumerate(snapshot.comments, 1)
    )


def approve(page: str, text: str) -> None:
    """Add a comment to *page* and approve it."""
    moderation.setup()
    from comment_service.comments.models import Comment

    created = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    comment = Comment.objects.create(page=page, author="Ada", text=text, created=created)
    moderation.approve([comment.id])


if __name__ == "__main__":
    match sys.argv[1:]:
        case [folder, "fill"]:
            fill(Path(folder))
        case [_, "approve", page, text]:
            approve(page, text)
        case _:
            raise SystemExit(__doc__)
