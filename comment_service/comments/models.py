"""Comments, and the counter of revisions by which the build asks what has changed."""

from __future__ import annotations

import secrets

from django.db import models

# 32 characters, so 50 bits in ten of them. No look-alikes, and no hyphen: an id at the start of a
# command's argument must not be taken for an option.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """Return a public id: short, and not to be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


class State(models.TextChoices):
    """Where a comment is; only approved ones are public."""

    PENDING = "pending", "wartet"
    APPROVED = "approved", "freigegeben"
    REJECTED = "rejected", "abgelehnt"
    ERASED = "erased", "gelöscht"


class Comment(models.Model):
    """
    A comment; erased, it is a tombstone with id, page, parent and date, and no personal data.

    State and revision change in `moderation` only: there the counter is locked, and replies whose
    visible parent changes are exported again.
    """

    #: Fixed when the preview is signed, so it is the nonce too: sent twice, it is one comment.
    id = models.CharField("Kennung", primary_key=True, max_length=40, default=new_id)
    page = models.CharField("Seite", max_length=300)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name="Antwort auf",
    )
    author = models.CharField("Name", max_length=80, blank=True)
    #: For the moderator's eyes; never exported.
    email = models.CharField("E-Mail", max_length=254, blank=True)
    website = models.CharField("Website", max_length=200, blank=True)
    #: Markdown, as typed.
    text = models.TextField("Kommentar", blank=True)
    state = models.CharField("Zustand", max_length=10, choices=State.choices, default=State.PENDING)
    created = models.DateTimeField("geschrieben")
    #: Of the last change that the public can see; 0: never public.
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        """Names, and the indexes of the export and of the queue."""

        verbose_name = "Kommentar"
        verbose_name_plural = "Kommentare"
        indexes = (
            models.Index("revision", name="comments_revision"),
            models.Index("state", "created", name="comments_queue"),
        )

    def __str__(self) -> str:
        # Without the name: the admin writes this to its history, which erasing does not reach.
        return f"Kommentar {self.pk}"


class Counter(models.Model):
    """The one row that numbers revisions; whoever wants the next number waits for it."""

    number = models.PositiveBigIntegerField(default=0)
    #: Tells this database's revisions from another one's.
    store = models.CharField(max_length=10, default=new_id)

    class Meta:
        """Names."""

        verbose_name = "Zähler"

    @classmethod
    def current(cls) -> Counter:
        """Return the counter as it is."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def advance(cls) -> int:
        """Return the next number; the transaction around holds the row until it ends."""
        counter = cls.objects.select_for_update().get_or_create(pk=1)[0]
        counter.number += 1
        counter.save(update_fields=["number"])
        return counter.number
