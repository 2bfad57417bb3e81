"""What can happen to a blog and to what was built of it: each step is a change, drawn at random."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar

from tests.plugins.incremental.blog import PICTURE, TOPICS, Blog, Comment, Post, Text, Tip, photo

Item = TypeVar("Item")
SENTENCES = (
    'Er sagte: "Das geht so nicht" - und ging.',
    "Das kostet 57 € (zzgl. 19 % MwSt.), z. B. am 3. Mai.",
    "Rechtschreibreform, Kommasetzung, Silbentrennungsalgorithmus.",
    "Ein `Stück Code` und **etwas Fettes**, dazu ein [Wort](https://beispiel.example/).",
    "- eins\n- zwei",
    "> Ein Zitat, das niemand kennt.",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "    print('Hallo')",
    "## Eine Überschrift",
)
CATEGORIES = ("Garten", "Ähren", "Haus und Hof")
TAGS = ("Beete", "Äxte", "Zaun", "Übermut", "Öl")


class Place(Protocol):
    """Where a blog lies, and what was built of it."""

    blog: Blog
    folder: Path
    output: Path
    cache: Path

    def build(self) -> object:
        """Build, without comparing."""

    def kill_a_build(self, share: float) -> None:
        """Start a build and kill it after about this *share* of its time."""

    def edit_in_a_build(self, stage: str, edit: Callable[[], object]) -> None:
        """Build, and *edit* while the build is at *stage*."""


#: Makes the change, and says what it did; None if there is nothing that could be changed so.
Step = Callable[[Place, Random], str | None]


def _one(random: Random, items: Sequence[Item]) -> Item | None:
    return random.choice(items) if items else None


def _post(place: Place, random: Random) -> Post | None:
    return _one(random, list(place.blog.posts.values()))


def _changed_post(change: Callable[[Post, Random], object]) -> Step:
    """Return the step that changes any post, or does nothing if *change* returns False."""

    def step(place: Place, random: Random) -> str | None:
        post = _post(place, random)
        if post is None or change(post, random) is False:
            return None
        return post.file

    return step


def _number(random: Random) -> int:
    return random.randrange(10_000)


def _date(random: Random) -> dt.date:
    return dt.date(2025, 10, 1) + dt.timedelta(days=random.randrange(400))


# -- Posts ------------------------------------------------------------------------------------------


def edit_body(post: Post, random: Random) -> None:
    """Add, change or take out a paragraph."""
    place = random.randrange(len(post.body) + 1)
    new = [f"{random.choice(SENTENCES)}"] * random.randrange(2)
    post.body[place : place + random.randrange(2)] = [*new, f"Fassung {_number(random)}."]
    del post.body[6:]


def edit_title(post: Post, random: Random) -> None:
    """Give a new title; without a slug of its own the address changes, too."""
    post.title = f'{random.choice(("Über", "Das "))} "Neue" {_number(random)}'


def edit_summary(post: Post, random: Random) -> None:
    """Write a summary, or leave it to the first paragraph."""
    post.summary = random.choice((None, f"Worum es *heute* geht: {_number(random)}."))


def edit_tags(post: Post, random: Random) -> None:
    """Choose other tags."""
    post.tags = random.sample(TAGS, random.randrange(4))


def edit_category(post: Post, random: Random) -> None:
    """Choose another category."""
    post.category = random.choice(CATEGORIES)


def edit_date(post: Post, random: Random) -> None:
    """Choose any other day."""
    post.date = _date(random)


def edit_slug(post: Post, random: Random) -> None:
    """Give a slug, or take the one from the title again."""
    post.slug = random.choice((None, f"adresse-{_number(random)}"))


def edit_status(post: Post, random: Random) -> None:
    """Make a draft of a post, or publish or hide it."""
    post.status = random.choice(("published", "published", "draft", "hidden"))


def edit_other_fields(post: Post, random: Random) -> None:
    """Open or close comments, choose another language or author."""
    post.comments = random.choice(("open", "closed"))
    post.lang = random.choice(("de", "de", "de-CH", "en"))
    post.author = random.choice((None, "Ein Gast"))


def edit_series(place: Place, random: Random) -> str | None:
    """Move a post to another series, or to another place in it."""
    post = _post(place, random)
    if post is None:
        return None
    post.series = random.choice([None, *place.blog.series])
    post.series_index = post.series and random.choice((None, 1, 2, 3, 4))
    return post.file


def add_post(place: Place, random: Random) -> str:
    """Write a new post."""
    key = f"neu-{_number(random)}"
    post = Post(
        random.choice((key, f"tief/{key}", f"sehr/tief/{key}")),
        f"Ein Beitrag: {key}",
        _date(random),
        random.choice(CATEGORIES),
        random.sample(TAGS, 2),
        body=[random.choice(SENTENCES), "Ein Absatz."],
    )
    place.blog.posts[key] = post
    return post.file


def delete_post(place: Place, random: Random) -> str | None:
    """Delete a post; a few always stay."""
    if len(place.blog.posts) < 4:
        return None
    return place.blog.posts.pop(random.choice(list(place.blog.posts))).file


def rename_post(post: Post, random: Random) -> None:
    """Give the file another name, or move it to another folder."""
    post.file = f"{random.choice(('', 'tief/', 'woanders/'))}datei-{_number(random)}"


def link_and_move(place: Place, random: Random) -> str | None:
    """Link to another post, and give that another address."""
    post, key = _post(place, random), _one(random, list(place.blog.posts))
    if post is None or key is None:
        return None
    post.links = [*post.links[-2:], key]
    edit_slug(place.blog.posts[key], random)
    return f"{post.file} -> {place.blog.posts[key].file}"


def quote_tip(place: Place, random: Random) -> str | None:
    """Quote a tip in a post, or none."""
    post = _post(place, random)
    week = _one(random, list(place.blog.tips))
    if post is None:
        return None
    post.tips = [] if week is None or random.randrange(4) == 0 else [week]
    return f"{post.file}: {post.tips}"


def mention_tips(place: Place, random: Random) -> str | None:
    """Mention a tip in the text of a post and list those of a topic, or either, or none."""
    post = _post(place, random)
    week = _one(random, list(place.blog.tips))
    if post is None:
        return None
    post.mentions = [] if week is None or random.randrange(4) == 0 else [week]
    post.listed = random.choice((None, *TOPICS))
    return f"{post.file}: {post.mentions}, {post.listed}"


def show_picture(place: Place, random: Random) -> str | None:
    """Show another picture in a post, or none."""
    post = _post(place, random)
    if post is None:
        return None
    post.picture = random.choice([None, *place.blog.pictures])
    return f"{post.file}: {post.picture}"


# -- Tips, series, pages, pictures ----------------------------------------------------------------------


def edit_tip(place: Place, random: Random) -> str | None:
    """Change a tip's words."""
    tip = _one(random, list(place.blog.tips.values()))
    if tip is None:
        return None
    tip.headword = random.choice((tip.headword, f"Übung {_number(random)}"))
    tip.tip = f'Schreiben Sie "das" - {_number(random)} Mal.'
    tip.topic = random.choice(TOPICS)
    tip.wrong, tip.right = random.choice(((None, None), ("57€", "57 €")))
    tip.checked = random.choice((None, dt.date(2026, 1, 3)))
    return tip.week


def relate_tip(place: Place, random: Random) -> str | None:
    """Change what a tip points to and quotes."""
    blog = place.blog
    tip = _one(random, list(blog.tips.values()))
    if tip is None:
        return None
    names = [*blog.tips, *(post.address for post in blog.posts.values())]
    tip.see = [name for name in random.sample(names, min(2, len(names))) if name != tip.week]
    tip.about = random.choice([None, *blog.posts])
    tip.quotes = random.choice([None, *(week for week in blog.tips if week != tip.week)])
    tip.picture = random.choice([None, *blog.pictures])
    return tip.week


def add_tip(place: Place, random: Random) -> str | None:
    """Write a tip for a free Wednesday."""
    day = dt.date(2025, 10, 1) + dt.timedelta(weeks=random.randrange(70))
    tip = Tip(day, f"Neu {_number(random)}", "Ein neuer Tipp.", random.choice(TOPICS))
    if tip.week in place.blog.tips:
        return None
    place.blog.tips[tip.week] = tip
    return tip.week


def delete_tip(place: Place, random: Random) -> str | None:
    """Delete a tip."""
    if len(place.blog.tips) < 2:
        return None
    return place.blog.tips.pop(random.choice(list(place.blog.tips))).week


def _edit_text(text: Text, random: Random) -> None:
    text.title = f"Über {_number(random)}"
    text.body = f"{random.choice(SENTENCES)}\n\nFassung {_number(random)}."
    text.slug = random.choice((None, f"seite-{_number(random)}"))
    text.summary = random.choice((None, f"Kurz: {_number(random)}."))


def edit_landing(place: Place, random: Random) -> str | None:
    """Change a series, its address and its planned parts."""
    text = _one(random, list(place.blog.series.values()))
    if text is None:
        return None
    _edit_text(text, random)
    text.planned = [f"Geplant {_number(random)}"] * random.randrange(3)
    return text.title


def add_series(place: Place, random: Random) -> str:
    """Add a series, often with a first part."""
    key = f"serie-{_number(random)}"
    place.blog.series[key] = Text(f"Die Serie {key}", summary="Eine Serie.")
    if post := _post(place, random):
        post.series, post.series_index = key, None
    return key


def delete_series(place: Place, random: Random) -> str | None:
    """Delete a series; its parts become posts like others."""
    key = _one(random, list(place.blog.series))
    if key is not None:
        del place.blog.series[key]
    return key


def edit_page(place: Place, random: Random) -> str | None:
    """Change a page and its address."""
    key = _one(random, list(place.blog.pages))
    if key is not None:
        _edit_text(place.blog.pages[key], random)
    return key


def add_page(place: Place, random: Random) -> str:
    """Add a page; the one on privacy is linked from every form."""
    key = random.choice((f"seite-{_number(random)}", "datenschutz"))
    place.blog.pages[key] = Text("Datenschutz" if key == "datenschutz" else f"Seite {key}")
    return key


def delete_page(place: Place, random: Random) -> str | None:
    """Delete a page."""
    key = _one(random, list(place.blog.pages))
    if key is not None:
        del place.blog.pages[key]
    return key


def edit_picture(place: Place, random: Random) -> str:
    """Add a picture, or draw one anew."""
    new = f"bild-{random.randrange(3)}.{random.choice(('svg', 'png', 'jpg'))}"
    name = random.choice(["spaten.svg", new, *place.blog.pictures])
    width = random.randrange(1, 256)
    formats = {"svg": None, "png": "PNG", "jpg": "JPEG"}
    format_ = formats[name.rpartition(".")[2]]
    place.blog.pictures[name] = photo(width, format_) if format_ else PICTURE.format(width=width)
    return name


def delete_picture(place: Place, random: Random) -> str | None:
    """Delete a picture."""
    name = _one(random, list(place.blog.pictures))
    if name is not None:
        del place.blog.pictures[name]
    return name


# -- Comments, theme, settings, time ----------------------------------------------------------------------


def approve_comment(place: Place, random: Random) -> str | None:
    """Approve a comment on a post, perhaps an answer."""
    post = _post(place, random)
    if post is None:
        return None
    page = f"/blog/{post.address}/"
    before = [c.id for c in place.blog.comments.values() if c.page == page]
    new = Comment(
        f"c{_number(random)}",
        page,
        random.choice(SENTENCES),
        random.choice(("Ada", "Böll & Co.")),
        _number(random),
        random.choice([None, *before]),
    )
    place.blog.comments[new.id] = new
    return f"{new.id} on {page}"


def erase_comment(place: Place, random: Random) -> str | None:
    """Erase a comment; answers to it stay."""
    key = _one(random, list(place.blog.comments))
    if key is not None:
        del place.blog.comments[key]
    return key


def _edit_theme(place: Place, random: Random, folder: str, old: str, new: str) -> str | None:
    """Replace the first match of *old* in one of the theme's files below *folder*."""
    theme = place.blog.theme
    names = [
        name
        for name, data in theme.items()
        if name.startswith(folder) and re.search(old, data.decode())
    ]
    name = _one(random, names)
    if name is not None:
        theme[name] = re.sub(old, new, theme[name].decode(), count=1).encode()
    return name


_MARK = r"(?:<!-- \d+ -->)?"


def edit_template(place: Place, random: Random) -> str | None:
    """Change what a template prints, or only a remark in it."""
    number = _number(random)
    if random.randrange(3) == 0:
        remark = r"\A(?:\{# \d+ #\})?"
        return _edit_theme(place, random, "templates/", remark, f"{{# {number} #}}")
    main = r"(\{% block main %\})(?!\{%)" + _MARK
    return _edit_theme(place, random, "templates/", main, rf"\1<!-- {number} -->")


def edit_macro(place: Place, random: Random) -> str | None:
    """Change what a macro prints."""
    mark = f"<!-- {_number(random)} -->"
    macro = r"(\{% macro \w+\([^%]*\) -?%\})" + _MARK
    return _edit_theme(place, random, "templates/macros/", macro, rf"\1{mark}")


def edit_partial(place: Place, random: Random) -> str | None:
    """Change what is included."""
    mark = f"<!-- {_number(random)} -->"
    return _edit_theme(place, random, "templates/partials/", rf"\A{_MARK}", mark)


def edit_stylesheet(place: Place, random: Random) -> str | None:
    """Change a stylesheet."""
    rule = f".neu {{ inline-size: {_number(random)}px; }}\n"
    return _edit_theme(place, random, "static/css/", r"(?:\.neu \{[^}]*\}\n)?\Z", rule)


def edit_setting(place: Place, random: Random) -> str:
    """Change a setting, or take the usual value again."""
    name, values = random.choice(
        (
            ("SITENAME", ("Blog & Co.", "Mein Blog")),
            ("SITEURL", ("https://blog.example", "https://www.blog.example")),
            ("FEED_MAX_ITEMS", (1, 3)),
            ("TYPOGRAPHY", ({"quotes": "guillemets"},)),
            ("FOOTER_NAVIGATION", ((("Impressum", "/impressum/"),), (("Weg", "/weg/"),))),
            ("NAVIGATION", ((("Tipps", "/tipps/"), ("Über mich", "/ueber-mich/")),)),
            ("COMMENTS_FORM_URL", ("/kommentare/neu/",)),
            ("TIPS_TOPICS", (TOPICS[::-1],)),
            ("AUTHOR", ("Ein Gast",)),
        )
    )
    value = random.choice((None, *values))
    if value is None:
        place.blog.settings.pop(name, None)
    else:
        place.blog.settings[name] = value
    return f"{name} = {value!r}"


def edit_exceptions(place: Place, random: Random) -> str:
    """Say how words are hyphenated."""
    words = ("Rechtschreib|prüfungen", "Donau|dampfschiffe", "Silbentrennungs|algorithmus")
    place.blog.exceptions = random.sample(words, random.randrange(3))
    return str(place.blog.exceptions)


def move_date(place: Place, random: Random) -> str:
    """Let some days pass, or go back."""
    days = random.choice((1, 7, 60, 200, -1, -30, -200))
    place.blog.today += dt.timedelta(days=days)
    place.blog.today = min(max(place.blog.today, dt.date(2025, 9, 1)), dt.date(2027, 3, 1))
    return place.blog.today.isoformat()


# -- What is not a change -----------------------------------------------------------------------------------


def touch(place: Place, random: Random) -> str:
    """Give files a new time, or write the same into them."""
    names = sorted(place.blog.files())
    chosen = names if random.randrange(3) == 0 else random.sample(names, 3)
    for name in chosen:
        path = place.folder / name
        if not path.exists():
            continue
        if random.randrange(2):
            path.write_bytes(path.read_bytes())
        else:
            time = path.stat().st_mtime_ns + random.choice((-1, 1)) * random.randrange(10**11)
            os.utime(path, ns=(time, time))
    return f"{len(chosen)} files"


def nothing(place: Place, random: Random) -> str:
    """Change nothing at all."""
    return "nothing"


# -- What others do to the output -----------------------------------------------------------------------------


def _outputs(place: Place, folders: bool = False) -> list[Path]:
    """Return files or folders, but those by which a build recognises its own folder."""
    signs = (place.output / "index.html", place.output / "theme")
    return sorted(
        path
        for path in place.output.rglob("*")
        if path.is_dir() == folders and not path.is_symlink() and path not in signs
    )


def _output_step(change: Callable[[Path, Random], object], folders: bool = False) -> Step:
    def step(place: Place, random: Random) -> str | None:
        path = _one(random, _outputs(place, folders))
        if path is None:
            return None
        change(path, random)
        return path.relative_to(place.output).as_posix()

    return step


def delete_output(path: Path, random: Random) -> None:
    """Delete a file."""
    path.unlink()


def scribble(path: Path, random: Random) -> None:
    """Change a few bytes, add some, or cut the file short."""
    data = bytearray(path.read_bytes())
    what = random.choice(("change", "add", "cut"))
    if what == "change" and data:
        data[random.randrange(len(data))] ^= 1
    elif what == "add":
        data += b"<p>Fremd</p>"
    else:
        del data[random.randrange(len(data) + 1) :]
    path.write_bytes(data)


def replace_by_folder(path: Path, random: Random) -> None:
    """Put a folder, with something in it, in the place of a file."""
    path.unlink()
    (path / "darin").mkdir(parents=True)
    (path / "darin" / "fremd.txt").write_text("fremd")


def replace_by_file(path: Path, random: Random) -> None:
    """Put a file in the place of a folder."""
    shutil.rmtree(path)
    path.write_text("fremd")


def link_file(path: Path, random: Random) -> None:
    """Put a link to a foreign file in the place of a file."""
    foreign = path.parents[0] / f"{path.name}.fremd"
    path.rename(foreign)
    path.symlink_to(foreign.name)


def add_foreign(path: Path, random: Random) -> None:
    """Add a file, a hidden file, an empty folder or a whole one."""
    name = random.choice(("fremd.html", ".fremd", ".index.html.neu", "leer", "ordner"))
    if name in ("leer", "ordner"):
        (path / name).mkdir(exist_ok=True)
    if name != "leer":
        (path / name / "a.txt" if name == "ordner" else path / name).write_text("fremd")


def delete_folder(path: Path, random: Random) -> None:
    """Delete a folder with all that is in it."""
    shutil.rmtree(path)


def swap_outputs(place: Place, random: Random) -> str | None:
    """Let two files change places."""
    paths = _outputs(place)
    if len(paths) < 2:
        return None
    one, other = random.sample(paths, 2)
    aside = place.folder / "beiseite"
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    return f"{one.relative_to(place.output)} and {other.relative_to(place.output)}"


def link_folder(place: Place, random: Random) -> str | None:
    """Move a folder elsewhere, and put a link to it in its place."""
    path = _one(random, _outputs(place, folders=True))
    if path is None:
        return None
    elsewhere = place.folder / "anderswo" / str(_number(random))
    elsewhere.parent.mkdir(exist_ok=True)
    shutil.rmtree(elsewhere, ignore_errors=True)
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    return path.relative_to(place.output).as_posix()


def delete_all(place: Place, random: Random) -> str:
    """Delete the output."""
    shutil.rmtree(place.output, ignore_errors=True)
    return "output"


# -- What happens to the cache ------------------------------------------------------------------------------


def _caches(place: Place) -> list[Path]:
    return sorted(path for path in place.cache.rglob("*") if path.is_file())


def delete_cache(place: Place, random: Random) -> str:
    """Delete the cache."""
    shutil.rmtree(place.cache, ignore_errors=True)
    return "cache"


def damage_cache(place: Place, random: Random) -> str | None:
    """Change bytes of the cache, cut it short or write something else into it."""
    caches = _caches(place)
    if not caches:
        return None
    databases = [path for path in caches if path.suffix == ".sqlite"]
    path = random.choice(random.choice((caches, databases or caches)))
    data = bytearray(path.read_bytes())
    what = random.choice(("bytes", "cut", "foreign"))
    if what == "bytes" and data:
        for _ in range(random.choice((1, 3, 300))):
            data[random.randrange(len(data))] = random.randrange(256)
    elif what == "cut":
        del data[random.randrange(len(data) + 1) :]
    else:
        data[:] = random.randbytes(_number(random))
    path.write_bytes(data)
    return f"{what} of {path.name}"


def restore_cache(place: Place, random: Random) -> str | None:
    """Bring back an older cache; keep this one for the next time."""
    kept = place.folder / "alter-cache"
    if not place.cache.is_dir():
        return None
    aside = place.folder / "neuer-cache"
    shutil.copytree(place.cache, aside)
    if kept.is_dir():
        shutil.rmtree(place.cache)
        kept.rename(place.cache)
    aside.rename(kept)
    return "cache"


# -- Bad moments --------------------------------------------------------------------------------------------


def kill(place: Place, random: Random) -> str:
    """Change a post, and kill the build that follows."""
    post = _post(place, random)
    if post is not None:
        edit_body(post, random)
    share = random.random()
    place.kill_a_build(share)
    return f"at {share:.0%}"


def edit_during_build(place: Place, random: Random) -> str | None:
    """Change a post's file while a build is at work."""
    post = _post(place, random)
    if post is None:
        return None
    stage = random.choice(("Beiträge lesen", "Seiten schreiben"))
    place.edit_in_a_build(stage, lambda: edit_body(post, random))
    return f"{post.file} at „{stage}“"


def edit_and_undo_during_builds(place: Place, random: Random) -> str | None:
    """Change a template while a build is at work, and undo that after it."""
    before = dict(place.blog.theme)
    place.edit_in_a_build(
        "Seiten schreiben", lambda: [edit_template(place, random) for _ in range(5)]
    )
    place.blog.theme = before
    return "template"


def two_edits_at_once(place: Place, random: Random) -> str | None:
    """Change a file after a build so that neither its length nor its time tells."""
    post = _post(place, random)
    if post is None:
        return None
    post.body = [*post.body[:3], f"Gleich {random.randrange(1000, 5000)}."]
    place.build()
    path = place.folder / f"content/artikel/{post.file}.md"
    time = path.stat().st_mtime_ns if path.exists() else 0
    post.body[-1] = f"Gleich {random.randrange(5000, 9999)}."
    if time:
        path.write_bytes(place.blog.files()[f"content/artikel/{post.file}.md"])
        os.utime(path, ns=(time, time))
    return post.file


# -- Mistakes -----------------------------------------------------------------------------------------------


_HEAD = "---\ntitle: Fehler\ndate: 2026-03-04\n---\n\n"
#: Files with mistakes; None is a file that is missing.
FAULTS: dict[str, bytes | None] = {
    "content/bilder/kaputt.jpg": b"<!DOCTYPE html>",
    "content/serien/garten.md": None,
    "theme/templates/tag.html": None,
    "content/artikel/ohne-datum.md": b"---\ntitle: Ohne Datum\n---\n\nText.\n",
    "content/artikel/leer.md": b"",
    "content/artikel/kein-utf8.md": b"---\ntitle: \xdcber\ndate: 2026-03-04\n---\n",
    "content/artikel/feld.md": b"---\ntitel: X\ntitle: Y\ndate: 2026-03-04\n---\n\nText.\n",
    "content/artikel/link.md": f"{_HEAD}[Weg]({{filename}}gibt-es-nicht.md)\n".encode(),
    "content/artikel/anker.md": f"{_HEAD}[Weg](/tipps/#nirgends)\n".encode(),
    "content/artikel/bild.md": f"{_HEAD}![Bild]({{static}}/bilder/gibt-es-nicht.svg)\n".encode(),
    "content/artikel/tipp.md": f"{_HEAD}/// tipp | 2026-kw33\n///\n".encode(),
    "content/artikel/block.md": f"{_HEAD}/// tip | 2026-kw02\n///\n".encode(),
    "content/artikel/serie.md": _HEAD.replace("---\n\n", "series: weg\n---\n\nX\n").encode(),
    "content/artikel/schreibung.md": _HEAD.replace("---\n\n", "tags: [beete]\n---\n").encode(),
    "content/seiten/tipps.md": b"---\ntitle: Tipps\nslug: tipps\n---\n\nText.\n",
    "content/serien/kaputt.md": b"---\ntitel: X\n---\n\nText.\n",
    "content/tipps/2024.yaml": b"- date: 2024-01-04\n  headword: X\n  topic: Stil\n  tip: X\n",
    "content/trennung.yaml": b"- [\n",
    "theme/templates/base.html": b"{% block main %}{% endblock %",
    "theme/templates/tip.html": b"{{ tip.headword|gibtesnicht }}",
    "theme/templates/page.html": b"{{ page.gibt.es.nicht }}",
    "theme/static/css/main.css": b'@import "gibt-es-nicht.css";\n',
    "kommentare.json": b"{",
    "conf.py": b"PLUGINS = [\n",
}


def make_a_mistake(place: Place, random: Random) -> str:
    """Make a mistake; it stays until it is mended."""
    name = random.choice(sorted(FAULTS))
    place.blog.faults[name] = FAULTS[name]
    return name


def mend(place: Place, random: Random) -> str | None:
    """Mend all mistakes."""
    if not place.blog.faults:
        return None
    names = ", ".join(place.blog.faults)
    place.blog.faults.clear()
    return names


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        *(edit_series, add_post, delete_post, link_and_move, quote_tip, mention_tips, show_picture),
        *(edit_tip, relate_tip, add_tip, delete_tip),
        *(edit_landing, add_series, delete_series, edit_page, add_page, delete_page),
        *(edit_picture, delete_picture, approve_comment, erase_comment),
        *(edit_template, edit_macro, edit_partial, edit_stylesheet, edit_setting),
        *(edit_exceptions, move_date, touch, nothing, swap_outputs, link_folder, delete_all),
        *(delete_cache, damage_cache, restore_cache, kill, edit_during_build),
        *(edit_and_undo_during_builds, two_edits_at_once, make_a_mistake, mend),
    )
}
STEPS |= {
    change.__name__: _changed_post(change)
    for change in (
        *(edit_body, edit_title, edit_summary, edit_tags, edit_category, edit_date, edit_slug),
        *(edit_status, edit_other_fields, rename_post),
    )
}
STEPS |= {
    change.__name__: _output_step(change)
    for change in (delete_output, scribble, replace_by_folder, link_file)
}
STEPS |= {
    change.__name__: _output_step(change, folders=True)
    for change in (replace_by_file, add_foreign, delete_folder)
}
