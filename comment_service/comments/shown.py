"""Comments as the pages of the service show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import mark_safe

from comment_service.comments import pages
from comment_service.comments.models import Comment
from comment_service.comments.tokens import Draft
from plugins.comments.core import render_text


@dataclass(frozen=True)
class Shown:
    """A comment as the templates show it."""

    id: str
    author: str
    website: str
    created: object
    html: str
    #: Beside the name, if it is the blog's author's.
    by_author: str = ""

    @classmethod
    def of(cls, comment: Comment) -> Shown:
        """Return how an approved comment looks."""
        return cls(
            comment.id,
            comment.author,
            comment.website,
            comment.created,
            mark_safe(render_text(comment.text)),
            pages.published().by_author if comment.by_author else "",
        )

    @classmethod
    def of_draft(cls, draft: Draft) -> Shown:
        """Return how the comment will look."""
        return cls(
            "", draft.name, draft.website, timezone.now(), mark_safe(render_text(draft.text))
        )
