"""Signed links: whoever has one may do that one thing with that one comment, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse


class LinkError(Exception):
    """Not a link of ours, or damaged on the way."""


class ExpiredLinkError(LinkError):
    """A link of ours, too old."""


class Purpose(StrEnum):
    """What a link is for; the value is the name of its address."""

    WITHDRAW = "withdraw"
    DECIDE = "decide"
    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"


#: Who wrote a comment may take it back at any time, and a notice must always be easy to end.
MAX_AGE = {Purpose.DECIDE: timedelta(days=14), Purpose.CONFIRM: timedelta(days=3)}


def sign(purpose: Purpose, *values: object) -> str:
    """Return the token of a link for *purpose*, about *values*."""
    return _signer(purpose).sign("~".join(map(str, values)))


def path(purpose: Purpose, token: str) -> str:
    """Return the address of *token* on the site."""
    return reverse(purpose, kwargs={"token": token})


def url(purpose: Purpose, *values: object) -> str:
    """Return the full address of a new link for *purpose*, about *values*."""
    return settings.COMMENTS_ORIGIN + path(purpose, sign(purpose, *values))


def read(purpose: Purpose, token: str) -> list[str]:
    """
    Return the values that were signed for *purpose*.

    Raises:
        ExpiredLinkError: They were, too long ago.
        LinkError: They were not.
    """
    try:
        return _signer(purpose).unsign(token, max_age=MAX_AGE.get(purpose)).split("~")
    except signing.SignatureExpired as error:
        raise ExpiredLinkError from error
    except signing.BadSignature as error:
        raise LinkError from error


def _signer(purpose: Purpose) -> signing.TimestampSigner:
    # A dot, so that the token needs no escaping in an address.
    return signing.TimestampSigner(sep=".", salt=f"comment_service.link.{purpose}")
