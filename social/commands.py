"""What `invoke tips.share` does: show the texts for each network, and send them when told to."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from authoring.collection import load_settings, read_tips, tips_folder, today
from plugins.german.core import date as shown_date
from plugins.german.core import listed, number
from plugins.source.problem import AuthorError, shown_path
from plugins.tips.adapter import shared_text
from plugins.tips.core import Tip
from publishing import keychain
from publishing.console import complain, console, say
from social import online
from social.counting import MASTODON, NETWORKS, Network
from social.ledger import Ledger, only_sender, write_whole
from social.post import Image, Post, read_image
from social.sending import send
from social.settings import SocialSettings, account, read_settings
from social.texts import Parts, Text, alt_text, compose
from social.week import named_week
from social.yaml_insert import NoPlaceError, with_shared

LEDGER = "gesendet.json"
_NAMES = {network.key: network.name for network in NETWORKS}


@dataclass(frozen=True)
class _Share:
    """A tip to be shared, and all that its posts need."""

    tip: Tip
    file: Path
    parts: Parts
    social: SocialSettings
    folder: Path
    #: Where the site has the tip's image, "" if none is wanted.
    image_url: str
    image: Image | None = None

    def post(self, network: Network) -> Post:
        """Return the post for *network*."""
        return Post(
            text=compose(self.parts, network).text,
            url=self.parts.url,
            title=f"Mittwochstipp: {self.parts.headword}",
            summary=self.parts.tip,
            image=self.image,
            alt=alt_text(self.parts),
        )


def share(
    content: str,
    settings_file: str,
    week: str,
    is_sent: bool,
    image: str,
    only: str,
    is_unchecked: bool,
) -> None:
    """
    Print the texts about the tip of *week* and, if *is_sent*, send those that can be sent.

    They are sent only if the site shows the tip; if *is_unchecked*, it is not asked.

    Raises:
        AuthorError: There is no such tip, or a network did not take its post.
    """
    settings = load_settings(content, settings_file)
    day = today(settings)
    share = _share(settings, day, week)
    wanted = _wanted(only)
    say(f"Mittwochstipp {share.tip.label}, {shown_date(share.tip.date)}: {share.tip.headword}")
    texts = [compose(share.parts, _own_limit(network, share.social)) for network in wanted]
    for text in texts:
        _print(text)
    is_out = share.tip.date <= day
    if not is_out:
        say(
            f"\nDer Tipp erscheint erst am {shown_date(share.tip.date)}; bis dahin führt der Link "
            "ins Leere.",
            "yellow",
        )
    names = [network.key for network in wanted if getattr(share.social, network.key, None)]
    if not is_sent:
        _print_state(share, names)
        return
    if not is_out:
        raise AuthorError(
            "Gesendet wurde nichts – rufen Sie den Befehl an jenem Tag noch einmal auf."
        )
    if not names:
        raise AuthorError(
            "Es ist kein Konto eingerichtet – tragen Sie in pelicanconf.py unter SOCIAL Mastodon "
            "oder Bluesky ein (HANDBUCH.md, „Tipps teilen“)."
        )
    _send(replace(share, image=_image(share, image, is_unchecked)), names)


def _share(settings: Mapping[str, Any], day: dt.date, week: str) -> _Share:
    typography = settings.get("TYPOGRAPHY", {})
    entries = read_tips(settings)
    key = named_week(week, day)
    if key not in entries:
        known = max((entry.tip for entry in entries.values()), key=lambda t: t.date, default=None)
        last = f" Der letzte in der Sammlung ist {known.week}." if known else ""
        raise AuthorError(f"Für die Woche {key} gibt es keinen Tipp.{last}")
    tip = entries[key].tip
    social = read_settings(settings.get("SOCIAL"))

    def typeset(text: str | None) -> str:
        return shared_text(text, typography) if text else ""

    site_url = settings["SITEURL"].rstrip("/")
    parts = Parts(
        tip=typeset(tip.tip),
        url=f"{site_url}/{settings['TIPS_URL']}{tip.week}/",
        headword=typeset(tip.headword),
        # As written: setting it would mend what it shows.
        wrong=tip.wrong or "",
        right=typeset(tip.right),
        hashtags=tuple(social.hashtags),
    )
    image_path = (social.image or "").replace("{week}", tip.week)
    image_url = image_path and f"{site_url}/{image_path}"
    return _Share(tip, Path(entries[key].file), parts, social, tips_folder(settings), image_url)


def _image(share: _Share, file: str, is_unchecked: bool) -> Image | None:
    """
    Return the image of the posts: *file*, else the one online, drawn of the words that are beside it.

    Raises:
        AuthorError: There is no such file; or the site does not show the tip, unless *is_unchecked*.
    """
    own = read_image(Path(file)) if file else None
    if is_unchecked:
        return own
    online.check_page(share.parts)
    if own or not share.image_url:
        return own
    found = online.image(share.image_url)
    if found is None:
        say(f"\nOhne Bild: {share.image_url} gibt es nicht.", "yellow")
    return found


def _wanted(only: str) -> list[Network]:
    if not only:
        return list(NETWORKS)
    names = [name.strip().lower() for name in only.split(",")]
    known = {network.key: network for network in NETWORKS}
    for name in names:
        if name not in known:
            raise AuthorError(
                f"Das Netzwerk „{name}“ gibt es hier nicht – möglich: {', '.join(known)}."
            )
    return [known[name] for name in names]


def _own_limit(network: Network, social: SocialSettings) -> Network:
    if network is MASTODON and social.mastodon:
        return network.with_limit(social.mastodon.limit)
    return network


def _print(text: Text) -> None:
    left_out = f", ohne {listed(text.left_out)}" if text.left_out else ""
    limit = number(text.network.limit)
    title = f"{text.network.name}: {text.length} von {limit} Zeichen{left_out}"
    console.print()
    say(title, "bold")
    say(text.text)


def _print_state(share: _Share, names: list[str]) -> None:
    ledger = Ledger(share.folder / LEDGER)
    console.print()
    for name in names:
        entry = ledger.entry(share.tip.week, name)
        if entry and entry.url:
            say(f"{_NAMES[name]}: schon gesendet, {entry.url}", "green")
        elif entry:
            say(f"{_NAMES[name]}: angefangen, aber nicht bestätigt; --send sieht nach.", "yellow")
    say("Nichts wurde gesendet; das tut --send.")


def _send(share: _Share, names: list[str]) -> None:
    """Send to each network; what goes wrong on one does not stop the next."""
    faults: list[str] = []
    console.print()
    keychain.fill(["MASTODON_TOKEN", "BLUESKY_PASSWORD"])
    with only_sender(share.folder):
        ledger = Ledger(share.folder / LEDGER)
        for name in names:
            try:
                _send_to(name, share, ledger)
            except AuthorError as error:
                faults.append(str(error))
    if faults:
        for fault in faults[:-1]:
            complain(f"Fehler: {fault}", "bold red")
        raise AuthorError(faults[-1])


def _send_to(name: str, share: _Share, ledger: Ledger) -> None:
    sent = send(account(share.social, name, os.environ), share.tip.week, share.post, ledger)
    how = "gesendet" if sent.is_new else "war schon da"
    say(f"{_NAMES[name]}: {how}, {sent.url}", "green")
    _note(share, name, sent.url)


def _note(share: _Share, name: str, url: str) -> None:
    """Write the post's address into the tip's file."""
    text = share.file.read_bytes().decode("utf-8")
    try:
        new = with_shared(text, share.tip.date, name, url)
    except NoPlaceError:
        raise AuthorError(
            f"{shown_path(share.file)}: Die Datei ist anders geschrieben, als der Befehl es versteht – "
            f"tragen Sie beim Tipp vom {share.tip.date} selbst ein: "
            f'shared: {{{name}: "{url}"}}'
        ) from None
    if new != text:
        write_whole(share.file, new.encode())
