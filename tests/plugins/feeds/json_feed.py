"""JSON Feed 1.1 as a model: what https://jsonfeed.org/version/1.1 allows, asks for, and nothing else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    model_validator,
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Author(_Strict):
    """At least one of the three."""

    name: str | None = None
    url: HttpUrl | None = None
    avatar: HttpUrl | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Author:
        if not (self.name or self.url or self.avatar):
            raise ValueError("an author needs a name, url or avatar")
        return self


class Attachment(_Strict):
    url: HttpUrl
    mime_type: str
    title: str | None = None
    size_in_bytes: int | None = None
    duration_in_seconds: float | None = None


class Item(_Strict):
    id: Annotated[str, Field(min_length=1)]
    url: HttpUrl | None = None
    external_url: HttpUrl | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    image: HttpUrl | None = None
    banner_image: HttpUrl | None = None
    date_published: AwareDatetime | None = None
    date_modified: AwareDatetime | None = None
    authors: list[Author] | None = None
    tags: list[str] | None = None
    language: str | None = None
    attachments: list[Attachment] | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Item:
        if not (self.content_html or self.content_text):
            raise ValueError("an item needs content_html or content_text")
        return self


def _unique(items: list[Item]) -> list[Item]:
    if len({item.id for item in items}) != len(items):
        raise ValueError("two items have one id")
    return items


class JsonFeed(_Strict):
    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    items: Annotated[list[Item], AfterValidator(_unique)]
    home_page_url: HttpUrl | None = None
    feed_url: HttpUrl | None = None
    description: str | None = None
    user_comment: str | None = None
    next_url: HttpUrl | None = None
    icon: HttpUrl | None = None
    favicon: HttpUrl | None = None
    authors: list[Author] | None = None
    language: str | None = None
    expired: bool | None = None
    hubs: list[dict[str, Any]] | None = None
