"""Who may moderate: name, password and, if wanted, a code from a second device."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from comment_service.moderation import ModerationError


def set_password(name: str, password: str) -> bool:
    """See `comment_service.moderation.set_password`."""
    users = get_user_model()
    user = users.objects.filter(username=name).first()
    is_new = user is None
    user = user or users(username=name)
    user.is_staff = user.is_superuser = user.is_active = True
    try:
        validate_password(password, user)
        user.set_password(password)
        user.full_clean()
    except ValidationError as error:
        raise ModerationError(" ".join(error.messages)) from error
    user.save()
    return is_new


@transaction.atomic
def start_second_factor(name: str) -> str:
    """See `comment_service.moderation.start_second_factor`."""
    user = _user(name)
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name="App", confirmed=False)
    return device.config_url


@transaction.atomic
def confirm_second_factor(name: str, code: str) -> bool:
    """See `comment_service.moderation.confirm_second_factor`."""
    user = _user(name)
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(code.replace(" ", "")):
        return False
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    return True


def end_second_factor(name: str) -> bool:
    """See `comment_service.moderation.end_second_factor`."""
    deleted, _ = TOTPDevice.objects.filter(user=_user(name)).delete()
    return bool(deleted)


def _user(name: str) -> object:
    users = get_user_model()
    user = users.objects.filter(username=name).first()
    if user is None:
        known = ", ".join(users.objects.order_by("username").values_list("username", flat=True))
        raise ModerationError(
            f"Den Zugang „{name}“ gibt es nicht – {f'bekannt: {known}' if known else 'noch keiner'}."
            " Angelegt wird er mit „invoke comments.password NAME“."
        )
    return user
