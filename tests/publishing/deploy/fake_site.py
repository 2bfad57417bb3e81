"""A built site that nobody built, and a reader who notices everything that is wrong with it."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_REFERENCE = re.compile(rb'(?:href|src)="/([^"]*)"')
_END = b"</html>\n"
_WORDS = (
    "Angebot Honorar Komma Kundschaft Mittwoch Netzwerk Rechnung Satz Stil Text Tipp Wort Zeile"
).split()

#: Files by path.
Files = dict[str, bytes]


def pages(version: int, posts: int = 5, paragraphs: int = 1) -> Files:
    """
    Return a site whose every page differs from that of other versions.

    Its stylesheet and script have other names, one post is new and one is gone.
    """
    styles = f"body {{ --version: {version} }}\n".encode()
    css = f"theme/main.{hashlib.sha256(styles).hexdigest()[:8]}.css"
    script = f"theme/such.{hashlib.sha256(styles).hexdigest()[8:16]}.js"
    numbers = range(version, version + posts)
    slugs = [f"beitrag-{number}" for number in numbers]
    files: Files = {css: styles, script: b"//\n", "bilder/gleich.svg": b"<svg/>\n"}

    def page(title: str, links: list[str], text: str) -> bytes:
        body = "".join(f'<a href="/{link}">{link}</a>\n' for link in links)
        return (
            f'<!DOCTYPE html>\n<html lang="de"><title>{title} – Mittwochspost</title>\n'
            f'<link rel="stylesheet" href="/{css}"><script src="/{script}"></script>\n'
            f'<img src="/bilder/gleich.svg" alt="">\n{body}<p>Ausgabe {version}</p>\n{text}</html>\n'
        ).encode()

    for index, slug in enumerate(slugs):
        text = prose(random.Random(numbers[index]), paragraphs)
        neighbour = slugs[(index + 1) % len(slugs)]
        files[f"blog/{slug}/index.html"] = page(f"Beitrag {slug}", [f"blog/{neighbour}/"], text)
    everything = [f"blog/{slug}/" for slug in slugs]
    files["archiv/index.html"] = page("Archiv", everything, "")
    files["index.html"] = page("Start", ["archiv/", *everything[-5:]], "")
    files["404.html"] = page("Nicht gefunden", [""], "")
    entries = "".join(f"<entry>{slug}</entry>" for slug in slugs)
    files["feeds/artikel.atom.xml"] = f"<feed>{version}{entries}</feed>\n".encode()
    return files


def prose(random_: random.Random, paragraphs: int) -> str:
    """Return paragraphs of about a hundred words that nobody should read."""
    return "".join(
        f"<p>{' '.join(random_.choice(_WORDS) for _ in range(100))}.</p>\n"
        for _ in range(paragraphs)
    )


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Make *folder* hold these files, and write only those that differ."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
    return folder


def remove(folder: Path) -> None:
    """Delete a folder."""
    shutil.rmtree(folder)


@dataclass
class Reader:
    """
    Somebody who visits pages and everything they point to.

    *read* returns what a path shows at this moment, or None. With *is_whole_release*, all that one
    visit shows must be of one of the *releases*, unless readers were switched to another one during
    the visit; without, every page must be of one of them.
    """

    read: Callable[[str], bytes | None]
    releases: list[Files]
    is_whole_release: bool
    now: Callable[[], str]
    visits: int = 0
    switched: int = 0
    #: The pages that the page of the last visit pointed to.
    onward: list[str] = field(default_factory=list)

    def visit(self, path: str) -> str:
        """Read a page and what it points to; return what is broken, or an empty text."""
        before, self.onward = self.now(), []
        page = self.read(path)
        if page is None:
            # A post may be gone, if nothing that is there points to it.
            return "" if path.startswith("blog/") else f"{path} is missing"
        self.visits += 1
        shown: dict[str, bytes | None] = {path: page}
        for reference in _REFERENCE.findall(page):
            target = reference.decode()
            target += "index.html" if target.endswith("/") or not target else ""
            shown[target] = self.read(target)
        self.onward = [target for target in shown if target.endswith(".html")]
        if self.is_whole_release and self.now() != before:
            self.switched += 1
            return ""
        missing = [target for target, data in shown.items() if data is None]
        if missing and self.read(path) == page:
            return f"{path} points to {missing[0]}, which is not there"
        if not page.endswith(_END):
            return f"{path} is cut off"
        if self.is_whole_release:
            return "" if self._is_one_release(shown) else f"{path} is a mixture of releases"
        known = any(release.get(path) == page for release in self.releases)
        return "" if known else f"{path} is of no release"

    def _is_one_release(self, shown: Mapping[str, bytes | None]) -> bool:
        return any(
            all(release.get(path) == data for path, data in shown.items())
            for release in self.releases
        )
