"""The same site for each program, in a folder of its own; every build is checked for lost pages."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from bench.build import checks
from bench.build.changes import BESIDE, Desk
from bench.build.corpus import save, write_site
from bench.build.measure import Sample, run
from bench.build.model import Post, Site
from bench.build.outline import outline
from bench.build.peers import eleventy
from bench.build.workshop import Workshop


@dataclass
class PeerSite:
    """A peer with its copy of the site."""

    peer: ModuleType
    folder: Path
    site: Site

    @classmethod
    def made(cls, peer: ModuleType, folder: Path, site: Site) -> PeerSite:
        """Write the site in the dialect of *peer*, and install what that needs."""
        if peer is eleventy:
            eleventy.install(folder)
        peer.write_site(folder, site)
        return cls(peer, folder, site)

    @property
    def name(self) -> str:
        """The peer's name."""
        name: str = self.peer.NAME
        return name

    @property
    def output(self) -> Path:
        """Where its pages are."""
        return self.folder / str(self.peer.OUTPUT)

    def build(self, is_cached: bool = False) -> Sample:
        """Build, measure, and make sure that every page is there; *is_cached*: use what cache it has."""
        command = self.peer.command(self.folder, is_cached)
        sample = run(command, self.folder, os.environ)
        checks.check_files(self.name, checks.tree(self.output), outline(self.site))
        return sample

    def forget(self) -> None:
        """Make the next build a cold one."""
        self.peer.forget(self.folder)

    def save(self, post: Post) -> None:
        """Write a changed post."""
        file = self.folder / self.peer.post_file(post)
        save(file, self.peer.post_text(post), self.folder / BESIDE)


@dataclass
class OwnSite:
    """Our program with its copy of the site, and a second one that makes clean builds of it."""

    shop: Workshop
    desk: Desk
    reference: Workshop

    @classmethod
    def made(cls, folder: Path, posts: int, tips: int) -> OwnSite:
        """Copy the project, and write the site into it."""
        shop = Workshop(folder / "ours")
        site = write_site(shop.folder, posts, tips)
        shop.write_settings()
        reference = Workshop(folder / "reference", content=shop.content, data=shop.data)
        return cls(shop, Desk(shop, site), reference)

    @property
    def output(self) -> Path:
        """Where its pages are."""
        return self.shop.output

    def forget(self) -> None:
        """Make the next build a cold one."""
        self.shop.forget()

    def build(self) -> Sample:
        """Build, measure, and make sure that every post and every tip has its page."""
        sample = self.shop.build()
        checks.check_ours(self.output, self.desk.posts.values(), self.desk.weeks)
        return sample

    def check_equal(self, case: str) -> None:
        """Compare what was built with a clean build."""
        self.reference.forget()
        self.reference.build()
        checks.check_equal(case, self.output, self.reference.output)
