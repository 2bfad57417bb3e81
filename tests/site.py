"""A small site for tests: three posts of a series and alone, four tips, pages, a picture."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tests import commands
from tests.commands import Result

PROJECT = Path(__file__).resolve().parent.parent

FILES: Mapping[str, str] = {
    "artikel/eins.md": """---
title: Der erste Beitrag
date: 2026-01-14
category: Garten
tags: [Beete, Werkzeug]
summary: Worum es *zuerst* geht.
series: garten
series_index: 1
---

Ein Absatz mit einem [Link zum zweiten]({filename}zwei.md) und einem
[Anker](/blog/der-zweite-beitrag/#ueber-aepfel).

![Ein Spaten]({static}/bilder/spaten.svg "So sieht er aus")

/// tipp | 2026-kw02
///
""",
    "artikel/zwei.md": """---
title: Der zweite Beitrag
date: 2026-02-11
category: Garten
tags: [Beete]
summary: Worum es danach geht.
series: garten
series_index: 2
---

Erster Absatz.

## Über Äpfel

Zweiter Absatz.
""",
    "artikel/drei.md": """Title: Der dritte Beitrag
Date: 2026-03-11
Category: Haus
Tags: Werkzeug
Summary: In Pelicans eigener Form.

Ein Absatz.
""",
    "serien/garten.md": """---
title: Garten
summary: Eine Serie über den Garten.
planned:
  - index: 3
    title: Der Winter
---

Willkommen im Garten.
""",
    "seiten/ueber-mich.md": """---
title: Über mich
slug: ueber-mich
---

Ich bin ein Beispiel.
""",
    "tipps/2026.yaml": """- date: 2026-01-07
  headword: Apostroph
  topic: Zeichensetzung
  tip: "Der Genitiv kommt ohne Apostroph aus."
  wrong: "Peter's Buch"
  right: "Peters Buch"
  more: |
    Mehr dazu im [Beitrag](/blog/der-zweite-beitrag/).
- date: 2026-01-14
  headword: Füllwörter
  topic: Stil
  tip: "Streichen Sie eigentlich jedes zweite Füllwort."
- date: 2026-02-04
  headword: Ähre
  topic: Rechtschreibung
  tip: "Die Ähre schreibt sich mit h."
  see: [2026-kw02, der-zweite-beitrag]
- date: 2026-03-11
  headword: Gedankenstrich
  topic: Typografie
  tip: "Der Gedankenstrich ist länger als der Bindestrich."
""",
    "bilder/spaten.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4" width="4" height="4"/>\n',
}


class Content:
    """A content folder that tests write to and change."""

    content: Path

    def write(self, name: str, text: str | bytes) -> Path:
        """Write the content file *name*."""
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a passage that must be there."""
        text = (self.content / name).read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new))


class Site(Content):
    """A content folder, its settings and its deployed site, all in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.public = folder / "public"
        self.output = folder / "output"
        self.data = folder / "data"
        self.settings = folder / "conf.py"
        for name, text in FILES.items():
            self.write(name, text)
        self.write_settings()

    def write_settings(self, more: str = "") -> None:
        """Write settings that deploy into this folder; *more* is Python that comes last."""
        self.settings.write_text(
            f"import sys\nsys.path.append({str(PROJECT)!r})\n"
            "from pelicanconf import *\n"
            f"THEME = {str(PROJECT / 'theme')!r}\n"
            "NAVIGATION = (('Über mich', '/ueber-mich/'),)\nFOOTER_NAVIGATION = ()\n"
            f"COMMENTS_SNAPSHOT = {str(self.data / 'kommentare.json')!r}\n"
            "SITE_DATE = '2026-06-30'\n" + more,
            "utf-8",
        )

    def invoke(self, *arguments: str, **environment: str) -> Result:
        """Run an invoke command of the project."""
        return commands.run(arguments, self.environment(**environment))

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of commands for this site."""
        return {
            **{name: value for name, value in os.environ.items() if name != "SITE_DATE"},
            "COMMENTS_DATA": str(self.data),
            "COMMENTS_SITE": str(self.public),
            "DATABASE_URL": "",
            **more,
        }

    def build_arguments(self, *options: str) -> tuple[str, ...]:
        """Return the command that builds this site."""
        return (
            "build",
            *("--content", str(self.content), "--settings", str(self.settings)),
            *("--output", str(self.output), *options),
        )

    def build(self, *options: str, **environment: str) -> Result:
        """Run ``invoke build`` for this site."""
        return self.invoke(*self.build_arguments(*options), **environment)

    def deployed(self) -> dict[str, bytes]:
        """Return all files that readers see, by their path."""
        return tree(self.public)


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below *folder* (which may be a link) by path."""
    root = folder.resolve()
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
