"""What speaks for spam: told to the moderator, never held against a reader without her."""

from __future__ import annotations

import re
import time

from django.conf import settings
from django.db import connection, transaction

from comment_service.comments.bayes import Classifier
from comment_service.comments.models import Comment, Knowledge, State
from comment_service.comments.seal import fingerprint
from comment_service.comments.tokens import Draft

MAX_LINKS = 2
#: Shorter texts are the same by chance: „Vielen Dank!“
MIN_LETTERS = 40
#: How long this process goes by what it has read: to look each time costs every comment a query.
READ_AGAIN_S = 10
SPAM_PROBABILITY = 0.9

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_ADDRESS = re.compile(r"://|\bwww\.|\w\.(com|net|org|info|biz|ru|de|io)\b", re.IGNORECASE)


def text_fingerprint(text: str) -> str:
    """Return what tells a long text from others; nothing for a short one."""
    is_long = sum(char.isalnum() for char in text) >= MIN_LETTERS
    return fingerprint(text) if is_long else ""


def suspicion(draft: Draft) -> str:
    """Return in German why *draft* may be spam, or nothing."""
    return "; ".join(filter(None, (_links(draft), _name(draft), _repeated(draft), _like(draft))))


def _links(draft: Draft) -> str:
    count = len(_LINK.findall(draft.text))
    return f"{count} Links" if count > MAX_LINKS else ""


def _name(draft: Draft) -> str:
    if _ADDRESS.search(draft.name):
        return "Webadresse im Namen"
    author = settings.COMMENTS_AUTHOR.casefold()
    return "Name wie Ihrer" if author and author == draft.name.casefold() else ""


def _repeated(draft: Draft) -> str:
    mark = text_fingerprint(draft.text)
    if not mark:
        return ""
    with connection.cursor() as cursor:
        # Django takes as long to put this together as for a tenth of all that a comment costs.
        cursor.execute("SELECT 1 FROM comments_comment WHERE fingerprint = %s LIMIT 1", [mark])
        is_known = cursor.fetchone() is not None
    return "wortgleich mit einem anderen Kommentar" if is_known else ""


def _like(draft: Draft) -> str:
    probability = _classifier().spam_probability(_whole(draft.name, draft.website, draft.text))
    if probability < SPAM_PROBABILITY:
        return ""
    return f"ähnelt zu {int(probability * 100)} % dem, was bei Ihnen Spam war"


def _whole(name: str, website: str, text: str) -> str:
    return f"{name}\n{website}\n{text}"


# -- Learning -------------------------------------------------------------------------------------

_LEARNED_AS = {State.APPROVED: "ham", State.SPAM: "spam"}

# What was learned, as this process read it last, and when that was.
_cache: tuple[float, Classifier] | None = None


def _classifier() -> Classifier:
    global _cache
    if _cache is None or time.monotonic() - _cache[0] > READ_AGAIN_S:
        row = Knowledge.objects.filter(pk=1).first()
        counts = bytes(row.counts) if row else b""
        _cache = (time.monotonic(), Classifier.from_bytes(counts))
    return _cache[1]


def _read_again() -> None:
    global _cache
    _cache = None


@transaction.atomic
def learn(comments: list[Comment]) -> None:
    """
    Learn from the moderator's decision on *comments*: published is no spam, spam is.

    What was only rejected teaches nothing: off topic is not spam. Sets ``learned`` on each; to be
    called before their texts are gone, and saved by the caller.
    """
    changed = [
        comment
        for comment in comments
        if not comment.by_author
        and comment.text
        and comment.learned != _LEARNED_AS.get(comment.state, comment.learned)
    ]
    if not changed:
        return
    row, _ = Knowledge.objects.select_for_update().get_or_create(pk=1)
    classifier = Classifier.from_bytes(bytes(row.counts))
    for comment in changed:
        whole = _whole(comment.author, comment.website, comment.text)
        if comment.learned:
            classifier.unlearn(whole, is_spam=comment.learned == "spam")
        comment.learned = _LEARNED_AS[comment.state]
        classifier.learn(whole, is_spam=comment.learned == "spam")
    row.counts = classifier.to_bytes()
    row.save()
    transaction.on_commit(_read_again)
