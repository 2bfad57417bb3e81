"""The setting SOCIAL in pelicanconf.py, and the passwords from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import regex
from pydantic import AfterValidator, Field

from plugins.source.core import Document, Model, Text, validate
from plugins.source.problem import AuthorError
from social.bluesky import Bluesky
from social.counting import BLUESKY, MASTODON, Network
from social.mastodon import Mastodon
from social.post import Account


def _check_hashtag(tag: str) -> str:
    if not regex.fullmatch(r"(?=.*[^\d_])\w+", tag):
        raise ValueError(
            f"„{tag}“ taugt nicht als Hashtag.|Nehmen Sie Buchstaben und Ziffern, ohne # und Leerzeichen."
        )
    return tag


class MastodonSettings(Model):
    """SOCIAL["mastodon"]."""

    kind: ClassVar[str] = "Mastodon"
    server: Text
    limit: int = Field(default=MASTODON.limit, ge=1)


class BlueskySettings(Model):
    """SOCIAL["bluesky"]."""

    kind: ClassVar[str] = "Bluesky"
    handle: Text
    server: Text = "https://bsky.social"


class SocialSettings(Model):
    """SOCIAL; *image* is a path in the site, with {week}."""

    kind: ClassVar[str] = "SOCIAL"
    hashtags: list[Annotated[Text, AfterValidator(_check_hashtag)]] = Field(default_factory=list)
    image: Text | None = None
    mastodon: MastodonSettings | None = None
    bluesky: BlueskySettings | None = None


def read_settings(value: Any) -> SocialSettings:
    """
    Return the setting SOCIAL.

    Raises:
        SourceError: It has mistakes.
    """
    value = {} if value is None else value
    return validate(SocialSettings, Document(value, {}), "pelicanconf.py: SOCIAL")


def account(settings: SocialSettings, network: str, environment: Mapping[str, str]) -> Account:
    """
    Return the account on *network*, „mastodon“ or „bluesky“, which SOCIAL must name.

    Raises:
        AuthorError: Its password is missing.
    """
    if network == MASTODON.key and settings.mastodon:
        own = settings.mastodon
        token = _password(MASTODON, "MASTODON_TOKEN", environment)
        return Mastodon(own.server, token, MASTODON.with_limit(own.limit))
    assert settings.bluesky is not None  # the caller asks only for what SOCIAL names
    password = _password(BLUESKY, "BLUESKY_PASSWORD", environment)
    return Bluesky(settings.bluesky.server, settings.bluesky.handle, password)


def _password(network: Network, variable: str, environment: Mapping[str, str]) -> str:
    password = environment.get(variable, "").strip()
    if not password:
        raise AuthorError(
            f"{network.name}: Es fehlt das Kennwort – setzen Sie die Umgebungsvariable {variable}."
        )
    return password
