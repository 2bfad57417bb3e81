"""A small blog as plain values, and the files it consists of."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from PIL import Image

from plugins.german.core import slug
from plugins.tips.core import week_key
from tests.site import PROJECT

TOPICS = ("Rechtschreibung", "Zeichensetzung", "Stil")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h{width}"/></svg>\n'
)


def photo(width: int, format_: str) -> bytes:
    """Return the file of a picture of pixels."""
    file = io.BytesIO()
    Image.new("RGB", (width, 20), (width, 99, 0)).save(file, format_)
    return file.getvalue()


_CONF = """import sys
from pathlib import Path
sys.path.append({project!r})
from pelicanconf import *
THEME = str(Path(__file__).with_name("theme"))
COMMENTS_SNAPSHOT = str(Path(__file__).with_name("kommentare.json"))
NAVIGATION = (("Blog", "/archiv/"),)
FOOTER_NAVIGATION = ()
"""


@dataclass
class Post:
    """
    A post; *links* are the keys of other posts, *tips* weeks, *picture* a file in bilder/.

    *mentions* are weeks, too; *listed* is the topic of a list of tips.
    """

    file: str
    title: str
    date: dt.date
    category: str = "Garten"
    tags: list[str] = field(default_factory=list)
    slug: str | None = None
    summary: str | None = None
    series: str | None = None
    series_index: int | None = None
    lang: str = "de"
    status: str = "published"
    comments: str = "open"
    author: str | None = None
    body: list[str] = field(default_factory=lambda: ["Ein Absatz."])
    links: list[str] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    listed: str | None = None
    picture: str | None = None

    @property
    def address(self) -> str:
        """The last part of its URL."""
        return self.slug or slug(self.title)


@dataclass
class Tip:
    """A tip; *about* is the key of a post, *quotes* a week, *picture* a file, all for its `more`."""

    date: dt.date
    headword: str
    tip: str
    topic: str = TOPICS[0]
    wrong: str | None = None
    right: str | None = None
    about: str | None = None
    quotes: str | None = None
    picture: str | None = None
    see: list[str] = field(default_factory=list)
    checked: dt.date | None = None

    @property
    def week(self) -> str:
        """Its key."""
        return week_key(self.date)


@dataclass
class Text:
    """A page, or a series with its *planned* parts."""

    title: str
    body: str = "Willkommen."
    slug: str | None = None
    summary: str | None = None
    planned: list[str] = field(default_factory=list)


@dataclass
class Comment:
    """An approved comment on the page of a post."""

    id: str
    page: str
    text: str
    author: str
    minute: int
    parent: str | None = None


@dataclass
class Blog:
    """All of it; posts, series, pages and pictures by keys that stay when a file is renamed."""

    posts: dict[str, Post] = field(default_factory=dict)
    tips: dict[str, Tip] = field(default_factory=dict)
    series: dict[str, Text] = field(default_factory=dict)
    pages: dict[str, Text] = field(default_factory=dict)
    pictures: dict[str, str | bytes] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    exceptions: list[str] = field(default_factory=list)
    settings: dict[str, object] = field(default_factory=dict)
    theme: dict[str, bytes] = field(default_factory=dict)
    today: dt.date = dt.date(2026, 6, 30)
    #: Files with mistakes, by path; None is a file that is missing.
    faults: dict[str, bytes | None] = field(default_factory=dict)

    def is_out(self, post: Post) -> bool:
        """Return whether *post* has a page."""
        return post.status == "published" and post.date <= self.today

    def heal(self) -> None:
        """Take out what leads to something that is not there (any more)."""
        addresses = {post.address for post in self.posts.values()}
        listed = [post.category for post in self.posts.values() if self.is_out(post)]
        for post in self.posts.values():
            post.links = [key for key in post.links if self._may_link(post, key)]
            post.tips, post.mentions = (
                [w for w in weeks if w in self.tips and self.tips[w].date <= post.date]
                for weeks in (post.tips, post.mentions)
            )
            out = {tip.topic for tip in self.tips.values() if tip.date <= self.today}
            if post.listed not in out:
                post.listed = None
            if post.status == "hidden":
                # It is in no list, so it must not be what makes a list.
                post.tags = []
                post.category, post.status = (
                    (listed[0], "hidden") if listed else ("Garten", "draft")
                )
            if post.picture not in self.pictures:
                post.picture = None
            if post.series not in self.series:
                post.series = post.series_index = None
        for tip in self.tips.values():
            tip.see = [name for name in tip.see if name in self.tips or name in addresses]
            about = self.posts.get(tip.about or "")
            if about is None or about.status != "published" or about.date > tip.date:
                tip.about = None
            if tip.quotes not in self.tips or self.tips[tip.quotes].date > tip.date:
                tip.quotes = None
            if tip.picture not in self.pictures:
                tip.picture = None
        self._number_parts()

    def _may_link(self, post: Post, key: str) -> bool:
        target = self.posts.get(key)
        return target is not None and target.status == "published" and target.date <= post.date

    def _number_parts(self) -> None:
        """Take away the place of each part of a series that an earlier one has."""
        taken = set()
        for post in self.posts.values():
            place = (post.series, post.series_index)
            if place in taken:
                post.series_index = None
            taken.add(place)

    def files(self) -> dict[str, bytes]:
        """Return all files by their path in the blog's folder."""
        files: dict[str, str | bytes] = {
            "conf.py": self._conf(),
            "kommentare.json": _snapshot(self.comments.values()),
            **{f"content/artikel/{p.file}.md": self._post(p) for p in self.posts.values()},
            **{f"content/serien/{key}.md": _text(text) for key, text in self.series.items()},
            **{f"content/seiten/{key}.md": _text(text) for key, text in self.pages.items()},
            **{f"content/bilder/{name}": data for name, data in self.pictures.items()},
            **self._years(),
        }
        if self.exceptions:
            files["content/trennung.yaml"] = yaml.safe_dump(self.exceptions, allow_unicode=True)
        found = {
            name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()
        }
        found |= {f"theme/{name}": data for name, data in self.theme.items()}
        for name, data in self.faults.items():
            if data is None:
                found.pop(name, None)
            else:
                found[name] = data
        return found

    def _conf(self) -> str:
        lines = [f"{name} = {value!r}\n" for name, value in self.settings.items()]
        return _CONF.format(project=str(PROJECT)) + "".join(lines)

    def _post(self, post: Post) -> str:
        fields = {
            name: value
            for name in (
                *("title", "date", "slug", "category", "tags", "summary", "series"),
                *("series_index", "lang", "status", "comments", "author"),
            )
            if (value := getattr(post, name)) not in (None, [])
        }
        up = "../" * post.file.count("/")
        return _document(
            fields,
            *post.body,
            *(f"Mehr [dazu]({{filename}}{up}{self.posts[key].file}.md)." for key in post.links),
            *(f"/// tipp | {week}\n///" for week in post.tips),
            *(f"Wie bei {{tipp}}{week}, [hier](/tipps/{week}/)." for week in post.mentions),
            *([f"/// tipps | thema={post.listed}, anzahl=2\n///"] * bool(post.listed)),
            *([f'![Ein Bild]({{static}}/bilder/{post.picture} "So ist es")'] * bool(post.picture)),
        )

    def _tip(self, tip: Tip) -> dict[str, object]:
        fields = {n: v for n, v in vars(tip).items() if v not in (None, [])}
        more = []
        if key := fields.pop("about", None):
            more.append(f"Mehr im [Beitrag](/blog/{self.posts[str(key)].address}/).")
        if week := fields.pop("quotes", None):
            more.append(f"/// tipp | {week}\n///")
        if picture := fields.pop("picture", None):
            more.append(f"![Ein Bild]({picture})")
        return fields | ({"more": "\n\n".join(more)} if more else {})

    def _years(self) -> dict[str, str]:
        years: dict[int, list[dict[str, object]]] = {}
        for tip in sorted(self.tips.values(), key=lambda tip: tip.date):
            years.setdefault(tip.date.year, []).append(self._tip(tip))
        return {
            f"content/tipps/{year}.yaml": yaml.safe_dump(tips, allow_unicode=True, sort_keys=False)
            for year, tips in years.items()
        }


def _document(fields: Mapping[str, object], *paragraphs: str) -> str:
    head = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False)
    return "\n".join((f"---\n{head}---\n", *(f"{text}\n" for text in paragraphs)))


def _text(text: Text) -> str:
    fields = {n: v for n, v in vars(text).items() if n != "body" and v not in (None, [])}
    if text.planned:
        fields["planned"] = [{"title": title} for title in text.planned]
    return _document(fields, text.body)


def _snapshot(comments: Iterable[Comment]) -> str:
    first = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    found = [
        {
            **{n: v for n, v in vars(comment).items() if n != "minute"},
            "created": (first + dt.timedelta(minutes=comment.minute)).isoformat(),
        }
        for comment in comments
    ]
    return json.dumps({"revision": 1, "comments": found, "erased": []}, ensure_ascii=False)


def theme_files() -> dict[str, bytes]:
    """Return the project's theme."""
    folder = PROJECT / "theme"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def put(files: Mapping[str, bytes], folder: Path, before: Mapping[str, bytes]) -> None:
    """Bring *folder*, which holds the files *before*, to *files*; what is the same is not touched."""
    for name in before.keys() - files.keys():
        (folder / name).unlink()
    for name, data in files.items():
        if before.get(name) != data:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def day(text: str) -> dt.date:
    """Return the day that *text* names."""
    return dt.date.fromisoformat(text)


def start() -> Blog:
    """Return the blog with which every walk begins."""
    blog = Blog(theme=theme_files())
    blog.posts = {
        "eins": Post(
            "eins",
            "Der erste Beitrag",
            day("2025-11-12"),
            tags=["Beete", "Äxte"],
            summary="Worum es *zuerst* geht: „Beete“ – und 3 m² Erde.",
            series="garten",
            series_index=1,
            body=['Wir sagen "Beet", nicht "Rabatte" - z. B. im Garten.[^1]\n\n[^1]: Eine Note.'],
            picture="spaten.svg",
        ),
        "zwei": Post(
            "zwei",
            "Der zweite Beitrag",
            day("2026-01-14"),
            tags=["Beete"],
            series="garten",
            body=["Kurz.", "## Über Äpfel", "Rechtschreibprüfungen und Donaudampfschiffe."],
            links=["eins"],
            tips=["2026-kw02"],
        ),
        "drei": Post("tief/drei", "Der dritte Beitrag", day("2026-03-11"), "Ähren", ["Zaun"]),
        "vier": Post(
            "vier",
            "Ein vierter, auf Englisch",
            day("2026-05-06"),
            "Ähren",
            slug="in-english",
            lang="en",
            body=["This isn't “German” at all – really."],
            links=["eins", "drei"],
        ),
        "bald": Post("bald", "Was noch kommt", day("2026-09-02"), series="garten", series_index=2),
        "idee": Post("idee", "Nur eine Idee", day("2026-02-04"), status="draft", links=["zwei"]),
    }
    tips = (
        Tip(day("2025-12-31"), "Silvester", "Silvester schreibt sich mit i."),
        Tip(
            day("2026-01-07"),
            "Apostroph",
            "Der Genitiv kommt ohne Apostroph aus.",
            TOPICS[1],
            "Peter's Buch",
            "Peters Buch",
            about="eins",
        ),
        Tip(day("2026-02-04"), "Ähre", "Die Ähre hat ein h.", see=["2026-kw02", "in-english"]),
        Tip(day("2026-12-30"), "Zukunft", "Das steht noch aus.", TOPICS[2]),
    )
    blog.tips = {tip.week: tip for tip in tips}
    blog.series = {"garten": Text("Der Garten", summary="Eine Serie.", planned=["Der Winter"])}
    blog.pages = {"ueber-mich": Text("Über mich", "Ein Beispiel."), "impressum": Text("Impressum")}
    blog.pictures = {"spaten.svg": PICTURE.format(width=1)}
    page = "/blog/der-erste-beitrag/"
    blog.comments = {"c1": Comment("c1", page, "Das *stimmt*!", "Ada", 1)}
    blog.heal()
    return blog
