"""Comments, who wants to hear of answers to them, and what the service itself must remember."""

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
    SPAM = "spam", "Spam"
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
    website = models.CharField("Website", max_length=200, blank=True)
    #: Markdown, as typed.
    text = models.TextField("Kommentar", blank=True)
    #: Written by the blog's author in the moderation, not by somebody with her name.
    by_author = models.BooleanField("von Ihnen", default=False)
    state = models.CharField("Zustand", max_length=10, choices=State.choices, default=State.PENDING)
    #: Why it may be spam, in German, for the moderator; empty: nothing speaks for it.
    suspicion = models.CharField("Verdacht", max_length=200, blank=True)
    #: Keyed hash of a long text's letters: tells the same text apart without keeping it.
    fingerprint = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    created = models.DateTimeField("geschrieben")
    #: How often the moderator has decided, and when last: a link in a mail holds for one decision.
    decisions = models.PositiveIntegerField(default=0, editable=False)
    decided = models.DateTimeField("entschieden", null=True, editable=False)
    #: What the classifier has learned it as: "ham", "spam" or nothing.
    learned = models.CharField(max_length=4, blank=True, editable=False)
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
    #: Tells this database's revisions from another one's. After a dot: from those before a backup
    #: was restored, which count the same comments in another way.
    store = models.CharField(max_length=40, default=new_id)

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


class Subscription(models.Model):
    """Somebody wants a mail when her comment is answered. Ended, the row and the address go."""

    id = models.CharField(primary_key=True, max_length=10, default=new_id)
    comment = models.OneToOneField(Comment, models.CASCADE, related_name="subscription")
    #: Sealed (`seal`): of no use to who has the database and not the key.
    address = models.TextField()
    #: Keyed hash of the address, for finding all that belongs to a person.
    digest = models.CharField(max_length=64, db_index=True)
    created = models.DateTimeField()
    #: When the link in the first mail was followed; before that there is no other mail.
    confirmed = models.DateTimeField(null=True)


class Letter(models.Model):
    """A mail to be sent. It holds no words and no address, only what it is about."""

    class Kind(models.TextChoices):
        """What it says."""

        MODERATE = "moderate", "an die Autorin: ein neuer Kommentar"
        CONFIRM = "confirm", "an eine Leserin: wirklich benachrichtigen?"
        REPLY = "reply", "an eine Leserin: eine Antwort"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    #: Whom it goes to; none: the author.
    subscription = models.ForeignKey(Subscription, models.CASCADE, null=True, related_name="+")
    created = models.DateTimeField()
    due = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)


class Erasure(models.Model):
    """An id that must not come back from a backup: of a comment erased, a subscription ended."""

    id = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()


class Allowance(models.Model):
    """How much somebody has done lately (`throttle`). Forgotten within a day."""

    #: Hash of who and what, keyed with the day's salt: no address can be had from it.
    key = models.CharField(primary_key=True, max_length=32)
    #: How much, at that second of the Unix clock.
    level = models.FloatField()
    at = models.FloatField()


class Salt(models.Model):
    """The day's key for those hashes; without it, tomorrow, nothing can be told from them."""

    day = models.DateField(primary_key=True)
    value = models.CharField(max_length=64)


class Knowledge(models.Model):
    """What the classifier has learned: one row of counts, which hold no words (`bayes`)."""

    counts = models.BinaryField(default=bytes)
