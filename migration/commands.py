"""What `invoke comments.import` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from comment_service import moderation
from migration import disqus, isso, wordpress
from migration.addresses import Addresses, read_mapping
from migration.comments import Summary, import_comments
from migration.foreign import Comment, Fate
from migration.xml_stream import Tell
from plugins.german.core import listed, plural
from plugins.source.problem import AuthorError
from publishing.console import progress, say

_SHOWN_ADDRESSES = 40

Reader = Callable[[Tell], Iterator[Comment]]


def import_file(source: str, system: str, mapping: str, author: str, is_trial: bool) -> None:
    """
    Put the comments in the file *source* of *system* into the database, and say what became of them.

    Raises:
        AuthorError: The file is no such export, or another argument is wrong.
    """
    read = _reader(Path(source), system)
    pages = moderation.pages()
    addresses = Addresses(pages, read_mapping(Path(mapping), pages) if mapping else None)
    with progress() as (_, tell):
        comments = read(partial(tell, "Kommentare lesen"))
        summary = import_comments(comments, system, addresses, author=author, is_trial=is_trial)
    _print(summary, is_trial)


def _reader(path: Path, system: str) -> Reader:
    # The commands' time zone is the site's; both are fixed in the service's settings.
    zone = ZoneInfo("Europe/Berlin")
    readers: dict[str, Reader] = {
        "wordpress": lambda tell: wordpress.comments(path, zone, tell),
        "disqus": lambda tell: disqus.comments(path, tell),
        "isso": lambda tell: isso.comments(path, zone, tell),
    }
    if system not in readers:
        raise AuthorError(
            f"--from {system or '…'}: Aus welchem System kommt die Datei? Möglich sind "
            f"{listed(readers)}."
        )
    return readers[system]


def _print(summary: Summary, is_trial: bool) -> None:
    say(f"Gelesen: {plural(summary.read, 'Kommentar', 'Kommentare')}.", "bold")
    rows = [
        ("neu und freigegeben", summary.new[Fate.APPROVED]),
        ("neu, wartet auf Sie", summary.new[Fate.PENDING]),
        ("schon da oder hier gelöscht", summary.known),
        *((f"ausgelassen: {fate}", count) for fate, count in sorted(summary.left_out.items())),
        ("ausgelassen: laut Zuordnung", summary.unwanted),
        ("passt zu keinem Beitrag", summary.homeless.total()),
    ]
    for label, count in rows:
        if count:
            say(f"  {count:>6}  {label}")
    _print_homeless(summary)
    if is_trial:
        say("Das war eine Probe: Nichts wurde geändert.", "green")
    elif summary.new:
        say("Der nächste „invoke build“ bringt die freigegebenen auf die Website.", "green")
    else:
        say("Es gab nichts Neues.", "green")


def _print_homeless(summary: Summary) -> None:
    if not summary.homeless:
        return
    say(
        "Zu diesen Adressen fehlt ein Beitrag; ihre Kommentare blieben in der Datei. Schreiben Sie in "
        "eine Textdatei, wohin sie gehören, und geben Sie diese mit --mapping an:",
        "yellow",
    )
    ordered = sorted(summary.homeless.items(), key=lambda item: (-item[1], item[0]))
    for address, count in ordered[:_SHOWN_ADDRESSES]:
        counted = plural(count, "Kommentar", "Kommentare")
        say(f"{address or '(ohne Adresse)'}  /blog/…/  # {counted}")
    if len(ordered) > _SHOWN_ADDRESSES:
        rest = plural(len(ordered) - _SHOWN_ADDRESSES, "weitere Adresse", "weitere Adressen")
        say(f"… und {rest}.")
