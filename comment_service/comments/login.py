"""The moderator's login: password, a code if she wants it so, and no endless guessing."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp import devices_for_user, match_token

from comment_service.comments.network import client_network
from comment_service.comments.throttle import HOUR_S, Limit, TooManyError, take

#: Wrong and right ones: from one network, and for one name from anywhere.
FROM_NETWORK = Limit(10, HOUR_S / 2)
FOR_NAME = Limit(60, HOUR_S)


class ModeratorLogin(AdminAuthenticationForm):
    """Name, password, code."""

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=10,
        help_text="Nur, wenn Sie einen zweiten Faktor eingerichtet haben.",
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, str]:
        """Refuse too many tries before the password is looked at, then a missing or wrong code."""
        self._count_try()
        values: dict[str, str] = super().clean()
        self._check_code(values.get("code", "").replace(" ", ""))
        return values

    def _count_try(self) -> None:
        network = client_network(
            self.request.META.get("REMOTE_ADDR", ""),
            self.request.headers.get("X-Forwarded-For", ""),
            settings.COMMENTS_PROXY,
        )
        try:
            with transaction.atomic():
                if network is not None:
                    take("login", network, FROM_NETWORK)
                take("login-name", str(self.cleaned_data.get("username", "")), FOR_NAME)
        except TooManyError as error:
            minutes = -(-error.wait_s // 60)
            raise ValidationError(
                "Das waren zu viele Versuche. Bitte warten Sie "
                f"{'eine Minute' if minutes == 1 else f'{minutes} Minuten'}. Die Befehle "
                "„invoke comments.…“ gehen weiter."
            ) from error

    def _check_code(self, code: str) -> None:
        user = self.get_user()
        if user is None or not any(True for _ in devices_for_user(user)):
            return
        if not code or match_token(user, code) is None:
            # The same words, whatever is missing: nobody learns that the password was right.
            raise self.get_invalid_login_error()
