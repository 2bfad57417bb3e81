"""
An invented site as plain data: the same for every program that builds it.

`make` is seeded: equal arguments give an equal site, on every machine.
"""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bench.build import prose
from plugins.german.core import slug

#: The day on which the site is built.
TODAY = dt.date(2026, 11, 22)
YEARS = 20
WORDS = 650
#: The Wednesdays between it and `TODAY` are free: a bench adds tips.
LAST_TIP = dt.date(2026, 8, 26)
_TOPICS = ("Rechtschreibung", "Zeichensetzung", "Grammatik", "Stil", "Wortwahl", "Typografie")

CATEGORIES = ("Netzwerken", "Sprache", "Handwerk", "Freiberuflich")
TAGS = tuple(
    """
    Abkürzungen Ablage Akquise Anglizismen Angebote Anzeigen Apostroph Archiv Ausbildung Autorinnen
    Barrierefreiheit Berufsalltag Bindestrich Briefe Broschüren Buchmesse Dialekt Duden Empfehlungen
    Fachtexte Fremdwörter Fußnoten Gendern Genitiv Geschäftsberichte Getrenntschreibung Honorar
    Humor Interpunktion Kataloge Kolleginnen Komma Konjunktiv Korrektorat Kundschaft Lektorat
    Mahnungen Manuskripte Mittwochstipp Namen Normseite Pausen Protokolle Recherche Rechnungen
    Reden Redewendungen Rechtschreibung Schreibtisch Selbstständigkeit Software Steuern Tabellen
    Typografie Übersetzung Umlaute Verlage Verträge Werkzeuge Zeichensetzung
    """.split()
)
_FIRST_NAMES = (
    "Ada Bela Cem Dörte Elif Finn Greta Hauke Ida Jonas Käthe Lale Mats Nele Ole Pia Quirin Ruth "
    "Sanne Til Ute Veit Wiebke Yusuf Zoe"
).split()

_ASPECTS = """
Abende Absagen Alltag Anfänge Ansichten Antworten Auswege Beispiele Beobachtungen Briefwechsel
Einwände Entdeckungen Erfahrungen Fallen Fragen Fundstücke Geschichten Gewohnheiten Grenzen
Gründe Handgriffe Irrtümer Kleinigkeiten Lehren Missverständnisse Nachfragen Nebenwege Notizen
Pannen Ratschläge Regeln Rechnungen Spielräume Stolpersteine Streitfälle Umwege Ursachen
Vergleiche Versuche Vorsätze Vorurteile Widersprüche Zweifel Zwischenfälle
""".split()
_TITLES = (
    "{aspect} rund um {noun}",
    "{noun}: {aspect} aus der Werkstatt",
    "{aspect} über {noun} und {other}",
    "Was {noun} mit {other} verbindet",
    "{noun} statt {other}",
    "{other}, {noun} und andere {aspect}",
)


@dataclass(frozen=True)
class Text:
    """Markdown that all programs read alike, but for its links (see `LINK`)."""

    markdown: str


@dataclass(frozen=True)
class TipCard:
    """A tip of the collection, set into a post."""

    tip: Tip


@dataclass(frozen=True)
class Quote:
    """A quotation and its source."""

    person: str
    work: str
    url: str
    accessed: dt.date
    text: str


Block = Text | TipCard | Quote


@dataclass(frozen=True)
class Tip:
    """A tip of the weekly collection."""

    date: dt.date
    headword: str
    topic: str
    text: str
    wrong: str | None = None
    right: str | None = None
    more: str = ""
    see: tuple[str, ...] = ()

    @property
    def week(self) -> str:
        """The ISO week, as in its address."""
        year, week, _ = self.date.isocalendar()
        return f"{year}-kw{week:02d}"


@dataclass(frozen=True)
class Post:
    """A post; links in its text are written ``(→slug)``."""

    slug: str
    title: str
    date: dt.datetime
    category: str
    tags: tuple[str, ...]
    summary: str
    blocks: tuple[Block, ...]
    series: str | None = None
    series_index: int | None = None
    are_comments_open: bool = True

    @property
    def folder(self) -> str:
        """Where its file lies: one folder a year."""
        return str(self.date.year)


@dataclass(frozen=True)
class Series:
    """A series of posts."""

    slug: str
    title: str
    summary: str
    text: str


@dataclass(frozen=True)
class Page:
    """A page that is no post."""

    slug: str
    title: str
    text: str


@dataclass(frozen=True)
class Comment:
    """An approved comment."""

    id: str
    post: str
    author: str
    text: str
    created: dt.datetime
    parent: str | None = None


@dataclass(frozen=True)
class Site:
    """All of it; posts and tips oldest first."""

    posts: tuple[Post, ...]
    tips: tuple[Tip, ...]
    series: tuple[Series, ...] = ()
    pages: tuple[Page, ...] = ()
    pictures: dict[str, str] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()

    def by_category(self) -> dict[str, list[Post]]:
        """Return the posts of each category, newest first."""
        return _grouped((post.category, post) for post in reversed(self.posts))

    def by_tag(self) -> dict[str, list[Post]]:
        """Return the posts of each tag, newest first."""
        return _grouped((tag, post) for post in reversed(self.posts) for tag in post.tags)

    def by_year(self) -> dict[str, list[Post]]:
        """Return the posts of each year, newest first."""
        return _grouped((post.folder, post) for post in reversed(self.posts))


def _grouped(pairs: Iterator[tuple[str, Post]]) -> dict[str, list[Post]]:
    groups: defaultdict[str, list[Post]] = defaultdict(list)
    for key, post in pairs:
        groups[key].append(post)
    return dict(groups)


def make(posts: int, tips: int, seed: int = 1) -> Site:
    """Return a site of that many *posts*, spread over 20 years, and weekly *tips* up to today."""
    rng = random.Random(f"{seed}/plan")
    made_tips = _tips(tips, seed)
    pictures = {f"schaubild-{number:02d}.svg": _picture(rng) for number in range(1, 13)}
    planned = _plan(posts, rng)
    all_series = _series(posts, rng)
    places = _places(planned, all_series, rng)
    slugs = [post.slug for post in planned]
    written = tuple(
        replace(
            post,
            blocks=_blocks(random.Random(f"{seed}/{number}"), slugs[:number], made_tips, pictures),
            series=places.get(number, (None, None))[0],
            series_index=places.get(number, (None, None))[1],
        )
        for number, post in enumerate(planned)
    )
    see = random.Random(f"{seed}/see")
    made_tips = tuple(_with_references(tip, slugs, made_tips, see) for tip in made_tips)
    return Site(
        written, made_tips, all_series, _pages(rng), pictures, comments_on(written, posts // 2, rng)
    )


# -- Posts ----------------------------------------------------------------------------------------


def _plan(count: int, rng: random.Random) -> list[Post]:
    """Return the posts without their text, oldest first, no two at the same minute."""
    taken: set[str] = set()
    posts = []
    end = dt.datetime.combine(TODAY - dt.timedelta(days=2), dt.time(8))
    step = YEARS * 365 * 24 * 60 / max(count, 1)
    for number in range(count):
        moment = end - dt.timedelta(minutes=int((count - 1 - number) * step))
        # By day: what is on New Year's Eve is so in every time zone.
        moment = moment.replace(hour=6 + moment.hour // 2)
        title = _title(rng, taken)
        posts.append(
            Post(
                slug=slug(title),
                title=title,
                date=moment,
                category=rng.choice(CATEGORIES),
                tags=tuple(rng.sample(TAGS, 3)),
                summary=prose.paragraph(rng, rng.randint(1, 2)),
                blocks=(),
                are_comments_open=rng.random() > 0.03,
            )
        )
    return posts


def _title(rng: random.Random, taken: set[str]) -> str:
    while True:
        title = rng.choice(_TITLES).format(
            aspect=rng.choice(_ASPECTS), noun=prose.compound(rng), other=prose.noun(rng)
        )
        if (name := slug(title)) not in taken:
            taken.add(name)
            return title


def _blocks(
    rng: random.Random, earlier: list[str], tips: tuple[Tip, ...], pictures: dict[str, str]
) -> tuple[Block, ...]:
    """Return the body of a post: an introduction, and sections until there are enough words."""
    # The last section goes beyond it, by 85 words on average.
    wanted = max(150, round(rng.gauss(WORDS - 85, 180)))
    extras = _extras(rng, earlier, tips, pictures)
    blocks: list[Block] = [Text(prose.paragraph(rng, rng.randint(2, 4)))]
    count = _words(blocks[0])
    notes: list[str] = []
    while count < wanted:
        section: list[Block] = [Text(f"## {prose.heading(rng)}")]
        section += [Text(_passage(rng, earlier, notes)) for _ in range(rng.randint(2, 3))]
        if extras and rng.random() < 0.6:
            section.insert(rng.randint(1, len(section)), extras.pop())
        blocks += section
        count += sum(map(_words, section))
    blocks += extras
    blocks += [Text(f"[^{number}]: {note}") for number, note in enumerate(notes, 1)]
    return tuple(blocks)


def _words(block: Block) -> int:
    return len(block.markdown.split()) if isinstance(block, Text) else 20


def _passage(rng: random.Random, earlier: list[str], notes: list[str]) -> str:
    """Return a paragraph or a list; it may link to an earlier post or have a footnote."""
    if rng.random() < 0.13:
        mark = rng.choice(("-", "1."))
        items = [prose.sentence(rng) for _ in range(rng.randint(3, 5))]
        return f"{prose.sentence(rng)}\n\n" + "\n".join(f"{mark} {item}" for item in items)
    text = prose.paragraph(rng, rng.randint(3, 6))
    if rng.random() < 0.12:
        text = f"**{prose.phrase(rng, 2)}.** {text}"
    if earlier and rng.random() < 0.2:
        text += f" Mehr dazu steht unter [{prose.phrase(rng, 4)}](→{_linked(rng, earlier)})."
    if not notes and rng.random() < 0.03:
        notes.append(prose.sentence(rng))
        text += f"[^{len(notes)}]"
    return text


def _linked(rng: random.Random, earlier: list[str]) -> str:
    """Return a post to link to: half the time a recent one."""
    return rng.choice(earlier[-30:] if rng.random() < 0.5 else earlier)


def _extras(
    rng: random.Random, earlier: list[str], tips: tuple[Tip, ...], pictures: dict[str, str]
) -> list[Block]:
    """Return what not every post has, in random order."""
    found: list[Block] = []
    if rng.random() < 0.10:
        found.append(Text(_code(rng)))
    if rng.random() < 0.12:
        found.append(Text(_table(rng)))
    if rng.random() < 0.12:
        name = rng.choice(list(pictures))
        caption = prose.phrase(rng, 3)
        found.append(Text(f'![Schaubild: {prose.phrase(rng, 4)}](→bilder/{name} "{caption}")'))
    if tips and rng.random() < 0.15:
        found.append(TipCard(rng.choice(tips)))
    if rng.random() < 0.15:
        found.append(_quote(rng))
    rng.shuffle(found)
    return found


def _quote(rng: random.Random) -> Quote:
    name = rng.choice(_FIRST_NAMES)
    return Quote(
        f"{name} Beispiel",
        f"{prose.compound(rng)}, S. {rng.randint(3, 300)}",
        f"https://quelle.example/{slug(name)}/{rng.randint(1, 999)}",
        TODAY - dt.timedelta(days=rng.randint(1, 5000)),
        prose.paragraph(rng, 2),
    )


def _code(rng: random.Random) -> str:
    name = slug(prose.noun(rng)).replace("-", "_")
    return (
        f"```python\nimport re\n\n\ndef {name}(text: str, limit: int = {rng.randint(2, 99)}) -> list[str]:\n"
        f'    """Return the {rng.randint(2, 9)} longest words."""\n'
        '    words = sorted(re.findall(r"\\w+", text), key=len)\n'
        f"    return words[-limit:]  # {rng.randint(100, 999)}\n```"
    )


def _table(rng: random.Random) -> str:
    rows = [
        f"| {prose.compound(rng)} | {rng.randint(1, 90)} % | {rng.randint(1, 9)}.{rng.randint(100, 999)} € |"
        for _ in range(rng.randint(3, 6))
    ]
    return "\n".join(["| Posten | Anteil | im Jahr |", "|---|--:|--:|", *rows])


def _picture(rng: random.Random) -> str:
    """Return a bar chart, as SVG."""
    bars = "".join(
        f'<rect x="{20 + 45 * number}" y="{200 - height}" width="30" height="{height}"/>'
        for number, height in enumerate(rng.randint(20, 180) for _ in range(8))
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 220" width="400" height="220">'
        f'<g fill="#567">{bars}</g></svg>\n'
    )


# -- Series, tips, pages, comments ----------------------------------------------------------------


def _series(posts: int, rng: random.Random) -> tuple[Series, ...]:
    """Return 40 series, fewer for a small site."""
    found: dict[str, Series] = {}
    while len(found) < min(40, posts // 25 + 1):
        title = prose.compound(rng)
        found[slug(title)] = Series(
            slug(title), title, prose.paragraph(rng, 2), prose.paragraph(rng, 6)
        )
    return tuple(found.values())


def _places(
    posts: list[Post], all_series: tuple[Series, ...], rng: random.Random
) -> dict[int, tuple[str, int]]:
    """Return the series and place of posts, by their number: two to eight parts, near each other."""
    places: dict[int, tuple[str, int]] = {}
    for one in all_series:
        start = rng.randrange(max(1, len(posts) - 16))
        free = [n for n in range(start, min(start + 16, len(posts))) if n not in places]
        parts = sorted(rng.sample(free, min(len(free), rng.randint(2, 8))))
        places |= {number: (one.slug, index) for index, number in enumerate(parts, 1)}
    return places


def _tips(count: int, seed: int) -> tuple[Tip, ...]:
    rng = random.Random(f"{seed}/tips")
    dates = [LAST_TIP - dt.timedelta(weeks=weeks) for weeks in reversed(range(count))]
    return tuple(_tip(date, rng) for date in dates)


def _tip(date: dt.date, rng: random.Random) -> Tip:
    headword = prose.noun(rng) if rng.random() < 0.6 else prose.compound(rng)
    wrong = right = None
    if rng.random() < 0.6:
        right = f"Das ist ein Fall für {prose.compound(rng)}."
        wrong = right.replace("ein Fall", "einen Fall")
    return Tip(
        date, headword, rng.choice(_TOPICS), _tip_text(rng), wrong, right, prose.paragraph(rng, 4)
    )


#: Below the limit of every network, whatever is made of quotes and dashes.
_TIP_LENGTH = range(60, 231)


def _tip_text(rng: random.Random) -> str:
    while True:
        text = prose.paragraph(rng, 2).replace("*", "")
        if len(text) in _TIP_LENGTH:
            return text


def _with_references(tip: Tip, slugs: list[str], tips: tuple[Tip, ...], rng: random.Random) -> Tip:
    """Return *tip* with its „see“: every third names a post, every fourth an earlier tip."""
    see = [rng.choice(slugs)] if slugs and rng.random() < 1 / 3 else []
    earlier = tips[: bisect_left(tips, tip.date, key=lambda other: other.date)]
    if earlier and rng.random() < 1 / 4:
        see.append(rng.choice(earlier[-100:]).week)
    return replace(tip, see=tuple(see))


def _pages(rng: random.Random) -> tuple[Page, ...]:
    titles = ("Über mich", "Impressum", "Datenschutz", "Barrierefreiheit")
    return tuple(
        Page(
            slug(title),
            title,
            "\n\n".join(
                f"{f'## {prose.heading(rng)}' if number else ''}\n\n{prose.paragraph(rng, 5)}".strip()
                for number in range(6)
            ),
        )
        for title in titles
    )


# As the comment service makes them.
_ID_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"


def comments_on(posts: tuple[Post, ...], count: int, rng: random.Random) -> tuple[Comment, ...]:
    """Return *count* comments on a third of the posts; every fourth answers an earlier one."""
    open_posts = [post for post in posts if post.are_comments_open]
    if not open_posts:
        return ()
    discussed = rng.sample(open_posts, max(1, len(open_posts) // 3))
    last: dict[str, Comment] = {}
    found = []
    for _ in range(count):
        post = rng.choice(discussed)
        before = last.get(post.slug)
        start = before.created if before else post.date.replace(tzinfo=dt.UTC)
        comment = Comment(
            id="".join(rng.choice(_ID_SIGNS) for _ in range(10)),
            post=post.slug,
            author=rng.choice(_FIRST_NAMES),
            text=prose.paragraph(rng, rng.randint(1, 4)),
            created=start + dt.timedelta(minutes=rng.randint(5, 600)),
            parent=before.id if before and rng.random() < 0.25 else None,
        )
        last[post.slug] = comment
        found.append(comment)
    return tuple(sorted(found, key=lambda comment: (comment.created, comment.id)))
