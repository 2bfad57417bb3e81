"""The signed preview: it carries the comment from the preview to the queue, unchanged."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field

from django.core import signing

from comment_service.comments.models import new_id

MAX_AGE_S = 24 * 3600
_SALT = "comment_service.preview"


class ForgedTokenError(Exception):
    """Not signed by us, or damaged on the way."""


class ExpiredTokenError(Exception):
    """Signed by us, too long ago."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"preview of {draft.id} is older than {MAX_AGE_S} s")
        #: What it carried: nobody should have to type it again.
        self.draft = draft


@dataclass(frozen=True)
class Draft:
    """A comment that its author has not sent yet."""

    page: str
    parent: str
    name: str
    email: str
    website: str
    text: str
    #: The id the comment will have, so a token makes one comment, however often it is sent.
    id: str = field(default_factory=new_id)
    #: When the preview was made, in seconds of the Unix clock: programs do not read it.
    shown: float = field(default_factory=lambda: int(time.time() * 100) / 100)


def sign(draft: Draft) -> str:
    """Return *draft* as a token: readable for its author, but not to be changed."""
    return signing.dumps(asdict(draft), salt=_SALT, compress=True)


def read(token: str) -> Draft:
    """
    Return the draft in *token*.

    Raises:
        ForgedTokenError: It was not made by `sign`, or is damaged.
        ExpiredTokenError: It was, more than `MAX_AGE_S` ago.
    """
    try:
        return _load(token, MAX_AGE_S)
    except signing.SignatureExpired as error:
        raise ExpiredTokenError(_load(token, None)) from error
    # The signature was right, but another version of this program made it.
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise ForgedTokenError from error


def _load(token: str, max_age_s: int | None) -> Draft:
    return Draft(**signing.loads(token, salt=_SALT, max_age=max_age_s))
