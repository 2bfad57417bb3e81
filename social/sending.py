"""
Send a post once: write down that we are about to, look whether it is there, send, write down that it is.

Whatever ends the process in between, the next run finds the entry „pending“ and looks on the network
before it sends. It sends under the same key: Bluesky never makes two posts of one key, Mastodon not
within an hour; later the look at one's own posts is what counts.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from social.counting import Network
from social.http import RefusedError, ThrottledError, UnclearError, patiently
from social.ledger import Entry, Ledger
from social.post import Account, Post


@dataclass(frozen=True)
class Sent:
    """Where the post is, and whether it was sent just now."""

    url: str
    is_new: bool


def send(
    account: Account,
    week: str,
    post_for: Callable[[Network], Post],
    ledger: Ledger,
    sleep: Callable[[float], None] = time.sleep,
) -> Sent:
    """
    Make sure that the post about *week* is on the account's network, once.

    *post_for* returns the post for the network with the limit that its server names.

    Raises:
        AuthorError: It is not there, or we do not know; the next run will see.
    """
    name = account.network.key
    entry = ledger.entry(week, name)
    if entry and entry.state == "done" and entry.url:
        return Sent(entry.url, is_new=False)
    patiently(account.connect, sleep)
    post = post_for(account.network)
    was_begun = entry is not None
    if entry is None:
        entry = Entry(state="pending", since=dt.datetime.now(dt.UTC), key=account.new_key())
        ledger.put(week, name, entry)
    delivery = _Delivery(account, post, entry, is_doubtful=was_begun)
    try:
        sent = patiently(delivery.attempt, sleep)
    except (RefusedError, ThrottledError):
        if not delivery.is_doubtful:
            ledger.forget(week, name)
        raise
    ledger.put(week, name, entry.model_copy(update={"state": "done", "url": sent.url}))
    return sent


@dataclass
class _Delivery:
    """A post on its way; *is_doubtful*: an earlier try may have brought it there."""

    account: Account
    post: Post
    entry: Entry
    is_doubtful: bool

    def attempt(self) -> Sent:
        """Look, and send what is not there."""
        if found := self.account.find(self.post.url, self.entry):
            return Sent(found, is_new=False)
        try:
            return Sent(self.account.publish(self.post, self.entry), is_new=True)
        except UnclearError:
            self.is_doubtful = True
            raise
