"""A table of comments as it is after years: many, on many pages, answered, and a filter that has learned."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

PAGES = 500
_LEARNED = 200
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
#: What most comments are like.
TEXT = "Ein ganz normaler Kommentar mit *Betonung*, so lang wie viele andere auch. " * 3
_SPAM = "Casino Bonus sofort sichern, billige Uhren und Kredite ohne Auskunft, Nummer"


def fill(count: int, page: str) -> None:
    """Put so many approved comments into the empty database of the service; some are on *page*."""
    from django.db import transaction

    from comment_service.comments import suspicion
    from comment_service.comments.models import Comment, Counter, State

    rows: list[Comment] = []
    for number in range(count):
        where = number % PAGES
        # Answered is an earlier comment of the same page.
        earlier = rows[number - PAGES].pk if number % 3 == 1 and number >= PAGES else None
        rows.append(
            Comment(
                page=f"/blog/beitrag-{where}/" if where else page,
                author=f"Name {number}",
                text=f"{TEXT}{number}",
                parent_id=earlier,
                state=State.APPROVED,
                fingerprint=secrets.token_hex(16),
                created=_FIRST + timedelta(minutes=number),
                revision=number + 1,
            )
        )
    examples = [
        Comment(author="Name", text=text, state=state)
        for number in range(_LEARNED)
        for state, text in (
            (State.APPROVED, f"{TEXT}{number}"),
            (State.SPAM, f"{_SPAM} {number}: https://casino-{number}.example/"),
        )
    ]
    with transaction.atomic():
        Comment.objects.bulk_create(rows, batch_size=500)
        Counter.objects.update_or_create(pk=1, defaults={"number": count})
        suspicion.learn(examples)
