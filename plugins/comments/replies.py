"""Replies to a post at Mastodon that the author has let onto her page: read, chosen, cleaned."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Annotated, Any

import nh3
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from plugins.comments.core import clean_line, is_web_address

#: The author's list of approved replies, in the folder with her texts.
APPROVALS = "mastodon.txt"

_CLEANER = nh3.Cleaner(
    tags={*"p br a em strong code pre blockquote ol ul li".split()},
    attributes={"*": set(), "a": {"href"}},
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel="nofollow ugc noopener",
)


class RepliesError(ValueError):
    """What was read is no thread, or no snapshot of threads; the message is German."""


class ApprovalError(ValueError):
    """A line of the author's list does not begin with an address."""

    def __init__(self, line: int, word: str) -> None:
        self.line, self.word = line, word
        super().__init__(f"line {line}: {word}")


def _address(value: str) -> str:
    if not is_web_address(value):
        raise ValueError("keine Webadresse")
    return value


Address = Annotated[str, AfterValidator(_address)]


class Reply(BaseModel):
    """A reply; *content* is the HTML that the server gave: use `html`, which is harmless."""

    model_config = ConfigDict(frozen=True)

    url: Address
    author: Annotated[str, AfterValidator(clean_line), Field(min_length=1)]
    author_url: Address
    created: AwareDatetime
    content: str
    #: What the writer wants to be asked about before it is shown; empty: nothing.
    warning: Annotated[str, AfterValidator(clean_line)] = ""
    lang: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3})?$")] = ""

    @property
    def date(self) -> datetime:
        """When it was written, in the time zone that `in_zone` gave it."""
        return self.created

    @cached_property
    def html(self) -> str:
        """The text, cleaned."""
        return _CLEANER.clean(self.content).strip()

    @property
    def text(self) -> str:
        """The text without its marks, on one line, for the author's list."""
        return clean_line(html.unescape(nh3.clean(self.content.replace("<", " <"), tags=set())))

    def in_zone(self, zone: tzinfo) -> Reply:
        """Return the same reply with its date in *zone*."""
        return self.model_copy(update={"created": self.created.astimezone(zone)})


class Thread(BaseModel):
    """The replies to the post at *address*, oldest first, as they were when last fetched."""

    model_config = ConfigDict(frozen=True)

    address: Address
    fetched: AwareDatetime
    replies: tuple[Reply, ...]


_THREADS = TypeAdapter(tuple[Thread, ...])


def parse_context(data: bytes) -> tuple[Reply, ...]:
    """
    Return the public replies in a server's answer to ``/api/v1/statuses/…/context``, oldest first.

    One that cannot be read is left out: a server of another make may have sent it.

    Raises:
        RepliesError: It is no such answer.
    """
    try:
        statuses = json.loads(data)["descendants"]
        found = [_reply(status) for status in statuses]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RepliesError("Die Antwort des Servers ist kein Gespräch.") from error
    return tuple(
        sorted((reply for reply in found if reply), key=lambda reply: (reply.created, reply.url))
    )


def _reply(status: Any) -> Reply | None:
    try:
        account = status["account"]
        # What is for followers or for one person only must never come out.
        if status["visibility"] not in ("public", "unlisted"):
            return None
        return Reply(
            url=status["url"],
            author=account.get("display_name") or account["acct"],
            author_url=account["url"],
            created=status["created_at"],
            content=status["content"],
            warning=status.get("spoiler_text") or "",
            lang=_language(status.get("language")),
        )
    except (ValidationError, KeyError, TypeError, AttributeError):
        return None


def _language(value: object) -> str:
    return value if isinstance(value, str) and re.fullmatch(r"[a-z]{2,3}", value) else ""


def parse_threads(data: bytes) -> dict[str, Thread]:
    """
    Return the threads of a snapshot: address → thread.

    Raises:
        RepliesError: It is none.
    """
    try:
        return {thread.address: thread for thread in _THREADS.validate_json(data)}
    except ValidationError as error:
        raise RepliesError("Das ist kein Stand der Antworten bei Mastodon.") from error


def dump_threads(threads: Iterable[Thread]) -> bytes:
    """Return *threads* as the bytes of a snapshot; equal ones give equal bytes."""
    ordered = tuple(sorted(threads, key=lambda thread: thread.address))
    return _THREADS.dump_json(ordered, indent=1) + b"\n"


def parse_approvals(text: str) -> dict[str, int]:
    """
    Return the addresses that the author's list approves, each with its line.

    One a line; what follows a space or ``#`` is a note of hers.

    Raises:
        ApprovalError: A line does not begin with an address.
    """
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        address = line.partition("#")[0].split(maxsplit=1)[:1]
        if address and not is_web_address(address[0]):
            raise ApprovalError(number, address[0])
        for one in address:
            found.setdefault(one, number)
    return found


def approved(thread: Thread | None, approvals: Mapping[str, int]) -> tuple[Reply, ...]:
    """Return the replies in *thread* that may be shown, oldest first."""
    return tuple(reply for reply in thread.replies if reply.url in approvals) if thread else ()
