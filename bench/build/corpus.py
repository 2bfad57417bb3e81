"""
Write an invented site as our own program reads it.

    python -m bench.build.corpus FOLDER --posts 1000 --tips 104 --seed 1

FOLDER then holds content/, the settings conf.py, and data/ with the approved comments: their
database and the snapshot of it. ``invoke build --no-deploy --content FOLDER/content --settings
FOLDER/conf.py --output …`` builds it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from bench.build.model import TODAY, Block, Post, Quote, Series, Site, Text, Tip, TipCard, make
from plugins.privacy.core import PRACTICES

PROJECT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"\(→([\w/.-]+)")
_STORE = "bench00000"
#: The site says what it does, or each build would warn.
_PRACTICES = "".join(f"\n/// wenn | {name}\n{text}.\n///\n" for name, text in PRACTICES.items())


def write_site(folder: Path, posts: int, tips: int, seed: int = 1) -> Site:
    """Write content, settings and comments into *folder*, and return what was written."""
    site = make(posts, tips, seed)
    write_content(folder / "content", site)
    write_settings(folder)
    write_comments(folder / "data", site)
    return site


def write_content(content: Path, site: Site) -> None:
    """Write the content folder."""
    folders = {post.slug: post.folder for post in site.posts}
    for post in site.posts:
        write(content / post_file(post), post_text(post, folders))
    for series in site.series:
        write(content / "serien" / f"{series.slug}.md", _series_text(series))
    years: defaultdict[int, list[Tip]] = defaultdict(list)
    for tip in site.tips:
        years[tip.date.year].append(tip)
    (content / "tipps").mkdir(parents=True, exist_ok=True)
    for year, tips in years.items():
        write(content / "tipps" / f"{year}.yaml", "\n".join(map(tip_text, tips)))
    for page in site.pages:
        head = _front_matter(title=page.title, slug=page.slug)
        more = _PRACTICES if page.slug == "datenschutz" else ""
        write(content / "seiten" / f"{page.slug}.md", f"{head}{page.text}\n{more}")
    for name, picture in site.pictures.items():
        write(content / "bilder" / name, picture)


def write(path: Path, text: str) -> None:
    """Write *text*, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def save(path: Path, text: str, beside: Path) -> None:
    """Write *text* as an editor does: to the file *beside* first, which then takes the place."""
    write(beside, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside.replace(path)


# -- Files ----------------------------------------------------------------------------------------


def post_file(post: Post) -> str:
    """Return where the post lies in the content folder."""
    return f"artikel/{post.folder}/{post.slug}.md"


def post_text(post: Post, folders: dict[str, str]) -> str:
    """Return the file of a post; *folders* says in which folder each post lies."""
    head = _front_matter(
        title=post.title,
        date=f"{post.date:%Y-%m-%d %H:%M}",
        slug=post.slug,
        category=post.category,
        tags=list(post.tags),
        summary=post.summary,
        series=post.series,
        series_index=post.series_index,
        comments=None if post.are_comments_open else "closed",
    )

    def address(match: re.Match[str]) -> str:
        target = match[1]
        if target.startswith("bilder/"):
            return f"({{static}}/{target}"
        return f"({{filename}}/artikel/{folders[target]}/{target}.md"

    body = "\n\n".join(map(_block_text, post.blocks))
    return f"{head}\n{_LINK.sub(address, body)}\n"


def _front_matter(**fields: object) -> str:
    lines = [f"{name}: {_yaml(value)}" for name, value in fields.items() if value is not None]
    return "---\n" + "\n".join(lines) + "\n---\n"


_PLAIN = re.compile(r"[\w./-][\w ./-]*(:\d\d)?")


def _yaml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    text = str(value)
    # JSON's strings are YAML's.
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _block_text(block: Block) -> str:
    match block:
        case Text(markdown):
            return markdown
        case TipCard(tip):
            return f"/// tipp | {tip.week}\n///"
        case Quote(person, work, url, accessed, text):
            return (
                f"/// zitat | {person}, {work}\n    url: {url}\n    abgerufen: {accessed}\n\n"
                f"{text}\n///"
            )


def tip_text(tip: Tip) -> str:
    """Return the entry of a tip in its year's file."""
    fields: dict[str, object] = {
        "headword": tip.headword,
        "topic": tip.topic,
        "tip": tip.text,
        "wrong": tip.wrong,
        "right": tip.right,
    }
    lines = [f"- date: {tip.date}"]
    lines += [f"  {name}: {_yaml(value)}" for name, value in fields.items() if value is not None]
    if tip.more:
        lines += ["  more: |", *(f"    {line}" for line in tip.more.split("\n"))]
    if tip.see:
        lines.append(f"  see: {_yaml(list(tip.see))}")
    lines.append(f"  checked: {tip.date}")
    return "\n".join(lines) + "\n"


def _series_text(series: Series) -> str:
    head = _front_matter(title=series.title, summary=series.summary).removesuffix("---\n")
    planned = 'planned:\n  - title: "Ein Teil, der noch kommt"\n    when: im Frühjahr 2027\n'
    return f"{head}{planned}---\n\n{series.text}\n"


# -- Settings and comments --------------------------------------------------------------------------


def write_settings(folder: Path, data: Path | None = None, project: Path = PROJECT) -> Path:
    """Write and return conf.py: the settings of *project*, with the site's own day and comments."""
    settings = folder / "conf.py"
    data = (data or folder / "data").resolve()
    write(
        settings,
        f"import os\nimport sys\n\nsys.path.append({str(project)!r})\n"
        "from pelicanconf import *\n\n"
        f"THEME = {str(project / 'theme')!r}\n"
        f"SITE_DATE = {TODAY.isoformat()!r}\n"
        f"COMMENTS_SNAPSHOT = {str(data / 'kommentare.json')!r}\n"
        f"os.environ['COMMENTS_DATA'] = {str(data)!r}\n",
    )
    return settings


def snapshot(site: Site) -> str:
    """Return the snapshot of the comments, as an export would give it."""
    from plugins.comments.snapshot import Approved, Snapshot, dump_snapshot

    return dump_snapshot(
        Snapshot(
            revision=len(site.comments),
            comments=tuple(
                Approved(
                    id=comment.id,
                    page=f"/blog/{comment.post}/",
                    parent=comment.parent,
                    author=comment.author,
                    website="",
                    text=comment.text,
                    created=comment.created,
                )
                for comment in site.comments
            ),
            erased=(),
            store=_STORE,
        )
    )


def write_comments(data: Path, site: Site) -> None:
    """Write the snapshot and the database it is of."""
    write(data / "kommentare.json", snapshot(site))
    run_with_comments(data, "fill")


def run_with_comments(data: Path, *arguments: str) -> None:
    """Run `bench.build.database` in a process of its own: Django's settings are for a whole process."""
    subprocess.run(
        [sys.executable, "-m", "bench.build.database", str(data), *arguments],
        cwd=PROJECT,
        env={**os.environ, "COMMENTS_DATA": str(data.resolve()), "DATABASE_URL": ""},
        check=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--tips", type=int, default=104)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = dt.datetime.now()
    write_site(options.folder, options.posts, options.tips, options.seed)
    print(f"{options.folder}: {(dt.datetime.now() - started).total_seconds():.1f} s")
