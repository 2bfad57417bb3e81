"""
What an author does between two builds of the invented site: each function changes its files.

`Desk` remembers what the site should consist of afterwards.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from dataclasses import replace

from bench.build.corpus import post_file, post_text, run_with_comments, save, tip_text, write
from bench.build.model import LAST_TIP, TODAY, Post, Site, Text, Tip
from bench.build.workshop import Workshop

#: What an editor writes before it replaces a file; where nobody looks.
BESIDE = "gespeichert.neu"


class Desk:
    """The author's desk: *posts* and *weeks* are what should be out."""

    def __init__(self, workshop: Workshop, site: Site, seed: int = 1) -> None:
        self.workshop = workshop
        self.content = workshop.content
        self.site = site
        self.posts = {post.slug: post for post in site.posts}
        self.weeks = {tip.week for tip in site.tips}
        self._rng = random.Random(f"{seed}/desk")
        self._folders = {post.slug: post.folder for post in site.posts}
        self._count = 0
        # Each change is made to posts of its own, so that no round repeats another.
        self._untouched = sorted(self.posts)
        self._rng.shuffle(self._untouched)

    def word(self) -> str:
        """Return a word that is nowhere else."""
        self._count += 1
        return f"Nachtrag{self._count:04d}"

    def post(self) -> Post:
        """Return a post that was not changed before."""
        return self.posts[self._untouched.pop()]

    def save(self, post: Post) -> None:
        """Write *post*."""
        self.posts[post.slug] = post
        self._folders[post.slug] = post.folder
        text = post_text(post, self._folders)
        save(self.content / post_file(post), text, self.workshop.folder / BESIDE)

    # -- The cases ---------------------------------------------------------------------------------

    def change_nothing(self) -> None:
        """Do nothing."""

    def edit_body(self) -> None:
        """Add a sentence to a post."""
        self.save(edited(self.post(), self.word()))

    def change_title_and_tag(self) -> None:
        """Give a post another title and another tag, at its old address."""
        post = self.post()
        tags = (*post.tags[:2], next(tag for tag in self._tags() if tag not in post.tags))
        self.save(replace(post, title=f"{post.title}, {self.word()}", tags=tags))

    def _tags(self) -> list[str]:
        tags = sorted({tag for post in self.posts.values() for tag in post.tags})
        self._rng.shuffle(tags)
        return tags

    def add_post(self) -> None:
        """Write today's post: another one's text, with a title of its own."""
        word = self.word()
        post = replace(
            self.post(),
            slug=word.lower(),
            title=f"Ein neuer Beitrag: {word}",
            date=dt.datetime.combine(TODAY, dt.time(8, self._count % 60)),
            series=None,
            series_index=None,
        )
        self.save(edited(post, word))

    def delete_post(self) -> None:
        """Delete a post that nothing leads to."""
        wanted = self._wanted()
        post = next(p for p in iter(self.post, None) if p.slug not in wanted)
        (self.content / post_file(post)).unlink()
        del self.posts[post.slug]

    def _wanted(self) -> set[str]:
        """Return the posts that others, tips or comments lead to."""
        links = {
            slug
            for post in self.posts.values()
            for block in post.blocks
            if isinstance(block, Text)
            for slug in re.findall(r"\(→([\w-]+)\)", block.markdown)
        }
        see = {name for tip in self.site.tips for name in tip.see}
        return links | see | {comment.post for comment in self.site.comments}

    def add_tip(self) -> None:
        """Write a tip for the first free Wednesday."""
        date = LAST_TIP + dt.timedelta(weeks=1)
        while Tip(date, "", "", "").week in self.weeks:
            date += dt.timedelta(weeks=1)
        if date > TODAY:
            raise ValueError(f"no Wednesday is left before {TODAY}; measure fewer rounds")
        word = self.word()
        tip = Tip(date, word, "Stil", f"Wer {word} liest, liest einen Tipp.", more=f"*{word}*.")
        file = self.content / "tipps" / f"{date.year}.yaml"
        before = file.read_text("utf-8") if file.exists() else ""
        write(file, f"{before}\n{tip_text(tip)}")
        self.weeks.add(tip.week)

    def approve_comment(self) -> None:
        """Approve a comment on a post, in the database."""
        post = next(p for p in iter(self.post, None) if p.are_comments_open)
        text = f"Das sehe ich auch so, {self.word()}."
        run_with_comments(self.workshop.data, "approve", f"/blog/{post.slug}/", text)


def edited(post: Post, word: str) -> Post:
    """Return *post* with one more paragraph, which has *word* in it."""
    return replace(post, blocks=(*post.blocks, Text(f"Neu dazugekommen ist dies: {word}.")))


#: Name in the tables, and what is done.
CASES: dict[str, Callable[[Desk], None]] = {
    "no change": Desk.change_nothing,
    "one edit": Desk.edit_body,
    "title + tag": Desk.change_title_and_tag,
    "new post": Desk.add_post,
    "deleted post": Desk.delete_post,
    "new tip": Desk.add_tip,
    "approved comment": Desk.approve_comment,
}
