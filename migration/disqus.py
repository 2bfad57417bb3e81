"""
Disqus: the XML of „Export comments“, unpacked.

First all threads, then all posts, which name their thread and the post they answer by ``dsq:id``
(https://docs.disqus.com/developers/export/).
"""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from migration.foreign import Comment, Fate, Place, moment
from migration.markup import to_markdown
from migration.xml_stream import ExportError, Tell, elements, text_of
from plugins.source.problem import shown_path

_D = "{http://disqus.com}"
_ID = "{http://disqus.com/disqus-internals}id"


def comments(path: Path, tell: Tell) -> Iterator[Comment]:
    """
    Yield all comments of the export.

    Raises:
        ExportError: It is no such export.
    """
    _refuse_packed(path)
    threads: dict[str, Place] = {}
    is_one = False
    for element in elements(path, [f"{_D}thread", f"{_D}post"], tell):
        is_one = True
        if element.tag == f"{_D}thread":
            threads[element.get(_ID, "")] = Place(text_of(element, f"{_D}link"))
        else:
            yield _comment(path, element, threads)
    if not is_one:
        raise ExportError(
            f"{shown_path(path)}: Das ist kein Export von Disqus, oder er ist leer. Sie bekommen "
            "ihn dort in der Verwaltung unter Community → Export."
        )


def _refuse_packed(path: Path) -> None:
    try:
        with gzip.open(path) as file:
            file.read(1)
    except OSError:
        return
    raise ExportError(
        f"{shown_path(path)}: Die Datei ist noch gepackt – entpacken Sie sie mit „gunzip“."
    )


def _comment(path: Path, post: etree.Element, threads: dict[str, Place]) -> Comment:
    number = post.get(_ID, "")
    try:
        created = moment(text_of(post, f"{_D}createdAt"))
    except ValueError:
        number = ""
    if not number:
        raise ExportError(
            f"{shown_path(path)}: Ein Kommentar hat keine Nummer oder kein Datum. Exportieren Sie "
            "die Datei noch einmal."
        )
    thread = post.find(f"{_D}thread")
    parent = post.find(f"{_D}parent")
    author = post.find(f"{_D}author")
    text = to_markdown(text_of(post, f"{_D}message"), has_lines=False, direct=_direct)
    return Comment(
        key=number,
        parent="" if parent is None else parent.get(_ID, ""),
        place=threads.get("" if thread is None else thread.get(_ID, ""), Place("")),
        author="" if author is None else text_of(author, f"{_D}name"),
        website="",
        text=text,
        created=created,
        fate=_fate(post, text),
    )


def _direct(address: str) -> str:
    """Return where a link of Disqus leads: it goes by a counter, disq.us/url?url=ADDRESS:CHECKSUM&…"""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.hostname != "disq.us":
        return address
    target = parse_qs(parts.query).get("url", [address])[0]
    return target.rpartition(":")[0] if target.count(":") > 1 else target


def _fate(post: etree.Element, text: str) -> Fate:
    if text_of(post, f"{_D}isSpam") == "true":
        return Fate.SPAM
    if text_of(post, f"{_D}isDeleted") == "true":
        return Fate.TRASH
    if not text:
        return Fate.EMPTY
    # Older exports do not say; what they hold was public.
    is_waiting = text_of(post, f"{_D}isApproved") == "false"
    return Fate.PENDING if is_waiting else Fate.APPROVED
