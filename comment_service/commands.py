"""What `invoke comments.*` prints and asks."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Any

from comment_service import moderation
from plugins.german.core import plural
from plugins.source.problem import AuthorError
from publishing.console import complain, console, say

_STATES = {
    "pending": "wartet",
    "approved": "freigegeben",
    "rejected": "abgelehnt",
    "spam": "Spam",
    "erased": "gelöscht",
}
_DONE = {
    "approve": "freigegeben",
    "reject": "abgelehnt",
    "spam": "als Spam abgelehnt",
    "erase": "gelöscht",
}
_NEXT_BUILD = "Der nächste „invoke build“ bringt es auf die Website."


def print_comments(state: str | None, *, as_json: bool) -> None:
    """Print the comments in *state* (None: all), for people or as JSON for programs."""
    comments = moderation.listed(state)
    if as_json:
        _print_json(comments)
        return
    if not comments:
        say("Keine Kommentare.")
    for comment in comments:
        _print_comment(comment)


def print_comment(comment_id: str, *, as_json: bool) -> None:
    """Print one comment, and the one that it answers."""
    comment = moderation.shown(comment_id)
    if as_json:
        _print_json(comment)
        return
    if comment["parent"]:
        _print_comment(moderation.shown(comment["parent"]))
    _print_comment(comment)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _print_comment(comment: dict[str, Any]) -> None:
    head = f"{comment['id']}  {_STATES[comment['state']]}  {comment['created'][:10]}"
    name = comment["author"] or "(gelöscht)"
    say(f"{head}  {name} zu {comment['page']}", "bold")
    if comment["website"]:
        say(f"  Website: {comment['website']}")
    if comment["parent"]:
        say(f"  Antwort auf {comment['parent']}")
    if comment["suspicion"]:
        say(f"  Verdacht: {comment['suspicion']}", "yellow")
    for line in comment["text"].splitlines():
        say(f"  {line}")
    console.print()


def moderate(action: str, ids: str) -> None:
    """Approve, reject or erase the comments *ids* (separated by commas or spaces)."""
    wanted = ids.replace(",", " ").split()
    changed = getattr(moderation, action)(wanted)
    _print_done(len(changed), _DONE[action])


def _print_done(count: int, done: str) -> None:
    if not count:
        say("Da gab es nichts zu tun.", "green")
        return
    say(f"{plural(count, 'Kommentar', 'Kommentare')} {done}.", "green")
    say(_NEXT_BUILD)


def rename(comment_id: str, name: str) -> None:
    """Put another name over a comment."""
    is_changed = moderation.rename(comment_id, name)
    say("Der Name ist geändert." if is_changed else "So heißt er schon.", "green")
    if is_changed:
        say(_NEXT_BUILD)


def answer(comment_id: str, text: str, name: str) -> None:
    """Answer a comment as the author; without *text*, it is read from standard input."""
    if not text:
        if sys.stdin.isatty():
            say("Ihre Antwort; Strg+D auf einer leeren Zeile beendet sie:")
        text = sys.stdin.read()
    new = moderation.answer(comment_id, text, name)
    say(f"Ihre Antwort {new} und der Kommentar sind freigegeben.", "green")
    say(_NEXT_BUILD)


def export(since: int, target: str) -> None:
    """Write what the build may know, to *target* or to standard output."""
    if since < 0:
        raise AuthorError(f"--since {since}: Das ist keine Revision – nehmen Sie eine Zahl ab 0.")
    changes = moderation.changes(since)
    if not target:
        _print_json(changes)
        return
    try:
        Path(target).write_text(json.dumps(changes, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise AuthorError(f"{target}: Das lässt sich nicht schreiben ({error.strerror}).") from None
    count = plural(len(changes["comments"]), "Kommentar", "Kommentare")
    say(f"{count} in {target}, Revision {changes['revision']}.", "green")


def backup(target: str) -> None:
    """Write a backup."""
    path, count = moderation.backup(Path(target) if target else None)
    say(f"Gesichert: {plural(count, 'Kommentar', 'Kommentare')} in {path}.", "green")


def restore(source: str, *, is_sure: bool) -> None:
    """Put the database into the state of a backup, after asking."""
    path = Path(source)
    if not is_sure:
        _ask(f"Alle Kommentare durch den Stand aus {path.name} ersetzen?")
    before, count = moderation.restore(path)
    say(f"Wiederhergestellt: {plural(count, 'Kommentar', 'Kommentare')}.", "green")
    say(f"Der Stand davor liegt in {before}. Was inzwischen gelöscht wurde, bleibt gelöscht.")
    if not moderation.is_readable(path):
        complain(
            "Hinweis: Die Sicherung stammt von einem anderen Schlüssel (data/schluessel). Die "
            "Adressen für Benachrichtigungen sind damit nicht lesbar; diese Abos enden.",
            "yellow",
        )


def person(name_or_mail: str, *, is_to_be_erased: bool, is_sure: bool) -> None:
    """Print all that is stored about a person as JSON, or erase it after asking."""
    found = moderation.person(name_or_mail)
    if not is_to_be_erased:
        _print_json(found)
        return
    count = plural(len(found["comments"]), "Kommentar", "Kommentare")
    if not found["comments"]:
        say("Zu dieser Person ist nichts gespeichert.", "green")
    else:
        if not is_sure:
            for comment in found["comments"]:
                _print_comment(comment)
            _ask(f"{count} von „{found['wanted']}“ mit allen Angaben für immer löschen?")
        _print_done(len(moderation.erase_person(name_or_mail)), "gelöscht")
        say(
            "Sicherungen dürfen bleiben: Beim Zurückspielen wird das Gelöschte wieder gelöscht. "
            "Ältere Ausgaben der Website in .public-releases/ enthalten es noch."
        )
    if found["mentions"]:
        say(f"Der Name kommt noch vor in: {', '.join(found['mentions'])}.", "yellow")


def mastodon(content: str, settings_file: str, approve: str) -> None:
    """Approve the replies at those addresses, or show all that were fetched and what holds of each."""
    from authoring.collection import load_settings
    from plugins.comments import mastodon

    settings = load_settings(content, settings_file)
    if mastodon.configured(settings) is None:
        raise AuthorError(
            "Antworten bei Mastodon werden nicht übernommen – wie Sie das einrichten, steht im "
            "HANDBUCH.md unter „Gespräche bei Mastodon“."
        )
    if approve:
        count = mastodon.approve(settings, approve.replace(",", " ").split())
        say(f"{plural(count, 'Antwort', 'Antworten')} freigegeben.", "green")
        say(_NEXT_BUILD)
        return
    approvals = mastodon.load_approvals(settings)
    threads = mastodon.load_threads(mastodon.snapshot_path(settings))
    replies = [reply for _, thread in sorted(threads.items()) for reply in thread.replies]
    if not replies:
        say("Noch hat niemand geantwortet; „invoke build“ holt die Antworten.")
    for reply in replies:
        say(f"{reply.url}  {'freigegeben' if reply.url in approvals else 'wartet'}", "bold")
        say(f"  {reply.author}: {reply.text}")


def _ask(question: str) -> None:
    """
    Go on only after a „ja“.

    Raises:
        AuthorError: It was anything else.
    """
    try:
        reply = input(f"{question} Schreiben Sie ja: ")
    except EOFError:
        reply = ""
    if reply.strip().casefold() != "ja":
        raise AuthorError("Nichts wurde geändert.")


def ask_password(name: str) -> None:
    """Ask for a password, twice, and set it."""
    first = getpass.getpass("Neues Passwort: ")
    if first != getpass.getpass("Noch einmal: "):
        raise AuthorError("Die Passwörter sind verschieden – nichts wurde geändert.")
    is_new = moderation.set_password(name, first)
    say(f"Zugang „{name}“ {'angelegt' if is_new else 'geändert'}: /kommentare/verwaltung/", "green")


def second_factor(name: str, *, is_off: bool) -> None:
    """Set the second factor up with a first code, or take it away."""
    if is_off:
        was_on = moderation.end_second_factor(name)
        say("Ab jetzt genügt das Passwort." if was_on else "Es gab keinen zweiten Faktor.", "green")
        return
    url = moderation.start_second_factor(name)
    say("Geben Sie diese Adresse in Ihre Authentifizierungs-App ein:")
    say(f"  {url}")
    try:
        code = input("Der Code, den die App jetzt zeigt: ")
    except EOFError:
        code = ""
    if not moderation.confirm_second_factor(name, code):
        raise AuthorError(
            "Der Code stimmt nicht – nichts wurde geändert. Geht die Uhr des Telefons richtig?"
        )
    say("Ab jetzt fragt die Anmeldung nach einem Code.", "green")
