"""All about one person, told or erased; and a backup does not bring it back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comment_service import moderation
from comment_service.comments import subscriptions
from comment_service.comments.models import Comment, Subscription
from comment_service.moderation import ModerationError

pytestmark = pytest.mark.django_db


def subscribe(comment, address, *, is_confirmed=True):
    subscription = subscriptions.ask(comment, address)
    if is_confirmed:
        subscription.confirmed = timezone.now()
        subscription.save()
    return subscription


def test_everything_of_a_person_is_found_by_name_in_any_capitals(make_comment):
    mine = [make_comment("approved", author="Özlem Ä."), make_comment(author="özlem ä.")]
    make_comment("spam", author="Jemand", text="Özlem Ä. hat recht.")
    make_comment(author="Özlem")
    found = moderation.person(" ÖZLEM  Ä. ")
    assert [c["id"] for c in found["comments"]] == [c.id for c in mine]
    assert found["comments"][0]["subscription"] is None
    assert len(found["mentions"]) == 1


def test_everything_of_a_person_is_found_by_mail(make_comment):
    comment = make_comment(author="Ida")
    other = make_comment(author="Ida")
    subscribe(comment, "Ida@Beispiel.example")
    found = moderation.person("ida@beispiel.example")
    (entry,) = found["comments"]
    assert entry["id"] == comment.id
    assert entry["subscription"]["address"] == "Ida@Beispiel.example"
    assert entry["subscription"]["confirmed"]
    assert other.id not in str(found)


def test_all_of_it_can_be_erased(make_comment):
    comment = make_comment("approved", author="Ida")
    second = make_comment(author="IDA", text="Noch einer")
    stays = make_comment("approved", author="Bert", text="Ida hat recht")
    subscribe(comment, "ida@beispiel.example")
    assert set(moderation.erase_person("ida")) == {comment.id, second.id}
    assert not Subscription.objects.exists()
    found = moderation.person("ida")
    assert (found["comments"], found["mentions"]) == ([], [stays.id])
    assert moderation.erase_person("ida") == []
    assert moderation.changes()["erased"] == [comment.id]


def test_by_mail_only_what_belongs_to_the_address_is_erased(make_comment):
    comment, other = make_comment(author="Ida"), make_comment(author="Ida")
    subscribe(comment, "ida@beispiel.example")
    assert moderation.erase_person("ida@beispiel.example") == [comment.id]
    assert Comment.objects.get(pk=other.pk).author == "Ida"


@pytest.mark.parametrize("name", ["", "  ", "\x00"])
def test_nobody_is_nobody(name, make_comment):
    comment = make_comment("approved")
    moderation.erase([comment.id])
    with pytest.raises(ModerationError, match="Wer\\?"):
        moderation.person(name)
    with pytest.raises(ModerationError, match="Wer\\?"):
        moderation.erase_person(name)
