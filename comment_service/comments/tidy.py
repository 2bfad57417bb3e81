"""What the service forgets by itself."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from comment_service.comments import moderation, subscriptions, throttle
from comment_service.comments.models import Comment, State

SPAM_DAYS = 30


def tidy() -> None:
    """Erase what nobody needs any more; again is free."""
    now = timezone.now()
    throttle.forget(now)
    Session.objects.filter(expire_date__lt=now).delete()
    subscriptions.end_old()
    _erase_decided(State.SPAM, SPAM_DAYS)
    _erase_decided(State.REJECTED, settings.COMMENTS_KEEP_DAYS)


def _erase_decided(state: State, days: float) -> None:
    before = timezone.now() - timedelta(days=days)
    old = Comment.objects.filter(state=state, decided__lt=before)
    moderation.erase(list(old.values_list("pk", flat=True)[:1000]))
