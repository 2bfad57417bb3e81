"""Who wants a mail when her comment is answered: asked for, confirmed, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comment_service.comments import letters, throttle
from comment_service.comments.ledger import record
from comment_service.comments.models import Comment, Subscription
from comment_service.comments.seal import digest, seal

#: What is not confirmed by then was not meant, or not by the owner of the address.
CONFIRM_DAYS = 3
#: Discussions end; addresses should not stay because nobody thought of them.
KEEP_DAYS = 365
#: First mails to one address: nobody is to be flooded through our form.
ASKED_A_DAY = throttle.Limit(5, 24 * throttle.HOUR_S)


def are_possible() -> bool:
    """Say whether this service can send mail at all."""
    return bool(settings.EMAIL_HOST)


def ask(comment: Comment, address: str) -> Subscription:
    """
    Keep *address* for answers to *comment*, until it is confirmed or `CONFIRM_DAYS` are over.

    The first mail goes out at once, or, if the comment looks like spam, when it is approved.
    """
    subscription = Subscription.objects.create(
        comment=comment, address=seal(address), digest=digest(address), created=comment.created
    )
    if not comment.suspicion:
        letters.request_confirmation(subscription)
    return subscription


def may_ask(address: str) -> bool:
    """Say whether one more first mail may go to *address* today, and count it."""
    try:
        with transaction.atomic():
            throttle.take("confirm", digest(address), ASKED_A_DAY)
    except throttle.TooManyError:
        return False
    return True


@transaction.atomic
def confirm(subscription_id: str) -> Subscription | None:
    """Let mails go to that address; None if it was not confirmed in time, or has ended."""
    found = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if found is not None and found.confirmed is None:
        found.confirmed = timezone.now()
        found.save(update_fields=["confirmed"])
    return found


def end(subscriptions: Iterable[Subscription]) -> None:
    """Delete the addresses, for good: a backup does not bring them back."""
    ids = [subscription.pk for subscription in subscriptions]
    if ids:
        with transaction.atomic():
            Subscription.objects.filter(pk__in=ids).delete()
            record(ids)


def end_for(comments: Iterable[Comment]) -> None:
    """End the subscriptions of those who wrote *comments*."""
    end(Subscription.objects.filter(comment__in=[comment.pk for comment in comments]))


def end_old() -> None:
    """End what nobody has confirmed in time, and what is older than a year."""
    now = timezone.now()
    unconfirmed = Subscription.objects.filter(confirmed=None)
    end(unconfirmed.filter(created__lt=now - timedelta(days=CONFIRM_DAYS)))
    end(Subscription.objects.filter(created__lt=now - timedelta(days=KEEP_DAYS)))
