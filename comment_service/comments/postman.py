"""Writes and sends the mails that are due. One that cannot be sent now is tried again, later."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from comment_service.comments import links, pages, subscriptions
from comment_service.comments.links import Purpose
from comment_service.comments.models import Comment, Letter, State
from comment_service.comments.seal import SealError, unseal

logger = logging.getLogger(__name__)

#: A letter in somebody's hand; if that process dies, another one takes it up then.
IN_HAND = timedelta(minutes=10)
#: After so long it is no news any more.
GIVE_UP = timedelta(days=4)
#: An answer is announced when it can be read on the site, or after that time.
PATIENCE = timedelta(hours=24)
BATCH = 50


class _NotYetError(Exception):
    """The letter must wait until the next build."""


def deliver(now: datetime | None = None) -> int:
    """Send what is due; return how many mails went out. Several processes may do it at once."""
    now = now or timezone.now()
    due = list(Letter.objects.filter(due__lte=now).order_by("due", "pk")[:BATCH])
    if not due:
        return 0
    with get_connection() as connection:
        return sum(_deliver(letter, now, connection) for letter in due if _take(letter, now))


def _take(letter: Letter, now: datetime) -> bool:
    """Take *letter* in hand, unless another process has it already."""
    taken = Letter.objects.filter(pk=letter.pk, due=letter.due).update(
        due=now + IN_HAND, tries=F("tries") + 1
    )
    return bool(taken)


def _deliver(letter: Letter, now: datetime, connection: BaseEmailBackend) -> bool:
    try:
        mail = _WRITE[Letter.Kind(letter.kind)](letter, now)
        if mail is not None:
            mail.connection = connection
            mail.send()
    except _NotYetError:
        Letter.objects.filter(pk=letter.pk).update(due=now + timedelta(minutes=1))
        return False
    except SMTPRecipientsRefused:
        # No such mailbox: neither now nor later, and nothing to keep the address for.
        logger.warning("Ein Empfänger wurde abgelehnt; die Benachrichtigung endet.")
        if letter.subscription is not None:
            subscriptions.end([letter.subscription])
    except SealError:
        logger.error("Eine Adresse ist mit diesem Schlüssel nicht lesbar; das Abo endet.")
        if letter.subscription is not None:
            subscriptions.end([letter.subscription])
    # SMTPException is an OSError; so is everything the network can do.
    except OSError as error:
        _postpone(letter, now, error)
        return False
    else:
        Letter.objects.filter(pk=letter.pk).delete()
        return mail is not None
    Letter.objects.filter(pk=letter.pk).delete()
    return False


def _postpone(letter: Letter, now: datetime, error: OSError) -> None:
    # The name only: the message may quote an address.
    logger.error("Eine Mail ließ sich nicht senden: %s", type(error).__name__)
    if now - letter.created > GIVE_UP:
        Letter.objects.filter(pk=letter.pk).delete()
        return
    wait = timedelta(minutes=min(2**letter.tries, 240))
    Letter.objects.filter(pk=letter.pk).update(due=now + wait)


# -- What they say --------------------------------------------------------------------------------


def _mail(
    template: str, subject: str, to: str, context: dict[str, object], **headers: str
) -> EmailMessage:
    body = render_to_string(f"comments/{template}.txt", context)
    return EmailMessage(
        subject,
        body,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"} | headers,
    )


def _title(comment: Comment) -> str:
    try:
        page = pages.find(comment.page)
    except pages.PagesUnavailableError:
        page = None
    return " ".join(page.title.split()) if page else comment.page


def _context(comment: Comment) -> dict[str, object]:
    return {
        "comment": comment,
        "title": _title(comment),
        "origin": settings.COMMENTS_ORIGIN,
        "host": settings.COMMENTS_ORIGIN.partition("://")[2],
    }


def _to_author(letter: Letter, now: datetime) -> EmailMessage | None:
    """Return the mail with the links that decide; None if somebody has decided already."""
    comment = letter.comment
    if comment.state != State.PENDING or not settings.COMMENTS_MAIL_TO:
        return None
    decide = {
        action: links.url(Purpose.DECIDE, comment.pk, action, comment.decisions)
        for action in ("approve", "reject", "spam")
    }
    held = Comment.objects.filter(state=State.PENDING).exclude(suspicion="").count()
    context = _context(comment) | {"decide": decide, "held": held}
    subject = f"Neuer Kommentar zu „{_title(comment)}“"
    return _mail("mail_moderate", subject, settings.COMMENTS_MAIL_TO, context)


def _to_confirm(letter: Letter, now: datetime) -> EmailMessage | None:
    """Return the first mail. Nothing in it is the commenter's: it could be anybody's mailbox."""
    subscription = letter.subscription
    if subscription is None or subscription.confirmed:
        return None
    context = _context(letter.comment) | {
        "confirm": links.url(Purpose.CONFIRM, subscription.pk),
        "days": subscriptions.CONFIRM_DAYS,
    }
    subject = "Möchten Sie von Antworten auf Ihren Kommentar erfahren?"
    return _mail("mail_confirm", subject, unseal(subscription.address), context)


def _to_reader(letter: Letter, now: datetime) -> EmailMessage | None:
    """
    Return the notice of an answer; None if there is nothing to tell any more.

    Raises:
        _NotYetError: It is not on the site yet.
    """
    subscription, reply = letter.subscription, letter.comment
    if subscription is None or reply.state != State.APPROVED:
        return None
    if now - letter.created < PATIENCE and not _is_on_site(reply):
        raise _NotYetError
    unsubscribe = links.url(Purpose.UNSUBSCRIBE, subscription.pk)
    context = _context(reply) | {
        "unsubscribe": unsubscribe,
        "withdraw": links.url(Purpose.WITHDRAW, subscription.comment_id),
    }
    # One click in the mail program, without opening anything (RFC 8058).
    headers = {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    subject = f"Eine Antwort auf Ihren Kommentar zu „{_title(reply)}“"
    return _mail("mail_reply", subject, unseal(subscription.address), context, **headers)


def _is_on_site(comment: Comment) -> bool:
    """Say whether the page shows *comment*; yes if there is no such file to look into."""
    try:
        html = Path(settings.COMMENTS_SITE, comment.page.strip("/"), "index.html").read_bytes()
    except OSError:
        return True
    return f'id="kommentar-{comment.pk}"'.encode() in html


_WRITE: dict[Letter.Kind, Callable[[Letter, datetime], EmailMessage | None]] = {
    Letter.Kind.MODERATE: _to_author,
    Letter.Kind.CONFIRM: _to_confirm,
    Letter.Kind.REPLY: _to_reader,
}
