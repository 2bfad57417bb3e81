"""Pelican's side: read the collection, check it, write its pages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator, Generator
from pelican.utils import SafeDatetime
from pelican.writers import Writer

from plugins.archive.core import first_years
from plugins.german.core import slug
from plugins.source.adapter import DocumentInfo, memorised, read_text, report
from plugins.source.core import load_yaml
from plugins.source.problem import Problem, SourceError, shown_path
from plugins.tips import choice, core
from plugins.typography import Settings as Typography
from plugins.typography import typeset_text

Key = TypeVar("Key")

DEFAULTS = {
    "TIPS_PATH": "tipps",
    "TIPS_TOPICS": (
        "Rechtschreibung",
        "Zeichensetzung",
        "Grammatik",
        "Stil",
        "Wortwahl",
        "Typografie",
    ),
    "TIPS_URL": "tipps/",
}


@dataclass(frozen=True)
class Collection:
    """All tips by week, the last day whose tips are out, where their pages are, and the topics."""

    entries: Mapping[str, core.Entry] = field(default_factory=dict)
    today: dt.date = dt.date.max
    base_url: str = "tipps/"
    topics: tuple[str, ...] = ()

    def is_out(self, week: str) -> bool:
        """Return whether the tip of *week* may be shown."""
        return week in self.entries and self.entries[week].tip.date <= self.today

    def fact(self, week: str) -> tuple[str, bool] | None:
        """Return what a text that quotes the tip of *week* depends on."""
        entry = self.entries.get(week)
        if entry is None:
            return None
        return entry.tip.model_dump_json(), self.is_out(week)

    def out(self) -> list[core.Tip]:
        """Return the tips that may be shown, oldest first."""
        tips = [entry.tip for entry in self.entries.values() if entry.tip.date <= self.today]
        return sorted(tips, key=lambda tip: tip.date)

    def newest(self, topic: str | None, count: int) -> list[core.Tip]:
        """Return the newest *count* tips of a topic, or of all, that may be shown."""
        return choice.newest(self.out(), topic, count)

    def list_fact(self, key: str) -> list[tuple[str, str]]:
        """Return what a text that lists tips depends on; *key* is „5 Stil“, or „5 “ for all topics."""
        count, _, topic = key.partition(" ")
        return [(tip.week, tip.headword) for tip in self.newest(topic or None, int(count))]


@dataclass(frozen=True)
class Topic:
    """A topic as templates know it."""

    name: str
    slug: str
    url: str


@dataclass(frozen=True)
class Link:
    """A place in this site, or elsewhere."""

    title: str
    url: str


@dataclass(eq=False)
class TipPage:
    """A tip as templates know it: typeset, linked, with its neighbours."""

    tip_entry: core.Tip
    url: str
    topic: Topic
    headword: str
    tip: str
    wrong: str | None
    right: str | None
    more_html: str
    #: The day it came out, or the one of its last correction.
    modified: dt.date
    shared_at: list[Link] = field(default_factory=list)
    related: list[Link] = field(default_factory=list)
    same_topic: list[Link] = field(default_factory=list)
    quoted_in: list[Article] = field(default_factory=list)
    older: TipPage | None = None
    newer: TipPage | None = None
    last_year: TipPage | None = None
    #: (kind, key) of what the explanation depends on beside the tip; see ``READ_FACTS``.
    reads: tuple[tuple[str, str], ...] = ()

    @property
    def fact_key(self) -> str:
        """The name by which pages remember what they read of this tip."""
        return f"tip:{self.tip_entry.week}"

    def __getattr__(self, name: str) -> Any:
        """Pass on what is shown as the author wrote it: week, label, date, source and so on."""
        return getattr(object.__getattribute__(self, "tip_entry"), name)


def shared_text(text: str, typography: Mapping[str, Any]) -> str:
    """Return a tip's text as networks get it: typeset, with ordinary spaces (U+202F would count twice)."""
    typeset = typeset_text(text, Typography(**typography))
    return typeset.replace("\u202f", " ").replace("\u00a0", " ")


def read_collection(folder: Path, settings: Mapping[str, Any]) -> dict[str, core.Entry]:
    """
    Return the tips of all year files in *folder* by week.

    Raises:
        SourceError: With every mistake that was found.
    """
    entries: list[core.Entry] = []
    problems: list[Problem] = []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            text = read_text(path)
            key = f"year of tips\0{path}\0{text}"
            entries.extend(memorised(settings, key, partial(_read_year, path, text, settings)))
        except SourceError as error:
            problems.extend(error.problems)
    problems.extend(core.date_clashes(entries))
    if problems:
        raise SourceError(problems)
    return {entry.tip.week: entry for entry in entries}


def _read_year(path: Path, text: str, settings: Mapping[str, Any]) -> list[core.Entry]:
    """
    Return the tips of the file *path*.

    Raises:
        SourceError: With every mistake in it.
    """
    file = shown_path(path)
    year = int(path.stem) if path.stem.isdecimal() else None
    document = load_yaml(text, file)
    entries = [
        core.Entry(tip, file, line, document, number)
        for number, (tip, line) in enumerate(core.read_year(document, file, year))
    ]
    shared = partial(shared_text, typography=settings.get("TYPOGRAPHY", {}))
    if problems := core.problems(entries, settings["TIPS_TOPICS"], shared):
        raise SourceError(problems)
    return entries


def load_collection(pelican: Pelican) -> None:
    """Complete the settings and read the collection, before posts that quote it are read."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    folder = Path(settings["PATH"]) / settings["TIPS_PATH"]
    settings["TIPS_COLLECTION"] = Collection(
        read_collection(folder, settings),
        settings["SITE_DATE"],
        settings["TIPS_URL"],
        tuple(settings["TIPS_TOPICS"]),
    )
    facts = settings.setdefault("READ_FACTS", {})
    facts["tip"] = settings["TIPS_COLLECTION"].fact
    facts["tips"] = settings["TIPS_COLLECTION"].list_fact


def attach_tips(generator: ArticlesGenerator) -> None:
    """Make the tips' pages, related to each other and to the posts, for all templates."""
    settings = generator.settings
    collection: Collection = settings["TIPS_COLLECTION"]
    posts = {article.slug: article for article in generator.articles}
    drafts = {article.slug for article in (*generator.drafts, *generator.hidden_articles)}
    # A post that could not be read has no slug; the reader has said what is wrong.
    if None not in generator.context["generated_content"].values():
        for problem in core.see_problems(
            collection.entries.values(),
            lambda name: name in posts or name in drafts,
            collection.entries,
        ):
            report(problem)
    pages = {tip.week: _page(tip, generator, collection) for tip in collection.out()}
    ordered = list(pages.values())
    for older, newer in pairwise(ordered):
        older.newer = newer
        newer.older = older
    quoted_in: defaultdict[str, list[Article]] = defaultdict(list)
    for article in generator.articles:
        for week in dict.fromkeys(getattr(article, "quoted_tips", ())):
            quoted_in[week].append(article)
    neighbours = choice.neighbours_in_topic(collection.out())
    for week, page in pages.items():
        page.last_year = pages.get(core.week_a_year_before(page.tip_entry))
        page.related = _related(page, pages, posts)
        same_topic = [_link(pages[tip.week]) for tip in neighbours[week]]
        page.same_topic = [link for link in same_topic if link not in page.related]
        page.quoted_in = quoted_in[week]
    generator.context["tip_pages"] = ordered
    generator.context["tip_of_the_week"] = ordered[-1] if ordered else None


def _page(tip: core.Tip, generator: Generator, collection: Collection) -> TipPage:
    settings = generator.settings
    base = settings["TIPS_URL"]
    entry = collection.entries[tip.week]
    texts: dict[str, Any]
    texts = {"headword": tip.headword, "tip": tip.tip, "right": tip.right, "more_html": ""}
    try:
        make = partial(_texts, tip, entry, generator)
        key = f"tip\0{tip.model_dump_json()}"
        # It may quote another tip or show a picture, of which the key says nothing.
        is_alone = not any(sign in (tip.more or "") for sign in ("///", core.TIP_SIGN, "!["))
        texts = memorised(settings, key, make) if is_alone else make()
    except SourceError as error:
        for problem in error.problems:
            report(problem)
    return TipPage(
        tip_entry=tip,
        url=f"{base}{tip.week}/",
        topic=topic(tip.topic, base),
        # As written: setting it would mend what it shows (57€, §5).
        wrong=tip.wrong,
        modified=core.last_change(tip, collection.today),
        shared_at=[Link(core.network_name(key), url) for key, url in tip.shared.items()],
        **texts,
    )


def _texts(tip: core.Tip, entry: core.Entry, generator: Generator) -> dict[str, Any]:
    """Return the typeset texts of a tip."""
    typography = generator.settings.get("TYPOGRAPHY", {})
    typeset = partial(typeset_text, settings=Typography(**typography))
    more_html, reads = _more(tip, entry, generator) if tip.more else ("", ())
    return {
        "headword": typeset(tip.headword),
        "tip": typeset(tip.tip),
        "right": typeset(tip.right) if tip.right else None,
        "more_html": more_html,
        "reads": reads,
    }


def _more(
    tip: core.Tip, entry: core.Entry, generator: Generator
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the explanation's HTML, and what it depends on."""
    line = entry.document.line((entry.number, "more", 0)) or entry.line
    info = DocumentInfo(entry.file, "de", _noon(tip, generator.settings["TIMEZONE"]))
    reader = generator.readers.readers["md"]
    return str(reader.convert(tip.more, info, line)), reader.reads


def _related(page: TipPage, pages: dict[str, TipPage], posts: dict[str, Article]) -> list[Link]:
    links = []
    for name in page.see:
        if name in pages:
            links.append(_link(pages[name]))
        elif name in posts:
            links.append(Link(posts[name].title, posts[name].url))
    return links


def _link(page: TipPage) -> Link:
    return Link(page.headword, page.url)


def topic(name: str, base_url: str) -> Topic:
    """Return the topic *name* with its address."""
    return Topic(name, slug(name), f"{base_url}thema/{slug(name)}/")


def _noon(tip: core.Tip, timezone: str) -> SafeDatetime:
    """Return a moment of the tip's day: a document has one."""
    moment = dt.datetime.combine(tip.date, dt.time(7), ZoneInfo(timezone))
    return SafeDatetime.fromisoformat(moment.isoformat())


class TipsGenerator(Generator):  # type: ignore[misc]
    """Writes the tips' pages, their archives, the tip of the day and the quiz."""

    reads_no_texts = True

    def generate_output(self, writer: Writer) -> None:
        """Write what `attach_tips` prepared."""
        self._write = partial(writer.write_file, relative_urls=self.settings["RELATIVE_URLS"])
        self._base = self.settings["TIPS_URL"]
        pages: list[TipPage] = self.context["tip_pages"]
        tips = [page.tip_entry for page in pages]
        by_week = {page.week: page for page in pages}
        for page in pages:
            self._page(page.url, "tip", tip=page)
        self._archives(tips, by_week)
        self._games(tips, by_week)

    def _archives(self, tips: list[core.Tip], by_week: dict[str, TipPage]) -> None:
        """Write all tips by year, by topic and from A to Z."""
        base = self._base
        years = _shown(core.by_year(tips), by_week)
        topics = _shown(core.by_topic(tips, self.settings["TIPS_TOPICS"]), by_week)
        counts = [(topic(name, base), len(group)) for name, group in topics.items()]
        shown = first_years(list(years.items()))
        others = [(year, len(group)) for year, group in list(years.items())[len(shown) :]]
        self._page(base, "tips", tips_by_year=shown, other_years=others, topics=counts)
        for year, group in years.items():
            self._page(f"{base}{year}/", "tips_year", year=year, tips=group, years=list(years))
        for name, group in topics.items():
            one = topic(name, base)
            self._page(one.url, "tips_topic", topic=one, tips=group, topics=counts)
        letters = _shown(core.register(tips), by_week)
        self._page(f"{base}a-z/", "tips_register", letters=list(letters.items()))

    def _games(self, tips: list[core.Tip], by_week: dict[str, TipPage]) -> None:
        """Write the random tip, which stays for a day, and the quiz."""
        drawn = choice.of_the_day(tips, self.settings["SITE_DATE"])
        self._page(
            f"{self._base}zufall/",
            "tips_random",
            tip=by_week[drawn.week] if drawn else None,
            weeks=" ".join(by_week),
        )
        questions = [(by_week[q.tip.week], q.is_right_first) for q in choice.questions(tips)]
        self._page(f"{self._base}quiz/", "tips_quiz", questions=questions)

    def _page(self, url: str, template: str, **variables: Any) -> None:
        self._write(
            f"{url}index.html", self.get_template(template), self.context, url=url, **variables
        )


def _shown(
    groups: Mapping[Key, Iterable[core.Tip]], pages: dict[str, TipPage]
) -> dict[Key, list[TipPage]]:
    return {key: [pages[tip.week] for tip in tips] for key, tips in groups.items()}


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return TipsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(load_collection)
    signals.article_generator_finalized.connect(attach_tips)
    signals.get_generators.connect(get_generators)
