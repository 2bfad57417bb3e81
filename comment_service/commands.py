"""What `invoke comments.*` prints and asks."""

from __future__ import annotations

import getpass
import json

from comment_service import moderation
from plugins.german.core import plural
from plugins.source.problem import AuthorError
from publishing.console import console, say

_STATES = {
    "pending": "wartet",
    "approved": "freigegeben",
    "rejected": "abgelehnt",
    "erased": "gelöscht",
}
_DONE = {"approve": "freigegeben", "reject": "abgelehnt", "erase": "gelöscht"}


def print_comments(state: str | None, *, as_json: bool) -> None:
    """Print the comments in *state* (None: all), for people or as JSON for programs."""
    comments = moderation.listed(state)
    if as_json:
        print(json.dumps(comments, ensure_ascii=False, indent=2))
        return
    if not comments:
        say("Keine Kommentare.")
    for comment in comments:
        head = f"{comment['id']}  {_STATES[comment['state']]}  {comment['created'][:10]}"
        say(f"{head}  {comment['author']} zu {comment['page']}", "bold")
        if comment["parent"]:
            say(f"  Antwort auf {comment['parent']}")
        for line in comment["text"].splitlines():
            say(f"  {line}")
        console.print()


def moderate(action: str, ids: str) -> None:
    """Approve, reject or erase the comments *ids* (separated by commas or spaces)."""
    wanted = ids.replace(",", " ").split()
    changed = getattr(moderation, action)(wanted)
    count = plural(len(changed), "Kommentar", "Kommentare")
    say(f"{count} {_DONE[action]}." if changed else "Da gab es nichts zu tun.", "green")
    if changed:
        say("Der nächste „invoke build“ bringt es auf die Website.")


def ask_password(name: str) -> None:
    """Ask for a password, twice, and set it."""
    first = getpass.getpass("Neues Passwort: ")
    if first != getpass.getpass("Noch einmal: "):
        raise AuthorError("Die Passwörter sind verschieden – nichts wurde geändert.")
    is_new = moderation.set_password(name, first)
    say(f"Zugang „{name}“ {'angelegt' if is_new else 'geändert'}: /kommentare/verwaltung/", "green")
