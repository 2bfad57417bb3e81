"""Three posts, tips and a series, built by real Pelican with a theme that prints only facts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blinker import ANY, Signal
from pelican import signals
from pelican.log import LimitFilter
from pelican.settings import read_settings

from plugins.incremental.adapter import Pelican
from plugins.source.problem import Problem
from tests.site import Content

PROJECT = Path(__file__).resolve().parents[2]

FILES: Mapping[str, str] = {
    "artikel/eins.md": """---
title: Der erste Beitrag
date: 2026-01-14
category: Garten
tags: [Beete, Äxte]
summary: Worum es *zuerst* geht.
series: garten
series_index: 1
---

Ein [Link]({filename}zwei.md).

/// tipp | 2026-kw02
///
""",
    "artikel/zwei.md": """---
title: Der zweite Beitrag
date: 2026-02-11
category: Garten
tags: [Beete]
series: garten
---

Kurz.
""",
    "artikel/tief/drei.md": """Title: Der dritte Beitrag
Date: 2026-03-11
Category: Ähren
Tags: Zaun, Beete

Ein Absatz.
""",
    "serien/garten.md": """---
title: Der Garten
summary: Eine Serie.
planned:
  - index: 3
    title: Der Winter
---

Willkommen.
""",
    "seiten/ueber-mich.md": "---\ntitle: Über mich\nslug: ueber-mich\n---\n\nEin Beispiel.\n",
    "tipps/2025.yaml": """- date: 2025-12-31
  headword: Silvester
  topic: Rechtschreibung
  tip: "Silvester schreibt sich mit i."
""",
    "tipps/2026.yaml": """- date: 2026-01-07
  headword: Apostroph
  topic: Zeichensetzung
  tip: "Der Genitiv kommt ohne Apostroph aus."
  wrong: "Peter's Buch"
  right: "Peters Buch"
  more: "Mehr im [Beitrag](/blog/der-zweite-beitrag/)."
- date: 2026-02-04
  headword: Ähre
  topic: Rechtschreibung
  tip: "Die Ähre schreibt sich mit h."
  see: [2026-kw02, der-zweite-beitrag, 2026-kw53]
- date: 2026-12-30
  headword: Zukunft
  topic: Stil
  tip: "Das steht noch aus."
""",
    "bilder/spaten.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
}

_THEME = PROJECT / "theme/templates"
_PAGE = "<!doctype html><title>{{ %s }}</title><main>{{ %s|safe }}</main>"
TEMPLATES: Mapping[str, str] = {
    "index.html": "{% for article in articles %}<a href='/{{ article.url }}'></a>{% endfor %}",
    "archives.html": "{{ years|length }}",
    "feeds.html": (
        "{% for feed in feeds %}{% for _, url in feed.formats %}{{ url }}\n{% endfor %}{% endfor %}"
    ),
    "404.html": "404",
    "article.html": _PAGE % ("article.title", "article.content"),
    "page.html": _PAGE % ("page.title", "page.content"),
    "archive_year.html": "{{ year }}: {% for article in articles %}{{ article.slug }} {% endfor %}",
    "category.html": "{{ category }}",
    "tag.html": "{{ tag }}: {% for article in articles %}{{ article.slug }} {% endfor %}",
    "series.html": "{% for part in series.parts %}{{ part.number }} {{ part.title }}\n{% endfor %}",
    "series_index.html": "{% for series in series_list %}{{ series.title }}\n{% endfor %}",
    "tips.html": "{% for year, tips in tips_by_year %}{{ year }}: {{ tips|length }}\n{% endfor %}",
    "tip.html": "<!doctype html><title>{{ tip.headword }}</title>{{ tip.tip }}{{ tip.more_html|safe }}",
    "tips_year.html": "{{ year }}: {% for tip in tips %}{{ tip.week }} {% endfor %}",
    "tips_topic.html": "{{ topic.name }}: {% for tip in tips %}{{ tip.week }} {% endfor %}",
    "tips_register.html": (
        "{% for letter, tips in letters %}{{ letter }}: "
        "{% for tip in tips %}{{ tip.headword }} {% endfor %}\n{% endfor %}"
    ),
    "tips_random.html": "{{ SITE_DATE }}: {{ tip.week if tip else '' }} of {{ weeks }}",
    "tips_quiz.html": (
        "{% for tip, is_right_first in questions %}{{ tip.week }} {{ is_right_first }}\n{% endfor %}"
    ),
    "search.html": "{{ word_files }} {{ end_files }} {{ common_words }}",
    # What programs read is the same in every theme.
    **{
        path.relative_to(_THEME).as_posix(): path.read_text("utf-8")
        for path in (*_THEME.glob("feeds/*"), *_THEME.glob("api/*"), _THEME / "macros/tip.html")
    },
}


@dataclass
class Built:
    """What a build wrote, and what it said."""

    output: dict[str, bytes]
    context: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: What built it, and can go on.
    pelican: Any = None

    def text(self, path: str) -> str:
        """Return the text of an output file."""
        return self.output[path].decode()

    def article(self, slug: str) -> Any:
        """Return the article, published or not, with *slug*."""
        contents = [*self.context["articles"], *self.context["drafts"]]
        return next(article for article in contents if article.slug == slug)


class PelicanSite(Content):
    """A site's folder; `build` runs Pelican on it in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.theme = folder / "theme"
        for name, text in FILES.items():
            self.write(name, text)
        for name, text in TEMPLATES.items():
            self.write(f"../theme/templates/{name}", text)
        (self.theme / "static").mkdir()

    def build(self, **settings: Any) -> Built:
        """Run Pelican with the project's settings, a day in summer, and no comments."""
        output = self.folder / "output"
        loaded = read_settings(
            str(PROJECT / "pelicanconf.py"),
            override={
                "PATH": str(self.content),
                "OUTPUT_PATH": str(output),
                "CACHE_PATH": str(self.folder / "cache"),
                "THEME": str(self.theme),
                "SITE_DATE": "2026-06-30",
                "NAVIGATION": (),
                "FOOTER_NAVIGATION": (),
                # Drawing takes longer than all the rest.
                "SHARE_IMAGE": "",
                **settings,
            },
        )
        if "PLUGINS" not in settings:
            loaded["PLUGINS"] = [name for name in loaded["PLUGINS"] if "comments" not in name]
        built = Built({}, {})

        def keep_context(generators: list[Any]) -> None:
            built.context = generators[0].context
            if built.problems:
                raise _StoppedError

        with _collected(built), suppress(_StoppedError):
            built.pelican = pelican = Pelican(loaded)
            signals.all_generators_finalized.connect(keep_context)
            pelican.run()
        built.output = {
            path.relative_to(output).as_posix(): path.read_bytes()
            for path in sorted(output.rglob("*"))
            if path.is_file()
        }
        return built


class _StoppedError(Exception):
    """Nothing is written of a site with problems, as in `invoke build`."""


class _Collector(logging.Handler):
    def __init__(self, built: Built) -> None:
        super().__init__(logging.WARNING)
        self.built = built

    def emit(self, record: logging.LogRecord) -> None:
        problem = getattr(record, "problem", None)
        if problem is not None:
            self.built.problems.append(problem)
        elif not record.getMessage().startswith("Could not process"):
            self.built.warnings.append(record.getMessage())


@contextmanager
def _collected(built: Built) -> Iterator[None]:
    """Collect what is logged; Pelican would drop what it said in an earlier build."""
    collector = _Collector(built)
    before = LimitFilter.LOGS_DEDUP_MIN_LEVEL
    LimitFilter.LOGS_DEDUP_MIN_LEVEL = logging.NOTSET
    logging.getLogger().addHandler(collector)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
        LimitFilter.LOGS_DEDUP_MIN_LEVEL = before


@contextmanager
def own_signals() -> Iterator[None]:
    """Keep other tests' plugins out of these builds, and these out of theirs."""
    every = [signal for signal in vars(signals).values() if isinstance(signal, Signal)]
    before = {signal: list(signal.receivers_for(ANY)) for signal in every}
    _only(dict.fromkeys(every, ()))
    try:
        yield
    finally:
        _only(before)


def _only(receivers: Mapping[Any, Any]) -> None:
    for signal, wanted in receivers.items():
        for receiver in list(signal.receivers_for(ANY)):
            signal.disconnect(receiver)
        for receiver in wanted:
            signal.connect(receiver)
