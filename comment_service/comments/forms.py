"""The reader's form."""

from __future__ import annotations

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from plugins.comments.core import clean_line, clean_text, is_web_address

NAME_MAX = 80
EMAIL_MAX = 254
WEBSITE_MAX = 200
TEXT_MAX = 6000


class LineField(forms.CharField):
    """One line: without control characters, without white space at its ends."""

    def to_python(self, value: object) -> str:
        """Return the cleaned line."""
        return clean_line(str(value or ""))


class TextField(forms.CharField):
    """Several lines: without control characters."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        """Return the cleaned text."""
        return clean_text(str(value or "")).strip()


class CommentForm(forms.Form):
    """Name, e-mail, website, text; names and limits are those of the form in the article."""

    error_css_class = "comment-form__field--error"

    name = LineField(
        label="Name",
        max_length=NAME_MAX,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={
            "required": "Bitte geben Sie einen Namen an.",
            "max_length": f"Bitte kürzen Sie den Namen auf {NAME_MAX} Zeichen.",
        },
    )
    email = LineField(
        label="E-Mail",
        max_length=EMAIL_MAX,
        required=False,
        help_text=(
            "Nur, wenn Sie eine Mail möchten, sobald jemand antwortet. Sie wird nicht "
            "veröffentlicht."
        ),
        widget=forms.EmailInput({"autocomplete": "email"}),
        validators=[
            EmailValidator(
                "Diese Adresse ist unvollständig. Schreiben Sie sie wie name@beispiel.example, "
                "oder lassen Sie das Feld leer."
            )
        ],
        error_messages={"max_length": "Diese Adresse ist zu lang."},
    )
    website = LineField(
        label="Website",
        max_length=WEBSITE_MAX,
        required=False,
        help_text="Ihr Name wird dann zum Link.",
        widget=forms.TextInput({"autocomplete": "url", "inputmode": "url"}),
        error_messages={"max_length": f"Bitte nehmen Sie eine Adresse bis {WEBSITE_MAX} Zeichen."},
    )
    text = TextField(
        label="Kommentar",
        max_length=TEXT_MAX,
        help_text="Möglich sind *kursiv*, **fett**, [Linktext](https://…), Listen und > Zitate.",
        widget=forms.Textarea({"rows": 10}),
        error_messages={
            "required": "Bitte schreiben Sie einen Kommentar.",
            "max_length": (
                "Bitte kürzen Sie den Kommentar auf %(limit_value)s Zeichen; jetzt sind es "
                "%(show_value)s."
            ),
        },
    )
    #: A trap for programs: hidden from people, so whoever fills it in is none, or a browser's help.
    subject = LineField(
        label="Bitte frei lassen",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("auto_id", "comment-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """Refuse a name that nobody can see."""
        return self._visible("name")

    def clean_text(self) -> str:
        """Refuse a text that nobody can see."""
        return self._visible("text")

    def clean_website(self) -> str:
        """Complete and check the address."""
        website: str = self.cleaned_data["website"]
        if website and "://" not in website:
            website = f"https://{website}"
        if website and ("." not in website or not is_web_address(website)):
            raise ValidationError(
                "Diese Adresse ist unvollständig. Schreiben Sie sie wie https://beispiel.example, "
                "oder lassen Sie das Feld leer."
            )
        if len(website) > WEBSITE_MAX:
            raise ValidationError(self.fields["website"].error_messages["max_length"])
        return website

    def _visible(self, name: str) -> str:
        value: str = self.cleaned_data[name]
        # A joiner or a soft hyphen alone is as good as nothing.
        if not any(unicodedata.category(char)[0] in "LNPS" for char in value):
            raise ValidationError(self.fields[name].error_messages["required"])
        return value

    def clean(self) -> dict[str, str]:
        """Refuse what fell into the trap."""
        values: dict[str, str] = self.cleaned_data
        if values.get("subject"):
            # Emptied, so that a person can go on.
            self.data = {**dict(self.data.items()), "subject": ""}
            raise ValidationError(
                "Ein Feld, das leer bleiben muss, war ausgefüllt. Das kommt vor, wenn der Browser "
                "beim Ausfüllen hilft. Bitte prüfen Sie Ihre Angaben, und gehen Sie noch einmal "
                "zur Vorschau."
            )
        return values
