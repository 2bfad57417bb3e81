"""All that is told after a deployment, and how it went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from plugins.german.core import plural
from publishing.announce import Announce, is_feed
from publishing.announce.mentions import Mentions
from publishing.announce.web import TROUBLE, indexnow, reason, websub
from publishing.release import address, is_page


@dataclass(frozen=True)
class Told:
    """
    What was *done* and what *failed*, as German sentences.

    *is_complete*: hubs and search engines need not be told again. Mentions have a ledger of their own.
    """

    done: list[str]
    failed: list[str]
    is_complete: bool


def announce(
    wanted: Announce,
    siteurl: str,
    changed: list[str],
    output: Path,
    mentions: Path,
    today: dt.date,
    redirects: Iterable[str] = (),
) -> Told:
    """
    Tell others what has *changed*, files of the site in *output*; return how it went.

    *mentions* is the ledger of mentions, *redirects* are old addresses.
    """
    done: list[str] = []
    failed: list[str] = []
    old = set(redirects)
    pages = [path for path in changed if is_page(path) and address(path) not in old]
    feeds = [path for path in changed if is_feed(path)]

    def attempt(who: str, what: str, work: Callable[[], None]) -> None:
        try:
            work()
        except TROUBLE as error:
            failed.append(f"{who} war nicht zu benachrichtigen ({reason(error)}).")
        else:
            done.append(f"{who} weiß Bescheid: {what}.")

    if wanted.websub and feeds:
        attempt(
            "Der Hub", plural(len(feeds), "Feed", "Feeds"), lambda: websub(wanted, siteurl, feeds)
        )
    if wanted.indexnow and pages:
        what = plural(len(pages), "Seite", "Seiten")
        attempt("IndexNow", what, lambda: indexnow(wanted, siteurl, pages))
    is_complete = not failed
    if wanted.webmentions:
        sent, trouble = Mentions(mentions, today).send(siteurl, pages, output)
        done += [f"Webmention an {target}" for target in sent]
        failed += trouble
    return Told(done, failed, is_complete)
