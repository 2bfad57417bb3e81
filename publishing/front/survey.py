"""What a built site uses that a Content-Security-Policy has to name."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = re.compile(rb"<script\b([^>]*)>(.*?)</script\s*>", re.S | re.I)
_STYLE = re.compile(rb"<style\b[^>]*>(.*?)</style\s*>", re.S | re.I)
#: Attributes for which there is no hash that all browsers understand.
_INLINE = re.compile(rb"""<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=""", re.I)
#: Data in a script element: nothing runs it.
_DATA = re.compile(rb"""\btype\s*=\s*["']?application/(?:ld\+)?json""", re.I)
_DATA_PICTURE = re.compile(rb"""url\(\s*["']?data:image/""", re.I)


@dataclass(frozen=True)
class Used:
    """
    What pages use; *scripts* and *styles* are sources such as 'sha256-…' for what stands in pages.

    *blocked*: pages with attributes such as style="", which a strict policy makes browsers pass over.
    """

    has_scripts: bool = False
    has_data_pictures: bool = False
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()


def used(output: Path) -> Used:
    """Return what the site in *output* uses."""
    pages = ((file.relative_to(output).as_posix(), file.read_bytes()) for file in _files(output))
    return used_in(pages)


def _files(output: Path) -> Iterable[Path]:
    return (path for path in sorted(output.rglob("*")) if path.suffix in (".html", ".css"))


def used_in(files: Iterable[tuple[str, bytes]]) -> Used:
    """Return what *files* (path, content) use."""
    has_scripts = has_data = False
    scripts: set[str] = set()
    styles: set[str] = set()
    blocked: list[str] = []
    for path, data in files:
        has_data |= _DATA_PICTURE.search(data) is not None
        if not path.endswith(".html"):
            continue
        for attributes, text in _SCRIPT.findall(data):
            if _DATA.search(attributes):
                continue
            has_scripts = True
            if not re.search(rb"\bsrc\s*=", attributes, re.I):
                scripts.add(_source(text))
        styles.update(map(_source, _STYLE.findall(data)))
        if _INLINE.search(data):
            blocked.append(path)
    return Used(
        has_scripts, has_data, tuple(sorted(scripts)), tuple(sorted(styles)), tuple(blocked)
    )


def _source(text: bytes) -> str:
    """Return *text* as browsers name it: its hash, with line ends as the parser leaves them."""
    digest = hashlib.sha256(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
