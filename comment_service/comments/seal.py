"""Addresses at rest: sealed for using them, hashed for finding them."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SealError(Exception):
    """It was sealed with another key: that of the machine where the backup was made."""


def seal(address: str) -> str:
    """Return *address* encrypted; each time it looks different."""
    return _fernet().encrypt(address.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """
    Return the address.

    Raises:
        SealError: With this key it cannot be read.
    """
    try:
        return _fernet().decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise SealError from error


def digest(address: str) -> str:
    """Return a keyed hash of *address*, the same for every way of writing it in capitals."""
    return _mac("digest", address.strip().casefold()).hex()


def fingerprint(text: str) -> str:
    """Return a keyed hash of the letters and digits of *text*."""
    letters = "".join(char for char in text.casefold() if char.isalnum())
    return _mac("fingerprint", letters).hex()[:32]


def _mac(purpose: str, text: str) -> bytes:
    key = f"comment_service.{purpose}\0{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), sha256).digest()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_mac("seal", "key")))
